"""Random work on a project against a plain model: two arrays and two lists."""

import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from numpy.typing import NDArray

from resunet_core.box import Box
from resunet_core.mask.connected import connected_at
from resunet_core.mask.edit import MaskEdit
from resunet_core.mask.fill import fill
from resunet_core.mask.polygon import Outline, fill_outline
from resunet_core.mask.replace import replace_model_plane
from resunet_core.mask.stroke import Stroke
from resunet_core.mask.tidy import tidy, without_specks
from resunet_core.mask.tiled import Key, PlaneName, tiles_meeting
from resunet_core.project.checked import checked_tiles, set_checked, sparing_checked
from resunet_core.project.records import Who
from resunet_core.project.shares import shares_of
from resunet_core.project.snapshots import (
    forget_snapshot,
    model_as_then,
    restoring_edit,
    snapshot_mask,
    take_snapshot,
)
from resunet_core.project.store import Project

HEIGHT, WIDTH = 700, 1100
WHOLE = Box.of(HEIGHT, WIDTH)
PERSON = Who("person", "安娜")
MODELS = [Who("model", "resunet50", "cd" * 32), Who("model", "mcdm", "ef" * 32)]

Pixels = NDArray[np.uint8]
# Quarters of a pixel, also outside the photo, and near the corners of the tiles.
points = st.tuples(
    st.integers(-200, WIDTH * 4 + 200) | st.integers(1900, 2200),
    st.integers(-200, HEIGHT * 4 + 200) | st.integers(1900, 2200),
)
classes = st.integers(0, 4)
seeds = st.integers(0, 2**16)


planes: st.SearchStrategy[PlaneName] = st.sampled_from(["person", "person", "scope"])


@dataclass(frozen=True)
class State:
    """The model, what a person drew (class id + 1), the scope, what is checked."""

    model: Pixels
    person: Pixels
    scope: Pixels
    checked: frozenset[Key] = frozenset()


@dataclass(frozen=True)
class Done:
    """A step and the state before it."""

    name: str
    before: State


