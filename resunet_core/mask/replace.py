"""What the model says is replaced: after a detection or other thresholds."""

from collections.abc import Iterable

from resunet_core.mask.edit import Draft, MaskEdit
from resunet_core.mask.tile import Pixels
from resunet_core.mask.tiled import DefectMask


def replace_model_plane(
    mask: DefectMask, tiles: Iterable[tuple[int, int, Pixels | None]], name: str
) -> MaskEdit | None:
    """Put the model's tiles (row, column, class ids uint8 or None for all sound).

    Tiles that are not named stay; the person's plane is never touched. Should
    `tiles` fail or be stopped on the way, the mask is what it was.

    Returns:
        The edit to commit, or None when no pixel changed.
    """
    draft = Draft(mask, "model")
    try:
        for row, col, pixels in tiles:
            draft.replace((row, col), pixels)
    except BaseException:
        draft.abort()
        raise
    return draft.finish(name)
