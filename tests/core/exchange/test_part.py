"""A rectangle of a photo goes out by itself, says so, and comes back as no more."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from resunet_core.box import Box
from resunet_core.errors import WrongUsage
from resunet_core.exchange.export import FORMATS, export
from resunet_core.exchange.importing import import_labels
from resunet_core.exchange.incoming import ImportOptions
from resunet_core.exchange.options import ExportOptions, ExportOutcome
from resunet_core.exchange.sources import project_sources
from resunet_core.progress import run_to_end
from resunet_core.project.checked import set_checked
from resunet_core.project.records import Who
from resunet_core.project.store import Project

PART = Box(20, 10, 70, 60)
SIDES = [20, 10, 70, 60]
WHOLE = Box(0, 0, 96, 128)
LI = Who("person", "Li")


def _exported(
    project: Project, name: str, folder: Path, part: Box = PART
) -> ExportOutcome:
    source = project_sources(project)[:1]
    outcome = run_to_end(export(source, name, folder, ExportOptions(part=part)))
    assert outcome.failed == ()
    assert "Only an area of" in outcome.notes[0]
    return outcome


def _ids(project: Project) -> NDArray[np.uint8]:
    return project.load_mask(project.photos()[0].id).read(WHOLE)


@pytest.mark.parametrize(
    "name", ["labelme", "labelme-polygons", "labelme-tiles", "mask"]
)
def test_a_part_comes_back_and_the_rest_stays(
    project: Project, tmp_path: Path, name: str
) -> None:
    before = _ids(project)
    assert before[PART.slices].any()
    assert (before > 0).sum() > (before[PART.slices] > 0).sum()
    folder = tmp_path / "out"
    assert _exported(project, name, folder).written == ("东间.part",)
    outcome = run_to_end(import_labels(project, [folder], ImportOptions(), who=LI))
    assert outcome.failed == ()
    assert [one.changed_px for one in outcome.imported] == [0]
    np.testing.assert_array_equal(_ids(project), before)


def test_what_was_changed_in_a_part_changes_that_alone(
    project: Project, tmp_path: Path
) -> None:
    before = _ids(project)
    _exported(project, "labelme", tmp_path / "out")
    path = tmp_path / "out" / "东间.part.json"
    document = json.loads(path.read_bytes())
    assert document["caihua"]["part"] == SIDES
    corners = [[100.0, 80.0], [105.0, 84.0]]  # outside, where somebody drew as well
    document["shapes"] = [
        {"label": "脱落", "points": corners, "shape_type": "rectangle"}
    ]
    path.write_text(json.dumps(document), encoding="utf-8")
    run_to_end(import_labels(project, [path], ImportOptions(), who=LI))
    expected = before.copy()
    expected[PART.slices] = 0
    expected[80:85, 100:106] = 2
    np.testing.assert_array_equal(_ids(project), expected)


def test_a_sound_part_of_a_mask_is_taken(project: Project, tmp_path: Path) -> None:
    before = _ids(project)
    rows, columns = np.nonzero(before == 0)
    sound = Box(rows[0], columns[0], rows[0] + 1, columns[0] + 1)
    _exported(project, "mask", tmp_path / "out", sound)
    path = tmp_path / "out" / "东间.part.mask.png"
    with Image.open(path) as picture:
        assert sorted(np.unique(np.array(picture)).tolist()) == [0, 255]
    outcome = run_to_end(import_labels(project, [path], ImportOptions(), who=LI))
    assert outcome.failed == ()
    np.testing.assert_array_equal(_ids(project), before)


def test_the_part_of_each_format_is_that_of_the_mask(
    project: Project, tmp_path: Path
) -> None:
    inside = int((_ids(project)[PART.slices] > 0).sum())
    photo = project.photos()[0]
    set_checked(project, photo.id, WHOLE, who=LI)
    for name, chosen in FORMATS.items():
        if not chosen.takes_part:
            with pytest.raises(WrongUsage, match="would pass for sound"):
                _exported(project, name, tmp_path / name)
            continue
        _exported(project, name, tmp_path / name)
    outlines = json.loads((tmp_path / "geojson" / "东间.part.geojson").read_bytes())
    assert outlines["caihua"]["part"] == SIDES
    areas = [feature["properties"]["area_px"] for feature in outlines["features"]]
    assert sum(areas) == inside
    data = tmp_path / "dataset"
    with Image.open(data / "masks" / "东间.part.png") as picture:
        assert (np.array(picture) != 255).sum() == PART.area
    pack = json.loads((tmp_path / "labelme-tiles" / "index.json").read_bytes())
    assert [tile["box"] for tile in pack["photos"][0]["tiles"]] == [SIDES]


def test_what_is_no_part_is_refused(project: Project, tmp_path: Path) -> None:
    sources = project_sources(project)
    for chosen, part, words in (
        (sources, PART, "is of one photo"),
        (sources[:1], Box(200, 0, 300, 50), "lies outside"),
    ):
        with pytest.raises(WrongUsage, match=words):
            run_to_end(
                export(chosen, "mask", tmp_path / "out", ExportOptions(part=part))
            )
    with pytest.raises(WrongUsage, match="Tiles of 5000 px"):
        run_to_end(
            export(
                sources, "labelme-tiles", tmp_path / "out", ExportOptions(tile_px=5000)
            )
        )
    assert not (tmp_path / "out").exists()
