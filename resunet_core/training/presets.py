"""Ways to train by name: the paper's, the best known here, and after corrections."""

from dataclasses import dataclass

from resunet_core.model.model_file import DEFAULT_MODEL
from resunet_core.training.plan import FROM_DATA, LossTerm, TrainingPlan

CELLS, IMAGENET, NOTHING = "cells", "imagenet", "none"
STARTS = (CELLS, IMAGENET, NOTHING)
"""Starts that are no model."""

PAPER_TILES = 21_000
PAPER_EPOCHS = 100
PAPER_BATCH = 8


@dataclass(frozen=True)
class Preset:
    """A way to train.

    Attributes:
        about: What it is, for people.
        plan: Its course, by default.
        architecture: By default; None: that of the model it starts from.
        start: One of `STARTS`, or a model's name.
        crop_px: Side of a crop.
        augmentation: Of the crops, see `CropStream`.
        expand: How many different crops there are; None: no end.
        scales: Range of the crops' scale factor.
        damaged_share: Of the crops that are aimed at damage.
        paste: Share of the crops that get damage of another crop.
        replay: Share of the crops that are generated painted beams with damage, so
            that what was learned before is not forgotten.
    """

    about: str
    plan: TrainingPlan
    architecture: str | None
    start: str
    crop_px: int
    augmentation: str = "modern"
    expand: int | None = None
    scales: tuple[float, float] = (0.6, 1.8)
    damaged_share: float = 0.7
    paste: float = 0.0
    replay: float = 0.0


PAPER = Preset(
    "the paper's training: cells first, encoder frozen for half of 100 epochs",
    TrainingPlan(
        PAPER_EPOCHS * PAPER_TILES // PAPER_BATCH,
        batch=PAPER_BATCH,
        rate=1e-4,
        optimiser="adam",
        schedule="paper",
        decay=0.0,
        loss=(LossTerm("mixed1"),),
        class_weights=None,
        frozen_share=0.5,
        frozen_statistics=False,
        average=0.0,
        precise=True,
        judge_every=PAPER_TILES // PAPER_BATCH,
    ),
    architecture="resunet50",
    start=CELLS,
    crop_px=512,
    augmentation="paper",
    expand=PAPER_TILES,
    scales=(1.0, 1.0),
    damaged_share=0.0,
)

BEST = Preset(
    "what gives the best model here, from the installed one or from cells",
    TrainingPlan(
        3000,
        rate=5e-4,
        # Craquelure's centre lines count once the network knows what craquelure is.
        loss=(
            LossTerm("ce"),
            LossTerm("dice_defects"),
            LossTerm("skeleton_recall", 0.5, from_share=0.3),
        ),
        class_weights=FROM_DATA,
        frozen_share=0.1,
        patience=8,
    ),
    architecture=None,
    start=DEFAULT_MODEL,
    crop_px=384,
    paste=0.25,
)

FINETUNE = Preset(
    "the installed model learns from a few corrected photos, and forgets little",
    TrainingPlan(
        300,
        rate=3e-4,
        warm_up=20,
        loss=(LossTerm("ce"), LossTerm("dice_defects")),
        class_weights=FROM_DATA,
        frozen_share=1.0,
        trained_norms=True,
        average=0.99,
        judge_every=50,
        patience=4,
        checkpoint_every=50,
    ),
    architecture=None,
    start=DEFAULT_MODEL,
    crop_px=256,
    paste=0.25,
    replay=0.5,
)

CORRECTIONS = Preset(
    "a model learns from checked tiles, is compared with the one in use, and neither "
    "forgets what it was taught before nor sees the tiles kept apart",
    TrainingPlan(
        240,
        batch=4,
        rate=4e-4,
        warm_up=10,
        loss=(LossTerm("ce"), LossTerm("dice_defects")),
        frozen_share=1.0,
        teacher_weight=1.0,
        kept_statistics=True,
        average=0.97,
        # On processors bfloat16 gains little, and not all of them compute it.
        precise=True,
        judge_every=20,
        checkpoint_every=20,
        loaders=0,
    ),
    architecture=None,
    start=DEFAULT_MODEL,
    crop_px=256,
    scales=(0.7, 1.5),
    paste=0.25,
    replay=0.5,
)

PRESETS = {
    "paper": PAPER,
    "best": BEST,
    "finetune": FINETUNE,
    "corrections": CORRECTIONS,
}
