"""Generated photos of painted beams, and damage of known truth on any picture."""

from resunet_core.synthesis.beams import STYLES, painted_beam
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
    "painted_beam",
    "sample_photo",
    "write_samples",
]
