"""Photos that were moved are found again by their content."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from resunet_core.errors import WrongUsage
from resunet_core.files import content_hash
from resunet_core.imaging.photo import SUPPORTED_SUFFIXES
from resunet_core.progress import Progress, Steps
from resunet_core.project.access import OpenProject
from resunet_core.project.log import Happening, add_entry
from resunet_core.project.paths import absolute, file_name, to_stored
from resunet_core.project.photos import all_photos
from resunet_core.project.records import SOMEBODY, PhotoRecord, Who


@dataclass(frozen=True)
class Relinked:
    """What a search for missing photos came to.

    Attributes:
        found: The photos that have a file again, by it.
        missing: Those that still have none.
        changed: Files of the name of a missing photo with other content.
    """

    found: tuple[PhotoRecord, ...]
    missing: tuple[PhotoRecord, ...]
    changed: tuple[Path, ...]


def missing_photos(project: OpenProject) -> list[PhotoRecord]:
    """The photos whose file is not where the project says, or is not followed."""
    with project.reading() as database:
        photos = all_photos(database, project.reach())
    return [photo for photo in photos if photo.outside or not _is_file(photo.path)]


def allow_outside(project: OpenProject) -> list[PhotoRecord]:
    """Follow all paths that lead out of the project's folder: the person wants it.

    Returns:
        The photos that were not followed before.
    """
    outside = [photo for photo in missing_photos(project) if photo.outside]
    project.allow(frozenset(photo.outside for photo in outside))
    return outside


def relink(
    project: OpenProject, folder: Path, *, who: Who = SOMEBODY
) -> Steps[Relinked]:
    """Find the missing photos of a project in a folder and all folders in it.

    Files of the right size are compared by content; nothing else is read. All that is
    found is linked in one change. Links in the folder are not followed.

    Raises:
        WrongUsage: The folder is none.
        BadProject: The project is read-only.
    """
    folder = absolute(folder)
    if not folder.is_dir():
        raise WrongUsage(f"There is no folder {folder}.", "Choose another folder.")
    missing = missing_photos(project)
    yield Progress(0, 0, f"Looking through {folder.name}")
    files = list(_files_in(folder)) if missing else []
    by_hash = yield from _hashed(files, missing)
    chosen = _chosen(missing, by_hash)
    if chosen:
        _link(project, chosen, who)
    with project.reading() as database:
        now = {photo.id: photo for photo in all_photos(database, project.reach())}
    found = tuple(now[photo.id] for photo, _ in chosen)
    done = {photo.id for photo in found}
    still = tuple(photo for photo in missing if photo.id not in done)
    names = {_name(photo) for photo in still}
    others = tuple(path for path, _ in files if path.name.casefold() in names)
    return Relinked(found, still, others)


def _hashed(
    files: list[tuple[Path, int]], missing: list[PhotoRecord]
) -> Steps[dict[str, list[Path]]]:
    """The files that may be missing photos, by their content."""
    sizes = {photo.size_bytes for photo in missing}
    names = {_name(photo) for photo in missing if photo.size_bytes is None}

    def rank(path: Path, size: int) -> int:
        if size in sizes:
            return 0
        # Of photos whose size nobody noted, the name is the next best sign.
        if path.name.casefold() in names:
            return 1
        return 2 if names and path.suffix.lower() in SUPPORTED_SUFFIXES else 3

    likely = sorted((rank(*file), file) for file in files)
    likely = [entry for entry in likely if entry[0] < 3]
    wanted = {photo.sha256 for photo in missing}
    # Two records may be of the same content: as many files are looked for.
    by_hash: dict[str, list[Path]] = {}
    for done, (rank_, (path, _)) in enumerate(likely):
        if rank_ == 2 and by_hash.keys() >= wanted:
            break
        yield Progress(done, len(likely), path.name)
        try:
            sha256 = content_hash(path)
        except OSError:  # gone meanwhile, or not to be read
            continue
        by_hash.setdefault(sha256, []).append(path)
    return by_hash


def _chosen(
    missing: list[PhotoRecord], by_hash: dict[str, list[Path]]
) -> list[tuple[PhotoRecord, Path]]:
    """A file for each photo that has one, of the same name where there are several."""
    chosen = []
    for photo in missing:
        files = by_hash.get(photo.sha256, [])
        if files:
            same = [path for path in files if path.name.casefold() == _name(photo)]
            path = (same or files)[0]
            files.remove(path)
            chosen.append((photo, path))
    return chosen


def _link(
    project: OpenProject, chosen: list[tuple[PhotoRecord, Path]], who: Who
) -> None:
    links = [
        (photo.id, to_stored(path, project.path.parent), path.stat().st_size)
        for photo, path in chosen
    ]
    with project.changing() as database:
        for photo_id, stored, size in links:
            # Another photo of this content may have the path already.
            changed = database.execute(
                "UPDATE OR IGNORE photos SET path = ?, size_bytes = ? WHERE id = ?",
                (stored, size, photo_id),
            )
            if changed.rowcount:
                add_entry(database, photo_id, Happening(who, "relink", stored))
    project.allow(frozenset(stored for _, stored, _ in links))


def _files_in(folder: Path) -> Iterator[tuple[Path, int]]:
    """All files below a folder with their sizes, in a fixed order."""
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(parent, name)
            try:
                if not path.is_symlink() and path.is_file():
                    yield path, path.stat().st_size
            except OSError:  # gone meanwhile
                continue


def _name(photo: PhotoRecord) -> str:
    return file_name(photo.outside or photo.path.name).casefold()


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
