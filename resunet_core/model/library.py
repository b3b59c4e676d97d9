"""The models that a person's corrections made: versions, none of them ever lost."""

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from resunet_core.errors import BadModelFile
from resunet_core.files import replacing, write_text

LEDGER = "locked.json"


def library_dir() -> Path:
    """The folder of a person's own models; `CAIHUA_MODELS` moves it."""
    moved = os.environ.get("CAIHUA_MODELS")
    if moved:
        return Path(moved)
    try:
        import platformdirs  # noqa: PLC0415 - a training machine may lack it
    except ImportError:
        return Path.home() / ".caihua" / "models"
    return Path(platformdirs.user_data_dir("caihua", appauthor=False)) / "models"


@dataclass(frozen=True)
class Version:
    """What is known of a model that was learned here.

    Attributes:
        name: Of the model.
        made_at: ISO 8601, with the zone.
        base: Name of the model that it was taught on.
        champion: Name of the model that it was compared with, and took the place of.
        data_hash: SHA-256 of what it learned from and was judged by.
        photos: Names of the photos that taught.
        judged_by: Names of those that judged.
        verdict: As `Verdict.to_json` gives it.
        insisted: Whether a person wanted it although it was worse.
        notes: A person's own.
    """

    name: str
    made_at: str
    base: str
    champion: str
    data_hash: str
    photos: tuple[str, ...] = ()
    judged_by: tuple[str, ...] = ()
    verdict: Mapping[str, Any] = field(default_factory=dict)
    insisted: bool = False
    notes: str = ""


def versions() -> list[Version]:
    """All that were installed, oldest first."""
    found = []
    for path in library_dir().glob("*.version.json"):
        try:
            raw = json.loads(path.read_text("utf-8"))
            for name in ("photos", "judged_by"):
                raw[name] = tuple(raw[name])
            found.append(Version(**raw))
        except (OSError, ValueError, TypeError, LookupError):
            continue  # the model itself is still listed by its file
    return sorted(found, key=lambda version: (version.made_at, version.name))


def next_name() -> str:
    """A name that no version has."""
    taken = {path.name.partition(".")[0] for path in library_dir().glob("*")}
    number = 1
    while f"learned-{number}" in taken:
        number += 1
    return f"learned-{number}"


def install(model: Path, version: Version) -> Path:
    """Put a model into the library with its card and its story; the file.

    Raises:
        CaihuaError: The disk is full, or the folder cannot be written to.
    """
    folder = library_dir()
    place = folder / f"{version.name}.safetensors"
    if place.exists():
        raise BadModelFile(
            f"There is a model called {version.name} already.", "Name it differently."
        )
    card = model.with_suffix(".md")
    if card.is_file():
        text = card.read_text("utf-8").replace(model.stem, version.name)
        write_text(place.with_suffix(".md"), text)
    keep(version)
    with replacing(place) as beside:
        shutil.copyfile(model, beside)
    return place


def keep(version: Version) -> None:
    """Write the story of a version: new, or with other notes."""
    path = library_dir() / f"{version.name}.version.json"
    write_text(path, json.dumps(asdict(version), ensure_ascii=False, indent=1) + "\n")
