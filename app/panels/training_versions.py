"""The versions of the model: which there are, why, and back to any with one click."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.actions.workbench import Workbench
from app.panels.parts import NO_FIGURE, SPACE_PX, muted, row
from app.panels.training_words import said, verdict_lines
from resunet_core.model.library import Version
from resunet_core.model.model_file import DEFAULT_MODEL

_NAME, _MADE, _CRACKS, _LOSS, _ON = range(5)


class VersionsPage(QWidget):
    """Every version ever installed; none is deleted by learning."""

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._trainer = bench.trainer
        self._versions: dict[str, Version] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACE_PX, 0, 0)
        layout.setSpacing(SPACE_PX)
        self.list = QTreeWidget()
        self.list.setRootIsDecorated(False)
        self.list.setAccessibleName(self.tr("Versions of the model"))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setHeaderLabels(
            [
                self.tr("Model"),
                self.tr("Learned"),
                self.tr("Craquelure F1"),
                self.tr("Paint loss IoU"),
                self.tr("Learned from"),
            ]
        )
        head = self.list.header()
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setStretchLastSection(True)
        self.list.itemSelectionChanged.connect(self._on_selected)
        layout.addWidget(self.list, 1)
        self._about = muted("", wrap=True)
        self._about.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
        )
        layout.addWidget(self._about)
        self._notes = QLineEdit()
        self._notes.setPlaceholderText(self.tr("Notes on this version"))
        self._notes.setAccessibleName(self.tr("Notes"))
        self._notes.editingFinished.connect(self._on_noted)
        self.use = QPushButton(self.tr("Use this version"))
        self.use.clicked.connect(self._on_use)
        layout.addLayout(row(self._notes, self.use, stretch=0))
        self._in_use = ""
        self._trainer.changed.connect(self.renew)
        self.renew()

    def renew(self) -> None:
        """List them, the one in use marked."""
        before, self._in_use = self._in_use, self._trainer.model_in_use
        chosen = self._chosen() if before == self._in_use else self._in_use
        self._versions = {v.name: v for v in self._trainer.versions()}
        self.list.clear()
        for version in self._versions.values():
            self._add(version.name, version)
        self._add(DEFAULT_MODEL, None)
        for index in range(self.list.topLevelItemCount()):
            item = self.list.topLevelItem(index)
            if item is not None and item.data(_NAME, _ROLE) == chosen:
                self.list.setCurrentItem(item)
        self._on_selected()

    def _add(self, name: str, version: Version | None) -> None:
        in_use = name == self._trainer.model_in_use
        title = self.tr("{0} (in use)").format(name) if in_use else name
        cells = [title, self.tr("came with the program"), NO_FIGURE, NO_FIGURE, ""]
        if version is not None:
            cells = [
                title,
                version.made_at[:16].replace("T", "  "),
                _figure(version, "craquelure"),
                _figure(version, "paint_loss"),
                ", ".join(version.photos),
            ]
        item = QTreeWidgetItem(cells)
        item.setData(_NAME, _ROLE, name)
        item.setToolTip(_ON, cells[_ON])
        if in_use:
            font = item.font(_NAME)
            font.setBold(True)
            item.setFont(_NAME, font)
        self.list.addTopLevelItem(item)

    def _chosen(self) -> str:
        items = self.list.selectedItems()
        return str(items[0].data(_NAME, _ROLE)) if items else ""

    def _on_selected(self) -> None:
        name = self._chosen()
        version = self._versions.get(name)
        self.use.setEnabled(bool(name) and name != self._trainer.model_in_use)
        self._notes.setEnabled(version is not None)
        self._notes.setText("" if version is None else version.notes)
        self._about.setText("" if version is None else _about(version))

    def _on_use(self) -> None:
        self._trainer.choose(self._chosen())

    def _on_noted(self) -> None:
        version = self._versions.get(self._chosen())
        if version is not None:
            self._trainer.note(version, self._notes.text().strip())


_ROLE = Qt.ItemDataRole.UserRole


def _figure(version: Version, key: str) -> str:
    for one in version.verdict.get("comparisons", ()):
        if one["of"] == "locked" and one["key"] == key:
            return f"{one['before']:.2f} \u2192 {one['after']:.2f}"
    return NO_FIGURE


def _about(version: Version) -> str:
    lines = [
        said("Learned on {0}, compared with {1}.").format(
            version.base, version.champion
        ),
        said("Judged by: {0}.").format(", ".join(version.judged_by)),
        *(
            verdict_lines(dict(version.verdict))
            if "comparisons" in version.verdict
            else []
        ),
        said("Data {0}").format(version.data_hash[:16]),
    ]
    if version.insisted:
        lines.insert(0, said("Installed although it was judged worse."))
    return "\n".join(lines)
