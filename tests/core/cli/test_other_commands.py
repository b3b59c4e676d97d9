"""`models`, `doctor` and what all commands share."""

import importlib
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from resunet_core.cli import doctor
from resunet_core.cli.main import COMMANDS
from resunet_core.model.registry import ARCHITECTURES

Caihua = Callable[..., int]


def test_models_lists_every_architecture(
    tmp_path: Path, caihua: Caihua, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "models.json"
    assert caihua("models", "--json", path) == 0
    said = json.loads(path.read_bytes())
    assert [row["name"] for row in said["architectures"]] == list(ARCHITECTURES)
    costs = {row["name"]: row for row in said["architectures"]}
    assert costs["resunet50"]["parameters"] == 43_932_931
    assert costs["resunet50"]["gmac"] == pytest.approx(91.5, abs=0.5)
    for model in said["models"]:
        assert {"name", "path", "sha256", "architecture"} <= set(model)
    assert "43,932,931" in capsys.readouterr().out


def test_doctor_says_how_to_mend_what_is_missing(
    caihua: Caihua,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    real = importlib.import_module

    def without_raw(name: str, package: str | None = None) -> ModuleType:
        if name == "rawpy":
            raise ImportError("no such library")
        return real(name, package)

    def breaks() -> doctor.Finding:
        raise RuntimeError("driver on fire")

    monkeypatch.setattr(importlib, "import_module", without_raw)
    looks = (doctor.look_at_libraries, breaks, doctor.look_at_qt)
    monkeypatch.setattr(doctor, "LOOKS", looks)
    assert caihua("doctor") == 1
    said = capsys.readouterr().out
    assert "MEND libraries that do not load: rawpy (no such library)" in said
    assert "driver on fire" in said
    assert "ok   PySide6" in said


def test_doctor_is_content_where_all_is_well(
    caihua: Caihua, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor, "_nvidia_driver", lambda: None)
    monkeypatch.setattr(doctor, "ROOM_WANTED_GB", 0)
    monkeypatch.setattr(
        doctor,
        "LOOKS",
        tuple(look for look in doctor.LOOKS if look is not doctor.look_at_model),
    )
    assert caihua("doctor") == 0
    said = capsys.readouterr().out
    assert "MEND" not in said
    assert "opencv-python-headless" in said


def test_doctor_runs_where_other_commands_cannot_even_load(
    caihua: Caihua, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = importlib.import_module

    def without_vips(name: str, package: str | None = None) -> ModuleType:
        if name == "resunet_core.cli.analyze":
            raise OSError("cannot load library libvips.so.42")
        return real(name, package)

    monkeypatch.setattr(importlib, "import_module", without_vips)
    monkeypatch.setattr(doctor, "LOOKS", (doctor.look_at_qt,))
    assert caihua("doctor") == 0
    capsys.readouterr()
    assert caihua("analyze", "x.jpg", "--out", "y") == 1
    said = capsys.readouterr().err
    assert "libvips.so.42" in said
    assert "caihua doctor" in said


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_an_example(
    caihua: Caihua, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    assert caihua(command, "--help") == 0
    assert f"example:\n  caihua {command}" in capsys.readouterr().out


def test_no_command_and_no_such_command_are_wrong_usage(caihua: Caihua) -> None:
    assert caihua() == 2
    assert caihua("paint") == 2


def test_a_bug_is_one_sentence_and_with_debug_a_traceback(
    caihua: Caihua, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def bug() -> list[object]:
        raise ZeroDivisionError("somewhere")

    monkeypatch.setattr("resunet_core.cli.models.look_at_models", bug)
    for words, traceback in (((), False), (("--debug",), True)):
        assert caihua("models", *words) == 1
        said = capsys.readouterr().err
        assert "unexpected ZeroDivisionError: somewhere" in said
        assert ("Traceback" in said) == traceback
