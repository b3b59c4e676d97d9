"""Photos that moved are found; paths that lead out are not followed unasked."""

import os
import shutil
from pathlib import Path

import pytest

from resunet_core.cache import cache_dir
from resunet_core.errors import BadProject, WrongUsage
from resunet_core.files import content_hash
from resunet_core.progress import run_to_end
from resunet_core.project.relink import allow_outside, missing_photos, relink
from resunet_core.project.store import Project

HOSTILE = [
    "../secret.jpg",
    "../../etc/passwd",
    "a/../../secret.jpg",
    "..\\..\\secret.jpg",
    "/etc/passwd",
    "C:/Users/anna/secret.jpg",
    "C:secret.jpg",
    "\\\\server\\share\\secret.jpg",
    "//server/share/secret.jpg",
    "\\secret.jpg",
    "link/secret.jpg",
    "link.jpg",
    "a\0.jpg",
]


def survey(folder: Path, names: list[str]) -> Path:
    """A project with a file of its own content for each name."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "项目.caihua"
    with Project.open(path) as project:
        for name in names:
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(name.encode() * 50)
            sha256 = content_hash(file)
            project.add_photo(file, sha256=sha256, width=4, height=3)
    return path


def test_a_folder_of_moved_photos_is_found_in_one_step(tmp_path: Path) -> None:
    names = ["东/梁 01.jpg", "东/梁 02.jpg", "西/梁 01.jpg", "西/gone.jpg"]
    path = survey(tmp_path / "故宫", names)
    there = tmp_path / "新 硬盘" / "a"
    there.mkdir(parents=True)
    for number, name in enumerate(names[:3]):
        shutil.move(path.parent / name, there / f"renamed {number}.jpg")
    (path.parent / "西/gone.jpg").unlink()
    (there / "gone.jpg").write_bytes(b"another photo of this name")
    (there / "same size.jpg").write_bytes(b"x" * len(names[0].encode() * 50))
    with Project.open(path) as project:
        assert [photo.id for photo in missing_photos(project)] == [1, 2, 3, 4]
        found = run_to_end(relink(project, tmp_path / "新 硬盘"))
        assert [photo.id for photo in found.found] == [1, 2, 3]
        assert [photo.id for photo in found.missing] == [4]
        assert found.changed == (there / "gone.jpg",)
        assert [p.path.read_bytes() for p in found.found] == [
            name.encode() * 50 for name in names[:3]
        ]
        assert [entry.action for entry in project.log(1)] == ["add", "relink"]
        with pytest.raises(WrongUsage, match="no folder"):
            run_to_end(relink(project, tmp_path / "没有"))
    with Project.open(path) as project:  # remembered, though it leads out
        assert [photo.id for photo in missing_photos(project)] == [4]


def test_photos_without_a_known_size_are_found_too(tmp_path: Path) -> None:
    path = survey(tmp_path / "a", ["1.jpg", "2.jpg"])
    (tmp_path / "b").mkdir()
    shutil.move(tmp_path / "a" / "1.jpg", tmp_path / "b" / "renamed.JPG")
    shutil.move(tmp_path / "a" / "2.jpg", tmp_path / "b" / "2.jpg")
    with Project.open(path) as project:
        project._database.execute("UPDATE photos SET size_bytes = NULL")
        found = run_to_end(relink(project, tmp_path))
        assert len(found.found) == 2
        assert all(photo.size_bytes for photo in found.found)


def test_a_search_that_is_stopped_changes_nothing(tmp_path: Path) -> None:
    path = survey(tmp_path / "a", ["1.jpg", "2.jpg"])
    (tmp_path / "a").joinpath("1.jpg").rename(tmp_path / "x.jpg")
    with Project.open(path) as project:
        steps = relink(project, tmp_path)
        next(steps)
        next(steps)
        steps.close()
        assert [photo.id for photo in missing_photos(project)] == [1]
        assert len(project.log()) == 2


@pytest.mark.parametrize("stored", HOSTILE)
def test_a_path_that_leads_out_is_not_followed(tmp_path: Path, stored: str) -> None:
    folder = tmp_path / "got by mail"
    path = survey(folder, ["a.jpg"])
    secret = tmp_path / "secret.jpg"
    secret.write_bytes(b"nobody's business")
    if os.name != "nt":
        (folder / "link").symlink_to(tmp_path)
        (folder / "link.jpg").symlink_to(secret)
    with Project.open(path) as project:
        project._database.execute("UPDATE photos SET path = ?", (stored,))
    with Project.open(path) as project:
        (photo,) = project.photos()
        assert photo.outside == stored
        assert photo.path.parent == folder
        assert photo.path.name not in {"", ".", ".."}
        assert project.photo(photo.id).outside == stored
        assert missing_photos(project) == [photo]
        (notice,) = project.notices
        assert "1 photo lies outside" in notice.message


def test_a_person_may_allow_what_leads_out(tmp_path: Path) -> None:
    folder = tmp_path / "got by mail"
    path = survey(folder, ["a.jpg"])
    other = tmp_path / "other.jpg"
    other.write_bytes(b"hers")
    with Project.open(path) as project:
        project._database.execute("UPDATE photos SET path = '../other.jpg'")
        (before,) = allow_outside(project)
        assert before.outside == "../other.jpg"
    with Project.open(path) as project:
        (photo,) = project.photos()
        assert (photo.path, photo.outside) == (other, "")
    for known in cache_dir("allowed").iterdir():
        known.write_text('{"not": "a list"}', encoding="utf-8")
    with Project.open(path) as project:  # asked again, as on another machine
        assert project.photos()[0].outside == "../other.jpg"
        # To open the photo there is to allow it.
        again = project.add_photo(other, sha256=before.sha256, width=4, height=3)
        assert (again.id, again.path, again.outside) == (before.id, other, "")


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_within_the_folder_is_followed(tmp_path: Path) -> None:
    folder = tmp_path / "survey"
    path = survey(folder, ["照片/a.jpg"])
    (folder / "b.jpg").symlink_to(folder / "照片" / "a.jpg")
    with Project.open(path) as project:
        project._database.execute("UPDATE photos SET path = 'b.jpg'")
        (photo,) = project.photos()
        assert (photo.path, photo.outside) == (folder / "b.jpg", "")


def test_a_read_only_project_is_not_relinked(tmp_path: Path) -> None:
    path = survey(tmp_path / "a", ["1.jpg"])
    (tmp_path / "a" / "1.jpg").rename(tmp_path / "1.jpg")
    path.chmod(0o444)
    try:
        with Project.open(path) as project, pytest.raises(BadProject, match="read"):
            run_to_end(relink(project, tmp_path))
    finally:
        path.chmod(0o644)
