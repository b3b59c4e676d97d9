"""How a report was made, and what it cannot say."""

from resunet_core.defects import DefectClasses
from resunet_core.reports.condition import ConditionReport, ModelCard
from resunet_core.reports.document import (
    Block,
    Facts,
    Heading,
    NewPage,
    Table,
    Text,
    Words,
)

_STATEMENT = (
    Words(
        "Areas are counted from the mask, one class for each pixel. Shares are of "
        "the assessed painted surface: what is out of scope or cannot be assessed "
        "is left out and told. Sums over photos divide sums of areas by sums of "
        "assessed surface; of a component that several photos show only its "
        "primary view counts.",
        "面积由掩膜逐像素统计，每个像素只属于一类。百分比以已评估的彩画面为分母；范"
        "围外及不可评估部分不计入并另行列出。多张照片的合计为面积之和除以评估面积之"
        "和；同一构件有多张照片时仅计入主视图。",
    ),
    Words(
        "Crack length follows the centre line, with Kulpa's weights of its steps; "
        "width is area over length of each branch. Widths under 3 px cannot be "
        "measured and are told as upper limits. Spurs shorter than the crack is "
        "wide, or than 5 px, are left out. Ends at the edge of the photo, of the "
        "assessed surface or of a loss are no free ends; islands that these edges "
        "cut are not counted. Where paint loss meets cracks the pixel counts as "
        "loss.",
        "裂缝长度沿中心线按 Kulpa 权重计算；宽度为每段面积与长度之比。小于 3 像素的"
        "宽度不可测，以上限表示。短于裂缝宽度或 5 像素的毛刺不计。位于照片、评估范"
        "围或脱落边缘的端点不算自由端，被其切断的龟裂块不计入。脱落与裂缝重叠处计为"
        "脱落。",
    ),
    Words(
        "The area of craquelure depends on how wide a crack is drawn: one pixel "
        "more at each side of a crack 3 px wide adds 85 % to it. Compare length, "
        "density and width; areas of cracks only where they were drawn alike.",
        "龟裂面积取决于描绘宽度：3 像素宽的裂缝每侧多画一像素，面积即增加 85 %。宜"
        "比较长度、密度与宽度；仅在描绘方式一致时比较龟裂面积。",
    ),
    Words(
        "Intervals of 95 % come from a person's check of random points in each "
        "class of the mask (Jeffreys' posterior of each stratum, summed; the error "
        "of the scale in quadrature). Without such a check areas carry the bias of "
        "the model and no interval is given.",
        "95 % 区间来自对掩膜各类别随机点的人工核对（各层 Jeffreys 后验求和，比例尺"
        "误差按平方和合成）。未做核对时，面积含模型偏差，不给出区间。",
    ),
    Words(
        "The program finds and counts; a conservator judges. Craquelure and paint "
        "loss only: flaking, hollow areas and losses under dust are not seen.",
        "程序负责识别与统计，由文物保护人员作出判断。仅识别龟裂与颜料层脱落：起甲、"
        "空鼓及积尘下的脱落不在其内。",
    ),
)


def method_blocks(report: ConditionReport) -> list[Block]:
    """The last part of a report."""
    blocks: list[Block] = [
        NewPage(),
        Heading(Words("Method and limits", "方法与局限"), 1),
    ]
    blocks += [Text(words) for words in _STATEMENT]
    for card in report.cards:
        blocks += _card(card, report.classes)
    people = [
        (Words("Assessed by", "调查人"), report.operator),
        (Words("Reviewed by", "审核人"), report.reviewer),
        (Words("Made", "生成时间"), report.made.isoformat(sep=" ", timespec="minutes")),
        (Words("Program", "程序"), f"Caihua {report.app_version}"),
    ]
    blocks.append(Heading(Words("About this report", "关于本报告"), 2))
    blocks.append(Facts(tuple((name, said) for name, said in people if said)))
    return blocks


def _card(card: ModelCard, classes: DefectClasses) -> list[Block]:
    facts = [
        (Words("Model", "模型"), card.name),
        (Words("SHA-256", "校验值"), card.sha256),
        (Words("Training data", "训练数据"), card.trained_on),
    ]
    blocks: list[Block] = [
        Heading(Words("Model", "模型"), 2),
        Facts(tuple((name, said) for name, said in facts if said)),
    ]
    known = [d for d in classes if d.key in card.scores]
    names = sorted({name for d in known for name in card.scores[d.key]})
    if known and names:
        head = (Words("Class", "类别"), *(Words(name) for name in names))
        rows = tuple(
            (
                Words(d.name_en, d.name_zh).both,
                *(_score(card.scores[d.key].get(name)) for name in names),
            )
            for d in known
        )
        widths = (2.2, *([1.0] * len(names)))
        blocks.append(Table(head, rows, "l" + "r" * len(names), widths))
    return blocks


def _score(value: float | None) -> str:
    return "—" if value is None else f"{value:.3f}"
