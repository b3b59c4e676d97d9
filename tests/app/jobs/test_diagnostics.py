"""The diagnostics help, and tell nothing of the person."""

import zipfile
from pathlib import Path

from app.jobs.diagnostics import Diagnostics, DiagnosticsWish, collect, write
from app.support.redact import redact
from app.support.settings import Settings

LOG = """\
2026-05-02 10:00:00 WARNING app.support.settings: The settings in \
{home}/.config/caihua/settings.json could not be read; defaults are used.
2026-05-02 10:01:00 INFO app.jobs.job: 太和殿 east 03.jpg failed
Traceback (most recent call last):
  File "{home}/venv/site-packages/app/jobs/job.py", line 48, in run
    value = next(steps)
ValueError: cannot read '{home}/survey 1/Li Wei/太和殿 east 03.jpg' of Li Wei
OSError: D:\\Photos of the palace\\north hall.tif is locked
smb: \\\\server\\share\\hall.nef and /mnt/usb stick/dragon 7.CR3 too
"""


def _wish(home: Path) -> DiagnosticsWish:
    log = home / "caihua.log"
    log.write_text(LOG.format(home=home), "utf-8")
    settings = Settings(
        recent=(str(home / "survey 1"),), model="palace", cache_folder=str(home)
    )
    names = ("Li Wei", "太和殿 east 03", "太和殿 east 03.jpg", "太和殿")
    return DiagnosticsWish(settings, log, names, (f"It is in {home}/report.",))


def test_neither_home_nor_photo_nor_name_is_in_the_zip(
    own_home: Path, tmp_path: Path
) -> None:
    target = write(collect(_wish(own_home)), tmp_path / "out.zip")
    with zipfile.ZipFile(target) as packed:
        texts = {name: packed.read(name).decode() for name in packed.namelist()}
    whole = "\n".join(texts.values()).casefold()
    for private in (str(own_home), "li wei", "太和殿", "palace", "north hall"):
        assert private.casefold() not in whole
    for private in ("dragon", "server", "share", "survey 1", "usb stick"):
        assert private not in texts["log.txt"].casefold()
    assert not any(name.endswith((".jpg", ".png")) for name in texts)


def test_what_helps_is_still_there(own_home: Path) -> None:
    files = collect(_wish(own_home)).files
    log = files["log.txt"]
    assert "WARNING app.support.settings: The settings in" in log
    assert "File site-packages>app>jobs>job.py, line 48, in run" in log
    assert "ValueError: cannot read" in log
    assert "Caihua" in files["versions.txt"]
    assert "numpy" in files["versions.txt"]
    assert '"model": "one of her own"' in files["settings.json"]
    assert "PySide6" in files["doctor.txt"]


def test_one_name_stays_one_name() -> None:
    said = redact(
        "North Hall, then NORTH hall, then South Gate", ["North Hall", "South Gate"]
    )
    first, second, third = said.split(", then ")
    assert first == second != third


def test_what_is_shown_is_what_is_written(tmp_path: Path) -> None:
    target = write(Diagnostics({"a.txt": "one"}), tmp_path / "x.zip")
    with zipfile.ZipFile(target) as packed:
        assert packed.namelist() == ["a.txt"]
        assert packed.read("a.txt") == b"one\n"
