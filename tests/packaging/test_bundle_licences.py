"""The licences of what goes into a program, on toy distributions."""

from importlib.metadata import Distribution, PathDistribution
from pathlib import Path

import bundle_licences
import pytest
from dev_console import Refusal
from third_party import Part, written

METADATA = """\
Metadata-Version: 2.4
Name: {name}
Version: 1.2
License-Expression: MIT
Project-URL: Source, https://example.org/toy
"""


def a_distribution(site: Path, name: str, *, licence: str | None) -> Distribution:
    info = site / f"{name}-1.2.dist-info"
    (info / "licenses").mkdir(parents=True)
    (site / name).mkdir()
    (site / name / "__init__.py").touch()
    (site / name / "licence_check.py").write_text("code")
    files = [f"{name}/__init__.py", f"{name}/licence_check.py"]
    if licence is not None:
        (info / "licenses" / "LICENSE").write_text(licence)
        files.append(f"{info.name}/licenses/LICENSE")
    (info / "METADATA").write_text(METADATA.format(name=name))
    (info / "RECORD").write_text("".join(f"{file},,\n" for file in files))
    return PathDistribution(info)


def test_what_was_taken_is_traced_to_who_made_it(tmp_path: Path) -> None:
    site, work = tmp_path / "site", tmp_path / "work"
    work.mkdir()
    toy = a_distribution(site, "toy", licence="Do as you like.")
    unused = a_distribution(site, "unused", licence="Never.")
    module, library = site / "toy" / "__init__.py", tmp_path / "libz.so.1"
    pure = ("", [("toy", str(module), "PYMODULE"), ("space", "-", "PYMODULE")])
    binaries = [("libz.so.1", str(library), "BINARY"), ("l", "toy/l", "SYMLINK")]
    (work / "PYZ-00.toc").write_text(repr(pure))
    (work / "EXE-00.toc").write_text(repr(("caihua", True, None, [])))
    (work / "COLLECT-00.toc").write_text(repr((binaries,)))
    taken = bundle_licences.taken(work)
    found, rest = bundle_licences.owners(taken, [toy, unused])
    assert list(found) == ["toy"]
    assert rest == {library.resolve()}
    part = bundle_licences.part_of(found["toy"])
    assert part == Part(
        "toy 1.2", "MIT", "https://example.org/toy", (("LICENSE", "Do as you like."),)
    )


def test_a_package_without_a_licence_is_refused_in_a_sentence(tmp_path: Path) -> None:
    silent = bundle_licences.part_of(a_distribution(tmp_path, "silent", licence=None))
    with pytest.raises(Refusal, match=r"No licence text is known for silent 1\.2: "):
        bundle_licences.check([silent])
    known = bundle_licences.part_of(
        a_distribution(tmp_path, "pycocotools", licence=None)
    )
    assert [name for name, _ in known.texts] == ["pycocotools.txt"]
    bundle_licences.check([known])


def test_a_library_of_nobody_is_refused(tmp_path: Path) -> None:
    library = tmp_path / "libnobody.so.1"
    library.touch()
    with pytest.raises(Refusal, match=r"No licence is known for .*libnobody"):
        bundle_licences.system_parts([library])


def test_every_text_given_here_is_here() -> None:
    for texts in bundle_licences.GIVEN.values():
        for name in texts:
            assert (bundle_licences.FOLDER / name).stat().st_size > 1000


def test_one_text_of_many_parts_is_written_once() -> None:
    shared = ("LICENSE", "Shared words.")
    parts = [
        Part("b 2", "MIT", "", (shared,)),
        Part("a 1", "", "", (shared, ("NOTICE", "More."))),
    ]
    said = written(parts)
    assert said.count("Shared words.") == 1
    assert "[1] a 1, b 2" in said
    assert "a 1\n    texts 1, 2\nb 2: MIT\n    texts 1\n" in said
