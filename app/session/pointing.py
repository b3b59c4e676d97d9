"""Points that a person sets on the photo to measure it by."""

import math

from PySide6.QtCore import QObject, Signal

Place = tuple[float, float]
"""x and y in photo pixels."""


class Pointing(QObject):
    """Up to so many points as are wanted; one more begins anew."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._points: tuple[Place, ...] = ()
        self._wanted = 2

    @property
    def points(self) -> tuple[Place, ...]:
        """Those that are set; four of them clockwise from the top left."""
        return self._points

    @property
    def wanted(self) -> int:
        """How many are wanted."""
        return self._wanted

    @property
    def is_complete(self) -> bool:
        """Whether all are set."""
        return len(self._points) == self._wanted

    def want(self, count: int) -> None:
        """Ask for so many points; a different number begins anew."""
        if count != self._wanted:
            self._wanted = count
            self.clear()

    def set_points(self, points: tuple[Place, ...]) -> None:
        """Set all of them, as they were kept before."""
        if points != self._points:
            self._points = points
            self.changed.emit()

    def clear(self) -> None:
        """Forget them."""
        self.set_points(())

    def add(self, place: Place) -> int:
        """Set one more; which it is now."""
        before = () if self.is_complete else self._points
        self._points = (*before, place)
        self.changed.emit()
        return len(self._points) - 1

    def move(self, number: int, place: Place) -> None:
        """Set one of them elsewhere."""
        if number < len(self._points) and self._points[number] != place:
            points = [*self._points]
            points[number] = place
            self.set_points(tuple(points))

    def take_back(self) -> None:
        """Forget the one that was set last."""
        self.set_points(self._points[:-1])

    def sort(self) -> None:
        """Put four points clockwise, beginning at the top left, as they lie."""
        if len(self._points) == 4:
            self.set_points(clockwise(self._points))

    def nearest(self, place: Place, within: float) -> int | None:
        """The number of the point nearest to a place; None where none is near."""
        near = [(math.dist(p, place), n) for n, p in enumerate(self._points)]
        least = min(near, default=(math.inf, 0))
        return least[1] if least[0] <= within else None


def clockwise(points: tuple[Place, ...]) -> tuple[Place, ...]:
    """Corners as they are seen clockwise, the one nearest to the top left first."""
    x = sum(point[0] for point in points) / len(points)
    y = sum(point[1] for point in points) / len(points)
    around = sorted(points, key=lambda p: math.atan2(p[1] - y, p[0] - x))
    first = min(range(len(around)), key=lambda n: sum(around[n]))
    return tuple(around[first:] + around[:first])
