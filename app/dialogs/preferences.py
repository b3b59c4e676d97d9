"""The preferences: each with a line on what it is for, in force at once."""

import os
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.support.settings import Settings

_MEGABYTE = 1e6
_TEXT_PX = 400
_BUTTON_PX = 32
_INDENT_PX = 6  # keeps the figure off the edge, which a style sheet cannot do


@dataclass(frozen=True)
class PreferencesSubject:
    """What the dialog begins with: the settings, the cache's folder, what is here."""

    settings: Settings
    cache_folder: str
    has_gpu: bool


class PreferencesDialog(QDialog):
    """Tells each change at once; there is nothing to confirm."""

    changed = Signal(str, object)  # a field of the settings, its new value
    clear_wanted = Signal()

    def __init__(self, subject: PreferencesSubject, parent: QWidget) -> None:
        super().__init__(parent)
        self._subject = subject
        settings = subject.settings
        self.setWindowTitle(self.tr("Preferences"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(16)
        self._form = QFormLayout()
        self._form.setHorizontalSpacing(24)
        self._form.setVerticalSpacing(12)
        layout.addLayout(self._form)
        system, english = self.tr("As the system"), self.tr("English")
        self.language = self._choice(
            "language",
            (("system", system), ("en", english), ("zh_CN", "简体中文")),
            settings.language,
        )
        self.theme = self._choice(
            "theme",
            (
                ("system", system),
                ("light", self.tr("Light")),
                ("dark", self.tr("Dark")),
            ),
            settings.theme,
        )
        self.device = self._choice("device", self._devices(), settings.device)
        self.threads = QSpinBox()
        self.threads.setRange(0, os.cpu_count() or 1)
        self.threads.setSpecialValueText(self.tr("As many as are good"))
        self.threads.setValue(settings.threads)
        self.threads.lineEdit().setTextMargins(_INDENT_PX, 0, 0, 0)
        self.threads.valueChanged.connect(self._on_threads)
        self.pressure = QCheckBox(self.tr("Pressing harder paints wider"))
        self.pressure.setChecked(settings.pen_pressure)
        self.pressure.toggled.connect(self._on_pressure)
        self._make_rows()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)

    def _make_rows(self) -> None:
        said = self.tr
        self._row(
            said("Language"),
            self.language,
            said("Of menus, messages and help. Reports are in English and Chinese."),
        )
        self._row(
            said("Theme"),
            self.theme,
            said("Around a photo it is grey in both, so that colours are seen right."),
        )
        self._row(
            said("Detect on"),
            self.device,
            said("What was really used is said at the foot of the window."),
        )
        self._row(
            said("Processor threads"),
            self.threads,
            said("Fewer leave room for other programs. From the next start on."),
        )
        self._row(
            said("Pen"),
            self.pressure,
            said("For drawing tablets. A mouse is the same."),
        )
        self._row(
            said("Cache"),
            self._cache_row(),
            said(
                "Photos unpacked for the screen and what models found, made again"
                " when needed. Cleared, thresholds want detecting again."
            ),
        )
        self._row(
            said("Saving"),
            QLabel(said("Nothing to set")),
            said("Every stroke is saved before the next one."),
        )

    def _cache_row(self) -> QWidget:
        self.folder = QLabel()
        self._show_folder(self._subject.cache_folder)
        self.used = QLabel()
        self.used.setProperty("role", "muted")
        choose = QPushButton(self.tr("Choose…"))
        choose.clicked.connect(self._on_choose)
        self.clear = QPushButton(self.tr("Clear"))
        self.clear.clicked.connect(self.clear_wanted)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (choose, self.clear):
            button.setMinimumHeight(_BUTTON_PX)
        for widget in (choose, self.clear, self.used):
            buttons.addWidget(widget)
        buttons.addStretch(1)
        box = QWidget()
        # A form gives a row with wrapped text less room than its buttons need.
        box.setMinimumHeight(2 * _BUTTON_PX + 4)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.folder)
        column.addLayout(buttons)
        return box

    def show_size(self, size_bytes: int) -> None:
        """Say how much of the cache could be cleared."""
        said = self.tr("{0} MB").format(f"{size_bytes / _MEGABYTE:,.0f}")
        self.used.setText(said)
        self.clear.setEnabled(size_bytes > 0)

    def _devices(self) -> Sequence[tuple[str, str]]:
        choices = [
            ("auto", self.tr("What is fastest")),
            ("cpu", self.tr("Processor")),
        ]
        if self._subject.has_gpu or self._subject.settings.device == "cuda":
            choices.append(("cuda", self.tr("Graphics card")))
        return choices

    def _choice(
        self, name: str, choices: Sequence[tuple[str, str]], chosen: str
    ) -> QComboBox:
        box = QComboBox()
        for value, text in choices:
            box.addItem(text, value)
        with QSignalBlocker(box):
            box.setCurrentIndex(max(0, box.findData(chosen)))
        box.currentIndexChanged.connect(
            lambda: self.changed.emit(name, box.currentData())
        )
        return box

    def _row(self, title: str, control: QWidget, why: str) -> None:
        control.setAccessibleName(title)
        text = QLabel(why)
        text.setProperty("role", "muted")
        text.setWordWrap(True)
        text.setFixedWidth(_TEXT_PX)
        text.setMinimumHeight(text.heightForWidth(_TEXT_PX))
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(control)
        column.addWidget(text)
        self._form.addRow(title, box)

    def _on_threads(self, value: int) -> None:
        self.changed.emit("threads", value)

    def _on_pressure(self, checked: bool) -> None:
        self.changed.emit("pen_pressure", checked)

    def _show_folder(self, folder: str) -> None:
        middle = Qt.TextElideMode.ElideMiddle
        shown = self.fontMetrics().elidedText(folder, middle, _TEXT_PX)
        self.folder.setText(shown)
        self.folder.setToolTip(folder)

    def _on_choose(self) -> None:
        title, start = self.tr("Folder of the cache"), self.folder.toolTip()
        name = QFileDialog.getExistingDirectory(self, title, start)
        if name:
            self._show_folder(name)
            self.changed.emit("cache_folder", name)
