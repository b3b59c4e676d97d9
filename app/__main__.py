"""The way in: a sub-command goes to the command line, everything else to the window."""

import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run `caihua`; Qt is imported only when a window is wanted."""
    words = list(sys.argv[1:] if argv is None else argv)
    from resunet_core.cli.main import COMMANDS
    from resunet_core.cli.main import main as cli_main

    if words and (words[0] in COMMANDS or words[0] in ("-h", "--help", "--version")):
        return cli_main(words)
    from app.program import run_window

    return run_window(words)


if __name__ == "__main__":
    sys.exit(main())
