"""Backups are made while work goes on, and never instead of good ones."""

import os
import threading
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from resunet_core.errors import DamagedProject
from resunet_core.mask.replace import replace_model_plane
from resunet_core.project import copying
from resunet_core.project.backups import (
    backup_folder,
    backups_of,
    keep_up,
    make_backup,
)
from resunet_core.project.records import PhotoRecord, Who
from resunet_core.project.store import Project

NOW = timedelta(0)
MODEL = Who("model", "resunet50", "cd" * 32)


def test_a_backup_is_made_when_one_is_due(project: Project, photo: PhotoRecord) -> None:
    assert keep_up(project) == ()
    (first,) = backups_of(project.path)
    assert first.photos == 1
    project.set_building(photo.id, "太和殿")
    assert keep_up(project) == ()
    assert backups_of(project.path) == (first,)  # not yet
    long_ago = first.at.timestamp() - 90_000
    os.utime(first.path, (long_ago, long_ago))
    keep_up(project)
    newest, oldest = backups_of(project.path)
    assert newest.last_change is not None
    assert newest.last_change.what == "太和殿"
    assert oldest.path == first.path
    keep_up(project, every=NOW)  # nothing has changed since
    assert len(backups_of(project.path)) == 2


def test_the_oldest_backups_go(project: Project, photo: PhotoRecord) -> None:
    for number in range(4):
        project.set_building(photo.id, str(number))
        keep_up(project, every=NOW, kept=3)
    changes = [b.last_change.what for b in backups_of(project.path) if b.last_change]
    assert changes == ["3", "2", "1"]


def test_a_backup_that_cannot_be_made_is_a_notice(
    project: Project, photo: PhotoRecord
) -> None:
    backup_folder(project.path).write_bytes(b"no folder")
    (notice,) = keep_up(project)
    assert "No backup" in notice.message
    assert notice.hint
    project.set_building(photo.id, "太和殿")


def test_a_damaged_page_pushes_no_backup_out(
    project: Project, photo: PhotoRecord
) -> None:
    make_backup(project)
    project.set_building(photo.id, "太和殿")
    # A row that breaks the table's own rule: what a bad disk does to a page.
    project._database.execute("PRAGMA ignore_check_constraints = ON")
    project._database.execute("UPDATE photos SET review = 'nonsense'")
    with pytest.raises(DamagedProject, match=r"damaged\. Older backups"):
        keep_up(project, every=NOW, kept=1)
    (kept,) = backups_of(project.path)
    assert kept.photos == photo.id == 1


def test_work_goes_on_while_a_backup_is_made(
    project: Project, photo: PhotoRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    mask = project.load_mask(photo.id)
    rng = np.random.default_rng(1)
    noise = (rng.random((512, 512)) < 0.3).astype(np.uint8)
    edit = replace_model_plane(mask, [(0, 0, noise)], "Detect")
    assert edit is not None
    project.commit(photo.id, edit, who=MODEL)
    monkeypatch.setattr(copying, "PAGES_AT_ONCE", 1)
    started, stop = threading.Event(), threading.Event()
    changes = 0

    def work() -> None:
        nonlocal changes
        while not stop.is_set():
            project.set_building(photo.id, str(changes + 1))
            changes += 1
            started.set()

    worker = threading.Thread(target=work)
    worker.start()
    started.wait()
    before = changes
    backup = make_backup(project)
    during = changes - before
    stop.set()
    worker.join()
    assert backup is not None
    assert during > 1
    with Project.open(backup) as copy:
        assert before <= int(copy.photo(photo.id).building) <= changes
        assert copy.load_mask(photo.id).counts() == mask.counts()


def test_closing_ends_a_backup(
    project_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = Project.open(project_path)
    monkeypatch.setattr(copying, "PAGES_AT_ONCE", 1)
    began, answers = threading.Event(), []
    wait = project._let_others_in

    def slowly(status: int, left: int, pages: int) -> None:
        began.set()
        project._closing.wait(10)
        wait(status, left, pages)

    monkeypatch.setattr(project, "_let_others_in", slowly)
    worker = threading.Thread(target=lambda: answers.append(make_backup(project)))
    worker.start()
    began.wait()
    project.close()
    worker.join()
    assert answers == [None]
    assert list(backup_folder(project_path).iterdir()) == []
