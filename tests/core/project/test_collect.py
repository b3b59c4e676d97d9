"""One file to hand on: photos and project, which finds them wherever it is."""

import zipfile
from pathlib import Path, PurePosixPath

import numpy as np
import pytest

from resunet_core.box import Box
from resunet_core.errors import CaihuaError, WrongUsage
from resunet_core.files import content_hash
from resunet_core.mask.fill import fill
from resunet_core.progress import run_to_end
from resunet_core.project.collect import collect
from resunet_core.project.records import Who
from resunet_core.project.relink import missing_photos
from resunet_core.project.store import Project

ANNA = Who("person", "安娜")


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_collected_project_opens_from_anywhere(tmp_path: Path) -> None:
    survey = tmp_path / "故宫"
    names = ["东/梁 01.jpg", "西/梁 01.JPG", "../elsewhere/梁 01.jpg", "CON.jpg"]
    project_path = survey / "项目" / "彩画 1.caihua"
    project_path.parent.mkdir(parents=True)
    with Project.open(project_path) as project:
        for name in names:
            file = survey / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(name.encode() * 99)
            sha256 = content_hash(file)
            photo = project.add_photo(file, sha256=sha256, width=600, height=600)
        mask = project.load_mask(photo.id)
        where = np.ones((40, 50), np.bool_)
        drawn = fill(mask, Box(1, 1, 41, 51), 2, where, "Stroke")
        assert drawn is not None
        project.commit(photo.id, drawn, who=ANNA)
        before = contents(tmp_path)
        target = tmp_path / "out" / "to send.zip"
        found = run_to_end(collect(project, target, who=ANNA))
        assert (found.photos, found.missing, found.changed) == (4, (), ())
        now = contents(tmp_path)
        assert {path: now[path] for path in before} == before  # only read
        assert now.keys() - before.keys() == {target}
        old_id = project.id

    with zipfile.ZipFile(target) as packed:
        for name in packed.namelist():
            assert ".." not in PurePosixPath(name).parts
            assert name.startswith("彩画 1/")
        packed.extractall(tmp_path / "another pc")
    with Project.open(tmp_path / "another pc" / "彩画 1" / "彩画 1.caihua") as copy:
        assert missing_photos(copy) == []
        assert [p.path.read_bytes() for p in copy.photos()] == [
            name.encode() * 99 for name in names
        ]
        assert not any(photo.outside for photo in copy.photos())
        assert [p.path.name for p in copy.photos()][3] == "_CON.jpg"
        assert copy.load_mask(4).counts()[2] == 2000
        assert copy.undo_name(4) == "Stroke"
        assert copy.log()[-1].who == ANNA
        assert copy.id != old_id


def test_what_is_missing_changed_or_not_followed_is_said(tmp_path: Path) -> None:
    secret = tmp_path / "secret.jpg"
    secret.write_bytes(b"nobody's business")
    folder = tmp_path / "survey"
    folder.mkdir()
    with Project.open(folder / "a.caihua") as project:
        for name in ("gone.jpg", "changed.jpg", "hostile.jpg", "fine.jpg"):
            (folder / name).write_bytes(name.encode())
            sha256 = content_hash(folder / name)
            project.add_photo(folder / name, sha256=sha256, width=4, height=3)
        (folder / "gone.jpg").unlink()
        (folder / "hostile.jpg").unlink()
        (folder / "changed.jpg").write_bytes(b"another")
        project._database.execute(
            "UPDATE photos SET path = '../secret.jpg' WHERE id = 3"
        )
        found = run_to_end(collect(project, tmp_path / "a.zip"))
    assert [photo.id for photo in found.missing] == [1, 3]
    assert [photo.id for photo in found.changed] == [2]
    assert found.photos == 2
    with zipfile.ZipFile(found.path) as packed:
        assert all(b"business" not in packed.read(n) for n in packed.namelist())


def test_stopped_on_the_way_it_leaves_nothing(project: Project, tmp_path: Path) -> None:
    path = project.path.with_name("a.jpg")
    path.write_bytes(bytes(9_000_000))
    project.add_photo(path, sha256="1", width=4, height=3)
    folder = tmp_path / "out"
    steps = collect(project, folder / "a.zip")
    for _ in range(4):
        next(steps)
    steps.close()
    assert list(folder.iterdir()) == []
    with pytest.raises(WrongUsage, match="no zip"):
        next(collect(project, path))
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(CaihuaError, match="could not be"):
        run_to_end(collect(project, tmp_path / "file" / "a.zip"))
