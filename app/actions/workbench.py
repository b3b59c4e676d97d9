"""The context and those who act in it, as one value to hand to panels and menus."""

from dataclasses import dataclass

from PySide6.QtCore import QObject

from app.actions.adjusting import Adjuster
from app.actions.context import Context
from app.actions.detecting import Detector
from app.actions.exporting import Exporter
from app.actions.guarding import Guard
from app.actions.importing import Importer
from app.actions.keeping import Keeper
from app.actions.opening import Opener
from app.actions.recording import Recorder
from app.actions.recovering import Recoverer
from app.actions.surveying import Surveyor


@dataclass(frozen=True)
class Workbench:
    """Everything the parts of the window work with."""

    context: Context
    opener: Opener
    detector: Detector
    adjuster: Adjuster
    exporter: Exporter
    importer: Importer
    guard: Guard
    keeper: Keeper
    recorder: Recorder
    recoverer: Recoverer
    surveyor: Surveyor


def make_workbench(context: Context, parent: QObject) -> Workbench:
    """The acting objects, owned by `parent`."""
    opener = Opener(context, parent)
    return Workbench(
        context,
        opener,
        Detector(context, parent),
        Adjuster(context, parent),
        Exporter(context, parent),
        Importer(context, opener, parent),
        Guard(context, parent),
        Keeper(context, parent),
        Recorder(context, parent),
        Recoverer(context, opener, parent),
        Surveyor(context, opener, parent),
    )
