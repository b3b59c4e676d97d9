"""The child process that learns: its events, a line of JSON each, as signals."""

import json
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal

KILL_AFTER_MS = 5000
_KEPT_LINES = 12
_SIGKILL = 9
_NO_MEMORY = ("out of memory", "memory is too small", "cannot allocate", "MemoryError")


class LearningProcess(QObject):
    """Starts the command, hears it, tells it to pause, go on or stop.

    `ended` comes exactly once for each start, whatever happened.
    """

    told = Signal(object)  # an event, a dict
    ended = Signal(bool, str)  # whether it ended well; else why, in words

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._complaints: deque[str] = deque(maxlen=_KEPT_LINES)
        self._error = ""

    @property
    def is_running(self) -> bool:
        """Whether there is a child."""
        return self._process is not None

    @property
    def pid(self) -> int:
        """Of the child; 0 without one."""
        return 0 if self._process is None else self._process.processId()

    def start(self, command: Sequence[str], log: Path) -> None:
        """Run the command; what it says besides events goes into `log`."""
        process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("PYTHONUTF8", "1")
        environment.insert("PYTHONUNBUFFERED", "1")
        process.setProcessEnvironment(environment)
        process.setStandardErrorFile(str(log))
        self._complaints.clear()
        self._error = ""
        self._log = log
        process.readyReadStandardOutput.connect(self._on_ready)
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_error)
        self._process = process
        process.start(command[0], list(command[1:]))

    def wish(self, word: str) -> None:
        """Tell it `pause`, `go` or `stop`."""
        if self._process is not None:
            self._process.write(f"{word}\n".encode())

    def kill(self) -> None:
        """End it now; what it had written stays."""
        if self._process is not None:
            self._process.kill()

    def leave(self) -> None:
        """Let it end, as the window closes: it keeps the best it had."""
        process = self._process
        if process is None:
            return
        process.finished.disconnect(self._on_finished)
        process.errorOccurred.disconnect(self._on_error)
        process.closeWriteChannel()
        if not process.waitForFinished(KILL_AFTER_MS):
            process.kill()
            process.waitForFinished(KILL_AFTER_MS)
        self._process = None

    def _on_ready(self) -> None:
        process = self._process
        while process is not None and process.canReadLine():
            line = bytes(process.readLine().data()).decode("utf-8", "replace")
            event = _event(line)
            if event is None:
                self._complaints.append(line.strip())
                continue
            if event["event"] == "error":
                self._error = f"{event.get('text', '')} {event.get('hint', '')}".strip()
            self.told.emit(event)

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._close(well=False, why=self.tr("The training could not be started."))

    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._on_ready()
        crashed = status == QProcess.ExitStatus.CrashExit
        well = code == 0 and not crashed
        self._close(well=well, why="" if well else self._why(code, crashed=crashed))

    def _close(self, *, well: bool, why: str) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.deleteLater()
            self.ended.emit(well, why)

    def _why(self, code: int, *, crashed: bool) -> str:
        if self._error:
            return self._error
        said = self._last_words()
        if any(sign.lower() in said.lower() for sign in _NO_MEMORY):
            return self.tr("The memory did not suffice.")
        if crashed and code == _SIGKILL:
            return self.tr(
                "The system ended the training; most often the memory did not suffice."
            )
        return self.tr("The training broke off ({0}).").format(
            said or self.tr("code {0}").format(code)
        )

    def _last_words(self) -> str:
        try:
            lines = self._log.read_text("utf-8", "replace").strip().splitlines()
        except OSError:
            lines = []
        return (lines[-1:] or [""])[0].strip()


def _event(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) and "event" in found else None
