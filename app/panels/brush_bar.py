"""What the tools paint and how large they are, for the toolbar."""

import math
from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from app.actions.tools import choose
from app.actions.workbench import Workbench
from app.panels.names import said_class, said_class_inside
from app.panels.parts import dot_icon, slider
from app.session.lock import Lock
from app.session.view_state import RANGES, Measure, Target, ToolKind
from resunet_core.defects import DefectClass
from resunet_core.mask.tiled import NOT_ASSESSABLE, OUT_OF_SCOPE

_STEPS = 100
_SIZED = (ToolKind.BRUSH, ToolKind.ERASER, ToolKind.PEN, ToolKind.LOSS)
_SCOPE_COLOURS = {OUT_OF_SCOPE: (176, 178, 186), NOT_ASSESSABLE: (255, 196, 0)}


class BrushBar(QWidget):
    """A button for each class and value of scope; a slider for the tool in the hand."""

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._view = bench.context.view
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 0)
        layout.setSpacing(4)
        self._group = QButtonGroup(self)
        self._buttons: dict[Target, QToolButton] = {}
        for defect in self._view.classes:
            layout.addWidget(self._class_button(defect))
        for value, name, key in (
            (OUT_OF_SCOPE, self.tr("Out of scope"), "8"),
            (NOT_ASSESSABLE, self.tr("Not assessable"), "9"),
        ):
            layout.addWidget(self._scope_button(value, name, key))
        layout.addSpacing(12)
        self._what = QLabel()
        self._what.setProperty("role", "muted")
        self._size = slider("", 0, _STEPS)
        self._size.setFixedWidth(112)
        self._size.valueChanged.connect(self._on_size)
        self._figure = QLabel()
        self._figure.setFixedWidth(56)
        for widget in (self._what, self._size, self._figure):
            layout.addWidget(widget)
        self._tone = self._tone_button()
        layout.addWidget(self._tone)
        self._session = bench.context.session
        for signal in (self._session.list_opened, self._session.lock_changed):
            signal.connect(self._on_lock)
        self._view.brush_changed.connect(self._renew)
        self._view.tool_changed.connect(self._renew)
        self._renew()

    def _on_lock(self) -> None:
        self.setEnabled(self._session.lock is not Lock.READ_ONLY)

    def _class_button(self, defect: DefectClass) -> QToolButton:
        button = self._button(Target("person", defect.id), defect.colour)
        button.setText(f" {said_class(defect)}")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setAccessibleName(self.tr("Paint {0}").format(said_class(defect)))
        button.setToolTip(
            self.tr("Paint {0} ({1})").format(said_class_inside(defect), defect.id)
        )
        return button

    def _scope_button(self, value: int, name: str, key: str) -> QToolButton:
        button = self._button(Target("scope", value), _SCOPE_COLOURS[value])
        button.setAccessibleName(self.tr("Mark: {0}").format(name))
        tip = self.tr("Its pixels count in no area and no share.")
        button.setToolTip(f"{name} ({key})\n{tip}")
        return button

    def _button(self, target: Target, colour: tuple[int, int, int]) -> QToolButton:
        button = QToolButton()
        button.setIcon(dot_icon(colour))
        button.setIconSize(QSize(12, 12))
        button.setCheckable(True)
        button.clicked.connect(partial(choose, target, self._bench))
        self._group.addButton(button)
        self._buttons[target] = button
        return button

    def _tone_button(self) -> QToolButton:
        button = QToolButton()
        button.setCheckable(True)
        button.setText(self.tr("Light lines"))
        button.setToolTip(self.tr("Follow lines lighter than the paint (Shift+K)"))
        button.toggled.connect(self._on_tone)
        return button

    def _on_tone(self, light: bool) -> None:
        self._view.set_tone("light" if light else "dark")

    def _on_size(self, step: int) -> None:
        measure = self._view.measure
        if step != _step_of(measure, self._view.value_of(measure)):
            low, high = RANGES[measure]
            value = round(low * (high / low) ** (step / _STEPS))
            self._view.set_measure(measure, value)

    def _renew(self) -> None:
        self._buttons[self._view.target].setChecked(True)
        measure = self._view.measure
        value = self._view.value_of(measure)
        name = {
            Measure.RADIUS: self.tr("Brush size"),
            Measure.WIDTH: self.tr("Line width"),
            Measure.TOLERANCE: self.tr("Tolerance"),
        }[measure]
        self._what.setText(name)
        self._size.setAccessibleName(name)
        tip = self.tr("{0} ([ and ], or Alt and the wheel)").format(name)
        self._size.setToolTip(tip)
        self._size.blockSignals(True)
        self._size.setValue(_step_of(measure, value))
        self._size.blockSignals(False)
        for part in (self._what, self._size, self._figure):
            part.setEnabled(self._view.tool in _SIZED)
        width = 2 * value if measure is Measure.RADIUS else value
        is_length = measure is not Measure.TOLERANCE
        self._figure.setText(
            self.tr("{0} px").format(width) if is_length else f"{value}"
        )
        self._tone.setVisible(self._view.tool is ToolKind.PEN)
        self._tone.setChecked(self._view.tone == "light")


def _step_of(measure: Measure, value: int) -> int:
    """The slider's place of a value: equal steps are equal ratios."""
    low, high = RANGES[measure]
    return round(math.log(value / low) / math.log(high / low) * _STEPS)
