"""Labels from elsewhere become a person's edit: all of it, nothing else, one step."""

import base64
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from resunet_core.box import Box
from resunet_core.errors import WrongUsage
from resunet_core.exchange import export as export_module
from resunet_core.exchange.export import export
from resunet_core.exchange.importing import ImportOutcome, import_labels
from resunet_core.exchange.incoming import ImportOptions
from resunet_core.exchange.options import ExportOptions
from resunet_core.exchange.sources import PhotoSource, project_sources
from resunet_core.formats.label_names import label_names
from resunet_core.formats.mask_png import write_mask_png
from resunet_core.mask.fill import fill
from resunet_core.mask.regions import ArrayMask
from resunet_core.progress import run_to_end
from resunet_core.project.records import Who
from resunet_core.project.store import Project
from tests.builders import a_mask, a_photo

Ids = NDArray[np.uint8]
Document = dict[str, Any]
WANG = Who("person", "Wang")
WHOLE = Box(0, 0, 96, 128)


def _imported(project: Project, *paths: Path, **mapping: str) -> ImportOutcome:
    options = ImportOptions(label_names(mapping=mapping))
    return run_to_end(import_labels(project, paths, options, who=WANG))


def _planes(project: Project, photo_id: int) -> tuple[Ids, Ids]:
    mask = project.load_mask(photo_id)
    return mask.read(WHOLE), mask.read_origin(WHOLE)


def _ids(source: PhotoSource) -> Ids:
    return source.load_mask().read(WHOLE)


def _exported(project: Project, name: str, folder: Path, tolerance: float = 0) -> Path:
    steps = export(
        project_sources(project), name, folder, ExportOptions(tolerance or None)
    )
    assert run_to_end(steps).failed == ()
    return folder


def _edit_json(path: Path, change: Callable[[Document], None]) -> None:
    document: Document = json.loads(path.read_bytes())
    change(document)
    path.write_text(json.dumps(document), encoding="utf-8")


def _add_loss(document: Document) -> None:
    points = [[100.0, 70.0], [110.0, 80.0]]
    document["shapes"].append(
        {"label": "脱落", "points": points, "shape_type": "rectangle"}
    )


NEW_LOSS = (slice(70, 81), slice(100, 111))


@pytest.mark.parametrize(
    ("name", "tolerance"),
    [("labelme", 0), ("labelme-polygons", 2), ("labelme-tiles", 0), ("mask", 0)],
)
def test_what_nobody_changed_changes_nothing(
    project: Project, tmp_path: Path, name: str, tolerance: float
) -> None:
    folder = _exported(project, name, tmp_path / "out", tolerance)
    before = [_planes(project, photo.id) for photo in project.photos()]
    entries = len(project.log())
    outcome = _imported(project, folder)
    assert outcome.failed == ()
    assert [one.changed_px for one in outcome.imported] == [0, 0]
    for photo, (ids, origin) in zip(project.photos(), before, strict=True):
        np.testing.assert_array_equal(_planes(project, photo.id)[0], ids)
        np.testing.assert_array_equal(_planes(project, photo.id)[1], origin)
    assert len(project.log()) == entries


@pytest.mark.parametrize(
    ("name", "tolerance"), [("labelme", 0), ("labelme-polygons", 2)]
)
def test_a_shape_added_elsewhere_is_the_persons_and_the_rest_stays(
    project: Project, tmp_path: Path, name: str, tolerance: float
) -> None:
    folder = _exported(project, name, tmp_path / "out", tolerance)
    _edit_json(folder / "东间.json", _add_loss)
    photo = project.photos()[0]
    ids, origin = _planes(project, photo.id)
    outcome = _imported(project, folder)
    changed = {one.photo: one.changed_px for one in outcome.imported}
    assert changed == {"东间.png": 121, "west.jpg": 0}
    after, after_origin = _planes(project, photo.id)
    expected, expected_origin = ids.copy(), origin.copy()
    expected[NEW_LOSS], expected_origin[NEW_LOSS] = 2, 1
    np.testing.assert_array_equal(after, expected)
    np.testing.assert_array_equal(after_origin, expected_origin)
    entry = project.log(photo.id)[-1]
    assert (entry.who, entry.what) == (WANG, "Import 东间.json")
    project.undo(photo.id, project.load_mask(photo.id))
    np.testing.assert_array_equal(_planes(project, photo.id)[0], ids)


