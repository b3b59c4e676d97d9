"""What damage to make, and the values that travel between the makers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SOUND, CRAQUELURE, PAINT_LOSS = 0, 1, 2


@dataclass(frozen=True)
class SyntheticPhoto:
    """A made photo and its known truth.

    Attributes:
        pixels: uint8 [H, W, 3], RGB.
        classes: uint8 [H, W]: 0 sound, 1 craquelure, 2 paint loss.
    """

    pixels: NDArray[np.uint8]
    classes: NDArray[np.uint8]


@dataclass(frozen=True)
class Light:
    """Where the light comes from: a unit vector in the picture, x right, y down."""

    x: float
    y: float

    @staticmethod
    def random(rng: np.random.Generator) -> Light:
        """Return light from above, left or right: never from below."""
        angle = rng.uniform(np.pi * 1.05, np.pi * 1.95)
        return Light(float(np.cos(angle)), float(np.sin(angle)))


@dataclass(frozen=True)
class DamageRecipe:
    """Which damage, and between which limits each strength is drawn.

    Attributes:
        craquelure: Chance in 0..1 that a picture gets craquelure.
        loss: Chance in 0..1 that a picture gets paint loss.
        island_px: Mean side of a craquelure island, in pixels.
        crack_width_px: Width of the main cracks, in pixels.
        crack_depth: How far a crack hides the paint, 0..1.
        crack_share: Share of the picture that the networks cover; above 1 is all of it.
        loss_share: Share of the picture that is lost, 0..1.
        light_cracks: Chance that cracks are lighter than the paint.
        grain_angle: Direction of the wood grain in radians, None for any.
        stretch: How much longer islands are along the grain than across.
    """

    craquelure: float = 1.0
    loss: float = 1.0
    island_px: tuple[float, float] = (13.0, 80.0)
    crack_width_px: tuple[float, float] = (0.95, 3.4)
    crack_depth: tuple[float, float] = (0.35, 0.95)
    crack_share: tuple[float, float] = (0.3, 1.3)
    loss_share: tuple[float, float] = (0.01, 0.25)
    light_cracks: float = 0.2
    grain_angle: float | None = None
    stretch: tuple[float, float] = (1.0, 2.2)
