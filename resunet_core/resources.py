"""The only reader of `resources/`: in a source tree, a wheel or a frozen program."""

import sys
from pathlib import Path

from resunet_core.errors import CaihuaError


def resources_root() -> Path:
    """The folder with models, samples, templates and icons."""
    package = Path(__file__).resolve().parent
    frozen = getattr(sys, "_MEIPASS", None)  # set by PyInstaller
    places = [package / "_resources", package.parent / "resources"]
    if frozen is not None:
        places.insert(0, Path(frozen) / "resources")
    for place in places:
        if place.is_dir():
            return place
    raise CaihuaError(
        "Caihua's resources folder is missing.", "Install the program again."
    )


def resource(*parts: str) -> Path:
    """The path of a file or folder in `resources/`.

    Raises:
        CaihuaError: It is not there.
    """
    path = resources_root().joinpath(*parts)
    if not path.exists():
        raise CaihuaError(
            f"The resource {'/'.join(parts)} is missing.", "Install the program again."
        )
    return path
