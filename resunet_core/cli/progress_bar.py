"""Progress of `Steps` on a terminal; silent where there is none."""

import sys
from typing import TypeVar

from tqdm import tqdm

from resunet_core.progress import Progress, Steps, run_to_end

T = TypeVar("T")


def run_with_bar(steps: Steps[T], title: str) -> T:
    """Drive `steps` to their result under a bar; Ctrl-C closes them cleanly."""
    with tqdm(
        desc=title, file=sys.stderr, disable=not sys.stderr.isatty(), leave=False
    ) as bar:

        def show(progress: Progress) -> None:
            bar.total = progress.total
            bar.n = progress.done
            bar.set_postfix_str(progress.note, refresh=False)
            bar.refresh()

        try:
            return run_to_end(steps, show)
        finally:
            steps.close()
