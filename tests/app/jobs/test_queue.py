"""The queue: what is asked of it once it is closed does not run, and does not fail."""

from pytestqt.qtbot import QtBot

from app.jobs.queue import JobQueue


def test_a_job_launched_after_closing_never_runs(qtbot: QtBot) -> None:
    queue = JobQueue()
    ran: list[str] = []
    first = queue.quick("first", lambda: ran.append("first"))
    with qtbot.waitSignal(first.ended):
        queue.launch(first)
    queue.close()
    queue.launch(queue.quick("late", lambda: ran.append("late")))
    qtbot.wait(50)
    assert ran == ["first"]
