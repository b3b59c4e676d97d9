"""Where the program keeps what it can make again: pyramids, probability maps."""

import os
import stat
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

LIMIT_BYTES = 20 * 1024**3
CLEARED = ("pyramids", "probabilities")
"""The kinds of large files that a person may clear away; they are made again."""


def cache_dir(kind: str) -> Path:
    """The folder for one kind of cached file, made when missing.

    `CAIHUA_CACHE` moves all of them, for a small system disk or for tests.
    """
    moved = os.environ.get("CAIHUA_CACHE")
    folder = Path(moved or _users_cache()) / kind
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _users_cache() -> str:
    import platformdirs  # noqa: PLC0415 - a training machine may lack it

    return platformdirs.user_cache_dir("caihua", appauthor=False)


def prune(keep: Path, limit_bytes: int = LIMIT_BYTES) -> None:
    """Delete the least recently used files beside `keep` beyond a total size."""
    files = []
    for path in keep.parent.iterdir():
        with suppress(OSError):  # another window may be tidying up, too
            found = path.stat()
            if stat.S_ISREG(found.st_mode):
                files.append((found.st_mtime, found.st_size, path))
    total = sum(size for _, size, _ in files)
    for _, size, path in sorted(files):
        if total <= limit_bytes:
            return
        if path == keep:
            continue
        with suppress(OSError):  # open in another window, on Windows: goes next time
            path.unlink()
            total -= size


def size_bytes() -> int:
    """How large all files are that `clear` would delete."""
    total = 0
    for path in _clearable():
        with suppress(OSError):
            total += path.stat().st_size
    return total


def clear(keep: Collection[Path] = ()) -> int:
    """Delete the large files but for those in use; the bytes that became free."""
    freed = 0
    for path in _clearable():
        if path in keep:
            continue
        with suppress(OSError):  # open in another window, on Windows: stays
            size = path.stat().st_size
            path.unlink()
            freed += size
    return freed


def _clearable() -> Iterator[Path]:
    for kind in CLEARED:
        with suppress(OSError):
            yield from [path for path in cache_dir(kind).iterdir() if path.is_file()]
