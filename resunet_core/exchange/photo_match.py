"""Which photo of a project some labels are about."""

from pathlib import Path

from resunet_core.errors import BadAnnotation
from resunet_core.exchange.incoming import Incoming
from resunet_core.files import write_bytes
from resunet_core.imaging.photo import open_photo
from resunet_core.project.records import PhotoRecord
from resunet_core.project.store import Project

SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*", b"RIFF")


def find_photo(
    project: Project, incoming: Incoming
) -> tuple[PhotoRecord, tuple[str, ...]]:
    """The photo that labels are about: by content, place, name; else it is added.

    Returns:
        The photo, and remarks.

    Raises:
        BadAnnotation: It is neither in the project nor beside its labels.
        UnreadablePhoto: It is no picture.
    """
    records = project.photos()
    known = _in_project(records, incoming)
    if known is not None:
        return known, ()
    path, notes = incoming.photo, tuple[str, ...]()
    if not path.is_file() or incoming.by_stem:
        if incoming.picture is None:
            raise BadAnnotation(
                f"{incoming.source} is about {path.name}, which is neither in the "
                "project nor beside it.",
                "Add the photo to the project, or put it where the labels look for it.",
            )
        path = _unpacked(project, incoming)
        notes = (f"{path.name} was inside the label file; it is in {path.parent} now",)
    photo = open_photo(path)
    record = project.add_photo(
        path, sha256=photo.sha256, width=photo.width, height=photo.height
    )
    return record, notes


def _in_project(records: list[PhotoRecord], incoming: Incoming) -> PhotoRecord | None:
    if incoming.sha256:
        for record in records:
            if record.sha256 == incoming.sha256:
                return record
    for record in records:
        if not incoming.by_stem and _same_file(record.path, incoming.photo):
            return record
    named = [r for r in records if _is_called(r.path, incoming)]
    if len(named) > 1:
        raise BadAnnotation(
            f"{incoming.source} is about {incoming.photo.name}, and {len(named)} "
            "photos of the project are called so.",
            "Rename one, or import beside the photo that is meant.",
        )
    if named and not incoming.by_stem and incoming.photo.is_file():
        return None  # another photo of the same name, which is there: added
    return named[0] if named else None


def _is_called(path: Path, incoming: Incoming) -> bool:
    wanted = incoming.photo
    if incoming.by_stem:
        return path.stem.casefold() == wanted.stem.casefold()
    return path.name.casefold() == wanted.name.casefold()


def _same_file(one: Path, other: Path) -> bool:
    try:
        return one == other or (one.exists() and one.samefile(other))
    except OSError:  # the other is not there
        return False


def _unpacked(project: Project, incoming: Incoming) -> Path:
    """The photo that a label file holds, written beside the project."""
    data = b"" if incoming.picture is None else incoming.picture()
    if not data.startswith(SIGNATURES):
        raise BadAnnotation(
            f"What {incoming.source} holds is no picture.", "Put the photo beside it."
        )
    folder = project.path.with_name(f"{project.path.stem} photos")
    path = folder / incoming.photo.name
    if path.suffix.lower() == ".json":  # a file that names itself as its photo
        path = path.with_suffix(".jpg" if data.startswith(b"\xff\xd8") else ".png")
    if not path.exists():
        write_bytes(path, data)
    elif path.read_bytes() != data:
        raise BadAnnotation(
            f"{path} is there already and is another photo.", "Move it away."
        )
    return path
