"""Marks texts of tables, made before there is a translator, for translation."""


def QT_TRANSLATE_NOOP(_context: str, text: str) -> str:
    """`text` itself; Qt's own tool finds it by this function's name."""
    return text
