"""Detect: which model, how sensitive, how small a find still counts."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSlider,
    QSpinBox,
    QToolButton,
    QWidget,
)

from app.actions.model import about_model
from app.actions.workbench import Workbench
from app.panels.names import said_class
from app.panels.parts import SPACE_PX, Swatch, column, indent, muted, row, slider
from app.session.lock import Lock, said_lock
from app.support.icons import icon
from resunet_core.defects import DefectClass
from resunet_core.errors import CaihuaError
from resunet_core.mask.threshold import MAX_MIN_AREA_PX, DetectionSettings
from resunet_core.model.model_file import DEFAULT_MODEL

_SETTLE_MS = 600  # after the last key press or click


class ModelPanel(QWidget):
    """Chooses the model, starts it, and decides from its probabilities."""

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self.sliders: dict[str, QSlider] = {}
        self._figures: dict[str, QLabel] = {}
        self._sizes: dict[str, QSpinBox] = {}
        self._is_filling = False
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self._on_settled)
        layout = column(self)
        layout.addLayout(self._model_row())
        layout.addLayout(self._button_row())
        layout.addWidget(self._learn_button())
        layout.addSpacing(SPACE_PX // 2)
        layout.addLayout(self._settings_grid())
        self._note = muted("", wrap=True)
        layout.addWidget(self._note)
        session = bench.context.session
        for signal in (
            session.photo_shown,
            session.photo_left,
            session.list_opened,
            session.detection_changed,
            session.lock_changed,
            bench.detector.started,
            bench.detector.ended,
        ):
            signal.connect(self._renew)
        bench.trainer.models_changed.connect(self._fill_models)
        self._fill_models()
        self._renew()

    @property
    def detect_button(self) -> QPushButton:
        """What begins a detection."""
        return self._detect

    def _model_row(self) -> QHBoxLayout:
        self._models = QComboBox()
        self._models.setAccessibleName(self.tr("Model"))
        self._models.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._models.activated.connect(self._on_model_chosen)
        about = QToolButton()
        about.setProperty("role", "small")
        about.setIcon(icon("info"))
        about.setToolTip(self.tr("About this model"))
        about.setAccessibleName(self.tr("About this model"))
        about.clicked.connect(self._on_about)
        self._about = about
        return row(self._models, about, stretch=0)

    def _button_row(self) -> QHBoxLayout:
        self._detect = QPushButton(self.tr("Detect"))
        self._detect.setProperty("role", "primary")
        self._detect.setToolTip(
            self.tr("Find damage on this photo (Ctrl+D). What you drew stays.")
        )
        self._detect.clicked.connect(self._bench.detector.detect_current)
        self._all = QPushButton(self.tr("All photos"))
        self._all.setToolTip(self.tr("Find damage on all photos (Ctrl+Shift+D)"))
        self._all.clicked.connect(self._bench.detector.detect_all)
        return row(self._detect, self._all, stretch=0)

    def _learn_button(self) -> QPushButton:
        learn = QPushButton(self.tr("Learn from my corrections…"))
        learn.setToolTip(
            self.tr("The model learns from the tiles that you checked (Ctrl+Shift+L)")
        )
        learn.clicked.connect(self._bench.trainer.show)
        self._learn = learn
        return learn

    def _settings_grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_PX)
        grid.setVerticalSpacing(SPACE_PX // 2)
        for text, where in ((self.tr("Threshold"), 2), (self.tr("At least"), 4)):
            grid.addWidget(muted(text), 0, where)
        for line, defect in enumerate(self._bench.context.view.classes, 1):
            self._class_line(grid, line, defect)
        grid.setColumnStretch(2, 1)
        return grid

    def _class_line(self, grid: QGridLayout, line: int, defect: DefectClass) -> None:
        name = QLabel(said_class(defect))
        bar = slider(self.tr("Threshold of {0}").format(said_class(defect)), 1, 99)
        bar.setToolTip(
            self.tr("Lower finds more, higher is surer. Your own drawing stays.")
        )
        bar.valueChanged.connect(self._on_value_changed)
        bar.sliderReleased.connect(self._on_settled)
        figure = muted("0.50")
        figure.setMinimumWidth(28)
        size = QSpinBox()
        size.setRange(0, MAX_MIN_AREA_PX)
        size.setSuffix(self.tr(" px"))
        size.setFixedWidth(84)
        indent(size)
        size.setAccessibleName(self.tr("Smallest {0}").format(said_class(defect)))
        size.setToolTip(self.tr("Smaller finds of the model are left out"))
        size.valueChanged.connect(self._on_value_changed)
        self.sliders[defect.key] = bar
        self._figures[defect.key] = figure
        self._sizes[defect.key] = size
        grid.addWidget(Swatch(defect.colour), line, 0)
        grid.addWidget(name, line, 1)
        grid.addWidget(bar, line, 2)
        grid.addWidget(figure, line, 3, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(size, line, 4)

    # From the session to the panel

    def _fill_models(self) -> None:
        preferences = self._bench.context.preferences
        try:
            models = self._bench.context.tasks.models()
        except CaihuaError as error:
            self._bench.context.notices.report(error)
            models = []
        names = [model.name for model in models]
        self._models.clear()
        self._models.addItems(names)
        chosen = preferences.settings.model
        if names and chosen not in names:
            standard = DEFAULT_MODEL if DEFAULT_MODEL in names else names[0]
            preferences.change(model=standard)
        self._models.setCurrentText(preferences.settings.model)
        self._models.setEnabled(bool(names))
        self._about.setEnabled(bool(names))
        if not names:
            self._models.addItem(self.tr("No model installed"))

    def _renew(self) -> None:
        context = self._bench.context
        opened = context.session.opened
        running = self._bench.detector.is_running
        has_model = bool(context.preferences.settings.model)
        lock = context.session.lock
        free = has_model and not running and lock is not Lock.READ_ONLY
        self._detect.setEnabled(free and opened is not None)
        self._learn.setEnabled(bool(context.session.entries))
        self._all.setEnabled(free and len(context.session.entries) > 1)
        detection = opened.detection if opened is not None else None
        has_map = opened is not None and opened.probabilities is not None
        adjustable = has_map and lock is None
        self._is_filling = True
        for key, bar in self.sliders.items():
            if detection is not None:
                bar.setValue(round(100 * detection.thresholds.get(key, 0.5)))
                self._sizes[key].setValue(detection.min_area_px.get(key, 0))
            else:
                bar.setValue(50)
                self._sizes[key].setValue(0)
            bar.setEnabled(adjustable)
            self._sizes[key].setEnabled(adjustable)
            self._figures[key].setText(f"{bar.value() / 100:.2f}")
        self._is_filling = False
        self._note.setText(self._said(detection is not None, has_map))
        self._note.setVisible(bool(self._note.text()))

    def _said(self, detected: bool, has_map: bool) -> str:
        if self._bench.context.session.opened is None:
            return ""
        lock = self._bench.context.session.lock
        if lock is not None:
            return said_lock(lock)
        if not detected:
            return self.tr("Thresholds can be adjusted after detecting.")
        if not has_map:
            return self.tr("Detect again to adjust the thresholds.")
        return ""

    # From the panel to the actions

    def _on_model_chosen(self) -> None:
        self._bench.context.preferences.change(model=self._models.currentText())

    def _on_about(self) -> None:
        about_model(self._bench, self.window())

    def _on_value_changed(self) -> None:
        if self._is_filling:
            return
        for key, bar in self.sliders.items():
            self._figures[key].setText(f"{bar.value() / 100:.2f}")
        self._bench.adjuster.show(
            DetectionSettings(
                {key: bar.value() / 100 for key, bar in self.sliders.items()},
                {key: size.value() for key, size in self._sizes.items()},
            )
        )
        if not any(bar.isSliderDown() for bar in self.sliders.values()):
            self._settle.start()

    def _on_settled(self) -> None:
        self._settle.stop()
        self._bench.adjuster.keep()
