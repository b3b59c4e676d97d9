"""From the figures of a condition report to what a reader reads."""

from resunet_core.measure.losses import size_bins
from resunet_core.measure.totals import Total, total, worst_first
from resunet_core.reports import units
from resunet_core.reports.changes import change_blocks
from resunet_core.reports.condition import (
    SIZE_BINS_PX,
    ConditionReport,
    PhotoEntry,
)
from resunet_core.reports.document import (
    Block,
    Cards,
    Document,
    Figure,
    Figures,
    Heading,
    Legend,
    NewPage,
    Table,
    Text,
    Words,
)
from resunet_core.reports.measured import measured_table
from resunet_core.reports.method import method_blocks
from resunet_core.reports.photo_facts import photo_facts, scale_words
from resunet_core.reports.sentences import first_sentence, place_name

MOST_RANKED = 20

_WIDE = 1.2  # photos below are shown beside their damage, others above it


def write_document(report: ConditionReport) -> Document:
    """The whole report: places first, then each photo, then how it was made."""
    whole = report.whole
    blocks: list[Block] = []
    for place in report.buildings:
        lead = first_sentence(place, report.checks(place.photos))
        blocks.append(Text(lead, "lead"))
    blocks += [Cards(_cards(whole)), *_notices(report, whole), *_places(report)]
    blocks += _sizes(report, whole)
    for entry in report.photos:
        blocks += _photo(report, entry)
    blocks += change_blocks(report.changes)
    blocks += [*_provenance(report), *method_blocks(report)]
    day = report.made.date().isoformat()
    site = next((p.figures.levels[0] for p in report.photos if p.figures.levels[0]), "")
    return Document(
        title=report.title,
        subtitle=Words("Condition report", "病害调查报告"),
        running=" · ".join(part for part in (site, report.title, day) if part),
        made=report.made.isoformat(timespec="minutes"),
        author=report.operator,
        blocks=tuple(blocks),
    )


def _cards(place: Total) -> tuple[tuple[str, Words], ...]:
    mm = place.in_mm
    return (
        (units.area(place.assessed, in_mm=mm), Words("assessed", "已评估面积")),
        (units.percent(place.loss_share), Words("paint loss", "颜料层脱落")),
        (
            units.density(place.crack_density, in_mm=mm),
            Words("craquelure", "龟裂密度"),
        ),
        (units.percent(place.checked_share), Words("checked", "已人工核对")),
    )


def _notices(report: ConditionReport, whole: Total) -> list[Block]:
    found: list[Block] = []
    if not whole.in_mm:
        said = Words(
            "Not every photo has a scale: figures over several photos are in pixels "
            "and shares, not in millimetres.",
            "并非每张照片都有比例尺：多张照片的合计以像素和百分比表示，不给出毫米值。",
        )
        found.append(Text(said, "small"))
    if whole.left_out:
        names = ", ".join(whole.left_out)
        said = Words(
            f"Not counted, as other views of components counted already: {names}.",
            f"以下照片为已计入构件的其他视图，不重复计算：{names}。",
        )
        found.append(Text(said, "small"))
    if report.photos_taken > len(report.photos):
        share = f"{len(report.photos)} of {report.photos_taken} photos"
        said = Words(
            f"This report covers {share} taken.",
            f"本报告涵盖 {report.photos_taken} 张照片中的 {len(report.photos)} 张。",
        )
        found.append(Text(said, "small"))
    if report.unseen:
        names = ", ".join(report.unseen)
        said = Words(
            f"Not yet assessed, and in no figure of this report: {names}.",
            f"以下照片尚未评估，未计入任何统计：{names}。",
        )
        found.append(Text(said, "small"))
    return found


def _places(report: ConditionReport) -> list[Block]:
    ranked = worst_first(report.components)[:MOST_RANKED]
    if len(ranked) < 2:
        return []
    head = (
        Words("Place", "部位"),
        Words("Assessed", "已评估"),
        Words("Loss, mapped", "脱落（图示）"),
        Words("Share", "占比"),
        Words("Cracks", "龟裂密度"),
        Words("Checked", "已核对"),
    )
    rows = tuple(
        (
            place_name(place).zh,
            units.area(place.assessed, in_mm=place.in_mm),
            units.area(place.loss, in_mm=place.in_mm),
            units.percent(place.loss_share),
            units.density(place.crack_density, in_mm=place.in_mm),
            f"{100 * place.checked_share:.0f} %",
        )
        for place in ranked
    )
    return [
        Heading(Words("Places, worst first", "部位排序（由重到轻）"), 2),
        Table(head, rows, "lrrrrr", (3.0, 1.2, 1.3, 0.9, 2.0, 0.9)),
    ]


