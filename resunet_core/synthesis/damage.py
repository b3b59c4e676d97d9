"""Damage on any picture: craquelure, then paint loss, with the truth of both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from resunet_core.synthesis.cracks import crack_field, paint_cracks
from resunet_core.synthesis.losses import loss_depth, paint_losses
from resunet_core.synthesis.recipe import (
    CRAQUELURE,
    PAINT_LOSS,
    DamageRecipe,
    Light,
    SyntheticPhoto,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from resunet_core.synthesis.noise import Field

_DEFAULT = DamageRecipe()


def add_damage(
    pixels: NDArray[np.uint8],
    *,
    rng: np.random.Generator,
    recipe: DamageRecipe = _DEFAULT,
    loss_shapes: Sequence[NDArray[np.uint8]] = (),
) -> SyntheticPhoto:
    """Return the picture with random damage and the class of every pixel.

    Args:
        pixels: uint8 [H, W, 3], RGB, of any size from 1 by 1.
        rng: Source of chance; the same state gives the same bytes.
        recipe: What to make and how strong.
        loss_shapes: Grey shapes, uint8 [h, w], some used as losses.
    """
    return damage_within(
        pixels, rng=rng, recipe=recipe, loss_shapes=loss_shapes, light=Light.random(rng)
    )


def damage_within(
    pixels: NDArray[np.uint8],
    *,
    rng: np.random.Generator,
    recipe: DamageRecipe,
    light: Light,
    loss_shapes: Sequence[NDArray[np.uint8]] = (),
    envelope: Field | None = None,
) -> SyntheticPhoto:
    """Do as `add_damage`, lit from one side and fading out where `envelope` is 0."""
    height, width = pixels.shape[:2]
    shown = pixels.astype(np.float32)
    classes = np.zeros((height, width), np.uint8)
    islands = None
    if rng.random() < recipe.craquelure:
        field = crack_field(height, width, rng=rng, recipe=recipe, envelope=envelope)
        islands = field.islands
        shown, cracked = paint_cracks(shown, field, light, rng=rng, recipe=recipe)
        classes[cracked] = CRAQUELURE
    if rng.random() < recipe.loss:
        depth = loss_depth(
            shown,
            rng=rng,
            recipe=recipe,
            islands=islands,
            envelope=envelope,
            shapes=loss_shapes,
        )
        shown, lost = paint_losses(shown, depth, light, rng=rng)
        classes[lost] = PAINT_LOSS
    # The half keeps untouched pixels bit for bit: they are whole numbers.
    done = np.clip(shown + np.float32(0.5), 0, 255).astype(np.uint8)
    return SyntheticPhoto(pixels=done, classes=classes)
