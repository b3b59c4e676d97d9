"""Photos that somebody or a model has said anything of."""

from resunet_core.project.checked import checked_tiles
from resunet_core.project.records import PhotoRecord
from resunet_core.project.store import Project


def is_looked_at(project: Project, record: PhotoRecord) -> bool:
    """Whether a model or a person has said anything of a photo's damage.

    One that nobody looked at is not a photo without damage.
    """
    if project.detection(record.id) is not None or record.review != "draft":
        return True
    if checked_tiles(project, record.id):
        return True
    return any(True for _ in project.load_mask(record.id).tiles())
