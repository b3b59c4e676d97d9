"""Generated painted beams and cells, and damage of known truth on any picture."""

from resunet_core.synthesis.beams import STYLES, painted_beam
from resunet_core.synthesis.cells import cell_picture
from resunet_core.synthesis.damage import add_damage
from resunet_core.synthesis.distractors import add_distractors
from resunet_core.synthesis.recipe import DamageRecipe, SyntheticPhoto
from resunet_core.synthesis.samples import SAMPLES, sample_photo, write_samples

__all__ = [
    "SAMPLES",
    "STYLES",
    "DamageRecipe",
    "SyntheticPhoto",
    "add_damage",
    "add_distractors",
    "cell_picture",
    "painted_beam",
    "sample_photo",
    "write_samples",
]
