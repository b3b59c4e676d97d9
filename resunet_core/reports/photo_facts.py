"""What a report says about a photo besides its damage."""

from resunet_core.measure.scale import Method, Scale
from resunet_core.reports import units
from resunet_core.reports.condition import PhotoEntry
from resunet_core.reports.document import Facts, Words

SCALE_METHODS: dict[Method, Words] = {
    "georeference": Words("orthophoto", "正射影像"),
    "rectified": Words("four points, rectified", "四点纠正"),
    "target": Words("target in the photo", "标靶"),
    "distance": Words("known distance", "已知距离"),
    "cylinder": Words("cylinder unrolled", "圆柱展开"),
    "dpi": Words("scan resolution", "扫描分辨率"),
    "given": Words("given as a number", "直接给定"),
}

_STATES = {
    "draft": Words("draft", "草稿"),
    "checked": Words("checked", "已核对"),
    "approved": Words("approved", "已审定"),
}


def photo_facts(entry: PhotoEntry) -> Facts:
    """Place, file, scale, model, thresholds, checks: one line each."""
    pairs = [
        (Words("Place", "部位"), " › ".join(n for n in entry.figures.levels if n)),
        (Words("File", "文件"), entry.path),
        (
            Words("Taken", "拍摄"),
            "  ".join(p for p in (entry.taken, entry.camera) if p),
        ),
        (Words("Size", "尺寸"), f"{entry.width} × {entry.height} px"),
        (Words("Scale", "比例"), scale_words(entry.figures.scale)),
        (Words("Not assessed", "未评估"), _left_out(entry)),
        (Words("Model", "模型"), _model(entry)),
        (Words("Thresholds", "阈值"), _thresholds(entry)),
        (Words("Area at other thresholds", "不同阈值下面积"), _sensitivity(entry)),
        (Words("One pixel at the rim", "边缘一像素"), _rims(entry)),
        (Words("Point check", "抽样核对"), _point_check(entry)),
        (Words("Set by a person", "人工修改"), units.percent(entry.person_share)),
        (Words("State", "状态"), _state(entry)),
        (Words("Note", "备注"), entry.note),
        (Words("SHA-256", "校验值"), entry.sha256),
    ]
    return Facts(tuple((name, said) for name, said in pairs if said))


def scale_words(scale: Scale | None) -> str:
    """The scale with its error, how it was measured, and by whom."""
    if scale is None:
        return "No scale: pixels and shares only · 无比例尺：仅像素与百分比"
    by = f", {scale.operator}" if scale.operator else ""
    error = f" ± {100 * scale.relative_se:.1f} %"
    note = f" ({scale.note})" if scale.note else ""
    method = SCALE_METHODS[scale.method].both
    return f"{scale.mm_per_px:.4g} mm/px{error}, {method}{note}{by}"


def _left_out(entry: PhotoEntry) -> str:
    surface = entry.figures.surface
    whole = entry.width * entry.height
    outside = surface.out_of_scope_px / whole
    unseen = surface.not_assessable_px / whole
    return (
        f"{units.percent(outside)} out of scope · 范围外, "
        f"{units.percent(unseen)} not assessable · 不可评估"
    )


def _point_check(entry: PhotoEntry) -> str:
    check = entry.figures.loss_check
    return "" if check is None else f"{check.points} points · 点"


def _model(entry: PhotoEntry) -> str:
    if entry.model is None:
        return "none, drawn by a person · 无，人工绘制"
    return f"{entry.model.name}, SHA-256 {entry.model.sha256[:16]}…"


def _thresholds(entry: PhotoEntry) -> str:
    if entry.model is None:
        return ""
    least = entry.model.min_area_px
    return ", ".join(
        f"{key} ≥ {value:.2f}"
        + (f" & {least[key]} px" if least.get(key, 0) > 1 else "")
        for key, value in sorted(entry.model.thresholds.items())
    )


def _sensitivity(entry: PhotoEntry) -> str:
    said = []
    for key, areas in sorted(entry.thresholds.items()):
        parts = ", ".join(f"{a.threshold:g}: {a.area_px:,} px" for a in areas)
        said.append(f"{key} {parts}")
    return "; ".join(said)


def _rims(entry: PhotoEntry) -> str:
    said = []
    for key, rim in sorted(entry.rims.items()):
        if rim.area_px:
            less = 100 * (rim.inner_px / rim.area_px - 1)
            more = 100 * (rim.outer_px / rim.area_px - 1)
            said.append(f"{key} {less:+.0f} % / {more:+.0f} %")
    return ", ".join(said)


def _state(entry: PhotoEntry) -> str:
    state = _STATES.get(entry.review)
    if state is None:
        return ""
    parts = (state.both, entry.reviewed_by, entry.reviewed_on)
    return ", ".join(part for part in parts if part)
