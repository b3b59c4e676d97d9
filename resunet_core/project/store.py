"""The project file: photos, masks, history and log, each change one transaction."""

import math
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Literal

from resunet_core.errors import BadProject, WrongUsage
from resunet_core.mask.edit import MaskEdit
from resunet_core.mask.tiled import DefectMask
from resunet_core.project.log import Happening, add_entry, entries
from resunet_core.project.opening import connect, explained, has_journal
from resunet_core.project.paths import absolute, to_stored
from resunet_core.project.photos import all_photos, photo_of_file, photo_of_id
from resunet_core.project.planes import load_planes, store_tiles
from resunet_core.project.records import (
    SOMEBODY,
    Detection,
    LogEntry,
    PhotoRecord,
    Who,
)
from resunet_core.project.steps import (
    NewStep,
    first_undone,
    last_done,
    record_step,
    turn_step,
)

__all__ = ["Detection", "LogEntry", "PhotoRecord", "Project", "Who"]


class Project:
    """An open project. What a method returned from is on the disk.

    Any thread may call; a lock lets one at a time in. One window at a time has a
    project open.

    Attributes:
        path: The project file, absolute.
        recovered: Whether the last session did not close the project, so that its
            journal was applied now.
    """

    def __init__(self, path: Path) -> None:
        self.path = absolute(path)
        with explained(self.path):
            self.recovered = self.path.exists() and has_journal(self.path)
        self._database = connect(self.path)
        self._lock = RLock()

    @classmethod
    def open(cls, path: Path) -> "Project":
        """Open a project, or make a new one where no file is.

        Raises:
            BadProject: The file is no project, damaged, newer, read-only or open in
                another window; it was left as it is.
        """
        return cls(path)

    def close(self) -> None:
        """Move the journal into the project, so that one file remains."""
        with self._lock:
            # Should the drive be gone, the journal keeps everything until next time.
            with suppress(sqlite3.DatabaseError):
                self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                self._database.execute("PRAGMA journal_mode = DELETE")
            self._database.close()

    def __enter__(self) -> "Project":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    # Photos

    def photos(self) -> list[PhotoRecord]:
        """All photos, in the order they were added."""
        with self._reading() as database:
            return all_photos(database, self.path.parent)

    def photo(self, photo_id: int) -> PhotoRecord:
        """One photo; KeyError where none has the id."""
        with self._reading() as database:
            return photo_of_id(database, self.path.parent, photo_id)

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
        """Add a photo, or find it when the same file is there with this content."""
        folder = self.path.parent
        stored = to_stored(photo_path, folder)
        with self._changing() as database:
            known = photo_of_file(database, folder, stored, sha256)
            if known is not None:
                return known
            photo_id = database.execute(
                "INSERT INTO photos (path, sha256, width, height, building)"
                " VALUES (?, ?, ?, ?, ?) RETURNING id",
                (stored, sha256, width, height, building),
            ).fetchone()[0]
            add_entry(database, photo_id, Happening(who, "add", stored))
            return photo_of_id(database, folder, photo_id)

    def set_building(self, photo_id: int, name: str, *, who: Who = SOMEBODY) -> None:
        """Say which building a photo belongs to; empty for none."""
        with self._changing() as database:
            database.execute(
                "UPDATE photos SET building = ? WHERE id = ?", (name, photo_id)
            )
            add_entry(database, photo_id, Happening(who, "building", name))

    def set_scale(
        self, photo_id: int, mm_per_px: float | None, *, who: Who = SOMEBODY
    ) -> None:
        """Set how many millimetres a pixel is wide; None for not known.

        Raises:
            WrongUsage: The number is not above 0.
        """
        if mm_per_px is not None and not 0 < mm_per_px < math.inf:
            raise WrongUsage(
                f"A scale of {mm_per_px} mm per pixel is not possible.",
                "Give a number above 0.",
            )
        what = "" if mm_per_px is None else f"{mm_per_px:.6g} mm/px"
        with self._changing() as database:
            database.execute(
                "UPDATE photos SET mm_per_px = ? WHERE id = ?", (mm_per_px, photo_id)
            )
            add_entry(database, photo_id, Happening(who, "scale", what))

    def detection(self, photo_id: int) -> Detection | None:
        """What the model's plane of a photo was made with; None before the first."""
        text = self._detection_text(photo_id)
        try:
            return None if text is None else Detection.from_json(text)
        except ValueError as error:
            raise BadProject(
                f"{self.path} is damaged: {error}.", "Open a backup copy of it."
            ) from error

    def set_detection(
        self, photo_id: int, detection: Detection, *, who: Who = SOMEBODY
    ) -> None:
        """Say what the model's plane was made with, where no pixel changed by it."""
        with self._changing() as database:
            _write_detection(database, photo_id, detection.to_json())
            event = Happening(who, "detection", detection.model_name)
            add_entry(database, photo_id, event)

    # Masks and their history

    def load_mask(self, photo_id: int) -> DefectMask:
        """The mask as the last commit, undo or redo left it.

        Raises:
            BadProject: A part of it is damaged.
        """
        photo = self.photo(photo_id)
        mask = DefectMask(photo.height, photo.width)
        with self._reading() as database:
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
        with self._changing() as database:
            old = None if text is None else self._detection_text(photo_id)
            turned = None if text is None else (old, text)
            store_tiles(database, photo_id, edit)
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
        with self._reading() as database:
            step = last_done(database, photo_id)
        return None if step is None else step.name

    def redo_name(self, photo_id: int) -> str | None:
        """The name of the step that `redo` would bring back."""
        with self._reading() as database:
            step = first_undone(database, photo_id)
        return None if step is None else step.name

    def log(self, photo_id: int | None = None) -> list[LogEntry]:
        """All that was ever changed, of one photo or of all, oldest first."""
        with self._reading() as database:
            return entries(database, photo_id)

    def _turn(
        self,
        photo_id: int,
        mask: DefectMask,
        who: Who,
        action: Literal["undo", "redo"],
    ) -> MaskEdit | None:
        photo = self.photo(photo_id)
        if (photo.height, photo.width) != (mask.height, mask.width):
            raise ValueError(f"the mask is not that of photo {photo_id}")
        with self._changing() as database:
            find = last_done if action == "undo" else first_undone
            step = find(database, photo_id)
            if step is None:
                return None
            edit = turn_step(database, photo_id, step, mask)
            store_tiles(database, photo_id, edit)
            if step.detects:
                undone = action == "undo"
                text = step.detection_before if undone else step.detection_after
                _write_detection(database, photo_id, text)
            add_entry(database, photo_id, Happening(who, action, edit.name, edit.box))
        edit.apply(mask)
        return edit

    def _detection_text(self, photo_id: int) -> str | None:
        with self._reading() as database:
            rows = database.execute(
                "SELECT detection FROM photos WHERE id = ?", (photo_id,)
            )
            for (text,) in rows.fetchall():
                return None if text is None else str(text)
        raise KeyError(photo_id)

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock, explained(self.path):
            yield self._database

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it is kept, or, should anything fail, none."""
        with self._lock, explained(self.path):
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database
                self._database.execute("COMMIT")
            except BaseException:
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                raise


def _write_detection(
    database: sqlite3.Connection, photo_id: int, text: str | None
) -> None:
    database.execute("UPDATE photos SET detection = ? WHERE id = ?", (text, photo_id))
