"""What all tools have in common."""

from typing import Protocol


class Tool(Protocol):
    """Told of the left button with positions in photo pixels; draws nothing itself."""

    def press(self, x: float, y: float, *, erase: bool) -> None:
        """The button went down; `erase` when Alt is held."""

    def move(self, x: float, y: float) -> None:
        """The mouse moved with the button down."""

    def release(self) -> None:
        """The button went up."""

    def abort(self) -> None:
        """Escape was pressed in between."""
