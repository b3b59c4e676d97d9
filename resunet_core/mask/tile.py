"""One tile of a mask plane: a value with a raw and a packed form."""

import zlib

import numpy as np
from numpy.typing import NDArray

TILE_PX = 512
"""Side of a tile of a mask; the last row and column of tiles may be smaller."""


class DamagedTile(ValueError):  # noqa: N818 - named after what was found
    """Packed pixels are not what was packed."""


Pixels = NDArray[np.uint8]


def pack(pixels: Pixels) -> bytes:
    """Compress uint8 pixels; `unpack` gives them back."""
    # Masks are runs of equal bytes: run lengths alone are as small as zlib's level 6
    # here, at a sixth of its time.
    packer = zlib.compressobj(1, zlib.DEFLATED, zlib.MAX_WBITS, 8, zlib.Z_RLE)
    return packer.compress(np.ascontiguousarray(pixels).data) + packer.flush()


def unpack(data: bytes, shape: tuple[int, int]) -> Pixels:
    """Read-only uint8 pixels of `shape`, in memory bounded by that shape.

    Raises:
        DamagedTile: `data` is damaged or holds another number of pixels.
    """
    size = shape[0] * shape[1]
    unpacker = zlib.decompressobj()
    try:
        raw = unpacker.decompress(data, size + 1)
    except zlib.error as error:
        raise DamagedTile(f"a mask tile is damaged: {error}") from error
    if len(raw) != size or not unpacker.eof:
        raise DamagedTile(f"a mask tile does not hold {shape[0]} x {shape[1]} pixels")
    return np.frombuffer(raw, np.uint8).reshape(shape)


class Tile:
    """Pixels that nobody changes any more; shared by planes, edits and snapshots.

    Whoever made the tile from an array may go on drawing in it only until the tile
    is part of a finished edit.

    Raises:
        ValueError: The pixels are not uint8 [h, w].
    """

    __slots__ = ("_packed", "_raw", "shape")

    def __init__(self, pixels: Pixels) -> None:
        if pixels.dtype != np.uint8 or pixels.ndim != 2:
            raise ValueError(f"no mask tile: {pixels.dtype} of {pixels.shape}")
        view = pixels.view()
        view.flags.writeable = False
        self._raw: Pixels | None = view
        self._packed: bytes | None = None
        self.shape: tuple[int, int] = (pixels.shape[0], pixels.shape[1])

    @classmethod
    def from_packed(cls, data: bytes, shape: tuple[int, int]) -> "Tile":
        """A tile in its packed form.

        Raises:
            DamagedTile: `data` is damaged or holds another number of pixels.
        """
        tile = cls(unpack(data, shape))
        tile._packed = data
        tile.release()
        return tile

    @property
    def pixels(self) -> Pixels:
        """Read-only uint8 [h, w]; unpacked for this call only when not raw."""
        raw = self._raw
        return unpack(self.packed, self.shape) if raw is None else raw

    @property
    def packed(self) -> bytes:
        """The packed form, made once."""
        raw = self._raw  # looked at once: another thread may release it
        if self._packed is None and raw is not None:
            self._packed = pack(raw)
        if self._packed is None:
            raise ValueError("a mask tile has neither form")
        return self._packed

    @property
    def nbytes(self) -> int:
        """Memory that the forms present take."""
        raw = self._raw
        return len(self._packed or b"") + (0 if raw is None else raw.nbytes)

    def keep_raw(self) -> Pixels:
        """The pixels, kept raw for the next reader as well."""
        self._raw = pixels = self.pixels
        return pixels

    def release(self) -> None:
        """Keep the packed form only."""
        if self.packed:
            self._raw = None


def tile_of(pixels: Pixels | None) -> Tile | None:
    """The tile of some pixels; None for zeros alone."""
    return Tile(pixels) if pixels is not None and pixels.any() else None


def same_pixels(one: Tile | None, other: Tile | None) -> bool:
    """Whether two tiles hold the same pixels; None is a tile of zeros."""
    if one is other:
        return True
    if one is None or other is None:
        present = one or other
        return present is None or not present.pixels.any()
    return np.array_equal(one.pixels, other.pixels)
