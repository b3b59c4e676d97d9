"""The command line: one sub-command a file, one way to fail."""

import argparse
import importlib
import keyword
import sys
import traceback
from collections.abc import Sequence
from typing import Any

from resunet_core import __version__
from resunet_core.errors import CaihuaError, WrongUsage

COMMANDS = (
    "analyze",
    "evaluate",
    "models",
    "train",
    "experiment",
    "import",
    "export",
    "report",
    "bench",
    "doctor",
)
"""Names of the sub-commands, each a module of this package (`import` is import_)."""

EXIT_OK, EXIT_FAILED, EXIT_USAGE, EXIT_STOPPED = 0, 1, 2, 130


def make_parser() -> argparse.ArgumentParser:
    """The parser of all sub-commands."""
    parser = argparse.ArgumentParser(
        prog="caihua",
        description="Find, measure and report craquelure and paint loss on photos of "
        "painted architecture.",
        epilog="Without a command: `caihua [PROJECT | PHOTO | FOLDER ...]` opens the "
        "window. `caihua COMMAND --help` shows an example of each command.",
    )
    parser.add_argument("--version", action="version", version=f"caihua {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in COMMANDS:
        try:
            module = importlib.import_module(f"resunet_core.cli.{module_of(name)}")
        except (ImportError, OSError) as error:  # then at least `doctor` must run
            _add_broken(commands, name, error)
            continue
        sub = commands.add_parser(
            name,
            help=module.HELP,
            description=module.HELP,
            epilog=f"example:\n  {module.EXAMPLE}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.add_arguments(sub)
        sub.add_argument(
            "--debug", action="store_true", help="show where an error came from"
        )
        sub.set_defaults(run=module.run)
    return parser


def module_of(command: str) -> str:
    """The name of a command's module; a word of Python's own gets an underscore."""
    return f"{command}_" if keyword.iskeyword(command) else command


def _add_broken(commands: Any, name: str, error: Exception) -> None:  # noqa: ANN401 - argparse has no public type for it
    """Declare a command that cannot run here and says why."""

    def refuse(_arguments: argparse.Namespace) -> int:
        raise CaihuaError(
            f"`caihua {name}` cannot run here: {error}.",
            "Run `caihua doctor` to see what is missing.",
        )

    sub = commands.add_parser(
        name, help="cannot run here, see doctor", prefix_chars="\0"
    )
    sub.add_argument("ignored", nargs="*")
    sub.set_defaults(run=refuse, debug=False)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one sub-command; the exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A console of another code page must not break a Chinese path in two.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    arguments = make_parser().parse_args(argv)
    try:
        code: int = arguments.run(arguments)
    except CaihuaError as error:
        if arguments.debug:
            traceback.print_exc()
        print(f"caihua: {error}", file=sys.stderr)
        return EXIT_USAGE if isinstance(error, WrongUsage) else EXIT_FAILED
    except KeyboardInterrupt:
        print("caihua: stopped; nothing is half-written.", file=sys.stderr)
        return EXIT_STOPPED
    except Exception as error:  # noqa: BLE001 - the last edge before the person
        if arguments.debug:
            traceback.print_exc()
        kind = type(error).__name__
        print(
            f"caihua: unexpected {kind}: {error}. Please report it, with --debug.",
            file=sys.stderr,
        )
        return EXIT_FAILED
    return code
