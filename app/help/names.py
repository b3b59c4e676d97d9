"""What the window calls its actions at this moment, for pages that speak of them."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class ActionName:
    """An action as a person finds it.

    Attributes:
        text: As the menu says it, without access key and dots.
        path: The menus that lead to it, from the bar on; empty where none does.
        keys: The shortcut as the system writes it; empty where there is none.
    """

    text: str
    path: tuple[str, ...]
    keys: str


Names = Mapping[str, ActionName]
"""By the id of the action."""
