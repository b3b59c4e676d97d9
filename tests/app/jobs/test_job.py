"""Jobs: one answer each, on the window's thread, and none is left behind."""

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.jobs.job import Job
from app.jobs.queue import JobQueue
from resunet_core.errors import CaihuaError
from resunet_core.progress import Progress, Steps


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[JobQueue]:
    del qtbot
    queue = JobQueue()
    yield queue
    queue.close()


def heard(job: Job) -> list[str]:
    """Which signals come, each checked to come on this thread."""
    said: list[str] = []
    here = threading.get_ident()
    for name in ("succeeded", "failed", "cancelled", "ended"):

        def note(*_value: object, name: str = name) -> None:
            assert threading.get_ident() == here
            said.append(name)

        getattr(job, name).connect(note)
    return said


def test_a_job_says_what_came_of_it_then_that_it_ended(
    qtbot: QtBot, jobs: JobQueue
) -> None:
    good = jobs.quick("good", lambda: 7)
    values: list[object] = []
    good.succeeded.connect(values.append)
    said = heard(good)
    with qtbot.waitSignal(good.ended):
        jobs.launch(good)
    assert (said, values) == (["succeeded", "ended"], [7])

    def breaks() -> None:
        raise CaihuaError("It is broken.")

    bad = jobs.quick("bad", breaks)
    said = heard(bad)
    with qtbot.waitSignal(bad.ended):
        jobs.launch(bad)
    assert said == ["failed", "ended"]


def test_a_cancelled_job_stops_at_its_next_step_and_cleans_up(
    qtbot: QtBot, jobs: JobQueue
) -> None:
    running, cleaned = threading.Event(), threading.Event()

    def steps() -> Steps[None]:
        try:
            while True:
                running.set()
                yield Progress(0, 1)
        finally:
            cleaned.set()

    job = jobs.heavy("long", steps)
    said = heard(job)
    jobs.launch(job)
    qtbot.waitUntil(running.is_set)
    with qtbot.waitSignal(job.ended):
        job.cancel()
    assert said == ["cancelled", "ended"]
    assert cleaned.is_set()


def test_heavy_jobs_run_one_at_a_time(qtbot: QtBot, jobs: JobQueue) -> None:
    at_once: list[int] = []
    inside = threading.Semaphore(0)
    count = 0

    def steps() -> Steps[None]:
        nonlocal count
        count += 1
        at_once.append(count)
        inside.acquire(timeout=5)
        count -= 1
        yield Progress(1, 1)

    made = [jobs.heavy(str(number), steps) for number in range(3)]
    ended: list[object] = []
    for job in made:
        job.ended.connect(ended.append)
        jobs.launch(job)
    for _ in made:
        inside.release()
    qtbot.waitUntil(lambda: len(ended) == 3)
    assert at_once == [1, 1, 1]
