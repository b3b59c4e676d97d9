"""The search field above the list of photos, and what narrows it down further."""

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.panels.names import said_class
from app.panels.parts import SPACE_PX, indent, muted, row
from app.support.icons import icon
from app.support.words import said_review
from resunet_core.defects import DefectClasses
from resunet_core.project.query import PhotoQuery, ShareRange
from resunet_core.project.records import REVIEW_STATES, Place

_QUIET_MS = 120


class PhotoFilter(QWidget):
    """Makes a query of what is typed and chosen, a moment after the last key."""

    changed = Signal()

    def __init__(self, classes: DefectClasses, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, singleShot=True, interval=_QUIET_MS)
        self._timer.timeout.connect(self.changed)
        self._text = QLineEdit()
        self._text.setClearButtonEnabled(True)
        self._text.setPlaceholderText(self.tr("Search"))
        self._text.setAccessibleName(self.tr("Search photos"))
        keys = QKeySequence("Ctrl+F").toString(QKeySequence.SequenceFormat.NativeText)
        self._text.setToolTip(
            self.tr("Words of the name, the place or the note ({0})").format(keys)
        )
        self._text.textChanged.connect(self._on_changed)
        self._more = QToolButton()
        self._more.setCheckable(True)
        self._more.setProperty("role", "small")
        self._more.setIcon(icon("funnel"))
        self._more.setIconSize(QSize(18, 18))
        self._more.setToolTip(self.tr("Filter by component, damage or state"))
        self._more.setAccessibleName(self.tr("Filters"))
        self._more.toggled.connect(self._on_more)
        self._fields = QWidget()
        self._fill(classes)
        self._fields.hide()
        self._count = muted()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_PX, 0, SPACE_PX, 0)
        layout.setSpacing(SPACE_PX)
        layout.addLayout(row(self._text, self._more, stretch=0))
        layout.addWidget(self._fields)
        layout.addWidget(self._count)
        self._count.hide()

    @property
    def query(self) -> PhotoQuery:
        """What is looked for."""
        review = self._review.currentData()
        class_id, least = self._class.currentData(), self._least.value() / 100
        # Above, not from: at 0 % the photos without any of it are left out.
        share = ShareRange(class_id or 0, max(least, 1e-12))
        return PhotoQuery(
            text=self._text.text().strip(),
            place=Place(component=self._component.currentData() or ""),
            review=frozenset({review} if review else ()),
            shares=(share,) if class_id else (),
        )

    @property
    def class_id(self) -> int | None:
        """The class whose share is asked for."""
        chosen: int | None = self._class.currentData()
        return chosen

    def focus(self) -> None:
        """Take the keyboard."""
        self._text.setFocus()
        self._text.selectAll()

    def clear(self) -> None:
        """Look for everything."""
        self._text.clear()
        for box in (self._component, self._class, self._review):
            box.setCurrentIndex(0)
        self._least.setValue(0)

    def offer_components(self, names: list[str]) -> None:
        """Let the component be chosen from these."""
        chosen = self._component.currentData()
        if [self._component.itemData(n) for n in range(1, self._component.count())] == (
            names
        ):
            return
        self._component.blockSignals(True)
        self._component.clear()
        self._component.addItem(self.tr("All components"), "")
        for name in names:
            self._component.addItem(name, name)
        self._component.setCurrentIndex(max(0, self._component.findData(chosen)))
        self._component.blockSignals(False)

    def say_count(self, shown: int, total: int) -> None:
        """Say how many of the photos are shown, where it is not all of them."""
        self._count.setText(self.tr("{0} of {1} photos").format(shown, total))
        self._count.setVisible(self.query != PhotoQuery())

    def _fill(self, classes: DefectClasses) -> None:
        self._component = self._choice(self.tr("Component"))
        self._component.addItem(self.tr("All components"), "")
        self._class = self._choice(self.tr("Damage"))
        self._class.addItem(self.tr("Any damage"), None)
        for defect in classes:
            self._class.addItem(said_class(defect), defect.id)
        self._least = QDoubleSpinBox()
        self._least.setRange(0, 100)
        self._least.setDecimals(1)
        self._least.setSuffix(" %")
        self._least.setFixedWidth(84)
        self._least.setAccessibleName(self.tr("More than this share of the photo"))
        indent(self._least)
        self._review = self._choice(self.tr("State"))
        self._review.addItem(self.tr("All states"), "")
        for state in REVIEW_STATES:
            self._review.addItem(said_review(state), state)
        self._least.valueChanged.connect(self._on_changed)
        self._least.setEnabled(False)
        for box in (self._component, self._class, self._review):
            box.currentIndexChanged.connect(self._on_changed)
        grid = QGridLayout(self._fields)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(SPACE_PX)
        above = QLabel(">")
        above.setToolTip(self.tr("More than this share of the photo"))
        grid.addWidget(self._component, 0, 0, 1, 3)
        grid.addWidget(self._class, 1, 0)
        grid.addWidget(above, 1, 1)
        grid.addWidget(self._least, 1, 2)
        grid.addWidget(self._review, 2, 0, 1, 3)
        grid.setColumnStretch(0, 1)

    def _choice(self, name: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        return box

    def _on_more(self, shown: bool) -> None:
        self._fields.setVisible(shown)
        if not shown:
            text = self._text.text()
            self.clear()
            self._text.setText(text)

    def _on_changed(self) -> None:
        self._least.setEnabled(self.class_id is not None)
        self._timer.start()
