"""What the training panel says, in plain words."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from app.panels.names import said_class
from resunet_core.defects import DEFAULT_CLASSES

if TYPE_CHECKING:
    from app.jobs.learning import Outlook
    from resunet_core.corrections.survey import CheckedPhoto

_CONTEXT = "Training"
_NAMED = 3


def said(text: str) -> str:
    """A text of this panel in the person's language."""
    return QCoreApplication.translate(_CONTEXT, text)


def said_time(seconds: float) -> str:
    """A length of time, as one says it."""
    if seconds < 90:
        return said("{0:.0f} seconds").format(max(1, round(seconds / 5) * 5))
    if seconds < 5400:
        return said("{0:.0f} minutes").format(seconds / 60)
    return said("{0:.1f} hours").format(seconds / 3600)


def taught_lines(outlook: "Outlook") -> list[str]:
    """What it will learn from."""
    photos = [p for p in outlook.known.photos if p.sha256 in outlook.parting.teach]
    tiles = sum(len(some) for some in outlook.parting.teach.values())
    lines = [
        said("{0} tiles on {1}: {2}").format(tiles, _count(photos), _names(photos))
    ]
    lines.append(_amount(outlook, tiles))
    known_px = sum(photo.known_px for photo in photos)
    for defect in DEFAULT_CLASSES:
        px = sum(photo.counts.get(defect.id, 0) for photo in photos)
        share = px / max(1, known_px)
        lines.append(
            said("{0}: {1} of it, on {2}").format(
                said_class(defect),
                f"{share:.1%}",
                _count([p for p in photos if p.counts.get(defect.id)]),
            )
        )
    return lines


def _amount(outlook: "Outlook", tiles: int) -> str:
    known = outlook.known
    share = tiles / max(1, known.tiles)
    amount = said("{0:.1f} megapixels").format(share * known.known_px / 1e6)
    if known.area_cm2 is not None:
        amount += said(", {0:,.0f} cm\u00b2").format(share * known.area_cm2)
    return amount


def judged_lines(outlook: "Outlook") -> list[str]:
    """What is kept apart."""
    parting = outlook.parting
    photos = [p for p in outlook.known.photos if p.sha256 in parting.judge]
    tiles = sum(len(some) for some in parting.judge.values())
    where = said("{0} tiles on {1}: {2}").format(tiles, _count(photos), _names(photos))
    if parting.by_region:
        where = said("{0} tiles at one end of {1}").format(tiles, _names(photos))
    return [where, said("No training ever sees them, this one or a later one.")]


def time_line(outlook: "Outlook") -> str:
    """How long it takes, measured."""
    line = said("About {0} on this machine ({1}), measured: {2} steps of {3:.1f} s.")
    return line.format(
        said_time(outlook.seconds),
        outlook.pace.device,
        outlook.steps,
        outlook.pace.step_s,
    )


def _count(photos: "list[CheckedPhoto]") -> str:
    if len(photos) == 1:
        return said("1 photo")
    return said("{0} photos").format(len(photos))


def _names(photos: "list[CheckedPhoto]") -> str:
    names = [photo.name for photo in photos[:_NAMED]]
    rest = len(photos) - len(names)
    text = ", ".join(names)
    return text + (said(" and {0} more").format(rest) if rest else "")


def verdict_title(kind: str) -> str:
    """What came out, in a sentence."""
    return {
        "better": said("The new model is better on your tiles."),
        "same": said("The new model is as good as the one in use."),
        "worse": said("The new model is worse: it is not used."),
        "unknown": said("Whether the new model is better cannot be told."),
    }[kind]


def verdict_lines(verdict: dict[str, Any]) -> list[str]:
    """The figures behind it, a line each."""
    fallen = {(one["of"], one["key"]) for one in verdict["fallen"]}
    lines = []
    for one in verdict["comparisons"]:
        sign = " \u2190" if (one["of"], one["key"]) in fallen else ""
        lines.append(
            f"{_of(one['of'])}, {_measure(one['key'])}: {one['before']:.2f} \u2192 "
            f"{one['after']:.2f}{sign}"
        )
    if not verdict["comparisons"] or verdict["kind"] == "unknown":
        lines.append(said("The tiles kept apart show no damage to judge by."))
    return lines


def _of(name: str) -> str:
    return said("Your tiles") if name == "locked" else said("What it knew before")


def _measure(key: str) -> str:
    if key == "craquelure":
        return said("craquelure (F1 of centre lines)")
    return said("paint loss (IoU)")


def step_line(event: dict[str, Any]) -> str:
    """How far a training is."""
    text = said("Step {0} of {1}, {2} left").format(
        event["step"], event["steps"], said_time(event["eta_s"])
    )
    if event.get("memory_mib"):
        text += said(", {0:.1f} GB of memory").format(event["memory_mib"] / 1024)
    return text
