"""What each exporter writes is read back by somebody else's reader."""

import contextlib
import io
import json
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ezdxf
import numpy as np
import pytest
import shapely
import shapely.geometry
from ezdxf.entities.lwpolyline import LWPolyline
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from pycocotools.coco import COCO

from resunet_core.box import Box
from resunet_core.errors import CaihuaError, WrongUsage
from resunet_core.exchange import mask_export
from resunet_core.exchange.export import FORMATS, export
from resunet_core.exchange.options import ExportOptions, ExportOutcome
from resunet_core.exchange.sources import PhotoSource, project_sources
from resunet_core.formats.labelme_check import validate_labelme
from resunet_core.formats.mask_files import read_mask
from resunet_core.progress import Progress, run_to_end
from resunet_core.project.checked import set_checked
from resunet_core.project.records import Who
from resunet_core.project.store import Project
from resunet_core.training.examples import read_data_folder
from tests.labelme_contract import painted, problems

Ids = NDArray[np.uint8]
NAMES = ("东间", "west")
LI = Who("person", "Li")


def mask_of(source: PhotoSource) -> Ids:
    return source.load_mask().read(Box.of(source.height, source.width))


def _exported(
    sources: Sequence[PhotoSource],
    name: str,
    folder: Path,
    *,
    tolerance_px: float | None = None,
) -> ExportOutcome:
    options = ExportOptions(tolerance_px)
    outcome = run_to_end(export(sources, name, folder, options))
    assert outcome.failed == ()
    assert outcome.written == NAMES[: len(sources)]
    return outcome


def _json(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_bytes())
    return document


def test_labelme_keeps_each_pixel_and_says_whose_it_is(
    sources: list[PhotoSource], tmp_path: Path
) -> None:
    outcome = _exported(sources, "labelme", tmp_path / "out")
    for source in sources:
        document = _json(tmp_path / "out" / f"{source.name}.json")
        assert validate_labelme(document) == problems(document, 96, 128) == []
        labels = painted(document)
        ids = (labels == "craquelure") + 2 * (labels == "paint_loss").astype(np.uint8)
        np.testing.assert_array_equal(ids, mask_of(source))
        origins = {shape["caihua"]["origin"] for shape in document["shapes"]}
        assert origins == {"model", "person"}
    known = _json(tmp_path / "out" / "东间.json")["caihua"]
    assert known["mm_per_px"] == 0.5
    assert known["model"]["name"] == "m"
    # EXIF turns the other photo: LabelMe gets a copy that lies as the labels do.
    turned = _json(tmp_path / "out" / "west.json")
    assert turned["imagePath"] == "west.proxy.jpg"
    assert any("west.proxy.jpg is a copy" in note for note in outcome.notes)
    with Image.open(tmp_path / "out" / "west.proxy.jpg") as picture:
        assert (picture.size, picture.mode) == ((128, 96), "RGB")
        assert not picture.getexif()


def test_labelme_polygons_say_their_tolerance(
    sources: list[PhotoSource], tmp_path: Path
) -> None:
    _exported(sources, "labelme-polygons", tmp_path / "out", tolerance_px=0)
    document = _json(tmp_path / "out" / "东间.json")
    assert validate_labelme(document) == []
    assert document["caihua"]["tolerance_px"] == 0
    assert {shape["shape_type"] for shape in document["shapes"]} == {"polygon"}
    assert "_background_" in {shape["label"] for shape in document["shapes"]}


def test_what_labelme_added_is_there_after_the_next_export(
    sources: list[PhotoSource], tmp_path: Path
) -> None:
    _exported(sources, "labelme", tmp_path / "out")
    path = tmp_path / "out" / "东间.json"
    document = _json(path)
    document |= {"flags": {"reviewed": True}, "survey": [1]}
    document["shapes"][0] |= {"description": "flaking", "score": 0.5}
    path.write_text(json.dumps(document), encoding="utf-8")
    _exported(sources, "labelme", tmp_path / "out")
    again = _json(path)
    assert again["flags"] == {"reviewed": True}
    assert again["survey"] == [1]
    assert again["shapes"][0] == document["shapes"][0]
    assert again["shapes"][1:] == document["shapes"][1:]


