"""Collect the licences of everything that really went into a bundle.

.venv/bin/python packaging/bundle_licences.py WORK OUT
    WORK  the folder in which PyInstaller listed what it took
    OUT   the text file to write
"""

import argparse
import ast
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from importlib.metadata import Distribution, distributions
from pathlib import Path

from dev_console import Refusal, complain, say, tolerate_any_console
from third_party import Part, written

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "packaging" / "licences"
LISTS = ("PYZ-00.toc", "EXE-00.toc", "COLLECT-00.toc")

GIVEN = {
    "pyside6-essentials": ("LGPL-3.0.txt", "GPL-3.0.txt"),
    "shiboken6": ("LGPL-3.0.txt", "GPL-3.0.txt"),
    "pyvips-binary": ("LGPL-3.0.txt", "GPL-3.0.txt"),
    # Its LICENSES_bundled.txt names these two without giving their text.
    "pillow-heif": ("LGPL-3.0.txt", "GPL-2.0.txt"),
    "pycocotools": ("pycocotools.txt",),
}
"""Texts kept beside this file, for packages that name a licence and do not give it."""

_LICENCE = re.compile(r"licen[cs]e|copying|notice|copyright|third.?part", re.IGNORECASE)
_CODE = {".py", ".pyc", ".pyi", ".so", ".dll", ".h", ".hpp", ".json", ".html", ".js"}
_COMMON = re.compile(r"/usr/share/common-licenses/([\w.+-]*\w)")


def taken(work: Path) -> set[Path]:
    """The files that PyInstaller took, by the lists in its working folder."""
    found: set[Path] = set()
    todo = [ast.literal_eval((work / name).read_text("utf-8")) for name in LISTS]
    while todo:
        for item in todo.pop():
            if not isinstance(item, (list, tuple)):
                continue
            if _is_entry(item):
                if item[2] != "SYMLINK" and Path(item[1]).is_absolute():
                    found.add(Path(item[1]).resolve())
            else:
                todo.append(item)
    return found


def _is_entry(item: "list[object] | tuple[object, ...]") -> bool:
    words = all(isinstance(part, str) for part in item[:3])
    return len(item) == 3 and words and str(item[2]).replace("-", "").isupper()


def owners(
    files: Iterable[Path], known: Iterable[Distribution]
) -> tuple[dict[str, Distribution], set[Path]]:
    """The distributions that the files came from, by name, and the files of none."""
    owner = {
        Path(str(one.locate_file(file))).resolve(): one
        for one in known
        for file in one.files or ()
    }
    found: dict[str, Distribution] = {}
    rest: set[Path] = set()
    for file in files:
        one = owner.get(file)
        if one is None:
            rest.add(file)
        else:
            found[canonical(one.metadata["Name"])] = one
    return found, rest


def canonical(name: str) -> str:
    """The name of a distribution as all ways to write it come to."""
    return re.sub(r"[-_.]+", "-", name).lower()


def part_of(one: Distribution) -> Part:
    """What a distribution says of its licence; its texts may be none."""
    name = canonical(one.metadata["Name"])
    files = [
        Path(str(one.locate_file(file))) for file in sorted(one.files or (), key=str)
    ]
    texts = [(file.name, _read(file)) for file in files if _is_licence(file)]
    texts += [(given, _read(FOLDER / given)) for given in GIVEN.get(name, ())]
    version = one.version
    return Part(
        f"{one.metadata['Name']} {version}",
        _licence_line(one),
        _home(one),
        tuple(dict.fromkeys(texts)),
    )


def _is_licence(file: Path) -> bool:
    inside = "licenses" in file.parts and ".dist-info" in str(file)
    named = inside or _LICENCE.search(file.name) is not None
    return named and file.suffix.lower() not in _CODE and file.is_file()


def _licence_line(one: Distribution) -> str:
    said = _field(one, "License-Expression") or _field(one, "License")
    lines = said.strip().splitlines()
    if len(lines) == 1:
        return lines[0]
    classes = one.metadata.get_all("Classifier") or []
    words = [c.rpartition(" :: ")[2] for c in classes if c.startswith("License ::")]
    return ", ".join(words)


def _home(one: Distribution) -> str:
    lines: list[str] = one.metadata.get_all("Project-URL") or []
    pairs = (line.partition(", ") for line in lines)
    links = {word.lower(): link for word, _, link in pairs}
    for word in ("source", "source code", "repository", "code", "github", "homepage"):
        if word in links:
            return links[word]
    return _field(one, "Home-page") or next(iter(links.values()), "")


