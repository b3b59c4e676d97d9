"""The project file: photos, masks, history and log, each change one transaction."""

import sqlite3
from pathlib import Path
from typing import Literal

from resunet_core.mask.edit import MaskEdit
from resunet_core.mask.tiled import DefectMask
from resunet_core.measure.geometry import Geometry
from resunet_core.measure.scale import Scale
from resunet_core.project.access import OpenProject
from resunet_core.project.checked import refuse_checked
from resunet_core.project.log import Happening, add_entry, entries
from resunet_core.project.opening import open_database
from resunet_core.project.paths import absolute, to_stored
from resunet_core.project.photos import (
    all_photos,
    photo_of_file,
    photo_of_id,
    read_detection,
    size_of,
)
from resunet_core.project.planes import load_planes, write_tiles
from resunet_core.project.records import (
    SOMEBODY,
    Detection,
    LogEntry,
    Notice,
    PhotoRecord,
    Who,
)
from resunet_core.project.scales import set_scale
from resunet_core.project.shares import count_edit
from resunet_core.project.steps import (
    NewStep,
    first_undone,
    last_done,
    record_step,
    turn_step,
)

__all__ = ["Detection", "LogEntry", "Notice", "PhotoRecord", "Project", "Who"]


class Project(OpenProject):
    """An open project: what opens it is here and in `access`.

    What is seldom done is in modules of its own, each with functions of a project:
    `audit`, `backups`, `checked`, `collect`, `places`, `point_checks`, `query`,
    `relink`, `report_settings`, `review`, `scales`, `snapshots`.
    """

    @classmethod
    def open(cls, path: Path) -> "Project":
        """Open a project, or make a new one where no file is.

        One that may not be written to is opened to read; `notices` says so.

        Raises:
            BadProject: The file is no project, damaged, newer or open in another
                window; it was left as it is.
        """
        path = absolute(path)
        return cls(path, open_database(path))

    # Photos

    def photos(self) -> list[PhotoRecord]:
        """All photos, in the order they were added."""
        with self.reading() as database:
            return all_photos(database, self.reach())

    def photo(self, photo_id: int) -> PhotoRecord:
        """One photo; KeyError where none has the id."""
        with self.reading() as database:
            return photo_of_id(database, self.reach(), photo_id)

    def add_photo(
        self,
        photo_path: Path,
        *,
        sha256: str,
        width: int,
        height: int,
        building: str = "",
        who: Who = SOMEBODY,
    ) -> PhotoRecord:
        """Add a photo, or find it when the same file is there with this content.

        The folder of the photo is followed from now on, wherever it lies.
        """
        stored = to_stored(photo_path, self.path.parent)
        if not self.reach().is_open(stored):
            self.allow(frozenset({stored}))
        reach = self.reach()
        with self.reading() as database:
            known = photo_of_file(database, reach, stored, sha256)
        if known is not None:
            return known
        values = (stored, sha256, width, height, building, size_of_file(photo_path))
        with self.changing() as database:
            photo_id = database.execute(
                "INSERT INTO photos (path, sha256, width, height, building, size_bytes)"
                " VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
                values,
            ).fetchone()[0]
            add_entry(database, photo_id, Happening(who, "add", stored))
            return photo_of_id(database, reach, photo_id)

    def set_building(self, photo_id: int, name: str, *, who: Who = SOMEBODY) -> None:
        """Say which building a photo belongs to; empty for none."""
        with self.changing(photo_id) as database:
            database.execute(
                "UPDATE photos SET building = ? WHERE id = ?", (name, photo_id)
            )
            add_entry(database, photo_id, Happening(who, "building", name))

    def set_scale(
        self,
        photo_id: int,
        scale: Scale | float | None,
        *,
        geometry: Geometry | None = None,
        who: Who = SOMEBODY,
    ) -> None:
        """Set how large the pixels are: see `scales.set_scale`."""
        set_scale(self, photo_id, scale, geometry=geometry, who=who)

    def detection(self, photo_id: int) -> Detection | None:
        """What the model's plane of a photo was made with; None before the first."""
        text = self._detection_text(photo_id)
        with self.reading():
            return None if text is None else read_detection(text)

    def set_detection(
        self, photo_id: int, detection: Detection, *, who: Who = SOMEBODY
    ) -> None:
        """Say what the model's plane was made with, where no pixel changed by it."""
        with self.changing(photo_id) as database:
            _write_detection(database, photo_id, detection.to_json())
            event = Happening(who, "detection", detection.model_name)
            add_entry(database, photo_id, event)

    # Masks and their history

    def load_mask(self, photo_id: int) -> DefectMask:
        """The mask as the last commit, undo or redo left it.

        Raises:
            BadProject: A part of it is damaged.
        """
        with self.reading() as database:
            mask = DefectMask(*size_of(database, photo_id))
            load_planes(database, photo_id, mask)
        return mask

    def commit(
        self,
        photo_id: int,
        edit: MaskEdit,
        *,
        who: Who,
        coalesce: bool = False,
        detection: Detection | None = None,
    ) -> int:
        """Keep an edit that the mask already shows; the id of its log entry.

        Edits are committed in the order they were made. What was undone before
        cannot be redone any more.

        Args:
            photo_id: Whose mask it is.
            edit: Of that mask.
            who: Who made it.
            coalesce: Whether it may join the step before, if that may too and has the
                same name, so that one undo takes back both: a slider that is moved.
            detection: What the model's plane is made with now; undo and redo turn it
                back and forth together with the pixels.
        """
        text = None if detection is None else detection.to_json()
        with self.changing(photo_id) as database:
            old = None if text is None else self._detection_text(photo_id)
            turned = None if text is None else (old, text)
            if who.kind == "model":
                refuse_checked(database, photo_id, edit)
            _store(database, photo_id, edit)
            record_step(database, photo_id, NewStep(edit, coalesce, turned))
            if text is not None:
                _write_detection(database, photo_id, text)
            event = Happening(who, "edit", edit.name, edit.box)
            return add_entry(database, photo_id, event)

    def undo(
        self, photo_id: int, mask: DefectMask, *, who: Who = SOMEBODY
    ) -> MaskEdit | None:
        """Take back the last step, here and in `mask`; the edit that did it."""
        return self._turn(photo_id, mask, who, "undo")

    def redo(
        self, photo_id: int, mask: DefectMask, *, who: Who = SOMEBODY
    ) -> MaskEdit | None:
        """Bring back the last step undone, here and in `mask`; the edit that did it."""
        return self._turn(photo_id, mask, who, "redo")

    def undo_name(self, photo_id: int) -> str | None:
        """The name of the step that `undo` would take back."""
        with self.reading() as database:
            step = last_done(database, photo_id)
        return None if step is None else step.name

    def redo_name(self, photo_id: int) -> str | None:
        """The name of the step that `redo` would bring back."""
        with self.reading() as database:
            step = first_undone(database, photo_id)
        return None if step is None else step.name

    def log(self, photo_id: int | None = None) -> list[LogEntry]:
        """All that was ever changed, of one photo or of all, oldest first."""
        with self.reading() as database:
            return entries(database, photo_id)

    def _turn(
        self,
        photo_id: int,
        mask: DefectMask,
        who: Who,
        action: Literal["undo", "redo"],
    ) -> MaskEdit | None:
        with self.changing(photo_id) as database:
            if size_of(database, photo_id) != (mask.height, mask.width):
                raise ValueError(f"the mask is not that of photo {photo_id}")
            find = last_done if action == "undo" else first_undone
            step = find(database, photo_id)
            if step is None:
                return None
            edit = turn_step(database, photo_id, step, mask)
            _store(database, photo_id, edit)
            if step.detects:
                undone = action == "undo"
                text = step.detection_before if undone else step.detection_after
                _write_detection(database, photo_id, text)
            add_entry(database, photo_id, Happening(who, action, edit.name, edit.box))
        edit.apply(mask)
        return edit

    def _detection_text(self, photo_id: int) -> str | None:
        with self.reading() as database:
            rows = database.execute(
                "SELECT detection FROM photos WHERE id = ?", (photo_id,)
            )
            for (text,) in rows.fetchall():
                return None if text is None else str(text)
        raise KeyError(photo_id)


def size_of_file(path: Path) -> int | None:
    """Bytes of a file; None where it is not there."""
    try:
        return path.stat().st_size
    except (OSError, ValueError):
        return None


def _store(database: sqlite3.Connection, photo_id: int, edit: MaskEdit) -> None:
    """Let the tables hold the tiles as they are after an edit, and count them."""
    count_edit(database, photo_id, edit, DefectMask(*size_of(database, photo_id)))
    write_tiles(database, photo_id, edit)


def _write_detection(
    database: sqlite3.Connection, photo_id: int, text: str | None
) -> None:
    database.execute("UPDATE photos SET detection = ? WHERE id = ?", (text, photo_id))
