"""A package of Debian from a program that was made: `sudo apt install ./FILE.deb`."""

import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from dev_console import Refusal
from dev_environment import call

ARCHITECTURES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64"}
HOME = Path("opt/caihua")
"""Where programs go that are not of the distribution itself."""
ICON_SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
_ELF = b"\x7fELF"


def make(
    root: Path,
    folder: Path,
    icons: Path,
    project: Mapping[str, Any],
    variables: Mapping[str, str],
) -> Path:
    """Make the package beside the program's folder; the file.

    Raises:
        Refusal: This system has no `dpkg-deb`, or it fails.
    """
    if shutil.which("dpkg-deb") is None:
        raise Refusal("A .deb is made by dpkg-deb, which only Debian and its kin have.")
    kind = folder.name.split("-")[2]
    machine = ARCHITECTURES[folder.name.rpartition("-")[2]]
    name = "caihua" if kind == "field" else f"caihua-{kind}"
    tree = folder.parent / f"{folder.name}.deb.tree"
    shutil.rmtree(tree, ignore_errors=True)
    try:
        shutil.copytree(folder, tree / HOME, symlinks=True)
        _lay_out(root, tree, icons)
        size = sum(p.lstat().st_size for p in tree.rglob("*") if not p.is_dir()) // 1024
        said = control(
            name, project["version"], machine, size, needed(folder), full=kind == "full"
        )
        (tree / "DEBIAN").mkdir()
        (tree / "DEBIAN" / "control").write_text(said, "utf-8")
        for path in [tree, *tree.rglob("*")]:
            if path.is_dir():
                path.chmod(0o755)
        made = folder.parent / f"{name}_{project['version']}_{machine}.deb"
        build = ("dpkg-deb", "--root-owner-group", "-Zxz", "-z1", "--build", tree, made)
        if call(build, variables=variables) != 0:
            raise Refusal("dpkg-deb could not make the package, as it says above.")
    finally:
        shutil.rmtree(tree, ignore_errors=True)
    return made


def _lay_out(root: Path, tree: Path, icons: Path) -> None:
    """Everything around the program: the command, the menu, the file's kind, icons."""
    linux, share = root / "packaging" / "linux", tree / "usr" / "share"
    (tree / "usr" / "bin").mkdir(parents=True)
    (tree / "usr" / "bin" / "caihua").symlink_to(f"/{HOME}/caihua")
    for name, place in (
        ("caihua.desktop", "applications"),
        ("caihua.xml", "mime/packages"),
    ):
        (share / place).mkdir(parents=True)
        shutil.copyfile(linux / name, share / place / name)
    hicolor = share / "icons" / "hicolor"
    drawings = [(f"{n}x{n}", icons / f"caihua-{n}.png") for n in ICON_SIZES]
    drawings.append(("scalable", root / "resources" / "icons" / "caihua.svg"))
    for size, drawing in drawings:
        for use, name in (("apps", "caihua"), ("mimetypes", "application-x-caihua")):
            target = hicolor / size / use / f"{name}{drawing.suffix}"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(drawing, target)
    notes = share / "doc" / "caihua"
    notes.mkdir(parents=True)
    (notes / "copyright").symlink_to(f"/{HOME}/THIRD_PARTY.txt")


def control(
    name: str,
    version: str,
    machine: str,
    size_kb: int,
    depends: Iterable[str],
    *,
    full: bool,
) -> str:
    """The package's own description of itself."""
    other = "caihua" if full else "caihua-full"
    about = "detects and learns" if full else "detects; the full one also learns"
    return f"""\
Package: {name}
Version: {version}
Architecture: {machine}
Maintainer: Caihua <caihua@localhost>
Installed-Size: {size_kb}
Depends: {", ".join(depends)}
Recommends: fonts-noto-cjk
Conflicts: {other}
Replaces: {other}
Section: graphics
Priority: optional
Description: craquelure and paint loss on photos of painted architecture
 Finds, corrects, measures and reports damage of painted buildings.
 This one {about}.
"""


def needed(folder: Path) -> list[str]:
    """The packages with the libraries that a program asks for and does not have.

    Raises:
        Refusal: A library belongs to no package of this system.
    """
    have = {path.name for path in folder.rglob("*")}
    asked: set[str] = set()
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink() and _is_elf(path):
            asked |= _asked_by(path)
    names = {_package_with(library) for library in asked - have}
    return sorted(names)


def _is_elf(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(4) == _ELF


def _asked_by(path: Path) -> set[str]:
    said = subprocess.check_output(
        ["objdump", "-p", path], encoding="utf-8", errors="replace"
    )
    lines = (line.split() for line in said.splitlines())
    return {words[1] for words in lines if len(words) == 2 and words[0] == "NEEDED"}


def _package_with(library: str) -> str:
    """The package that owns a library, with the version where it is of the C library.

    Whoever is linked against a newer C library does not start on an older one.
    """
    done = subprocess.run(
        ["dpkg-query", "--search", f"*/{library}"],
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    if done.returncode != 0:
        raise Refusal(f"{library} belongs to no package here: install what has it.")
    name = done.stdout.partition(":")[0]
    if name != "libc6":
        return name
    minor = ".".join(map(str, _c_library()))
    return f"libc6 (>= {minor})"


def _c_library() -> tuple[int, int]:
    said = subprocess.check_output(["ldd", "--version"], encoding="utf-8")
    major, minor = said.splitlines()[0].split()[-1].split(".")[:2]
    return int(major), int(minor)
