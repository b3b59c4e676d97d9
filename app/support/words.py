"""What the project's own words are called in the person's language."""

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication

from resunet_core.measure.scale import Method
from resunet_core.project.records import LEVELS, Action, Level, Place, ReviewState

BETWEEN = " \u203a "  # a small arrow to the right


def said_review(state: ReviewState) -> str:
    """A state of review, to begin a line with."""
    said = QCoreApplication.translate
    return {
        "draft": said("Words", "Draft"),
        "checked": said("Words", "Checked"),
        "approved": said("Words", "Approved"),
    }[state]


def said_level(level: Level) -> str:
    """A level of a place."""
    said = QCoreApplication.translate
    return {
        "site": said("Words", "Site"),
        "building": said("Words", "Building"),
        "elevation": said("Words", "Elevation or room"),
        "bay": said("Words", "Bay"),
        "component": said("Words", "Component"),
    }[level]


def said_action(action: Action) -> str:
    """What an entry of the log is about."""
    said = QCoreApplication.translate
    return {
        "add": said("Words", "Photo added"),
        "building": said("Words", "Building"),
        "place": said("Words", "Place"),
        "scale": said("Words", "Scale"),
        "note": said("Words", "Note"),
        "review": said("Words", "State"),
        "relink": said("Words", "Photo found again"),
        "detection": said("Words", "Detection"),
        "edit": said("Words", "Mask changed"),
        "undo": said("Words", "Undo"),
        "redo": said("Words", "Redo"),
        "check": said("Words", "Tiles checked"),
        "snapshot": said("Words", "Snapshot"),
        "salvage": said("Words", "Saved from damage"),
        "campaign": said("Words", "Campaign"),
        "primary": said("Words", "Primary view"),
        "point check": said("Words", "Point check"),
        "settings": said("Words", "Report settings"),
    }.get(action, action)


def said_method(method: Method) -> str:
    """How a scale was measured."""
    said = QCoreApplication.translate
    return {
        "georeference": said("Words", "orthophoto"),
        "rectified": said("Words", "four corners"),
        "target": said("Words", "target in the photo"),
        "distance": said("Words", "known distance"),
        "cylinder": said("Words", "cylinder unrolled"),
        "dpi": said("Words", "resolution of the scan"),
        "given": said("Words", "given as a number"),
    }[method]


def said_place(place: Place) -> str:
    """A place from the whole to the part; empty where nothing is known."""
    return BETWEEN.join(filter(None, place.levels))


def common_levels(places: Iterable[Place]) -> dict[Level, str | None]:
    """What the levels of several places have in common; None where they differ."""
    columns = zip(*(place.levels for place in places), strict=True)
    named = zip(LEVELS, columns, strict=True)
    return {level: names[0] if len({*names}) == 1 else None for level, names in named}
