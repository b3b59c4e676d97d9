"""What helps somebody elsewhere to mend the program, without anything private."""

import importlib.metadata
import json
import locale
import os
import platform
import sys
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from app.support.redact import redact
from app.support.settings import Settings
from resunet_core import __version__
from resunet_core.cli.doctor import findings
from resunet_core.files import replacing
from resunet_core.model.model_file import DEFAULT_MODEL

LOG_LINES = 400
_PRIVATE = ("recent", "window_geometry", "window_state", "cache_folder")
_COMPUTER = ("NUMBER_OF_PROCESSORS", "PROCESSOR_IDENTIFIER", "QT_QPA_PLATFORM", "LANG")


@dataclass(frozen=True)
class Diagnostics:
    """The files of the zip, by name; all of them are text."""

    files: Mapping[str, str]


@dataclass(frozen=True)
class DiagnosticsWish:
    """What to look at.

    Attributes:
        settings: In force.
        log: The file that the program writes to.
        private: What must not appear.
        notices: What was said since the program was started, oldest first.
    """

    settings: Settings
    log: Path
    private: tuple[str, ...]
    notices: tuple[str, ...] = ()


def collect(wish: DiagnosticsWish) -> Diagnostics:
    """Look at this computer and at what the program wrote; to be called on a worker."""
    raw = {
        "doctor.txt": "\n".join(_doctor()),
        "versions.txt": "\n".join(_versions()),
        "settings.json": _settings(wish.settings),
        "notices.txt": "\n".join(wish.notices),
        "log.txt": "\n".join(_last_lines(wish.log)),
    }
    private = [*wish.private, str(Path.home())]
    return Diagnostics({name: redact(text, private) for name, text in raw.items()})


def write(diagnostics: Diagnostics, target: Path) -> Path:
    """Write the zip, whole or not at all.

    Raises:
        CaihuaError: It cannot be written there, as `replacing` says.
    """
    with replacing(target) as beside, zipfile.ZipFile(beside, "w") as packed:
        for name, text in diagnostics.files.items():
            packed.writestr(name, text + "\n", zipfile.ZIP_DEFLATED)
    return target


def _doctor() -> Iterable[str]:
    for finding in findings():
        yield f"{'ok  ' if finding.fine else 'MEND'} {finding.what}"
        if finding.mend:
            yield f"     {finding.mend}"


def _versions() -> Iterable[str]:
    yield f"Caihua {__version__}"
    yield f"Python {platform.python_version()}, frozen: {hasattr(sys, '_MEIPASS')}"
    yield f"{platform.system()} {platform.release()} {platform.machine()}"
    yield f"{os.cpu_count()} processors, {locale.getpreferredencoding()}"
    for name in _COMPUTER:
        if name in os.environ:
            yield f"{name}={os.environ[name]}"
    yield ""
    found = {one.name: one.version for one in importlib.metadata.distributions()}
    for name in sorted(found, key=str.casefold):
        yield f"{name} {found[name]}"


def _settings(settings: Settings) -> str:
    """The settings but for those that hold paths; of models only the one we ship."""
    shown = {
        name: value for name, value in asdict(settings).items() if name not in _PRIVATE
    }
    if shown["model"] not in ("", DEFAULT_MODEL):
        shown["model"] = "one of her own"
    return json.dumps(shown, indent=2)


def _last_lines(log: Path) -> Sequence[str]:
    try:
        lines = log.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return ["There is no log yet."]
    return lines[-LOG_LINES:]
