"""The page of words: the core's own glossary, in the person's language."""

import re

from PySide6.QtCore import QCoreApplication

import resunet_core
from app.help.names import Names

CONTEXT = "Glossary"
_ENTRY = re.compile(r"^\* ([^:]+): (.+?)(?=^\* |\Z)", re.DOTALL | re.MULTILINE)


def glossary() -> list[tuple[str, str]]:
    """The words of the core and what they mean, in English."""
    text = resunet_core.__doc__ or ""
    return [(word, " ".join(said.split())) for word, said in _ENTRY.findall(text)]


def glossary_table(_names: Names) -> str:
    """Markdown: a word and its meaning a line."""
    said = QCoreApplication.translate
    lines = [
        f"**{said(CONTEXT, word)}**: {said(CONTEXT, meaning)}"
        for word, meaning in glossary()
    ]
    return "\n\n".join(lines)