def test_what_was_drawn_here_since_an_export_is_not_taken_back(
    project: Project, tmp_path: Path
) -> None:
    tiles = _exported(project, "labelme-tiles", tmp_path / "tiles")
    folder = _exported(project, "labelme", tmp_path / "out")
    photo = project.photos()[0]
    mask = project.load_mask(photo.id)
    edit = fill(mask, Box(0, 0, 5, 5), 2, np.ones((5, 5), np.bool_), "Since")
    assert edit is not None
    project.commit(photo.id, edit, who=WANG)
    for unchanged in (folder, tiles):
        outcome = _imported(project, unchanged)
        assert [one.changed_px for one in outcome.imported] == [0, 0]
    np.testing.assert_array_equal(_planes(project, photo.id)[0], mask.read(WHOLE))


def test_a_shape_deleted_elsewhere_is_sound_by_a_persons_word(
    project: Project, tmp_path: Path
) -> None:
    folder = _exported(project, "labelme", tmp_path / "out")
    _edit_json(folder / "东间.json", lambda document: document.update(shapes=[]))
    _imported(project, folder / "东间.json")
    ids, origin = _planes(project, project.photos()[0].id)
    assert not ids.any()
    assert origin.any()


def test_tiles_edited_by_two_people_come_back_as_one_step(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_module, "TILE_PX", (50, 1024))
    folder = tmp_path / "out"
    options = ExportOptions(tile_px=50)
    run_to_end(export(project_sources(project), "labelme-tiles", folder, options))
    index = json.loads((folder / "index.json").read_bytes())
    photo = project.photos()[0]
    assert index["photos"][0]["sha256"] == photo.sha256
    tiles = index["photos"][0]["tiles"]
    boxes = [Box(*tile["box"]) for tile in tiles]
    assert sum(box.area for box in boxes) == 96 * 128
    assert max(max(box.height, box.width) for box in boxes) <= 50
    with Image.open((folder / tiles[0]["file"]).with_suffix(".jpg")) as picture:
        assert picture.size == (boxes[0].width, boxes[0].height)
    expected = _planes(project, photo.id)[0]
    for tile, box in ((tiles[0], boxes[0]), (tiles[-1], boxes[-1])):
        points = [[1.0, 1.0], [4.0, 3.0]]
        shape = {"label": "crack", "points": points, "shape_type": "rectangle"}
        path = folder / tile["file"]
        document = json.loads(path.read_bytes())
        document["shapes"].append(shape)
        path.write_text(json.dumps(document), encoding="utf-8")
        expected[box.top + 1 : box.top + 4, box.left + 1 : box.left + 5] = 1
    (folder / tiles[1]["file"]).unlink()  # still with somebody else
    before = project.undo_name(photo.id)
    outcome = _imported(project, folder)
    assert outcome.failed == ()
    assert outcome.imported[0].changed_px > 0
    np.testing.assert_array_equal(_planes(project, photo.id)[0], expected)
    project.undo(photo.id, project.load_mask(photo.id))
    assert project.undo_name(photo.id) == before


def test_a_tile_index_cannot_reach_outside_its_folder(
    project: Project, tmp_path: Path
) -> None:
    folder = _exported(project, "labelme-tiles", tmp_path / "out")
    for name in ("../x.json", "/etc/passwd", "..\\x.json"):
        index = json.loads((folder / "index.json").read_bytes())
        index["photos"][0]["tiles"][0]["file"] = name
        (folder / "index.json").write_text(json.dumps(index), encoding="utf-8")
        assert "is damaged" in _imported(project, folder).failed[0][1]


def test_a_copy_made_for_labelme_leads_back_to_its_photo(
    project: Project, tmp_path: Path
) -> None:
    folder = _exported(project, "labelme", tmp_path / "out")
    assert (folder / "west.proxy.jpg").is_file()
    with Project.open(tmp_path / "second.caihua") as second:
        assert _imported(second, folder).failed == ()
        for one in project.photos():
            (same,) = [p for p in second.photos() if p.sha256 == one.sha256]
            assert same.path == one.path
            assert same.mm_per_px == one.mm_per_px
            ids = _planes(project, one.id)[0]
            np.testing.assert_array_equal(_planes(second, same.id)[0], ids)


def test_foreign_labels_join_a_new_project_with_their_photo(tmp_path: Path) -> None:
    a_photo(tmp_path / "lab", "a.png")
    document = {
        "imagePath": "a.png",
        "imageData": None,
        "shapes": [
            {"label": "Riss", "points": [[1, 1], [9, 5]], "shape_type": "rectangle"},
            {"label": "eye", "points": [[50, 50]], "shape_type": "point"},
        ],
    }
    (tmp_path / "lab" / "a.json").write_text(json.dumps(document))
    with Project.open(tmp_path / "p.caihua") as project:
        refused = _imported(project, tmp_path / "lab")
        assert refused.unknown == ("Riss",)
        assert project.photos() == []
        outcome = _imported(project, tmp_path / "lab", Riss="craquelure")
        (done,) = outcome.imported
        assert (done.photo, done.changed_px) == ("a.png", 45)
        assert done.notes == ("a.json has 1 points, which cover no area",)
        ids, origin = _planes(project, project.photos()[0].id)
        np.testing.assert_array_equal(ids, origin)


