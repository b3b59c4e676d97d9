"""One `.safetensors` file holds weights and everything needed to use them."""

import json
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from resunet_core.errors import BadModelFile, CaihuaError
from resunet_core.files import content_hash, replacing
from resunet_core.model.config import ModelConfig
from resunet_core.model.library import library_dir
from resunet_core.model.likeness import PREFIX, LikenessStatistics
from resunet_core.resources import resources_root

if TYPE_CHECKING:
    import torch
    from torch import nn

METADATA_KEY = "caihua"
DEFAULT_MODEL = "default"
MAX_HEADER_BYTES = 16 * 1024 * 1024
GET_AGAIN = "Get the model again from where it came."


@dataclass(frozen=True)
class ModelInfo:
    """A model file that was looked at but not loaded."""

    name: str
    path: Path
    config: ModelConfig
    sha256: str


@dataclass(frozen=True)
class LoadedModel:
    """A network with its weights, in evaluation mode on its device.

    Attributes:
        info: What its file says.
        network: The network.
        device: Where it is.
        likeness: What tells photos apart that it knows nothing of; None where its
            file does not say.
    """

    info: ModelInfo
    network: "nn.Module"
    device: "torch.device"
    likeness: LikenessStatistics | None = None

    @property
    def config(self) -> ModelConfig:
        """What the model file says about the network."""
        return self.info.config


def read_header(path: Path) -> dict[str, object]:
    """The JSON header of a safetensors file, without loading a weight.

    Raises:
        BadModelFile: Missing, truncated, a pickle, or no safetensors at all.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            start = stream.read(9)  # the header's length, and its first byte
            (length,) = struct.unpack("<Q", start[:8].ljust(8, b"\0"))
            if start[8:] != b"{" or length > min(size - 8, MAX_HEADER_BYTES):
                raise _not_a_model(path, start)
            header = json.loads(b"{" + stream.read(length - 1))
    except OSError as error:
        raise BadModelFile(
            f"{path} cannot be read: {error.strerror or error}.",
            "Check the name, or run `caihua models` for the installed ones.",
        ) from error
    except ValueError as error:
        raise BadModelFile(f"{path.name} is not a model file.", GET_AGAIN) from error
    if not isinstance(header, dict):
        raise BadModelFile(f"{path.name} is not a model file.", GET_AGAIN)
    return header


def _not_a_model(path: Path, start: bytes) -> BadModelFile:
    # Zip and raw pickles both run code of their author when they are opened.
    if start[:2] == b"PK" or start[:1] == b"\x80":
        return BadModelFile(
            f"{path.name} is a pickle (.pt, .pth), which can run any code when opened.",
            "Caihua opens .safetensors model files only: convert it where it was made.",
        )
    what = "empty or truncated" if len(start) < 9 or start[8:] == b"{" else ""
    return BadModelFile(f"{path.name} is {what or 'not a model file'}.", GET_AGAIN)


def read_model_info(path: Path) -> ModelInfo:
    """What a model file says of itself. Never loads weights, never imports torch.

    Raises:
        BadModelFile: It is no model file of Caihua.
    """
    header = read_header(path)
    metadata = header.get("__metadata__")
    text = metadata.get(METADATA_KEY) if isinstance(metadata, dict) else None
    if not isinstance(text, str):
        raise BadModelFile(
            f"{path.name} holds weights but does not say of which network and classes.",
            "Use a model file written by Caihua.",
        )
    return ModelInfo(path.stem, path, ModelConfig.from_json(text), content_hash(path))


def look_at_models() -> tuple[list[ModelInfo], list[BadModelFile]]:
    """The model files that ship and those of the person, and why others are none.

    One damaged file must not hide the good ones beside it.
    """
    good, bad = [], []
    for path in _model_files():
        try:
            good.append(read_model_info(path))
        except BadModelFile as error:
            bad.append(error)
    return good, bad


def _model_files() -> list[Path]:
    folders = (resources_root() / "models", library_dir())
    return [p for folder in folders for p in sorted(folder.glob("*.safetensors"))]


def installed_models() -> list[ModelInfo]:
    """The model files that can be read: those that ship, then the person's own."""
    return look_at_models()[0]


def find_model(name_or_path: str) -> Path:
    """The file of an installed model's name, or the path itself.

    Raises:
        BadModelFile: Neither a file nor an installed model.
    """
    path = Path(name_or_path)
    if path.suffix or path.is_file():
        return path
    installed = {file.stem: file for file in reversed(_model_files())}
    if name_or_path in installed:
        return installed[name_or_path]
    names = ", ".join(sorted(installed))
    raise BadModelFile(
        f"There is no model called {name_or_path!r}.",
        f"Installed are: {names or 'none'}. A path to a .safetensors works too.",
    )


