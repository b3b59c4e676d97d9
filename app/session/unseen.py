"""A detection on a photo that is not on the screen."""

from app.session.authors import model_of
from app.session.entry import Detected
from resunet_core.mask.replace import replace_model_plane
from resunet_core.project.checked import checked_tiles, sparing_checked
from resunet_core.project.store import Project


def replace_unseen(
    project: Project, *, photo_id: int, found: Detected, name: str
) -> None:
    """Put what was found under what persons drew, straight in the project."""
    mask = project.load_mask(photo_id)
    checked = checked_tiles(project, photo_id)
    edit = replace_model_plane(mask, sparing_checked(found.tiles, checked), name)
    who = model_of(found.detection)
    if edit is None:
        project.set_detection(photo_id, found.detection, who=who)
    else:
        project.commit(photo_id, edit, who=who, detection=found.detection)
