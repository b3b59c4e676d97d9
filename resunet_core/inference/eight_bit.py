"""What is needed to compute a network in 8 bits: the ranges of its values.

The weights stay in the model file; of them 8-bit ones are made as the network is
loaded. So what is kept beside a model is a few kilobytes, of its own weights only.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from resunet_core.files import write_text
from resunet_core.model.likeness import Floats

Ranges = Mapping[int, tuple[float, float]]
"""By the number of a value in the topology: its least and greatest."""

FORMAT_VERSION = 1
WEIGHT_LEVELS = 255
"""From -127 to 127. With seven bits, which no processor can overflow, craquelure's
centre-line F1 fell by a whole point; so where eight overflow they are not used."""


def ranges_path(model: Path) -> Path:
    """Where the ranges of a model file lie: beside it."""
    return model.with_suffix(".int8.json")


def read_ranges(model: Path, sha256: str) -> Ranges | None:
    """The ranges of a model file; None where there are none of exactly this content."""
    try:
        raw = json.loads(ranges_path(model).read_text("utf-8"))
        if (raw["format"], raw["sha256"]) != (FORMAT_VERSION, sha256):
            return None
        found = {int(n): (float(a), float(b)) for n, (a, b) in raw["ranges"].items()}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None  # none, or damaged: then it is computed in 32 bits, and said so
    if all(np.isfinite(pair).all() and pair[0] < pair[1] for pair in found.values()):
        return found
    return None


def write_ranges(model: Path, sha256: str, ranges: Ranges, notes: str) -> Path:
    """Keep the ranges of a model file; where.

    Args:
        model: Beside it.
        sha256: Of its content: of another one they do not count.
        ranges: Theirs.
        notes: How they came about.
    """
    rows = {
        str(number): [float(f"{low:.6g}"), float(f"{high:.6g}")]
        for number, (low, high) in sorted(ranges.items())
    }
    head = {"format": FORMAT_VERSION, "sha256": sha256, "notes": notes}
    text = json.dumps({**head, "ranges": rows}, ensure_ascii=False)
    path = ranges_path(model)
    write_text(path, text.replace('], "', '],\n"') + "\n")
    return path


def weight_limits(kernel: Floats) -> tuple[Floats, Floats, int]:
    """Least and greatest of each output's weights, [outputs, 1, 1, 1], and levels."""
    greatest = np.abs(kernel).max(axis=(1, 2, 3), keepdims=True)
    high = np.maximum(greatest, np.float32(1e-8))
    return -high, high, WEIGHT_LEVELS
