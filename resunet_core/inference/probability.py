"""Probabilities of a whole photo, on disk as bytes, read part by part."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.lib.format import write_array_header_1_0
from numpy.typing import NDArray

from resunet_core.box import Box
from resunet_core.cache import cache_dir
from resunet_core.errors import CaihuaError
from resunet_core.files import replacing


class ProbabilityMap:
    """For each defect class and pixel, the probability times 255, rounded.

    Attributes:
        keys: Class keys, in the order of the planes.
        height: Rows of the photo.
        width: Columns of the photo.
    """

    def __init__(self, keys: tuple[str, ...], values: NDArray[np.uint8]) -> None:
        self.keys = keys
        self._values = values
        self.height, _, self.width = values.shape  # rows first: written in this order

    def read(self, box: Box) -> NDArray[np.uint8]:
        """The planes inside `box` (clipped to the photo): uint8 [C, h, w]."""
        inside = box.clip(Box.of(self.height, self.width))
        rows, columns = inside.slices
        return np.array(self._values[rows, :, columns].swapaxes(0, 1))

    @staticmethod
    def open(path: Path, keys: tuple[str, ...]) -> "ProbabilityMap":
        """Map a finished file; it stays on disk until read.

        Raises:
            CaihuaError: It is missing, damaged, or has other classes.
        """
        try:
            values = np.load(path, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise CaihuaError(
                f"The kept probabilities {path.name} cannot be read.",
                "Detect again.",
            ) from error
        if values.ndim != 3 or values.shape[1] != len(keys) or values.dtype != np.uint8:
            raise CaihuaError(
                f"The kept probabilities {path.name} are of another model.",
                "Detect again.",
            )
        return ProbabilityMap(keys, values)


def probability_path(photo_sha256: str, model_sha256: str) -> Path:
    """Where the probabilities of this photo by this model are kept."""
    return cache_dir("probabilities") / f"{photo_sha256[:32]}-{model_sha256[:32]}.npy"


RowSink = Callable[[NDArray[np.uint8]], None]
"""Takes the next finished rows from the top: uint8 [C, rows, W]."""


@contextmanager
def new_rows(path: Path, shape: tuple[int, int, int]) -> Iterator[RowSink]:
    """A sink for the rows of a [C, H, W] map; they become `path` when all went well.

    Rows are appended, so that memory and dirty pages do not grow with the photo.
    """
    count, height, width = shape
    with replacing(path) as beside, beside.open("wb") as stream:
        header = {
            "descr": "|u1",
            "fortran_order": False,
            "shape": (height, count, width),
        }
        write_array_header_1_0(stream, header)

        def write(rows: NDArray[np.uint8]) -> None:
            stream.write(np.ascontiguousarray(rows.swapaxes(0, 1)).data)

        yield write
