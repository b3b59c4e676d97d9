"""Places, notes and states of photos; missing ones; the survey in one file."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from app.actions.file import has_list, has_project
from app.actions.spec import ActionSpec, why_read_only
from app.actions.workbench import Workbench
from app.dialogs.note import ask_note
from app.dialogs.place import ask_place
from app.support.translate import QT_TRANSLATE_NOOP
from app.support.words import common_levels
from resunet_core.project.records import LEVELS, Place, ReviewState


def chosen(bench: Workbench) -> Sequence[Path]:
    """The photos that are chosen in the list, or else the one on the screen."""
    selection = bench.context.survey.selection
    opened = bench.context.session.opened
    if selection or opened is None:
        return selection
    return (opened.record.path,)


def has_chosen(bench: Workbench) -> bool:
    """Whether there is a photo to do something with."""
    return bool(chosen(bench))


def has_one(bench: Workbench) -> bool:
    """Whether exactly one photo is meant."""
    return len(chosen(bench)) == 1


def has_outside(bench: Workbench) -> bool:
    """Whether photos are not opened as they lie outside the project's folder."""
    return bool(bench.context.survey.outside)


def edit_place(bench: Workbench, window: QWidget) -> None:
    """Ask where the chosen photos were taken, and keep it."""
    paths, known = chosen(bench), bench.context.survey.photos
    places = [known[p].record.place if p in known else Place() for p in paths]
    everywhere = [photo.record.place.levels for photo in known.values()]
    names = {
        level: sorted({levels[n] for levels in everywhere} - {""})
        for n, level in enumerate(LEVELS)
    }
    levels = ask_place(window, common_levels(places), names, len(paths))
    if levels:
        bench.surveyor.set_place(paths, levels)


def edit_note(bench: Workbench, window: QWidget) -> None:
    """Ask what is to be noted on the chosen photo, and keep it."""
    (path,) = chosen(bench)
    found = bench.context.survey.photos.get(path)
    before = "" if found is None else found.record.note
    text = ask_note(window, path.name, before)
    if text is not None and text != before:
        bench.surveyor.set_note(path, text)


def find_missing(bench: Workbench, window: QWidget) -> None:
    """Ask for the folder the photos were moved to, and find them."""
    project = bench.context.session.project
    name = QFileDialog.getExistingDirectory(
        window,
        QCoreApplication.translate("Survey", "Folder to look for missing photos in"),
        str(project.path.parent) if project is not None else "",
    )
    if name:
        bench.surveyor.find_missing(Path(name))


def allow_outside(bench: Workbench, window: QWidget) -> None:
    """Ask whether photos outside the project's folder may be opened."""
    said = QCoreApplication.translate
    outside = bench.context.survey.outside
    places = "\n".join(record.outside for record in outside[:8])
    answer = QMessageBox.question(
        window,
        said("Survey", "Photos outside the folder"),
        said(
            "Survey",
            "Photos outside the project's folder: {0}\n\n{1}\n\nOpen them from now on? "
            "Do so if the project is from somebody you trust.",
        ).format(len(outside), places),
    )
    if answer == QMessageBox.StandardButton.Yes:
        bench.surveyor.allow_outside()


def collect(bench: Workbench, window: QWidget) -> None:
    """Ask for the file to write the survey to, and write it."""
    project = bench.context.session.project
    if project is None:
        return
    said = QCoreApplication.translate
    name, _ = QFileDialog.getSaveFileName(
        window,
        said("Survey", "Collect into one file"),
        str(project.path.with_suffix(".zip")),
        said("Survey", "Zip files ({0})").format("*.zip"),
    )
    if name:
        path = Path(name)
        zipped = path if path.suffix.lower() == ".zip" else Path(f"{name}.zip")
        bench.surveyor.collect(zipped)


def search(bench: Workbench, _window: QWidget) -> None:
    """Type what is looked for."""
    bench.context.view.search_requested.emit()


def _set_review(state: ReviewState, bench: Workbench, _window: QWidget) -> None:
    bench.surveyor.set_review(chosen(bench), state)


def _has_review(state: ReviewState, bench: Workbench) -> bool:
    known = bench.context.survey.photos
    states = {known[p].record.review if p in known else "draft" for p in chosen(bench)}
    return states == {state}


def _review(state: ReviewState, text: str, icon: str, keys: str) -> ActionSpec:
    return ActionSpec(
        f"review_{state}",
        text,
        partial(_set_review, state),
        icon,
        keys,
        enabled_when=has_chosen,
        checked_when=partial(_has_review, state),
        why_not=why_read_only,
    )


SPECS = (
    ActionSpec(
        "search_photos",
        QT_TRANSLATE_NOOP("Actions", "&Search photos"),
        search,
        "magnifying-glass",
        "Ctrl+F",
        enabled_when=has_list,
    ),
    ActionSpec(
        "edit_place",
        QT_TRANSLATE_NOOP("Actions", "&Place…"),
        edit_place,
        "map-pin",
        "Ctrl+L",
        QT_TRANSLATE_NOOP("Actions", "Where the chosen photos were taken."),
        has_chosen,
        why_not=why_read_only,
    ),
    ActionSpec(
        "edit_note",
        QT_TRANSLATE_NOOP("Actions", "&Note…"),
        edit_note,
        "note-pencil",
        "Ctrl+N",
        QT_TRANSLATE_NOOP("Actions", "What is to be remembered of this photo."),
        has_one,
        why_not=why_read_only,
    ),
    _review("draft", QT_TRANSLATE_NOOP("Actions", "&Draft"), "", "Ctrl+Alt+K"),
    _review("checked", QT_TRANSLATE_NOOP("Actions", "&Checked"), "", "Ctrl+K"),
    _review(
        "approved",
        QT_TRANSLATE_NOOP("Actions", "&Approved"),
        "",
        "Ctrl+Shift+K",
    ),
    ActionSpec(
        "find_missing",
        QT_TRANSLATE_NOOP("Actions", "Find &missing photos in folder…"),
        find_missing,
        "folder-open",
        "Ctrl+Shift+F",
        QT_TRANSLATE_NOOP("Actions", "By their content, whatever they are called."),
        has_project,
        why_not=why_read_only,
    ),
    ActionSpec(
        "allow_outside",
        QT_TRANSLATE_NOOP("Actions", "Allow photos out&side the folder…"),
        allow_outside,
        enabled_when=has_outside,
    ),
    ActionSpec(
        "collect",
        QT_TRANSLATE_NOOP("Actions", "&Collect into one zip…"),
        collect,
        "package",
        "Ctrl+Shift+E",
        QT_TRANSLATE_NOOP("Actions", "The project and all its photos, to hand on."),
        has_project,
    ),
)
