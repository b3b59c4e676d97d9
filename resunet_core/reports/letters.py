"""All letters that a report can show, so that its font holds them."""

from dataclasses import fields, is_dataclass

from resunet_core.reports.document import Document

_ALWAYS = (
    "".join(chr(code) for code in range(0x20, 0x7F)) + "·–—…²≤≥±×°“”‘’%›、。，：；（）"
)


def letters_of(document: Document) -> list[str]:
    """Every text of a document, and what is always needed."""
    found = [_ALWAYS]
    _gather(document, found)
    return found + [part.upper() for part in found]


def _gather(value: object, found: list[str]) -> None:
    if isinstance(value, str):
        found.append(value)
    elif isinstance(value, tuple):
        for part in value:
            _gather(part, found)
    elif is_dataclass(value):
        for one in fields(value):
            _gather(getattr(value, one.name), found)
