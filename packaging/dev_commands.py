"""The commands of the developer's script: what each is called and does."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dev_bundle import bundle
from dev_checks import LINT_STEPS, pytest_step, run_steps
from dev_console import Refusal, complain, say, tolerate_any_console
from dev_environment import Environment
from dev_samples import start
from dev_setup import ensure

INTERRUPTED = 130  # what shells report after Ctrl-C


@dataclass(frozen=True)
class Command:
    """One word on the command line."""

    help: str
    act: Callable[[Environment, list[str]], int]
    takes: str = ""
    """What may follow the word; empty where nothing may."""


def _setup(environment: Environment, _: list[str]) -> int:
    say(f"Ready: {environment.command('caihua')}")
    return 0


def _lint(environment: Environment, _: list[str]) -> int:
    return run_steps(environment, LINT_STEPS)


def _test(environment: Environment, arguments: list[str]) -> int:
    if arguments:
        return run_steps(environment, (pytest_step(arguments),))
    return run_steps(environment, (*LINT_STEPS, pytest_step()))


COMMANDS = {
    "setup": Command("make .venv with the command caihua in it", _setup),
    "run": Command(
        "start Caihua, or show the samples when nothing else is named",
        start,
        "[what caihua takes]",
    ),
    "test": Command(
        "lint and all tests, or pytest alone with its arguments",
        _test,
        "[what pytest takes]",
    ),
    "lint": Command("style, types and layers, without the tests", _lint),
    "bundle": Command(
        "a program without Python, or the wheel, in dist/",
        bundle,
        "[field|full|wheel]",
    ),
}


def usage() -> str:
    """The text of `--help`."""
    lines = ["usage: python3 packaging/dev.py COMMAND", ""]
    for word, command in COMMANDS.items():
        lines.append(f"  {f'{word} {command.takes}':<28}{command.help}")
    lines += [
        "",
        "Each command sets up .venv first, where that is still to be done.",
        "example: python3 packaging/dev.py run",
    ]
    return "\n".join(lines)


def _choose(arguments: list[str]) -> Command:
    word, rest = arguments[0], arguments[1:]
    if word not in COMMANDS:
        raise Refusal(f"There is no command {word}: use one of {', '.join(COMMANDS)}.")
    command = COMMANDS[word]
    if rest and not command.takes:
        raise Refusal(f"{word} takes nothing more: leave out {' '.join(rest)}.")
    return command


def run(root: Path, arguments: list[str]) -> int:
    """Do one command in the checkout `root`; the exit status."""
    tolerate_any_console()
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        say(usage())
        return 0
    try:
        command = _choose(arguments)
        environment = Environment(root)
        ensure(environment)
        return command.act(environment, arguments[1:])
    except Refusal as refusal:
        complain(str(refusal))
        return 1
    except KeyboardInterrupt:
        complain("Stopped. The same command goes on where it stopped.")
        return INTERRUPTED
