"""`caihua experiment` as a person calls it."""

import shlex
from collections.abc import Callable
from pathlib import Path

import cv2
import pytest

from resunet_core.experiments import measure
from resunet_core.model.registry import ARCHITECTURES
from tests.builders import a_mask, a_photo
from tests.core.experiments.made import tiny_network

Caihua = Callable[..., int]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "大殿 data"
    (folder / "masks").mkdir(parents=True)
    for number in range(4):
        name = f"beam{number}.png"
        a_photo(folder / "images", name, height=64, width=64, seed=number)
        coded = cv2.imencode(".png", a_mask(64, 64))[1]
        (folder / "masks" / name).write_bytes(coded.tobytes())
    return folder


def test_it_prints_the_table_and_the_command_that_does_it_again(
    data: Path,
    tmp_path: Path,
    caihua: Caihua,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(ARCHITECTURES, "tiny", tiny_network)
    monkeypatch.setattr(measure, "SPEED_SIDE_PX", 64)
    monkeypatch.setattr(measure, "SPEED_MOST", 3)
    out = tmp_path / "out"
    words = ["experiment", "losses", "--data", data, "--out", out]
    words += ["--arch", "tiny", "--conditions", "ce, mixed1"]
    words += ["--steps", 1, "--seeds", 1, "--crop", 64, "--batch", 1]
    assert caihua(*words, "--device", "cpu") == 0
    said = capsys.readouterr()
    assert "Cross-entropy, seed 1 of 1: run 1 of 2" in said.err
    assert "Craquelure centre-line F1" in said.out
    assert "Nothing is decided with fewer than 3 seeds." in said.out
    assert str(out / "index.html") in said.out
    command = said.out.splitlines()[-1]
    page = (out / "index.html").read_text("utf-8")
    assert "caihua experiment losses --data" in page
    # The command is whole: shell words with their blanks, and nothing is left to do.
    assert caihua(*shlex.split(command)[1:]) == 0
    again = capsys.readouterr()
    assert "run 1 of 2" not in again.err
    assert again.out == said.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--conditions", "ce,hinge"], "no condition 'hinge'"),
        (["--steps", "0"], "0 steps show nothing"),
        (["--crop", "100"], "multiple of 32"),
        (["--validation", "1.5"], "not between 0 and 1"),
    ],
)
def test_wrong_usage_is_a_sentence(
    words: list[str],
    said: str,
    data: Path,
    tmp_path: Path,
    caihua: Caihua,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "out"
    assert caihua("experiment", "losses", "--data", data, "--out", out, *words) == 2
    assert said in capsys.readouterr().err


def test_data_without_damage_is_refused(
    data: Path, tmp_path: Path, caihua: Caihua, capsys: pytest.CaptureFixture[str]
) -> None:
    for mask in (data / "masks").iterdir():
        coded = cv2.imencode(".png", 0 * a_mask(64, 64))[1]
        mask.write_bytes(coded.tobytes())
    out = tmp_path / "out"
    assert caihua("experiment", "losses", "--data", data, "--out", out) == 1
    assert "No photo has a pixel of craquelure" in capsys.readouterr().err
