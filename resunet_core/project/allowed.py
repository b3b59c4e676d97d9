"""Which folders outside a project's own this person allowed it to use.

Kept on the machine and not in the project: what a project says of itself is no
permission. Lost with the cache, it is asked again.
"""

import hashlib
import json
from contextlib import suppress
from pathlib import Path

from resunet_core.cache import cache_dir
from resunet_core.files import write_text

_MOST_BYTES = 2**20


def allowed_folders(project_id: str) -> frozenset[str]:
    """The folders of stored paths that were allowed; none where nothing is known."""
    with suppress(OSError, ValueError, RecursionError):
        path = _file_of(project_id)
        if path.stat().st_size <= _MOST_BYTES:
            found = json.loads(path.read_text(encoding="utf-8"))
            if isinstance(found, list):
                return frozenset(text for text in found if isinstance(text, str))
    return frozenset()


def allow_folders(project_id: str, folders: frozenset[str]) -> None:
    """Allow more folders of stored paths, for this project on this machine."""
    known = allowed_folders(project_id)
    if folders <= known:
        return
    text = json.dumps(sorted(known | folders), ensure_ascii=False, indent=1)
    write_text(_file_of(project_id), text)


def _file_of(project_id: str) -> Path:
    name = hashlib.sha256(project_id.encode()).hexdigest()[:32]
    return cache_dir("allowed") / f"{name}.json"
