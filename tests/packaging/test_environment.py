"""The set-up: pinned wholly, quick when done, mended when cut off."""

import importlib.metadata
import re
import subprocess
import sys
from pathlib import Path

import dev_qt
import dev_setup
import pytest
from dev_console import Refusal
from dev_environment import Environment, fingerprint, read_stamp, requirements
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = """\
[build-system]
requires = ["builder>=1"]
[project]
name = "caihua"
dependencies = ["needed>=2"]
[project.optional-dependencies]
test = ["tester"]
lint = ["linter"]
cluster = ["dask"]
[tool.hatch]
[tool.ruff]
line-length = 88
"""


def pins() -> dict[str, Requirement]:
    lines = Environment(ROOT).constraints.read_text("utf-8").splitlines()
    wanted = [Requirement(line) for line in lines if not line.startswith("#")]
    assert len({one.name for one in wanted}) == len(wanted), "a package is named twice"
    return {canonicalize_name(one.name): one for one in wanted}


def everything_needed() -> set[str]:
    """All packages reached from what the project asks for, on this machine."""
    todo = [Requirement(line) for line in requirements(ROOT)]
    seen: set[tuple[str, frozenset[str]]] = set()
    while todo:
        wanted = todo.pop()
        key = (canonicalize_name(wanted.name), frozenset(wanted.extras))
        if key in seen or (wanted.marker and not wanted.marker.evaluate()):
            continue
        seen.add(key)
        for line in importlib.metadata.requires(wanted.name) or []:
            further = Requirement(line)
            if applies(further, wanted.extras):
                further.marker = None
                todo.append(further)
    return {name for name, _ in seen}


def applies(wanted: Requirement, extras: set[str]) -> bool:
    if wanted.marker is None:
        return True
    return any(wanted.marker.evaluate({"extra": extra}) for extra in extras | {""})


def test_every_package_needed_is_pinned_to_one_version() -> None:
    known = pins()
    assert everything_needed() <= known.keys()
    for pin in known.values():
        assert re.fullmatch(r"==[^*,]+", str(pin.specifier)), f"{pin} is no exact pin"
    for line in requirements(ROOT):
        wanted = Requirement(line)
        if wanted.marker is None or wanted.marker.evaluate():
            (version,) = known[canonicalize_name(wanted.name)].specifier
            assert wanted.specifier.contains(version.version), f"{line} forbids the pin"


@pytest.fixture
def checkout(tmp_path: Path) -> Environment:
    """A checkout with an environment that looks finished, of empty files."""
    environment = Environment(tmp_path / "彩画 copy")
    (environment.root / "packaging").mkdir(parents=True)
    (environment.root / "pyproject.toml").write_text(PROJECT, "utf-8")
    environment.constraints.write_text("needed==2.1\n", "utf-8")
    for file in (environment.python, environment.command("caihua")):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    home = Path(sys.base_prefix)
    lines = f"home = {home}\nversion = 3.11.7\n"
    (environment.folder / "pyvenv.cfg").write_text(lines, "utf-8")
    dev_setup._note(environment, [])
    return environment


def test_a_finished_environment_starts_no_process(
    checkout: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(subprocess, "Popen", forbidden)
    dev_setup.ensure(checkout)


@pytest.mark.parametrize("changed", ["dependency", "constraint", "python", "moved"])
def test_whatever_setup_depends_on_makes_it_run_again(
    checkout: Environment, changed: str
) -> None:
    before = fingerprint(checkout)
    project = checkout.root / "pyproject.toml"
    config = checkout.folder / "pyvenv.cfg"
    if changed == "dependency":
        project.write_text(PROJECT.replace("needed>=2", "needed>=3"), "utf-8")
    elif changed == "constraint":
        checkout.constraints.write_text("needed==2.2\n", "utf-8")
    elif changed == "python":
        config.write_text(config.read_text("utf-8").replace("3.11.7", "3.13.0"))
    else:
        checkout = Environment(checkout.root.rename(checkout.root.with_name("moved")))
    assert fingerprint(checkout) != before


def test_settings_of_tools_do_not_make_setup_run_again(checkout: Environment) -> None:
    before = fingerprint(checkout)
    text = PROJECT.replace("line-length = 88", "line-length = 99")
    (checkout.root / "pyproject.toml").write_text(text, "utf-8")
    assert fingerprint(checkout) == before


def test_a_torn_stamp_counts_as_none(checkout: Environment) -> None:
    checkout.stamp.write_text('{"fingerprint": "ab', "utf-8")
    assert read_stamp(checkout) == {}


def test_torch_and_torchvision_that_do_not_fit_are_refused(
    checkout: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def fits_not(_: Environment, code: str) -> bool:
        asked.append(code)
        return "torchvision.ops.nms" not in code

    monkeypatch.setattr(dev_setup, "works", fits_not)
    monkeypatch.setattr(dev_setup, "call", lambda *_, **__: 0)
    monkeypatch.setattr(dev_qt, "provide_libraries", lambda _: [])
    checkout.constraints.write_text("needed==2.2\n", "utf-8")
    with pytest.raises(Refusal, match="do not work together"):
        dev_setup.ensure(checkout)
    assert "torchvision.ops.nms" in asked[-1]
    assert not checkout.stamp.exists(), "the next call must set up again"
    monkeypatch.setattr(dev_setup, "works", lambda *_: True)
    dev_setup.ensure(checkout)
    assert read_stamp(checkout)["fingerprint"] == fingerprint(checkout)


def test_only_a_package_cut_off_in_installing_is_removed(checkout: Environment) -> None:
    whole = checkout.site_packages / "whole-1.0.dist-info"
    torn = checkout.site_packages / "torn-1.0.dist-info"
    for folder in (whole, torn):
        folder.mkdir(parents=True)
        (folder / "METADATA").touch()
    (whole / "RECORD").touch()
    dev_setup.remove_half_installed(checkout)
    assert [one.name for one in checkout.site_packages.iterdir()] == [whole.name]


def test_the_checkout_is_named_so_that_any_encoding_reads_it(
    checkout: Environment,
) -> None:
    file = checkout.site_packages / "_caihua.pth"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(str(checkout.root), "utf-8")
    dev_setup.point_to_checkout(checkout)
    named = file.read_bytes().decode("ascii")
    assert (file.parent / named).samefile(checkout.root)


def test_a_full_disk_is_refused_before_anything_is_downloaded(
    checkout: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dev_setup, "NEEDED_GB", 10**9)
    with pytest.raises(Refusal, match="GB free on the disk"):
        dev_setup._check_disk(checkout)


def test_a_folder_of_someone_elses_is_never_cleared(tmp_path: Path) -> None:
    environment = Environment(tmp_path)
    environment.folder.mkdir()
    precious = environment.folder / "notes.txt"
    precious.write_text("mine", "utf-8")
    with pytest.raises(Refusal, match="move it away"):
        dev_setup._make_folder(environment)
    assert precious.read_text("utf-8") == "mine"
