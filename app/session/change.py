"""What an operation changed, so that each view renews only its own part."""

from dataclasses import dataclass

from resunet_core.box import Box


@dataclass(frozen=True)
class Change:
    """A change of the mask of the open photo.

    Args:
        box: The part of the photo, in its pixels, outside which nothing changed.
        live: Whether more is to come, as in the middle of a brush stroke.
    """

    box: Box
    live: bool = False