def _sizes(report: ConditionReport, place: Total) -> list[Block]:
    if not place.loss_areas:
        return []
    edges = report.size_bins_mm2 if place.in_mm else SIZE_BINS_PX
    rows = []
    for one in size_bins(place.loss_areas, edges):
        lower = units.area(one.lower, in_mm=place.in_mm)
        if one.upper is None:
            name = f"≥ {lower}"
        elif one.lower == 0:
            name = f"< {units.area(one.upper, in_mm=place.in_mm)}"
        else:
            name = f"{lower} – {units.area(one.upper, in_mm=place.in_mm)}"
        share = one.area / place.loss if place.loss else 0.0
        rows.append(
            (
                name,
                f"{one.count:,}",
                units.area(one.area, in_mm=place.in_mm),
                units.percent(share),
            )
        )
    head = (
        Words("Size of loss", "脱落尺寸"),
        Words("Regions", "处数"),
        Words("Area", "面积"),
        Words("Of all loss", "占脱落总面积"),
    )
    return [
        Heading(Words("Paint loss by size", "颜料层脱落分级统计"), 2),
        Table(head, tuple(rows), "lrrr", (2.4, 1, 1.2, 1.2)),
    ]


def _photo(report: ConditionReport, entry: PhotoEntry) -> list[Block]:
    place = total([entry.figures], entry.figures.levels)
    checked = (entry.reviewed_by, entry.reviewed_on)
    legend = Legend(
        tuple((d.colour, Words(d.name_en, d.name_zh)) for d in report.classes)
    )
    blocks: list[Block] = [
        NewPage(),
        Heading(Words(entry.figures.name), 1),
        Text(first_sentence(place, checked)),
        *_photo_and_damage(entry),
        legend,
        Text(Words(scale_words(entry.figures.scale)), "small"),
    ]
    if entry.note:
        blocks.append(Text(Words(entry.note), "small"))
    heading = Heading(Words(f"{entry.figures.name}: measured", "量测结果"), 2)
    measured = measured_table(place, entry.figures)
    if entry.pictures.aspect > _WIDE:
        blocks.append(NewPage())
    return [*blocks, heading, measured, *_close_looks(entry)]


def _photo_and_damage(entry: PhotoEntry) -> list[Block]:
    """Below each other, or side by side where the photo is no wider than a page."""
    plain = Words("Photo", "原照片")
    damage = Words("Damage found", "病害分布")
    if entry.pictures.aspect > _WIDE:
        return [
            Figure(entry.pictures.plain, plain),
            Figure(entry.pictures.overlay, damage),
        ]
    return [
        Figures(
            (
                Figure(entry.pictures.plain, plain, 0.5, 1.7),
                Figure(entry.pictures.overlay, damage, 0.5, 1.7),
            )
        )
    ]


def _close_looks(entry: PhotoEntry) -> list[Block]:
    found: list[Block] = []
    charts = []
    if entry.pictures.heat_map is not None:
        words = Words("Crack density", "龟裂密度分布")
        charts.append(Figure(entry.pictures.heat_map, words, 0.62, 0.6))
    if entry.pictures.rose is not None:
        words = Words("Crack directions by length", "裂缝走向（按长度）")
        charts.append(Figure(entry.pictures.rose, words, 0.38, 0.6))
    if charts:
        found.append(Figures(tuple(charts)))
    for number, crop in enumerate(entry.pictures.crops, 1):
        box = crop.box
        where = f"x {box.left}–{box.right}, y {box.top}–{box.bottom} px"
        plain = Words(f"Close look {number}, {where}", "局部")
        outlined = Words("Outlined", "病害轮廓")
        pair = (
            Figure(crop.plain, plain, 0.5, 0.58),
            Figure(crop.outlined, outlined, 0.5, 0.58),
        )
        found.append(Figures(pair))
    return found


def _provenance(report: ConditionReport) -> list[Block]:
    """File, scale, model and checks of each photo."""
    blocks: list[Block] = [
        NewPage(),
        Heading(Words("Photos and how each was assessed", "照片与评估记录"), 1),
    ]
    for entry in report.photos:
        blocks += [Heading(Words(entry.figures.name), 3), photo_facts(entry)]
    return blocks
