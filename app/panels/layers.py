"""The overlays: which classes are seen, and how strongly."""

from functools import partial

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QSlider, QToolButton, QWidget

from app.actions.workbench import Workbench
from app.panels.names import said_class, said_class_inside
from app.panels.parts import Swatch, column, muted, row, slider
from app.support.icons import icon
from resunet_core.defects import DefectClass


class LayersPanel(QWidget):
    """An eye and an opacity for each class."""

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._view = bench.context.view
        self._eyes: dict[int, QToolButton] = {}
        self._sliders: dict[int, QSlider] = {}
        layout = column(self)
        for defect in self._view.classes:
            layout.addLayout(self._class_row(defect))
        layout.addWidget(muted(self.tr("Hold P to see the paint underneath.")))
        self._view.overlay_changed.connect(self._on_overlay_changed)
        self._on_overlay_changed()

    def _class_row(self, defect: DefectClass) -> QHBoxLayout:
        eye = QToolButton()
        eye.setIconSize(QSize(18, 18))
        eye.setProperty("role", "small")
        eye.setAccessibleName(self.tr("Show {0}").format(said_class(defect)))
        eye.clicked.connect(partial(self._on_eye, defect.id))
        opacity = slider(self.tr("Opacity of {0}").format(said_class(defect)), 0, 100)
        opacity.setToolTip(self.tr("Opacity of {0}").format(said_class_inside(defect)))
        opacity.valueChanged.connect(partial(self._on_opacity, defect.id))
        self._eyes[defect.id] = eye
        self._sliders[defect.id] = opacity
        name = muted(said_class(defect))
        name.setProperty("role", "")
        name.setMinimumWidth(84)
        return row(Swatch(defect.colour), name, opacity, eye, stretch=2)

    def _on_eye(self, class_id: int) -> None:
        self._view.set_visible(class_id, not self._view.is_visible(class_id))

    def _on_opacity(self, class_id: int, percent: int) -> None:
        self._view.set_opacity(class_id, percent / 100)

    def _on_overlay_changed(self) -> None:
        for defect in self._view.classes:
            visible = self._view.is_visible(defect.id)
            eye = self._eyes[defect.id]
            eye.setIcon(icon("eye" if visible else "eye-slash"))
            eye.setToolTip(
                self.tr("Hide {0} (Shift+{1})").format(
                    said_class_inside(defect), defect.id
                )
                if visible
                else self.tr("Show {0} (Shift+{1})").format(
                    said_class_inside(defect), defect.id
                )
            )
            bar = self._sliders[defect.id]
            bar.setEnabled(visible)
            bar.setValue(round(100 * self._view.opacity(defect.id)))