def test_a_photo_inside_its_label_file_is_unpacked_beside_the_project(
    tmp_path: Path,
) -> None:
    photo = a_photo(tmp_path / "elsewhere", "a.png")
    shape = {"label": "crack", "points": [[1, 1], [2, 2]], "shape_type": "rectangle"}
    document = {
        "imagePath": "..\\a.png",
        "imageData": base64.b64encode(photo.read_bytes()).decode(),
        "shapes": [shape],
    }
    labels = tmp_path / "labels" / "a.json"
    labels.parent.mkdir()
    labels.write_text(json.dumps(document))
    with Project.open(tmp_path / "p.caihua") as project:
        (done,) = _imported(project, labels).imported
        assert "was inside the label file" in done.notes[0]
        (record,) = project.photos()
        assert record.path == tmp_path / "p photos" / "a.png"
        assert record.path.read_bytes() == photo.read_bytes()
        _edit_json(labels, lambda d: d.update(imageData="aGVsbG8=", imagePath="b.png"))
        (refused,) = _imported(project, labels).failed
        assert "is no picture" in refused[1]
        _edit_json(labels, lambda d: d.update(imageData=None))
        (refused,) = _imported(project, labels).failed
        assert "neither in the project nor beside it" in refused[1]


@pytest.mark.parametrize("orientation", [5, 6, 7, 8])
def test_labels_of_a_program_that_does_not_heed_exif_are_turned(
    tmp_path: Path, orientation: int
) -> None:
    raw = np.zeros((128, 96), np.uint8)
    raw[3:10, 5:50] = 1
    a_photo(tmp_path, "a.jpg", height=128, width=96, orientation=orientation)
    document = {
        "imagePath": "a.jpg",
        "imageHeight": 128,
        "imageWidth": 96,
        "shapes": [
            {"label": "crack", "points": [[5, 3], [49, 9]], "shape_type": "rectangle"}
        ],
    }
    (tmp_path / "a.json").write_text(json.dumps(document))
    # Turned by another library, which reads the mark in the file itself.
    white = np.repeat(raw[..., None] * np.uint8(255), 3, axis=2)
    _, data = cv2.imencode(".tif", white)
    (tmp_path / "raw.tif").write_bytes(data.tobytes())
    with Image.open(tmp_path / "raw.tif") as picture:
        exif = Image.Exif()
        exif[274] = orientation
        picture.save(tmp_path / "turned.png", exif=exif)
    turned = cv2.imread(str(tmp_path / "turned.png"))
    assert turned is not None
    with Project.open(tmp_path / "p.caihua") as project:
        assert _imported(project, tmp_path / "a.json").failed == ()
        ids, _ = _planes(project, project.photos()[0].id)
    np.testing.assert_array_equal(ids, (turned[..., 0] > 0).astype(np.uint8))


def test_masks_find_their_photos_by_name(project: Project, tmp_path: Path) -> None:
    mask = a_mask()[:, ::-1].copy()
    mask[90:] = 255  # ignored: stays as it is
    folder = tmp_path / "masks"
    write_mask_png(folder / "WEST.png", ArrayMask(mask))
    write_mask_png(folder / "nobody.png", ArrayMask(mask))
    outcome = _imported(project, folder)
    assert [one.photo for one in outcome.imported] == ["west.jpg"]
    assert "nobody.png" in outcome.failed[0][1]
    ids, _ = _planes(project, project.photos()[1].id)
    np.testing.assert_array_equal(ids[:90], mask[:90])


