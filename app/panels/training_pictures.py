"""Pictures of a training: the tile that gets better, and before beside after."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.support.theme import colours_of
from resunet_core.defects import DEFAULT_CLASSES

_OPACITY = 0.75
_SIDE_PX = 160


class OverlaidPicture(QWidget):
    """A picture with classes over it in their colours, as large as there is room."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setMinimumSize(_SIDE_PX, _SIDE_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._image: QImage | None = None

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(240, 240)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to see."""
        return self._image is None

    def show_files(self, picture: Path | None, classes: Path | None = None) -> None:
        """Show a picture, and a PNG of class ids over it; None for nothing."""
        self._image = None
        if picture is not None:
            image = QImage(str(picture))
            if not image.isNull():
                over = None if classes is None else QImage(str(classes))
                self._image = overlaid(image, over)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it, whole and in its proportions."""
        painter = QPainter(self)
        colours = colours_of(self.palette())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self._image is None:
            painter.fillRect(self.rect(), QColor(colours.raised))
            return
        size = self._image.size().scaled(
            self.size(), Qt.AspectRatioMode.KeepAspectRatio
        )
        place = QRectF(
            (self.width() - size.width()) / 2, 0, size.width(), size.height()
        )
        painter.drawImage(place, self._image)


def overlaid(picture: QImage, classes: QImage | None) -> QImage:
    """The picture with each class in its colour."""
    shown = picture.convertToFormat(QImage.Format.Format_RGB888)
    if classes is None or classes.isNull() or classes.size() != shown.size():
        return shown
    pixels = _array(shown, 3).astype(np.float32)
    ids = _array(classes.convertToFormat(QImage.Format.Format_Grayscale8), 1)[..., 0]
    for defect in DEFAULT_CLASSES:
        there = ids == defect.id
        colour = np.array(defect.colour, np.float32)
        pixels[there] = (1 - _OPACITY) * pixels[there] + _OPACITY * colour
    made = np.ascontiguousarray(pixels.astype(np.uint8))
    height, width = made.shape[:2]
    kind = QImage.Format.Format_RGB888
    return QImage(made.tobytes(), width, height, 3 * width, kind).copy()


def _array(image: QImage, channels: int) -> NDArray[np.uint8]:
    rows = np.frombuffer(image.constBits(), np.uint8)
    rows = rows.reshape(image.height(), image.bytesPerLine())
    used = rows[:, : image.width() * channels]
    return used.reshape(image.height(), image.width(), channels)
