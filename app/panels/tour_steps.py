"""The five steps of the tour: what each says, points at, and waits for."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QPoint, QRect
from PySide6.QtWidgets import QMainWindow, QPushButton, QToolBar, QWidget

from app.actions.spec import CONTEXT
from app.actions.workbench import Workbench
from app.panels.details import DetailsPanel
from app.panels.drawer import Drawer
from app.panels.model import ModelPanel
from app.session.view_state import Page, ToolKind

SAMPLE_MM_PER_PX = "0.3"
_MEASURE = "&Measure"


@dataclass(frozen=True)
class Said:
    """What the card says: a title, and what to do."""

    title: str
    text: str


@dataclass(frozen=True)
class Step:
    """A step; both are asked again and again, as things change.

    Attributes:
        said: What to do now.
        target: The part of the window to point at; None where it is not to be seen.
    """

    said: Callable[[Workbench], Said]
    target: Callable[[Workbench, QMainWindow], QRect | None]


def _place_of(widget: QWidget | None, window: QMainWindow) -> QRect | None:
    if widget is None or not widget.isVisible():
        return None
    return QRect(widget.mapTo(window, QPoint()), widget.size())


def _said_open(_bench: Workbench) -> Said:
    said = QCoreApplication.translate
    return Said(
        said("Tour", "Open the sample building"),
        said(
            "Tour",
            "Three painted samples, copied to your documents to try everything on. "
            "Your own photos open when you drop them here.",
        ),
    )


def _at_sample(_bench: Workbench, window: QMainWindow) -> QRect | None:
    return _place_of(window.findChild(QPushButton, "sample_button"), window)


def _said_detect(bench: Workbench) -> Said:
    said = QCoreApplication.translate
    if bench.detector.is_running:
        return Said(
            said("Tour", "Detecting"),
            said(
                "Tour",
                "Some seconds on most computers. You can look around meanwhile: the "
                "wheel zooms, Space and dragging moves the photo.",
            ),
        )
    return Said(
        said("Tour", "Detect"),
        said(
            "Tour",
            "Press the button. Craquelure and paint loss appear in their colours.",
        ),
    )


def _at_detect(_bench: Workbench, window: QMainWindow) -> QRect | None:
    panel = window.findChild(ModelPanel)
    return _place_of(None if panel is None else panel.detect_button, window)


def _said_brush(bench: Workbench) -> Said:
    said = QCoreApplication.translate
    title = said("Tour", "Correct with the brush")
    if bench.context.view.tool is not ToolKind.BRUSH:
        return Said(title, said("Tour", "Take the brush here, or press B."))
    return Said(
        title,
        said(
            "Tour",
            "Paint over damage that was missed; hold Alt to erase. Each stroke is "
            "saved at once, and Ctrl+Z takes it back.",
        ),
    )


def _at_brush(bench: Workbench, window: QMainWindow) -> QRect | None:
    if bench.context.view.tool is ToolKind.BRUSH:
        return _place_of(window.centralWidget(), window)
    bar = window.findChild(QToolBar, "palette")
    brush = next((a for a in window.actions() if a.objectName() == "tool_brush"), None)
    if bar is None or brush is None:
        return None
    return _place_of(bar.widgetForAction(brush), window)


def _said_scale(bench: Workbench) -> Said:
    said = QCoreApplication.translate
    title = said("Tour", "Set a scale")
    if bench.context.view.page is Page.SCALE:
        return Said(
            title,
            said(
                "Tour",
                "Choose a way to measure, do what it asks for, and keep the scale.",
            ),
        )
    return Said(
        title,
        said(
            "Tour",
            "Type how many millimetres a pixel is, for the sample {0}, and press "
            "Enter. On your own photos measure it: Measure, Scale.",
        ).format(SAMPLE_MM_PER_PX),
    )


def _at_scale(bench: Workbench, window: QMainWindow) -> QRect | None:
    if bench.context.view.page is Page.SCALE:
        return _place_of(window.findChild(Drawer), window)
    panel = window.findChild(DetailsPanel)
    return _place_of(None if panel is None else panel.scale_field, window)


def _said_report(_bench: Workbench) -> Said:
    said = QCoreApplication.translate
    return Said(
        said("Tour", "Write the report"),
        said(
            "Tour",
            "Choose Condition report in this menu: figures, pictures and method, as "
            "PDF and more. It is written beside the photos.",
        ),
    )


def _at_report(_bench: Workbench, window: QMainWindow) -> QRect | None:
    bar = window.menuBar()
    if bar.isNativeMenuBar():
        return None  # it is not in the window
    title = QCoreApplication.translate(CONTEXT, _MEASURE)
    for action in bar.actions():
        if action.text() == title:
            return bar.actionGeometry(action).translated(bar.mapTo(window, QPoint()))
    return None


STEPS = (
    Step(_said_open, _at_sample),
    Step(_said_detect, _at_detect),
    Step(_said_brush, _at_brush),
    Step(_said_scale, _at_scale),
    Step(_said_report, _at_report),
)
OPEN, DETECT, BRUSH, SCALE, REPORT = range(len(STEPS))
