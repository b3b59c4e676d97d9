"""Open, export, import, quit."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QDir
from PySide6.QtWidgets import QFileDialog, QWidget

from app.actions.spec import ActionSpec, why_read_only
from app.actions.workbench import Workbench
from app.dialogs.export import RESULTS, ExportSubject, ask_export
from app.jobs.export import ExportRequest
from app.jobs.labels import FormatRequest
from app.support.paths import PROJECT_SUFFIX
from app.support.translate import QT_TRANSLATE_NOOP
from resunet_core.imaging.photo import SUPPORTED_SUFFIXES


def has_photo(bench: Workbench) -> bool:
    """Whether a photo is on the screen."""
    return bench.context.session.opened is not None


def has_list(bench: Workbench) -> bool:
    """Whether photos are listed."""
    return bool(bench.context.session.entries)


def open_photos(bench: Workbench, window: QWidget) -> None:
    """Ask for photos and open them."""
    patterns = " ".join(f"*{suffix}" for suffix in sorted(SUPPORTED_SUFFIXES))
    upper = patterns.upper()
    names, _ = QFileDialog.getOpenFileNames(
        window,
        QCoreApplication.translate("Open", "Open photos"),
        _start_folder(bench),
        QCoreApplication.translate("Open", "Photos ({0});;All files (*)").format(
            f"{patterns} {upper}"
        ),
    )
    bench.opener.open_paths([Path(name) for name in names])


def open_folder(bench: Workbench, window: QWidget) -> None:
    """Ask for a folder and open all its photos."""
    name = QFileDialog.getExistingDirectory(
        window,
        QCoreApplication.translate("Open", "Open a folder of photos"),
        _start_folder(bench),
    )
    if name:
        bench.opener.open_paths([Path(name)])


def open_project(bench: Workbench, window: QWidget) -> None:
    """Ask for a project and open it."""
    name, _ = QFileDialog.getOpenFileName(
        window,
        QCoreApplication.translate("Open", "Open a project"),
        _start_folder(bench),
        QCoreApplication.translate("Open", "Caihua projects ({0})").format(
            f"*{PROJECT_SUFFIX}"
        ),
    )
    if name:
        bench.opener.open_paths([Path(name)])


def export(bench: Workbench, window: QWidget) -> None:
    """Ask what to export, in which format and where to, then do it."""
    session, survey = bench.context.session, bench.context.survey
    opened, project = session.opened, session.project
    if project is None:
        return
    session.flush()
    everything = tuple(project.photos())
    paths = set(survey.selection)
    chosen = tuple(record for record in everything if record.path in paths)
    shown = opened.record if opened is not None else None
    subject = ExportSubject(
        None if shown is None else shown.path,
        len(chosen),
        len(everything),
        sum(record.mm_per_px is None for record in everything),
        project.path.parent,
        bench.context.tasks.formats(),
        bench.context.view.area if shown is not None else None,
    )
    wish = ask_export(window, subject)
    if wish is None:
        return
    one = () if shown is None else (shown,)
    photos = everything if wish.all_photos else chosen if wish.chosen_photos else one
    if wish.format == RESULTS:
        bench.exporter.export(ExportRequest(wish.folder, photos))
    else:
        bench.exporter.export_as(
            FormatRequest(
                wish.format,
                wish.folder,
                frozenset(record.id for record in photos),
                wish.tolerance_px,
                wish.mm_per_px,
                wish.tile_px,
                wish.part,
            )
        )


def import_files(bench: Workbench, window: QWidget) -> None:
    """Ask for label files or masks, and bring them in."""
    names, _ = QFileDialog.getOpenFileNames(
        window,
        QCoreApplication.translate("Import", "Labels or masks to import"),
        _start_folder(bench),
        QCoreApplication.translate("Import", "Labels and masks ({0})").format(
            "*.json *.xml *.png *.tif *.tiff"
        ),
    )
    bench.importer.look([Path(name) for name in names])


def import_folder(bench: Workbench, window: QWidget) -> None:
    """Ask for a folder of labels or masks, and bring them in."""
    name = QFileDialog.getExistingDirectory(
        window,
        QCoreApplication.translate("Import", "Folder of labels or masks to import"),
        _start_folder(bench),
    )
    if name:
        bench.importer.look([Path(name)])


def can_import(bench: Workbench) -> bool:
    """Whether there is a project, and no detection that wants the masks as well."""
    return bench.context.session.project is not None and not bench.detector.is_running


def has_project(bench: Workbench) -> bool:
    """Whether a project is open."""
    return bench.context.session.project is not None


def _start_folder(bench: Workbench) -> str:
    """Where a dialog begins: where the person opened something last."""
    for name in bench.context.preferences.settings.recent[:1]:
        path = Path(name)
        folder = path if path.is_dir() else path.parent
        if folder.is_dir():
            return str(folder)
    return QDir.homePath()


def recent_specs(bench: Workbench) -> list[ActionSpec]:
    """An action for each photo, folder or project that was opened lately."""
    return [
        ActionSpec(
            f"recent_{number}",
            name.replace("&", "&&"),
            partial(_open_recent, Path(name)),
        )
        for number, name in enumerate(bench.context.preferences.settings.recent)
    ]


def _open_recent(path: Path, bench: Workbench, _window: QWidget) -> None:
    bench.opener.open_paths([path])


def next_photo(bench: Workbench, _window: QWidget) -> None:
    """Go on in the list."""
    bench.opener.step(1)


def previous_photo(bench: Workbench, _window: QWidget) -> None:
    """Go back in the list."""
    bench.opener.step(-1)


def close_window(_bench: Workbench, window: QWidget) -> None:
    """End the program; everything is saved already."""
    window.close()


SPECS = (
    ActionSpec(
        "open_photos",
        QT_TRANSLATE_NOOP("Actions", "&Open photos…"),
        open_photos,
        "image",
        "Ctrl+O",
    ),
    ActionSpec(
        "open_folder",
        QT_TRANSLATE_NOOP("Actions", "Open &folder…"),
        open_folder,
        "folder-open",
        "Ctrl+Shift+O",
    ),
    ActionSpec(
        "open_project",
        QT_TRANSLATE_NOOP("Actions", "Open &project…"),
        open_project,
        "stack",
    ),
    ActionSpec(
        "export",
        QT_TRANSLATE_NOOP("Actions", "&Export…"),
        export,
        "export",
        "Ctrl+E",
        QT_TRANSLATE_NOOP("Actions", "Masks and labels for other programs, tables."),
        has_list,
    ),
    ActionSpec(
        "import_files",
        QT_TRANSLATE_NOOP("Actions", "&Import labels…"),
        import_files,
        "download-simple",
        "Ctrl+I",
        QT_TRANSLATE_NOOP("Actions", "LabelMe, COCO, CVAT, or masks as pictures."),
        can_import,
        why_not=why_read_only,
    ),
    ActionSpec(
        "import_folder",
        QT_TRANSLATE_NOOP("Actions", "Import labels of a fol&der…"),
        import_folder,
        "",
        "Ctrl+Shift+I",
        "",
        can_import,
        why_not=why_read_only,
    ),
    ActionSpec(
        "next_photo",
        QT_TRANSLATE_NOOP("Actions", "&Next photo"),
        next_photo,
        "caret-right",
        "Ctrl+PgDown",
        enabled_when=has_list,
    ),
    ActionSpec(
        "previous_photo",
        QT_TRANSLATE_NOOP("Actions", "&Previous photo"),
        previous_photo,
        "caret-left",
        "Ctrl+PgUp",
        enabled_when=has_list,
    ),
    ActionSpec(
        "quit",
        QT_TRANSLATE_NOOP("Actions", "&Quit"),
        close_window,
        "",
        "Ctrl+Q",
    ),
)
