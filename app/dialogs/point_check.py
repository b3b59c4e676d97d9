"""A point check: what is it at this pixel? One key for each answer."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.jobs.points import CROP_PX, PointsAsked
from resunet_core.defects import DEFAULT_CLASSES, SOUND_ID, DefectClasses

if TYPE_CHECKING:
    from resunet_core.project.point_checks import PointCheck

_SIDE_PX = 320
_CLOSE_PX = 64  # of the photo, in the close view
_LEAST_ANSWERS = 10  # fewer say nothing worth showing
_ABOUT_RIGHT = 0.1  # half of an interval over its value: more points are no use


class PointView(QWidget):
    """The middle of a picture enlarged, with a cross that leaves the pixel free."""

    def __init__(self, seen_px: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seen_px = seen_px
        self._image = QImage()
        self.setFixedSize(_SIDE_PX, _SIDE_PX)

    def show_image(self, image: QImage) -> None:
        """Show another picture."""
        self._image = image
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the part, and the cross over it."""
        painter = QPainter(self)
        if self._image.isNull():
            painter.fillRect(self.rect(), QColor(128, 128, 128))
            return
        near = self._seen_px < CROP_PX
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not near)
        first = (self._image.width() - self._seen_px) // 2
        part = QRect(first, first, self._seen_px, self._seen_px)
        painter.drawImage(self.rect(), self._image, part)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pixel = _SIDE_PX / self._seen_px
        centre = QPointF(_SIDE_PX / 2, _SIDE_PX / 2) + QPointF(pixel, pixel) / 2
        gap = max(5.0, pixel)
        for pen in (QPen(QColor(0, 0, 0, 200), 3.5), QPen(QColor(255, 255, 255), 1.5)):
            painter.setPen(pen)
            for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                step = QPointF(dx, dy)
                painter.drawLine(centre + step * gap, centre + step * (gap + 16))
            if near:
                half = pixel / 2 + 0.5
                painter.drawRect(
                    QRectF(centre.x() - half, centre.y() - half, 2 * half, 2 * half)
                )


