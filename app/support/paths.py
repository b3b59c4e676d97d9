"""Where the program keeps its settings, its log and projects without a home."""

import hashlib
import os
import tempfile
from pathlib import Path

import platformdirs

PROJECT_SUFFIX = ".caihua"


def config_dir() -> Path:
    """The folder of the settings; `CAIHUA_CONFIG` moves it."""
    moved = os.environ.get("CAIHUA_CONFIG")
    return Path(moved or platformdirs.user_config_dir("caihua", appauthor=False))


def log_path() -> Path:
    """The file that unexpected errors are written to."""
    moved = os.environ.get("CAIHUA_CONFIG")
    folder = moved or platformdirs.user_log_dir("caihua", appauthor=False)
    return Path(folder) / "caihua.log"


def fallback_projects_dir() -> Path:
    """Where a project lives when the folder of its photos cannot be written to."""
    moved = os.environ.get("CAIHUA_CONFIG")
    base = moved or platformdirs.user_documents_dir()
    return Path(base) / "Caihua"


def project_path_for(folder: Path) -> Path:
    """The project of the photos in a folder: beside them where that can be written.

    Else in the person's documents, with a mark of the folder so that two folders of
    one name do not share a project.
    """
    beside = folder / f"{folder.name or 'photos'}{PROJECT_SUFFIX}"
    if can_write_in(folder):
        return beside
    mark = hashlib.sha256(str(folder).encode()).hexdigest()[:8]
    name = f"{folder.name or 'photos'}-{mark}{PROJECT_SUFFIX}"
    return fallback_projects_dir() / name


def can_write_in(folder: Path) -> bool:
    """Whether a file can really be made in a folder; permissions alone do not tell."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
