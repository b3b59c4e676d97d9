"""Before and after, side by side on the person's own photos."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QGridLayout, QVBoxLayout, QWidget

from app.panels.parts import SPACE_PX, heading, muted, row
from app.panels.training_pictures import OverlaidPicture


class ComparePage(QWidget):
    """The old model's finds, the new one's, and what is right where it is known."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: list[Mapping[str, str]] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACE_PX, 0, 0)
        layout.setSpacing(SPACE_PX)
        self._pictures = QComboBox()
        self._pictures.setAccessibleName(self.tr("Picture"))
        self._pictures.setMinimumWidth(320)
        self._pictures.currentIndexChanged.connect(self._on_chosen)
        layout.addLayout(row(muted(self.tr("Picture")), self._pictures, None))
        self._grid = grid = QGridLayout()
        grid.setSpacing(SPACE_PX)
        self.views: dict[str, OverlaidPicture] = {}
        self._heads = {}
        for column, (key, text) in enumerate(
            (
                ("before", self.tr("Model in use")),
                ("after", self.tr("New model")),
                ("truth", self.tr("As you corrected it")),
            )
        ):
            view = OverlaidPicture(text)
            head = heading(text)
            grid.addWidget(head, 0, column)
            grid.addWidget(view, 1, column)
            grid.setColumnStretch(column, 1)
            self.views[key] = view
            self._heads[key] = head
        grid.setRowStretch(1, 1)
        layout.addLayout(grid, 1)
        self._none = muted(
            self.tr(
                "Once a model has learned, it is compared here with the one in use."
            ),
            wrap=True,
        )
        layout.addWidget(self._none)
        self.show_pictures([])

    def show_pictures(self, shown: Sequence[Mapping[str, str]]) -> None:
        """Offer these pictures, and show the first."""
        self._shown = list(shown)
        self._pictures.clear()
        self._pictures.addItems([_name(one["name"]) for one in shown])
        self._none.setVisible(not shown)
        self._pictures.setEnabled(bool(shown))
        self._on_chosen()

    def _on_chosen(self) -> None:
        index = self._pictures.currentIndex()
        one = self._shown[index] if 0 <= index < len(self._shown) else {}
        picture = Path(one["picture"]) if "picture" in one else None
        for key, view in self.views.items():
            there = key in one
            view.setVisible(there or not one)
            self._grid.setColumnStretch(list(self.views).index(key), int(there))
            self._heads[key].setVisible(there or not one)
            view.show_files(picture if there else None, Path(one.get(key, "")))


def _name(name: str) -> str:
    """The photo's name and the place in it, without the folder."""
    return name.rpartition("/")[2].removesuffix(".png").replace("~", "  ")
