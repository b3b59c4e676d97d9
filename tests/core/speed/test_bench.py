"""The bench: what it says fits together, and it leaves nothing behind."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from resunet_core.cli.main import main
from resunet_core.model.config import ModelConfig
from resunet_core.model.model_file import ModelInfo, read_model_info, save_model
from resunet_core.model.registry import build_network
from resunet_core.progress import Progress, Steps, run_to_end
from resunet_core.speed.bench import BenchWish, choices_here, run_bench
from resunet_core.speed.engine_speed import EngineWish, measure_engine
from resunet_core.speed.photos import write_photo
from resunet_core.speed.table import bench_lines

FOUND: dict[str, Any] = {
    "machine": {"processor": "X", "cores": 2, "memory_gb": None, "system": "Y"},
    "model": {
        "name": "light",
        "architecture": "resunet18_light",
        "gmac_512": 21.6,
        "tile_px": 128,
        "overlap_px": 64,
    },
    "ceilings": {"gmac_s": {"float32": 1.0}, "copy_gb_s": 1.0, "jpeg_mp_s": 1.0},
    "engines": [{"choice": "cuda", "error": "No GPU."}],
    "start_up": None,
}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> ModelInfo:
    """Weights do not matter for the time."""
    path = tmp_path_factory.mktemp("models") / "light.safetensors"
    config = ModelConfig("resunet18_light", tile_px=128, context_px=16, ramp_px=32)
    save_model(path, build_network("resunet18_light", 3), config)
    return read_model_info(path)


def test_every_figure_is_there_and_they_fit_together(model: ModelInfo) -> None:
    """Each engine in a process of its own; the window, too, where nobody sees it."""
    assert choices_here(model)[:2] == ("torch", "openvino")
    choices = ("openvino", "openvino-int8")  # the second cannot be had
    wish = BenchWish(model, choices, seconds=60, threads=1, megapixels=(0.1, 0.6))
    found = run_to_end(run_bench(wish))
    assert json.loads(json.dumps(found)) == found
    good, bad = found["engines"]
    assert good["error"] == ""
    assert "8 bits" in bad["error"]
    speeds = ("load_s", "first_tile_s", "tiles_s", "megapixels_s", "gmac_s", "peak_mb")
    assert all(good[name] > 0 for name in speeds)
    assert (good["precision"], good["device"]) == ("float32", "CPU, 1 thread")
    assert 0 < good["busy"] <= 1
    gmac_s = good["tiles_s"] * found["model"]["gmac_512"] * 128**2 / 512**2
    assert good["gmac_s"] == pytest.approx(gmac_s, rel=0.05)
    best = found["ceilings"]["gmac_s"]
    assert best["float32"] > 0
    assert good["share_of_ceiling"] == pytest.approx(
        good["gmac_s"] / best["float32"], rel=0.01
    )
    assert [photo["measured"] for photo in good["photos"]] == [True, False]
    assert good["photos"][1]["seconds"] > good["photos"][0]["seconds"]
    times = found["start_up"]
    assert 0 < times["window_s"] <= times["photo_s"] <= times["result_s"]
    said = "\n".join(bench_lines(found))
    assert found["machine"]["processor"] in said
    assert f"openvino-int8: {bad['error']}" in said
    assert "~" in said


def test_a_part_of_a_photo_says_how_long_the_whole_takes(
    tmp_path: Path, model: ModelInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAIHUA_CACHE", str(tmp_path / "cache"))
    photo = tmp_path / "x.jpg"
    height, width = write_photo(photo, 0.25)
    assert height * width == pytest.approx(250_000, rel=0.01)
    asked = EngineWish(str(model.path), "openvino", "cpu", photo, 1e-9, 1.0)
    part = measure_engine(asked)
    assert [one.measured for one in part.photos] == [False]
    unpacked = 0.25 / part.unpack_megapixels_s
    detected = 0.25 / part.megapixels_s
    assert part.photos[0].seconds == pytest.approx(unpacked + detected, abs=0.1)


def test_ctrl_c_ends_what_measures_and_leaves_no_file(
    tmp_path: Path, model: ModelInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen

    def start(*words: object, **more: object) -> "subprocess.Popen[bytes]":
        started.append(real(*words, **more))  # type: ignore[call-overload]  # as it came
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", start)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    steps = run_bench(BenchWish(model, ("openvino",), megapixels=(0.1, 0.1)))
    next(steps)
    assert [process.poll() for process in started] == [None]
    steps.close()
    assert started[0].poll() is not None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--seconds", "0"), 2),
        (("--threads", "-1"), 2),
        (("--model", "no such model"), 1),
    ],
)
def test_what_is_wrong_is_one_sentence(
    words: tuple[str, ...], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench", *words]) == code
    said = capsys.readouterr().err
    assert said.startswith("caihua: ")
    assert said.count("\n") == 1


def test_the_command_passes_on_what_was_asked_and_writes_all_figures(
    tmp_path: Path,
    model: ModelInfo,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked: list[BenchWish] = []

    def pretend(wish: BenchWish) -> Steps[dict[str, Any]]:
        asked.append(wish)
        yield Progress(0, 0)
        return FOUND

    monkeypatch.setattr("resunet_core.speed.bench.run_bench", pretend)
    into = tmp_path / "速度.json"
    words = ["--engine", "cuda", "--seconds", "3", "--full", "--json", str(into)]
    assert main(["bench", "--model", str(model.path), *words]) == 1
    assert asked == [BenchWish(model, ("cuda",), seconds=3.0, full=True)]
    assert json.loads(into.read_bytes()) == FOUND
    said = capsys.readouterr().out
    assert "cuda: No GPU." in said
    assert "PySide6 is not installed" in said
