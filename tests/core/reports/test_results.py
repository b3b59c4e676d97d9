"""What is written for a photo says one and the same: mask, labels, tables, report."""

import csv
import json
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from resunet_core.box import Box
from resunet_core.defects import DEFAULT_CLASSES
from resunet_core.imaging.photo import Photo
from resunet_core.mask.replace import replace_model_plane
from resunet_core.mask.stroke import Stroke
from resunet_core.mask.tiled import DefectMask
from resunet_core.reports.html import picture_base64, write_html
from resunet_core.reports.report import PhotoPage, Report
from resunet_core.reports.results import (
    PhotoToWrite,
    is_result,
    write_photo,
    write_summary,
)
from resunet_core.reports.run import FailedPhoto, ModelUse, Run
from tests.builders import a_mask, painted_pixels
from tests.labelme_contract import painted, problems

MODEL = ModelUse(
    "default",
    "resunet18_light",
    "ab" * 32,
    {"craquelure": 0.5, "paint_loss": 0.4},
    {"craquelure": 12, "paint_loss": 0},
)
HOSTILE = '<script>alert("x")</script>&井亭'


class _OneLevel:
    levels: tuple[tuple[int, int], ...] = ((96, 128),)

    def read(self, level: int, box: Box) -> np.ndarray:
        assert level == 0
        return painted_pixels()[box.slices]


def _job(
    tmp_path: Path, name: str = "东间", *, scale: float | None = None
) -> PhotoToWrite:
    """The model found a crack and a loss; a person drew and erased over it."""
    mask = DefectMask(96, 128)
    replace_model_plane(mask, [(0, 0, a_mask())], "Detect")
    for class_id, x, y in ((2, 100.0, 80.0), (1, 20.0, 13.0), (0, 40.0, 55.0)):
        stroke = Stroke(mask, class_id, 4, "Brush")
        stroke.extend(x, y)
        stroke.finish()
    photo = Photo(tmp_path / "photos" / f"{name}.png", 128, 96, "cd" * 32)
    return PhotoToWrite(photo, _OneLevel(), mask, name, "井亭", scale, MODEL)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("scale", [None, 0.25])
def test_all_files_agree_to_the_pixel(tmp_path: Path, scale: float | None) -> None:
    job = _job(tmp_path, scale=scale)
    measure, rows = write_photo(tmp_path, job)
    write_summary(tmp_path, [measure], rows)
    truth = job.mask.read(Box.of(96, 128))

    with Image.open(tmp_path / "东间.mask.png") as picture:
        np.testing.assert_array_equal(np.array(picture), truth)
    document = json.loads((tmp_path / "东间.json").read_bytes())
    assert problems(document, 96, 128) == []
    labels = painted(document)
    regions, (photo,) = _rows(tmp_path / "regions.csv"), _rows(tmp_path / "photos.csv")
    (building,) = _rows(tmp_path / "buildings.csv")
    for defect in DEFAULT_CLASSES:
        pixels = int((truth == defect.id).sum())
        own = [row for row in regions if row["class_key"] == defect.key]
        assert sum(int(row["area_px"]) for row in own) == pixels > 0
        assert (labels == defect.key).sum() == pixels
        for table in (photo, building):
            assert int(table[f"{defect.key}_area_px"]) == pixels
            assert int(table[f"{defect.key}_regions"]) == len(own)
            share = float(table[f"{defect.key}_pct"])
            assert share == pytest.approx(100 * pixels / truth.size)
        if scale is not None:
            area = float(photo[f"{defect.key}_area_mm2"])
            assert area == pytest.approx(pixels * scale**2)
            assert sum(float(row["area_mm2"]) for row in own) == pytest.approx(area)
    said = "".join(p.read_text(encoding="utf-8-sig") for p in tmp_path.glob("*.csv"))
    assert ("mm" in said) == (scale is not None)


