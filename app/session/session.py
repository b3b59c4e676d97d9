"""The facade: what is open, and the only writer of it."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from functools import partial

from app.session.authors import ME, model_of
from app.session.change import Change
from app.session.editing import Editing
from app.session.entry import Detected, ModelTile
from app.session.merge import merge_edits
from app.session.unseen import replace_unseen
from resunet_core.box import Box
from resunet_core.mask.replace import replace_model_plane
from resunet_core.mask.tiled import DefectMask, tiles_meeting
from resunet_core.measure.geometry import Geometry
from resunet_core.measure.scale import Scale, given_scale
from resunet_core.project.checked import set_checked, sparing_checked
from resunet_core.project.places import set_note, set_place
from resunet_core.project.records import Level, ReviewState
from resunet_core.project.review import set_review
from resunet_core.project.snapshots import restoring_edit
from resunet_core.project.store import Detection, PhotoRecord, Project

CHECK, UNCHECK = "Check", "Take the check back"
"""What the project calls these steps."""


class Session(Editing):
    """Holds the open project, its photos and the mask of the one on the screen.

    All methods belong to the window's thread. Each change of the mask is put on the
    disk by the writer thread, in order; `close` waits for it.
    """

    # What the model found

    def preview_model(self, tiles: Iterable[ModelTile]) -> None:
        """Show another result of the model; not a step of the history until kept."""
        opened = self._opened
        if opened is None or not self.may_change():
            return
        if self._turns:
            self._writer.flush()  # it lies on what undo leaves
        spared = sparing_checked(tiles, opened.checked)
        edit = replace_model_plane(opened.mask, spared, "")
        if edit is not None:
            self._preview.append(edit)
            self.mask_changed.emit(Change(edit.box, live=True))

    def keep_preview(self, detection: Detection, name: str) -> None:
        """Make what was previewed one step of the history and put it on the disk."""
        opened, project = self._opened, self._project
        if opened is None or project is None:
            return
        edit = merge_edits(name, self._preview)
        self._preview.clear()
        self._opened = opened = replace(opened, detection=detection)
        if edit is not None:
            self._commit(edit, model_of(detection), detection)
        else:
            self._writer.submit(
                partial(project.set_detection, opened.record.id, detection, who=ME)
            )
        self.detection_changed.emit()

    def take_detection(self, record: PhotoRecord, found: Detected, name: str) -> None:
        """Put what a detection found under what persons drew, and on the disk.

        The photo need not be the one on the screen. What is checked stays.
        """
        opened, project = self._opened, self._project
        if project is None:
            return
        if opened is None or opened.record.id != record.id:
            self._mark(record.path, found.detection)
            self.change_project(
                partial(replace_unseen, photo_id=record.id, found=found, name=name)
            )
            return
        if not self.may_change():
            return
        self._mark(record.path, found.detection)
        self._settle()
        spared = sparing_checked(found.tiles, opened.checked)
        edit = replace_model_plane(opened.mask, spared, name)
        if edit is not None:
            self._preview.append(edit)
        self._opened = replace(
            self._opened or opened, probabilities=found.probabilities
        )
        self.keep_preview(found.detection, name)

    # Tiles that are checked

    def set_checked(self, box: Box, *, checked: bool) -> None:
        """Say that the tiles meeting a box are checked, or no longer so; one step."""
        opened, project = self._opened, self._project
        if opened is None or project is None or not self.may_change():
            return
        frame = Box.of(opened.mask.height, opened.mask.width)
        meant = frozenset(tiles_meeting(box.clip(frame)))
        wanted = opened.checked | meant if checked else opened.checked - meant
        if wanted == opened.checked:
            return
        self._settle()  # a preview of the model may lie on these tiles
        self._recent.clear()
        self._changes += 1
        opened = self._opened or opened
        name = CHECK if checked else UNCHECK
        self._opened = replace(opened, checked=wanted, undo_name=name, redo_name=None)
        work = partial(
            set_checked, project, opened.record.id, box, who=ME, is_checked=checked
        )
        self._writer.submit(work)
        self.checks_changed.emit()
        self.history_changed.emit()

    # Back to what was

    def bring_back(
        self, then: DefectMask, name: str, region: Box, detection: Detection | None
    ) -> bool:
        """Bring a region back to what it was, one step; whether anything differed.

        With `detection` the thresholds of then hold again: for the whole photo.
        """
        if self._opened is None or not self.may_change():
            return False
        self._settle()
        if self._turns:
            self._writer.flush()
        opened = self._opened
        edit = restoring_edit(opened.mask, then, name, region)
        if edit is None:
            return False
        if detection is not None:
            self._opened = replace(opened, detection=detection)
        self._commit(edit, ME, detection)
        if detection is not None:
            self.detection_changed.emit()
        return True

    # Of the photo

    def set_building(self, name: str) -> None:
        """Say which building the photo belongs to."""
        opened, project = self._opened, self._project
        if opened is None or project is None or name == opened.record.building:
            return
        if not self.may_change():
            return
        self._opened = replace(opened, record=replace(opened.record, building=name))
        self._writer.submit(
            partial(project.set_building, opened.record.id, name, who=ME)
        )
        self.details_changed.emit()

    def set_scale(
        self, scale: Scale | float | None, geometry: Geometry | None = None
    ) -> None:
        """Say how many millimetres a pixel is; None where it is not known.

        A bare number that is the scale already changes nothing; `geometry` is what
        flattens the photo.
        """
        opened, project = self._opened, self._project
        if opened is None or project is None:
            return
        if isinstance(scale, float | int):
            if scale == opened.record.mm_per_px:
                return
            scale = given_scale(float(scale), operator=ME.name)
        if (scale is None and opened.record.scale is None) or not self.may_change():
            return
        mm_per_px = None if scale is None else scale.mm_per_px
        record = replace(opened.record, mm_per_px=mm_per_px, scale=scale)
        self._opened = replace(opened, record=record)
        keep = partial(project.set_scale, geometry=geometry, who=ME)
        self._writer.submit(partial(keep, opened.record.id, scale))
        self.details_changed.emit()

    def keep_answer(self, answer: Callable[[Project], None]) -> None:
        """Keep an answer of a point check, in order with all else."""
        if self._project is not None:
            self._writer.submit(partial(answer, self._project))

    # Of several photos

    def set_place(
        self, photo_ids: Collection[int], levels: Mapping[Level, str]
    ) -> None:
        """Say where photos were taken; levels that are not named stay."""
        self.change_project(
            partial(set_place, photo_ids=photo_ids, levels=levels, who=ME)
        )

    def set_note(self, photo_id: int, text: str) -> None:
        """Note something on a photo."""
        self.change_project(partial(set_note, photo_id=photo_id, text=text, who=ME))

    def set_review(self, photo_ids: Collection[int], state: ReviewState) -> None:
        """Bring photos forward to a state of review, or back."""
        self._settle()
        self.change_project(
            partial(set_review, photo_ids=photo_ids, state=state, who=ME)
        )
