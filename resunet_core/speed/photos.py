"""Photos to measure with: a sample, mirrored to any size."""

from pathlib import Path

import pyvips

from resunet_core.resources import resource

SAMPLE = "02-hexi-dragon.jpg"
SHAPE = (2, 3)
"""Height to width, as most cameras have it."""
QUALITY = 92


def write_photo(path: Path, megapixels: float) -> tuple[int, int]:
    """Write a JPEG of a painted beam with damage; its height and width.

    The same beam comes again and again, mirrored, so that no more than it is held in
    memory.
    """
    rows, columns = SHAPE
    unit = (megapixels * 1e6 / (rows * columns)) ** 0.5
    height, width = round(rows * unit), round(columns * unit)
    sample = pyvips.Image.new_from_file(str(resource("samples", "images") / SAMPLE))
    part = sample.copy_memory()
    both = part.join(part.fliphor(), "horizontal")
    four = both.join(both.flipver(), "vertical")
    across, down = -(-width // four.width), -(-height // four.height)
    whole = four.replicate(across, down).crop(0, 0, width, height)
    whole.jpegsave(str(path), Q=QUALITY)
    return height, width
