"""Long work as generators that report progress and can be stopped at each step."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Progress:
    """How far some work has come: `done` of `total` steps, and what it is doing."""

    done: int
    total: int
    note: str = ""

    @property
    def fraction(self) -> float:
        """Share done, 0 to 1; 0 while the total is unknown."""
        return min(1.0, self.done / self.total) if self.total > 0 else 0.0


Steps = Generator[Progress, None, T]
"""Work that yields `Progress` and returns a `T`; `close()` cancels it cleanly."""


def run_to_end(
    steps: Steps[T], on_progress: Callable[[Progress], None] | None = None
) -> T:
    """Drive `steps` to their result, for scripts, the command line and tests."""
    while True:
        try:
            progress = next(steps)
        except StopIteration as finished:
            value: T = finished.value
            return value
        if on_progress is not None:
            on_progress(progress)
