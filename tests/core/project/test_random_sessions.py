"""Random work on a project against a plain model: two arrays and two lists."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from numpy.typing import NDArray

from resunet_core.box import Box
from resunet_core.mask.fill import fill
from resunet_core.mask.replace import replace_model_plane
from resunet_core.mask.stroke import Stroke
from resunet_core.mask.tiled import tiles_meeting
from resunet_core.project.records import Who
from resunet_core.project.store import Project

HEIGHT, WIDTH = 700, 1100
WHOLE = Box.of(HEIGHT, WIDTH)
PERSON, MODEL = Who("person", "安娜"), Who("model", "resunet50", "cd" * 32)

Pixels = NDArray[np.uint8]
# Quarters of a pixel, also outside the photo, and near the corners of the tiles.
points = st.tuples(
    st.integers(-200, WIDTH * 4 + 200) | st.integers(1900, 2200),
    st.integers(-200, HEIGHT * 4 + 200) | st.integers(1900, 2200),
)
classes = st.integers(0, 4)
seeds = st.integers(0, 2**16)


@dataclass(frozen=True)
class State:
    """What the model says, and what a person drew: class id + 1."""

    model: Pixels
    person: Pixels


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
        self.state = State(zeros, zeros)
        self.done: list[Done] = []
        self.undone: list[Done] = []
        self.logged = 1
        self.may_join = False

    def teardown(self) -> None:
        self.project.close()
        shutil.rmtree(self.folder)

    @rule(
        line=st.lists(points, min_size=1, max_size=3),
        radius=st.sampled_from([1, 2, 5, 40, 333]),
        class_id=classes,
        keep=st.booleans() | st.just(value=True),
    )
    def stroke(
        self, line: list[tuple[int, int]], radius: int, class_id: int, *, keep: bool
    ) -> None:
        stroke = Stroke(self.mask, class_id, radius / 4, "Stroke")
        person = self.state.person.copy()
        for number, (x, y) in enumerate(line):
            dirty = stroke.extend(x / 4, y / 4)
            before = person.copy()
            paint(person, line[max(0, number - 1)], (x, y), radius, class_id + 1)
            outside = person != before
            outside[dirty.slices] = False
            assert not outside.any()
        if not keep:
            stroke.abort()
            return
        edit = stroke.finish()
        assert (edit is not None) == bool((person != self.state.person).any())
        if edit is not None:
            self.project.commit(self.photo_id, edit, who=PERSON)
            self._keep("Stroke", State(self.state.model, person))

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
            self._keep("Fill", State(self.state.model, person))

    @rule(seed=seeds | st.integers(1, 2), slider=st.booleans())
    def detect(self, seed: int, *, slider: bool) -> None:
        name = "Thresholds" if slider else "Detect"
        found = detected(seed)
        plane = self.mask.model
        tiles = (
            (row, col, found[plane.tile_box(row, col).slices].copy())
            for row, col in tiles_meeting(WHOLE)
        )
        before = self.mask.person.read(WHOLE)
        edit = replace_model_plane(self.mask, tiles, name)
        np.testing.assert_array_equal(self.mask.person.read(WHOLE), before)
        assert (edit is not None) == bool((found != self.state.model).any())
        if edit is None:
            return
        self.project.commit(self.photo_id, edit, who=MODEL, coalesce=slider)
        joins = slider and self.may_join and not self.undone
        self._keep(name, State(found, self.state.person), joins=joins)
        self.may_join = slider
        if joins and bool((found == self.done[-1].before.model).all()):
            self.done.pop()  # moved back to where it was
            self.may_join = bool(self.done) and self.done[-1].name == "Thresholds"

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
        counts = np.bincount(expected.ravel(), minlength=5)
        assert [self.mask.counts()[k] for k in range(5)] == counts.tolist()

    @invariant()
    def history_is_as_expected(self) -> None:
        undo, redo = self.done[-1:], self.undone[-1:]
        assert self.project.undo_name(self.photo_id) == (undo[0].name if undo else None)
        assert self.project.redo_name(self.photo_id) == (redo[0].name if redo else None)
        assert len(self.project.log(self.photo_id)) == self.logged

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
    max_examples=10, stateful_step_count=14, deadline=None, derandomize=True
)
TestRandomSessions = RandomSessions.TestCase
