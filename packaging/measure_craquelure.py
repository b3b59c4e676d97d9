"""Measure how long craquelure of a large photo takes to measure, and its memory.

.venv/bin/python packaging/measure_craquelure.py [--megapixels 24]
"""

import argparse
import math
import resource
import sys
import time

import cv2
import numpy as np
from numpy.typing import NDArray

from resunet_core.mask.regions import ArrayMask
from resunet_core.measure.craquelure import measure_craquelure
from resunet_core.measure.surface import Surface
from resunet_core.progress import run_to_end

SIDE_PX = 23.0
THICK_PX = 4
_SHIFT = 4  # places after the point in OpenCV's drawing


def honeycomb(height: int, width: int) -> NDArray[np.uint8]:
    """A mask of hexagons of cracks that cover about a fifth of it."""
    count = int(2 * max(height, width) / SIDE_PX)
    along = np.arange(-count, count)
    column, row = np.repeat(along, len(along)), np.tile(along, len(along))
    x = 1.5 * SIDE_PX * column
    y = math.sqrt(3) * SIDE_PX * (row + 0.5 * (column % 2))
    turn = np.array([[math.cos(0.3), math.sin(0.3)], [-math.sin(0.3), math.cos(0.3)]])
    middle = np.stack([x, y], axis=1) @ turn + (width / 2, height / 2)
    inside = (np.abs(middle - (width / 2, height / 2)) < (width, height)).all(axis=1)
    angle = np.arange(6) * np.pi / 3
    corners = np.stack([np.cos(angle), np.sin(angle)], axis=1) * SIDE_PX @ turn
    rings = middle[inside][:, np.newaxis] + corners
    mask = np.zeros((height, width), np.uint8)
    drawn = list(np.round(rings * 2**_SHIFT).astype(np.int32))
    cv2.polylines(mask, drawn, isClosed=True, color=1, thickness=THICK_PX, shift=_SHIFT)
    return mask


def main() -> None:
    """Measure once and print one line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--megapixels", type=float, default=24)
    pixels = parser.parse_args().megapixels * 1e6
    height = round(math.sqrt(pixels / 1.5))
    mask = honeycomb(height, round(1.5 * height))
    began, used = time.perf_counter(), time.process_time()
    found = run_to_end(measure_craquelure(Surface(ArrayMask(mask)), 1, cell_px=500))
    seconds, processor = time.perf_counter() - began, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if sys.platform == "darwin":
        peak /= 1024
    print(
        f"{mask.size / 1e6:.1f} MP, {100 * mask.mean():.0f} % cracked: {seconds:.1f} s"
        f" ({processor:.1f} s of processor), {peak:.0f} MiB, "
        f"{found.length_px:,.0f} px of cracks, {found.junctions:,} junctions, "
        f"{len(found.islands):,} islands"
    )


if __name__ == "__main__":
    main()
