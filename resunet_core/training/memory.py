"""How much memory this process has taken at most."""

import sys

import torch

MIB = 2**20


def memory_mib(device: torch.device) -> float | None:
    """Most memory so far in MiB: the GPU's on CUDA, else the process's.

    None where the system does not tell (Windows, without a GPU).
    """
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device) / MIB
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return None
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (MIB if sys.platform == "darwin" else 1024)
