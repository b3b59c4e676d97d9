"""Takes out of a text what tells of a person, her photos and her folders."""

import re
from collections.abc import Iterable
from pathlib import PurePath

from app.support.paths import PROJECT_SUFFIX
from resunet_core.imaging.photo import SUPPORTED_SUFFIXES

_LEAST_LETTERS = 3  # a shorter name would blot out half of every word
_PUBLIC = {"caihua", "photos", "images", "root", "user"}  # that tell of nobody
_OWN = ("app", "resunet_core", "site-packages")
_KINDS = "|".join(
    re.escape(suffix.lstrip("."))
    for suffix in sorted(
        {
            *SUPPORTED_SUFFIXES,
            *(PROJECT_SUFFIX, ".json", ".safetensors", ".csv", ".pdf", ".zip"),
            *(".xlsx", ".docx", ".html", ".xml", ".tfw", ".jgw", ".md"),
        },
        key=len,
        reverse=True,
    )
)
_FRAME = re.compile(r'File "([^"\n]+)", line')
_START = r"(?:(?<![\w.:/\\])[A-Za-z]:[\\/]|\\\\|file:/+|(?<![\w.<:/\\])~?/(?=\S))"
_PATH_TO_FILE = re.compile(
    rf"{_START}[^\n\"'<>|*?]*?\.(?:{_KINDS})(?![\w.])", re.IGNORECASE
)
_QUOTED_PATH = re.compile(r"([\"'])(?=[^\"'\n]*[\\/])[^\"'\n]+\1")
_PATH = re.compile(rf"{_START}[^\s\"'<>|*?]*")
_FILE = re.compile(rf"[^\s\"'<>|*?\\/:()]+\.({_KINDS})(?![\w.])", re.IGNORECASE)


def redact(text: str, private: Iterable[str]) -> str:
    """The text without paths, names of files, and what else is private.

    Args:
        text: Of a log or a report on this computer.
        private: Names, words and whole paths that must not appear, in any case of
            letters. One name always becomes one number, so that lines can still be
            told to speak of the same thing.
    """
    text = _FRAME.sub(_own_frame, text)
    for number, name in enumerate(_longest_first(private), 1):
        text = re.sub(re.escape(name), f"<name {number}>", text, flags=re.IGNORECASE)
    text = _QUOTED_PATH.sub(r"\1<path>\1", text)
    text = _PATH_TO_FILE.sub("<path>", text)
    text = _PATH.sub("<path>", text)
    return _FILE.sub(r"<file>.\1", text)


def _longest_first(private: Iterable[str]) -> list[str]:
    """A whole path before its parts."""
    names = {name.strip() for name in private}
    names = {
        name
        for name in names
        if len(name) >= _LEAST_LETTERS and name.casefold() not in _PUBLIC
    }
    return sorted(names, key=lambda name: (-len(name), name))


def _own_frame(found: re.Match[str]) -> str:
    """Of a line of a traceback what lies within the program, wherever it is."""
    parts = PurePath(found[1].replace("\\", "/")).parts
    starts = [number for number, part in enumerate(parts[:-1]) if part in _OWN]
    within = ">".join(parts[starts[0] :] if starts else parts[-1:])
    return f"File {within}, line"
