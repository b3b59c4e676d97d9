"""How large a network is and how much it computes."""

from dataclasses import dataclass

import torch
from torch.utils.flop_counter import FlopCounterMode

from resunet_core.model.registry import build_network

SIDE_PX = 512


@dataclass(frozen=True)
class NetworkCost:
    """Parameters, and multiply-accumulate operations for a 512 x 512 px tile."""

    parameters: int
    gmac: float


def network_cost(architecture: str, outputs: int = 3) -> NetworkCost:
    """Count without computing: tensors without storage flow through the network.

    Raises:
        BadModelFile: No such architecture.
    """
    with torch.device("meta"):
        network = build_network(architecture, outputs).eval()
        tile = torch.empty(1, 3, SIDE_PX, SIDE_PX)
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        network(tile)
    parameters = sum(p.numel() for p in network.parameters())
    return NetworkCost(parameters, counter.get_total_flops() / 2e9)
