"""Whatever a person does, in whatever order: the file holds what the screen shows."""

import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.panels.model import ModelPanel
from app.session.view_state import ToolKind, ZoomRequest
from tests.builders import a_photo
from tests.e2e.conftest import Desk

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize("seed", [1, 2])
def test_the_project_equals_the_screen_after_anything(
    desk: Desk, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    a_photo(tmp_path, "a.png", height=700, width=900)
    a_photo(tmp_path, "b.png", height=300, width=520, seed=1)
    desk.open(tmp_path)
    sliders = list(desk.child(ModelPanel).sliders.values())

    def draw() -> None:
        desk.view.set_tool(chance.choice(list(ToolKind)))
        desk.view.set_class(chance.choice((1, 2)))
        desk.view.set_brush_radius(chance.randrange(1, 60))
        desk.drag(*((chance.uniform(0, 900), chance.uniform(0, 600)) for _ in "xyz"))

    def adjust() -> None:
        slider = chance.choice(sliders)
        if slider.isEnabled():
            slider.setValue(chance.randrange(1, 99))

    gestures: list[Callable[[], None]] = [
        *[draw] * 6,
        *[adjust] * 3,
        *[desk.session.undo] * 3,
        *[desk.session.redo] * 2,
        desk.bench.detector.detect_current,
        desk.bench.detector.cancel,
        lambda: desk.bench.opener.open_index(chance.randrange(2)),
        lambda: desk.view.request_zoom(chance.choice(list(ZoomRequest))),
    ]
    for _ in range(120):
        chance.choice(gestures)()
        desk.pause(chance.choice((0, 0, 5, 30)))
    desk.wait(lambda: not desk.bench.detector.is_running)
    desk.pause(700)  # whatever was being opened, and a threshold just moved
    desk.wait(lambda: not desk.session._preview)
    desk.wait(lambda: desk.session.opened is not None)
    # An undo is on the disk a moment before it is on the screen.
    desk.session.flush()
    desk.wait(lambda: not desk.session._turns and not desk.session._preparing)
    desk.session.flush()
    opened, project = desk.session.opened, desk.session.project
    assert opened is not None
    assert project is not None
    kept = project.load_mask(opened.record.id)
    frame = opened.photo.box
    assert (kept.read(frame) == opened.mask.read(frame)).all()
    assert (kept.read_origin(frame) == opened.mask.read_origin(frame)).all()
    assert opened.detection == project.detection(opened.record.id)
