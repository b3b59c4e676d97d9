"""Model files say what they are, and what is none is refused with the reason."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from resunet_core.errors import BadModelFile, CaihuaError
from resunet_core.model import model_file
from resunet_core.model.config import ModelConfig
from resunet_core.model.model_file import (
    METADATA_KEY,
    find_model,
    load_model,
    look_at_models,
    read_model_info,
    save_model,
)
from resunet_core.model.registry import build_network

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("models") / "whole.safetensors"
    config = ModelConfig("resunet18_light", mm_per_px=(0.05, 0.4), lineage=("a", "b"))
    save_model(path, build_network("resunet18_light", 3), config, half=True)
    return path


def test_a_model_describes_itself(whole: Path) -> None:
    info = read_model_info(whole)
    assert info.name == "whole"
    assert info.config.mm_per_px == (0.05, 0.4)
    assert info.config.lineage == ("a", "b")
    assert len(info.sha256) == 64


def _with_metadata(path: Path, text: str) -> None:
    save_file({"head": torch.zeros(3)}, path, metadata={METADATA_KEY: text})


def _described(**changes: object) -> str:
    return json.dumps({**json.loads(ModelConfig("resunet18").to_json()), **changes})


BAD_DESCRIPTIONS = {
    "no json": ("{", "cannot be read"),
    "a list": ("[]", "cannot be read"),
    "no architecture": ("{}", "cannot be read"),
    "odd tiles": (_described(tile_px=100), "tile size is 100"),
    "no classes": (_described(classes=[]), "classes"),
    "other thresholds": (_described(thresholds={"mould": 0.5}), "thresholds"),
    "cold": (_described(temperature=0), "temperature"),
    "unknown network": (_described(architecture="vit_huge"), "vit_huge"),
    "other weights": (_described(), "not of the architecture"),
}


@pytest.mark.parametrize("kind", BAD_DESCRIPTIONS)
def test_descriptions_that_do_not_fit_are_refused(tmp_path: Path, kind: str) -> None:
    text, words = BAD_DESCRIPTIONS[kind]
    path = tmp_path / "bad.safetensors"
    _with_metadata(path, text)
    with pytest.raises(BadModelFile, match=words):
        load_model(str(path), CPU)


@pytest.mark.parametrize("kept", [0, 5, 9, 3000, 200_000])
def test_truncated_files_are_refused(tmp_path: Path, whole: Path, kept: int) -> None:
    path = tmp_path / "cut.safetensors"
    path.write_bytes(whole.read_bytes()[:kept])
    with pytest.raises(BadModelFile, match=r"truncated|not a model|empty"):
        load_model(str(path), CPU)


def test_pickles_are_refused_unopened(tmp_path: Path) -> None:
    path = tmp_path / "theirs.pth"
    torch.save({"weight": torch.zeros(2)}, path)
    with pytest.raises(BadModelFile, match="pickle"):
        load_model(str(path), CPU)


def test_weights_of_nobody_knows_what_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.safetensors"
    save_file({"weight": torch.zeros(2)}, path)
    with pytest.raises(BadModelFile, match="does not say"):
        read_model_info(path)


def test_unknown_names_list_the_known_ones() -> None:
    with pytest.raises(BadModelFile, match="no model called 'nothing'"):
        find_model("nothing")
    with pytest.raises(BadModelFile, match="cannot be read"):
        read_model_info(find_model("gone.safetensors"))


def test_a_failed_write_keeps_the_old_model(tmp_path: Path, whole: Path) -> None:
    path = tmp_path / "mine.safetensors"
    path.write_bytes(whole.read_bytes())
    with pytest.raises(CaihuaError):
        save_model(
            path / "below" / "x.safetensors",
            build_network("resunet18_light", 3),
            ModelConfig("resunet18_light"),
        )
    assert path.read_bytes() == whole.read_bytes()


def test_a_damaged_model_does_not_hide_the_others(
    tmp_path: Path, whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "good.safetensors").write_bytes(whole.read_bytes())
    (folder / "cut.safetensors").write_bytes(whole.read_bytes()[:50])
    monkeypatch.setattr(model_file, "resources_root", lambda: tmp_path)
    good, bad = look_at_models()
    assert [info.name for info in good] == ["good"]
    assert len(bad) == 1
    assert "cut.safetensors" in str(bad[0])
