"""How soon the window is there, and a photo and a result in it."""

import importlib.util
import json
from collections.abc import Mapping
from pathlib import Path

from resunet_core.progress import Steps
from resunet_core.speed.children import Unmeasured, program, watched
from resunet_core.speed.photos import write_photo


def measure_start_up(
    folder: Path, variables: Mapping[str, str], tile_px: int
) -> Steps[dict[str, float | str] | None]:
    """Seconds from the start of the program, its window drawn where nobody sees it.

    To the window, to a photo on it, and to the first result: that of a photo of one
    tile, on which a detection begins as soon as it is there. With the default model.

    Returns:
        `window_s`, `photo_s` and `result_s`, or `error`; None where there is no Qt.
    """
    if importlib.util.find_spec("PySide6") is None:
        return None
    photos, told = folder / "photos", folder / "start-up.json"
    photos.mkdir()
    photo = photos / "one.jpg"
    write_photo(photo, tile_px**2 / 1e6)
    unseen = {"QT_QPA_PLATFORM": "offscreen"}
    words = [*program(), "--start-up", str(told), str(photo)]
    try:
        began = yield from watched(words, folder, {**variables, **unseen}, "Window")
        times: dict[str, float] = json.loads(told.read_bytes())
    except (Unmeasured, OSError, ValueError) as error:
        return {"error": str(error)}
    return {f"{what}_s": round(at - began, 2) for what, at in times.items()}
