"""A Dask cluster of processes on this computer, to test and to measure with."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

START_SECONDS = 60.0


@dataclass
class LocalCluster:
    """A scheduler and its workers, each a process; all end with it.

    Attributes:
        folder: For what they keep; each worker has a cache of its own there.
        workers: Their processes, by name.
    """

    folder: Path
    scheduler: "subprocess.Popen[bytes]"
    workers: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Of the scheduler, once it runs."""
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self.scheduler.poll() is None:
            try:
                address: str = json.loads(self._file.read_bytes())["address"]
            except (OSError, ValueError):
                time.sleep(0.05)
            else:
                return address
        raise RuntimeError("the scheduler does not start")

    @property
    def _file(self) -> Path:
        return self.folder / "scheduler.json"

    def add_worker(self, name: str, *more: str) -> None:
        """Start one; it joins when it is ready."""
        arguments = [
            *("worker", "--scheduler-file", str(self._file), "--name", name),
            *("--no-nanny", "--nthreads", "1", "--no-dashboard"),
            *("--host", "127.0.0.1", "--local-directory", str(self.folder / name)),
        ]
        self.workers[name] = _start(self.folder / name, *arguments, *more)

    def stop(self) -> None:
        """End all processes, whatever they do."""
        for process in (*self.workers.values(), self.scheduler):
            process.kill()
            process.wait()


@contextmanager
def local_cluster(folder: Path, workers: int) -> Iterator[LocalCluster]:
    """A scheduler with workers called w0, w1 ...; gone afterwards."""
    scheduler = _start(
        folder / "scheduler",
        *("scheduler", "--scheduler-file", str(folder / "scheduler.json")),
        *("--host", "127.0.0.1", "--port", "0", "--no-dashboard"),
    )
    cluster = LocalCluster(folder, scheduler)
    try:
        for number in range(workers):
            cluster.add_worker(f"w{number}")
        yield cluster
    finally:
        cluster.stop()


def _start(folder: Path, *arguments: str) -> "subprocess.Popen[bytes]":
    folder.mkdir(parents=True, exist_ok=True)
    variables = {**os.environ, "CAIHUA_CACHE": str(folder / "cache")}
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *arguments],
            cwd=folder,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
