"""The log as rows of a table; further ones are asked for when they are scrolled to."""

from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from app.jobs.record import LogPage
from app.support.times import said_time
from app.support.words import said_action
from resunet_core.project.records import LogEntry

Index = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()


class LogModel(QAbstractTableModel):
    """Time, photo, person or model, kind and what exactly."""

    more_wanted = Signal(int)  # from which entry on

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[LogEntry] = []
        self._names: dict[int, str] = {}
        self._total = 0
        self._asked = 0

    def show(self, page: LogPage, names: dict[int, str]) -> None:
        """Show a page: in place of all, or after those before it."""
        self._names, self._total = names, page.total
        if page.offset == 0:
            self.beginResetModel()
            self._entries = list(page.entries)
            self.endResetModel()
        elif page.offset == len(self._entries):
            last = page.offset + len(page.entries) - 1
            self.beginInsertRows(NO_INDEX, page.offset, last)
            self._entries += page.entries
            self.endInsertRows()
        self._asked = len(self._entries)

    @property
    def total(self) -> int:
        """How many entries there are in all."""
        return self._total

    def entry(self, row: int) -> LogEntry:
        """The entry of a row."""
        return self._entries[row]

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        """As many as were read."""
        return 0 if parent.isValid() else len(self._entries)

    def columnCount(self, parent: Index = NO_INDEX) -> int:
        """Five."""
        return 0 if parent.isValid() else 5

    def canFetchMore(self, parent: Index) -> bool:
        """Whether there are entries that were not asked for."""
        return not parent.isValid() and self._asked < self._total

    def fetchMore(self, parent: Index) -> None:
        """Ask for the next ones; they come in a moment."""
        if self.canFetchMore(parent):
            self._asked = self._total  # until they have come
            self.more_wanted.emit(len(self._entries))

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:  # noqa: ANN401 - as Qt declares it
        """Titles of the columns."""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation != Qt.Orientation.Horizontal:
            return None
        titles = (
            *(self.tr("Time"), self.tr("Photo"), self.tr("Who")),
            *(self.tr("Kind"), self.tr("What")),
        )
        return titles[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - as Qt declares it
        """What a cell says."""
        entry = self._entries[index.row()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(entry)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        who = entry.who.name or self.tr("Unknown")
        if entry.who.kind == "model":
            who = self.tr("{0} (model)").format(who)
        return (
            said_time(entry.at),
            self._names.get(entry.photo_id, ""),
            who,
            said_action(entry.action),
            entry.what,
        )[index.column()]

    def _tip(self, entry: LogEntry) -> str:
        lines = [entry.what]
        if entry.box is not None:
            box = entry.box
            where = self.tr("From {0}, {1} to {2}, {3}")
            lines.append(where.format(box.left, box.top, box.right, box.bottom))
        if entry.who.sha256:
            lines.append(self.tr("Model {0}").format(entry.who.sha256[:12]))
        return "\n".join(filter(None, lines))
