"""What each picture of a data folder is for: to teach, or to judge and nothing else."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from resunet_core.errors import BadData
from resunet_core.files import write_text
from resunet_core.training.examples import Example
from resunet_core.training.pack import PackedPicture
from resunet_core.training.split import Split, SplitRule, split

ROLES_FILE = "corrections.json"
Role = Literal["teach", "judge"]


@dataclass(frozen=True)
class Origin:
    """Where a picture of corrections was cut from.

    Attributes:
        photo: Name of the photo's file.
        sha256: Of the photo's content.
        box: Top, left, bottom, right in the photo.
        role: What it is for.
        mm_per_px: Scale of the photo, where it is known.
    """

    photo: str
    sha256: str
    box: tuple[int, int, int, int]
    role: Role
    mm_per_px: float | None = None

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return {**vars(self), "box": list(self.box)}


def write_origins(folder: Path, origins: Mapping[str, Origin]) -> None:
    """Write beside `images/` what each of them, by name, is of and for."""
    document = {name: origin.to_json() for name, origin in sorted(origins.items())}
    text = json.dumps({"pictures": document}, ensure_ascii=False, indent=1)
    write_text(folder / ROLES_FILE, text + "\n")


def read_origins(folder: Path) -> dict[str, Origin]:
    """What `write_origins` wrote; empty where nobody did.

    Raises:
        BadData: The file is damaged.
    """
    path = folder / ROLES_FILE
    if not path.is_file():
        return {}
    try:
        document = json.loads(path.read_text("utf-8"))["pictures"]
        return {str(name): _origin(raw) for name, raw in document.items()}
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise BadData(
            f"{path} does not say what its pictures are for.",
            "Gather the corrections again, or remove the file to split anew.",
        ) from error


def _origin(raw: Mapping[str, Any]) -> Origin:
    if raw["role"] not in {"teach", "judge"}:
        raise ValueError(raw["role"])
    top, left, bottom, right = (int(side) for side in raw["box"])
    scale = raw.get("mm_per_px")
    return Origin(
        str(raw["photo"]),
        str(raw["sha256"]),
        (top, left, bottom, right),
        raw["role"],
        None if scale is None else float(scale),
    )


def parted(
    examples: Sequence[Example],
    pictures: Sequence[PackedPicture],
    rule: SplitRule,
) -> Split:
    """Which pictures teach and which judge: as their folders say, else by photo.

    Pictures of folders that do not say teach, unless none would be left to judge by.

    Raises:
        BadData: Nothing would teach, or nothing judge.
    """
    roles = [_role(example) for example in examples]
    if "judge" not in roles:
        return split(pictures, rule)
    judging = tuple(n for n, role in enumerate(roles) if role == "judge")
    teaching = tuple(n for n, role in enumerate(roles) if role != "judge")
    if not teaching:
        raise BadData(
            "All pictures are kept apart for judging: none is left to learn from.",
            "Check tiles on further photos.",
        )
    return Split(teaching, judging)


def _role(example: Example) -> str | None:
    folder = example.picture.parent
    if folder.name == "images":
        folder = folder.parent
    origin = read_origins(folder).get(example.picture.name)
    return None if origin is None else origin.role
