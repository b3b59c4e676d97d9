"""The one way to name a rectangular part of a picture."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Box:
    """Pixels `top <= y < bottom`, `left <= x < right`; may lie outside a photo."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def height(self) -> int:
        """Rows, never negative."""
        return max(0, self.bottom - self.top)

    @property
    def width(self) -> int:
        """Columns, never negative."""
        return max(0, self.right - self.left)

    @property
    def area(self) -> int:
        """Pixels."""
        return self.height * self.width

    @property
    def is_empty(self) -> bool:
        """Whether the box holds no pixel."""
        return self.area == 0

    @property
    def slices(self) -> tuple[slice, slice]:
        """Row and column slices for an array whose origin is the photo's."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    def contains(self, x: float, y: float) -> bool:
        """Whether a point lies in the box."""
        return self.left <= x < self.right and self.top <= y < self.bottom

    def clip(self, other: "Box") -> "Box":
        """The part that lies in `other`; empty where they do not meet."""
        top, left = max(self.top, other.top), max(self.left, other.left)
        bottom = max(top, min(self.bottom, other.bottom))
        right = max(left, min(self.right, other.right))
        return Box(top, left, bottom, right)

    def union(self, other: "Box") -> "Box":
        """The smallest box around both; an empty box adds nothing."""
        if self.is_empty:
            return other
        if other.is_empty:
            return self
        return Box(
            min(self.top, other.top),
            min(self.left, other.left),
            max(self.bottom, other.bottom),
            max(self.right, other.right),
        )

    def grow(self, px: int) -> "Box":
        """The box with `px` more pixels on every side."""
        return Box(self.top - px, self.left - px, self.bottom + px, self.right + px)

    def move(self, rows: int, columns: int) -> "Box":
        """The box shifted down by `rows` and right by `columns`."""
        return Box(
            self.top + rows,
            self.left + columns,
            self.bottom + rows,
            self.right + columns,
        )

    def within(self, outer: "Box") -> "Box":
        """The box in coordinates whose origin is the corner of `outer`."""
        return self.move(-outer.top, -outer.left)

    @staticmethod
    def of(height: int, width: int) -> "Box":
        """The box of a whole picture."""
        return Box(0, 0, height, width)
