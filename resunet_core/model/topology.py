"""A network's graph without its weights, in a form that needs no torch to be read.

One small JSON file an architecture lies in the resources, made from our own modules by
`packaging/topologies.py`. Weights have the names of the model file.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from resunet_core.resources import resources_root

FORMAT_VERSION = 1
PHOTO = 0
"""The number of the value that comes in; step k makes the value k + 1."""


@dataclass(frozen=True)
class Step:
    """One operation.

    Attributes:
        kind: `conv`, `norm`, `relu`, `relu6`, `max_pool`, `add`, `join`, `mean`,
            `shuffle`, or `enlarge`, `expand`, `crop`, of which the second value says
            to what size.
        inputs: Numbers of the values it takes.
        weights: Before the last dot, the names of its weights in the model file.
        settings: Its stride and so on, by torch's names.
    """

    kind: str
    inputs: tuple[int, ...]
    weights: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Topology:
    """From a photo, float [N, 3, H, W] in 0..1, to logits of the same height and width.

    Attributes:
        steps: In an order in which each has what it takes.
        maps: Values that the encoder gives, finest first.
        logits: The value that comes out.
        parameters: So many trainable numbers, for three outputs.
        gmac: Multiply-accumulate operations for a 512 x 512 px tile, in thousand
            millions.
    """

    steps: tuple[Step, ...]
    maps: tuple[int, ...]
    logits: int
    parameters: int = 0
    gmac: float = 0.0

    def to_json(self) -> str:
        """As text, a step a line, so that a change can be read."""
        lines = []
        for step in self.steps:
            row: dict[str, Any] = {"kind": step.kind, "inputs": step.inputs}
            if step.weights:
                row["weights"] = step.weights
            lines.append(json.dumps(row | dict(step.settings)))
        head = {
            "format": FORMAT_VERSION,
            "parameters": self.parameters,
            "gmac": self.gmac,
            "maps": self.maps,
            "logits": self.logits,
        }
        steps = ",\n".join(lines)
        return f'{json.dumps(head)[:-1]}, "steps": [\n{steps}\n]}}\n'

    @staticmethod
    def from_json(text: str) -> "Topology":
        """Read what `to_json` wrote.

        Raises:
            ValueError: It is no such text, or of a newer program.
        """
        raw = json.loads(text)
        try:
            if raw["format"] != FORMAT_VERSION:
                raise ValueError(f"a topology of format {raw['format']}")
            steps = [
                Step(
                    row.pop("kind"),
                    tuple(row.pop("inputs")),
                    row.pop("weights", ""),
                    row,
                )
                for row in raw["steps"]
            ]
            return Topology(
                tuple(steps),
                tuple(raw["maps"]),
                raw["logits"],
                raw["parameters"],
                raw["gmac"],
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("no topology") from error


def shipped_topology(architecture: str) -> Topology | None:
    """The graph of an architecture as it ships; None of one that was added since."""
    path = resources_root() / "topologies" / f"{architecture}.json"
    if not path.is_file():
        return None
    return Topology.from_json(path.read_text("utf-8"))
