"""A Dask cluster that a person named: reached, looked at, and given work in windows.

Nothing is called but the scheduler at that address, and workers through it.
"""

import logging
import queue
import time
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from resunet_core.errors import CaihuaError, WrongUsage

if TYPE_CHECKING:
    from distributed import Client, Future

Task = TypeVar("Task")
Result = TypeVar("Result")

GPU = "GPU"
"""The resource that a worker declares for each GPU: `--resources GPU=1`."""

CONNECT_SECONDS = 10.0
LOOK_SECONDS = 2.0
DRAIN_LOOK_SECONDS = 0.05
AHEAD = 2
"""Tasks on their way for each that can run: none waits for the command to send one."""

INSTALL = 'pip install "caihua[cluster]", on this computer and on the workers.'


class WorkersLost(Exception):  # noqa: N818 - named after what happened
    """A task took down every worker that was given it."""


@contextmanager
def connected(address: str) -> "Iterator[Client]":
    """A client of the scheduler at an address such as tcp://10.0.0.5:8786.

    Raises:
        WrongUsage: It is no such address.
        CaihuaError: The extra is not installed, or no scheduler answers there.
    """
    scheme, _, rest = address.partition("://")
    if scheme not in {"tcp", "tls"} or not rest.rpartition(":")[2].isdecimal():
        raise WrongUsage(
            f"{address} is no address of a scheduler.",
            "Give it as the scheduler prints it: tcp://HOST:PORT.",
        )
    try:
        from distributed import Client  # noqa: PLC0415 - an extra, not always there
    except ImportError as error:
        raise CaihuaError(
            "Working on a cluster needs dask.distributed, which is not installed.",
            f"Install it with {INSTALL}",
        ) from error
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # said in our words
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on versions: `differing` says it
            client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:  # timeouts are OSErrors
        raise CaihuaError(
            f"No Dask scheduler answers at {address}.",
            "Start one with `dask scheduler`, or look whether a firewall is between.",
        ) from error
    try:
        yield client
    finally:
        client.close(timeout=CONNECT_SECONDS)


def workers_of(client: "Client") -> dict[str, dict[str, Any]]:
    """The workers there are now: by address, what the scheduler knows of each."""
    return dict(client.scheduler_info(n_workers=-1)["workers"])


def gpus_of(client: "Client") -> int:
    """GPUs that the workers declare."""
    return sum(int(w["resources"].get(GPU, 0)) for w in workers_of(client).values())


def slots_of(client: "Client", *, gpu: bool) -> int:
    """Photos that the workers can take at a time: one each, or one for each GPU."""
    return gpus_of(client) if gpu else len(workers_of(client))


def differing(client: "Client") -> str:
    """What has another Python or Dask than this computer, as a sentence; or nothing."""
    versions = client.get_versions(check=False)
    ours = _versions(versions["client"])
    others = {"The scheduler": versions["scheduler"]}
    others |= {f"The worker {name}": one for name, one in versions["workers"].items()}
    for name, one in others.items():
        theirs = _versions(one)
        if theirs != ours:
            return (
                f"{name} has Python {theirs[0]} with distributed {theirs[1]}, "
                f"this computer Python {ours[0]} with distributed {ours[1]}."
            )
    return ""


def _versions(one: dict[str, Any] | None) -> tuple[str, str]:
    """Python's minor version, which code travels in, and that of Dask."""
    packages = (one or {}).get("packages", {})
    python = ".".join(str(packages.get("python", "?")).split(".")[:2])
    return python, str(packages.get("distributed", "?"))


class Spread(Generic[Task, Result]):
    """Gives tasks to a cluster, a window of them at a time, and takes what comes back.

    A task whose worker is lost is given to another by the scheduler itself.
    """

    def __init__(
        self,
        client: "Client",
        call: Callable[[Task], Result],
        *,
        slots: Callable[[], int],
        resources: dict[str, float] | None = None,
        on_idle: Callable[[], None] = lambda: None,
    ) -> None:
        self._client = client
        self._call = call
        self._slots = slots
        self._resources = resources
        self._on_idle = on_idle
        self._again: list[Task] = []
        self._looked, self._room = -LOOK_SECONDS, 0
        self._running: dict[Future[Result], Task] = {}
        self._finished: queue.SimpleQueue[Future[Result]] = queue.SimpleQueue()

    def again(self, task: Task) -> None:
        """Give a task once more."""
        self._again.append(task)

    def results(
        self, tasks: Iterable[Task]
    ) -> Generator[tuple[Task, Result | BaseException], None, None]:
        """Each task with what it gave or why it failed, in the order they end.

        Closing the generator, or leaving it by an exception, takes the rest back.

        Raises:
            CaihuaError: The scheduler is gone.
        """
        waiting = iter(tasks)
        try:
            self._fill(waiting)
            while self._running:
                try:
                    future = self._finished.get(timeout=LOOK_SECONDS)
                except queue.Empty:
                    self._on_idle()
                else:
                    yield self._running[future], self._result(future)
                    # Only now: who reads may have asked for the task once more.
                    del self._running[future]
                    future.release()
                    del future
                self._fill(waiting)
        finally:
            if self._running and self._client.status == "running":
                self._client.cancel(list(self._running), force=True)
            self._running.clear()

    def drain(self, seconds: float) -> None:
        """Wait so long for the tasks on their way, which know that they may stop."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and self._client.status == "running":
            if all(future.done() for future in self._running):
                return
            time.sleep(DRAIN_LOOK_SECONDS)

    def _fill(self, waiting: Iterator[Task]) -> None:
        """Send tasks until the window is full; it follows the cluster's size."""
        if time.monotonic() - self._looked > LOOK_SECONDS:  # each look is a call
            self._looked, self._room = time.monotonic(), max(1, AHEAD * self._slots())
        for _ in range(self._room - len(self._running)):
            task = self._again.pop() if self._again else next(waiting, None)
            if task is None:
                return
            future = self._client.submit(
                self._call, task, pure=False, resources=self._resources
            )
            self._running[future] = task
            future.add_done_callback(self._finished.put)

    def _result(self, future: "Future[Result]") -> Result | BaseException:
        from distributed import KilledWorker  # noqa: PLC0415 - an extra

        try:
            result: Result = future.result()
        except KilledWorker as error:
            return WorkersLost(str(error))
        except Exception as error:
            if future.cancelled() or self._client.status != "running":
                raise CaihuaError(
                    "The scheduler is gone; photos that were done are in the results.",
                    "Start it again, and run the same command once more.",
                ) from error
            return error  # the worker's own: it is the answer
        return result
