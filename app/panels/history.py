"""The log: who changed what and when, narrowed down, and written as a table."""

from typing import get_args

from PySide6.QtCore import QModelIndex, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.actions.record import write_log
from app.actions.workbench import Workbench
from app.jobs.record import LogPage
from app.panels.log_model import LogModel
from app.panels.parts import SPACE_PX, muted, row
from app.support.words import said_action
from resunet_core.project.audit import LogQuery
from resunet_core.project.records import Action

_QUIET_MS = 250
_ROW_PX = 26
_THIS, _CHOSEN = "this", "chosen"


class HistoryPanel(QWidget):
    """Reads while it is seen, a moment after whatever changed."""

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._survey = bench.context.survey
        self.model = LogModel(self)
        self.model.more_wanted.connect(self._on_more)
        self._timer = QTimer(self, singleShot=True, interval=_QUIET_MS)
        self._timer.timeout.connect(self._read)
        self._make_filters()
        self._table = self._make_table()
        self._count = muted()
        export = QPushButton(self.tr("CSV…"))
        export.setToolTip(self.tr("Write what is listed as a table"))
        export.clicked.connect(self._on_export)
        filters = row(
            *(self._photos, self._who, self._kind, self._text, self._count, export),
            stretch=3,
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_PX, SPACE_PX, SPACE_PX, 0)
        layout.setSpacing(SPACE_PX)
        layout.addLayout(filters)
        layout.addWidget(self._table, 1)
        session = bench.context.session
        for signal in (
            session.list_opened,
            session.photo_shown,
            session.history_changed,
            session.project_changed,
            session.details_changed,
            bench.context.survey.selection_changed,
        ):
            signal.connect(self._on_changed)
        bench.recorder.log_read.connect(self._on_read)

    @property
    def query(self) -> LogQuery:
        """What is looked for."""
        scope, opened = self._photos.currentData(), self._bench.context.session.opened
        ids: frozenset[int] = frozenset()
        if scope == _THIS:
            ids = frozenset({-1 if opened is None else opened.record.id})
        elif scope == _CHOSEN:
            known = self._survey.photos
            chosen = (known[p].record.id for p in self._survey.selection if p in known)
            ids = frozenset(chosen) or frozenset({-1})
        who, kind = self._who.currentData(), self._kind.currentData()
        return LogQuery(
            photo_ids=ids,
            who=frozenset({who} if who else ()),
            actions=frozenset({kind} if kind else ()),
            text=self._text.text().strip(),
        )

    def _make_filters(self) -> None:
        self._photos = self._choice(self.tr("Photos"))
        self._photos.addItem(self.tr("All photos"), "")
        self._photos.addItem(self.tr("This photo"), _THIS)
        self._photos.addItem(self.tr("Chosen photos"), _CHOSEN)
        self._who = self._choice(self.tr("Who"))
        self._who.addItem(self.tr("Everybody"), "")
        self._kind = self._choice(self.tr("Kind"))
        self._kind.addItem(self.tr("Everything"), "")
        kinds: tuple[Action, ...] = get_args(Action)
        for kind in kinds:
            self._kind.addItem(said_action(kind), kind)
        self._text = QLineEdit()
        self._text.setClearButtonEnabled(True)
        self._text.setPlaceholderText(self.tr("Search"))
        self._text.setAccessibleName(self.tr("Search the history"))
        self._text.textChanged.connect(self._on_changed)
        for box in (self._photos, self._who, self._kind):
            box.currentIndexChanged.connect(self._on_changed)

    def _choice(self, name: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        box.setMinimumWidth(96)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        box.setMaximumWidth(176)
        return box

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setAccessibleName(self.tr("History"))
        table.setModel(self.model)
        table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setFrameShape(QTableView.Shape.NoFrame)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(_ROW_PX)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        for column, width in enumerate((152, 160, 112, 136)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            header.resizeSection(column, width)
        table.setToolTip(self.tr("Click an entry to see its place on the photo"))
        table.clicked.connect(self._on_chosen)
        table.activated.connect(self._on_chosen)
        return table

    def showEvent(self, event: QShowEvent) -> None:
        """Read what happened while it was hidden."""
        super().showEvent(event)
        self._read()

    def _on_changed(self) -> None:
        if self.isVisible():
            self._timer.start()

    def _read(self) -> None:
        self._bench.recorder.read_log(self.query)

    def _on_more(self, offset: int) -> None:
        self._bench.recorder.read_log(self.query, offset)

    def _on_read(self, page: LogPage) -> None:
        names = {
            found.record.id: found.record.path.name
            for found in self._survey.photos.values()
        }
        self.model.show(page, names)
        self._count.setText(self.tr("{0} entries").format(page.total))
        known = [self._who.itemData(n) for n in range(1, self._who.count())]
        for name in page.people:
            if name not in known:
                self._who.addItem(name, name)

    def _on_chosen(self, index: QModelIndex) -> None:
        entry, opened = (
            self.model.entry(index.row()),
            self._bench.context.session.opened,
        )
        if opened is not None and opened.record.id == entry.photo_id and entry.box:
            self._bench.context.view.look_at(entry.box)

    def _on_export(self) -> None:
        write_log(self._bench, self.window(), self.query)
