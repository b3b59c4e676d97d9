"""Which pictures teach and which only judge, decided before any augmentation."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from resunet_core.errors import BadData, WrongUsage
from resunet_core.files import write_text
from resunet_core.training.pack import PackedPicture

BUILDING_RULE = r"(.*?)[\s_.-]*\d*$"
"""The building of a photo: its name without the number it ends in."""

TRIES = 64


@dataclass(frozen=True)
class SplitRule:
    """How pictures are split.

    Attributes:
        share: Part of the pictures that judges; the paper's 9:1 is 0.1.
        together: `photo`, `building`, or a regular expression on the name without its
            suffix: pictures whose first groups match alike are never parted.
        seed: Of the draw.
    """

    share: float = 0.1
    together: str = "photo"
    seed: int = 11


@dataclass(frozen=True)
class Split:
    """Numbers of the pictures that teach and of those that judge."""

    train: tuple[int, ...]
    validation: tuple[int, ...]


def split(pictures: Sequence[PackedPicture], rule: SplitRule) -> Split:
    """Part the pictures; of many random ways the one that parts each class most evenly.

    Raises:
        WrongUsage: The share or the rule on the name makes no sense.
        BadData: All pictures belong together.
    """
    if not 0 < rule.share < 1:
        raise WrongUsage(
            f"The share {rule.share:g} for validation is not between 0 and 1.",
            "The paper's is 0.1.",
        )
    groups = _groups(pictures, rule.together)
    if len(groups) < 2:
        raise BadData(
            f"By the rule {rule.together!r} all {len(pictures)} photos belong "
            "together: none is left to judge the model by.",
            "Add photos of another building, or split by photo.",
        )
    rng = np.random.default_rng(rule.seed)
    ways = [_draw(groups, len(pictures), rule.share, rng) for _ in range(TRIES)]
    return min(ways, key=lambda way: _unevenness(pictures, way, rule.share))


def _groups(pictures: Sequence[PackedPicture], together: str) -> list[list[int]]:
    try:
        pattern = re.compile(BUILDING_RULE if together == "building" else together)
    except re.error as error:
        raise WrongUsage(
            f"{together!r} is no rule: {error}.",
            "Say photo, building, or give a regular expression.",
        ) from error
    groups: dict[str, list[int]] = {}
    for number, picture in enumerate(pictures):
        key = picture.name
        if together != "photo":
            folder, _, name = picture.name.rpartition("/")
            found = pattern.match(name.rpartition(".")[0])
            if found is not None:
                part = found.group(1) if pattern.groups else found.group()
                key = f"{folder}/{part}"
        groups.setdefault(key, []).append(number)
    return list(groups.values())


def _draw(
    groups: list[list[int]], total: int, share: float, rng: np.random.Generator
) -> Split:
    wanted = max(1, round(share * total))
    judging: list[int] = []
    order = rng.permutation(len(groups))
    for position, group in enumerate(order):
        left = len(groups) - position
        if len(judging) >= wanted or left == 1:  # one group at least must teach
            break
        if not judging or len(judging) + len(groups[group]) <= 1.5 * wanted:
            judging += groups[group]
    kept = set(judging)
    return Split(
        tuple(n for n in range(total) if n not in kept), tuple(sorted(judging))
    )


def _unevenness(
    pictures: Sequence[PackedPicture], way: Split, share: float
) -> tuple[int, float]:
    """Classes that one side lacks, then how far the shares are from the one asked."""
    counts = np.array([p.counts for p in pictures], float)
    total = counts.sum(axis=0)
    judging = counts[list(way.validation)].sum(axis=0)
    seen = total > 0
    lacking = int(((judging == 0) | (judging == total))[seen].sum())
    return lacking, float(np.abs(judging[seen] / total[seen] - share).max())


def write_split(path: Path, pictures: Sequence[PackedPicture], way: Split) -> None:
    """Write the names on both sides, for people and for `read_split`."""
    names = {
        side: [pictures[n].name for n in getattr(way, side)]
        for side in ("train", "validation")
    }
    write_text(path, json.dumps(names, ensure_ascii=False, indent=1) + "\n")


def read_split(path: Path, pictures: Sequence[PackedPicture]) -> Split:
    """The split that a file names.

    Raises:
        BadData: It cannot be read, does not name each picture once, or has an empty
            side.
    """
    try:
        document = json.loads(path.read_text("utf-8"))
        sides = {side: list(document[side]) for side in ("train", "validation")}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadData(
            f"{path} is no split: it names no train and validation pictures.",
            "Remove it to split anew.",
        ) from error
    number_of = {picture.name: number for number, picture in enumerate(pictures)}
    named = [*sides["train"], *sides["validation"]]
    wrong = sorted({*map(str, named)} ^ {*number_of})
    if wrong or len(named) != len(number_of) or not all(sides.values()):
        what = f"{wrong[0]} is only in one of them" if wrong else "a name is twice"
        raise BadData(
            f"{path} does not fit the data: {what}.",
            "Remove it to split anew, or name the data it was made for.",
        )
    return Split(
        tuple(sorted(number_of[name] for name in sides["train"])),
        tuple(sorted(number_of[name] for name in sides["validation"])),
    )
