"""What is known of the photo: its size, its building, its scale."""

from PySide6.QtWidgets import QDoubleSpinBox, QFormLayout, QLineEdit, QWidget

from app.actions.workbench import Workbench
from app.panels.parts import NO_FIGURE, SPACE_PX, column, indent, muted
from app.support.words import said_place, said_review
from resunet_core.project.records import PhotoRecord


class DetailsPanel(QWidget):
    """Building and scale can be set; both go to the project at once."""

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = bench.context.session
        layout = column(self)
        form = QFormLayout()
        form.setHorizontalSpacing(2 * SPACE_PX)
        form.setVerticalSpacing(SPACE_PX)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._size = muted()
        self._notes = muted(wrap=True)
        self._place = muted(wrap=True)
        self._state = muted(wrap=True)
        self._building = QLineEdit()
        self._building.setPlaceholderText(self.tr("Name of the building"))
        self._building.setAccessibleName(self.tr("Building"))
        self._building.editingFinished.connect(self._on_building)
        self._scale = QDoubleSpinBox()
        self._scale.setRange(0, 1000)
        self._scale.setDecimals(4)
        indent(self._scale)
        self._scale.setSingleStep(0.01)
        self._scale.setSuffix(self.tr(" mm per px"))
        self._scale.setSpecialValueText(self.tr("Not known"))
        self._scale.setAccessibleName(self.tr("Scale"))
        self._scale.setToolTip(
            self.tr("Millimetres that one pixel shows; 0 when not known")
        )
        self._scale.editingFinished.connect(self._on_scale)
        form.addRow(self.tr("Size"), self._size)
        form.addRow(self.tr("State"), self._state)
        form.addRow(self.tr("Building"), self._building)
        form.addRow(self.tr("Scale"), self._scale)
        layout.addLayout(form)
        layout.addWidget(self._place)
        layout.addWidget(self._notes)
        bench.opener.opening.connect(self._on_opening)
        for signal in (
            self._session.photo_shown,
            self._session.photo_left,
            self._session.details_changed,
            self._session.lock_changed,
        ):
            signal.connect(self._renew)
        self._renew()

    @property
    def scale_field(self) -> QDoubleSpinBox:
        """Where the scale is typed."""
        return self._scale

    def _renew(self) -> None:
        opened = self._session.opened
        for field in (self._building, self._scale):
            field.setEnabled(opened is not None and self._session.lock is None)
        if opened is None:
            self._size.setText(NO_FIGURE)
            self._notes.hide()
            self._place.hide()
            self._state.setText(NO_FIGURE)
            self._building.clear()
            self._scale.setValue(0)
            return
        record = opened.record
        self._size.setText(
            self.tr("{0} by {1} px, {2} MP").format(
                record.width, record.height, f"{opened.photo.megapixels:.1f}"
            )
        )
        self._state.setText(self._said_state(record))
        place = said_place(record.place)
        self._place.setText(place)
        self._place.setVisible(bool(place) and place != record.building)
        self._notes.setText("\n".join(filter(None, (record.note, *opened.photo.notes))))
        self._notes.setVisible(bool(self._notes.text()))
        self._building.setText(record.building)
        self._building.setCursorPosition(0)  # a long name is read from its start
        self._scale.setValue(record.mm_per_px or 0)

    def _said_state(self, record: PhotoRecord) -> str:
        if not record.reviewed_by or record.review == "draft":
            return said_review(record.review)
        return self.tr("{0} by {1}").format(
            said_review(record.review), record.reviewed_by
        )

    def _on_opening(self, _index: int) -> None:
        """What was typed last counts, also when a shortcut leaves the photo."""
        self._on_building()
        self._on_scale()

    def _on_building(self) -> None:
        self._session.set_building(self._building.text().strip())

    def _on_scale(self) -> None:
        self._session.set_scale(self._scale.value() or None)
