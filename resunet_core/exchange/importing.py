"""Labels from elsewhere into a project: each photo one step that can be undone."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from resunet_core.box import Box
from resunet_core.errors import (
    BadAnnotation,
    CaihuaError,
    DamagedProject,
    WrongUsage,
)
from resunet_core.exchange.incoming import ImportOptions, Incoming
from resunet_core.exchange.incoming_labelme import (
    incoming_labelme,
    incoming_tiles,
    is_tile_index,
)
from resunet_core.exchange.incoming_masks import (
    incoming_coco,
    incoming_cvat,
    incoming_mask,
)
from resunet_core.exchange.photo_match import find_photo
from resunet_core.exchange.sources import state_of
from resunet_core.formats.coco_reader import is_coco
from resunet_core.formats.json_file import read_json
from resunet_core.formats.label_names import UnknownLabels
from resunet_core.formats.mask_files import MASK_SUFFIXES
from resunet_core.mask.fill import fill
from resunet_core.progress import Progress, Steps
from resunet_core.project.records import SOMEBODY, PhotoRecord, Who
from resunet_core.project.store import Project

NOT_LABELS = frozenset({"run.json", "provenance.json"})
"""What Caihua itself writes beside labels."""

TILE_INDEX = "index.json"


@dataclass(frozen=True)
class Imported:
    """What became of one photo's labels.

    Attributes:
        source: The file or folder they came from.
        photo: Name of the photo.
        changed_px: How many pixels became a person's.
        notes: Remarks.
    """

    source: Path
    photo: str
    changed_px: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ImportOutcome:
    """What an import did, and which files it could not take.

    Attributes:
        imported: A value for each photo.
        failed: Each file that was refused, with the reason.
        unknown: All labels that are not known, of all files together.
    """

    imported: tuple[Imported, ...]
    failed: tuple[tuple[Path, str], ...]
    unknown: tuple[str, ...] = ()


def import_labels(
    project: Project,
    paths: Sequence[Path],
    options: ImportOptions,
    *,
    who: Who = SOMEBODY,
) -> Steps[ImportOutcome]:
    """Bring labels into a project; a file that is refused does not stop the others.

    Raises:
        WrongUsage: There is no label in what was named.
        DamagedProject: The project is; what was imported before stays.
    """
    files = label_files(paths)
    imported: list[Imported] = []
    failed: list[tuple[Path, str]] = []
    unknown: set[str] = set()
    for number, file in enumerate(files):
        yield Progress(number, len(files), file.name)
        try:
            found = read_incoming(file, options)
        except CaihuaError as error:
            failed.append((file, str(error)))
            if isinstance(error, UnknownLabels):
                unknown.update(error.labels)
            continue
        for incoming in found:
            yield Progress(number, len(files), incoming.photo.name)
            try:
                imported.append(apply_incoming(project, incoming, who))
            except DamagedProject:
                raise
            except CaihuaError as error:
                failed.append((file, str(error)))
    return ImportOutcome(tuple(imported), tuple(failed), tuple(sorted(unknown)))


def label_files(paths: Sequence[Path]) -> list[Path]:
    """The files named, and those of the folders named.

    A folder is a tile pack (index.json), holds label files, or masks.

    Raises:
        WrongUsage: One is missing, or a folder holds no labels.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += _of_folder(path)
        elif path.is_file():
            found.append(path)
        else:
            raise WrongUsage(f"{path} is not there.", "Check the name.")
    return found


def _of_folder(folder: Path) -> list[Path]:
    if (folder / TILE_INDEX).is_file():
        return [folder / TILE_INDEX]
    inside = sorted(p for p in folder.iterdir() if not p.name.startswith("."))
    labels = [p for p in inside if _is_labels(p)]
    if labels:
        return labels
    if (folder / "masks").is_dir():
        return _of_folder(folder / "masks")
    below = sorted(p for p in folder.glob("*/*") if _is_labels(p))
    if below:
        return below
    masks = [p for p in inside if p.suffix.lower() in MASK_SUFFIXES]
    if not masks:
        raise WrongUsage(
            f"{folder} holds no labels: neither JSON nor XML nor masks.",
            "Name the folder that they are in.",
        )
    named = [p for p in masks if p.stem.endswith(".mask")]
    return named or masks


def _is_labels(path: Path) -> bool:
    suffix = path.suffix.lower()
    return suffix in {".json", ".xml"} and path.name not in NOT_LABELS


def read_incoming(path: Path, options: ImportOptions) -> list[Incoming]:
    """What a file says about photos, by its kind.

    Raises:
        BadAnnotation: It is of no kind that is known, or damaged.
    """
    suffix = path.suffix.lower()
    if suffix in MASK_SUFFIXES:
        return [incoming_mask(path, options)]
    if suffix == ".xml":
        return incoming_cvat(path, options)
    if suffix != ".json":
        raise BadAnnotation(
            f"{path} holds no labels that Caihua reads.",
            "LabelMe and COCO JSON, CVAT XML and masks as PNG or TIFF are read.",
        )
    document = read_json(path, "a label file")
    if is_tile_index(document):
        return incoming_tiles(path, options)
    if is_coco(document):
        return incoming_coco(path, options)
    return [incoming_labelme(path, options)]


def apply_incoming(project: Project, incoming: Incoming, who: Who) -> Imported:
    """Make labels a person's edit of a photo, which is added where it is new.

    Raises:
        CaihuaError: There is no such photo, or the labels do not fit it.
    """
    record, notes = find_photo(project, incoming)
    mask = project.load_mask(record.id)
    frame = Box.of(record.height, record.width)
    ids, where = incoming.changes(
        mask.read(frame), continues=_continues(project, record, incoming.state)
    )
    name = f"Import {incoming.source.name}"
    edit = fill(mask, frame, ids, where, name)
    if edit is not None:
        project.commit(record.id, edit, who=who)
    _keep_scale(project, record, incoming, who)
    changed = int(where.sum()) if edit is not None else 0
    return Imported(
        incoming.source, record.path.name, changed, (*incoming.notes, *notes)
    )


def _continues(project: Project, record: PhotoRecord, state: str) -> bool:
    """Whether a project has what was exported in its history."""
    if not state:
        return False
    return any(state_of([entry]) == state for entry in project.log(record.id))


def _keep_scale(
    project: Project, record: PhotoRecord, incoming: Incoming, who: Who
) -> None:
    if incoming.mm_per_px is not None and record.mm_per_px is None:
        project.set_scale(record.id, incoming.mm_per_px, who=who)
