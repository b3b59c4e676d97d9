"""What a model is, how good it is and what it does not know."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from resunet_core.model.model_file import ModelInfo


def show_model_card(parent: QWidget, model: ModelInfo) -> None:
    """Show the card beside the model file, or what the file says of itself."""
    dialog = ModelCardDialog(model, parent)
    dialog.exec()
    dialog.deleteLater()


class ModelCardDialog(QDialog):
    """The card, to read and scroll."""

    def __init__(self, model: ModelInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About the model {0}").format(model.name))
        self.resize(640, 560)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(16)
        text = QTextBrowser()
        text.setOpenExternalLinks(False)
        text.setMarkdown(card_text(model))
        text.document().setDocumentMargin(16)
        layout.addWidget(text)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)


def card_text(model: ModelInfo) -> str:
    """The model's card as Markdown."""
    card = model.path.with_suffix(".md")
    if card.is_file():
        return card.read_text(encoding="utf-8")
    config = model.config
    said = QCoreApplication.translate
    lines = [
        f"# {model.name}",
        said("ModelCard", "Architecture: {0}").format(config.architecture),
        said("ModelCard", "Classes: {0}").format(", ".join(config.classes)),
        said("ModelCard", "SHA-256: {0}").format(f"`{model.sha256}`"),
        *config.lineage,
        *config.notes,
    ]
    return "\n\n".join(lines)
