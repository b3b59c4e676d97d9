"""The speed of this computer: what it could do, and what each engine does."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from resunet_core import __version__
from resunet_core.inference.eight_bit import read_ranges
from resunet_core.inference.engine import THREADS
from resunet_core.model.cost import network_cost
from resunet_core.model.device import cuda_may_be_here, torch_is_here
from resunet_core.model.model_file import ModelInfo
from resunet_core.progress import Steps
from resunet_core.speed.children import Unmeasured, measured
from resunet_core.speed.machine import this_machine
from resunet_core.speed.photos import write_photo
from resunet_core.speed.start_up import measure_start_up

CHOICES = {
    "torch": ("torch", "cpu"),
    "openvino": ("openvino", "cpu"),
    "openvino-int8": ("openvino-int8", "cpu"),
    "cuda": ("torch", "cuda"),
}
"""What can be measured: the engine and device of each."""

SMALL_MP, LARGE_MP = 24.0, 150.0


@dataclass(frozen=True)
class BenchWish:
    """What a person wants to know.

    Attributes:
        model: To detect with.
        choices: Keys of `CHOICES`.
        seconds: For each of them.
        full: Whether both photos are detected whole, however long that takes.
        threads: Of the processor; 0 for as many as are good.
        start_up: Whether the window is opened, unseen, to time that.
        megapixels: Of the smaller and of the larger photo.
    """

    model: ModelInfo
    choices: tuple[str, ...]
    seconds: float = 10.0
    full: bool = False
    threads: int = 0
    start_up: bool = True
    megapixels: tuple[float, float] = (SMALL_MP, LARGE_MP)


def choices_here(model: ModelInfo) -> tuple[str, ...]:
    """The engines that this computer has for a model."""

    def all_of_them() -> Iterator[str]:
        if torch_is_here():
            yield "torch"
        yield "openvino"
        if read_ranges(model.path, model.sha256) is not None:
            yield "openvino-int8"
        if torch_is_here() and cuda_may_be_here():
            yield "cuda"

    return tuple(all_of_them())


def run_bench(wish: BenchWish) -> Steps[dict[str, Any]]:
    """Measure everything in turn; plain values for JSON.

    Closing the generator ends what is running and leaves nothing behind.
    """
    config = wish.model.config
    cost = network_cost(config.architecture, config.outputs)
    with TemporaryDirectory(prefix="caihua-bench-") as name:
        folder = Path(name)
        small, large = folder / "small.jpg", folder / "large.jpg"
        write_photo(small, wish.megapixels[0])
        if wish.full:
            write_photo(large, wish.megapixels[1])
        variables = _variables(folder, wish.threads)
        task = {"photo": str(small)}
        ceilings = yield from measured(folder, task, variables, "Ceilings")
        engines = []
        for choice in wish.choices:
            asked = _wish_of(wish, choice, (small, large), cost.gmac)
            row = yield from _row(folder, choice, asked, variables, ceilings)
            engines.append(row)
        start_up = None
        if wish.start_up:
            start_up = yield from measure_start_up(folder, variables, config.tile_px)
    return {
        "app_version": __version__,
        "machine": asdict(this_machine()),
        "model": {
            "name": wish.model.name,
            "sha256": wish.model.sha256,
            "architecture": config.architecture,
            "parameters": cost.parameters,
            "gmac_512": cost.gmac,
            "tile_px": config.tile_px,
            "overlap_px": 2 * config.context_px + config.ramp_px,
        },
        "ceilings": ceilings,
        "engines": engines,
        "start_up": start_up,
    }


def _variables(folder: Path, threads: int) -> dict[str, str]:
    """Of a child: caches and settings of its own, the threads that were asked for."""
    found = {
        "CAIHUA_CACHE": str(folder / "cache"),
        "CAIHUA_CONFIG": str(folder / "config"),
    }
    if threads:
        names = (THREADS, "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
        found |= dict.fromkeys(names, str(threads))
    return found


def _wish_of(
    wish: BenchWish, choice: str, photos: Sequence[Path], gmac: float
) -> dict[str, Any]:
    engine, device = CHOICES[choice]
    small, large = photos
    return {
        "model": str(wish.model.path),
        "engine": engine,
        "device": device,
        "photo": str(small),
        "seconds": None if wish.full else wish.seconds,
        "gmac_512": gmac,
        "more": [str(large)] if wish.full else [],
        "estimated": [] if wish.full else [wish.megapixels[1]],
    }


def _row(
    folder: Path,
    choice: str,
    asked: dict[str, Any],
    variables: dict[str, str],
    ceilings: dict[str, Any],
) -> Steps[dict[str, Any]]:
    """What is known of one engine; with the reason where it cannot be measured."""
    own = variables | {"CAIHUA_CACHE": str(folder / f"cache of {choice}")}
    try:
        found = yield from measured(folder, {"wish": asked}, own, choice)
    except Unmeasured as error:
        return {"choice": choice, "error": error.message}
    ceiling = found["ceiling_gmac_s"] or ceilings["gmac_s"].get(found["precision"])
    share = round(found["gmac_s"] / ceiling, 3) if ceiling else None
    return {"choice": choice, "error": "", **found, "share_of_ceiling": share}
