"""Snapshots and the log, as a person asks for them."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from app.actions.file import has_photo
from app.actions.spec import ActionSpec, why_read_only
from app.actions.workbench import Workbench
from app.dialogs.snapshot import ask_snapshot
from app.support.translate import QT_TRANSLATE_NOOP
from resunet_core.project.audit import LogQuery


def has_snapshot(bench: Workbench) -> bool:
    """Whether a snapshot of the photo on the screen is chosen."""
    return has_photo(bench) and bench.recorder.snapshot is not None


def has_area(bench: Workbench) -> bool:
    """Whether an area is chosen on the photo, and a snapshot of it."""
    return has_snapshot(bench) and bench.context.view.area is not None


def is_comparing(bench: Workbench) -> bool:
    """Whether the difference to a snapshot is shown."""
    return bench.recorder.is_comparing


def take_snapshot(bench: Workbench, window: QWidget) -> None:
    """Ask for a name and keep the state under it."""
    opened = bench.context.session.opened
    if opened is None:
        return
    wish = ask_snapshot(window, opened.record.path.name)
    if wish is not None:
        bench.recorder.take(wish.name, all_photos=wish.all_photos)


def compare(bench: Workbench, _window: QWidget) -> None:
    """Show the difference to the chosen snapshot, or no longer."""
    if bench.recorder.is_comparing:
        bench.recorder.stop_comparing()
    else:
        bench.recorder.compare()


def bring_photo_back(bench: Workbench, _window: QWidget) -> None:
    """Bring the whole photo back to the chosen snapshot."""
    bench.recorder.bring_back(None)


def bring_area_back(bench: Workbench, _window: QWidget) -> None:
    """Bring the chosen area back to the chosen snapshot."""
    bench.recorder.bring_back(bench.context.view.area)


def forget_snapshot(bench: Workbench, window: QWidget) -> None:
    """Take the chosen snapshot away, if that is really meant."""
    snapshot, said = bench.recorder.snapshot, QCoreApplication.translate
    if snapshot is None:
        return
    answer = QMessageBox.question(
        window,
        said("Record", "Delete snapshot"),
        said(
            "Record", "Delete the snapshot {0}? This cannot be undone; masks stay."
        ).format(snapshot.name),
    )
    if answer == QMessageBox.StandardButton.Yes:
        bench.recorder.forget()


def write_log(bench: Workbench, window: QWidget, query: LogQuery | None = None) -> None:
    """Ask where to write the log, or what of it answers a query, and write it."""
    project, said = bench.context.session.project, QCoreApplication.translate
    if project is None:
        return
    name, _ = QFileDialog.getSaveFileName(
        window,
        said("Record", "Write the history"),
        str(project.path.with_name(f"{project.path.stem} history.csv")),
        said("Record", "Tables ({0})").format("*.csv"),
    )
    if name:
        bench.recorder.write_log(Path(name), query or LogQuery())


SPECS = (
    ActionSpec(
        "take_snapshot",
        QT_TRANSLATE_NOOP("Actions", "&Take snapshot…"),
        take_snapshot,
        "camera",
        "Ctrl+T",
        QT_TRANSLATE_NOOP("Actions", "Keep the masks as they are now under a name."),
        has_photo,
        why_not=why_read_only,
    ),
    ActionSpec(
        "compare",
        QT_TRANSLATE_NOOP("Actions", "&Compare with snapshot"),
        compare,
        "git-diff",
        "Ctrl+Shift+T",
        QT_TRANSLATE_NOOP("Actions", "What is new, gone or of another class since."),
        has_snapshot,
        is_comparing,
    ),
    ActionSpec(
        "bring_photo_back",
        QT_TRANSLATE_NOOP("Actions", "Bring &photo back"),
        bring_photo_back,
        "clock-counter-clockwise",
        "",
        QT_TRANSLATE_NOOP("Actions", "The whole photo as in the chosen snapshot."),
        has_snapshot,
        why_not=why_read_only,
    ),
    ActionSpec(
        "bring_area_back",
        QT_TRANSLATE_NOOP("Actions", "Bring &area back"),
        bring_area_back,
        "selection-background",
        "",
        QT_TRANSLATE_NOOP("Actions", "Drag an area with the Area tool first."),
        has_area,
        why_not=why_read_only,
    ),
    ActionSpec(
        "forget_snapshot",
        QT_TRANSLATE_NOOP("Actions", "&Delete snapshot…"),
        forget_snapshot,
        "trash",
        enabled_when=has_snapshot,
        why_not=why_read_only,
    ),
    ActionSpec(
        "write_log",
        QT_TRANSLATE_NOOP("Actions", "&Write history as CSV…"),
        write_log,
        "table",
        enabled_when=lambda bench: bench.context.session.project is not None,
    ),
)
