"""How many points to check, or whether to go on with a check that was left."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

_USUAL, _LEAST, _MOST = 200, 60, 2000
_SECONDS = 3  # for a point


@dataclass(frozen=True)
class CheckBefore:
    """The last check of the photo: when, by whom, how far."""

    on: str
    who: str
    answered: int
    points: int


@dataclass(frozen=True)
class CheckWish:
    """Go on with the last check, or draw so many points anew."""

    kind: Literal["go on", "new"]
    points: int = 0


class PointCheckStart(QDialog):
    """Says what it is good for, and asks how long it may take."""

    def __init__(
        self, before: CheckBefore | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Point check"))
        self.setMinimumWidth(480)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(12)
        about = QLabel(
            self.tr(
                "The program draws random points; at each you say what you see, "
                "without being told what the mask says. From your answers follow areas "
                "without the errors of the mask, with their 95 % intervals."
            )
        )
        about.setWordWrap(True)
        layout.addWidget(about)
        self._go_on = QRadioButton()
        self._new = QRadioButton(self.tr("Begin a new check"))
        self._new.setChecked(True)
        if before is not None:
            done = before.answered >= before.points
            said = self.tr("Look at the check of {0} by {1} ({2} of {3})")
            if not done:
                said = self.tr("Go on with the check of {0} by {1} ({2} of {3})")
            self._go_on.setText(
                said.format(before.on, before.who, before.answered, before.points)
            )
            self._go_on.setChecked(True)
            layout.addWidget(self._go_on)
            layout.addWidget(self._new)
        layout.addLayout(self._make_points())
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        do = buttons.addButton(self.tr("Begin"), QDialogButtonBox.ButtonRole.AcceptRole)
        do.setProperty("role", "primary")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        self._points.valueChanged.connect(self._renew)
        self._new.toggled.connect(self._renew)
        self._renew()

    def _make_points(self) -> QFormLayout:
        self._points = QSpinBox()
        self._points.setAccessibleName(self.tr("Points"))
        self._points.setRange(_LEAST, _MOST)
        self._points.setSingleStep(20)
        self._points.setValue(_USUAL)
        self._points.setFixedWidth(120)
        self._points.lineEdit().setTextMargins(6, 0, 0, 0)
        self._time = QLabel()
        self._time.setProperty("role", "muted")
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.addRow(self.tr("Points"), self._points)
        form.addRow("", self._time)
        return form

    @property
    def wish(self) -> CheckWish:
        """What was chosen."""
        if self._go_on.isChecked():
            return CheckWish("go on")
        return CheckWish("new", self._points.value())

    def _renew(self) -> None:
        self._points.setEnabled(self._new.isChecked())
        minutes = max(1, round(self._points.value() * _SECONDS / 60))
        self._time.setText(self.tr("About {0} minutes").format(minutes))


def ask_point_check(parent: QWidget, before: CheckBefore | None) -> CheckWish | None:
    """Ask; None when the person thinks better of it."""
    dialog = PointCheckStart(before, parent)
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    wish = dialog.wish
    dialog.deleteLater()
    return wish if accepted else None
