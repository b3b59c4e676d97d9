"""Why nothing of a photo can be changed at the moment, in a sentence."""

from enum import Enum

from PySide6.QtCore import QCoreApplication


class Lock(Enum):
    """What stands in the way of a change."""

    READ_ONLY = "read-only"
    APPROVED = "approved"
    BUSY = "busy"  # labels are being imported, which needs the masks for itself


def said_lock(lock: Lock) -> str:
    """The sentence for a person."""
    said = QCoreApplication.translate
    return {
        Lock.READ_ONLY: said("Lock", "This project is read-only here."),
        Lock.APPROVED: said("Lock", "This photo is approved and stays as it is."),
        Lock.BUSY: said("Lock", "Labels are being imported."),
    }[lock]
