"""What is asked while a model learns."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMessageBox, QWidget


def ask_to_leave_training(parent: QWidget) -> bool:
    """Whether to close the window although a model is learning."""
    said = QCoreApplication.translate
    box = QMessageBox(parent)
    box.setObjectName("leave_training")
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle(said("Training", "A model is learning"))
    box.setText(said("Training", "A model is still learning from your corrections."))
    box.setInformativeText(
        said(
            "Training",
            "If you close now, learning ends and the model in use stays as it was.",
        )
    )
    leave = box.addButton(
        said("Training", "Close anyway"), QMessageBox.ButtonRole.DestructiveRole
    )
    stay = box.addButton(
        said("Training", "Go on learning"), QMessageBox.ButtonRole.RejectRole
    )
    box.setDefaultButton(stay)
    box.exec()
    chosen = box.clickedButton() is leave
    box.deleteLater()
    return chosen
