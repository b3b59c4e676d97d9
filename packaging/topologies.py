"""Write the graph of every architecture, without weights, into resources/topologies.

    python3 packaging/topologies.py

To be run again when an architecture is added or changed; a test compares.
"""

import sys
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import torch

from resunet_core.files import write_text
from resunet_core.model.cost import counted_cost
from resunet_core.model.registry import ARCHITECTURES, build_network
from resunet_core.model.topology import Topology
from resunet_core.model.traced import topology_of


def topology(architecture: str) -> Topology:
    """The graph of an architecture, with its cost."""
    with torch.device("meta"):
        traced = topology_of(build_network(architecture, 3).eval())
    cost = counted_cost(architecture)
    return replace(traced, parameters=cost.parameters, gmac=round(cost.gmac, 6))


def main() -> int:
    """Write all files."""
    for name in ARCHITECTURES:
        path = ROOT / "resources" / "topologies" / f"{name}.json"
        write_text(path, topology(name).to_json())
        print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
