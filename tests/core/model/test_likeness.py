"""What a model knows unlike photos by is in its file, or is missing without harm."""

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from resunet_core.model.config import ModelConfig
from resunet_core.model.likeness import LikenessStatistics
from resunet_core.model.model_file import METADATA_KEY, load_model, save_model
from resunet_core.model.registry import build_network
from tests.builders import likeness_of_nothing

CPU = torch.device("cpu")
CONFIG = ModelConfig("resunet18_light")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("models") / "kept.safetensors"
    network = build_network("resunet18_light", 3)
    save_model(path, network, CONFIG, half=True, likeness=likeness_of_nothing())
    return path


def test_statistics_come_back_in_full_precision(kept: Path) -> None:
    loaded = load_model(str(kept), CPU).likeness
    assert loaded is not None
    expected = likeness_of_nothing()
    assert loaded.limit == expected.limit
    assert loaded.arrays().keys() == expected.arrays().keys()
    for name, array in expected.arrays().items():
        np.testing.assert_array_equal(loaded.arrays()[name], array)


@pytest.mark.parametrize("lacking", ["limit", "distances", "2.axes", "0.centre", ""])
def test_without_some_of_them_a_model_works_and_cannot_tell(
    kept: Path, tmp_path: Path, lacking: str
) -> None:
    """Where all are missing, too: models made before."""
    tensors = load_file(kept)
    prefix = f"likeness.{lacking}"
    rest = {n: t for n, t in tensors.items() if not n.startswith(prefix)}
    assert len(rest) < len(tensors)
    path = tmp_path / "older.safetensors"
    save_file(rest, path, metadata={METADATA_KEY: CONFIG.to_json()})
    model = load_model(str(path), CPU)
    assert model.likeness is None
    assert model.network.state_dict().keys().isdisjoint(tensors.keys() - rest.keys())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("likeness.limit", np.array([0], np.float32)),
        ("likeness.distances", np.zeros((2, 2), np.float32)),
        ("likeness.1.scale", np.ones(3, np.float32)),
        ("likeness.1.variances", np.array([1, np.nan], np.float32)),
    ],
)
def test_what_cannot_be_computed_with_is_left_aside(
    name: str, value: np.ndarray[tuple[int, ...], np.dtype[np.float32]]
) -> None:
    arrays = likeness_of_nothing().arrays()
    assert LikenessStatistics.from_arrays(arrays) is not None
    assert LikenessStatistics.from_arrays({**arrays, name: value}) is None
