"""Labels out and in: any format, any photos; unknown labels are asked for."""

import json
from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QRadioButton, QSpinBox
from pytestqt.qtbot import QtBot

from app.actions.file import export
from app.dialogs.export import ExportDialog, ExportSubject, ExportWish
from app.dialogs.import_labels import ImportDialog
from app.jobs.exchange import formats
from app.jobs.labels import ImportRequest, LabelsFound
from app.session.view_state import ToolKind
from resunet_core.box import Box
from resunet_core.exchange.export import FORMATS
from tests.builders import a_photo
from tests.e2e.conftest import Desk

QUIET = pytest.mark.qt_log_ignore("This plugin does not support")


@QUIET
def test_the_export_dialog_offers_every_format_with_its_choices(
    qtbot: QtBot, tmp_path: Path
) -> None:
    subject = ExportSubject(tmp_path / "a.jpg", 3, 9, 2, tmp_path, formats())
    dialog = ExportDialog(subject)
    qtbot.addWidget(dialog)
    (format_,) = dialog.findChildren(QComboBox)
    (tile,) = dialog.findChildren(QSpinBox)
    offered = {format_.itemData(n) for n in range(format_.count())}
    assert offered >= {"", *FORMATS}
    assert dialog.wish == ExportWish(tmp_path / "caihua-export", chosen_photos=True)
    figures = {f.accessibleName(): f for f in dialog.findChildren(QDoubleSpinBox)}
    for name, chosen in FORMATS.items():
        format_.setCurrentIndex(format_.findData(name))
        assert figures["Tolerance"].isEnabled() is chosen.simplifies
        assert tile.isEnabled() is chosen.tiles
    format_.setCurrentIndex(format_.findData("geojson"))
    figures["Tolerance"].setValue(0)
    figures["Scale"].setValue(0.25)
    whole = next(r for r in dialog.findChildren(QRadioButton) if "Whole" in r.text())
    whole.setChecked(True)
    assert dialog.wish == ExportWish(
        tmp_path / "caihua-export",
        all_photos=True,
        format="geojson",
        tolerance_px=0,
        mm_per_px=0.25,
    )


@QUIET
def test_an_area_is_exported_by_formats_that_can_say_so(
    qtbot: QtBot, tmp_path: Path
) -> None:
    area = Box(10, 20, 40, 90)
    subject = ExportSubject(tmp_path / "a.jpg", 0, 9, 0, tmp_path, formats(), area)
    dialog = ExportDialog(subject)
    qtbot.addWidget(dialog)
    (format_,) = dialog.findChildren(QComboBox)
    (tile,) = dialog.findChildren(QSpinBox)
    part = next(r for r in dialog.findChildren(QRadioButton) if "area" in r.text())
    assert "70 by 30 px" in part.text()
    for name, chosen in FORMATS.items():
        format_.setCurrentIndex(format_.findData(name))
        assert part.isEnabled() is chosen.takes_part
    format_.setCurrentIndex(format_.findData("labelme-tiles"))
    part.setChecked(True)
    tile.setValue(512)
    assert dialog.wish == ExportWish(
        tmp_path / "caihua-export", format="labelme-tiles", tile_px=512, part=area
    )
    format_.setCurrentIndex(format_.findData("coco"))
    assert dialog.wish == ExportWish(tmp_path / "caihua-export", format="coco")


