"""The window: docks, menus and toolbar put together from tables; no behaviour."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, QCoreApplication, QPoint, QSize, Qt
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
)
from PySide6.QtWidgets import (
    QMainWindow,
    QMenu,
    QSizePolicy,
    QStackedWidget,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.actions.edit import redo_text, undo_text
from app.actions.file import recent_specs
from app.actions.importing import ask_and_import
from app.actions.menus import (
    BRUSH,
    LABELLED,
    MENUS,
    PALETTE,
    PHOTO_MENU,
    RECENT,
    SPACE,
    SPECS,
    TOOLBAR,
    MenuSpec,
)
from app.actions.names import action_names
from app.actions.recovering import ask_and_recover
from app.actions.spec import make_action, renew_action
from app.actions.view import follow_system_theme
from app.actions.workbench import Workbench
from app.canvas.tile_loader import to_image
from app.canvas.view import CanvasView
from app.dialogs.error import ErrorDialog
from app.dialogs.training import ask_to_leave_training
from app.help.desk import HelpDesk
from app.help.names import Names
from app.jobs.labels import LabelsFound
from app.jobs.recovery import Examined
from app.jobs.tasks import Preview
from app.panels.brush_bar import BrushBar
from app.panels.docks import add_docks
from app.panels.notices import NoticeBar
from app.panels.parts import ICON_PX
from app.panels.photos import PhotosPanel
from app.panels.refused import RefusedPanel
from app.panels.review_bar import ReviewBar
from app.panels.status import StatusPanel
from app.panels.tour import Tour
from app.panels.welcome import WelcomePanel
from app.session.view_state import Page
from app.support.paths import log_path

_LAYOUT = 3  # counts up when docks change, so that an older layout is not restored


class MainWindow(QMainWindow):
    """Shows the workbench; everything it does is in actions."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setWindowTitle("Caihua")
        self.setAcceptDrops(True)
        self.setIconSize(ICON_PX)
        self.setMinimumSize(960, 720)  # lower, the panels would overlap
        self.bench = bench
        self._specs = {spec.id: spec for spec in SPECS}
        self._actions = {spec.id: make_action(spec, bench, self) for spec in SPECS}
        self.addActions(list(self._actions.values()))
        self._make_centre()
        self._make_menus()
        self._make_toolbar()
        self._make_palette()
        self._drawer = add_docks(self, bench)
        HelpDesk(self._names, self)
        Tour(bench, self)
        self.setStatusBar(StatusPanel(bench, self))
        self._connect()
        self._restore()
        self._renew()

    def _make_centre(self) -> None:
        context = self.bench.context
        self.canvas = CanvasView(context.session, context.view)
        self._welcome = WelcomePanel(self.bench)
        self._centre = QStackedWidget()
        self._centre.addWidget(self._welcome)
        self._centre.addWidget(self.canvas)
        self.refused = RefusedPanel(self.bench)
        self._centre.addWidget(self.refused)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._centre, 1)
        column.addWidget(ReviewBar(self.bench, self._actions.__getitem__))
        self.setCentralWidget(middle)
        self.notices = NoticeBar(self._centre)

    def _make_menus(self) -> None:
        for spec in MENUS:
            self._fill(self.menuBar().addMenu(_said(spec.title)), spec)

    def _fill(self, menu: QMenu, spec: MenuSpec) -> None:
        for item in spec.items:
            if isinstance(item, MenuSpec):
                self._fill(menu.addMenu(_said(item.title)), item)
            elif item == "-":
                menu.addSeparator()
            elif item == RECENT:
                self._recent = menu.addMenu(self.tr("Open &recent"))
                self._recent.aboutToShow.connect(self._on_recent)
            else:
                menu.addAction(self._actions[item])

    def _names(self) -> Names:
        return action_names(self._actions.values())

    def _make_toolbar(self) -> None:
        bar = QToolBar(self.tr("Tools"))
        bar.setObjectName("toolbar")
        bar.setMovable(False)
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        for item in TOOLBAR:
            if item == "-":
                bar.addSeparator()
            elif item == BRUSH:
                bar.addWidget(BrushBar(self.bench))
            elif item == SPACE:
                gap = QWidget()
                gap.setSizePolicy(
                    QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred
                )
                bar.addWidget(gap)
            else:
                bar.addAction(self._actions[item])
            if item in LABELLED:
                button = bar.widgetForAction(self._actions[item])
                if isinstance(button, QToolButton):
                    beside = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
                    button.setToolButtonStyle(beside)
        self.addToolBar(bar)

    def _make_palette(self) -> None:
        bar = QToolBar(self.tr("Palette"))
        bar.setObjectName("palette")
        bar.setMovable(False)
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        for item in PALETTE:
            if item == "-":
                bar.addSeparator()
            else:
                bar.addAction(self._actions[item])
        self.addToolBar(Qt.ToolBarArea.LeftToolBarArea, bar)

    def _connect(self) -> None:
        context, bench = self.bench.context, self.bench
        session = context.session
        for signal in (
            session.list_opened,
            session.photo_shown,
            session.photo_left,
            session.history_changed,
            context.view.tool_changed,
            context.view.brush_changed,
            context.view.overlay_changed,
            context.view.page_changed,
            context.view.area_changed,
            context.view.grid_changed,
            context.view.comparison_changed,
            context.view.snapshot_chosen,
            session.checks_changed,
            bench.reviewer.changed,
            bench.recorder.snapshots_read,
            context.survey.renewed,
            context.survey.selection_changed,
            session.lock_changed,
            context.preferences.changed,
            bench.detector.started,
            bench.detector.ended,
            bench.trainer.changed,
            bench.opener.opening,
            bench.opener.refused,
        ):
            signal.connect(self._renew)
        session.write_failed.connect(context.notices.report)
        context.notices.posted.connect(self.notices.show_notice)
        photos = self.findChild(PhotosPanel)
        if photos is not None:
            photos.menu_wanted.connect(self._on_photo_menu)
        self.notices.all_wanted.connect(partial(context.view.show_page, Page.NOTICES))
        bench.recoverer.found.connect(self._on_damage_found)
        bench.importer.looked.connect(self._on_labels_found)
        context.notices.crashed.connect(self._on_crashed)
        bench.trainer.wanted.connect(self._on_training_wanted)
        bench.opener.preview_made.connect(self._on_preview)
        self.canvas.tile_failed.connect(context.notices.report)
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._on_system_theme)

    def _renew(self) -> None:
        for name, action in self._actions.items():
            renew_action(action, self._specs[name], self.bench)
        self._actions["undo"].setText(undo_text(self.bench))
        self._actions["redo"].setText(redo_text(self.bench))
        session = self.bench.context.session
        page = self.refused if self.refused.text else self.canvas
        self._centre.setCurrentWidget(page if session.entries else self._welcome)
        opened = session.opened
        self.setWindowTitle(opened.record.path.name if opened is not None else "")

    def _on_system_theme(self) -> None:
        follow_system_theme(self.bench)

    def _on_recent(self) -> None:
        self._recent.clear()
        for spec in recent_specs(self.bench):
            self._recent.addAction(make_action(spec, self.bench, self))
        if self._recent.isEmpty():
            self._recent.addAction(self.tr("Nothing yet")).setEnabled(False)

    def _on_preview(self, preview: Preview) -> None:
        self.canvas.show_preview(
            to_image(preview.pixels), preview.height, preview.width
        )

    def _on_photo_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._fill(menu, MenuSpec("", PHOTO_MENU))
        menu.popup(place)

    def _on_damage_found(self, examined: Examined) -> None:
        ask_and_recover(self.bench.recoverer, self, examined)

    def _on_labels_found(self, found: LabelsFound) -> None:
        ask_and_import(self.bench.importer, self, found)

    def _on_training_wanted(self) -> None:
        from app.panels.training import show_training  # noqa: PLC0415 - curves load late

        show_training(self.bench, self)

    def _on_crashed(self, error: BaseException) -> None:
        if self.findChild(ErrorDialog) is not None:
            return  # one at a time; the log has them all
        dialog = ErrorDialog(error, log_path(), self)
        dialog.diagnostics_wanted.connect(self._actions["diagnostics"].trigger)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    # What Qt asks of a window

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and folders."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        urls = event.mimeData().urls()
        paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
        self.bench.opener.open_paths(paths)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop what runs, wait until everything is on the disk, then close."""
        if self.bench.trainer.is_running and not ask_to_leave_training(self):
            event.ignore()
            return
        typing = self.focusWidget()
        if typing is not None:
            typing.clearFocus()  # what was typed last counts
        self.hide()  # the wait is at most one tile of a running detection
        view, context = self.bench.context.view, self.bench.context
        context.preferences.change(
            window_geometry=_text(self.saveGeometry()),
            window_state=_text(self.saveState(_LAYOUT)),
            brush_radius_px=view.brush_radius_px,
            pen_width_px=view.pen_width_px,
            loss_tolerance=view.tolerance,
            overlay_style=view.style.value,
            craquelure_opacity=view.opacity(1),
            paint_loss_opacity=view.opacity(2),
        )
        self.bench.detector.cancel()
        self.bench.trainer.close()
        context.jobs.close()
        context.session.close()
        self.canvas.stop()
        event.accept()

    def _restore(self) -> None:
        settings = self.bench.context.preferences.settings
        # A laptop's screen may be smaller than the size that suits most.
        self.resize(QSize(1440, 900).boundedTo(self.screen().availableSize()))
        self.restoreGeometry(_bytes(settings.window_geometry))
        self.restoreState(_bytes(settings.window_state), _LAYOUT)
        self._drawer.renew()


def _said(text: str) -> str:
    return QCoreApplication.translate("Actions", text)


def _text(data: QByteArray) -> str:
    return data.toBase64().toStdString()


def _bytes(text: str) -> QByteArray:
    return QByteArray.fromBase64(text.encode())
