"""Settings never keep the program from starting."""

from pathlib import Path

import pytest

from app.support.settings import Settings, load_settings, save_settings, with_recent


def test_settings_come_back_as_they_were_saved(tmp_path: Path) -> None:
    path = tmp_path / "深" / "settings.json"
    settings = Settings(theme="dark", recent=("/照片/a.jpg",), paint_loss_opacity=1.0)
    save_settings(settings, path)
    assert load_settings(path) == settings
    assert "brush" not in path.read_text("utf-8")  # only what differs


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"theme": 3, "brush_radius_px": true, "recent": [1], "x": 0}'],
)
def test_what_cannot_be_understood_takes_its_default(tmp_path: Path, text: str) -> None:
    path = tmp_path / "settings.json"
    path.write_text(text, "utf-8")
    assert load_settings(path) == Settings()


def test_recent_ones_are_few_and_each_once() -> None:
    recent: tuple[str, ...] = ()
    for number in (*range(12), 5):
        recent = with_recent(recent, Path(f"/p/{number}"))
    assert recent[:2] == (str(Path("/p/5")), str(Path("/p/11")))
    assert len(recent) == len(set(recent)) == 8
