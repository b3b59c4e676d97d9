"""Export writes what the screen shows."""

import json
from pathlib import Path

import pytest

from app.actions.file import export
from app.dialogs.export import ExportWish
from app.session.view_state import ToolKind
from tests.builders import a_photo
from tests.e2e.conftest import Desk


def test_export_writes_labels_mask_and_tables(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.open(a_photo(tmp_path))
    desk.view.set_tool(ToolKind.BRUSH)
    desk.drag((20, 20), (60, 20))
    out = tmp_path / "out"
    wish = ExportWish(out, all_photos=False)
    monkeypatch.setattr("app.actions.file.ask_export", lambda *_: wish)
    export(desk.bench, desk.window)
    desk.wait(lambda: "1 photo exported" in desk.window.notices.text)
    label = json.loads((out / "photo.json").read_text("utf-8"))
    assert [shape["label"] for shape in label["shapes"]] == ["craquelure"]
    assert (out / "photo.mask.png").is_file()
    assert str(desk.pixels(1)) in (out / "regions.csv").read_text("utf-8-sig")
