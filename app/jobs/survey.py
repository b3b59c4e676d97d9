"""Reading photos into a project, and what is known of them out of it."""

from collections.abc import Sequence
from pathlib import Path

from resunet_core.errors import CaihuaError
from resunet_core.imaging.photo import open_photo
from resunet_core.progress import Progress, Steps
from resunet_core.project.query import PhotoQuery, find_photos
from resunet_core.project.records import Who
from resunet_core.project.relink import missing_photos
from resunet_core.project.store import Project


def add_photos(project: Project, paths: Sequence[Path], who: Who) -> Steps[list[str]]:
    """Let the project know photos; the sentences about those that cannot be read.

    Raises:
        BadProject: The project cannot be written to.
    """
    project.require_writable()
    failed = []
    for done, path in enumerate(paths):
        yield Progress(done, len(paths), path.name)
        try:
            photo = open_photo(path)
        except CaihuaError as error:
            failed.append(str(error))
            continue
        project.add_photo(
            photo.path,
            sha256=photo.sha256,
            width=photo.width,
            height=photo.height,
            who=who,
        )
    return failed


def matching(project: Project, query: PhotoQuery) -> frozenset[int]:
    """The ids of the photos that answer a query."""
    return frozenset(found.record.id for found in find_photos(project, query))


def missing_paths(project: Project) -> frozenset[Path]:
    """Where photos should be and are not, or are not looked for."""
    return frozenset(record.path for record in missing_photos(project))
