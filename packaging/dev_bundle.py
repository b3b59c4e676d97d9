"""Make programs that need no Python, and the wheel; say how large they are."""

import argparse
import hashlib
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import dev_installer
import dev_wheel
from dev_console import Refusal, say
from dev_environment import Environment, call, clean_variables, project_table, works
from dev_setup import GB, pip

KINDS = ("field", "full", "wheel")
NEEDED_GB = {"field": 3, "full": 12}
"""Room for a program and, while it is made, for what it is made from."""
LARGEST = 10
HASH_SEED = "1"
EARLIEST = 315532800
"""1980, before which no archive can date a file."""
SYSTEMS = {"linux": "linux", "win32": "windows", "darwin": "macos"}
_INSIDE = ("_internal", "Contents", "Frameworks", "Resources", "MacOS", "Caihua.app")
_BELONGS = {
    "opencv_python_headless": "cv2",
    "pillow": "PIL",
    "pyvips_binary": "libvips",
    "_libvips": "libvips",
    "pillow_heif": "pillow_heif (HEIC)",
    "_pillow_heif": "pillow_heif (HEIC)",
    "pylopdf_fonts_zh_cn": "fonts",
    "fontpkg_inter": "fonts",
    "nvidia": "nvidia (CUDA)",
    "PySide6": "PySide6 (Qt)",
}


