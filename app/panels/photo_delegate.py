"""Draws a line of the photo tree: a place with its count, or a photo."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.panels.parts import SPACE_PX
from app.panels.photo_model import PhotoModel
from app.support.icons import draw_icon
from app.support.theme import colours_of

Index = QModelIndex | QPersistentModelIndex
_GROUP_PX = 30
_ROW_PX = 60
_FRAME_PX = 44
_SIGN_PX = 18


@dataclass(frozen=True)
class PhotoLook:
    """What a line says of a photo; `sign` is an icon, `role` a colour of the theme."""

    said: str
    role: str = "muted"
    sign: str = ""
    is_there: bool = True


class PhotoDelegate(QStyledItemDelegate):
    """Asks for looks and pictures only of what is seen."""

    def __init__(
        self,
        model: PhotoModel,
        look: Callable[[int], PhotoLook],
        want: Callable[[int], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._look = look
        self._want = want

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """Photos are higher than places."""
        is_photo = self._model.photo(index) is not None
        return QSize(160, _ROW_PX if is_photo else _GROUP_PX)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Draw it."""
        self.initStyleOption(option, index)
        name, option.text = option.text, ""
        style = option.widget.style()
        style.drawControl(
            QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget
        )
        painter.save()
        photo, group = self._model.photo(index), self._model.group(index)
        if photo is not None:
            self._paint_photo(painter, option, photo, name)
        elif group is not None:
            self._paint_group(painter, option, name, group.count)
        painter.restore()

    def _paint_group(
        self, painter: QPainter, option: QStyleOptionViewItem, name: str, count: int
    ) -> None:
        area = option.rect.adjusted(4, 0, -SPACE_PX, 0)
        metrics = option.fontMetrics
        figure = str(count)
        room = area.width() - metrics.horizontalAdvance(figure) - SPACE_PX
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(option.palette.color(QPalette.ColorRole.Text))
        # A chain of places is told apart by its end.
        shown = metrics.elidedText(name, Qt.TextElideMode.ElideLeft, room)
        painter.drawText(area, middle, shown)
        painter.setPen(QColor(colours_of(option.palette).muted))
        painter.drawText(area, middle | Qt.AlignmentFlag.AlignRight, figure)

    def _paint_photo(
        self, painter: QPainter, option: QStyleOptionViewItem, photo: int, name: str
    ) -> None:
        look, colours = self._look(photo), colours_of(option.palette)
        top = option.rect.top() + (_ROW_PX - _FRAME_PX) // 2
        frame = QRect(option.rect.left() + 4, top, _FRAME_PX, _FRAME_PX)
        self._paint_picture(painter, frame, photo, look, option)
        text = option.rect.adjusted(_FRAME_PX + 2 * SPACE_PX, 11, -SPACE_PX, -11)
        if look.sign:
            middle = option.rect.center().y() - _SIGN_PX // 2
            place = QRect(text.right() - _SIGN_PX, middle, _SIGN_PX, _SIGN_PX)
            draw_icon(painter, place, look.sign, QColor(colours.accent))
            text.setRight(place.left() - SPACE_PX // 2)
        metrics = option.fontMetrics
        painter.setPen(option.palette.color(QPalette.ColorRole.Text))
        shown = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, text.width())
        painter.drawText(text, Qt.AlignmentFlag.AlignTop, shown)
        painter.setPen(QColor(getattr(colours, look.role)))
        said = metrics.elidedText(look.said, Qt.TextElideMode.ElideRight, text.width())
        painter.drawText(text, Qt.AlignmentFlag.AlignBottom, said)

    def _paint_picture(
        self,
        painter: QPainter,
        frame: QRect,
        photo: int,
        look: PhotoLook,
        option: QStyleOptionViewItem,
    ) -> None:
        picture: QPixmap | None = self._model.picture(photo)
        if picture is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(frame, picture)
            return
        colours = colours_of(option.palette)
        painter.fillRect(frame, QColor(colours.hover))
        colour = QColor(colours.muted if look.is_there else colours.warning)
        name = "image" if look.is_there else "warning"
        draw_icon(painter, frame.adjusted(13, 13, -13, -13), name, colour)
        if look.is_there:
            self._want(photo)