def _field(one: Distribution, name: str) -> str:
    said: list[str] = one.metadata.get_all(name) or []
    return said[0] if said else ""


def python_part() -> Part:
    """Python, whose library and interpreter are in every bundle.

    Raises:
        Refusal: Its licence lies nowhere where it usually does.
    """
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    places = (
        Path(sysconfig.get_path("stdlib")) / "LICENSE.txt",
        Path(sys.base_prefix) / "LICENSE.txt",
        Path(f"/usr/share/doc/python{version}/copyright"),
    )
    for place in places:
        if place.is_file():
            texts = ((place.name, _read(place)),)
            return Part(f"Python {version}", "PSF-2.0", "https://www.python.org", texts)
    raise Refusal("The licence of Python is not beside it: install Python again.")


def system_parts(files: Iterable[Path]) -> list[Part]:
    """The packages of Debian that libraries came from.

    Raises:
        Refusal: A library came from nowhere that is known.
    """
    packages: dict[str, Path] = {}
    for file in sorted(files):
        package = _debian_package(file)
        notes = Path(f"/usr/share/doc/{package}/copyright")
        if not package or not notes.is_file():
            raise Refusal(
                f"No licence is known for {file}: put its text into packaging/licences "
                "and its name into packaging/bundle_licences.py, or leave it out."
            )
        packages[package] = notes
    return [
        Part(f"{name} (Debian)", "", f"https://tracker.debian.org/{name}", _notes(file))
        for name, file in packages.items()
    ]


def _debian_package(file: Path) -> str:
    for name in (str(file), str(file).removeprefix("/usr")):
        try:
            done = subprocess.run(
                ["dpkg-query", "--search", name],
                capture_output=True,
                check=False,
                encoding="utf-8",
            )
        except OSError:
            return ""
        if done.returncode == 0:
            return done.stdout.partition(":")[0]
    return ""


def _notes(file: Path) -> tuple[tuple[str, str], ...]:
    """A package's copyright file, and the licences of Debian that it points to."""
    text = _read(file)
    folder = Path("/usr/share/common-licenses")
    common = [folder / name for name in sorted(set(_COMMON.findall(text)))]
    given = [(one.name, _read(one)) for one in common if one.is_file()]
    return ((file.name, text), *given)


def own_parts(files: Iterable[Path]) -> list[Part]:
    """Licences that lie among the program's own files: those of the weights."""
    return [
        Part(f"{file.name} (resources)", "", "", ((file.name, _read(file)),))
        for file in sorted(files)
        if _LICENCE.search(file.name) and file.suffix in {"", ".txt", ".md"}
    ]


def check(parts: Iterable[Part]) -> None:
    """Refuse what may not be passed on.

    Raises:
        Refusal: The licence of a part is not known.
    """
    silent = [part.name for part in parts if not any(text for _, text in part.texts)]
    if silent:
        raise Refusal(
            f"No licence text is known for {', '.join(silent)}: put it into "
            "packaging/licences and its name into packaging/bundle_licences.py."
        )


def _read(file: Path) -> str:
    return file.read_text("utf-8", errors="replace").replace("\r\n", "\n")


def collect(work: Path) -> list[Part]:
    """Everything of others in the bundle that was made in `work`.

    Raises:
        Refusal: The licence of a part is not known.
    """
    found, rest = owners(taken(work), distributions())
    python = Path(sys.base_prefix).resolve()
    own = {file for file in rest if file.is_relative_to(ROOT)}
    made = {file for file in rest if file.is_relative_to(work.resolve())}
    pythons = {file for file in rest if file.is_relative_to(python)}
    parts = [part_of(one) for name, one in found.items() if name != "caihua"]
    parts.append(python_part())
    parts += own_parts(own - made)
    parts += system_parts(rest - own - made - pythons)
    check(parts)
    return parts


def main() -> int:
    """Write the file; the exit status."""
    tolerate_any_console()
    parser = argparse.ArgumentParser(description="Collect the licences of a bundle.")
    parser.add_argument("work", type=Path)
    parser.add_argument("out", type=Path)
    asked = parser.parse_args()
    try:
        parts = collect(asked.work)
    except Refusal as refusal:
        complain(str(refusal))
        return 1
    asked.out.write_text(written(parts), "utf-8")
    say(f"Licences of {len(parts)} parts are in {asked.out.name}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
