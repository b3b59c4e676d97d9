"""How large a network is and how much it computes."""

from dataclasses import dataclass

from resunet_core.model.registry import build_network
from resunet_core.model.topology import shipped_topology

SIDE_PX = 512


@dataclass(frozen=True)
class NetworkCost:
    """Parameters, and multiply-accumulate operations for a 512 x 512 px tile."""

    parameters: int
    gmac: float


def network_cost(architecture: str, outputs: int = 3) -> NetworkCost:
    """As it was counted when the architecture was packaged, else counted now.

    Raises:
        BadModelFile: No such architecture.
    """
    known = shipped_topology(architecture) if outputs == 3 else None
    if known is not None:
        return NetworkCost(known.parameters, known.gmac)
    return counted_cost(architecture, outputs)


def counted_cost(architecture: str, outputs: int = 3) -> NetworkCost:
    """Count without computing: tensors without storage flow through the network.

    Raises:
        BadModelFile: No such architecture.
    """
    import torch  # noqa: PLC0415 - what is known needs none
    from torch.utils.flop_counter import FlopCounterMode  # noqa: PLC0415 - likewise

    with torch.device("meta"):
        network = build_network(architecture, outputs).eval()
        tile = torch.empty(1, 3, SIDE_PX, SIDE_PX)
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        network(tile)
    parameters = sum(p.numel() for p in network.parameters())
    return NetworkCost(parameters, counter.get_total_flops() / 2e9)
