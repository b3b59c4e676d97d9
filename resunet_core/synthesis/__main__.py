"""Write the sample photos: `python -m resunet_core.synthesis --out DIR [--big]`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from resunet_core.synthesis.samples import write_samples


def main() -> int:
    """Read the command line, write the samples, name them."""
    parser = argparse.ArgumentParser(
        prog="python -m resunet_core.synthesis",
        description="Make photos of painted beams whose damage is known.",
        epilog="Example: python -m resunet_core.synthesis --out samples --big",
    )
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    parser.add_argument(
        "--big", action="store_true", help="also make 24 and 150 megapixel photos"
    )
    choice = parser.parse_args()
    for path in write_samples(choice.out, big=choice.big):
        sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
