"""What holds for every test: its own home, no screen, nothing left behind."""

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # Qt must not load for tests of the core
    from PySide6.QtWidgets import QWidget

# Before anything makes an application: pytest-qt does so at the first `qtbot`.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"
WITHOUT_SHARED_DATA = f"needs the data folder {SHARED_DATA}, which is not here"
THREAD_GRACE_MS = 500
OWN_FOLDERS = {
    "HOME": "",
    "USERPROFILE": "",
    "APPDATA": "roaming",
    "LOCALAPPDATA": "local",
    "XDG_CACHE_HOME": "cache",
    "XDG_CONFIG_HOME": "config",
    "XDG_DATA_HOME": "data",
    "XDG_STATE_HOME": "state",
    "CAIHUA_CACHE": "caihua-cache",
    "CAIHUA_CONFIG": "caihua-config",
}

# The same examples at every run, and no limit of time: machines differ.
settings.register_profile("caihua", deadline=None, derandomize=True)
settings.load_profile("caihua")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what is marked `shared_data` where that folder is missing."""
    if item.get_closest_marker("shared_data") and not SHARED_DATA.is_dir():
        pytest.skip(WITHOUT_SHARED_DATA)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with real photos and masks beside the checkout."""
    if not SHARED_DATA.is_dir():
        pytest.skip(WITHOUT_SHARED_DATA)
    return SHARED_DATA


@pytest.fixture(autouse=True)
def own_home(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A home of its own for each test: caches, settings and logs."""
    home = tmp_path_factory.mktemp("home")
    for variable, folder in OWN_FOLDERS.items():
        path = home / folder
        path.mkdir(exist_ok=True)
        monkeypatch.setenv(variable, str(path))
    if "PySide6.QtCore" in sys.modules:
        _keep_qt_settings_in(home / "config")
    return home


def _keep_qt_settings_in(folder: Path) -> None:
    from PySide6.QtCore import QSettings  # noqa: PLC0415 - only where Qt is in use

    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    for kind in (QSettings.Format.IniFormat, QSettings.Format.NativeFormat):
        QSettings.setPath(kind, QSettings.Scope.UserScope, str(folder))


@pytest.fixture(autouse=True)
def torch_seeded() -> None:
    """The same random weights in each test; pytest-randomly sees to numpy."""
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(0)


@pytest.fixture(autouse=True)
def no_widgets_left(own_home: Path) -> Iterator[None]:
    """Fail where a window of the test outlives it."""
    del own_home  # only to be set up first
    before = _windows()
    yield
    left = [window for window in _windows() if window not in before]
    if left:  # objects in cycles go only when collected
        del left
        gc.collect()
    left = [window for window in _windows() if window not in before]
    names = [f"{type(window).__name__} {window.objectName()!r}" for window in left]
    for window in left:
        window.close()
        window.deleteLater()
    assert not names, f"windows left open by this test: {', '.join(names)}"


def _windows() -> list["QWidget"]:
    """The windows there are now, after Qt has deleted what it was told to."""
    if "PySide6.QtWidgets" not in sys.modules:
        return []
    from PySide6.QtCore import QCoreApplication, QEvent  # noqa: PLC0415 - as above
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415 - as above

    if not isinstance(QApplication.instance(), QApplication):
        return []
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    hints = "QTipLabel"  # Qt's own tooltip window, which stays for the next one
    windows = QApplication.topLevelWidgets()
    return [one for one in windows if one.metaObject().className() != hints]


@pytest.fixture(autouse=True)
def no_threads_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail where a thread that the test started still runs after it."""
    if "PySide6.QtCore" not in sys.modules:
        yield
        return
    from PySide6.QtCore import QThread, QThreadPool  # noqa: PLC0415 - as above
    from shiboken6 import isValid  # noqa: PLC0415 - as above

    started: list[QThread] = []
    start = QThread.start

    def noted_start(thread: QThread, *arguments: QThread.Priority) -> None:
        started.append(thread)
        start(thread, *arguments)

    monkeypatch.setattr(QThread, "start", noted_start)
    yield
    running = [one for one in started if isValid(one) and one.isRunning()]
    left = [one for one in running if not one.wait(THREAD_GRACE_MS)]
    names = [f"{type(one).__name__} {one.objectName()!r}" for one in left]
    for thread in left:
        thread.requestInterruption()
        thread.quit()
        thread.wait(THREAD_GRACE_MS)
    assert not names, f"threads left running by this test: {', '.join(names)}"
    assert QThreadPool.globalInstance().waitForDone(THREAD_GRACE_MS), (
        "work left running in Qt's thread pool by this test"
    )
