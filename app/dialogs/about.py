"""What this program is, what it is built on, and where it keeps things."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.support.components import components
from app.support.paths import config_dir, fallback_projects_dir, log_path
from app.support.sign import Sign
from resunet_core import __version__
from resunet_core.cache import cache_dir

_SIZE = (560, 460)


def show_about(parent: QWidget) -> None:
    """Show name, version and purpose."""
    dialog = AboutDialog(parent)
    dialog.exec()
    dialog.deleteLater()


class AboutDialog(QDialog):
    """Three pages: the program, the licences of its parts, its folders."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About Caihua"))
        self.resize(*_SIZE)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 16)
        layout.setSpacing(16)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self._make_purpose(), self.tr("Program"))
        self.tabs.addTab(self._make_licences(), self.tr("Licences"))
        self.tabs.addTab(self._make_folders(), self.tr("Folders"))
        layout.addWidget(self.tabs, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)

    def _make_purpose(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setSpacing(8)
        layout.addStretch(1)
        name = QLabel(self.tr("Caihua 彩画"))
        name.setProperty("role", "title")
        version = QLabel(self.tr("Version {0}").format(__version__))
        version.setProperty("role", "muted")
        for widget in (Sign("house-line", 48, "accent"), name, version):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(8)
        for text in (
            self.tr(
                "Finds craquelure and paint loss on photos of painted architecture, "
                "lets you correct what it found, measures it and hands it on."
            ),
            self.tr("Your photos stay on this computer and are never changed."),
            self.tr(
                "Nothing is sent anywhere: no photos, no figures, no news of errors,"
                " no looking for updates."
            ),
            self.tr("Free to use, change and pass on: Apache License 2.0."),
        ):
            label = QLabel(text)
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(label)
        layout.addStretch(1)
        return page

    def _make_licences(self) -> QWidget:
        table = QTreeWidget()
        table.setAccessibleName(self.tr("Licences"))
        table.setRootIsDecorated(False)
        titles = [self.tr("Library"), self.tr("Version"), self.tr("Licence")]
        table.setHeaderLabels(titles)
        for one in components():
            line = QTreeWidgetItem([one.name, one.version, one.licence])
            line.setToolTip(2, one.licence)
            table.addTopLevelItem(line)
        fit = QHeaderView.ResizeMode.ResizeToContents
        for column in (0, 1):
            table.header().setSectionResizeMode(column, fit)
        return table

    def _make_folders(self) -> QWidget:
        page = QWidget()
        form = QFormLayout(page)
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(12)
        for title, folder, why in (
            (self.tr("Settings"), config_dir(), self.tr("Your preferences.")),
            (
                self.tr("Log"),
                log_path().parent,
                self.tr("Warnings and errors, at most 2 MB; stays here."),
            ),
            (
                self.tr("Cache"),
                cache_dir("pyramids").parent,
                self.tr("Can be deleted at any time; made again when needed."),
            ),
            (
                self.tr("Projects"),
                fallback_projects_dir(),
                self.tr("Only where they cannot be beside their photos; samples."),
            ),
        ):
            form.addRow(title, self._folder(folder, why))
        return page

    def _folder(self, folder: Path, why: str) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        path = QLabel(str(folder))
        path.setWordWrap(True)
        path.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        what = QLabel(why)
        what.setProperty("role", "muted")
        what.setWordWrap(True)
        button = QPushButton(self.tr("Open"))
        button.setEnabled(folder.is_dir())
        where = QUrl.fromLocalFile(str(folder))
        button.clicked.connect(partial(QDesktopServices.openUrl, where))
        column.addWidget(path)
        column.addWidget(what)
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        return box
