"""The sentence that a reader wants first, in both languages."""

from resunet_core.measure.totals import Total
from resunet_core.reports import units
from resunet_core.reports.document import Words
from resunet_core.reports.units import whole_percent as whole


def first_sentence(place: Total, checked: tuple[str, str] = ("", "")) -> Words:
    """What was assessed, lost and cracked, and who checked it: names, ISO date."""
    return Words(_english(place, *checked), _chinese(place, *checked))


def place_name(place: Total) -> Words:
    """Its names from the building down; the site alone where nothing else is known."""
    names = [name for name in place.levels[1:] if name] or [
        name for name in place.levels if name
    ]
    return Words(", ".join(names) or "All photos", "·".join(names) or "全部照片")


def _english(place: Total, names: str, day: str) -> str:
    mm = place.in_mm
    said = [
        f"{place_name(place).en}: {units.area(place.assessed, in_mm=mm)} assessed of "
        f"{units.area(place.painted, in_mm=mm)} painted ({whole(place.coverage)})."
    ]
    said.append(f"Paint loss {_loss(place, '95 % CI ')}.")
    if place.crack_length:
        too_narrow = place.widths.too_narrow_share
        said.append(
            f"Craquelure {units.length(place.crack_length, in_mm=mm)}, "
            f"{units.density(place.crack_density, in_mm=mm)}, median width "
            f"{units.median_width(place)} ({whole(too_narrow)} of it below measurable "
            "width)."
        )
    else:
        said.append("No craquelure found.")
    if place.loss and place.checked_loss:
        share = place.checked_loss / place.loss
        who = f" by {names}" if names else ""
        when = f", {day}" if day else ""
        said.append(f"{whole(share)} of loss area checked{who}{when}.")
    elif not place.checked:
        said.append("Not yet checked by a person.")
    return " ".join(said)


def _chinese(place: Total, names: str, day: str) -> str:
    mm = place.in_mm
    said = [
        f"{place_name(place).zh}：彩画面 {units.area(place.painted, in_mm=mm)}，"
        f"已评估 {units.area(place.assessed, in_mm=mm)}"
        f"（{whole(place.coverage)}）。"
    ]
    said.append(f"颜料层脱落 {_loss(place, '95 % 置信区间 ')}。")
    if place.crack_length:
        too_narrow = place.widths.too_narrow_share
        said.append(
            f"龟裂总长 {units.length(place.crack_length, in_mm=mm)}，密度 "
            f"{units.density(place.crack_density, in_mm=mm)}，宽度中位数 "
            f"{units.median_width(place)}（其中 {whole(too_narrow)} 低于可测宽度）。"
        )
    else:
        said.append("未发现龟裂。")
    if place.loss and place.checked_loss:
        share = place.checked_loss / place.loss
        who = "、".join([part for part in (names, day) if part])
        by = f"（{who}）" if who else ""
        said.append(f"{whole(share)} 的脱落面积已经人工核对{by}。")
    elif not place.checked:
        said.append("尚未经人工核对。")
    return "".join(said)


def _loss(place: Total, interval: str) -> str:
    found = place.loss_range
    if found is None or not place.assessed:
        share = units.percent(place.loss_share)
        return f"{units.area(place.loss, in_mm=place.in_mm)} ({share})"
    value = units.area_range(found, in_mm=place.in_mm).partition("\N{NO-BREAK SPACE}(")[
        0
    ]
    low, high = found.low / place.assessed, found.high / place.assessed
    share = units.percent(found.value / place.assessed)
    return f"{value} ({share}, {interval}{units.percent_range(low, high)})"
