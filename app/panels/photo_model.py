"""The tree of photos: places, and in them photos, with the pictures seen lately."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QImage, QPixmap

from app.panels.photo_groups import Group, grouped, in_order

Index = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()
PICTURE_PX = 96
_KEPT_PICTURES = 400


class _Place(NamedTuple):
    """Where something stands: in which group (by number), and in which row of it."""

    parent: int
    row: int


class PhotoModel(QAbstractItemModel):
    """Groups are known by number; photos are leaves below them, by their row.

    The number a Qt index carries is that of the group it stands in.
    """

    def __init__(
        self, tip: Callable[[int], str], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._tip = tip
        self._groups: list[Group] = [Group("")]
        self._places: list[_Place] = [_Place(-1, 0)]
        self._number: dict[int, int] = {}  # of a group, by its identity
        self._of_photo: dict[int, _Place] = {}
        self._order: list[int] = []
        self._names: Sequence[str] = ()
        self._pictures: OrderedDict[int, QPixmap] = OrderedDict()

    def show(
        self,
        names: Sequence[str],
        places: Sequence[tuple[int, Sequence[str]]],
    ) -> None:
        """Show photos of the list: the names of all, and the places of those shown."""
        self.beginResetModel()
        root = grouped(places, self.tr("Without a place"))
        self._names = names
        self._groups, self._places = [], []
        self._number, self._of_photo = {}, {}
        self._take(root, _Place(-1, 0))
        self._order = in_order(root)
        self.endResetModel()

    def forget_pictures(self) -> None:
        """The list is another one."""
        self._pictures.clear()

    @property
    def order(self) -> Sequence[int]:
        """The photos shown, from top to bottom."""
        return self._order

    @property
    def has_groups(self) -> bool:
        """Whether there are places."""
        return len(self._groups) > 1

    def index_of(self, photo: int) -> QModelIndex:
        """Where a photo stands; invalid where it is not shown."""
        place = self._of_photo.get(photo)
        if place is None:
            return NO_INDEX
        return self.createIndex(place.row, 0, place.parent)

    def photo(self, index: Index) -> int | None:
        """The place in the list of a photo; None for a group."""
        if not index.isValid():
            return None
        group = self._groups[index.internalId()]
        row = index.row() - len(group.groups)
        return group.photos[row] if row >= 0 else None

    def group(self, index: Index) -> Group | None:
        """The group of an index; None for a photo."""
        if not index.isValid():
            return self._groups[0]
        inside = self._groups[index.internalId()].groups
        return inside[index.row()] if index.row() < len(inside) else None

    def photos_of(self, indexes: Sequence[Index]) -> list[int]:
        """The photos chosen, those of chosen groups too, from top to bottom."""
        chosen: set[int] = set()
        for index in indexes:
            group, photo = self.group(index), self.photo(index)
            chosen.update(in_order(group) if group is not None else ())
            chosen.update(() if photo is None else (photo,))
        return [photo for photo in self._order if photo in chosen]

    def picture(self, photo: int) -> QPixmap | None:
        """The small picture, where it was read lately."""
        found = self._pictures.get(photo)
        if found is not None:
            self._pictures.move_to_end(photo)
        return found

    def put_picture(self, photo: int, pixels: NDArray[np.uint8]) -> None:
        """Keep the middle square of a picture, RGB uint8 [h, w, 3]."""
        height, width = pixels.shape[:2]
        side = min(height, width)
        top, left = (height - side) // 2, (width - side) // 2
        packed = np.ascontiguousarray(pixels[top : top + side, left : left + side])
        image = QImage(packed.data, side, side, 3 * side, QImage.Format.Format_RGB888)
        smooth = Qt.TransformationMode.SmoothTransformation
        small = image.scaledToWidth(min(side, PICTURE_PX), smooth)
        self._pictures[photo] = QPixmap.fromImage(small)
        while len(self._pictures) > _KEPT_PICTURES:
            self._pictures.popitem(last=False)
        self.tell(photo)

    def tell(self, photo: int) -> None:
        """Say that a photo looks otherwise."""
        index = self.index_of(photo)
        if index.isValid():
            self.dataChanged.emit(index, index)

    # What Qt asks of a model

    def index(self, row: int, column: int, parent: Index = NO_INDEX) -> QModelIndex:
        """A row of a group."""
        if column or not 0 <= row < self.rowCount(parent):
            return NO_INDEX
        group = self.group(parent)
        number = 0 if group is None else self._number[id(group)]
        return self.createIndex(row, 0, number)

    def parent(self, child: Index = NO_INDEX) -> QModelIndex:  # type: ignore[override] # Qt has another of no argument
        """The group that something stands in."""
        if not child.isValid():
            return NO_INDEX
        place = self._places[child.internalId()]
        return (
            NO_INDEX
            if place.parent < 0
            else self.createIndex(place.row, 0, place.parent)
        )

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        """As many as the group holds."""
        group = self.group(parent)
        return 0 if group is None else len(group.groups) + len(group.photos)

    def columnCount(self, _parent: Index = NO_INDEX) -> int:
        """One."""
        return 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - as Qt declares it
        """The name; the rest is drawn by the delegate."""
        if role == Qt.ItemDataRole.ToolTipRole:
            photo = self.photo(index)
            return None if photo is None else self._tip(photo)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        group, photo = self.group(index), self.photo(index)
        if photo is not None:
            return self._names[photo]
        return group.name if group is not None else None

    def _take(self, group: Group, place: _Place) -> None:
        number = len(self._groups)
        self._groups.append(group)
        self._places.append(place)
        self._number[id(group)] = number
        for row, inner in enumerate(group.groups):
            self._take(inner, _Place(number, row))
        for row, photo in enumerate(group.photos, len(group.groups)):
            self._of_photo[photo] = _Place(number, row)
