"""Every engine gives what torch gives, and a missing one is never passed over."""

import json
import os
import platform
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from resunet_core.cli.main import main
from resunet_core.errors import BadModelFile, WrongUsage
from resunet_core.inference import openvino_engine
from resunet_core.inference.eight_bit import read_ranges, write_ranges
from resunet_core.inference.engine import EngineUnavailable, load_engine
from resunet_core.model.config import ModelConfig
from resunet_core.model.model_file import (
    read_arrays,
    read_model_info,
    save_model,
)
from resunet_core.model.registry import ARCHITECTURES, build_network
from resunet_core.model.topology import Topology, shipped_topology
from resunet_core.model.traced import topology_of
from tests.builders import a_photo, likeness_of_nothing, painted_pixels

ROOT = Path(__file__).resolve().parents[3]


WITHOUT_TORCH = """
import sys
class Without:
    def find_spec(self, name, *where):
        if name.partition(".")[0] in {"torch", "torchvision"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Without())
"""


@torch.no_grad()
def _model(
    folder: Path, architecture: str, outputs: int = 3, *, knows: bool = False
) -> Path:
    """A model file with random weights, all of its statistics included."""
    torch.manual_seed(7)
    network = build_network(architecture, outputs).train()
    photo = torch.from_numpy(_tiles(96, 64)).permute(0, 3, 1, 2).float() / 255
    network(photo)  # normalisations that have seen something
    network.eval()
    logits = network(photo)
    parts = [p for n, p in network.named_parameters() if n.startswith("head.")]
    for part in parts:  # else all probabilities lie around a third
        part.div_(logits.std() / 2)
    classes = ("craquelure", "paint_loss", "salt")[: outputs - 1]
    config = ModelConfig(
        architecture,
        classes=classes,
        tile_px=128,
        context_px=16,
        ramp_px=32,
        thresholds=dict.fromkeys(classes, 0.5),
        temperature=1.7,
    )
    path = folder / f"{architecture}.safetensors"
    likeness = likeness_of_nothing() if knows else None
    save_model(path, network, config, half=True, likeness=likeness)
    return path


def _tiles(height: int, width: int) -> NDArray[np.uint8]:
    grain = np.random.default_rng(1).integers(-30, 30, (2, height, width, 3))
    plain = np.stack([painted_pixels(height, width, seed=n) for n in range(2)])
    return np.asarray(np.clip(plain + grain, 0, 255), np.uint8)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_openvino_equals_torch(tmp_path: Path, architecture: str) -> None:
    """For tiles of any size, one after the other, also with a class of one's own."""
    path = _model(tmp_path, architecture, outputs=4)
    fast, reference = (load_engine(str(path), "cpu", e) for e in ("openvino", "torch"))
    for height, width in ((96, 64), (64, 128)):
        tiles = _tiles(height, width)
        found, expected = fast(tiles), reference(tiles)
        assert found.shape == expected.shape == (2, 3, height, width)
        assert expected.std() > 0.01
        assert np.abs(found - expected).max() < 1e-3
    assert fast.use.engine.startswith("OpenVINO")
    assert (fast.use.precision, fast.use.kind) == ("float32", "cpu")


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_the_graphs_that_ship_are_those_of_the_networks(architecture: str) -> None:
    """Else: run packaging/topologies.py again."""
    with torch.device("meta"):
        traced = topology_of(build_network(architecture, 3).eval())
    shipped = shipped_topology(architecture)
    assert shipped is not None
    plain = replace(shipped, parameters=0, gmac=0.0)
    assert plain == Topology.from_json(traced.to_json())


@pytest.mark.parametrize(("height", "width"), [(128, 128), (320, 288), (480, 288)])
def test_the_features_are_torchs(tmp_path: Path, height: int, width: int) -> None:
    """Cells of sides that are no multiple included."""
    path = _model(tmp_path, "resunet18_light", knows=True)
    engines = [load_engine(str(path), "cpu", e) for e in ("openvino", "torch")]
    (_, found), (_, expected) = (e.look(_tiles(height, width)) for e in engines)
    assert [part.shape for part in found] == [part.shape for part in expected]
    for part, true in zip(found, expected, strict=True):
        np.testing.assert_allclose(part, true, rtol=1e-3, atol=1e-4 * true.max())


