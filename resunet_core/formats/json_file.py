"""JSON from elsewhere, read in memory that its size bounds."""

import json
from pathlib import Path
from typing import Any

from resunet_core.errors import BadAnnotation

MAX_BYTES = 512 * 1024 * 1024
MAX_VALUES = 30_000_000
"""A value takes some 60 bytes in memory however few it has in the file."""

LOOK_AGAIN = "Check that it is the file you mean, or split it."


def read_json(path: Path, what: str) -> Any:  # noqa: ANN401 - whatever the JSON holds
    """The contents of a JSON file that should be `what`, for instance "a COCO file".

    Raises:
        BadAnnotation: It cannot be read, is no JSON, nested too deep, or larger than
            any labels of one photo.
    """
    data = read_limited(path)
    values = sum(data.count(mark) for mark in (b",", b"[", b"{"))
    if values > MAX_VALUES:
        raise BadAnnotation(
            f"{path} holds about {values // 1_000_000} million values, more than "
            f"{MAX_VALUES // 1_000_000} million.",
            LOOK_AGAIN,
        )
    try:
        return json.loads(data)
    except RecursionError as error:
        raise BadAnnotation(
            f"{path} is nested too deep to be {what}.", LOOK_AGAIN
        ) from error
    except ValueError as error:
        raise BadAnnotation(
            f"{path} is not {what}: {_reason(data, error)}.",
            "Save it again with the program that made it.",
        ) from error


def read_limited(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        BadAnnotation: It cannot be read, or is larger than any label file.
    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise BadAnnotation(
                f"{path} has {size // 2**20} MiB, more than {MAX_BYTES // 2**20} MiB.",
                LOOK_AGAIN,
            )
        return path.read_bytes()
    except OSError as error:
        raise BadAnnotation(
            f"{path} cannot be read: {error.strerror or error}.",
            "Check the name and your rights to it.",
        ) from error


def _reason(data: bytes, error: ValueError) -> str:
    if not data.strip():
        return "it is empty"
    if isinstance(error, UnicodeDecodeError):
        return "it is not text in UTF-8"
    if isinstance(error, json.JSONDecodeError):
        return f"no JSON at line {error.lineno}, column {error.colno}"
    return "it holds a number that no computer keeps"
