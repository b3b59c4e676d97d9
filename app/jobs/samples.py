"""The sample building: a copy of the photos that come with the program, to try on."""

import shutil
import tempfile
from pathlib import Path

from app.support.paths import can_write_in, fallback_projects_dir
from resunet_core.resources import resource


def copy_samples(name: str) -> Path:
    """The folder of a person's own copy, made where it is missing or not whole.

    What she did there before stays. It is beside her documents, or where nothing can
    be written there, in a temporary folder of her own.
    """
    folder = _place() / name
    folder.mkdir(parents=True, exist_ok=True)
    for photo in sorted(resource("samples", "images").iterdir()):
        copy = folder / photo.name
        if not copy.exists():
            beside = copy.with_name(f".{copy.name}")
            shutil.copyfile(photo, beside)
            beside.replace(copy)
    return folder


def _place() -> Path:
    place = fallback_projects_dir()
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError:
        return Path(tempfile.mkdtemp(prefix="caihua-"))
    return place if can_write_in(place) else Path(tempfile.mkdtemp(prefix="caihua-"))
