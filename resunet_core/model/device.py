"""Where a network runs."""

from dataclasses import dataclass

import torch

from resunet_core.errors import DeviceUnavailable


@dataclass(frozen=True)
class Device:
    """A place to compute, with the name a person knows it by."""

    torch_device: torch.device
    name: str

    @property
    def kind(self) -> str:
        """`cpu` or `cuda`."""
        return self.torch_device.type


def choose_device(wanted: str = "auto") -> Device:
    """The CUDA GPU where there is one, else the CPU; or what was asked for.

    Args:
        wanted: `auto`, `cpu` or `cuda`.

    Raises:
        DeviceUnavailable: `cuda` was asked for and is not to be had.
    """
    has_cuda = torch.cuda.is_available()
    if wanted == "cuda" and not has_cuda:
        raise DeviceUnavailable(
            "No CUDA GPU can be used on this computer.",
            "Use --device auto or cpu; `caihua doctor` says what is missing.",
        )
    if wanted == "cpu" or not has_cuda:
        threads = torch.get_num_threads()
        plural = "" if threads == 1 else "s"
        return Device(torch.device("cpu"), f"CPU, {threads} thread{plural}")
    index = torch.cuda.current_device()
    return Device(torch.device("cuda", index), torch.cuda.get_device_name(index))
