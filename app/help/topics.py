"""Which page tells about the part of the window that a person is in."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

# By the name of the object, or of its class.
_PARTS = {
    "photos": "first-photo",
    "details": "scale",
    "model": "detect",
    "layers": "detect",
    "areas": "numbers",
    "regions": "correct",
    "toolbar": "correct",
    "palette": "correct",
    "WelcomePanel": "first-photo",
    "ReviewBar": "review",
    "StepsPanel": "projects",
    "HistoryPanel": "projects",
    "SnapshotsPanel": "projects",
    "ScalePanel": "scale",
    "FiguresPanel": "numbers",
    "BuildingPanel": "numbers",
    "NoticesPanel": "projects",
    "ExportDialog": "exchange",
    "ImportDialog": "exchange",
    "ReportDialog": "reports",
    "CampaignsDialog": "reports",
    "PlaceDialog": "reports",
    "PointCheckStart": "numbers",
    "PointCheckDialog": "numbers",
    "ModelCardDialog": "numbers",
    "TrainingPanel": "training",
    "SnapshotDialog": "projects",
    "RecoveryDialog": "projects",
    "ErrorDialog": "projects",
    "DiagnosticsDialog": "projects",
    "PreferencesDialog": "projects",
}


def page_of(widget: QWidget | None) -> str | None:
    """The page on the nearest part around a widget; None where none is."""
    at: QObject | None = widget
    while at is not None:
        for name in (at.objectName(), *(kind.__name__ for kind in type(at).__mro__)):
            if name in _PARTS:
                return _PARTS[name]
        at = at.parent()
    return None