def test_masks_are_indexed_png_or_for_large_photos_tiled_bigtiff(
    sources: list[PhotoSource], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _exported(sources, "mask", tmp_path / "png")
    monkeypatch.setattr(mask_export, "LARGE_PX", 100)
    _exported(sources, "mask", tmp_path / "tif")
    for source in sources:
        with Image.open(tmp_path / "png" / f"{source.name}.mask.png") as picture:
            assert picture.mode == "P"
            np.testing.assert_array_equal(np.array(picture), mask_of(source))
        path = tmp_path / "tif" / f"{source.name}.mask.tif"
        assert path.read_bytes()[:4] == b"II+\0"  # BigTIFF
        with Image.open(path) as picture:
            np.testing.assert_array_equal(np.array(picture), mask_of(source))
        np.testing.assert_array_equal(read_mask(path, (96, 128)), mask_of(source))


def test_a_data_folder_holds_what_is_checked_and_ignores_the_rest(
    project: Project, tmp_path: Path
) -> None:
    with pytest.raises(CaihuaError, match="No part of these photos is checked"):
        run_to_end(export(project_sources(project), "dataset", tmp_path / "out"))
    assert not (tmp_path / "out").exists()
    record = project.photos()[1]
    set_checked(project, record.id, Box(0, 0, 1, 1), who=LI)
    outcome = run_to_end(export(project_sources(project), "dataset", tmp_path / "out"))
    assert outcome.written == ("west",)
    assert "1 photos have no checked part and are left out." in outcome.notes
    (example,) = read_data_folder(tmp_path / "out")
    pixels, ids = example.load()
    assert pixels.shape == (96, 128, 3)
    np.testing.assert_array_equal(ids, mask_of(project_sources(project)[1]))
    (entry,) = _json(tmp_path / "out" / "provenance.json")["photos"]
    assert entry["photo_sha256"] == record.sha256
    assert entry["checked_px"] == 96 * 128
    assert entry["model"] == {"name": "m", "sha256": "0" * 64}


def test_unchecked_pixels_are_255(sources: list[PhotoSource]) -> None:
    mask = mask_export.CheckedMask(sources[0].load_mask(), [Box(0, 0, 40, 128)])
    ids = mask.read(Box(30, 0, 96, 128))
    np.testing.assert_array_equal(ids[:10], mask_of(sources[0])[30:40])
    assert (ids[10:] == 255).all()


def test_coco_is_read_by_its_own_tools(
    sources: list[PhotoSource], tmp_path: Path
) -> None:
    _exported(sources, "coco", tmp_path / "out")
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # theirs, about numpy
        coco = COCO(str(tmp_path / "out" / "annotations.json"))
        assert [c["name"] for c in coco.loadCats(coco.getCatIds())] == [
            "craquelure",
            "paint_loss",
        ]
        for source, image_id in zip(sources, coco.getImgIds(), strict=True):
            ids = np.zeros((96, 128), np.uint8)
            for annotation in coco.loadAnns(coco.getAnnIds(imgIds=image_id)):
                pixels = coco.annToMask(annotation) > 0
                assert pixels.sum() == annotation["area"]
                ids[pixels] = annotation["category_id"]
            np.testing.assert_array_equal(ids, mask_of(source))
            (image,) = coco.loadImgs(image_id)
            assert (tmp_path / "out" / image["file_name"]).resolve() == source.path


def test_yolo_polygons_are_drawn_back(
    sources: list[PhotoSource], tmp_path: Path
) -> None:
    _exported(sources, "yolo-seg", tmp_path / "out", tolerance_px=0)
    assert "0: craquelure" in (tmp_path / "out" / "data.yaml").read_text()
    for source in sources:
        canvas = Image.new("L", (128, 96))
        path = tmp_path / "out" / "labels" / f"{source.name}.txt"
        for line in path.read_text().splitlines():
            class_id, *numbers = line.split()
            ring = (np.array(numbers, float).reshape(-1, 2) * (128, 96) - 0.5).tolist()
            ImageDraw.Draw(canvas).polygon([tuple(p) for p in ring], int(class_id) + 1)
        ours = mask_of(source)
        both = (np.array(canvas) == ours)[ours > 0].mean()
        assert both > 0.9
        assert list((tmp_path / "out" / "images").glob(f"{source.name}.*"))


def test_geojson_is_in_millimetres_and_upwards(
    sources: list[PhotoSource], tmp_path: Path
) -> None:
    outcome = _exported(sources, "geojson", tmp_path / "out", tolerance_px=0)
    document = _json(tmp_path / "out" / "东间.geojson")
    assert document["crs"] is None
    assert document["caihua"]["unit"] == "mm"
    mask = mask_of(sources[0])
    for class_id, key in ((1, "craquelure"), (2, "paint_loss")):
        own = [f for f in document["features"] if f["properties"]["class"] == key]
        shapes = [shapely.geometry.shape(f["geometry"]) for f in own]
        assert all(shape.is_valid for shape in shapes)
        area = (mask == class_id).sum() * 0.25
        assert sum(shape.area for shape in shapes) == pytest.approx(area)
        assert sum(f["properties"]["area_mm2"] for f in own) == pytest.approx(area)
        rows, columns = np.nonzero(mask == class_id)
        box = shapely.total_bounds(shapes)
        top, bottom = 96 - rows.min(), 96 - rows.max() - 1
        left, right = columns.min(), columns.max() + 1
        assert box.tolist() == [left / 2, bottom / 2, right / 2, top / 2]
    assert "west: has no scale, so that its outlines are in pixels" in outcome.notes


def test_a_world_file_is_kept(sources: list[PhotoSource], tmp_path: Path) -> None:
    world = sources[0].path.with_suffix(".pgw")
    world.write_text("0.001\n0\n0\n-0.001\n1000.0005\n1999.9995\n")
    _exported(sources[:1], "geojson", tmp_path / "out", tolerance_px=0)
    features = _json(tmp_path / "out" / "东间.geojson")["features"]
    shapes = [shapely.geometry.shape(f["geometry"]) for f in features]
    rows, columns = np.nonzero(mask_of(sources[0]))
    expected = [
        1000 + columns.min() / 1000,
        2000 - (rows.max() + 1) / 1000,
        1000 + (columns.max() + 1) / 1000,
        2000 - rows.min() / 1000,
    ]
    np.testing.assert_allclose(shapely.total_bounds(shapes), expected, atol=1e-9)


def test_a_drawing_has_a_layer_a_class_and_millimetres(
    sources: list[PhotoSource], tmp_path: Path
) -> None:
    _exported(sources, "dxf", tmp_path / "out", tolerance_px=0)
    drawing = ezdxf.filemanagement.readfile(tmp_path / "out" / "东间.dxf")
    assert not drawing.audit().has_errors
    assert drawing.units == ezdxf.units.MM
    assert ezdxf.filemanagement.readfile(tmp_path / "out" / "west.dxf").units == 0
    mask = mask_of(sources[0])
    for class_id, layer in ((1, "craquelure"), (2, "paint_loss")):
        assert layer in drawing.layers
        found = drawing.modelspace().query(f'LWPOLYLINE[layer=="{layer}"]')
        lines = [line for line in found if isinstance(line, LWPolyline)]
        rings = [shapely.Polygon(line.get_points("xy")) for line in lines]
        assert all(line.closed for line in lines)
        area = 0.0
        for ring in rings:  # holes are lines of their own
            inside = sum(other.contains(ring) for other in rings if other is not ring)
            area += ring.area if inside % 2 == 0 else -ring.area
        assert area == pytest.approx((mask == class_id).sum() * 0.25)


def test_annotations_are_of_the_w3c(sources: list[PhotoSource], tmp_path: Path) -> None:
    _exported(sources, "webannotation", tmp_path / "out", tolerance_px=0)
    page = _json(tmp_path / "out" / "东间.annotations.json")
    assert page["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert page["type"] == "AnnotationPage"
    assert sum(i["caihua"]["area_px"] for i in page["items"]) == np.count_nonzero(
        mask_of(sources[0])
    )
    for item in page["items"]:
        assert item["type"] == "Annotation"
        assert item["target"]["selector"]["type"] == "SvgSelector"
        assert item["target"]["selector"]["value"].startswith("<svg")
        path = (tmp_path / "out" / item["target"]["source"]).resolve()
        assert path == sources[0].path


@pytest.mark.parametrize("name", FORMATS)
def test_an_export_that_is_stopped_leaves_nothing(
    project: Project, tmp_path: Path, name: str
) -> None:
    for record in project.photos():
        set_checked(project, record.id, Box(0, 0, 1, 1), who=LI)
    steps = export(project_sources(project), name, tmp_path / "out")
    seen: list[Progress] = []
    for progress in steps:
        seen.append(progress)
        if progress.note and progress.fraction >= 0.5:
            break  # the second photo has begun
    assert seen
    steps.close()
    assert not (tmp_path / "out").exists()


def test_nothing_of_others_is_overwritten(
    sources: list[PhotoSource], tmp_path: Path
) -> None:
    for name, there in (("mask", "东间.mask.png"), ("labelme", "东间.json")):
        path = tmp_path / name / there
        path.parent.mkdir()
        path.write_text("{}")
        outcome = run_to_end(export(sources, name, tmp_path / name))
        assert outcome.written == ("west",)
        assert "not from" in outcome.failed[0].reason
        assert path.read_text() == "{}"
    # What an earlier export wrote is replaced.
    (tmp_path / "mask" / "东间.mask.png").unlink()
    _exported(sources, "mask", tmp_path / "mask")
    _exported(sources, "mask", tmp_path / "mask")
    with pytest.raises(WrongUsage, match="is a file"):
        run_to_end(export(sources, "mask", tmp_path / "mask" / "东间.mask.png"))
    with pytest.raises(WrongUsage, match="no format 'png'"):
        run_to_end(export(sources, "png", tmp_path / "new"))


def test_a_photo_that_changed_or_went_is_named(
    sources: list[PhotoSource], tmp_path: Path
) -> None:
    sources[0].path.unlink()
    sources[1].path.write_bytes(sources[1].path.read_bytes() + b"\0")
    outcome = run_to_end(export(sources, "labelme-tiles", tmp_path / "out"))
    assert outcome.written == ()
    gone, changed = outcome.failed
    assert "东间.png" in gone.reason
    assert "not the picture any more" in changed.reason
    _exported(sources, "coco", tmp_path / "coco")  # needs no pixels
