"""Where a project goes."""

from pathlib import Path

import pytest

from app.support.paths import project_path_for


def test_beside_the_photos_named_after_their_folder(tmp_path: Path) -> None:
    folder = tmp_path / "太和殿"
    folder.mkdir()
    assert project_path_for(folder) == folder / "太和殿.caihua"
    assert list(folder.iterdir()) == []  # looking leaves nothing behind


def test_two_read_only_folders_of_one_name_do_not_share_a_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.support.paths.can_write_in", lambda _folder: False)
    one, two = (project_path_for(tmp_path / side / "hall") for side in "ab")
    assert one != two
    assert one.parent == two.parent
