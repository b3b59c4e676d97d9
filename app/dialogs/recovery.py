"""A damaged project: what is lost, what can be opened, and what to do."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QListView,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.jobs.recovery import Examined, MaskPicture
from app.support.paths import PROJECT_SUFFIX
from app.support.sign import Sign
from app.support.times import said_time
from app.support.words import said_action
from resunet_core.project.backups import Backup

_PICTURE = QSize(104, 72)
_MOST_SENTENCES = 4


@dataclass(frozen=True)
class RecoveryChoice:
    """What to do about the project at `path`; `other` is a backup or a new file."""

    kind: Literal["look", "restore", "salvage"]
    path: Path
    other: Path | None = None


class RecoveryDialog(QDialog):
    """Shows the damage and the backups; a button for each way on."""

    def __init__(self, examined: Examined, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._damage = examined.damage
        self.choice: RecoveryChoice | None = None
        self.setWindowTitle(self.tr("Damaged project"))
        self.setMinimumWidth(640)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(12)
        layout.addLayout(self._head())
        if examined.pictures:
            layout.addWidget(_heading(self.tr("What can still be read")))
            layout.addWidget(self._gallery(examined.pictures))
        layout.addWidget(_heading(self.tr("Backups")))
        self._backups = self._backup_table()
        layout.addWidget(self._backups)
        none = QLabel(self.tr("There is no backup of this project that can be read."))
        none.setProperty("role", "muted")
        layout.addWidget(none)
        self._backups.setVisible(bool(self._damage.backups))
        none.setVisible(not self._damage.backups)
        self._details = QPlainTextEdit("\n".join(self._damage.findings))
        self._details.setReadOnly(True)
        self._details.setMaximumHeight(120)
        self._details.hide()
        layout.addWidget(self._details)
        layout.addSpacing(4)
        layout.addLayout(self._buttons())

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(16)
        title = QLabel(self.tr("{0} is damaged").format(self._damage.path.name))
        title.setProperty("role", "title")
        said = QLabel(self._said())
        said.setWordWrap(True)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(title)
        words.addWidget(said)
        head.addWidget(
            Sign("warning-circle", 32, "danger"), 0, Qt.AlignmentFlag.AlignTop
        )
        head.addLayout(words, 1)
        return head

    def _said(self) -> str:
        salvaged = self._damage.salvaged
        if salvaged is None:
            return self.tr("Nothing in it can be read. The file was left as it is.")
        lost = salvaged.sentences or (
            self.tr("Nothing of the photos and masks seems to be lost."),
        )
        lines = list(lost[:_MOST_SENTENCES])
        if len(lost) > _MOST_SENTENCES:
            more = len(lost) - _MOST_SENTENCES
            lines.append(self.tr("And {0} more.").format(more))
        readable = self.tr("{0} photos can be read.").format(salvaged.photos)
        unchanged = self.tr("The file was left as it is.")
        return "\n".join([f"{readable} {unchanged}", *lines])

    def _gallery(self, pictures: tuple[MaskPicture, ...]) -> QListWidget:
        gallery = QListWidget()
        gallery.setAccessibleName(self.tr("Masks that can be read"))
        gallery.setViewMode(QListView.ViewMode.IconMode)
        gallery.setResizeMode(QListView.ResizeMode.Adjust)
        gallery.setMovement(QListView.Movement.Static)
        gallery.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        gallery.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        gallery.setIconSize(_PICTURE)
        gallery.setGridSize(QSize(_PICTURE.width() + 16, _PICTURE.height() + 48))
        gallery.setFixedHeight(_PICTURE.height() + 64)
        for picture in pictures:
            lost = self.tr("Parts are lost") if picture.is_damaged else ""
            item = QListWidgetItem(_pixmap(picture), f"{picture.name}\n{lost}".strip())
            item.setToolTip(item.text())
            gallery.addItem(item)
        return gallery

    def _backup_table(self) -> QTreeWidget:
        table = QTreeWidget()
        table.setAccessibleName(self.tr("Backups"))
        table.setRootIsDecorated(False)
        table.setUniformRowHeights(True)
        table.setHeaderLabels(
            [self.tr("Made"), self.tr("Photos"), self.tr("Last change")]
        )
        for backup in self._damage.backups:
            table.addTopLevelItem(self._backup_line(backup))
        header = table.header()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        table.setFixedHeight(132)
        newest = table.topLevelItem(0)
        if newest is not None:
            table.setCurrentItem(newest)
        table.itemDoubleClicked.connect(self._on_restore)
        return table

    def _backup_line(self, backup: Backup) -> QTreeWidgetItem:
        made = said_time(backup.at)
        last = backup.last_change
        said = ""
        if last is not None:
            when = said_time(last.at)
            about = said_action(last.action)
            said = "  ·  ".join(filter(None, (when, about, last.what, last.who.name)))
        item = QTreeWidgetItem([made, str(backup.photos), said])
        item.setToolTip(2, said)
        return item

    def _buttons(self) -> QHBoxLayout:
        details = QPushButton(self.tr("Details"))
        details.setEnabled(bool(self._damage.findings))
        details.clicked.connect(self._on_details)
        salvage = QPushButton(self.tr("Save what can be read…"))
        salvage.setToolTip(self.tr("Into a new project; this file stays as it is"))
        salvage.clicked.connect(self._on_salvage)
        look = QPushButton(self.tr("Open read-only"))
        look.setToolTip(self.tr("To look at and to export, not to change"))
        look.clicked.connect(self._on_look)
        for button in (salvage, look):
            button.setEnabled(self._damage.salvaged is not None)
        restore = QPushButton(self.tr("Restore backup"))
        restore.setToolTip(
            self.tr("The chosen backup takes the place of this file, which is kept")
        )
        restore.setProperty("role", "primary")
        restore.setEnabled(bool(self._damage.backups))
        restore.clicked.connect(self._on_restore)
        cancel = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        cancel.rejected.connect(self.reject)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(details)
        row.addStretch(1)
        for widget in (cancel, salvage, look, restore):
            row.addWidget(widget)
        default = restore if self._damage.backups else look
        default.setDefault(True)
        return row

    def _on_details(self) -> None:
        self._details.setVisible(not self._details.isVisible())
        self.adjustSize()

    def _on_look(self) -> None:
        self._choose(RecoveryChoice("look", self._damage.path))

    def _on_restore(self) -> None:
        chosen = self._backups.currentItem()
        if chosen is not None:
            line = self._backups.indexOfTopLevelItem(chosen)
            backup = self._damage.backups[line].path
            self._choose(RecoveryChoice("restore", self._damage.path, backup))

    def _on_salvage(self) -> None:
        path = self._damage.path
        wanted = path.with_name(f"{path.stem} saved{PROJECT_SUFFIX}")
        name, _ = QFileDialog.getSaveFileName(
            self,
            self.tr("Save what can be read"),
            str(wanted),
            self.tr("Caihua projects ({0})").format(f"*{PROJECT_SUFFIX}"),
        )
        target = Path(name).with_suffix(PROJECT_SUFFIX) if name else None
        if target is not None and target != path:
            self._choose(RecoveryChoice("salvage", path, target))

    def _choose(self, choice: RecoveryChoice) -> None:
        self.choice = choice
        self.accept()


def ask_recovery(parent: QWidget, examined: Examined) -> RecoveryChoice | None:
    """Ask; None when the person thinks better of it."""
    dialog = RecoveryDialog(examined, parent)
    dialog.exec()
    choice = dialog.choice
    dialog.deleteLater()
    return choice


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "heading")
    return label


def _pixmap(picture: MaskPicture) -> QPixmap:
    height, width = picture.pixels.shape[:2]
    packed = np.ascontiguousarray(picture.pixels)
    image = QImage(packed.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    return QPixmap.fromImage(image)
