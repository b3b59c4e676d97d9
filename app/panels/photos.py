"""The photos of the survey by place: search, choose one to see or several to edit."""

from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtWidgets import QLabel, QPushButton, QTreeView, QVBoxLayout, QWidget

from app.actions.survey import allow_outside, find_missing
from app.actions.workbench import Workbench
from app.panels.names import said_class
from app.panels.numbers import said_share
from app.panels.parts import SPACE_PX, muted, row
from app.panels.photo_delegate import PhotoDelegate, PhotoLook
from app.panels.photo_filter import PhotoFilter
from app.panels.photo_model import PhotoModel
from app.session.entry import EntryState
from app.support.words import said_place, said_review
from resunet_core.project.query import PhotoQuery

_INDENT_PX = 14
_SIGNS = {"draft": "", "checked": "check", "approved": "circle-wavy-check"}


class PhotosPanel(QWidget):
    """A tree of places and photos; asks for small pictures of what is seen."""

    menu_wanted = Signal(QPoint)  # on the screen

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._session, self._survey = bench.context.session, bench.context.survey
        self._model = PhotoModel(self._tip, self)
        self._matching: frozenset[int] | None = None  # ids; None: all
        self._shape: tuple[object, ...] = ()
        self._wanted: list[int] = []
        self._wanting = QTimer(self, singleShot=True, interval=0)
        self._wanting.timeout.connect(self._on_wanting)
        self.filter = PhotoFilter(bench.context.view.classes)
        self.tree = self._make_tree()
        self._hint = muted(self.tr("Photos that you open are listed here."), wrap=True)
        self._hint.setContentsMargins(SPACE_PX, 0, SPACE_PX, SPACE_PX)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_PX, SPACE_PX, SPACE_PX, SPACE_PX)
        layout.setSpacing(SPACE_PX)
        layout.addWidget(self.filter)
        layout.addWidget(self._make_banner())
        layout.addWidget(self._hint, 1)
        layout.addWidget(self.tree, 1)
        self.tree.hide()
        self.filter.hide()
        self.setMinimumWidth(200)
        self._connect()

    def _make_tree(self) -> QTreeView:
        tree = QTreeView()
        tree.setAccessibleName(self.tr("Photos"))
        tree.setModel(self._model)
        tree.setHeaderHidden(True)
        tree.setIndentation(_INDENT_PX)
        tree.setSelectionMode(QTreeView.SelectionMode.ExtendedSelection)
        tree.setVerticalScrollMode(QTreeView.ScrollMode.ScrollPerPixel)
        tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        tree.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        tree.customContextMenuRequested.connect(self._on_menu)
        tree.setItemDelegate(PhotoDelegate(self._model, self._look, self._want, tree))
        tree.selectionModel().selectionChanged.connect(self._on_selected)
        return tree

    def _make_banner(self) -> QWidget:
        banner = QWidget()
        self._banner = banner
        self._banner_text = QLabel()
        self._banner_text.setWordWrap(True)
        find = QPushButton(self.tr("Find…"))
        find.setToolTip(self.tr("Look for them in a folder, by their content"))
        find.clicked.connect(self._on_find)
        self._allow = QPushButton(self.tr("Allow…"))
        self._allow.setToolTip(self.tr("Open photos outside the project's folder"))
        self._allow.clicked.connect(self._on_allow)
        layout = row(self._banner_text, find, self._allow, stretch=0)
        layout.setContentsMargins(SPACE_PX, 0, SPACE_PX, 0)
        banner.setLayout(layout)
        banner.hide()
        return banner

    def _connect(self) -> None:
        self._session.list_opened.connect(self._on_list_opened)
        self._session.entry_changed.connect(self._model.tell)
        self._survey.renewed.connect(self._on_renewed)
        self._survey.missing_renewed.connect(self._on_missing)
        self._bench.opener.thumbnail_made.connect(self._on_thumbnail_made)
        self._bench.opener.opening.connect(self._on_opening)
        self._bench.surveyor.matched.connect(self._on_matched)
        self._bench.context.view.search_requested.connect(self.filter.focus)
        self.filter.changed.connect(self._on_filter)

    # From the project to the list

    def _on_list_opened(self) -> None:
        self._model.forget_pictures()
        self._shape, self._matching = (), None
        self._show()
        if self.filter.query != PhotoQuery():
            self._on_filter()
        has = bool(self._session.entries)
        self._hint.setVisible(not has)
        self.tree.setVisible(has)
        self.filter.setVisible(has)
        self._on_missing()

    def _on_renewed(self) -> None:
        components = {p.record.component for p in self._survey.photos.values()}
        self.filter.offer_components(sorted(filter(None, components)))
        if self.filter.query != PhotoQuery():
            self._on_filter()  # what was changed may fit no longer
        self._show()

    def _show(self) -> None:
        """Show the photos that match, in their places, if that is another tree."""
        entries, known = self._session.entries, self._survey.photos
        shown = []
        for index, entry in enumerate(entries):
            found = known.get(entry.path)
            if self._matches(index):
                shown.append(
                    (index, () if found is None else found.record.place.levels)
                )
        shape = (len(entries), tuple(shown))
        self.filter.say_count(len(shown), len(entries))
        if shape == self._shape:
            self.tree.viewport().update()
            return
        self._shape = shape
        chosen = set(self._survey.selection)
        self._model.show([entry.path.name for entry in entries], shown)
        self.tree.setRootIsDecorated(self._model.has_groups)
        self.tree.expandAll()
        self._survey.set_order(self._model.order)
        photos = [index for index, _ in shown if entries[index].path in chosen]
        self._select(photos)
        if not photos and self._session.index is not None:
            self._on_opening(self._session.index)

    def _matches(self, index: int) -> bool:
        if self._matching is None:
            return True
        path = self._session.entries[index].path
        found = self._survey.photos.get(path)
        if found is not None:
            return found.record.id in self._matching
        query = self.filter.query  # of what the project does not know, the name counts
        words = query.text.casefold().split()
        named = all(word in path.name.casefold() for word in words)
        return named and query == PhotoQuery(text=query.text)

    def _on_filter(self) -> None:
        if self.filter.query == PhotoQuery():
            self._on_matched(None)
        else:
            self._bench.surveyor.search(self.filter.query)

    def _on_matched(self, ids: frozenset[int] | None) -> None:
        self._matching = None if self.filter.query == PhotoQuery() else ids
        self._show()

    def _on_missing(self) -> None:
        missing, outside = len(self._survey.missing), len(self._survey.outside)
        self._banner.setVisible(bool(missing))
        self._allow.setVisible(bool(outside))
        self._banner_text.setText(
            self.tr("1 photo is missing.")
            if missing == 1
            else self.tr("{0} photos are missing.").format(missing)
        )
        self.tree.viewport().update()

    def _on_thumbnail_made(self, index: int, pixels: NDArray[np.uint8]) -> None:
        self._model.put_picture(index, pixels)

    def _want(self, photo: int) -> None:
        if self._session.entries[photo].state is not EntryState.BROKEN:
            self._wanted.append(photo)
            self._wanting.start()

    def _on_wanting(self) -> None:
        wanted, self._wanted = self._wanted, []
        self._bench.opener.want_pictures(wanted)

    def _look(self, photo: int) -> PhotoLook:
        """How a photo of the list stands, in a few words."""
        entry = self._session.entries[photo]
        found = self._survey.photos.get(entry.path)
        if found is not None and found.record.outside:
            return PhotoLook(self.tr("Outside the folder"), "warning", is_there=False)
        if entry.path in self._survey.missing:
            return PhotoLook(self.tr("Missing"), "warning", is_there=False)
        if entry.state is EntryState.BROKEN:
            return PhotoLook(self.tr("Cannot be opened"), "warning", is_there=False)
        is_detected = entry.state is EntryState.DETECTED
        role = "accent" if is_detected else "muted"
        said = self.tr("Analysed") if is_detected else self.tr("Not analysed")
        if found is None:
            return PhotoLook(said, role)
        class_id, state = self.filter.class_id, found.record.review
        if class_id is not None:
            defect = self._bench.context.view.classes.by_id(class_id)
            said = f"{said_class(defect)} {said_share(found.share(class_id))}"
        elif state != "draft":
            said = said_review(state)
        return PhotoLook(said, role, _SIGNS[state])

    def _tip(self, photo: int) -> str:
        entry = self._session.entries[photo]
        found = self._survey.photos.get(entry.path)
        lines = [entry.message or str(entry.path)]
        if found is not None:
            record = found.record
            lines += [record.outside, said_place(record.place), record.note]
        return "\n".join(filter(None, lines))

    # From the list to the actions

    def _on_opening(self, index: int) -> None:
        """Mark the photo that is opened, unless it is one of several chosen ones."""
        place = self._model.index_of(index)
        if place.isValid() and not self.tree.selectionModel().isSelected(place):
            self._select([index])
        if place.isValid():
            self.tree.scrollTo(place)

    def _select(self, photos: list[int]) -> None:
        selection = QItemSelection()
        for photo in photos:
            place = self._model.index_of(photo)
            selection.select(place, place)
        model = self.tree.selectionModel()
        model.blockSignals(True)
        model.select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if photos:
            keep = QItemSelectionModel.SelectionFlag.NoUpdate
            model.setCurrentIndex(self._model.index_of(photos[0]), keep)
        model.blockSignals(False)
        self.tree.viewport().update()
        self._note_selection()

    def _note_selection(self) -> list[int]:
        indexes: list[QModelIndex] = self.tree.selectionModel().selectedIndexes()
        photos = self._model.photos_of(indexes)
        entries = self._session.entries
        self._survey.select([entries[photo].path for photo in photos])
        return photos

    def _on_selected(self) -> None:
        photos = self._note_selection()
        indexes = self.tree.selectionModel().selectedIndexes()
        alone = len(indexes) == 1 and self._model.photo(indexes[0]) is not None
        if alone and photos[0] != self._session.index:
            # After the click is over: opening scrolls the tree.
            QTimer.singleShot(0, self, partial(self._open, photos[0]))

    def _open(self, photo: int) -> None:
        self._bench.opener.open_index(photo)

    def _on_menu(self, place: QPoint) -> None:
        if self._survey.selection:
            self.menu_wanted.emit(self.tree.viewport().mapToGlobal(place))

    def _on_find(self) -> None:
        find_missing(self._bench, self.window())

    def _on_allow(self) -> None:
        allow_outside(self._bench, self.window())
