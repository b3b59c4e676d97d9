"""A project and its photos in one file to hand on."""

import hashlib
import re
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from resunet_core.errors import WrongUsage
from resunet_core.files import replacing, unique_stems
from resunet_core.progress import Progress, Steps
from resunet_core.project.access import OpenProject
from resunet_core.project.log import Happening, add_entry
from resunet_core.project.opening import connect
from resunet_core.project.paths import file_name
from resunet_core.project.photos import all_photos
from resunet_core.project.records import SOMEBODY, PhotoRecord, Who
from resunet_core.project.sentences import explained

PHOTOS_FOLDER = "photos"

_PART_BYTES = 4 * 2**20
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")


@dataclass(frozen=True)
class Collected:
    """What is in the file.

    Attributes:
        path: Of the zip file.
        photos: How many photos are in it.
        missing: Photos whose file was not there, or is not followed.
        changed: Photos whose file is another one than the project knows.
    """

    path: Path
    photos: int
    missing: tuple[PhotoRecord, ...]
    changed: tuple[PhotoRecord, ...]


def collect(
    project: OpenProject, zip_path: Path, *, who: Who = SOMEBODY
) -> Steps[Collected]:
    """Write a zip file with the photos and a copy of the project that finds them.

    The photos and the project are only read. After unzipping anywhere the copy opens;
    stopped on the way, no file is left.

    Raises:
        WrongUsage: The name does not end in `.zip`.
        CaihuaError: There is no room for it.
    """
    if zip_path.suffix.lower() != ".zip":
        raise WrongUsage(f"{zip_path} is no zip file.", "Give a name that ends in .zip")
    with project.reading() as database:
        photos = all_photos(database, project.reach())
    named = list(zip(photos, names_of(photos), strict=True))
    top = _safe(project.path.stem)
    missing, changed = [], []
    with (
        replacing(zip_path) as beside,
        explained(zip_path),
        tempfile.TemporaryDirectory(prefix="caihua-") as folder,
        zipfile.ZipFile(beside, "w", zipfile.ZIP_STORED) as target,
    ):
        copy = Path(folder) / "copy.caihua"
        yield Progress(0, len(named), project.path.name)
        project.copy_to(copy)
        _rewrite(copy, named, who)
        target.write(copy, f"{top}/{top}{project.path.suffix}", zipfile.ZIP_DEFLATED)
        for done, (photo, name) in enumerate(named):
            yield Progress(done, len(named), name)
            sha256 = yield from _add(target, photo, f"{top}/{PHOTOS_FOLDER}/{name}")
            if sha256 is None:
                missing.append(photo)
            elif sha256 != photo.sha256:
                changed.append(photo)
    return Collected(
        zip_path, len(named) - len(missing), tuple(missing), tuple(changed)
    )


def names_of(photos: list[PhotoRecord]) -> Iterator[str]:
    """A name for each photo that no other has and every system takes."""
    wanted = [Path(_safe(file_name(p.outside or p.path.name))) for p in photos]
    stems = unique_stems(wanted)
    return (f"{s}{path.suffix}" for s, path in zip(stems, wanted, strict=True))


def _rewrite(copy: Path, named: list[tuple[PhotoRecord, str]], who: Who) -> None:
    """Let the copy know where the photos will be, and be a project of its own."""
    with explained(copy), closing(connect(copy, "mode=rw")) as database:
        database.execute("BEGIN")
        # No two photos may share a path in between either.
        database.execute("UPDATE photos SET path = '?' || id")
        for photo, name in named:
            stored = f"{PHOTOS_FOLDER}/{name}"
            database.execute(
                "UPDATE photos SET path = ? WHERE id = ?", (stored, photo.id)
            )
            add_entry(database, photo.id, Happening(who, "relink", stored))
        database.execute(
            "UPDATE project SET value = LOWER(HEX(RANDOMBLOB(16))) WHERE key = 'id'"
        )
        database.execute("COMMIT")
        database.execute("VACUUM")


def _add(target: zipfile.ZipFile, photo: PhotoRecord, name: str) -> Steps[str | None]:
    """Put a photo into the file; what its content is, None where it is not there."""
    if photo.outside or not photo.path.is_file():
        return None
    info = zipfile.ZipInfo.from_file(photo.path, name, strict_timestamps=False)
    seen = hashlib.sha256()
    total, done = info.file_size, 0
    with (
        photo.path.open("rb") as source,
        target.open(info, "w", force_zip64=True) as entry,
    ):
        while part := source.read(_PART_BYTES):
            seen.update(part)
            entry.write(part)
            done += len(part)
            yield Progress(done, total, name)
    return seen.hexdigest()


def _safe(name: str) -> str:
    """A name that Windows, macOS and Linux take as it is."""
    name = _FORBIDDEN.sub("_", name).rstrip(". ") or "photo"
    return f"_{name}" if _RESERVED.match(name) else name
