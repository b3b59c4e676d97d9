"""From corrections to a challenger: locked tiles locked, nothing forgotten or lost."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from resunet_core.cli.main import main
from resunet_core.cli.train_corrections import Control
from resunet_core.defects import DEFAULT_CLASSES
from resunet_core.errors import BadModelFile
from resunet_core.model import library
from resunet_core.model.config import ModelConfig
from resunet_core.model.library import Version, install, next_name, versions
from resunet_core.model.model_file import (
    find_model,
    installed_models,
    load_model,
    read_model_info,
    save_model,
)
from resunet_core.model.registry import build_network
from resunet_core.training import replay
from resunet_core.training.crops import Batch, CropStream, Source
from resunet_core.training.learn import refuse_other_words
from resunet_core.training.metrics import Scores
from resunet_core.training.roles import Origin, Role, write_origins
from resunet_core.training.step import Course, take_step
from resunet_core.training.verdict import CHECK, LOCKED, judge
from tests.builders import a_mask, painted_pixels

LOOP_STEP = "resunet_core.training.fit.take_step"
COURSE = ("--steps", "4", "--batch", "2", "--crop", "64", "--device", "cpu")


def _picture(seed: int) -> tuple[np.ndarray, np.ndarray]:
    mask = a_mask(96, 128)
    pixels = painted_pixels(96, 128, seed=seed)
    pixels[mask == 1] //= 4
    pixels[mask == 2] = 240
    return pixels, mask


@pytest.fixture(autouse=True)
def small_replay(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source("small", 1.0, 3, lambda index: _picture(50 + index), (1.0, 1.0))
    monkeypatch.setattr(replay, "COUNTS", {"replay": 2, "watch": 2, "check": 2})
    monkeypatch.setattr(
        replay,
        "_stream",
        lambda kind: CropStream([source], 64, replay.SEEDS[kind], augmentation="none"),
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("数据") / "corrections"
    for part in ("images", "masks"):
        (folder / part).mkdir(parents=True)
    origins = {}
    for number in range(3):
        pixels, mask = _picture(number)
        name = f"梁{number}.png"
        Image.fromarray(pixels).save(folder / "images" / name)
        Image.fromarray(mask).save(folder / "masks" / name)
        role: Role = "judge" if number == 1 else "teach"
        origins[name] = Origin(name, str(number), (0, 0, 96, 128), role)
    write_origins(folder, origins)
    return folder


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(5)
    path = tmp_path_factory.mktemp("base") / "base.safetensors"
    config = ModelConfig("resunet18_light", lineage=("made by hand",))
    save_model(path, build_network("resunet18_light", 3), config)
    return path


def _learn(data: Path, base: Path, out: Path, *more: str) -> int:
    words = ("train", "--preset", "corrections", "--data", str(data), "--out", str(out))
    return main([*words, "--start", str(base), *COURSE, *more])


def _events(out: Path) -> list[dict[str, Any]]:
    path = out.with_suffix(".training") / "events.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_a_challenger_comes_out_with_what_it_takes_to_judge_it(
    data: Path, base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = take_step

    def watched(course: Course, batch: Batch) -> dict[str, float]:
        norms = course.state.network.modules()
        moving = [
            m for m in norms if isinstance(m, torch.nn.BatchNorm2d) and m.training
        ]
        assert not moving
        return real(course, batch)

    monkeypatch.setattr(LOOP_STEP, watched)
    out = tmp_path / "新.safetensors"
    assert _learn(data, base, out, "--show", str(data / "images" / "梁0.png")) == 0
    events = _events(out)
    kinds = [event["event"] for event in events]
    assert kinds[0] == "start"
    assert kinds.count("step") == 4
    assert kinds[-1] == "finished"
    (about,) = [e for e in events if e["event"] == "data"]
    assert (about["teach"], about["judge"]) == (2, 1)
    looks = [e for e in events if e["event"] == "look"]
    assert looks[0]["step"] == 0
    assert set(looks[0]["sets"]) == {"own", "watch", "locked"}
    assert Path(looks[-1]["preview"]).is_file()
    (verdict,) = [e for e in events if e["event"] == "verdict"]
    assert {(c["of"], c["key"]) for c in verdict["comparisons"]} >= {
        (LOCKED, "craquelure"),
        (LOCKED, "paint_loss"),
    }
    shown = verdict["shown"]
    assert [("truth" in one) for one in shown] == [False, True]
    assert all(Path(one["after"]).is_file() for one in shown)
    config = read_model_info(out).config
    assert config.lineage[0] == "made by hand"
    assert "corrections: 2 pictures" in config.lineage[1]
    assert set(config.figures) == {LOCKED, CHECK}
    one, other = load_file(base), load_file(out)
    name = "encoder.layers.0.0.conv1.weight"
    torch.testing.assert_close(other[name].float(), one[name], atol=2e-3, rtol=1e-3)
    assert not (out.with_suffix(".training") / "checkpoint.pt").exists()


def test_the_same_seed_gives_the_same_model_also_when_it_is_killed(
    data: Path, base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, broken = tmp_path / "a.safetensors", tmp_path / "b.safetensors"
    assert _learn(data, base, whole) == 0
    real, calls = take_step, iter(range(1, 100))

    def dies(course: Course, batch: Batch) -> dict[str, float]:
        if next(calls) == 4:
            raise KeyboardInterrupt
        return real(course, batch)

    with monkeypatch.context() as context:
        context.setattr(LOOP_STEP, dies)
        assert _learn(data, base, broken) == 130
    kept = broken.with_suffix(".training")
    assert (kept / "checkpoint.pt").is_file()
    assert read_model_info(kept / "best.safetensors").config.architecture
    assert _learn(data, base, broken) == 0
    one, other = load_file(whole), load_file(broken)
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_cut_short_it_can_be_judged_as_it_is(
    data: Path, base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "a.safetensors"
    wishes = iter(["go", "pause", "pause", "go", "stop"])
    monkeypatch.setattr(Control, "__call__", lambda _self: next(wishes, "stop"))
    assert _learn(data, base, out) == 0
    kinds = [event["event"] for event in _events(out)]
    assert kinds.count("paused") == 1
    assert kinds.count("step") < 4
    finished = _events(out)[-1]
    assert finished["reason"] == "asked to stop"
    assert finished["verdict"]["kind"] in {"better", "same", "worse"}


def test_a_model_of_other_words_is_refused() -> None:
    config = replace(ModelConfig("resunet18_light"), classes=("rust",))
    with pytest.raises(BadModelFile, match="The model x knows rust; what you correct"):
        refuse_other_words("x", config)


def _scores(shift: int, *, of_damage: bool = True) -> Scores:
    truth = a_mask() if of_damage else np.zeros((96, 128), np.uint8)
    scores = Scores(DEFAULT_CLASSES)
    scores.add(np.roll(truth, shift, axis=0), truth, "x")
    return scores


def test_worse_in_anything_is_worse_and_nothing_to_judge_by_is_no_praise() -> None:
    good, poor = _scores(0), _scores(14)
    none = _scores(0, of_damage=False)
    assert judge({LOCKED: poor}, {LOCKED: good}).kind == "better"
    assert judge({LOCKED: good}, {LOCKED: good}).kind == "same"
    assert judge({LOCKED: good}, {LOCKED: poor}).kind == "worse"
    forgot = judge({LOCKED: poor, CHECK: good}, {LOCKED: good, CHECK: poor})
    assert forgot.kind == "worse"
    assert {one.of for one in forgot.fallen} == {CHECK}
    assert judge({LOCKED: none}, {LOCKED: none}).kind == "unknown"


def test_every_version_is_kept_and_found_by_name(base: Path) -> None:
    assert versions() == []
    for number in (1, 2):
        name = next_name()
        assert name == f"learned-{number}"
        made_at = f"2026-11-2{number}T10:00:00+08:00"
        install(base, Version(name, made_at, "default", "default", "f" * 64))
    assert [version.name for version in versions()] == ["learned-1", "learned-2"]
    assert {"default", "learned-1"} <= {model.name for model in installed_models()}
    assert find_model("learned-2").parent == library.library_dir()
    assert load_model("learned-2", torch.device("cpu")).config.lineage
    with pytest.raises(BadModelFile, match="learned-1 already"):
        install(base, Version("learned-1", "", "default", "default", ""))