def test_without_torch_a_photo_is_analysed_to_the_same_masks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command's whole way, and the list of models; torch's import is refused."""
    model = _model(tmp_path, "resunet18_light", knows=True)
    photo = a_photo(tmp_path, "墙.png", height=200, width=300)
    monkeypatch.setenv("CAIHUA_CACHE", str(tmp_path / "cache"))

    def words(engine: str) -> list[str]:
        where = ["analyze", str(photo), "--out", str(tmp_path / engine)]
        return [*where, "--model", str(model), "--device", "cpu", "--engine", engine]

    code = (
        f"{WITHOUT_TORCH}"
        "from resunet_core.cli.main import main\n"
        f"sys.exit(main({words('openvino')!r}) or main(['models']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=False,
        cwd=ROOT,
        encoding="utf-8",
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
    )
    assert done.returncode == 0, done.stderr
    monkeypatch.setenv("CAIHUA_CACHE", str(tmp_path / "another cache"))
    assert main(words("torch")) == 0
    runs = [
        json.loads((tmp_path / engine / "run.json").read_bytes())
        for engine in ("openvino", "torch")
    ]
    assert [run["engine"].split()[0] for run in runs] == ["OpenVINO", "PyTorch"]
    assert all(0 < run["photos"][0]["busy"] <= 1 for run in runs)
    assert runs[0]["precision"] == "float32"
    assert runs[0]["photos"][0]["likeness"] == runs[1]["photos"][0]["likeness"]
    masks = [(tmp_path / e / "墙.mask.png").read_bytes() for e in ("openvino", "torch")]
    assert masks[0] == masks[1]


def test_eight_bits_are_for_exactly_the_model_they_were_measured_on(
    tmp_path: Path,
) -> None:
    path = _model(tmp_path, "resunet18_light")
    info = read_model_info(path)
    topology = shipped_topology("resunet18_light")
    assert topology is not None
    convolutions = [s.inputs[0] for s in topology.steps if s.kind == "conv"]
    ranges = dict.fromkeys(convolutions[1:-1], (0.0, 8.0))
    assert load_engine(str(path), "cpu").use.precision == "float32"
    written = write_ranges(path, info.sha256, ranges, "guessed")
    assert read_ranges(path, info.sha256) == ranges
    coarse, exact = (
        load_engine(str(path), "cpu"),
        load_engine(str(path), "cpu", "torch"),
    )
    if not openvino_engine._adds_exactly(openvino_engine.the_library()):
        pytest.skip("this processor overflows")
    assert coarse.use.precision == "int8"
    tiles = _tiles(96, 64)
    apart = np.abs(coarse(tiles) - exact(tiles))
    assert 1e-4 < apart.mean() < 0.05  # really in few levels, and still the same
    for damage in ("{", "[]", '{"format": 1}', json.dumps({"format": 2})):
        written.write_text(damage, "utf-8")
        assert load_engine(str(path), "cpu").use.precision == "float32"
    write_ranges(path, "0" * 64, ranges, "of another model")
    assert load_engine(str(path), "cpu").use.precision == "float32"
    with pytest.raises(EngineUnavailable, match="8 bits"):
        load_engine(str(path), "cpu", "openvino-int8")


def test_a_missing_engine_is_said_and_torch_takes_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _model(tmp_path, "resunet18_light")
    monkeypatch.setitem(sys.modules, "openvino", None)
    engine = load_engine(str(path))
    assert engine.use.engine.startswith("PyTorch")
    assert "OpenVINO cannot be loaded" in engine.notice
    assert "PyTorch is used instead" in engine.notice
    with pytest.raises(EngineUnavailable):
        load_engine(str(path), "cpu", "openvino")


def test_a_network_that_was_just_added_is_read_off_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _model(tmp_path, "resunet18_light")
    monkeypatch.setattr(openvino_engine, "shipped_topology", lambda _: None)
    found = load_engine(str(path), "cpu", "openvino")(_tiles(64, 64))
    expected = load_engine(str(path), "cpu", "torch")(_tiles(64, 64))
    assert np.abs(found - expected).max() < 1e-3


def test_weights_of_another_architecture_are_refused(tmp_path: Path) -> None:
    path = _model(tmp_path, "resunet18_light")
    info = read_model_info(path)
    other = replace(info.config, architecture="resunet18")
    save_model(path, build_network("resunet50", 3), other)
    with pytest.raises(BadModelFile, match="not of the architecture"):
        load_engine(str(path), "cpu", "openvino")
    assert read_arrays(read_model_info(path))
    with pytest.raises(WrongUsage, match="computes on the CPU"):
        load_engine(str(path), "cuda", "openvino")


def test_openvino_comes_without_its_telemetry() -> None:
    code = (
        "import sys; from resunet_core.inference.openvino_engine import the_library;"
        "the_library(); assert sys.modules['openvino_telemetry'] is None;"
        "assert 'torch' not in sys.modules"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.skipif(platform.machine() not in {"x86_64", "AMD64"}, reason="its names")
def test_a_processor_that_overflows_is_found_out() -> None:
    """As an older one, which the library is told to take this one for."""
    code = (
        "from resunet_core.inference import openvino_engine as engine;"
        "assert not engine._adds_exactly(engine.the_library())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=False,
        cwd=ROOT,
        env=os.environ | {"ONEDNN_MAX_CPU_ISA": "AVX2"},
    )
    assert done.returncode == 0, done.stderr.decode()