class PointCheckDialog(QDialog):
    """Asks point after point; each answer is told at once by a signal.

    What the mask says of a point is not shown: that would be no check.
    """

    answered = Signal(int, object)  # number of the point; class id, None: taken back

    def __init__(
        self,
        asked: PointsAsked,
        classes: DefectClasses = DEFAULT_CLASSES,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._asked, self._check, self._classes = asked, asked.check, classes
        self._keys = [*(defect.id for defect in classes), SOUND_ID]
        self.more: dict[int, int] = {}
        self._at = next(
            (n for n, one in enumerate(self._check.points) if one.seen is None),
            len(self._check.points),
        )
        self.setWindowTitle(self.tr("Point check"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(12)
        self._question = QLabel()
        self._question.setProperty("role", "title")
        layout.addWidget(self._question)
        layout.addLayout(self._make_views())
        layout.addLayout(self._make_answers())
        layout.addLayout(self._make_progress())
        layout.addLayout(self._make_figures())
        layout.addSpacing(4)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self._more = buttons.addButton("", QDialogButtonBox.ButtonRole.AcceptRole)
        self._more.setAutoDefault(False)
        close = buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setAutoDefault(False)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        self._renew()

    def _make_views(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(16)
        self._near, self._far = PointView(_CLOSE_PX), PointView(CROP_PX)
        for view, text in (
            (self._near, self.tr("The pixel")),
            (self._far, self.tr("Around it")),
        ):
            part = QVBoxLayout()
            part.setSpacing(4)
            name = QLabel(text)
            name.setProperty("role", "muted")
            part.addWidget(name)
            part.addWidget(view)
            line.addLayout(part)
        return line

    def _make_answers(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(8)
        self._answers: list[QPushButton] = []
        names = [
            QCoreApplication.translate("DefectClass", defect.name_en)
            for defect in self._classes
        ]
        for number, name in enumerate([*names, self.tr("Sound paint")]):
            button = QPushButton(f"{number + 1}   {name}")
            button.setAutoDefault(False)
            button.setProperty("role", "large")  # for a pen, or a finger in a glove
            button.clicked.connect(partial(self._on_answer, number))
            self._answers.append(button)
            line.addWidget(button, 1)
        self._back = QPushButton(self.tr("Back"))
        self._back.setToolTip(self.tr("Take the last answer back (Backspace)"))
        self._back.setAutoDefault(False)
        self._back.setProperty("role", "large")
        self._back.clicked.connect(self.step_back)
        line.addWidget(self._back)
        return line

    def _make_progress(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(12)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, len(self._check.points))
        self._count = QLabel()
        self._count.setProperty("role", "muted")
        line.addWidget(self._bar, 1)
        line.addWidget(self._count)
        return line

    def _make_figures(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(4)
        heads = (
            *("", self.tr("By the mask"), self.tr("Corrected (95 %)")),
            self.tr("To halve the interval"),
        )
        for column, text in enumerate(heads):
            head = QLabel(text)
            head.setProperty("role", "muted")
            grid.addWidget(head, 0, column, _side(column))
        self._figures: dict[int, tuple[QLabel, QLabel, QLabel]] = {}
        for line, defect in enumerate(self._classes, 1):
            name = QCoreApplication.translate("DefectClass", defect.name_en)
            grid.addWidget(QLabel(name), line, 0)
            labels = (QLabel(), QLabel(), QLabel())
            labels[1].setProperty("role", "figure")
            for column, label in enumerate(labels, 1):
                label.setMinimumHeight(20)
                grid.addWidget(label, line, column, _side(column))
            self._figures[defect.id] = labels
        grid.setColumnStretch(0, 1)
        return grid

    def sizeHint(self) -> QSize:
        """As the pictures need."""
        return QSize(720, 660)

    @property
    def check(self) -> "PointCheck":
        """The check with all answers given here."""
        return self._check

    @property
    def said(self) -> dict[int, str]:
        """The corrected share of each class id, as it is shown."""
        return {key: labels[1].text() for key, labels in self._figures.items()}

    def event(self, event: QEvent) -> bool:
        """Answers are no shortcuts of the window behind."""
        is_asked = event.type() == QEvent.Type.ShortcutOverride
        if is_asked and isinstance(event, QKeyEvent) and self._is_answer(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """1, 2, 3 answer; Backspace goes back."""
        if self._is_answer(event) and not event.isAutoRepeat():
            self._on_answer(event.key() - Qt.Key.Key_1)
        elif event.key() == Qt.Key.Key_Backspace:
            self.step_back()
        else:
            super().keyPressEvent(event)

    def _is_answer(self, event: QKeyEvent) -> bool:
        return 0 <= event.key() - Qt.Key.Key_1 < len(self._keys)

    def _on_answer(self, number: int) -> None:
        if self._at >= len(self._check.points):
            return
        self._note(self._at, self._keys[number])
        self._at += 1
        self._renew()

    def step_back(self) -> None:
        """Ask the last point again."""
        if self._at > 0:
            self._at -= 1
            self._note(self._at, None)
            self._renew()

    def _note(self, at: int, seen: int | None) -> None:
        points = [*self._check.points]
        points[at] = replace(points[at], seen=seen)
        self._check = replace(self._check, points=tuple(points))
        self.answered.emit(points[at].number, seen)

    def _renew(self) -> None:
        count, is_over = len(self._check.points), self._at >= len(self._check.points)
        self._question.setText(
            self.tr("All points are checked.")
            if is_over
            else self.tr("What is it under the cross?")
        )
        for button in self._answers:
            button.setEnabled(not is_over)
        self._back.setEnabled(self._at > 0)
        self._bar.setValue(self._at)
        self._count.setText(self.tr("{0} of {1}").format(self._at, count))
        image = QImage()
        if not is_over:
            pixels = self._asked.crops[self._check.points[self._at].number]
            side = 3 * pixels.shape[1]
            form = QImage.Format.Format_RGB888
            image = QImage(
                pixels.tobytes(), pixels.shape[1], pixels.shape[0], side, form
            ).copy()
        self._near.show_image(image)
        self._far.show_image(image)
        self._show_figures(is_over=is_over)

    def _show_figures(self, *, is_over: bool) -> None:
        whole = max(1, sum(self._check.strata.values()))
        enough = self._check.answered >= min(_LEAST_ANSWERS, len(self._check.points))
        self.more = {}
        for class_id, (mapped, corrected, more) in self._figures.items():
            px = self._check.strata.get(class_id, 0)
            mapped.setText(f"{100 * px / whole:.2f} %")
            if not enough:
                corrected.setText("\u2013")
                more.setText("\u2013")
                continue
            found = self._check.estimate(class_id)
            corrected.setText(
                _interval(found.area_px, found.low_px, found.high_px, whole)
            )
            wanted = self._check.points_to_halve(class_id)
            more.setText(self.tr("{0} more points").format(sum(wanted.values())))
            half = (found.high_px - found.low_px) / 2
            if half > _ABOUT_RIGHT * max(found.area_px, 1):
                for stratum, points in wanted.items():
                    self.more[stratum] = max(self.more.get(stratum, 0), points)
        self.more = _at_most(self.more, len(self._check.points))
        self._more.setText(self.tr("{0} more points").format(sum(self.more.values())))
        self._more.setVisible(is_over and bool(self.more))


def _side(column: int) -> Qt.AlignmentFlag:
    flag = Qt.AlignmentFlag
    return flag.AlignLeft if column == 0 else flag.AlignRight


def _interval(value: float, low: float, high: float, whole: int) -> str:
    """A share with its interval, with as many digits as the interval leaves."""
    half = 50 * (high - low) / whole
    digits = 2 if half < 0.1 else 1 if half < 2 else 0
    one, least, most = (f"{100 * v / whole:.{digits}f}" for v in (value, low, high))
    return f"{one} % ({least}\u2013{most})"


def _at_most(more: dict[int, int], most: int) -> dict[int, int]:
    """No more than were asked already: nobody goes on for hours."""
    total = sum(more.values())
    if total <= most:
        return more
    return {key: max(1, round(count * most / total)) for key, count in more.items()}
