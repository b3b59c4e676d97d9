"""Class and size of the brush, for the toolbar."""

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

from app.actions.workbench import Workbench
from app.panels.names import said_class, said_class_inside
from app.panels.parts import dot_icon, slider
from app.session.lock import Lock
from app.session.view_state import MAX_BRUSH_PX, MIN_BRUSH_PX, ToolKind
from resunet_core.defects import DefectClass

_STEPS = 100


class BrushBar(QWidget):
    """A button for each class, and a slider that is finer for small brushes."""

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = bench.context.view
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 0)
        layout.setSpacing(4)
        self._group = QButtonGroup(self)
        for defect in self._view.classes:
            layout.addWidget(self._class_button(defect))
        layout.addSpacing(8)
        self._size = slider(self.tr("Brush size"), 0, _STEPS)
        self._size.setFixedWidth(112)
        self._size.setToolTip(self.tr("Brush size ([ and ])"))
        self._size.valueChanged.connect(self._on_size)
        self._figure = QLabel()
        self._figure.setFixedWidth(56)
        layout.addWidget(self._size)
        layout.addWidget(self._figure)
        self._session = bench.context.session
        for signal in (self._session.list_opened, self._session.lock_changed):
            signal.connect(self._on_lock)
        self._view.brush_changed.connect(self._renew)
        self._renew()

    def _on_lock(self) -> None:
        self.setEnabled(self._session.lock is not Lock.READ_ONLY)

    def _class_button(self, defect: DefectClass) -> QToolButton:
        button = QToolButton()
        button.setText(f" {said_class(defect)}")
        button.setIcon(dot_icon(defect.colour))
        button.setIconSize(QSize(12, 12))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setCheckable(True)
        button.setAccessibleName(self.tr("Paint {0}").format(said_class(defect)))
        button.setToolTip(
            self.tr("Paint {0} ({1})").format(said_class_inside(defect), defect.id)
        )
        button.clicked.connect(partial(self._on_class, defect.id))
        self._group.addButton(button, defect.id)
        return button

    def _on_class(self, class_id: int) -> None:
        self._view.set_class(class_id)
        self._view.set_tool(ToolKind.BRUSH)

    def _on_size(self, step: int) -> None:
        ratio = MAX_BRUSH_PX / MIN_BRUSH_PX
        radius = round(MIN_BRUSH_PX * ratio ** (step / _STEPS))
        if step != _step_of(self._view.brush_radius_px):
            self._view.set_brush_radius(radius)

    def _renew(self) -> None:
        self._group.button(self._view.class_id).setChecked(True)
        self._size.setValue(_step_of(self._view.brush_radius_px))
        width = 2 * self._view.brush_radius_px
        self._figure.setText(self.tr("{0} px").format(width))


def _step_of(radius_px: int) -> int:
    """The slider's place of a radius: equal steps are equal ratios."""
    share = math.log(radius_px / MIN_BRUSH_PX) / math.log(MAX_BRUSH_PX / MIN_BRUSH_PX)
    return round(share * _STEPS)
