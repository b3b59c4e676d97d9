"""A model card: what a model file says of itself, for people."""

from collections.abc import Mapping
from typing import Any

from resunet_core.model.config import ModelConfig

JUDGED_BY = {"craquelure": "centerline_f1", "paint_loss": "iou"}
"""What a class is judged by where one figure has to do, as for its threshold."""

FIELDS = ("iou", "f1", "precision", "recall", "centerline_f1")


def model_card(name: str, config: ModelConfig, sets: Mapping[str, str]) -> str:
    """The card as Markdown.

    Args:
        name: Of the model.
        config: Its description, with figures per validation set.
        sets: What each validation set is, by name.
    """
    parts = [
        f"# Model card: {name}",
        f"Architecture `{config.architecture}`, classes {', '.join(config.classes)}.",
        *(f"**{note}**" for note in config.notes[:1]),
        *config.notes[1:],
        "## Defaults",
        _defaults(config),
        "## Where the weights come from",
        "\n".join(f"{number}. {step}" for number, step in enumerate(config.lineage, 1)),
        "## Figures",
        "Sums over all pixels of a set, per class, with the default settings above, on "
        "pictures that training never saw, but for what is said of a set below. Centre "
        "lines count as found within 4 px. "
        "The last column is the share of all pixels that were given the class.",
        _figures(config),
        *_steadiness(config),
        "The sets:",
        "\n".join(f"* `{key}`: {about}" for key, about in sets.items()),
    ]
    return "\n\n".join(parts) + "\n"


def _steadiness(config: ModelConfig) -> list[str]:
    """What other scales, a turn and worse photos do to the figures, if it is known."""
    known = [(n, f) for n, f in config.figures.items() if f.get("changes")]
    if not known:
        return []
    columns = [
        (name, key, measure)
        for name, figures in known
        for key, measure in JUDGED_BY.items()
        if measure in figures["classes"].get(key, {})
    ]
    heads = [f"{n}, {k}, {m.replace('_', ' ')}" for n, k, m in columns]
    rows = [f"| photos | {' | '.join(heads)} |", "| --- " * (len(columns) + 1) + "|"]
    plain = [config.figures[n]["classes"][k][m] for n, k, m in columns]
    rows.append(f"| as they are | {' | '.join(f'{value:.3f}' for value in plain)} |")
    for change in known[0][1]["changes"]:
        cells = []
        for (name, key, _), before in zip(columns, plain, strict=True):
            after = config.figures[name]["changes"][change].get(key, 0.0)
            cells.append(f"{after:.3f} ({after - before:+.3f})")
        rows.append(f"| {change} | {' | '.join(cells)} |")
    lead = "The same photos as another camera would have taken them:"
    return [lead, "\n".join(rows)]


def _defaults(config: ModelConfig) -> str:
    rows = ["| class | threshold | smallest region, px |", "| --- | --- | --- |"]
    for key in config.classes:
        least = config.min_area_px.get(key, 0)
        rows.append(f"| {key} | {config.thresholds[key]:.2f} | {least} |")
    scale = "not known"
    if config.mm_per_px is not None:
        scale = "{:g} to {:g} mm per pixel".format(*config.mm_per_px)
    tiles = (
        f"Tiles of {config.tile_px} px, of which {config.context_px} px at each inner "
        f"edge are context and {config.ramp_px} px fade into the next tile. "
        f"Temperature {config.temperature:.2f}. Scale of the training photos: {scale}."
    )
    return "\n".join(rows) + "\n\n" + tiles


def _figures(config: ModelConfig) -> str:
    rows = [
        "| set | pictures | class | IoU | F1 | precision | recall | centre-line F1 "
        "| said, % |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, figures in config.figures.items():
        for key in config.classes:
            scores: dict[str, Any] = figures["classes"].get(key, {})
            cells = [f"{scores[f]:.3f}" if f in scores else "-" for f in FIELDS]
            said = f"{100 * figures['said'][key]:.2f}"
            row = (name, str(figures["pictures"]), key, *cells, said)
            rows.append(f"| {' | '.join(row)} |")
    return "\n".join(rows)
