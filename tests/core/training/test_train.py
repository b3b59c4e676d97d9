"""A training from labelled photos to a model file, whole and resumed."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from resunet_core.cli.main import main
from resunet_core.errors import BadData, WrongUsage
from resunet_core.model.config import ModelConfig
from resunet_core.model.model_file import load_model, read_model_info, save_model
from resunet_core.model.registry import build_network
from resunet_core.training import likeness
from resunet_core.training.crops import Batch
from resunet_core.training.examples import read_data_folder
from resunet_core.training.order import changed, settled
from resunet_core.training.presets import BEST, FINETUNE, PAPER
from resunet_core.training.step import Course, take_step
from tests.builders import a_mask, painted_pixels

LOOP_STEP = "resunet_core.training.fit.take_step"
COURSE = [
    *("--steps", "6", "--batch", "2", "--crop", "64", "--loaders", "0"),
    *("--validation", "0.3", "--arch", "resunet18_light", "--device", "cpu"),
]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("数据") / "corrected"
    (folder / "images").mkdir(parents=True)
    (folder / "masks").mkdir()
    for number in range(4):
        mask = a_mask(96, 128)
        pixels = painted_pixels(96, 128, seed=number)
        pixels[mask == 1] //= 4
        pixels[mask == 2] = 240
        Image.fromarray(pixels).save(folder / "images" / f"梁{number}.png")
        Image.fromarray(mask).save(folder / "masks" / f"梁{number}.png")
    return folder


def _train(data: Path, out: Path, *more: str) -> int:
    return main(["train", "--data", str(data), "--out", str(out), *COURSE, *more])


def _events(out: Path) -> list[dict[str, Any]]:
    path = out.with_suffix(".training") / "events.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_a_model_comes_out_that_says_what_it_is(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "亭.safetensors"
    assert _train(data, out, "--preset", "best", "--start", "none") == 0
    config = read_model_info(out).config
    assert config.architecture == "resunet18_light"
    assert len(config.data_hash) == 64
    assert config.lineage[0] == "random start"
    assert "6 steps of 2 crops" in config.lineage[-1]
    figures = config.figures["validation"]["classes"]
    assert set(figures) == {"background", "craquelure", "paint_loss"}
    assert load_model(str(out), torch.device("cpu")).likeness is None  # only a try
    assert "validation" in out.with_suffix(".md").read_text("utf-8")
    work = out.with_suffix(".training")
    split = json.loads((work / "split.json").read_text("utf-8"))
    assert len(split["train"]) == 3
    assert len(split["validation"]) == 1
    assert not (work / "checkpoint.pt").exists()
    kinds = [event["event"] for event in _events(out)]
    assert kinds[:2] == ["start", "data"]
    assert kinds.count("step") == 6
    assert kinds.count("validation") >= 2
    assert kinds[-1] == "finished"
    assert "best at step" in capsys.readouterr().out


def test_a_model_knows_photos_unlike_its_own(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the training was more than a try, as it is taken to be here."""
    monkeypatch.setattr(likeness, "FEWEST", 3)
    out = tmp_path / "m.safetensors"
    assert _train(data, out, "--preset", "best", "--start", "none") == 0
    assert load_model(str(out), torch.device("cpu")).likeness is not None


class _Killed(BaseException):
    """Stands for what no program can catch."""