def load_model(name_or_path: str, device: "torch.device") -> LoadedModel:
    """Read a model whole, or refuse it with the reason.

    Raises:
        BadModelFile: Truncated, a pickle, of another architecture, not a model.
    """
    from resunet_core.model.registry import build_network  # noqa: PLC0415 - torch

    info = read_model_info(find_model(name_or_path))
    network = build_network(info.config.architecture, info.config.outputs)
    tensors = _tensors(info)
    network.load_state_dict(_fitting_weights(info, network, tensors))
    network.eval().requires_grad_(requires_grad=False)
    likeness = LikenessStatistics.from_arrays(
        {n: t.float().numpy() for n, t in tensors.items() if n.startswith(PREFIX)}
    )
    return LoadedModel(info, network.to(device), device, likeness)


def _tensors(info: ModelInfo) -> "dict[str, torch.Tensor]":
    from safetensors import SafetensorError  # noqa: PLC0415 - loads torch
    from safetensors.torch import load_file  # noqa: PLC0415 - loads torch

    try:
        tensors: dict[str, torch.Tensor] = load_file(info.path)
    except (SafetensorError, OSError) as error:
        raise BadModelFile(
            f"{info.path.name} is truncated or damaged.", GET_AGAIN
        ) from error
    return tensors


def read_arrays(info: ModelInfo) -> dict[str, NDArray[Any]]:
    """All arrays of a model file, floats in 32 bits; without torch.

    Raises:
        BadModelFile: It is truncated or damaged.
    """
    from safetensors import SafetensorError  # noqa: PLC0415 - may load torch
    from safetensors.numpy import load_file  # noqa: PLC0415 - likewise

    try:
        found: dict[str, NDArray[Any]] = load_file(info.path)
    except (SafetensorError, OSError, ValueError, KeyError, TypeError) as error:
        raise BadModelFile(
            f"{info.path.name} is truncated or damaged.", GET_AGAIN
        ) from error
    return {
        name: array.astype(np.float32) if array.dtype.kind == "f" else array
        for name, array in found.items()
    }


def _fitting_weights(
    info: ModelInfo, network: "nn.Module", weights: "dict[str, torch.Tensor]"
) -> "dict[str, torch.Tensor]":
    expected = network.state_dict()
    for name, tensor in expected.items():
        if name not in weights:
            wrong = f"{name} is missing"
        elif weights[name].shape != tensor.shape:
            wrong = f"{name} has another shape"
        else:
            continue
        raise BadModelFile(
            f"The weights in {info.path.name} are not of the architecture "
            f"{info.config.architecture} that it names: {wrong}.",
            GET_AGAIN,
        )
    return {
        name: weights[name].to(tensor.dtype)
        if tensor.is_floating_point()
        else weights[name]
        for name, tensor in expected.items()
    }


def save_model(
    path: Path,
    network: "nn.Module",
    config: ModelConfig,
    *,
    half: bool = False,
    likeness: LikenessStatistics | None = None,
) -> None:
    """Write weights and configuration as one file, whole or not at all.

    Args:
        path: Where to; must end in `.safetensors`.
        network: Its weights are written, from whatever device.
        config: Must describe `network`.
        half: Store its floats in 16 bits: half the size, same masks in practice.
        likeness: Kept with them, in 32 bits, for `LoadedModel.likeness`.
    """
    import torch  # noqa: PLC0415 - only who saves has a network, hence torch
    from safetensors.torch import save_file  # noqa: PLC0415 - loads torch

    if path.suffix != ".safetensors":
        raise CaihuaError(
            f"{path.name} is no name for a model file.", "End it in .safetensors."
        )
    config.validate()
    weights = {}
    for name, tensor in network.state_dict().items():
        stored = tensor.detach().cpu().contiguous()
        as_half = half and stored.is_floating_point()
        weights[name] = stored.to(torch.float16) if as_half else stored
    for name, array in (likeness.arrays() if likeness else {}).items():
        weights[name] = torch.from_numpy(array).contiguous()
    with replacing(path) as beside:
        save_file(weights, beside, metadata={METADATA_KEY: config.to_json()})
        beside.chmod(0o644)  # the library makes it private, a model is to be shared
