"""A model card: what a model file says of itself, for people."""

from collections.abc import Mapping
from typing import Any

from resunet_core.model.config import ModelConfig

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
        "The sets:",
        "\n".join(f"* `{key}`: {about}" for key, about in sets.items()),
    ]
    return "\n\n".join(parts) + "\n"


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