def bundle(environment: Environment, arguments: list[str]) -> int:
    """Make what the arguments name; the exit status.

    Raises:
        Refusal: It cannot be made before a person mends something.
    """
    asked = parse(arguments)
    out = (asked.out or environment.root / "dist").resolve()
    out.mkdir(parents=True, exist_ok=True)
    if asked.kind == "wheel":
        return dev_wheel.make(environment, out, variables(environment.root))
    _check_disk(asked.kind, out)
    _ensure_tools(environment)
    folder = make_program(environment, asked.kind, out)
    say(size_table(folder))
    if asked.installer:
        dev_installer.make(environment, folder, variables(environment.root))
    return 0


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The arguments of the command.

    Raises:
        Refusal: They name nothing that can be made.
    """
    parser = argparse.ArgumentParser(
        prog="dev.py bundle", description=__doc__, exit_on_error=False
    )
    parser.add_argument("kind", nargs="?", default="field", metavar="|".join(KINDS))
    parser.add_argument("--out", type=Path, metavar="DIR", help="default: dist")
    parser.add_argument(
        "--installer", action="store_true", help="this system's own installer as well"
    )
    try:
        asked, more = parser.parse_known_args(arguments)
    except argparse.ArgumentError as error:
        raise Refusal(f"bundle: {error}.") from error
    if asked.kind not in KINDS:
        raise Refusal(f"There is no bundle {asked.kind}: use {', '.join(KINDS)}.")
    if more:
        raise Refusal(f"bundle takes nothing more: leave out {' '.join(more)}.")
    if asked.kind == "wheel" and asked.installer:
        raise Refusal("A wheel has no installer: pip installs it.")
    return asked


def program_name(version: str, kind: str) -> str:
    """What the folder of a program is called."""
    machine = platform.machine().lower()
    return (
        f"caihua-{version}-{kind}-{SYSTEMS.get(sys.platform, sys.platform)}-{machine}"
    )


def variables(root: Path) -> dict[str, str]:
    """Variables under which the same sources give the same program."""
    fixed = {
        "SOURCE_DATE_EPOCH": str(date_of(root)),
        "PYTHONHASHSEED": HASH_SEED,
        "PYTHONDONTWRITEBYTECODE": "1",
        "QT_QPA_PLATFORM": "offscreen",
        "TZ": "UTC",
    }
    return clean_variables() | fixed


def date_of(root: Path) -> int:
    """The seconds that the files are dated: of the last change that was committed."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if given.isdecimal():
        return int(given)
    try:
        said = subprocess.check_output(
            ["git", "-C", root, "log", "-1", "--format=%ct"],
            stderr=subprocess.DEVNULL,
            text=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return EARLIEST  # sources without their history
    return int(said)


def make_program(environment: Environment, kind: str, out: Path) -> Path:
    """Make a program in a folder of its own in `out`; the folder.

    Raises:
        Refusal: It could not be made.
    """
    root = environment.root
    name = program_name(project_table(root)["project"]["version"], kind)
    work = out / f"{name}.work"
    shutil.rmtree(work, ignore_errors=True)
    say(f"Making {name}.")
    icons = work / "icons"
    _run(environment, "the icons", "bundle_icons.py", icons)
    spec = ["-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    spec += ["--distpath", str(work / "made"), "--workpath", str(work)]
    spec += [str(root / "packaging" / "caihua.spec"), "--", "--kind", kind]
    _run(environment, "the program", *spec, "--icons", icons)
    made = work / "made"
    if (made / "Caihua.app").is_dir():  # holds all that the plain folder does
        shutil.rmtree(made / "caihua")
    else:
        made = made / "caihua"
    notices = made / "THIRD_PARTY.txt"
    _run(environment, "the licences", "bundle_licences.py", work / "caihua", notices)
    shutil.copyfile(root / "LICENSE", made / "LICENSE.txt")
    folder = out / name
    if folder.exists():
        shutil.rmtree(folder)
    made.rename(folder)
    shutil.copytree(icons, out / f"{name}.icons", dirs_exist_ok=True)
    shutil.rmtree(work)
    date_all(folder, date_of(root))
    sums = "".join(f"{line}\n" for line in hashes(folder))
    (out / f"{name}.sha256").write_text(sums, "utf-8", newline="\n")
    say(f"Made {folder}; its files are listed in {name}.sha256.")
    return folder


def date_all(folder: Path, seconds: int) -> None:
    """Date every file alike, so that archives of it are alike."""
    for path in [*folder.rglob("*"), folder]:
        if not path.is_symlink():
            os.utime(path, (seconds, seconds))


def hashes(folder: Path) -> Iterator[str]:
    """A line for each file, as `sha256sum` writes and checks it."""
    for path in sorted(_files(folder)):
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        yield f"{digest}  {path.relative_to(folder.parent).as_posix()}"


def size_table(folder: Path) -> str:
    """The ten largest parts of a program and all of it, in megabytes."""
    sizes: dict[str, int] = {}
    for path in _files(folder):
        part = part_of(path.relative_to(folder))
        sizes[part] = sizes.get(part, 0) + path.stat().st_size
    ordered = sorted(sizes.items(), key=lambda pair: (-pair[1], pair[0]))
    rows = ordered[:LARGEST]
    rest = sum(size for _, size in ordered[LARGEST:])
    if rest:
        rows.append((f"{len(ordered) - LARGEST} smaller parts", rest))
    rows.append(("all", sum(sizes.values())))
    lines = [f"{name:32}{size / 1e6:9.1f} MB" for name, size in rows]
    return "\n".join([folder.name, *lines])


def part_of(inside: Path) -> str:
    """Which part of a program a file belongs to, by its path in there."""
    parts = list(inside.parts)
    while len(parts) > 1 and parts[0] in _INSIDE:
        parts.pop(0)
    first = parts[0]
    if len(parts) > 1:
        name = first.removesuffix(".libs")
        return _BELONGS.get(name, name)
    stem = first.partition(".")[0]
    if stem in _BELONGS:
        return _BELONGS[stem]
    if stem in {"caihua", "caihuaw"}:
        return "caihua (with its Python)"
    if ".so" in first or first.endswith((".dll", ".dylib")):
        return "libraries of the system"
    return first


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            yield path


def _check_disk(kind: str, out: Path) -> None:
    needed, free = NEEDED_GB[kind], shutil.disk_usage(out).free / GB
    if free < needed:
        raise Refusal(
            f"A {kind} program needs {needed} GB free on the disk of {out} and there "
            f"are {free:.1f}: make room and run it again."
        )


def _ensure_tools(environment: Environment) -> None:
    """Install what makes programs, in its one version, where it is not yet."""
    extra = project_table(environment.root)["project"]["optional-dependencies"]
    wanted = extra["bundle"]
    version = wanted[0].partition("==")[2]
    proof = f"import PyInstaller; assert PyInstaller.__version__ == {version!r}"
    if not works(environment, proof):
        say("Installing what makes programs.")
        pip(environment, "--only-binary", ":all:", *wanted)


def _run(environment: Environment, what: str, *words: str | Path) -> None:
    """Run a script beside this one, or a module, with the environment's Python."""
    first, *rest = words
    packaging = environment.root / "packaging"
    start = [packaging / first] if str(first).endswith(".py") else [first]
    line = [environment.python, *start, *rest]
    code = call(line, variables=variables(environment.root), folder=environment.root)
    if code != 0:
        raise Refusal(f"Making {what} failed, for the reason given above.")
