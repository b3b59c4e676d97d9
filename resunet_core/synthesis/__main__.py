"""Make photos of painted beams whose damage is known, as a data folder."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from resunet_core.synthesis.samples import (
    BIG_SAMPLES,
    SAMPLES,
    Sample,
    numbered_samples,
    write_samples,
)

EXAMPLE = "python -m resunet_core.synthesis --out beams --photos 200 --size 640 480"


def main() -> int:
    """Read the command line, write the photos, name them."""
    parser = argparse.ArgumentParser(
        prog="python -m resunet_core.synthesis",
        description=__doc__,
        epilog=f"Example: {EXAMPLE}",
    )
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    parser.add_argument(
        "--big", action="store_true", help="also make 24 and 150 megapixel photos"
    )
    parser.add_argument(
        "--photos", type=int, metavar="N", help="make N photos instead of the samples"
    )
    parser.add_argument(
        "--size",
        type=int,
        nargs=2,
        default=(1200, 700),
        metavar=("WIDTH", "HEIGHT"),
        help="of those photos, in pixels",
    )
    parser.add_argument("--seed", type=int, default=20_000, help="of the first of them")
    choice = parser.parse_args()
    samples: tuple[Sample, ...] = (*SAMPLES, *BIG_SAMPLES) if choice.big else SAMPLES
    if choice.photos is not None:
        width, height = choice.size
        samples = numbered_samples(
            choice.photos, width_px=width, height_px=height, seed=choice.seed
        )
    for path in write_samples(choice.out, samples):
        sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
