"""Nothing is sent anywhere: with every way to a network guarded, nobody tries one."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from resunet_core.resources import resource
from tests.builders import a_photo

ROOT = Path(__file__).resolve().parents[2]
NETWORKING = ("QtNetwork", "QtWebSockets", "QtWebEngineCore")

GUARD = """
import json, os, socket, subprocess, sys
tried = []
here = getattr(socket, "AF_UNIX", None)
def guarded(name, kept):
    def call(*arguments, **named):
        of = arguments[0] if arguments else None
        if here is not None and getattr(of, "family", None) == here:
            return kept(*arguments, **named)  # a process of this computer
        tried.append(f"{name} {arguments[1:] if of is not None else arguments!r}")
        raise OSError("no network here")
    return call
class Socket(socket.socket):
    connect = guarded("connect", socket.socket.connect)
    connect_ex = guarded("connect_ex", socket.socket.connect_ex)
    sendto = guarded("sendto", socket.socket.sendto)
socket.socket = Socket
for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "create_connection"):
    setattr(socket, name, guarded(name, getattr(socket, name)))
def audit(event, arguments):  # also what was imported from socket or is written in C
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo"):
        of = arguments[0]
        if here is None or getattr(of, "family", None) != here:
            tried.append(event)
sys.addaudithook(audit)
"""
TELL = """
import json
loaded = [name for name in sys.modules if name.startswith("PySide6.Qt")]
print("TOLD " + json.dumps({"tried": tried, "loaded": loaded}))
"""
COMMANDS = """
from app.__main__ import main
photo, out = sys.argv[1:3]
project = out + "/survey.caihua"
assert main(["analyze", photo, "--out", out, "--project", project]) == 0
assert main(["report", project, "--out", out + "/report"]) == 0
"""
WINDOW = """
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication
from pathlib import Path
from app.jobs.tasks import make_tasks
from app.program import build
app = QApplication(["caihua", "-platform", "offscreen"])
window = build(app, make_tasks())
window.show()
bench = window.bench
def until(signal, begin):
    loop = QEventLoop()
    signal.connect(loop.quit)
    QTimer.singleShot(100_000, loop.quit)
    begin()
    loop.exec()
photo = Path(sys.argv[1])
until(bench.context.session.photo_shown, lambda: bench.opener.open_paths([photo]))
until(bench.detector.ended, bench.detector.detect_current)
assert bench.context.session.opened.detection is not None
diagnosed = []
from PySide6.QtCore import QObject, Signal
class Told(QObject):
    told = Signal()
told = Told()
def keep(found):
    diagnosed.append(found)
    told.told.emit()
until(told.told, lambda: bench.guide.diagnose(keep))
assert diagnosed
window.close()
"""
CONTROL = """
import urllib.request
try:
    urllib.request.urlopen("http://caihua.invalid/", timeout=1)
except OSError:
    pass
"""


def _run(body: str, *arguments: Path) -> dict[str, list[str]]:
    """What a process tried that cannot reach anything."""
    done = subprocess.run(
        [sys.executable, "-c", GUARD + body + TELL, *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = next(x for x in done.stdout.splitlines() if x.startswith("TOLD "))
    found: dict[str, list[str]] = json.loads(told.removeprefix("TOLD "))
    return found


def test_the_guard_notices_who_tries() -> None:
    assert _run(CONTROL)["tried"]


@pytest.mark.parametrize("body", [COMMANDS, WINDOW], ids=["commands", "window"])
def test_nobody_tries_to_reach_a_network(body: str, tmp_path: Path) -> None:
    assert resource("models", "default.safetensors").is_file()
    told = _run(body, a_photo(tmp_path / "photos"), tmp_path / "out")
    assert told["tried"] == []
    networks = {f"PySide6.{name}" for name in NETWORKING}
    assert not networks & set(told["loaded"])
