"""Finished runs, a line of JSON each."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from resunet_core.errors import BadData
from resunet_core.files import write_text


@dataclass(frozen=True)
class RunResult:
    """A finished run, as a line of `runs.jsonl`.

    Attributes:
        condition: Its name.
        seed: Of weights and crops.
        steps: Done.
        seconds: Of training, looks included.
        s_per_mp: Seconds of the network a megapixel on the validation photos.
        totals: Scores over all validation photos, see `measure.Found`.
        photos: Scores of each of them.
        losses: Step and loss, averaged between points.
        looks: Step and figures per class on a part of the validation photos.
        diverged: Whether the loss stopped being a number, so that fewer steps were
            done.
    """

    condition: str
    seed: int
    steps: int
    seconds: float
    s_per_mp: float
    totals: dict[str, Any]
    photos: list[dict[str, Any]]
    losses: list[list[float]]
    looks: list[dict[str, Any]]
    diverged: bool = False


def read_runs(path: Path) -> list[RunResult]:
    """The finished runs; a last line that was cut off by a crash does not count.

    Raises:
        BadData: Another line is damaged.
    """
    if not path.is_file():
        return []
    lines = path.read_text("utf-8").splitlines()
    runs = []
    for number, line in enumerate(lines, start=1):
        try:
            runs.append(RunResult(**json.loads(line)))
        except (ValueError, TypeError) as error:
            if number == len(lines):
                break
            raise BadData(
                f"Line {number} of {path} is damaged.",
                "Remove the line: its run is then done again.",
            ) from error
    return runs


def add_run(path: Path, runs: Sequence[RunResult], new: RunResult) -> None:
    """Add a run to the file, whole or not at all."""
    lines = [json.dumps(asdict(run), ensure_ascii=False) for run in (*runs, new)]
    write_text(path, "\n".join(lines) + "\n")
