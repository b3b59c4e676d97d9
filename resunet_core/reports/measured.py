"""The figures of one photo as a table."""

from collections.abc import Iterator

import numpy as np

from resunet_core.measure.totals import PhotoFigures, Total
from resunet_core.reports import units
from resunet_core.reports.document import Table, Words

Row = tuple[str, str]


def measured_table(place: Total, figures: PhotoFigures) -> Table:
    """Losses and cracks side by side; `place` is the sum over this photo alone."""
    losses, cracks = list(_losses(place, figures)), []
    if place.crack_length:
        cracks = list(_cracks(place, figures))
    rows = [*losses, *cracks]
    half = (len(rows) + 1) // 2
    left, right = rows[:half], rows[half:]
    right += [("", "")] * (half - len(right))
    head = (Words("Measure", "指标"), Words("Value", "数值"))
    pairs = zip(left, right, strict=True)
    return Table((*head, *head), tuple((*a, *b) for a, b in pairs), "lrlr", _WIDTHS)


_WIDTHS = (1.75, 1.25, 1.75, 1.25)


def _side(figures: PhotoFigures, *, in_mm: bool) -> float:
    return figures.scale.mm_per_px if in_mm and figures.scale is not None else 1.0


def _losses(place: Total, figures: PhotoFigures) -> Iterator[Row]:
    mm, losses = place.in_mm, figures.losses
    side = _side(figures, in_mm=mm)
    yield "Paint loss 颜料层脱落", units.area(place.loss, in_mm=mm)
    if place.loss_range is not None:
        yield "by point check 抽样校正", units.area_range(place.loss_range, in_mm=mm)
    cut = f", {losses.cut} cut 被裁切" if losses.cut else ""
    yield "regions 处数", f"{len(losses.regions):,}{cut}"
    if losses.largest is not None:
        largest = losses.largest.region.area_px * side**2
        yield "largest 最大一处", units.area(largest, in_mm=mm)


def _cracks(place: Total, figures: PhotoFigures) -> Iterator[Row]:
    mm, cracks, widths = place.in_mm, figures.craquelure, place.widths
    side = _side(figures, in_mm=mm)
    yield "Craquelure length 龟裂总长", units.length(place.crack_length, in_mm=mm)
    yield "density 密度", units.density(place.crack_density, in_mm=mm)
    yield "median width 宽度中位数", units.median_width(place)
    yield (
        "mean, P95 width 平均、P95",
        f"{units.width(widths.mean, in_mm=mm)}, "
        f"{units.width(widths.quantile(0.95), in_mm=mm)}",
    )
    yield "below measurable 低于可测", f"{100 * widths.too_narrow_share:.0f} %"
    kinds = (cracks.junctions_y, cracks.junctions_t, cracks.junctions_x)
    yield "junctions Y, T, X 交叉点", ", ".join(f"{kind:,}" for kind in kinds)
    yield (
        "free ends 自由端",
        f"{cracks.free_ends:,} ({100 * cracks.free_end_ratio:.0f} %)",
    )
    yield "islands 龟裂块", f"{len(cracks.islands):,}"
    if len(cracks.islands):
        middle = float(np.median(cracks.islands.diameter_px)) * side
        round_ = float(np.median(cracks.islands.roundness))
        yield (
            "their diameter, roundness 直径、圆度",
            f"{units.length(middle, in_mm=mm)}, {round_:.2f}",
        )
    yield (
        "anisotropy R, direction 各向异性",
        f"{cracks.rose.anisotropy:.2f}, {cracks.rose.direction_deg:.0f}°",
    )
    yield "tortuosity 曲折度", f"{cracks.tortuosity:.2f}"
