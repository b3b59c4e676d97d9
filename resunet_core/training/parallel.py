"""Several GPUs: as many trainings side by side as `torchrun` starts."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import torch
from torch import distributed, nn
from torch.nn.parallel import DistributedDataParallel

T = TypeVar("T")


@dataclass(frozen=True)
class Place:
    """Where a training runs: alone, or as one of several that learn one network.

    Attributes:
        device: What it computes on.
        rank: Which of them this process is.
        size: How many they are.
    """

    device: torch.device
    rank: int = 0
    size: int = 1

    @property
    def first(self) -> bool:
        """Whether this one judges, writes and reports."""
        return self.rank == 0

    def joined(self, network: nn.Module) -> nn.Module:
        """The network as one whose gradients are the mean over all.

        Again after each change of what is frozen: torch notes it only here.
        """
        if self.size == 1:
            return network
        ids = [self.device] if self.device.type == "cuda" else None
        return DistributedDataParallel(network, device_ids=ids)

    def agreed(self, value: T) -> T:
        """The first one's value, known to all."""
        if self.size == 1:
            return value
        box: list[Any] = [value]
        distributed.broadcast_object_list(box)
        shared: T = box[0]
        return shared


@contextmanager
def place_in_group(device: torch.device) -> Iterator[Place]:
    """The place that `torchrun` started this process for; else alone on `device`."""
    if int(os.environ.get("WORLD_SIZE", "1")) == 1:
        yield Place(device)
        return
    if device.type == "cuda":
        device = torch.device("cuda", int(os.environ["LOCAL_RANK"]))
        torch.cuda.set_device(device)
    distributed.init_process_group("nccl" if device.type == "cuda" else "gloo")
    try:
        yield Place(device, distributed.get_rank(), distributed.get_world_size())
    finally:
        distributed.destroy_process_group()
