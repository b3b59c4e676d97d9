"""How fast one engine detects; measured in a process of its own."""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from resunet_core.imaging.photo import open_photo
from resunet_core.imaging.pyramid import Pyramid, build_pyramid
from resunet_core.inference.detect import detect, grid_for
from resunet_core.inference.engine import load_engine
from resunet_core.inference.grid import TileGrid
from resunet_core.progress import run_to_end
from resunet_core.speed.ceilings import cuda_gmac_s
from resunet_core.speed.machine import peak_memory_mb
from resunet_core.speed.watched import WatchedEngine

SIDE_PX = 512
"""Of the tile that a network's operations are counted for."""


@dataclass(frozen=True)
class EngineWish:
    """What is to be measured.

    Attributes:
        model: Name or path.
        engine: One of `inference.engine.ENGINES`.
        device: `cpu` or `cuda`.
        photo: A JPEG to detect on, for `seconds` or to its end.
        seconds: So long, at least one tile; None for the whole photo.
        gmac_512: 10^9 multiplications with their addition for a tile of 512 px.
        more: Larger photos, detected to their ends.
        estimated: Megapixels of photos that there is no time for.
    """

    model: str
    engine: str
    device: str
    photo: Path
    seconds: float | None
    gmac_512: float
    more: tuple[Path, ...] = ()
    estimated: tuple[float, ...] = ()


@dataclass(frozen=True)
class PhotoSpeed:
    """A photo of one size.

    Attributes:
        megapixels: Of the photo.
        seconds: To unpack it and to detect on all of it.
        measured: False where a part of a photo says how long the whole would take.
    """

    megapixels: float
    seconds: float
    measured: bool


@dataclass(frozen=True)
class EngineSpeed:
    """What one engine needs.

    Attributes:
        device: That computed.
        engine: Its name and version.
        precision: `float32`, `float16` or `int8`.
        load_s: From the start of its libraries until the model is ready.
        first_tile_s: The first tile, which takes longer than others.
        tiles_s: Whole tiles a second, all work around them included.
        megapixels_s: Of the smallest photo, its unpacking left out.
        unpack_megapixels_s: Of that unpacking.
        busy: Share of the detection's time in which the engine computed.
        photos: In the order of the wish.
        gmac_s: 10^9 multiplications with their addition a second, in the network.
        peak_mb: The most memory that the process held, in MiB.
        ceiling_gmac_s: The best of the GPU; None on a CPU.
    """

    device: str
    engine: str
    precision: str
    load_s: float
    first_tile_s: float
    tiles_s: float
    megapixels_s: float
    unpack_megapixels_s: float
    busy: float
    photos: tuple[PhotoSpeed, ...]
    gmac_s: float
    peak_mb: float | None
    ceiling_gmac_s: float | None = None


@dataclass(frozen=True)
class _Pass:
    """A detection, or its beginning; `seen_px` overlap, as tiles do."""

    megapixels: float
    unpack_s: float
    seen_px: int
    seconds: float
    busy_s: float
    whole: bool

    @property
    def seen_px_s(self) -> float:
        return self.seen_px / self.seconds


def measure_engine(wish: EngineWish) -> EngineSpeed:
    """Load an engine, warm it up, detect.

    Raises:
        CaihuaError: The engine or the model cannot be used.
    """
    began = time.perf_counter()
    engine = WatchedEngine(load_engine(wish.model, wish.device, wish.engine))
    load_s = time.perf_counter() - began
    first_tile_s = _warm_up(engine)
    first = _detect_on(engine, wish.photo, wish.seconds)
    peak = peak_memory_mb()
    tile_px = engine.config.tile_px
    use, size = engine.use, _size_of(first.megapixels)
    return EngineSpeed(
        device=use.device,
        engine=use.engine,
        precision=use.precision,
        load_s=round(load_s, 2),
        first_tile_s=round(first_tile_s, 2),
        tiles_s=round(first.seen_px_s / tile_px**2, 3),
        megapixels_s=round(
            first.megapixels * first.seen_px_s / _seen_px(grid_for(engine, *size)), 3
        ),
        unpack_megapixels_s=round(first.megapixels / first.unpack_s, 1),
        busy=round(first.busy_s / first.seconds, 3),
        photos=_photos(engine, wish, first),
        gmac_s=round(first.seen_px_s * wish.gmac_512 / SIDE_PX**2, 1),
        peak_mb=None if peak is None else round(peak),
        ceiling_gmac_s=round(cuda_gmac_s(), 1) if use.kind == "cuda" else None,
    )


def _warm_up(engine: WatchedEngine) -> float:
    """Seconds of the first tile."""
    side, before = engine.config.tile_px, engine.seconds
    noise = np.random.default_rng(0).integers(0, 256, (1, side, side, 3), np.uint8)
    engine.look(noise) if engine.likeness else engine(noise)
    return engine.seconds - before


def _photos(
    engine: WatchedEngine, wish: EngineWish, first: _Pass
) -> tuple[PhotoSpeed, ...]:
    passes = [first, *(_detect_on(engine, photo, None) for photo in wish.more)]
    found = [
        PhotoSpeed(one.megapixels, round(one.unpack_s + one.seconds, 1), measured=True)
        if one.whole
        else _estimate(engine, first, one.megapixels)
        for one in passes
    ]
    return (*found, *(_estimate(engine, first, mp) for mp in wish.estimated))


def _estimate(engine: WatchedEngine, known: _Pass, megapixels: float) -> PhotoSpeed:
    seen = _seen_px(grid_for(engine, *_size_of(megapixels)))
    unpack_s = known.unpack_s * megapixels / known.megapixels
    return PhotoSpeed(
        megapixels, round(unpack_s + seen / known.seen_px_s, 1), measured=False
    )


def _size_of(megapixels: float) -> tuple[int, int]:
    """Height and width of a photo as cameras have it."""
    unit = (megapixels * 1e6 / 6) ** 0.5
    return round(2 * unit), round(3 * unit)


def _areas(grid: TileGrid) -> list[int]:
    seen = (grid.seen(row, column) for row, column in grid)
    return [box.height * box.width for box in seen]


def _seen_px(grid: TileGrid) -> int:
    return sum(_areas(grid))


def _detect_on(engine: WatchedEngine, path: Path, seconds: float | None) -> _Pass:
    """Unpack, and detect to the end or until the time is over."""
    began = time.perf_counter()
    with _unpacked(path) as pyramid, TemporaryDirectory() as folder:
        unpack_s = time.perf_counter() - began
        photo = pyramid.photo
        size = (photo.height, photo.width)
        seen = [0, *accumulate(_areas(grid_for(engine, *size)))]
        steps = detect(engine, pyramid, size, Path(folder) / "p.npy")
        next(steps)
        done, before, began = 0, engine.seconds, time.perf_counter()
        with closing(steps):
            for progress in steps:
                done = progress.done
                if seconds is not None and time.perf_counter() - began > seconds:
                    break
            taken, busy_s = time.perf_counter() - began, engine.seconds - before
    whole = done == len(seen) - 1
    return _Pass(photo.megapixels, unpack_s, seen[done], taken, busy_s, whole)


@contextmanager
def _unpacked(path: Path) -> Iterator[Pyramid]:
    pyramid = run_to_end(build_pyramid(open_photo(path)))
    with closing(pyramid):
        yield pyramid
