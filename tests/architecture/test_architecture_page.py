"""What the architecture page says is so: layers, threads, the way of a defect."""

import ast
import re
import sys
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest

from resunet_core.cli.main import main
from resunet_core.defects import CRAQUELURE
from resunet_core.imaging.photo import thumbnail
from resunet_core.mask.stroke import Stroke
from resunet_core.project.records import Who
from resunet_core.project.store import Project
from resunet_core.resources import resource
from tests.builders import write_photo

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = ROOT / "packaging" / "docs"
PAGE = (DOCUMENTS / "architecture.md").read_text("utf-8")
STARTERS = {
    "ThreadPoolExecutor",
    "ProcessPoolExecutor",
    "Thread",
    "QThread",
    "QProcess",
    "Popen",
    "run",
}
"""What begins a thread or a process; `run` where it is that of `subprocess`."""

Stop = tuple[str, str]
"""A file from the root, and the qualified name in it."""


def stops() -> list[Stop]:
    found = re.findall(r"^\d+\. `([^`]+\.py)` `([^`]+)`: \S", PAGE, re.MULTILINE)
    assert len(found) > 11
    assert len(found) == len(re.findall(r"^\d+\. ", PAGE, re.MULTILINE))
    return found


def names_in(path: Path) -> set[str]:
    """Functions, classes and methods that a module defines, by qualified name."""
    found = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            functions = (n for n in node.body if isinstance(n, ast.FunctionDef))
            found |= {f"{node.name}.{function.name}" for function in functions}
    return found


@contextmanager
def noting(wanted: set[Stop]) -> Iterator[list[Stop]]:
    """Which of the wanted functions are called, on any thread, in their order."""
    by_name: dict[str, set[Stop]] = {}
    for file, name in wanted:
        by_name.setdefault(name, set()).add((file, name))
    met: list[Stop] = []

    def look(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event != "call" or code.co_qualname not in by_name:
            return
        called = Path(code.co_filename)
        met.extend(s for s in by_name[code.co_qualname] if called == ROOT / s[0])

    before = sys.getprofile()
    threading.setprofile(look)
    sys.setprofile(look)
    try:
        yield met
    finally:
        sys.setprofile(before)
        threading.setprofile(None)


def a_part_of_a_sample(folder: Path) -> Path:
    whole = thumbnail(resource("samples", "images", "01-xuanzi-beam.jpg"), 1600)
    return write_photo(folder / "梁.png", whole[200:560, 300:780])


def live_through(folder: Path) -> None:
    """A day of a conservator: detect, correct, export, report."""
    photo, survey = a_part_of_a_sample(folder), folder / "survey.caihua"
    words = ["--project", str(survey), "--engine", "openvino"]
    assert main(["analyze", str(photo), "--out", str(folder / "found"), *words]) == 0
    with Project.open(survey) as project:
        mask = project.load_mask(1)
        stroke = Stroke(mask, CRAQUELURE.id, 2, "Brush")
        stroke.extend(40, 300)
        stroke.extend(440, 320)
        edit = stroke.finish()
        assert edit is not None
        project.commit(1, edit, who=Who("person", "李伟"))
    labels = ["--format", "labelme", "--out", str(folder / "labels")]
    assert main(["export", str(survey), *labels]) == 0
    assert main(["report", str(survey), "--out", str(folder / "report")]) == 0


@pytest.mark.parametrize(
    ("package", "contract"), [("resunet_core", "core-layers"), ("app", "app-layers")]
)
def test_the_layers_are_those_of_the_contracts(package: str, contract: str) -> None:
    block = PAGE.split(f"`{package}`:\n\n```\n")[1].split("```")[0]
    told = [re.split(r"\s{2,}", line)[0] for line in block.splitlines()]
    with (ROOT / "pyproject.toml").open("rb") as stream:
        rules = tomllib.load(stream)["tool"]["importlinter"]["contracts"]
    assert told == next(rule["layers"] for rule in rules if rule["id"] == contract)


def test_everything_that_begins_a_thread_or_a_process_is_told() -> None:
    starting = set()
    for package in ("app", "resunet_core"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and _starts(node.func):
                    starting.add(path.relative_to(ROOT).as_posix())
    told = PAGE.split("## What runs where")[1].split("\n## ")[0]
    assert {path for path in starting if f"`{path}`" not in told} == set()


def _starts(called: ast.expr) -> bool:
    name = ast.unparse(called)
    last = name.rpartition(".")[2]
    return last in STARTERS and (last != "run" or name == "subprocess.run")


@pytest.mark.parametrize("page", sorted(DOCUMENTS.glob("*.md")), ids=lambda p: p.name)
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    named = re.findall(r"`([\w.-]+(?:/[\w.-]+)+/?)`", page.read_text("utf-8"))
    ours = [n for n in named if (ROOT / n.split("/")[0]).exists()]
    assert ours
    assert [name for name in ours if not (ROOT / name).exists()] == []


def test_every_stop_of_a_defect_is_defined_where_the_page_says() -> None:
    lost = [(f, name) for f, name in stops() if name not in names_in(ROOT / f)]
    assert lost == []


def test_a_defect_really_goes_that_way(tmp_path: Path) -> None:
    with noting(set(stops())) as met:
        live_through(tmp_path)
    assert (tmp_path / "report" / "report.pdf").read_bytes().startswith(b"%PDF")
    going = iter(met)  # each `in` goes on from the stop before
    missed = next((stop for stop in stops() if stop not in going), None)
    assert missed is None, f"not reached in its turn, of {len(met)} calls"
