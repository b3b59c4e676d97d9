"""Probabilities of a whole photo, on disk as bytes, read part by part."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.lib.format import write_array_header_1_0
from numpy.typing import NDArray

from resunet_core.box import Box
from resunet_core.cache import cache_dir
from resunet_core.errors import CaihuaError
from resunet_core.files import replacing
from resunet_core.model.likeness import Likeness


class ProbabilityMap:
    """For each defect class and pixel, the probability times 255, rounded.

    Attributes:
        keys: Class keys, in the order of the planes.
        height: Rows of the photo.
        width: Columns of the photo.
        likeness: How like the photo is to what the model learned from; None where
            that is not known.
        busy: Share of the detection's time in which the engine computed; None of
            probabilities that were kept.
    """

    busy: float | None = None

    def __init__(
        self,
        keys: tuple[str, ...],
        values: NDArray[np.uint8],
        likeness: Likeness | None = None,
    ) -> None:
        self.keys = keys
        self.likeness = likeness
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
            likeness = _likeness_behind(path, values)
        except (OSError, ValueError, EOFError, TypeError) as error:
            raise CaihuaError(
                f"The kept probabilities {path.name} cannot be read.",
                "Detect again.",
            ) from error
        if values.ndim != 3 or values.shape[1] != len(keys) or values.dtype != np.uint8:
            raise CaihuaError(
                f"The kept probabilities {path.name} are of another model.",
                "Detect again.",
            )
        return ProbabilityMap(keys, values, likeness)


def probability_path(photo_sha256: str, model_sha256: str, precision: str = "") -> Path:
    """Where the probabilities of this photo by this model are kept.

    Those in 8 bits are apart from the others, which all engines agree on.
    """
    about = "-int8" if precision == "int8" else ""
    name = f"{photo_sha256[:32]}-{model_sha256[:32]}{about}.npy"
    return cache_dir("probabilities") / name


def kept_path(photo_sha256: str, model_sha256: str) -> Path:
    """Where the last detection was kept, whichever precision it was in."""
    exact = probability_path(photo_sha256, model_sha256)
    coarse = probability_path(photo_sha256, model_sha256, "int8")
    return max((exact, coarse), key=_made)


def _made(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return -1.0


RowSink = Callable[[NDArray[np.uint8]], None]
"""Takes the next finished rows from the top: uint8 [C, rows, W]."""


@dataclass
class NewRows:
    """Called with a map's finished rows, in turn; told the likeness at any time."""

    stream: BinaryIO
    likeness: Likeness | None = None

    def __call__(self, rows: NDArray[np.uint8]) -> None:
        """Append rows, uint8 [C, rows, W]."""
        self.stream.write(np.ascontiguousarray(rows.swapaxes(0, 1)).data)


@contextmanager
def new_rows(path: Path, shape: tuple[int, int, int]) -> Iterator[NewRows]:
    """A sink for the rows of a [C, H, W] map; they become `path` when all went well.

    Rows are appended, so that memory and dirty pages do not grow with the photo. The
    likeness comes behind them as JSON, where NumPy does not look: in the same file,
    both are there or neither.
    """
    count, height, width = shape
    with replacing(path) as beside, beside.open("wb") as stream:
        header = {
            "descr": "|u1",
            "fortran_order": False,
            "shape": (height, count, width),
        }
        write_array_header_1_0(stream, header)
        rows = NewRows(stream)
        yield rows
        if rows.likeness is not None:
            stream.write(json.dumps(asdict(rows.likeness)).encode())


def _likeness_behind(path: Path, values: NDArray[np.uint8]) -> Likeness | None:
    """What `new_rows` wrote behind the rows."""
    start = values.offset + values.nbytes if isinstance(values, np.memmap) else 0
    with path.open("rb") as stream:
        stream.seek(start)
        text = stream.read()
    if not text:
        return None
    return Likeness(**json.loads(text))
