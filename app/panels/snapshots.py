"""Named states of the photo: take one, see what changed since, go back to it."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QGridLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QStackedLayout,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.actions import record
from app.actions.workbench import Workbench
from app.panels.numbers import said_pixels
from app.panels.parts import SPACE_PX, Swatch, muted, row
from app.session.comparison import COLOURS
from app.session.lock import Lock
from app.support.times import said_time
from resunet_core.project.difference import CHANGED, GAINED, LOST
from resunet_core.project.snapshots import Snapshot

_ID = Qt.ItemDataRole.UserRole


class SnapshotsPanel(QWidget):
    """The snapshots of the photo on the screen, newest first."""

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._view, self._session = bench.context.view, bench.context.session
        self.list = self._make_list()
        empty = muted(self.tr("No snapshot of this photo yet."))
        empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        empty.setContentsMargins(SPACE_PX, SPACE_PX, SPACE_PX, SPACE_PX)
        self._stack = QStackedLayout()
        self._stack.addWidget(empty)
        self._stack.addWidget(self.list)
        self._take = self._button(self.tr("Take…"), record.take_snapshot)
        self._take.setToolTip(self.tr("Keep the masks as they are now under a name"))
        self._compare = self._button(self.tr("Compare"), record.compare)
        self._compare.setCheckable(True)
        self._compare.setToolTip(self.tr("Show what is new, gone or of another class"))
        self._photo = self._button(self.tr("Bring photo back"), record.bring_photo_back)
        self._area = self._button(self.tr("Bring area back"), record.bring_area_back)
        self._area.setToolTip(self.tr("Drag an area with the Area tool first"))
        self._forget = self._button(self.tr("Delete…"), record.forget_snapshot)
        buttons = row(
            *(self._take, self._compare, self._photo, self._area, None, self._forget)
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_PX, SPACE_PX, SPACE_PX, SPACE_PX)
        layout.setSpacing(SPACE_PX)
        layout.addLayout(buttons)
        body = row(None)
        body.takeAt(0)
        body.addLayout(self._stack, 1)
        body.addWidget(self._make_legend())
        layout.addLayout(body, 1)
        self._connect()
        self._renew()

    def _connect(self) -> None:
        self._bench.recorder.snapshots_read.connect(self._on_read)
        for signal in (
            self._session.photo_shown,
            self._session.photo_left,
            self._session.lock_changed,
            self._view.area_changed,
            self._view.snapshot_chosen,
            self._view.comparison_changed,
        ):
            signal.connect(self._renew)

    def _make_list(self) -> QTreeWidget:
        made = QTreeWidget()
        made.setAccessibleName(self.tr("Snapshots"))
        made.setRootIsDecorated(False)
        made.setUniformRowHeights(True)
        made.setHeaderLabels(
            [self.tr("Name"), self.tr("Taken"), self.tr("By"), self.tr("Photos")]
        )
        header = made.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2, 3):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        made.currentItemChanged.connect(self._on_chosen)
        return made

    def _make_legend(self) -> QWidget:
        self._legend = QWidget()
        self._legend.setFixedWidth(216)
        grid = QGridLayout(self._legend)
        grid.setContentsMargins(SPACE_PX, SPACE_PX // 2, SPACE_PX, 0)
        grid.setVerticalSpacing(SPACE_PX // 2)
        grid.setColumnStretch(1, 1)
        self._figures: dict[int, QLabel] = {}
        for line, (code, text) in enumerate(
            (
                (GAINED, self.tr("New since")),
                (LOST, self.tr("Gone since")),
                (CHANGED, self.tr("Other class")),
            )
        ):
            figure = muted()
            self._figures[code] = figure
            grid.addWidget(Swatch(COLOURS[code]), line, 0)
            grid.addWidget(QLabel(text), line, 1)
            grid.addWidget(figure, line, 2, Qt.AlignmentFlag.AlignRight)
        grid.setRowStretch(3, 1)
        return self._legend

    def _button(
        self, text: str, run: Callable[[Workbench, QWidget], None]
    ) -> QPushButton:
        button = QPushButton(text)
        button.clicked.connect(partial(self._run, run))
        return button

    def _run(self, run: Callable[[Workbench, QWidget], None], _checked: bool) -> None:
        run(self._bench, self.window())
        self._renew()

    def _on_read(self, found: tuple[Snapshot, ...]) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for snapshot in found:
            line = QTreeWidgetItem(
                [
                    snapshot.name,
                    said_time(snapshot.at),
                    snapshot.who,
                    str(len(snapshot.photo_ids)),
                ]
            )
            line.setData(0, _ID, snapshot.id)
            self.list.addTopLevelItem(line)
            if snapshot.id == self._view.snapshot_id:
                self.list.setCurrentItem(line)
        self.list.blockSignals(False)
        self._stack.setCurrentIndex(1 if found else 0)
        self._renew()

    def _on_chosen(self, line: QTreeWidgetItem | None) -> None:
        if line is not None:
            self._view.choose_snapshot(line.data(0, _ID))
            if self._bench.recorder.is_comparing:
                self._bench.recorder.compare()

    def _renew(self) -> None:
        has = record.has_snapshot(self._bench)
        free = self._session.lock is not Lock.READ_ONLY
        self._take.setEnabled(free and self._session.opened is not None)
        self._compare.setEnabled(has)
        self._compare.setChecked(self._bench.recorder.is_comparing)
        self._photo.setEnabled(has and free)
        self._area.setEnabled(free and record.has_area(self._bench))
        self._forget.setEnabled(has and free)
        comparison = self._view.comparison
        self._legend.setVisible(comparison is not None)
        if comparison is not None:
            for code, figure in self._figures.items():
                count = said_pixels(comparison.difference.count(code))
                figure.setText(self.tr("{0} px").format(count))
