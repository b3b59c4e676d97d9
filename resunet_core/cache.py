"""Where the program keeps what it can make again: pyramids, probability maps."""

import os
from pathlib import Path

LIMIT_BYTES = 20 * 1024**3


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
    files = sorted(
        ((p.stat(), p) for p in keep.parent.iterdir() if p.is_file() and p != keep),
        key=lambda entry: entry[0].st_mtime,
    )
    total = sum(stat.st_size for stat, _ in files) + keep.stat().st_size
    for stat, path in files:
        if total <= limit_bytes:
            return
        try:
            path.unlink()
        except PermissionError:
            continue  # open in another window, on Windows: it goes next time
        total -= stat.st_size
