"""Measures in processes of their own, one after the other: their memory is theirs."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from resunet_core.errors import CaihuaError
from resunet_core.progress import Progress, Steps

POLL_SECONDS = 0.05
PATIENCE_SECONDS = 3600


class Unmeasured(CaihuaError):  # noqa: N818 - named after what the person sees
    """A process that measures came to no good end."""


def program() -> list[str]:
    """The words that start this program again."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    return [sys.executable, "-m", "app"]


def measured(
    folder: Path, task: Mapping[str, Any], variables: Mapping[str, str], note: str
) -> Steps[dict[str, Any]]:
    """What `do_task` finds of a task in a process of its own.

    Closing the generator ends the process.

    Raises:
        Unmeasured: It failed, as it says itself.
    """
    file = folder / "task.json"
    file.write_text(json.dumps(task), "utf-8")
    words = [*program(), "bench", "--child", str(file)]
    yield from watched(words, folder, variables, note)
    found: dict[str, Any] = json.loads(_answer_to(file).read_bytes())
    return found


def do_task(file: Path) -> None:
    """Measure what a file asks for and put the answer beside it.

    Raises:
        CaihuaError: It cannot be measured here.
    """
    wanted = json.loads(file.read_text("utf-8"))
    if "wish" not in wanted:
        from resunet_core.speed.ceilings import (  # noqa: PLC0415 - not in each child
            measure_ceilings,
        )

        found = asdict(measure_ceilings(Path(wanted["photo"])))
    else:
        from resunet_core.speed.engine_speed import (  # noqa: PLC0415 - likewise
            EngineWish,
            measure_engine,
        )

        wish = wanted["wish"]
        wish |= {"photo": Path(wish["photo"]), "more": tuple(map(Path, wish["more"]))}
        found = asdict(measure_engine(EngineWish(**wish)))
    _answer_to(file).write_text(json.dumps(found), "utf-8")


def watched(
    words: Sequence[str], folder: Path, variables: Mapping[str, str], note: str
) -> Steps[float]:
    """Run a program to its end; the time of day, in seconds, at which it began.

    Raises:
        Unmeasured: It failed, as it says itself, or comes to no end.
    """
    said = folder / "said.txt"
    began, patience = time.time(), time.monotonic() + PATIENCE_SECONDS
    with said.open("wb") as stream:
        process = subprocess.Popen(  # noqa: S603 - this program itself
            words,
            env={**os.environ, **variables},
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
        )
        try:
            while process.poll() is None and time.monotonic() < patience:
                yield Progress(0, 0, note)
                time.sleep(POLL_SECONDS)
        finally:
            process.kill()
            process.wait()
    if process.returncode:
        raise Unmeasured(_last_line(said), "`caihua doctor` says what is missing.")
    return began


def _last_line(file: Path) -> str:
    lines = file.read_text("utf-8", "replace").strip().splitlines()
    return lines[-1].removeprefix("caihua: ") if lines else "It ended without a word."


def _answer_to(file: Path) -> Path:
    return file.with_suffix(".answer.json")
