"""For those who know: how it learns. Folded away unless asked for."""

import json
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QSizePolicy,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.actions.workbench import Workbench
from app.panels.parts import SPACE_PX, indent

LOSSES = (
    "ce+dice_defects",
    "mixed1",
    "mixed2",
    "ce+dice_defects+0.5*skeleton_recall",
    "focal",
    "dice",
)
AUGMENTATIONS = ("modern", "paper", "none")
_USUAL = ""


class ExpertPart(QWidget):
    """Loss, schedule, augmentation and seed; earlier runs to compare with."""

    compared = Signal(object)  # the events of a run

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._trainer = bench.trainer
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_PX)
        self._fold = QToolButton()
        self._fold.setText(self.tr("For experts"))
        self._fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._fold.setArrowType(Qt.ArrowType.RightArrow)
        self._fold.setCheckable(True)
        self._fold.toggled.connect(self._on_folded)
        layout.addWidget(self._fold, 0, Qt.AlignmentFlag.AlignLeft)
        self._body = QWidget()
        form = QFormLayout(self._body)
        form.setContentsMargins(SPACE_PX, 0, 0, 0)
        form.setVerticalSpacing(SPACE_PX)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.steps = _number(self.tr("Steps"), 0, 100_000)
        self.steps.setSpecialValueText(self.tr("What time allows"))
        self.steps.setValue(self._trainer.steps)
        self.rate = QDoubleSpinBox()
        self.rate.setDecimals(5)
        self.rate.setRange(0, 0.1)
        self.rate.setSingleStep(0.0001)
        self.rate.setSpecialValueText(self.tr("Usual"))
        self.rate.setAccessibleName(self.tr("Learning rate"))
        indent(self.rate)
        self.batch = _number(self.tr("Crops a step"), 0, 64)
        self.batch.setSpecialValueText(self.tr("Usual"))
        self.seed = _number(self.tr("Seed"), 0, 1_000_000)
        self.seed.setSpecialValueText(self.tr("Usual"))
        self._make_choices()
        for text, field in (
            (self.tr("Steps"), self.steps),
            (self.tr("Learning rate"), self.rate),
            (self.tr("Crops a step"), self.batch),
            (self.tr("Loss"), self.loss),
            (self.tr("Augmentation"), self.augment),
            (self.tr("Seed"), self.seed),
            (self.tr("Compare with"), self.run),
        ):
            field.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            form.addRow(text, field)
        layout.addWidget(self._body)
        self._body.hide()
        self._connect()
        self.renew_runs()

    def _make_choices(self) -> None:
        usual = self.tr("Usual")
        self.loss = _choice(self.tr("Loss"), (_USUAL, *LOSSES), usual)
        augmentations = (_USUAL, *AUGMENTATIONS)
        self.augment = _choice(self.tr("Augmentation"), augmentations, usual)
        self.run = QComboBox()
        self.run.setAccessibleName(self.tr("Compare with"))

    def _connect(self) -> None:
        for box in (self.steps, self.batch, self.seed, self.rate):
            box.editingFinished.connect(self._on_changed)
        self.loss.activated.connect(self._on_changed)
        self.augment.activated.connect(self._on_changed)
        self.run.activated.connect(self._on_run)

    def renew_runs(self) -> None:
        """Offer the runs that there are."""
        self.run.clear()
        self.run.addItem(self.tr("No other run"), None)
        for path in self._trainer.runs():
            self.run.addItem(path.stem, path)

    def options(self) -> tuple[str, ...]:
        """What differs from the usual, as words of the command."""
        words: list[str] = []
        if self.rate.value():
            words += ["--rate", f"{self.rate.value():g}"]
        if self.batch.value():
            words += ["--batch", str(self.batch.value())]
        if self.seed.value():
            words += ["--seed", str(self.seed.value())]
        if self.loss.currentData():
            words += ["--loss", self.loss.currentData()]
        if self.augment.currentData():
            words += ["--augment", self.augment.currentData()]
        return tuple(words)

    def _on_changed(self) -> None:
        trainer = self._trainer
        now = (self.options(), self.steps.value())
        if now != (trainer.options, trainer.steps):
            trainer.options, trainer.steps = now
            trainer.look()

    def _on_folded(self, opened: bool) -> None:
        arrow = Qt.ArrowType.DownArrow if opened else Qt.ArrowType.RightArrow
        self._fold.setArrowType(arrow)
        self._body.setVisible(opened)

    def _on_run(self) -> None:
        path = self.run.currentData()
        events: list[dict[str, Any]] = []
        if path is not None:
            try:
                lines = path.read_text("utf-8").splitlines()
                events = [json.loads(line) for line in lines]
            except (OSError, ValueError):
                events = []  # a damaged course is no course
        self.compared.emit(events)


def _number(name: str, least: int, most: int) -> QSpinBox:
    box = QSpinBox()
    box.setRange(least, most)
    box.setAccessibleName(name)
    indent(box)
    return box


def _choice(name: str, values: tuple[str, ...], usual: str) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    for value in values:
        box.addItem(value or usual, value)
    return box
