"""Where a network runs."""

import ctypes
import importlib.util
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from resunet_core.errors import DeviceUnavailable

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Device:
    """A place to compute, with the name a person knows it by."""

    torch_device: "torch.device"
    name: str

    @property
    def kind(self) -> str:
        """`cpu` or `cuda`."""
        return self.torch_device.type


def torch_is_here() -> bool:
    """Whether torch is installed; it is not loaded to find out."""
    try:
        return importlib.util.find_spec("torch") is not None
    except (ImportError, ValueError):  # another name stands in for it
        return False


def refuse_without_torch() -> None:
    """Say where learning is to be had, where it is not.

    Raises:
        DeviceUnavailable: torch did not come along.
    """
    if not torch_is_here():
        raise DeviceUnavailable(
            "This is Caihua for the field, which detects but does not learn.",
            "To learn, install the full Caihua, the file with full in its name, from "
            "where this one came: it opens the same projects.",
        )


def cuda_may_be_here() -> bool:
    """Whether an NVIDIA driver answers; False saves the second that torch needs."""
    name = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def choose_device(wanted: str = "auto") -> Device:
    """The CUDA GPU where there is one, else the CPU; or what was asked for.

    Args:
        wanted: `auto`, `cpu` or `cuda`.

    Raises:
        DeviceUnavailable: `cuda` was asked for and is not to be had.
    """
    import torch  # noqa: PLC0415 - an engine of its own may do without

    has_cuda = torch.cuda.is_available()
    if wanted == "cuda" and not has_cuda:
        raise no_cuda()
    if wanted == "cpu" or not has_cuda:
        return Device(torch.device("cpu"), cpu_name(torch.get_num_threads()))
    index = torch.cuda.current_device()
    return Device(torch.device("cuda", index), torch.cuda.get_device_name(index))


def no_cuda() -> DeviceUnavailable:
    """Why `cuda` cannot be had."""
    return DeviceUnavailable(
        "No CUDA GPU can be used on this computer.",
        "Use --device auto or cpu; `caihua doctor` says what is missing.",
    )


def cpu_name(threads: int) -> str:
    """What the processor is called, with so many threads."""
    return f"CPU, {threads} thread{'' if threads == 1 else 's'}"