def test_other_values_of_a_mask_must_be_said(project: Project, tmp_path: Path) -> None:
    values = np.zeros((96, 128), np.uint8)
    values[3:9] = 255
    Image.fromarray(values).save(tmp_path / "west.mask.png")
    path = tmp_path / "west.mask.png"
    (_, reason), *_ = _imported(project, path).failed
    assert "holds the values 255" in reason
    assert "--map 255=craquelure" in reason
    options = {"255": "paint_loss"}
    assert _imported(project, path, **options).failed == ()
    ids, _ = _planes(project, project.photos()[1].id)
    np.testing.assert_array_equal(ids, values // 255 * 2)
    values[:4] = 7
    Image.fromarray(values[:50]).save(path)
    assert (
        "128 x 50 px, its photo is 128 x 96 px" in _imported(project, path).failed[0][1]
    )


def test_our_own_coco_comes_back_into_an_empty_project(
    project: Project, tmp_path: Path
) -> None:
    folder = _exported(project, "coco", tmp_path / "out")
    with Project.open(tmp_path / "second.caihua") as second:
        outcome = _imported(second, folder / "annotations.json")
        assert outcome.failed == ()
        for one, other in zip(project.photos(), second.photos(), strict=True):
            ids = _planes(project, one.id)[0]
            np.testing.assert_array_equal(_planes(second, other.id)[0], ids)


def test_coco_polygons_and_cvat_shapes(project: Project, tmp_path: Path) -> None:
    square = [10, 20, 30, 20, 30, 40, 10, 40]
    coco = {
        "images": [{"id": 7, "file_name": "sub/west.jpg", "height": 96, "width": 128}],
        "categories": [{"id": "k", "name": "Crack"}, {"id": 2, "name": "unused"}],
        "annotations": [
            {"image_id": 7, "category_id": "k", "segmentation": [square]},
            {"image_id": 7, "category_id": "k", "bbox": [1, 2, 3, 4]},
        ],
    }
    (tmp_path / "coco.json").write_text(json.dumps(coco))
    (done,) = _imported(project, tmp_path / "coco.json").imported
    assert done.notes == ("1 labels of sub/west.jpg cover no area",)
    photo = project.photos()[1].id
    expected = np.zeros((96, 128), np.uint8)
    expected[20:40, 10:30] = 1
    np.testing.assert_array_equal(_planes(project, photo)[0], expected)

    (tmp_path / "cvat.xml").write_text(
        '<?xml version="1.0"?><annotations><version>1.1</version>'
        '<image id="0" name="west.jpg" width="128" height="96">'
        '<box label="loss" xtl="0" ytl="0" xbr="20" ybr="10" z_order="1"/>'
        '<polygon label="crack" points="0,0;40,0;40,10;0,10" z_order="0"/>'
        '<mask label="crack" rle="1,2,3" left="50" top="60" width="3" height="2"/>'
        '<points label="crack" points="1,1"/></image></annotations>'
    )
    (done,) = _imported(project, tmp_path / "cvat.xml").imported
    assert done.notes == ("1 labels of west.jpg cover no area",)
    expected[:] = 0
    expected[0:10, 0:40] = 1
    expected[60, 51:53] = 1
    expected[0:10, 0:20] = 2
    np.testing.assert_array_equal(_planes(project, photo)[0], expected)


def test_what_is_not_there_or_no_labels_is_wrong_usage(
    project: Project, tmp_path: Path
) -> None:
    with pytest.raises(WrongUsage, match="is not there"):
        _imported(project, tmp_path / "gone.json")
    (tmp_path / "empty").mkdir()
    with pytest.raises(WrongUsage, match="holds no labels"):
        _imported(project, tmp_path / "empty")
    shutil.copy(project.photos()[1].path, tmp_path / "empty" / "a.doc")
    assert (
        "no labels that Caihua reads"
        in (_imported(project, tmp_path / "empty" / "a.doc").failed[0][1])
    )


@pytest.mark.parametrize(
    "said",
    [
        *("../../../../../../etc/passwd", "/etc/passwd", "..\\..\\secret.jpg"),
        *("\\\\srv\\share\\a.jpg", "//srv/share/a.jpg", "C:\\a.jpg", "link.jpg", "."),
        *("a\0.jpg", "a" * 5000 + ".jpg", "secret.caihua", ""),
    ],
)
def test_labels_about_what_is_no_photo_of_theirs_are_refused(
    project: Project, tmp_path: Path, said: str
) -> None:
    folder = tmp_path / "labels"
    folder.mkdir()
    (folder / "secret.caihua").write_text("not a picture")
    (folder / "link.jpg").symlink_to(folder / "secret.caihua")
    shape = {"label": "crack", "points": [[1, 1], [9, 9]], "shape_type": "rectangle"}
    path = folder / "a.json"
    document = {"imagePath": said, "imageData": None, "shapes": [shape]}
    path.write_text(json.dumps(document), encoding="utf-8")
    before = project.photos()
    outcome = _imported(project, path)
    assert outcome.imported == ()
    ((refused, reason),) = outcome.failed
    assert refused == path
    assert len(reason) < 600 + 3 * len(str(tmp_path))
    assert project.photos() == before
