"""The context and those who act in it, as one value to hand to panels and menus."""

from dataclasses import dataclass

from PySide6.QtCore import QObject

from app.actions.adjusting import Adjuster
from app.actions.context import Context
from app.actions.detecting import Detector
from app.actions.exporting import Exporter
from app.actions.opening import Opener


@dataclass(frozen=True)
class Workbench:
    """Everything the parts of the window work with."""

    context: Context
    opener: Opener
    detector: Detector
    adjuster: Adjuster
    exporter: Exporter


def make_workbench(context: Context, parent: QObject) -> Workbench:
    """The acting objects, owned by `parent`."""
    return Workbench(
        context,
        Opener(context, parent),
        Detector(context, parent),
        Adjuster(context, parent),
        Exporter(context, parent),
    )