def test_regions_say_where_they_come_from(tmp_path: Path) -> None:
    job = _job(tmp_path)
    measure, rows = write_photo(tmp_path, job)
    origins = {(row["class_key"], row["box_top_px"]): row["origin"] for row in rows}
    assert origins == {
        ("craquelure", 9): "edited",  # the model's, and a disc of the person's
        ("paint_loss", 48): "model",  # what is left around the erased
        ("paint_loss", 76): "person",
    }
    whole = Box.of(96, 128)
    assert measure.person_px == int(job.mask.read_origin(whole).sum())


def test_the_record_of_a_run(tmp_path: Path) -> None:
    measure, rows = write_photo(tmp_path, _job(tmp_path))
    write_summary(tmp_path, [measure], rows, _run())
    said = json.loads((tmp_path / "run.json").read_bytes())
    assert said["failed"][0]["path"] == HOSTILE
    assert said["model"]["sha256"] == MODEL.sha256
    assert {"device", "engine", "app_version", "started", "finished"} <= set(said)


def test_results_are_told_from_photos(tmp_path: Path) -> None:
    write_photo(tmp_path, _job(tmp_path))
    assert is_result(tmp_path / "东间.mask.png")
    assert is_result(tmp_path / "东间.overlay.jpg")
    (tmp_path / "gas.mask.png").write_bytes(b"")
    assert not is_result(tmp_path / "gas.mask.png")  # a photo of a gas mask
    assert not is_result(tmp_path / "东间.png")


def _run() -> Run:
    return Run(
        started="2026-05-12T10:00:00+08:00",
        finished="2026-05-12T10:05:00+08:00",
        device="CPU",
        engine="PyTorch",
        model=MODEL,
        failed=(FailedPhoto(HOSTILE, "It is empty.", "Copy it again."),),
    )


class _Page(HTMLParser):
    """The tags of a page, what they refer to, and its text without styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.references: list[str] = []
        self.text = ""
        self._inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._inside = tag
        wanted = {"src", "href", "srcset", "data", "action", "poster"}
        self.references += [value or "" for key, value in attrs if key in wanted]

    def handle_endtag(self, tag: str) -> None:
        del tag
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside != "style":
            self.text += data


def _report(tmp_path: Path, scale: float | None) -> tuple[str, _Page]:
    job = replace(_job(tmp_path, scale=scale), building=HOSTILE)
    measure, rows = write_photo(tmp_path, job)
    measure = replace(measure, name=HOSTILE, path=f"/{HOSTILE}.jpg")
    buildings = write_summary(tmp_path, [measure], rows)
    page = PhotoPage(measure, picture_base64(painted_pixels()))
    path = tmp_path / "report.html"
    write_html(path, Report(HOSTILE, _run(), buildings, (page,)))
    text = path.read_text(encoding="utf-8")
    return text, _Page(text)


def test_the_report_escapes_what_photos_are_called(tmp_path: Path) -> None:
    text, page = _report(tmp_path, None)
    assert "script" not in page.tags
    assert "<script" not in text
    assert page.text.count(HOSTILE) >= 5  # title, sentence, table, failed, photo


def test_the_report_is_one_file_that_asks_nobody(tmp_path: Path) -> None:
    text, page = _report(tmp_path, None)
    assert len(page.references) == 1
    assert page.references[0].startswith("data:image/jpeg;base64,")
    for outside in ("http://", "https://", "url(", "@import", "//fonts"):
        assert outside not in text
    assert not page.tags & {"link", "iframe", "object", "embed", "script", "base"}


def test_without_a_scale_the_report_has_no_millimetres(tmp_path: Path) -> None:
    _, page = _report(tmp_path, None)
    for unit in ("mm²", "cm²", "m²", "mm/px", "mm2"):
        assert unit not in page.text
    assert "No scale is set" in page.text


def test_with_a_scale_the_report_says_how_much(tmp_path: Path) -> None:
    _, page = _report(tmp_path, 0.25)
    assert "0.25 mm/px" in page.text
    assert "0.000768 m² assessed" in page.text  # 96 x 128 px of 0.25 mm
    assert "No scale is set" not in page.text
    assert "of the pixels; the rest is unchecked output of the model" in page.text
