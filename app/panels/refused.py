"""In place of a photo that cannot be shown: why, for as long as it is chosen."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.actions.workbench import Workbench
from app.panels.parts import SPACE_PX
from app.support.sign import Sign

_SIGN_PX = 40
_MARGIN_PX = 64


class RefusedPanel(QWidget):
    """One sentence in the middle."""

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN_PX, 0, _MARGIN_PX, 0)
        layout.addStretch(2)
        sign = Sign("warning", _SIGN_PX, "warning")
        layout.addWidget(sign, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(SPACE_PX)
        layout.addWidget(self._text)
        layout.addStretch(3)
        bench.opener.refused.connect(self._text.setText)
        bench.opener.opening.connect(self._on_opening)

    @property
    def text(self) -> str:
        """Why the chosen photo cannot be shown; empty when it can."""
        return self._text.text()

    def _on_opening(self, _index: int) -> None:
        self._text.clear()
