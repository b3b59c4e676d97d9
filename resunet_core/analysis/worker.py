"""What runs on a worker of a cluster: one photo a call, its model kept in memory."""

import socket
import threading
import time
import traceback
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from resunet_core import __version__
from resunet_core.analysis.orders import (
    Answer,
    Done,
    Failed,
    NotReady,
    Order,
    PhotoTask,
    Stopped,
)
from resunet_core.analysis.photo import Analysis, PhotoOutcome, analyse
from resunet_core.cache import cache_dir
from resunet_core.errors import BadModelFile, CaihuaError
from resunet_core.files import content_hash, write_bytes
from resunet_core.inference.engine import Engine, load_engine
from resunet_core.mask.tiled import DefectMask
from resunet_core.model.model_file import look_at_models
from resunet_core.progress import Steps

LOOK_SECONDS = 0.5
"""So often a worker looks whether its results are still wanted."""

_one_at_a_time = threading.Lock()
"""A worker with many threads would else compute many photos, each with all cores."""

_loaded: dict[tuple[str, str, str], Engine] = {}
"""The model used last, by its hash and the device and engine asked for."""


def analyse_on_worker(order: Order, task: PhotoTask) -> Answer:
    """Analyse one photo here; the same files whoever did it, and however often."""
    with _one_at_a_time:
        try:
            return _analyse(order, task)
        except CaihuaError as error:
            return Failed(error.message, error.hint)
        except Exception as error:  # noqa: BLE001 - the other photos of a night are done
            message = f"Unexpected {type(error).__name__}: {error}."
            hint = "Please report it, with --debug."
            return Failed(message, hint, traceback.format_exc())


def receive_model(data: bytes, sha256: str) -> None:
    """Keep a model file that this worker could not find.

    Raises:
        BadModelFile: It has not come as it was sent.
    """
    path = _received(sha256)
    write_bytes(path, data)
    if content_hash(path) != sha256:
        path.unlink()
        raise BadModelFile("The model was damaged on its way.", "Try it again.")


def find_by_hash(named: Path, sha256: str) -> Path | None:
    """A model file with this content: where it is named, installed, or received."""
    for path in (named, _received(sha256)):
        if path.is_file() and content_hash(path) == sha256:
            return path
    installed = (info.path for info in look_at_models()[0] if info.sha256 == sha256)
    return next(installed, None)


def _received(sha256: str) -> Path:
    return cache_dir("models") / f"{sha256}.safetensors"


def _model(order: Order) -> Engine | None:
    key = (order.use.sha256, order.device, order.engine)
    if key not in _loaded:
        path = find_by_hash(order.model, order.use.sha256)
        if path is None:
            return None
        _loaded.clear()  # never two of them in memory
        _loaded[key] = load_engine(str(path), order.device, order.engine)
    return _loaded[key]


def _analyse(order: Order, task: PhotoTask) -> Answer:
    if not order.ticket.exists():
        return Stopped()
    from distributed import get_worker  # noqa: PLC0415 - an extra, not always there

    address: str = get_worker().address
    model = _model(order) if order.version == __version__ else None
    if model is None:
        return NotReady(address)
    analysis = Analysis(order.out, order.use, task.building, task.mm_per_px)
    found = _while_wanted(analyse(analysis, model, task.path, task.name), order.ticket)
    if found is None:
        return Stopped()
    outcome, mask = found
    done = replace(outcome, run=replace(outcome.run, worker=address))
    return Done(done, socket.gethostname(), model.use, _tiles(order, mask))


def _while_wanted(
    steps: Steps[tuple[PhotoOutcome, DefectMask]], ticket: Path
) -> tuple[PhotoOutcome, DefectMask] | None:
    """Drive the work to its end; None, and no trace of it, once it is not wanted."""
    looked = time.monotonic()
    with closing(steps):
        while True:
            try:
                next(steps)
            except StopIteration as finished:
                value: tuple[PhotoOutcome, DefectMask] = finished.value
                return value
            if time.monotonic() - looked > LOOK_SECONDS:
                looked = time.monotonic()
                if not ticket.exists():
                    return None


def _tiles(order: Order, mask: DefectMask) -> tuple[tuple[int, int, bytes], ...]:
    if not order.wants_tiles:
        return ()
    found = ((row, col, mask.model.get(row, col)) for row, col in mask.model.tiles())
    return tuple((row, col, tile.packed) for row, col, tile in found if tile)
