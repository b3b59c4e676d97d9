"""Sources of generated crops: painted beams with known damage, cells with membranes."""

import functools
from collections.abc import Sequence

import numpy as np

from resunet_core.defects import CRAQUELURE, SOUND_ID
from resunet_core.synthesis.beams import STYLES, painted_beam
from resunet_core.synthesis.cells import cell_picture
from resunet_core.synthesis.damage import add_damage
from resunet_core.synthesis.distractors import add_distractors
from resunet_core.synthesis.recipe import DamageRecipe
from resunet_core.training.crops import Classes, Labelled, Picture, Source

BEAMS_A_STYLE = 12
BEAM_SEED = 7
CELL_PICTURES = 120
CELL_SIDE_PX = 640
# A distractor covers what lay under it where it changed the picture by this much.
COVERING = 10


def beam_source(
    weight: float, shapes: Sequence[Picture] = (), a_style: int = BEAMS_A_STYLE
) -> Source:
    """Painted beams with craquelure, paint loss and what only looks like them.

    Args:
        weight: Share of the crops.
        shapes: Grey shapes, uint8 [h, w], some used as losses.
        a_style: Beams of each style; each takes a second to paint.
    """
    count = len(STYLES) * a_style
    damage = functools.partial(damage_sound, shapes=tuple(shapes))
    load = functools.partial(_beam_of, a_style)
    return Source("beams", weight, count, load, (0.7, 1.6), damage)


def cell_source(weight: float = 1.0) -> Source:
    """Micrographs of cells whose membranes are labelled as the thin class."""
    return Source("cells", weight, CELL_PICTURES, _cells, (0.7, 1.6))


def _beam_of(a_style: int, index: int) -> Labelled:
    style, number = divmod(index, a_style)
    return _beam(style * BEAMS_A_STYLE + number)


@functools.lru_cache(maxsize=128)
def _beam(index: int) -> Labelled:
    style = STYLES[index // BEAMS_A_STYLE]
    rng = np.random.default_rng((BEAM_SEED, index))
    pixels = painted_beam(
        int(rng.integers(420, 760)), int(rng.integers(900, 1500)), rng=rng, style=style
    )
    return pixels, np.zeros(pixels.shape[:2], np.uint8)


@functools.lru_cache(maxsize=CELL_PICTURES)
def _cells(index: int) -> Labelled:
    rng = np.random.default_rng((CELL_PICTURES, index))
    return cell_picture(CELL_SIDE_PX, CELL_SIDE_PX, rng=rng)


def damage_sound(
    pixels: Picture,
    classes: Classes,
    rng: np.random.Generator,
    *,
    shapes: tuple[Picture, ...] = (),
) -> Labelled:
    """Distractors and all damage over a picture that is sound."""
    if rng.random() < 0.5:
        pixels, classes = distract(pixels, classes, rng)
    recipe = DamageRecipe(craquelure=0.55, loss=0.5)
    damaged = add_damage(pixels, rng=rng, recipe=recipe, loss_shapes=shapes)
    return damaged.pixels, damaged.classes


def damage_real(
    pixels: Picture,
    classes: Classes,
    rng: np.random.Generator,
    *,
    shapes: tuple[Picture, ...] = (),
) -> Labelled:
    """Distractors and paint loss over a picture whose cracks are labelled."""
    if rng.random() < 0.3:
        pixels, classes = distract(pixels, classes, rng)
    if rng.random() < 0.4:
        recipe = DamageRecipe(craquelure=0.0, loss=1.0)
        damaged = add_damage(pixels, rng=rng, recipe=recipe, loss_shapes=shapes)
        lost = damaged.classes > SOUND_ID
        pixels, classes = damaged.pixels, np.where(lost, damaged.classes, classes)
    return pixels, classes


def distract(pixels: Picture, classes: Classes, rng: np.random.Generator) -> Labelled:
    """Things that look like damage; cracks that they cover are no longer labelled."""
    drawn = add_distractors(pixels, rng=rng)
    change = np.abs(drawn.astype(np.int16) - pixels).max(axis=2)
    covered = (change > COVERING) & (classes == CRAQUELURE.id)
    return drawn, np.where(covered, SOUND_ID, classes).astype(np.uint8)
