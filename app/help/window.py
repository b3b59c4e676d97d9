"""The window of the help: a list of pages with a search, and the page."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QKeySequence,
    QShortcut,
    QShowEvent,
    QTextCursor,
)
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QTextBrowser,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.help.names import Names
from app.help.pages import FIRST, Page, pictures_folder, read_pages
from app.help.style import lay_out
from app.support.language import language_of
from app.support.theme import colours_of

_ID = Qt.ItemDataRole.UserRole
_SIZE = QSize(1040, 680)
_LIST_PX = 260
_MARGIN_PX, _SPACE_PX = 16, 8
_ROW_PX = 28


class HelpWindow(QDialog):
    """Stands beside the window and does not hold it up; follows its language."""

    def __init__(self, names: Callable[[], Names], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("help_window")
        self.setWindowTitle(self.tr("Help"))
        self.resize(_SIZE.boundedTo(self.screen().availableSize() * 0.9))
        self._names = names
        self._pages: dict[str, Page] = {}
        self._shown = FIRST
        self._search = QLineEdit()
        self._search.setPlaceholderText(self.tr("Search the help"))
        self._search.setAccessibleName(self.tr("Search the help"))
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self._on_search)
        self._list = QListWidget()
        self._list.setAccessibleName(self.tr("Pages"))
        off = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self._list.setHorizontalScrollBarPolicy(off)
        self._list.currentItemChanged.connect(self._on_chosen)
        self._none = QLabel(self.tr("No page says that."))
        self._none.setProperty("role", "muted")
        self._browser = QTextBrowser()
        self._browser.setOpenLinks(False)
        self._browser.anchorClicked.connect(self._on_link)
        self._browser.document().setDocumentMargin(_MARGIN_PX)
        self._lay_out()
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.activated.connect(self._search.setFocus)
        self._read()

    def _lay_out(self) -> None:
        side = QWidget()
        side.setFixedWidth(_LIST_PX)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_SPACE_PX)
        column.addWidget(self._search)
        column.addWidget(self._none)
        column.addWidget(self._list, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(*[_MARGIN_PX] * 4)
        layout.setSpacing(_MARGIN_PX)
        layout.addWidget(side)
        layout.addWidget(self._browser, 1)

    @property
    def shown(self) -> str:
        """The id of the page on the screen."""
        return self._shown

    @property
    def listed(self) -> list[str]:
        """The ids of the pages in the list, those that have what is searched for."""
        rows = [self._list.item(row) for row in range(self._list.count())]
        return [row.data(_ID) for row in rows if not row.isHidden()]

    @property
    def text(self) -> str:
        """What the page on the screen says."""
        return self._browser.toPlainText()

    def search(self, words: str) -> None:
        """Look for words, as if they were typed."""
        self._search.setText(words)

    def open_page(self, name: str) -> None:
        """Show a page."""
        if name in self._pages:
            self._search.clear()
            self._choose(name)

    def follow(self, link: str) -> None:
        """Go where a link of a page leads."""
        self._on_link(QUrl(link))

    def changeEvent(self, event: QEvent) -> None:
        """Read the pages of the new language, or colour them for the new theme."""
        super().changeEvent(event)
        kinds = (QEvent.Type.LanguageChange, QEvent.Type.PaletteChange)
        if event.type() in kinds and self._pages:
            self._read()

    def showEvent(self, event: QShowEvent) -> None:
        """Call things as they are called now: shortcuts may have changed."""
        self._read()
        super().showEvent(event)

    def _read(self) -> None:
        app = QApplication.instance()
        language = language_of(app) if app is not None else None
        name = language.name if language is not None else "en"
        self._browser.setSearchPaths([str(pictures_folder(name))])
        self._pages = {page.id: page for page in read_pages(name, self._names())}
        self._list.blockSignals(True)
        self._list.clear()
        for page in self._pages.values():
            item = QListWidgetItem(page.title)
            item.setData(_ID, page.id)
            item.setToolTip(page.title)
            item.setSizeHint(QSize(0, _ROW_PX))
            self._list.addItem(item)
        self._list.blockSignals(False)
        self._filter()
        self._choose(self._shown)
        self._show(self._shown)

    def _choose(self, name: str) -> None:
        for row in range(self._list.count()):
            if self._list.item(row).data(_ID) == name:
                self._list.setCurrentRow(row)

    def _show(self, name: str) -> None:
        page = self._pages.get(name)
        if page is None:
            return
        self._shown = name
        self._browser.setMarkdown(page.text)
        line = QColor(colours_of(self.palette()).line)
        lay_out(self._browser.document(), line)
        self._browser.moveCursor(QTextCursor.MoveOperation.Start)
        self._mark_found()

    def _filter(self) -> None:
        words = self._search.text()
        for row in range(self._list.count()):
            item = self._list.item(row)
            item.setHidden(not self._pages[item.data(_ID)].has(words))
        self._none.setVisible(not self.listed)

    def _mark_found(self) -> None:
        """Mark the words searched for, and go to the first of them."""
        marked: list[QTextEdit.ExtraSelection] = []
        document, first = self._browser.document(), None
        colour = QColor(colours_of(self.palette()).selected)
        for word in self._search.text().split():
            found = document.find(word)
            while not found.isNull():
                selection = QTextEdit.ExtraSelection()
                selection.cursor = found
                selection.format.setBackground(colour)
                marked.append(selection)
                first = found if first is None or found < first else first
                found = document.find(word, found)
        self._browser.setExtraSelections(marked)
        if first is not None:
            place = QTextCursor(first)
            place.clearSelection()
            self._browser.setTextCursor(place)

    def _on_search(self) -> None:
        self._filter()
        listed = self.listed
        if listed and self._shown not in listed:
            self._choose(listed[0])
        else:
            self._mark_found()

    def _on_chosen(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._show(item.data(_ID))

    def _on_link(self, link: QUrl) -> None:
        name = link.path().removesuffix(".md")
        if not link.scheme() and name in self._pages:
            self.open_page(name)
