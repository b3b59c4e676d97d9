"""The record of one analysis: what ran where, with what, on which photos."""

from dataclasses import asdict, dataclass, field
from typing import Any

from resunet_core import __version__
from resunet_core.model.likeness import Likeness


@dataclass(frozen=True)
class ModelUse:
    """The model that made the masks, and how its probabilities became classes."""

    name: str
    architecture: str
    sha256: str
    thresholds: dict[str, float]
    min_area_px: dict[str, int]


@dataclass(frozen=True)
class PhotoRun:
    """One photo that was analysed.

    Attributes:
        name: Unique name of its results.
        path: The photo.
        sha256: Of the photo's bytes.
        tiles: Tiles that the network saw; 0 when kept probabilities were used.
        seconds: For the whole photo, reading and writing included.
        notes: Remarks on how it was read.
        likeness: To what the model learned from; None where the model cannot tell.
        scale_in_range: Whether its scale is one of those that the model learned from;
            None where one of them is not known.
        warnings: Why its results must be checked more closely than others, in
            sentences.
        busy: Share of the detection's time in which the engine computed; None where
            kept probabilities were used.
        worker: Of a cluster that analysed it; empty where this computer did.
    """

    name: str
    path: str
    sha256: str
    width: int
    height: int
    tiles: int
    seconds: float
    notes: tuple[str, ...] = ()
    likeness: Likeness | None = None
    scale_in_range: bool | None = None
    warnings: tuple[str, ...] = ()
    busy: float | None = None
    worker: str = ""


@dataclass(frozen=True)
class FailedPhoto:
    """One photo that could not be analysed, and why."""

    path: str
    message: str
    hint: str


@dataclass(frozen=True)
class WorkerUse:
    """One worker of a cluster, where it runs, and how many photos came back from it."""

    address: str
    host: str
    device: str
    photos: int


@dataclass(frozen=True)
class Run:
    """One analysis; `to_json` is what `run.json` holds.

    Attributes:
        started: ISO 8601 with offset.
        finished: Likewise.
        device: That computed; of a cluster those of all workers.
        engine: What computed there, with its version.
        precision: `float32`, `float16` or `int8`.
        scheduler: Address of the cluster; empty where this computer did it alone.
        workers: Of the cluster, those that did something.
    """

    started: str
    finished: str
    device: str
    engine: str
    model: ModelUse
    photos: tuple[PhotoRun, ...] = ()
    failed: tuple[FailedPhoto, ...] = ()
    precision: str = ""
    scheduler: str = ""
    workers: tuple[WorkerUse, ...] = ()
    app_version: str = field(default=__version__)

    def to_json(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)
