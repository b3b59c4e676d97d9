"""The overlays: what they tell, which classes are seen, how strongly and how."""

from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSlider, QToolButton, QWidget

from app.actions.workbench import Workbench
from app.panels.names import said_class, said_class_inside
from app.panels.parts import Swatch, column, muted, row, slider
from app.session.view_state import OverlayLayer, OverlayStyle
from app.support.icons import icon
from resunet_core.defects import DefectClass

_CHOICE_PX = 24


class LayersPanel(QWidget):
    """Layer and style for all, an eye and an opacity for each class."""

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._view = bench.context.view
        self._eyes: dict[int, QToolButton] = {}
        self._sliders: dict[int, QSlider] = {}
        layout = column(self)
        self._layer = self._choice(self.tr("What the overlays tell"))
        self._layer.addItem(self.tr("Classes"), OverlayLayer.CLASSES)
        self._layer.addItem(self.tr("Origin"), OverlayLayer.ORIGIN)
        self._layer.addItem(self.tr("Probabilities"), OverlayLayer.HEAT)
        self._layer.activated.connect(self._on_layer)
        self._style = self._choice(self.tr("Style of the overlays"))
        self._style.addItem(self.tr("Fill"), OverlayStyle.FILL)
        self._style.addItem(self.tr("Outline"), OverlayStyle.OUTLINE)
        self._style.addItem(self.tr("Hatch"), OverlayStyle.HATCH)
        self._style.addItem(self.tr("Centre line"), OverlayStyle.LINE)
        self._style.activated.connect(self._on_style)
        hint = self.tr("Hold P to see the paint underneath.")
        for box in (self._layer, self._style):
            box.setToolTip(f"{box.toolTip()}\n{hint}")
        for defect in self._view.classes:
            layout.addLayout(self._class_row(defect))
        self._view.overlay_changed.connect(self._on_overlay_changed)
        self._on_overlay_changed()

    @property
    def choices(self) -> tuple[QWidget, ...]:
        """What belongs beside the panel's title, where it takes no room of its own."""
        return self._layer, self._style

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

    def _choice(self, name: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        box.setToolTip(name)
        box.setProperty("role", "small")
        box.setFixedHeight(_CHOICE_PX)
        return box

    def _on_layer(self) -> None:
        self._view.set_layer(self._layer.currentData())

    def _on_style(self) -> None:
        self._view.set_style(self._style.currentData())

    def _on_eye(self, class_id: int) -> None:
        held = QGuiApplication.keyboardModifiers()
        if held & Qt.KeyboardModifier.AltModifier:
            self._view.toggle_solo(class_id)
            return
        self._view.set_visible(class_id, not self._view.is_visible(class_id))

    def _on_opacity(self, class_id: int, percent: int) -> None:
        self._view.set_opacity(class_id, percent / 100)

    def _on_overlay_changed(self) -> None:
        self._layer.setCurrentIndex(self._layer.findData(self._view.layer))
        self._style.setCurrentIndex(self._style.findData(self._view.style))
        self._style.setEnabled(self._view.layer is not OverlayLayer.HEAT)
        for defect in self._view.classes:
            visible = self._view.is_visible(defect.id)
            eye = self._eyes[defect.id]
            eye.setIcon(icon("eye" if visible else "eye-slash"))
            said = self.tr("Hide {0} (Shift+{1})") if visible else ""
            said = said or self.tr("Show {0} (Shift+{1})")
            alone = self.tr("With Alt: this class alone.")
            head = said.format(said_class_inside(defect), defect.id)
            eye.setToolTip(f"{head}\n{alone}")
            bar = self._sliders[defect.id]
            bar.setEnabled(visible)
            bar.setValue(round(100 * self._view.opacity(defect.id)))
