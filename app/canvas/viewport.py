"""Where on the screen a pixel of the photo lies, and the other way round."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF

from resunet_core.box import Box

MAX_SCALE = 64.0
FIT_MARGIN_PX = 24.0


@dataclass(frozen=True)
class Viewport:
    """A scale (screen px per photo px) and where the photo's corner lies."""

    scale: float = 1.0
    x: float = 0.0
    y: float = 0.0

    def to_photo(self, point: QPointF) -> tuple[float, float]:
        """Screen to photo, x before y; whole numbers are corners of pixels."""
        return (point.x() - self.x) / self.scale, (point.y() - self.y) / self.scale

    def to_screen(self, x: float, y: float) -> QPointF:
        """Photo to screen."""
        return QPointF(x * self.scale + self.x, y * self.scale + self.y)

    def rect(self, box: Box) -> QRect:
        """The screen pixels of a box, rounded so that neighbours meet exactly."""
        left, top = (
            round(box.left * self.scale + self.x),
            round(box.top * self.scale + self.y),
        )
        right, bottom = (
            round(box.right * self.scale + self.x),
            round(box.bottom * self.scale + self.y),
        )
        return QRect(left, top, right - left, bottom - top)

    def box(self, rect: QRectF) -> Box:
        """The photo pixels that a part of the screen touches; may lie outside."""
        left, top = self.to_photo(rect.topLeft())
        right, bottom = self.to_photo(rect.bottomRight())
        return Box(
            math.floor(top), math.floor(left), math.ceil(bottom), math.ceil(right)
        )

    def moved(self, dx: float, dy: float) -> "Viewport":
        """Shifted by screen pixels."""
        return Viewport(self.scale, self.x + dx, self.y + dy)

    def zoomed(self, factor: float, at: QPointF, least: float) -> "Viewport":
        """Zoomed so that the photo's point under `at` stays there."""
        scale = min(MAX_SCALE, max(least, self.scale * factor))
        ratio = scale / self.scale
        return Viewport(
            scale,
            at.x() - (at.x() - self.x) * ratio,
            at.y() - (at.y() - self.y) * ratio,
        )

    def kept_in_sight(self, photo: QSizeF, screen: QSizeF) -> "Viewport":
        """Shifted so that the photo cannot be lost outside the screen."""
        return Viewport(
            self.scale,
            _kept(self.x, photo.width() * self.scale, screen.width()),
            _kept(self.y, photo.height() * self.scale, screen.height()),
        )


def fitted(photo: QSizeF, screen: QSizeF, margin: float = FIT_MARGIN_PX) -> Viewport:
    """The whole photo in the middle of the screen, at most at 100 %."""
    room = QSizeF(
        max(1.0, screen.width() - 2 * margin), max(1.0, screen.height() - 2 * margin)
    )
    scale = min(room.width() / photo.width(), room.height() / photo.height(), 1.0)
    return centred(scale, photo.width() / 2, photo.height() / 2, screen)


def centred(scale: float, x: float, y: float, screen: QSizeF) -> Viewport:
    """A point of the photo in the middle of the screen."""
    return Viewport(
        scale, screen.width() / 2 - x * scale, screen.height() / 2 - y * scale
    )


def _kept(start: float, length: float, screen: float) -> float:
    """The start of a line that must overlap the middle half of the screen."""
    return min(screen * 0.75, max(start, screen * 0.25 - length))
