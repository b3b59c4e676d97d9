"""`caihua analyze --scheduler`: the workers of a Dask cluster do the photos."""

import argparse
import sys
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from tqdm import tqdm

from resunet_core import __version__
from resunet_core.analysis.cluster import (
    GPU,
    Spread,
    WorkersLost,
    connected,
    gpus_of,
    slots_of,
    workers_of,
)
from resunet_core.analysis.gathering import keep_in_project, known_of
from resunet_core.analysis.orders import (
    Answer,
    Done,
    Failed,
    NotReady,
    Order,
    PhotoTask,
)
from resunet_core.analysis.photo import Analysis, use_of
from resunet_core.analysis.readiness import make_ready, ticket_in, tidy_up
from resunet_core.analysis.worker import analyse_on_worker
from resunet_core.cli.analysis_report import print_done, print_failed
from resunet_core.cli.analyze import Place, Results, names_of, project_of
from resunet_core.errors import CaihuaError, DeviceUnavailable
from resunet_core.inference.engine import EngineUse
from resunet_core.model.model_file import find_model, read_model_info
from resunet_core.progress import run_to_end
from resunet_core.project.paths import absolute
from resunet_core.project.store import Project
from resunet_core.reports.run import FailedPhoto, WorkerUse

if TYPE_CHECKING:
    from distributed import Client

STOP_SECONDS = 15.0
"""So long the workers get to stop cleanly after Ctrl-C."""

TRIES = 3
"""So often a photo is given to workers that lack something; then it has failed."""


def analyse_there(
    arguments: argparse.Namespace, results: Results
) -> tuple[Analysis, Place]:
    """All photos, by whichever workers the cluster has."""
    model = read_model_info(find_model(arguments.model))
    analysis = Analysis(
        absolute(arguments.out),
        use_of(model),
        arguments.building,
        arguments.mm_per_px,
    )
    with ExitStack() as stack:
        client = stack.enter_context(connected(arguments.scheduler))
        project = stack.enter_context(project_of(arguments))
        ticket = stack.enter_context(ticket_in(analysis.out))
        order = Order(
            version=__version__,
            out=analysis.out,
            ticket=ticket,
            use=analysis.use,
            model=absolute(model.path),
            device=arguments.device,
            engine=arguments.engine,
            wants_tiles=project is not None,
        )
        _wait_for_workers(client, arguments.scheduler)
        make_ready(client, order, absolute(results.paths[0]))
        there = _There(client, order, analysis, project, arguments.debug, results)
        _spread(there, gpu=_wants_gpu(client, arguments.device))
    return analysis, there.place(arguments.scheduler)


@dataclass
class _There:
    """One call: its cluster, and what each worker has done so far."""

    client: "Client"
    order: Order
    analysis: Analysis
    project: Project | None
    debug: bool
    results: Results
    tries: Counter[int] = field(default_factory=Counter)
    used: dict[str, WorkerUse] = field(default_factory=dict)
    engines: dict[EngineUse, None] = field(default_factory=dict)

    def note_worker(self, done: Done) -> None:
        """Count a photo for the worker that did it."""
        address = done.outcome.run.worker
        photos = self.used[address].photos if address in self.used else 0
        self.used[address] = WorkerUse(address, done.host, done.use.device, photos + 1)
        self.engines[done.use] = None

    def place(self, scheduler: str) -> Place:
        """Where the work was done."""
        workers = tuple(self.used[address] for address in sorted(self.used))
        devices = dict.fromkeys(worker.device for worker in workers)
        return Place(
            ", ".join(devices),
            ", ".join(dict.fromkeys(use.engine for use in self.engines)),
            ", ".join(dict.fromkeys(use.precision for use in self.engines)),
            scheduler,
            workers,
        )


def _wait_for_workers(client: "Client", scheduler: str) -> None:
    """On a queue of jobs the first worker may come hours later."""
    if not workers_of(client):
        said = f"The scheduler has no worker yet: `dask worker {scheduler}` starts one."
        print(f"{said} Waiting; Ctrl-C stops.", file=sys.stderr)
        client.wait_for_workers(1)


