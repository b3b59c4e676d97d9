"""See that a program without Python is whole: start it, as a stranger would.

python3 packaging/smoke.py FOLDER [--out DIR]
    FOLDER  what `dev.py bundle field` or `full` made, or where it was installed

It gets an empty home, no Python on its path and, where the system can take it away,
no network. On Linux its window opens in Xvfb. It says its version and what runs here,
analyses a sample, and plays its own story: opens, detects, draws, exports, reports,
quits. A full program also learns two steps; one for the field says where to get that.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dev_console import Refusal, complain, say, tolerate_any_console

STEPS = 2
LIMIT_S = 1800
SCREEN = "-screen 0 1600x1000x24"
_BAD = ("Traceback (most recent", "QThread: Destroyed", "Unexpected", "unexpected ")


@dataclass(frozen=True)
class Place:
    """Where a program is tried.

    Attributes:
        program: The file to start.
        resources: The program's own.
        home: Where each start finds a home of its own, empty.
        empty: A folder with nothing in it, which is all of its path.
        out: For what it writes.
        cut_off: Words before a command that take the network away.
    """

    program: Path
    resources: Path
    home: Path
    empty: Path
    out: Path
    cut_off: tuple[str, ...]


def find_program(folder: Path) -> Path:
    """The program in a folder, of whatever system.

    Raises:
        Refusal: There is none.
    """
    names = ("caihua", "caihua.exe", "Caihua.app/Contents/MacOS/caihua")
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise Refusal(f"There is no program in {folder}: make one with dev.py bundle.")


def find_resources(folder: Path) -> Path:
    """Where a program keeps its models and samples.

    Raises:
        Refusal: They are not there.
    """
    for inside in ("_internal", "Caihua.app/Contents/Resources"):
        if (folder / inside / "resources" / "samples").is_dir():
            return folder / inside / "resources"
    raise Refusal(f"The program in {folder} came without its resources.")


def without_network() -> tuple[str, ...]:
    """Words that start a command without a network; none where that cannot be."""
    cut_off = ("unshare", "--map-root-user", "--net")
    try:
        done = subprocess.run([*cut_off, "true"], capture_output=True, check=False)
    except OSError:
        return ()
    return cut_off if done.returncode == 0 else ()


def try_it(place: Place) -> dict[str, Any]:
    """Let the program do it all; what it told of itself.

    Raises:
        Refusal: Something did not go well.
    """
    version = run(place, "version", "--version").strip()
    if not version.startswith("caihua "):
        raise Refusal(f"Asked for its version it said {version!r}.")
    said = run(place, "doctor", "doctor")
    if "MEND" in said:
        raise Refusal(f"Its doctor is not content: {said}")
    learns = "torch " in said
    sample = min((place.resources / "samples" / "images").iterdir())
    results = place.out / "analysis"
    run(place, "analyze", "analyze", str(sample), "--out", str(results))
    for name in (f"{sample.stem}.json", "regions.csv", "report.pdf", "run.json"):
        if not (results / name).is_file():
            raise Refusal(f"It analysed a sample and wrote no {name}.")
    if not learns:
        _refuses_to_learn(place)
    story = place.out / "story"
    steps = ("--story-steps", str(STEPS)) if learns else ()
    run(place, "story", "--story", str(story), *steps, in_window=True)
    told: dict[str, Any] = json.loads((story / "story.json").read_text("utf-8"))
    _check_story(told, learns=learns)
    return told


def _refuses_to_learn(place: Place) -> None:
    words = (
        "train",
        "--data",
        str(place.out),
        "--out",
        str(place.out / "m.safetensors"),
    )
    said = run(place, "train", *words, wanted=1).strip()
    if "install the full Caihua" not in said or len(said.splitlines()) != 1:
        raise Refusal(f"Asked to learn it said: {said}")


def _check_story(told: dict[str, Any], *, learns: bool) -> None:
    """Whether the story was told to its end, by a program without Python.

    Raises:
        Refusal: It was not.
    """
    if not told["ok"] or not told["frozen"]:
        raise Refusal(f"Its story broke off: {told.get('error', 'not frozen')}")
    if told["torch_at_start"]:
        raise Refusal("Its window loaded torch before anything asked for it.")
    last = "learn" if learns else "refuse"
    if last not in told["steps"]:
        raise Refusal(f"Its story has no chapter {last}.")
    if learns and told["steps"]["learn"]["steps"] != STEPS:
        raise Refusal(f"It learned {told['steps']['learn']['steps']} steps.")


def run(
    place: Place, title: str, *words: str, wanted: int = 0, in_window: bool = False
) -> str:
    """Start the program with these words; all that it said.

    Raises:
        Refusal: It ended otherwise than wanted, or spoke of what it should not know.
    """
    home = place.home / title  # or a story would find the analysis of before
    home.mkdir()
    began = time.monotonic()
    line = [*place.cut_off, *_screen(in_window=in_window)]
    if os.name == "posix":  # the path of the program alone, not of what starts it
        line += ["env", f"PATH={place.empty}"]
    done = subprocess.run(
        [*line, place.program, *words],
        capture_output=True,
        check=False,
        cwd=place.empty,
        encoding="utf-8",
        env=_variables(place, home),
        errors="replace",
        timeout=LIMIT_S,
    )
    said = done.stdout + done.stderr
    (place.out / f"{title}.log").write_text(said, "utf-8")
    say(f"{title}: exit {done.returncode}, {time.monotonic() - began:.1f} s")
    bad = next((word for word in _BAD if word in said), "")
    if done.returncode != wanted or bad:
        raise Refusal(f"{title} did not go well; it said:\n{said}")
    return said


def _screen(*, in_window: bool) -> Sequence[str]:
    if not in_window or sys.platform != "linux":
        return ()
    if shutil.which("xvfb-run") is None:
        raise Refusal("A window is tried in Xvfb: install xvfb.")
    return ("xvfb-run", "--auto-servernum", "--server-args", SCREEN)


def _variables(place: Place, home: Path) -> dict[str, str]:
    """Those of an empty home, and few others."""
    kept = ("PATH", "SystemRoot", "SYSTEMDRIVE", "TEMP", "TMP", "OMP_NUM_THREADS")
    variables = {name: os.environ[name] for name in kept if name in os.environ}
    if sys.platform == "win32":
        variables["PATH"] = str(place.empty)
    homes = ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA")
    return variables | dict.fromkeys(homes, str(home)) | {"LANG": "C.UTF-8"}


@contextmanager
def _place(folder: Path, out: Path | None) -> Iterator[Place]:
    with tempfile.TemporaryDirectory(prefix="caihua-smoke-") as name:
        places = [Path(name) / one for one in ("home", "empty", "out")]
        home, empty, results = places
        if out is not None:
            results = out.resolve()
        for path in (home, empty, results):
            path.mkdir(parents=True, exist_ok=True)
        yield Place(
            find_program(folder),
            find_resources(folder),
            home,
            empty,
            results,
            without_network(),
        )


def main() -> int:
    """Try what is named; the exit status."""
    tolerate_any_console()
    parser = argparse.ArgumentParser(description="See that a program is whole.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, help="keep what it writes there")
    asked = parser.parse_args()
    try:
        with _place(asked.folder.resolve(), asked.out) as place:
            network = "without" if place.cut_off else "with"
            say(f"Trying {place.program}, {network} a network.")
            told = try_it(place)
    except Refusal as refusal:
        complain(str(refusal))
        return 1
    except subprocess.TimeoutExpired:
        complain(f"It did not come to an end within {LIMIT_S} s.")
        return 1
    for chapter, facts in told["steps"].items():
        say(f"  {chapter}: {facts['seconds']} s")
    say("All went well.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
