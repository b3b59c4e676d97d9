"""Set up, start and check Caihua; `python3 packaging/dev.py` lists the commands.

This one file also runs on Pythons too old for Caihua, back to 3.6: there it looks for
a newer one and hands over. Everything newer lives in the files beside it.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)
NEWER = ("3.11", "3.12", "3.13", "3.14")  # the best tested one first
ROOT = Path(__file__).resolve().parent.parent


def find_newer_python() -> str:
    """The path of a Python that can run Caihua, or an empty string."""
    proof = (
        "import sys, venv; assert sys.version_info >= (3, 11); print(sys.executable)"
    )
    starts = [["python" + version] for version in NEWER] + [["python3"], ["python"]]
    starts += [["py", "-" + version] for version in NEWER]  # the launcher of Windows
    for start in starts:
        program = shutil.which(start[0])
        if program is None:
            continue
        try:
            found = subprocess.check_output(
                [program, *start[1:], "-c", proof],
                stderr=subprocess.DEVNULL,
                universal_newlines=True,  # the newer name came with 3.7
            )
        except (OSError, subprocess.CalledProcessError):
            continue
        return found.strip()
    return ""


def hand_over() -> int:
    """Run this script again with a newer Python; its exit status."""
    newer = find_newer_python()
    if newer:
        line = [newer, str(ROOT / "packaging" / "dev.py"), *sys.argv[1:]]
        if os.name == "posix":
            os.execv(newer, line)  # noqa: S606 - the same words, no shell
        return subprocess.call(line)
    message = (
        "Caihua needs Python 3.11 or newer and this is {}.{}: install a newer one."
    )
    print(message.format(*sys.version_info[:2]), file=sys.stderr)
    return 1


def main() -> int:
    """Do what the command line asks for; the exit status."""
    if sys.version_info[:2] < OLDEST:
        return hand_over()
    import dev_commands  # noqa: PLC0415 - an older Python could not read it

    return dev_commands.run(ROOT, sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
