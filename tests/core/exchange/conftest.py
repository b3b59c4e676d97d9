"""A small project with two photos, detected and corrected."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from resunet_core.exchange.sources import PhotoSource, project_sources
from resunet_core.imaging.photo import open_photo
from resunet_core.mask.replace import replace_model_plane
from resunet_core.mask.stroke import Stroke
from resunet_core.project.records import Detection, Who
from resunet_core.project.store import Project
from tests.builders import a_mask, a_photo

SIZE = (96, 128)


def fill_photo(project: Project, photo: Path) -> int:
    """Add a photo with what a model found and one stroke of a person; its id."""
    found = open_photo(photo)
    record = project.add_photo(
        photo, sha256=found.sha256, width=found.width, height=found.height
    )
    mask = project.load_mask(record.id)
    ids = a_mask(found.height, found.width)
    ids[60:64, 40:50] = 0  # a hole in the loss
    edit = replace_model_plane(mask, [(0, 0, ids)], "Detect")
    assert edit is not None
    project.commit(
        record.id,
        edit,
        who=Who("model", "m", "0" * 64),
        detection=Detection("m", "0" * 64, {}, {}),
    )
    stroke = Stroke(mask, 1, 1.5, "Brush")
    stroke.extend(5, 80)
    stroke.extend(90, 85)
    edit = stroke.finish()
    assert edit is not None
    project.commit(record.id, edit, who=Who("person", "Li"))
    return record.id


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    a_photo(tmp_path / "照片", "东间.png", height=SIZE[0], width=SIZE[1])
    a_photo(
        tmp_path / "photos", "west.jpg", height=SIZE[1], width=SIZE[0], orientation=6
    )
    with Project.open(tmp_path / "survey.caihua") as opened:
        first = fill_photo(opened, tmp_path / "照片" / "东间.png")
        fill_photo(opened, tmp_path / "photos" / "west.jpg")
        opened.set_scale(first, 0.5)
        opened.set_building(first, "井亭")
        yield opened


@pytest.fixture
def sources(project: Project) -> list[PhotoSource]:
    return project_sources(project)
