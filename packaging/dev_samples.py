"""Start Caihua; with nothing named, on its own samples."""

import os
import sys
from pathlib import Path

from dev_console import Refusal, say
from dev_environment import Environment, call

WINDOWLESS = {"offscreen", "minimal"}
BUILDING = "Samples"


def has_display(variables: dict[str, str]) -> bool:
    """Whether a window would be seen by anyone."""
    if variables.get("QT_QPA_PLATFORM", "").partition(":")[0] in WINDOWLESS:
        return False
    if sys.platform != "linux":
        return True
    return bool(variables.get("DISPLAY") or variables.get("WAYLAND_DISPLAY"))


def is_newer(results: list[Path], sources: list[Path]) -> bool:
    """Whether all results exist and none is older than any source."""
    if not all(result.is_file() for result in results):
        return False
    oldest = min(result.stat().st_mtime for result in results)
    return all(source.stat().st_mtime <= oldest for source in sources)


def start(environment: Environment, arguments: list[str]) -> int:
    """Run `caihua` on the arguments, or analyse the samples and open them."""
    if arguments:
        return _caihua(environment, *arguments)
    results = environment.root / "out"
    project = results / "samples.caihua"
    code = _analyse_samples(environment, results, project)
    if code != 0 and not project.is_file():
        return code
    say(f"The results lie in {results}; report.html there shows them all.")
    if has_display(dict(os.environ)):
        return _caihua(environment, str(project))
    say("There is no display, so no window opens.")
    return code


def _analyse_samples(environment: Environment, results: Path, project: Path) -> int:
    resources = environment.root / "resources"
    samples = resources / "samples" / "images"  # a data folder: masks lie beside it
    photos = [file for file in samples.rglob("*") if file.is_file()]
    if not photos:
        raise Refusal(f"{samples} holds no photo: name one of your own after run.")
    models = [file for file in (resources / "models").rglob("*") if file.is_file()]
    if is_newer([results / "run.json", project], photos + models):
        return 0
    say(f"Analysing the samples in {samples}.")
    places = ("--out", str(results), "--project", str(project))
    names = ("--building", BUILDING)
    return _caihua(environment, "analyze", str(samples), *places, *names)


def _caihua(environment: Environment, *arguments: str) -> int:
    return call([environment.command("caihua"), *arguments])
