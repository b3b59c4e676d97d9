"""What became of components between two campaigns, as a report tells it."""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from resunet_core.formats.tables import Cell
from resunet_core.measure.compare import Change, Comparison
from resunet_core.reports import units
from resunet_core.reports.condition import ComponentChange
from resunet_core.reports.document import (
    Block,
    Colour,
    Figure,
    Figures,
    Heading,
    Legend,
    NewPage,
    Table,
    Text,
    Words,
)

KINDS: dict[Change, tuple[Colour, Words]] = {
    "new": ((214, 39, 40), Words("new", "新增")),
    "grown": ((255, 127, 14), Words("grown", "扩大")),
    "stable": ((120, 128, 134), Words("stable", "稳定")),
    "shrunk": ((77, 157, 201), Words("shrunk", "缩小")),
    "lost": ((31, 119, 180), Words("no longer seen", "不再可见")),
}
NOISE: Colour = (205, 208, 210)

CHANGE_COLUMNS = (
    *("component", "before", "after", "common_pct", "noise_px", "noise_mm"),
    *("new", "grown", "stable", "shrunk", "lost"),
    *("paint_loss_before_px", "paint_loss_after_px"),
    *("paint_loss_before_mm2", "paint_loss_after_mm2"),
    *("length_before_px", "length_after_px", "crack_growth_px", "crack_growth_mm"),
    *("years", "crack_growth_mm_per_year", "paint_loss_growth_mm2_per_year"),
)

SHORTEST_YEARS = 0.25
"""Over less time a rate says more of the error than of the object."""

Pixels = NDArray[np.uint8]


def change_picture(photo: Pixels, found: Comparison) -> Pixels:
    """The later photo, RGB [h, w, 3], with a frame round each change.

    Grey round those that may be an error of the registration.
    """
    shown = photo.copy()
    factor = photo.shape[1] / found.registration.after_size[1]
    marks = [
        (r.box, NOISE if r.is_noise else KINDS[r.kind][0], 2) for r in found.regions
    ]
    marks += [
        (c.box, NOISE if c.is_noise else KINDS["new" if c.is_new else "lost"][0], 1)
        for c in found.cracks
    ]
    for box, colour, thick in reversed(marks):  # the largest change on top
        corners = [
            round(side * factor) for side in (box.left, box.top, box.right, box.bottom)
        ]
        start, end = (corners[0] - 3, corners[1] - 3), (corners[2] + 3, corners[3] + 3)
        cv2.rectangle(shown, start, end, colour, thick, cv2.LINE_AA)
    return shown


def change_blocks(changes: tuple[ComponentChange, ...]) -> Iterator[Block]:
    """A part of the report; nothing where no component was seen twice."""
    if not changes:
        return
    yield NewPage()
    yield Heading(Words("Change since the last campaign", "与上次调查的对比"), 1)
    said = Words(
        "Both photos are laid over each other; only what both show and both assess is "
        "compared, at the coarser one's resolution. What is narrower than the error of "
        "the registration is drawn in grey and counted nowhere.",
        "两张照片配准后仅比较共同的已评估部分，分辨率取较粗者。小于配准误差的变化以灰"
        "色表示，不计入统计。",
    )
    yield Text(said)
    legend = [
        *KINDS.values(),
        (NOISE, Words("within the registration error", "低于配准误差")),
    ]
    yield Legend(tuple(legend))
    for change in changes:
        yield from _component(change)


def change_rows(changes: tuple[ComponentChange, ...]) -> list[dict[str, Cell]]:
    """A row for each component that was seen in two campaigns."""
    return [_row(change) for change in changes]


def _component(change: ComponentChange) -> Iterator[Block]:
    found = change.comparison
    yield Heading(Words(change.name, f"{change.before} → {change.after}"), 2)
    yield Figures(
        (
            Figure(change.earlier, Words(change.before), 0.5),
            Figure(change.later, Words(change.after), 0.5),
        )
    )
    mm = found.mm_per_px is not None
    side = found.mm_per_px or 1.0
    counts = ", ".join(
        f"{words.en} {words.zh} {found.count(kind)}"
        for kind, (_, words) in KINDS.items()
        if found.count(kind)
    )
    growth = units.length(abs(found.crack_growth_px) * side, in_mm=mm)
    sign = _sign(found.crack_growth_px)
    rows = (
        ("Common surface 共同部分", units.percent(found.common_share)),
        (
            "Registration error 配准误差",
            units.length(found.noise_px * side, in_mm=mm),
        ),
        (
            "Paint loss 颜料层脱落",
            f"{units.area(found.loss_before_px * side**2, in_mm=mm)} → "
            f"{units.area(found.loss_after_px * side**2, in_mm=mm)}",
        ),
        ("Losses 脱落处", counts or "—"),
        (
            "Craquelure length 龟裂总长",
            f"{units.length(found.crack_before_px * side, in_mm=mm)} → "
            f"{units.length(found.crack_after_px * side, in_mm=mm)}",
        ),
        (
            "Crack growth beyond that error 超出误差的裂缝增长",
            f"{sign}{growth}" if found.crack_growth_px else "none 无",
        ),
        *_rates(change),
    )
    head = (Words("Measure", "指标"), Words("Value", "数值"))
    yield Table(head, rows, "lr", (1.6, 2.0))


def _rates(change: ComponentChange) -> Iterator[tuple[str, str]]:
    """Growth a year, where the scale and enough time between the photos are known."""
    lengthened, enlarged = _a_year(change)
    if change.years is None or lengthened is None or enlarged is None:
        return
    length = units.length(abs(lengthened), in_mm=True)
    area = units.area(abs(enlarged), in_mm=True)
    yield (
        f"Growth a year, over {change.years:.1f} years 年均增长",
        f"{_sign(lengthened)}{length}, {_sign(enlarged)}{area}",
    )


def _a_year(change: ComponentChange) -> tuple[float | None, float | None]:
    """Crack length in mm and paint loss in mm2 that one year added."""
    found, years = change.comparison, change.years
    grown = found.crack_growth_mm
    loss = found.mm2(found.loss_after_px - found.loss_before_px)
    if years is None or years < SHORTEST_YEARS or grown is None or loss is None:
        return None, None
    return grown / years, loss / years


def _sign(value: float) -> str:
    return "−" if value < 0 else "+"


def _row(change: ComponentChange) -> dict[str, Cell]:
    found = change.comparison
    lengthened, enlarged = _a_year(change)
    return {
        "component": change.name,
        "before": change.before,
        "after": change.after,
        "common_pct": 100 * found.common_share,
        "noise_px": found.noise_px,
        "noise_mm": found.noise_mm,
        **{kind: found.count(kind) for kind in KINDS},
        "paint_loss_before_px": found.loss_before_px,
        "paint_loss_after_px": found.loss_after_px,
        "paint_loss_before_mm2": found.mm2(found.loss_before_px),
        "paint_loss_after_mm2": found.mm2(found.loss_after_px),
        "length_before_px": found.crack_before_px,
        "length_after_px": found.crack_after_px,
        "crack_growth_px": found.crack_growth_px,
        "crack_growth_mm": found.crack_growth_mm,
        "years": change.years,
        "crack_growth_mm_per_year": lengthened,
        "paint_loss_growth_mm2_per_year": enlarged,
    }
