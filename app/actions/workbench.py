"""The context and those who act in it, as one value to hand to panels and menus."""

from dataclasses import dataclass

from PySide6.QtCore import QObject

from app.actions.adjusting import Adjuster
from app.actions.campaigning import Campaigner
from app.actions.context import Context
from app.actions.detecting import Detector
from app.actions.exporting import Exporter
from app.actions.guarding import Guard
from app.actions.guiding import Guide
from app.actions.importing import Importer
from app.actions.keeping import Keeper
from app.actions.measuring import Measurer
from app.actions.opening import Opener
from app.actions.point_checking import PointChecker
from app.actions.recording import Recorder
from app.actions.recovering import Recoverer
from app.actions.reporting import Reporter
from app.actions.reviewing import Reviewer
from app.actions.surveying import Surveyor
from app.actions.training import Trainer


@dataclass(frozen=True)
class Workbench:
    """Everything the parts of the window work with."""

    context: Context
    opener: Opener
    detector: Detector
    adjuster: Adjuster
    campaigner: Campaigner
    exporter: Exporter
    importer: Importer
    guard: Guard
    guide: Guide
    keeper: Keeper
    measurer: Measurer
    point_checker: PointChecker
    recorder: Recorder
    recoverer: Recoverer
    reporter: Reporter
    reviewer: Reviewer
    surveyor: Surveyor
    trainer: Trainer


def make_workbench(context: Context, parent: QObject) -> Workbench:
    """The acting objects, owned by `parent`."""
    opener = Opener(context, parent)
    return Workbench(
        context,
        opener,
        Detector(context, parent),
        Adjuster(context, parent),
        Campaigner(context, parent),
        Exporter(context, parent),
        Importer(context, opener, parent),
        Guard(context, parent),
        Guide(context, opener, parent),
        Keeper(context, parent),
        Measurer(context, parent),
        PointChecker(context, parent),
        Recorder(context, parent),
        Recoverer(context, opener, parent),
        Reporter(context, parent),
        Reviewer(context, parent),
        Surveyor(context, opener, parent),
        Trainer(context, parent),
    )
