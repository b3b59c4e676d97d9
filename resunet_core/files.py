"""Writing that never leaves a half-written file, names that never collide, hashes."""

import hashlib
import os
import secrets
from collections.abc import Iterator
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
    """Write `text` whole or not at all; line ends stay as they are."""
    write_bytes(path, text.encode(encoding))


def content_hash(path: Path) -> str:
    """SHA-256 of a file's bytes, as 64 hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def unique_stems(paths: list[Path]) -> list[str]:
    """One name for each photo's results; equal stems get -2, -3 ... in order.

    Compared without regard to case, since Windows and macOS would overwrite.
    """
    taken = {path.stem.casefold() for path in paths}
    used: set[str] = set()
    stems = []
    for path in paths:
        stem, number = path.stem, 1
        while stem.casefold() in used or (number > 1 and stem.casefold() in taken):
            number += 1
            stem = f"{path.stem}-{number}"
        used.add(stem.casefold())
        stems.append(stem)
    return stems
