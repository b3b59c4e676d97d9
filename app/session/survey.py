"""What the project says of each photo of the list, and which of them are chosen."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from resunet_core.project.query import FoundPhoto
from resunet_core.project.records import PhotoRecord


class Survey(QObject):
    """As it was read last; photos that the project does not know yet are not in it."""

    renewed = Signal()
    missing_renewed = Signal()
    selection_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._photos: dict[Path, FoundPhoto] = {}
        self._missing: frozenset[Path] = frozenset()
        self._selection: tuple[Path, ...] = ()
        self._order: tuple[int, ...] = ()

    @property
    def photos(self) -> Mapping[Path, FoundPhoto]:
        """The photos by path."""
        return self._photos

    @property
    def missing(self) -> frozenset[Path]:
        """Photos whose file is not where it should be, or is not followed."""
        return self._missing

    @property
    def outside(self) -> tuple[PhotoRecord, ...]:
        """Photos that are not followed, as they lie outside the project's folder."""
        return tuple(p.record for p in self._photos.values() if p.record.outside)

    @property
    def selection(self) -> Sequence[Path]:
        """The photos that are chosen in the list, in its order."""
        return self._selection

    @property
    def order(self) -> Sequence[int]:
        """The photos that the list shows, from top to bottom, by place in the list."""
        return self._order

    def set_order(self, order: Sequence[int]) -> None:
        """Note in what order they are shown."""
        self._order = tuple(order)

    def take(self, found: Iterable[FoundPhoto]) -> None:
        """Know the photos as they are now."""
        self._photos = {photo.record.path: photo for photo in found}
        self.renewed.emit()

    def take_missing(self, paths: Collection[Path]) -> None:
        """Know which files are not there."""
        if frozenset(paths) != self._missing:
            self._missing = frozenset(paths)
            self.missing_renewed.emit()

    def select(self, paths: Sequence[Path]) -> None:
        """Choose photos."""
        if tuple(paths) != self._selection:
            self._selection = tuple(paths)
            self.selection_changed.emit()

    def is_approved(self, path: Path) -> bool:
        """Whether nothing of a photo is to be changed."""
        found = self._photos.get(path)
        return found is not None and found.record.review == "approved"
