"""What the developer's script says, on every console, and how it refuses."""

import io
import sys


class Refusal(Exception):  # noqa: N818 - not a fault of the program: a person must act
    """Something a person has to mend first; the text says what and how."""


def tolerate_any_console() -> None:
    """Let no character crash the script on a console of another encoding."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # By the line, so that our words and those of the tools stay in order.
            stream.reconfigure(errors="replace", line_buffering=True)


def say(text: str) -> None:
    """Tell the person what happens now."""
    print(text)


def complain(text: str) -> None:
    """Tell the person what went wrong, beside the program's proper output."""
    print(text, file=sys.stderr)
