"""What travels between the command and the workers of a cluster: plain values."""

from dataclasses import dataclass
from pathlib import Path

from resunet_core.analysis.photo import PhotoOutcome
from resunet_core.inference.engine import EngineUse
from resunet_core.reports.run import ModelUse


@dataclass(frozen=True)
class Order:
    """What is the same for all photos of one call.

    Attributes:
        version: Of the program that sends it; a worker of another one refuses.
        out: Folder of the results, which all workers see under this path.
        ticket: A file in `out` that lies there as long as the results are wanted.
        use: The model, and how its probabilities become classes.
        model: Path of the model file, for workers that see it.
        device: `auto`, `cpu` or `cuda`.
        engine: One of `inference.engine.ENGINES`.
        wants_tiles: Whether the model's plane is to come back, for a project.
    """

    version: str
    out: Path
    ticket: Path
    use: ModelUse
    model: Path
    device: str = "auto"
    engine: str = "auto"
    wants_tiles: bool = False


@dataclass(frozen=True)
class PhotoTask:
    """One photo to analyse; the path is absolute.

    Attributes:
        name: Unique name of its results.
        building: It is reported with; may be empty.
        mm_per_px: Scale, or None.
    """

    path: Path
    name: str
    building: str = ""
    mm_per_px: float | None = None


@dataclass(frozen=True)
class Done:
    """A photo's results are written.

    Attributes:
        outcome: What it adds to tables and reports.
        host: Computer of the worker.
        use: What computed.
        tiles: Of the model's plane, packed: row, column, data; where wanted.
    """

    outcome: PhotoOutcome
    host: str
    use: EngineUse
    tiles: tuple[tuple[int, int, bytes], ...] = ()


@dataclass(frozen=True)
class Failed:
    """A photo cannot be analysed; another worker could not either."""

    message: str
    hint: str
    trace: str = ""


@dataclass(frozen=True)
class NotReady:
    """A worker lacks something that the command may give it."""

    worker: str


@dataclass(frozen=True)
class Stopped:
    """The results are not wanted any more."""


Answer = Done | Failed | NotReady | Stopped
