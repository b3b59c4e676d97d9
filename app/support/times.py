"""How a moment is said: in the person's own zone and manner."""

from datetime import datetime

from PySide6.QtCore import QDateTime, QLocale


def said_time(at: datetime) -> str:
    """Day and time, as short as the language has them."""
    moment = QDateTime.fromSecsSinceEpoch(int(at.timestamp()))
    return QLocale().toString(moment, QLocale.FormatType.ShortFormat)
