"""Writing that never leaves a half-written file, names that never collide, hashes."""

import hashlib
import os
import secrets
import unicodedata
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from resunet_core.errors import CaihuaError


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a path beside `path` to write to; it takes its place when all went well.

    Raises:
        CaihuaError: The folder cannot be written to or the disk is full.
    """
    beside = path.with_name(f".{path.stem}.{secrets.token_hex(4)}{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield beside
        os.replace(beside, path)  # noqa: PTH105 - atomic on every system by contract
    except PermissionError as error:  # on Windows also: open in a spreadsheet
        raise CaihuaError(
            f"{path} could not be written: {error.strerror}.",
            "Close it in other programs, or choose another folder.",
        ) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise CaihuaError(
            f"{path} could not be written: {reason}.",
            "Choose another folder, or make room on the disk.",
        ) from error
    finally:
        with suppress(OSError):  # it may never have been made
            beside.unlink()


def write_bytes(path: Path, data: bytes) -> None:
    """Write `data` so that `path` holds either all of it or what it held before."""
    with replacing(path) as beside:
        beside.write_bytes(data)


def write_text(path: Path, text: str, *, encoding: str = "utf-8") -> None:
    """Write `text` whole or not at all; line ends stay as they are.

    The bytes of a file name that is no text (a Chinese name from an old archive on
    Linux) are written as backslash escapes: in JSON that is the same name again.
    """
    write_bytes(path, text.encode(encoding, errors="backslashreplace"))


def content_hash(path: Path) -> str:
    """SHA-256 of a file's bytes, as 64 hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def unique_stems(paths: list[Path], reserved: Collection[str] = ()) -> list[str]:
    """One name for each photo's results; equal stems get -2, -3 ... in order.

    Compared as Windows and macOS compare names of files, which would overwrite: without
    regard to case and to how an accent is composed.

    Args:
        paths: The photos.
        reserved: Stems that are given to none, since other files have them.
    """
    taken = {_as_compared(path.stem) for path in paths}
    used = {_as_compared(stem) for stem in reserved}
    stems = []
    for path in paths:
        stem, number = path.stem, 1
        while _as_compared(stem) in used or (
            number > 1 and _as_compared(stem) in taken
        ):
            number += 1
            stem = f"{path.stem}-{number}"
        used.add(_as_compared(stem))
        stems.append(stem)
    return stems


def _as_compared(stem: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", stem).casefold())
