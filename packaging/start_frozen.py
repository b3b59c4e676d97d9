"""Where a program without Python begins; `caihua` of a wheel begins in `app`."""

import multiprocessing
import os
import sys

LIBRARY_PATHS = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


def give_back_library_paths() -> None:
    """Let the system's own programs, started from here, find their own libraries.

    The bootloader points these variables at the bundle's libraries for this process,
    which has read them already, and keeps what the person had under another name.
    """
    for name in LIBRARY_PATHS:
        before = os.environ.pop(f"{name}_ORIG", None)
        if before is not None:
            os.environ[name] = before
        else:
            os.environ.pop(name, None)


if __name__ == "__main__":
    multiprocessing.freeze_support()  # a worker of a training is this program again
    give_back_library_paths()

    from app.__main__ import main

    sys.exit(main())