def paint(
    person: Pixels, a: tuple[int, int], b: tuple[int, int], radius: int, value: int
) -> None:
    """Set each pixel within `radius` of the segment; all in quarters of a pixel."""
    if radius < 3:  # thinner than any pixel centre can escape: from centre to centre
        a, b = [(x // 4 * 4 + 2, y // 4 * 4 + 2) for x, y in (a, b)]
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH] * 4 + 2
    dx, dy = b[0] - a[0], b[1] - a[1]
    along = (x - a[0]) * dx + (y - a[1]) * dy
    across = (x - a[0]) * dy - (y - a[1]) * dx
    length2 = dx * dx + dy * dy
    ends = np.minimum(
        (x - a[0]) ** 2 + (y - a[1]) ** 2, (x - b[0]) ** 2 + (y - b[1]) ** 2
    )
    beside = (along > 0) & (along < length2) & (across**2 <= radius**2 * length2)
    person[(ends <= radius**2) | beside] = value


def winding(corners: list[tuple[int, int]]) -> NDArray[np.int64]:
    """How often a closed line goes around each pixel centre; quarters of a pixel."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH] * 4 + 2
    turns = np.zeros((HEIGHT, WIDTH), np.int64)
    for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1], strict=True):
        across = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
        turns += (ay <= y) & (y < by) & (across <= 0)
        turns -= (by <= y) & (y < ay) & (across >= 0)
    return turns


def detected(seed: int) -> Pixels:
    """Blocks of class ids; some tiles are wholly sound."""
    rng = np.random.default_rng(seed)
    blocks = rng.integers(0, 3, (14, 22), np.uint8) * (rng.random((14, 22)) < 0.3)
    if seed % 3 == 0:
        blocks[:11] = 0
    return np.kron(blocks, np.ones((50, 50), np.uint8)).astype(np.uint8)


class RandomSessions(RuleBasedStateMachine):
    """One photo, worked on over many sessions."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="彩画 "))
        self.project = Project.open(self.folder / "项目.caihua")
        photo = self.project.add_photo(
            self.folder / "a.jpg", sha256="1", width=WIDTH, height=HEIGHT
        )
        self.photo_id = photo.id
        self.mask = self.project.load_mask(photo.id)
        zeros = np.zeros((HEIGHT, WIDTH), np.uint8)
        self.state = State(zeros, zeros, zeros)
        self.done: list[Done] = []
        self.undone: list[Done] = []
        self.snapshots: dict[int, State] = {}
        self.logged = 1
        self.may_join = False

    def teardown(self) -> None:
        try:
            self.snapshots_are_as_they_were()
        finally:
            self.project.close()
            shutil.rmtree(self.folder)

    def snapshots_are_as_they_were(self) -> None:
        for number, state in self.snapshots.items():
            then = snapshot_mask(self.project, self.photo_id, number)
            np.testing.assert_array_equal(then.model.read(WHOLE), state.model)
            np.testing.assert_array_equal(then.person.read(WHOLE), state.person)
            np.testing.assert_array_equal(then.scope.read(WHOLE), state.scope)

    @rule(
        line=st.lists(points, min_size=1, max_size=3),
        radius=st.sampled_from([1, 2, 5, 40, 333]),
        class_id=classes,
        plane=planes,
        keep=st.booleans() | st.just(value=True),
    )
    def stroke(
        self,
        line: list[tuple[int, int]],
        radius: int,
        class_id: int,
        plane: PlaneName,
        *,
        keep: bool,
    ) -> None:
        stroke = Stroke(self.mask, class_id, radius / 4, "Stroke", plane=plane)
        after, value = self._drawn(plane), class_id + (plane == "person")
        for number, (x, y) in enumerate(line):
            dirty = stroke.extend(x / 4, y / 4)
            before = after.copy()
            paint(after, line[max(0, number - 1)], (x, y), radius, value)
            outside = after != before
            outside[dirty.slices] = False
            assert not outside.any()
        if keep:
            self._commit("Stroke", stroke.finish(), plane, after)
        else:
            stroke.abort()

    @rule(
        corners=st.lists(points, min_size=3, max_size=5),
        class_id=classes,
        plane=planes,
    )
    def outline(
        self, corners: list[tuple[int, int]], class_id: int, plane: PlaneName
    ) -> None:
        after, value = self._drawn(plane), class_id + (plane == "person")
        after[winding(corners) != 0] = value
        outline = Outline([(x / 4, y / 4) for x, y in corners])
        edit = fill_outline(self.mask, outline, class_id, "Polygon", plane=plane)
        self._commit("Polygon", edit, plane, after)

    @rule(x=st.integers(0, WIDTH - 1), y=st.integers(0, HEIGHT - 1), class_id=classes)
    def flood(self, x: int, y: int, class_id: int) -> None:
        """A region becomes another class, or, being sound, damage."""
        patch = connected_at(self.mask, x, y, WHOLE)
        assert patch is not None
        seen = self._seen()
        same = (seen == seen[y, x]).astype(np.uint8)
        _, labels = cv2.connectedComponents(same, connectivity=8 if seen[y, x] else 4)
        after = self._drawn("person")
        after[labels == labels[y, x]] = class_id + 1
        edit = fill(self.mask, patch.box, class_id, patch.where, "Flood")
        self._commit("Flood", edit, "person", after)

    @rule(least=st.integers(2, 900))
    def drop_specks(self, least: int) -> None:
        seen, after = self._seen(), self._drawn("person")
        for class_id in (1, 2):
            of_class = (seen == class_id).astype(np.uint8)
            _, labels, stats, _ = cv2.connectedComponentsWithStats(of_class)
            small = stats[:, cv2.CC_STAT_AREA] < least
            after[small[labels] & (of_class > 0)] = 1
        edit = tidy(self.mask, WHOLE, without_specks(least), "Delete specks")
        self._commit("Delete specks", edit, "person", after)

    @rule(seed=seeds, class_id=classes)
    def fill(self, seed: int, class_id: int) -> None:
        rng = np.random.default_rng(seed)
        top, left = (int(v) for v in rng.integers(-50, 650, 2))
        box = Box(top, left, top + 90, left + 120)
        where = rng.random((90, 120)) < 0.3
        person = np.pad(self.state.person, 200)
        person[box.move(200, 200).slices][where] = class_id + 1
        person = person[200:-200, 200:-200]
        edit = fill(self.mask, box, class_id, where, "Fill")
        assert (edit is not None) == bool((person != self.state.person).any())
        if edit is not None:
            self.project.commit(self.photo_id, edit, who=PERSON)
            self._keep("Fill", replace(self.state, person=person))

    @rule(
        seed=seeds | st.integers(1, 2),
        slider=st.booleans(),
        model=st.sampled_from(MODELS),
    )
    def detect(self, seed: int, *, slider: bool, model: Who) -> None:
        self._replace_model(detected(seed), "Thresholds" if slider else "Detect", model)

    @precondition(lambda self: self.snapshots)
    @rule(data=st.data())
    def roll_model_back(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.snapshots)))
        then = snapshot_mask(self.project, self.photo_id, number)
        tiles = model_as_then(self.project, self.photo_id, then)
        found = np.zeros((HEIGHT, WIDTH), np.uint8)
        for row, col, pixels in tiles:
            if pixels is not None:
                found[self.mask.model.tile_box(row, col).slices] = pixels
        np.testing.assert_array_equal(
            found, self._unless_checked(self.snapshots[number].model, found)
        )
        self._replace_model(found, "Roll back", PERSON)

    @rule(seed=seeds, is_checked=st.booleans() | st.just(value=True))
    def check(self, seed: int, *, is_checked: bool) -> None:
        rng = np.random.default_rng(seed)
        top, left = (int(v) for v in rng.integers(-50, 650, 2))
        box = Box(top, left, top + 90, left + 120)
        meant = frozenset(tiles_meeting(box.clip(WHOLE)))
        before = self.state.checked
        after = before | meant if is_checked else before - meant
        changed = set_checked(
            self.project, self.photo_id, box, who=PERSON, is_checked=is_checked
        )
        assert changed == before ^ after
        if changed:
            name = "Check" if is_checked else "Take the check back"
            self._keep(name, replace(self.state, checked=after))

    @rule()
    def take_snapshot(self) -> None:
        number = take_snapshot(self.project, "夏", [self.photo_id], who=PERSON)
        self.snapshots[number] = self.state
        self.logged += 1

    @precondition(lambda self: self.snapshots)
    @rule(data=st.data())
    def forget_snapshot(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.snapshots)))
        forget_snapshot(self.project, number, who=PERSON)
        del self.snapshots[number]
        self.logged += 1

    @precondition(lambda self: self.snapshots)
    @rule(data=st.data(), seed=seeds, whole=st.booleans())
    def restore_region(self, data: st.DataObject, seed: int, *, whole: bool) -> None:
        """A person brings a region back, her own pixels in it as well."""
        number = data.draw(st.sampled_from(sorted(self.snapshots)))
        rng = np.random.default_rng(seed)
        top, left = (int(v) for v in rng.integers(-50, 650, 2))
        region = Box(top, left, top + 150, left + 200)
        where = None if whole else rng.random((150, 200)) < 0.5
        inside = np.zeros((HEIGHT + 400, WIDTH + 400), np.bool_)
        part = region.move(200, 200).slices
        inside[part] = True if where is None else where
        inside = inside[200:-200, 200:-200]
        old = self.snapshots[number]
        model = np.where(inside, old.model, self.state.model)
        person = np.where(inside, old.person, self.state.person)
        scope = np.where(inside, old.scope, self.state.scope)
        after = replace(self.state, model=model, person=person, scope=scope)
        then = snapshot_mask(self.project, self.photo_id, number)
        edit = restoring_edit(self.mask, then, "Restore", region, where)
        pairs = ((model, "model"), (person, "person"), (scope, "scope"))
        same = all((now == getattr(self.state, name)).all() for now, name in pairs)
        assert (edit is None) == same
        if edit is not None:
            self.project.commit(self.photo_id, edit, who=PERSON)
            self._keep("Restore", after)

    @precondition(lambda self: self.done)
    @rule(several=st.integers(1, 3))
    def undo(self, several: int) -> None:
        for _ in range(min(several, len(self.done))):
            step = self.done.pop()
            self.undone.append(Done(step.name, self.state))
            self._expect_turn(self.project.undo(self.photo_id, self.mask), step)

    @precondition(lambda self: self.undone)
    @rule(several=st.integers(1, 3))
    def redo(self, several: int) -> None:
        for _ in range(min(several, len(self.undone))):
            step = self.undone.pop()
            self.done.append(Done(step.name, self.state))
            self._expect_turn(self.project.redo(self.photo_id, self.mask), step)

    @rule()
    def reopen(self) -> None:
        self.project.close()
        assert [path.name for path in self.folder.iterdir()] == ["项目.caihua"]
        self.project = Project.open(self.folder / "项目.caihua")
        self.mask = self.project.load_mask(self.photo_id)

    @invariant()
    def mask_is_as_expected(self) -> None:
        model, person = self.state.model, self.state.person
        expected = np.where(person > 0, person - 1, model)
        np.testing.assert_array_equal(self.mask.read(WHOLE), expected)
        np.testing.assert_array_equal(self.mask.read_origin(WHOLE), person > 0)
        np.testing.assert_array_equal(self.mask.scope.read(WHOLE), self.state.scope)
        counts = np.bincount(expected.ravel(), minlength=5)
        assert [self.mask.counts()[k] for k in range(5)] == counts.tolist()

    @invariant()
    def project_is_as_expected(self) -> None:
        counts = self.mask.counts()
        del counts[0]
        with self.project.reading() as database:
            assert shares_of(database, self.photo_id) == counts
        assert checked_tiles(self.project, self.photo_id) == self.state.checked

    @invariant()
    def history_is_as_expected(self) -> None:
        undo, redo = self.done[-1:], self.undone[-1:]
        assert self.project.undo_name(self.photo_id) == (undo[0].name if undo else None)
        assert self.project.redo_name(self.photo_id) == (redo[0].name if redo else None)
        assert len(self.project.log(self.photo_id)) == self.logged

    def _seen(self) -> Pixels:
        person, model = self.state.person, self.state.model
        return np.where(person > 0, person - 1, model).astype(np.uint8)

    def _drawn(self, plane: PlaneName) -> Pixels:
        """A plane that a person draws on, to be drawn on."""
        drawn = self.state.scope if plane == "scope" else self.state.person
        return drawn.copy()

    def _commit(
        self, name: str, edit: MaskEdit | None, plane: PlaneName, after: Pixels
    ) -> None:
        assert (edit is not None) == bool((after != self._drawn(plane)).any())
        if edit is None:
            return
        self.project.commit(self.photo_id, edit, who=PERSON)
        if plane == "scope":
            self._keep(name, replace(self.state, scope=after))
        else:
            self._keep(name, replace(self.state, person=after))

    def _unless_checked(self, found: Pixels, otherwise: Pixels) -> Pixels:
        """What is found, but in checked tiles the other."""
        kept = found.copy()
        for row, col in self.state.checked:
            part = self.mask.model.tile_box(row, col).slices
            kept[part] = otherwise[part]
        return kept

    def _replace_model(self, found: Pixels, name: str, who: Who) -> None:
        plane = self.mask.model
        tiles = (
            (row, col, found[plane.tile_box(row, col).slices].copy())
            for row, col in tiles_meeting(WHOLE)
        )
        slider = name == "Thresholds"
        found = self._unless_checked(found, self.state.model)
        before = self.mask.person.read(WHOLE)
        checked = checked_tiles(self.project, self.photo_id)
        edit = replace_model_plane(self.mask, sparing_checked(tiles, checked), name)
        np.testing.assert_array_equal(self.mask.person.read(WHOLE), before)
        assert (edit is not None) == bool((found != self.state.model).any())
        if edit is None:
            return
        self.project.commit(self.photo_id, edit, who=who, coalesce=slider)
        joins = slider and self.may_join and not self.undone
        self._keep(name, replace(self.state, model=found), joins=joins)
        self.may_join = slider
        if joins and bool((found == self.done[-1].before.model).all()):
            self.done.pop()  # moved back to where it was
            self.may_join = bool(self.done) and self.done[-1].name == "Thresholds"

    def _keep(self, name: str, state: State, *, joins: bool = False) -> None:
        if not joins:
            self.done.append(Done(name, self.state))
        self.undone.clear()
        self.state = state
        self.may_join = False
        self.logged += 1

    def _expect_turn(self, edit: object, step: Done) -> None:
        assert edit is not None
        self.state = step.before
        self.may_join = bool(self.done) and self.done[-1].name == "Thresholds"
        self.logged += 1


RandomSessions.TestCase.settings = settings(
    max_examples=8, stateful_step_count=20, deadline=None, derandomize=True
)
TestRandomSessions = RandomSessions.TestCase