def test_the_chosen_area_of_the_photo_is_exported(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.open(a_photo(tmp_path))
    desk.view.set_tool(ToolKind.BRUSH)
    desk.drag((20, 20), (60, 20))
    desk.view.set_area(Box(0, 0, 48, 40))
    out = tmp_path / "out"

    def answer(_window: object, subject: ExportSubject) -> ExportWish:
        return ExportWish(out, format="labelme", part=subject.area)

    monkeypatch.setattr("app.actions.file.ask_export", answer)
    export(desk.bench, desk.window)
    desk.wait(lambda: "Only an area of 40 by 48 px" in desk.window.notices.text)
    (path,) = out.glob("*.part.json")
    document = json.loads(path.read_bytes())
    assert document["caihua"]["part"] == [0, 0, 48, 40]
    assert max(x for s in document["shapes"] for x, _ in s["points"]) == 39


def test_photos_chosen_in_the_list_are_exported_in_a_format(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        a_photo(tmp_path, f"{number}.png", seed=number)
    desk.open(tmp_path)
    desk.view.set_tool(ToolKind.BRUSH)
    desk.drag((20, 20), (60, 20))
    desk.bench.context.survey.select([tmp_path / "0.png", tmp_path / "2.png"])
    desk.bench.surveyor.set_review(desk.bench.context.survey.selection, "checked")
    project = desk.session.project
    assert project is not None
    desk.wait(lambda: len(project.photos()) == 2)
    desk.wait(lambda: not desk.bench.context.errands.is_running)
    out = tmp_path / "out"
    wish = ExportWish(out, chosen_photos=True, format="geojson", mm_per_px=0.5)
    monkeypatch.setattr("app.actions.file.ask_export", lambda *_: wish)
    desk.bench.context.survey.select([tmp_path / "0.png", tmp_path / "2.png"])
    export(desk.bench, desk.window)
    desk.wait(lambda: "2 photos exported" in desk.window.notices.text)
    outline = json.loads((out / "0.geojson").read_text("utf-8"))
    assert outline["caihua"]["unit"] == "mm"
    assert len(outline["features"]) == 1
    assert (out / "2.geojson").is_file()


def foreign_labels(folder: Path, photo: Path) -> Path:
    """A LabelMe file with a polygon of a label that only its author knows."""
    square = [[10, 10], [50, 10], [50, 40], [10, 40]]
    path = folder / "labels.json"
    document: dict[str, object] = {
        "version": "5.5.0",
        "flags": {},
        "shapes": [{"label": "Riss?", "points": square, "shape_type": "polygon"}],
        "imagePath": photo.name,
        "imageData": None,
        "imageHeight": 96,
        "imageWidth": 128,
    }
    path.write_text(json.dumps(document), "utf-8")
    return path


def test_unknown_labels_are_asked_for_and_an_import_is_one_step(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = a_photo(tmp_path)
    desk.open(photo)
    desk.view.set_tool(ToolKind.BRUSH)
    desk.drag((90, 80), (110, 80))
    drawn = desk.pixels(1)
    asked: list[LabelsFound] = []

    def answer(_window: object, found: LabelsFound) -> ImportRequest:
        asked.append(found)
        return ImportRequest(found.paths, {"Riss?": "craquelure"})

    monkeypatch.setattr("app.actions.importing.ask_import", answer)
    desk.bench.importer.look([foreign_labels(tmp_path, photo)])
    desk.wait(lambda: bool(asked))
    assert asked[0].unknown == ("Riss?",)
    desk.wait(lambda: "Labels of 1 photo" in desk.window.notices.text)
    desk.wait(lambda: desk.session.opened is not None and desk.pixels(1) > drawn)
    assert desk.class_at(30, 25) == 1
    assert desk.session.lock is None
    desk.key("undo")
    desk.wait(lambda: desk.pixels(1) == drawn)
    desk.key("undo")
    desk.wait(lambda: desk.pixels(1) == 0)


def test_nothing_is_drawn_while_labels_come_in(desk: Desk, tmp_path: Path) -> None:
    desk.open(a_photo(tmp_path))
    desk.session.hold(held=True)
    desk.view.set_tool(ToolKind.BRUSH)
    desk.drag((20, 20), (60, 20))
    assert desk.pixels(1) == 0
    assert "being imported" in desk.window.notices.text
    desk.session.hold(held=False)


@QUIET
def test_the_import_dialog_maps_each_unknown_label(qtbot: QtBot) -> None:
    found = LabelsFound((Path("labels"),), 4, ("Riss?", "Staub"))
    dialog = ImportDialog(found)
    qtbot.addWidget(dialog)
    boxes = {box.accessibleName(): box for box in dialog.findChildren(QComboBox)}
    risk = boxes["What Riss? means"]
    risk.setCurrentIndex(risk.findText("Paint loss"))
    assert dialog.request == ImportRequest(
        found.paths, {"Riss?": "paint_loss", "Staub": "ignore"}
    )
