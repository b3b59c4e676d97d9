"""The checks of the project, one after the other, each with its time."""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass

from dev_console import say
from dev_environment import Environment, call, clean_variables

MOST_WORKERS = 8
"""Each test process loads torch; more of them need more memory than they save time."""
ONE_THREAD_EACH = (
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "VIPS_CONCURRENCY",
)


@dataclass(frozen=True)
class Step:
    """One tool and how it is called: `python -m`, or an installed command."""

    name: str
    module: str = ""
    command: str = ""
    arguments: tuple[str, ...] = ()

    def line(self, environment: Environment) -> list[str]:
        """The words to start it with."""
        if self.module:
            start = [str(environment.python), "-m", self.module]
        else:
            start = [str(environment.command(self.command))]
        return [*start, *self.arguments]


LINT_STEPS = (
    Step("ruff check", module="ruff", arguments=("check", ".")),
    Step("ruff format", module="ruff", arguments=("format", "--check", ".")),
    Step("mypy", module="mypy"),
    Step("lint-imports", command="lint-imports"),
)


def pytest_step(arguments: Sequence[str] = ()) -> Step:
    """All tests on several cores; or pytest just as `arguments` say."""
    if arguments:
        return Step("pytest", module="pytest", arguments=tuple(arguments))
    workers = str(min(MOST_WORKERS, usable_cores()))
    return Step("pytest", module="pytest", arguments=("-n", workers))


def usable_cores() -> int:
    """How many cores this process may use, which in a container may be few."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def check_variables() -> dict[str, str]:
    """Variables for checks: no screen, and one thread in each of many processes."""
    calm = dict.fromkeys(ONE_THREAD_EACH, "1")
    calm |= {"QT_QPA_PLATFORM": "offscreen", "PYTHONIOENCODING": "utf-8"}
    return calm | clean_variables()


def run_steps(environment: Environment, steps: Sequence[Step]) -> int:
    """Run all steps, also after one has failed; 0 when all went well."""
    failed: list[str] = []
    began = time.monotonic()
    for step in steps:
        say(f"== {step.name}")
        at = time.monotonic()
        line = step.line(environment)
        code = call(line, variables=check_variables(), folder=environment.root)
        verdict = "ok" if code == 0 else f"FAILED (exit {code})"
        say(f"== {step.name}: {verdict}, {time.monotonic() - at:.1f} s")
        if code != 0:
            failed.append(step.name)
    seconds = time.monotonic() - began
    if failed:
        names = ", ".join(failed)
        say(f"{len(failed)} of {len(steps)} failed: {names}; {seconds:.0f} s")
        return 1
    say(f"All went well: {', '.join(step.name for step in steps)}; {seconds:.0f} s")
    return 0