def _wants_gpu(client: "Client", device: str) -> bool:
    """Whether photos wait for a GPU: not a mixture of devices with each its result."""
    there = gpus_of(client) > 0
    if device == "cuda" and not there:
        raise DeviceUnavailable(
            "No worker of the cluster declares a GPU.",
            f"Start those that have one with --resources {GPU}=1, or use --device cpu.",
        )
    return there and device != "cpu"


def _spread(there: _There, *, gpu: bool) -> None:
    """Give all photos away and take in what comes back."""
    results = there.results
    tasks = _tasks(there)
    spread: Spread[tuple[int, PhotoTask], Answer] = Spread(
        there.client,
        partial(_call, there.order),
        slots=partial(slots_of, there.client, gpu=gpu),
        resources={GPU: 1} if gpu else None,
        on_idle=_Watch(there.client, gpu=gpu),
    )
    answers = spread.results(enumerate(tasks))
    hidden = not sys.stderr.isatty()
    with tqdm(total=len(tasks), file=sys.stderr, disable=hidden, leave=False) as bar:
        try:
            for (number, task), answer in answers:
                if isinstance(answer, NotReady) and there.tries[number] < TRIES:
                    there.tries[number] += 1
                    photo = absolute(results.paths[0])
                    make_ready(there.client, there.order, photo, [answer.worker])
                    spread.again((number, task))
                    continue
                _take(there, number, task, answer)
                bar.update()
        except BaseException:
            there.order.ticket.unlink(missing_ok=True)  # tells the workers to stop
            spread.drain(STOP_SECONDS)
            raise
        finally:
            answers.close()
            tidy_up(there.order.out, [task.name for task in tasks])


def _call(order: Order, numbered: tuple[int, PhotoTask]) -> Answer:
    """What a worker is asked to do."""
    return analyse_on_worker(order, numbered[1])


def _tasks(there: _There) -> list[PhotoTask]:
    paths = there.results.paths
    building, scale = there.analysis.building, there.analysis.mm_per_px
    tasks = [
        PhotoTask(absolute(path), name, building, scale)
        for path, name in zip(paths, names_of(paths), strict=True)
    ]
    if there.project is None:
        return tasks
    return known_of(there.project, tasks)


def _take(
    there: _There, number: int, task: PhotoTask, answer: Answer | BaseException
) -> None:
    """Note what has become of a photo."""
    results = there.results
    if isinstance(answer, Done):
        try:
            outcome = answer.outcome
            if there.project is not None:
                steps = keep_in_project(there.analysis, there.project, task, answer)
                outcome = run_to_end(steps)
        except CaihuaError as error:
            answer = Failed(error.message, error.hint)
        else:
            outcome = outcome.called(results.paths[number])
            results.done[number] = outcome
            there.note_worker(answer)
            print_done(results.title(number), outcome)
            return
    said = _failure(answer)
    if there.debug and said.trace:
        print(said.trace, file=sys.stderr)
    failed = FailedPhoto(str(results.paths[number]), said.message, said.hint)
    results.failed[number] = failed
    print_failed(results.title(number), failed)


def _failure(answer: Answer | BaseException) -> Failed:
    """Why there is no result, in words."""
    if isinstance(answer, Failed):
        return answer
    if isinstance(answer, WorkersLost):
        return Failed(
            "Each worker that was given this photo was lost.",
            "Give workers more memory, or analyse it alone.",
        )
    if isinstance(answer, BaseException):
        kind = type(answer).__name__
        return Failed(
            f"Unexpected {kind}: {answer}.", "Please report it, with --debug."
        )
    return Failed("The workers lack the model.", "Run the same command once more.")


class _Watch:
    """Says once when nobody is left to do the work."""

    def __init__(self, client: "Client", *, gpu: bool) -> None:
        self._client, self._gpu, self._said = client, gpu, False

    def __call__(self) -> None:
        """Look; nothing came back for a while."""
        alone = not slots_of(self._client, gpu=self._gpu)
        if alone and not self._said:
            what = "worker with a GPU" if self._gpu else "worker"
            print(f"No {what} is left: waiting for one.", file=sys.stderr)
        self._said = alone
