"""Sources of generated crops: painted beams and walls with known damage, cells."""

import functools
from collections.abc import Sequence

import cv2
import numpy as np

from resunet_core.defects import CRAQUELURE, IGNORE_ID, PAINT_LOSS, SOUND_ID
from resunet_core.synthesis.beams import STYLES, painted_beam
from resunet_core.synthesis.cells import cell_picture
from resunet_core.synthesis.damage import add_damage
from resunet_core.synthesis.distractors import add_distractors
from resunet_core.synthesis.recipe import DamageRecipe
from resunet_core.synthesis.walls import painted_wall
from resunet_core.training.crops import Classes, Labelled, Picture, Source

BEAMS_A_STYLE = 12
BEAM_SEED = 7
WALLS = 160
WALL_SEED = 19
WALL_SIDES_PX = (420, 900)
CELL_PICTURES = 120
CELL_SIDE_PX = 640
# A distractor covers what lay under it where it changed the picture by this much.
COVERING = 10
# What lies bare where the paint had the same colour: nobody can see that it does.
UNSEEN, UNSEEN_OVER_PX = 9, 7


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
    return Source("beams", weight, count, load, (0.45, 2.2), damage)


def wall_source(weight: float, shapes: Sequence[Picture] = ()) -> Source:
    """Painted walls, of which some lost much of their paint and some none.

    Args:
        weight: Share of the crops.
        shapes: Grey shapes, uint8 [h, w], some used as losses.
    """
    damage = functools.partial(damage_wall, shapes=tuple(shapes))
    return Source("walls", weight, WALLS, _wall, (0.4, 1.6), damage)


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
    return sound(pixels)


@functools.lru_cache(maxsize=WALLS)
def _wall(index: int) -> Labelled:
    rng = np.random.default_rng((WALL_SEED, index))
    tall, wide = (int(side) for side in rng.integers(*WALL_SIDES_PX, 2))
    return sound(painted_wall(tall, wide, rng=rng))


@functools.lru_cache(maxsize=CELL_PICTURES)
def _cells(index: int) -> Labelled:
    rng = np.random.default_rng((CELL_PICTURES, index))
    return cell_picture(CELL_SIDE_PX, CELL_SIDE_PX, rng=rng)


def sound(pixels: Picture) -> Labelled:
    """A picture without any damage."""
    return pixels, np.zeros(pixels.shape[:2], np.uint8)


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
    return _damaged(pixels, classes, rng, recipe, shapes)


def damage_wall(
    pixels: Picture,
    classes: Classes,
    rng: np.random.Generator,
    *,
    shapes: tuple[Picture, ...] = (),
) -> Labelled:
    """Damage as on walls: fewer cracks, flakes as well as whole fields gone."""
    if rng.random() < 0.3:
        pixels, classes = distract(pixels, classes, rng)
    recipe = DamageRecipe(craquelure=0.3, loss=0.65, loss_share=(0.003, 0.75))
    return _damaged(pixels, classes, rng, recipe, shapes)


def _damaged(
    pixels: Picture,
    classes: Classes,
    rng: np.random.Generator,
    recipe: DamageRecipe,
    shapes: tuple[Picture, ...],
) -> Labelled:
    """Damage over sound paint or labelled cracks; what nobody can see is ignored."""
    damaged = add_damage(pixels, rng=rng, recipe=recipe, loss_shapes=shapes)
    truth = np.where(damaged.classes > SOUND_ID, damaged.classes, classes)
    change = np.abs(damaged.pixels.astype(np.int16) - pixels).max(axis=2)
    seen = cv2.blur(change.astype(np.float32), (UNSEEN_OVER_PX, UNSEEN_OVER_PX))
    truth[(truth == PAINT_LOSS.id) & (seen < UNSEEN)] = IGNORE_ID
    return damaged.pixels, truth.astype(np.uint8)


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
        return _damaged(pixels, classes, rng, recipe, shapes)
    return pixels, classes


def distract(pixels: Picture, classes: Classes, rng: np.random.Generator) -> Labelled:
    """Things that look like damage; cracks that they cover are no longer labelled."""
    drawn = add_distractors(pixels, rng=rng)
    change = np.abs(drawn.astype(np.int16) - pixels).max(axis=2)
    covered = (change > COVERING) & (classes == CRAQUELURE.id)
    return drawn, np.where(covered, SOUND_ID, classes).astype(np.uint8)
