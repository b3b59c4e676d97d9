"""Progress of `Steps` on a terminal; silent where there is none."""

import sys
from typing import TypeVar

from tqdm import tqdm

from resunet_core.progress import Progress, Steps, run_to_end

T = TypeVar("T")


def run_with_bar(steps: Steps[T], title: str, *, silent: bool = False) -> T:
    """Drive `steps` to their result under a bar; Ctrl-C closes them cleanly."""
    hidden = silent or not sys.stderr.isatty()
    with tqdm(desc=title, file=sys.stderr, disable=hidden, leave=False) as bar:

        def show(progress: Progress) -> None:
            bar.total = progress.total
            bar.n = progress.done
            bar.set_postfix_str(progress.note, refresh=False)
            bar.refresh()

        try:
            return run_to_end(steps, show)
        finally:
            steps.close()
