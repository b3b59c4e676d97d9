"""What a class is called in the person's language."""

from PySide6.QtCore import QCoreApplication

from resunet_core.defects import DefectClass


def said_class(defect: DefectClass) -> str:
    """The name of a class, to begin a line with."""
    return QCoreApplication.translate("DefectClass", defect.name_en)


def said_class_inside(defect: DefectClass) -> str:
    """The name of a class, to stand inside a sentence."""
    return said_class(defect).lower()
