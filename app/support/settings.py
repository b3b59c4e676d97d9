"""What the program remembers between two starts, as one frozen value in JSON."""

import json
import logging
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from app.support.paths import config_dir
from resunet_core.errors import CaihuaError
from resunet_core.files import write_text

_LOG = logging.getLogger(__name__)
MAX_RECENT = 8


@dataclass(frozen=True)
class Settings:
    """The person's choices; each has a default, so a missing file is no problem."""

    theme: str = "system"  # or "light", "dark"
    language: str = "system"  # or "en", "zh_CN"
    device: str = "auto"  # or "cpu", "cuda"
    model: str = ""  # name of the model file last used; empty: the first one
    brush_radius_px: int = 12
    pen_width_px: int = 3
    loss_tolerance: int = 14
    threads: int = 0  # of the processor, for detecting; 0: as many as are good
    pen_pressure: bool = True  # the pressure of a pen changes how wide it paints
    cache_folder: str = ""  # empty: where the system keeps such
    overlay_style: str = "fill"  # or "outline", "hatch", "line"
    craquelure_opacity: float = 0.75
    paint_loss_opacity: float = 0.55
    recent: tuple[str, ...] = ()
    window_geometry: str = ""  # base64 of what Qt saved
    window_state: str = ""


def settings_path() -> Path:
    """The file of the settings."""
    return config_dir() / "settings.json"


def load_settings(path: Path) -> Settings:
    """Read the settings; what is missing or of a wrong type takes its default."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError):
        _LOG.warning("The settings in %s could not be read; defaults are used.", path)
        return Settings()
    if not isinstance(stored, dict):
        return Settings()
    hints = get_type_hints(Settings)
    good: dict[str, Any] = {}
    for name, value in stored.items():
        if name in hints and (fitting := _fitting(value, hints[name])) is not None:
            good[name] = fitting
        else:
            _LOG.warning("The setting %s was not understood; skipped.", name)
    return Settings(**good)


def save_settings(settings: Settings, path: Path) -> None:
    """Write what differs from the defaults; a full or locked disk is only logged."""
    defaults = Settings()
    changed = {
        field.name: value
        for field, value in zip(
            fields(settings), asdict(settings).values(), strict=True
        )
        if value != getattr(defaults, field.name)
    }
    try:
        write_text(path, json.dumps(changed, indent=2, ensure_ascii=False) + "\n")
    except CaihuaError as error:
        _LOG.warning("The settings were not saved: %s", error)


def with_recent(recent: tuple[str, ...], path: Path) -> tuple[str, ...]:
    """The list of recent files with `path` at its head, each once."""
    head = str(path)
    return (head, *(entry for entry in recent if entry != head))[:MAX_RECENT]


def _fitting(value: object, kind: type) -> object | None:
    """`value` as `kind`, or None where it is of another kind."""
    if get_origin(kind) is tuple:
        inner = get_args(kind)[0]
        if isinstance(value, list) and all(isinstance(item, inner) for item in value):
            return tuple(value)
        return None
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value if type(value) is kind else None