def test_killed_and_begun_again_it_ends_in_the_same_model(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, broken = tmp_path / "whole.safetensors", tmp_path / "broken.safetensors"
    best = ("--preset", "best", "--start", "none", "--patience", "0")
    rhythm = replace(BEST, plan=replace(BEST.plan, checkpoint_every=2))
    monkeypatch.setattr(
        "resunet_core.training.presets.PRESETS", {"best": rhythm, "paper": PAPER}
    )
    assert _train(data, whole, *best) == 0
    with monkeypatch.context() as context:
        _kill_at_step(context, 5)
        with pytest.raises(_Killed):
            _train(data, broken, *best)
    assert not broken.exists()
    assert _train(data, broken, *best) == 0
    one, other = load_file(whole), load_file(broken)
    assert all(torch.equal(one[name], other[name]) for name in one)
    losses = {
        out: {e["step"]: e["loss"] for e in _events(out) if e["event"] == "step"}
        for out in (whole, broken)
    }
    assert losses[whole] == losses[broken]
    assert "resumed" in [e["event"] for e in _events(broken)]


def _kill_at_step(context: pytest.MonkeyPatch, step: int) -> None:
    real = take_step
    calls = iter(range(1, 100))

    def dies(course: Course, batch: Batch) -> dict[str, float]:
        if next(calls) == step:
            raise _Killed
        return real(course, batch)

    context.setattr(LOOP_STEP, dies)


def test_another_training_is_not_mixed_into_one_begun(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "a.safetensors"
    assert _train(data, out, "--preset", "best", "--start", "none") == 0
    assert _train(data, out, "--preset", "best", "--start", "cells") == 1
    said = capsys.readouterr().err
    assert "another training was begun (start none, now cells)" in said
    assert "name another --out" in said


def test_asked_to_stop_it_keeps_what_it_has(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.safetensors"
    work = out.with_suffix(".training")
    work.mkdir()
    (work / "stop").touch()
    assert _train(data, out, "--preset", "best", "--start", "none") == 0
    assert _events(out)[-1]["reason"] == "asked to stop"
    assert read_model_info(out).config.figures
    assert not (work / "stop").exists()  # the next training is not stopped by it


def test_the_papers_way_begins_with_cells(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "paper.safetensors"
    assert _train(data, out, "--preset", "paper", "--expand", "3") == 0
    events = _events(out)
    assert [e["step"] for e in events if e.get("stage") == "cells"] == [1]
    lineage = read_model_info(out).config.lineage
    assert lineage[1].startswith("cells (generated pictures): 1 steps")
    assert "mixed1" in lineage[2]
    assert events[0]["plan"]["optimiser"] == "adam"
    assert events[0]["crops"]["augmentation"] == "paper"


def _a_model(path: Path) -> Path:
    torch.manual_seed(5)
    config = ModelConfig("resunet18_light", lineage=("made by hand",))
    save_model(path, build_network("resunet18_light", 3), config)
    return path


def test_a_model_learns_on_with_its_encoder_kept(data: Path, tmp_path: Path) -> None:
    base = _a_model(tmp_path / "base.safetensors")
    out = tmp_path / "tuned.safetensors"
    course = ("--preset", "finetune", "--steps", "2", "--start", str(base))
    assert _train(data, out, *course) == 0
    before, after = load_file(base), load_file(out)
    name = "encoder.layers.0.0.conv1.weight"
    torch.testing.assert_close(after[name].float(), before[name], atol=2e-3, rtol=1e-3)
    assert not torch.equal(after["head.weight"].float(), before["head.weight"])
    assert read_model_info(out).config.lineage[0] == "made by hand"


def test_a_dry_run_reads_all_and_writes_nothing(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "none.safetensors"
    assert _train(data, out, "--preset", "paper", "--dry-run") == 0
    said = capsys.readouterr().out
    assert "4 photos" in said
    assert "paint_loss: " in said
    assert list(tmp_path.iterdir()) == []


def test_a_class_that_is_never_labelled_is_said(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "cracks only"
    shutil.copytree(data, copy)
    for path in (copy / "masks").iterdir():
        Image.fromarray((a_mask() == 1).astype(np.uint8)).save(path)
    assert (
        _train(copy, tmp_path / "m.safetensors", "--preset", "paper", "--dry-run") == 0
    )
    assert "No photo has paint_loss" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        (["--out", "model.pt"], "model.pt is no name for a model file"),
        (["--arch", "unet"], "no architecture called 'unet'"),
        (["--crop", "100"], "Crops of 100 px do not fit"),
        (["--loss", "hinge"], "'hinge' is no loss"),
        (["--steps", "0"], "0 steps"),
        (["--validation", "1"], "not between 0 and 1"),
        (["--start", "nowhere"], "no model called 'nowhere'"),
    ],
)
def test_what_makes_no_sense_is_refused_at_once(
    data: Path,
    tmp_path: Path,
    more: list[str],
    complaint: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "m.safetensors"
    assert _train(data, out, "--preset", "paper", "--dry-run", *more) in {1, 2}
    assert complaint in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_architecture_and_start_settle_each_other(tmp_path: Path) -> None:
    base = str(_a_model(tmp_path / "base.safetensors"))
    light = "resunet18_light"

    def settle(preset: str, **asked: str | None) -> tuple[str, str]:
        how = {"paper": PAPER, "best": replace(BEST, start=base)}[preset]
        return settled(preset, how, **{"architecture": None, "start": None, **asked})

    assert settle("best") == (light, base)
    assert settle("best", architecture="resunet34") == ("resunet34", "cells")
    assert settle("paper") == ("resunet50", "cells")
    assert settle("paper", start=base) == (light, base)
    with pytest.raises(WrongUsage, match="Name it with --arch"):
        settle("best", start="none")
    with pytest.raises(WrongUsage, match="is of the architecture resunet18_light"):
        settle("best", start=base, architecture="resunet34")


def test_a_shorter_course_keeps_its_proportions() -> None:
    short = changed(FINETUNE, steps=30, rate=0.5)
    assert short.plan.warm_up == 2
    assert short.plan.judge_every == 3
    assert short.plan.rate == 0.5
    assert changed(PAPER).plan == PAPER.plan


def test_labels_for_one_photo_must_be_one_file(tmp_path: Path) -> None:
    Image.fromarray(painted_pixels()).save(tmp_path / "梁.png")
    document = {
        "shapes": [],
        "imagePath": "梁.png",
        "imageHeight": 96,
        "imageWidth": 128,
    }
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_text(json.dumps(document), "utf-8")
    out = str(tmp_path / "out" / "m.safetensors")
    with pytest.raises(BadData, match=r"a\.json and b\.json both label 梁\.png"):
        read_data_folder(tmp_path)
    assert main(["train", "--data", str(tmp_path), "--out", out, "--dry-run"]) == 1
