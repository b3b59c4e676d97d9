"""Learning from corrections as the window asks for it; its code loads when needed."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resunet_core.model.device import refuse_without_torch
from resunet_core.model.library import Version, versions
from resunet_core.progress import Progress, Steps
from resunet_core.project.store import Project

if TYPE_CHECKING:
    from resunet_core.corrections.advice import TeachingTile
    from resunet_core.corrections.ledger import Parting
    from resunet_core.corrections.survey import Survey

BUDGET_S = 540.0
STEPS_AT_LEAST = 20
LOOK_MP, FINAL_MP, MIX_MP = 2.0, 4.0, 10.0
PAINTING_S = 40.0


@dataclass(frozen=True)
class LearningWish:
    """What is to be learned, how.

    Attributes:
        model: Name of the model in use: what the new one is compared with.
        device: As the settings say.
        folders: With pictures labelled elsewhere, that join.
        start: What to learn on; empty for the base of `model`.
        steps: Of the optimiser; 0 for what the time allows.
        options: Further words of the command, of those who know.
        budget_s: Seconds that it may take.
    """

    model: str
    device: str = "auto"
    folders: tuple[Path, ...] = ()
    start: str = ""
    steps: int = 0
    options: tuple[str, ...] = ()
    budget_s: float = BUDGET_S


@dataclass(frozen=True)
class Pace:
    """What learning costs on this machine, measured.

    Attributes:
        device: What it was measured on, in words.
        architecture: Of the network.
        step_s: Seconds a step.
        judge_s_a_mp: Seconds to judge a megapixel.
        load_s: Seconds until it begins.
    """

    device: str
    architecture: str
    step_s: float
    judge_s_a_mp: float
    load_s: float

    def steps_within(self, seconds: float, most: int) -> int:
        """How many steps fit, at least a few."""
        free = seconds - self.overhead_s
        return max(STEPS_AT_LEAST, min(most, int(free / self.step_s)))

    def seconds_of(self, steps: int) -> float:
        """How long a learning of so many steps takes, all in all."""
        return self.overhead_s + steps * self.step_s

    @property
    def overhead_s(self) -> float:
        """Seconds for all that is no step: painting, looking, judging twice."""
        looked = 13 * LOOK_MP + 2 * FINAL_MP + MIX_MP
        return self.load_s + PAINTING_S + looked * self.judge_s_a_mp


@dataclass(frozen=True)
class Outlook:
    """What would be learned, and what it would take.

    Attributes:
        wish: What was asked.
        known: What is checked.
        parting: Which of it teaches and which judges.
        doubts: Plain sentences: what is missing or contradicts itself.
        pace: Of this machine.
        steps: That will be done.
        next_tiles: That would teach most, were they labelled.
    """

    wish: LearningWish
    known: "Survey"
    parting: "Parting"
    doubts: tuple[str, ...]
    pace: Pace
    steps: int
    next_tiles: "tuple[TeachingTile, ...]"

    @property
    def seconds(self) -> float:
        """How long it takes."""
        return self.pace.seconds_of(self.steps)


@dataclass(frozen=True)
class Prepared:
    """A learning that can begin: its folder, and the command that does it."""

    folder: Path
    command: tuple[str, ...]

    @property
    def model(self) -> Path:
        """The file that it will write."""
        return self.folder / "model.safetensors"


def base_of(model: str) -> str:
    """The model that a version was taught on first; itself for one that ships.

    From there each learning starts, with all corrections: small errors do not add up.
    """
    bases = {version.name: version.base for version in versions()}
    return bases.get(model, model)


def program() -> list[str]:
    """The words that start this program's command line."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    return [sys.executable, "-m", "app"]


@dataclass(frozen=True)
class Learning:
    """The work of learning that runs beside the window's thread."""

    look: Callable[[Project | None, LearningWish], Steps[Outlook]]
    prepare: Callable[[Project | None, Outlook, Path | None], Steps[Prepared]]
    install: Callable[[Prepared, Outlook, Mapping[str, Any], bool, str], Version]


def make_learning() -> Learning:
    """The real work."""
    return Learning(look=look, prepare=prepare, install=install_version)


def look(project: Project | None, wish: LearningWish) -> Steps[Outlook]:
    """See what there is to learn from, how it is parted, and how long it takes.

    Raises:
        CaihuaError: Nothing can be learned, or not by this program.
    """
    yield Progress(0, 0)
    refuse_without_torch()
    from app.jobs import learning_work

    return (yield from learning_work.look(project, wish))


def prepare(
    project: Project | None, outlook: Outlook, shown: Path | None
) -> Steps[Prepared]:
    """Write down what is to be learned from; the command that learns it."""
    yield Progress(0, 0)
    from app.jobs import learning_work

    return (yield from learning_work.prepare(project, outlook, shown))


def install_version(
    prepared: Prepared,
    outlook: Outlook,
    verdict: Mapping[str, Any],
    insisted: bool,
    notes: str,
) -> Version:
    """Make the model that was learned one of the person's own."""
    from app.jobs import learning_work

    return learning_work.install_version(
        prepared, outlook, verdict, insisted=insisted, notes=notes
    )
