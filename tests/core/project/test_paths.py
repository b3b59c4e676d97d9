"""Projects that move, with their photos or without."""

import os
import shutil
from pathlib import Path

import pytest

from resunet_core.errors import BadProject
from resunet_core.project.paths import from_stored, to_stored
from resunet_core.project.store import Project


def test_a_moved_folder_finds_its_photos(tmp_path: Path) -> None:
    survey = tmp_path / "故宫 2024"
    for name in ("照片 一/梁 01.jpg", "项目/近 处.jpg"):
        (survey / name).parent.mkdir(parents=True, exist_ok=True)
        (survey / name).write_bytes(name.encode())
    project_path = survey / "项目" / "彩画.caihua"
    with Project.open(project_path) as project:
        for number, name in enumerate(("照片 一/梁 01.jpg", "项目/近 处.jpg")):
            project.add_photo(survey / name, sha256=str(number), width=4, height=3)
        stored = project._database.execute("SELECT path FROM photos").fetchall()
        assert stored == [("../照片 一/梁 01.jpg",), ("近 处.jpg",)]
    moved = tmp_path / "elsewhere" / "新 硬盘"
    moved.parent.mkdir()
    shutil.move(survey, moved)
    with Project.open(moved / "项目" / "彩画.caihua") as project:
        paths = [photo.path for photo in project.photos()]
        assert [path.read_bytes().decode() for path in paths] == [
            "照片 一/梁 01.jpg",
            "项目/近 处.jpg",
        ]
        again = project.add_photo(paths[0], sha256="0", width=4, height=3)
        assert again == project.photos()[0]


def test_a_project_opened_by_a_relative_path_stores_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with Project.open(Path("a.caihua")) as project:
        photo = project.add_photo(Path("b/c.jpg"), sha256="0", width=4, height=3)
        assert photo.path == tmp_path / "b" / "c.jpg"
        assert project.log()[0].what == "b/c.jpg"


def test_paths_of_other_systems_stay_as_they_are(tmp_path: Path) -> None:
    assert from_stored("D:/照片/a.jpg", tmp_path) == Path("D:/照片/a.jpg")
    assert from_stored("//server/share/a.jpg", tmp_path) == Path("//server/share/a.jpg")


@pytest.mark.skipif(os.name == "nt", reason="names are always text on Windows")
def test_far_photos_are_absolute_and_names_that_are_no_text_refused() -> None:
    assert to_stored(Path("/mnt/usb/a.jpg"), Path("/home/anna")) == "/mnt/usb/a.jpg"
    with pytest.raises(BadProject, match="not valid text"):
        to_stored(Path(os.fsdecode(b"/home/anna/\xff.jpg")), Path("/home/anna"))
