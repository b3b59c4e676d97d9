"""What every action works with; made once by the program, passed down."""

from dataclasses import dataclass

from app.jobs.errands import Errands
from app.jobs.queue import JobQueue
from app.jobs.tasks import Tasks
from app.session.notices import Notices
from app.session.preferences import Preferences
from app.session.session import Session
from app.session.survey import Survey
from app.session.view_state import ViewState


@dataclass(frozen=True)
class Context:
    """The session, how it is looked at, and the means to work on it."""

    session: Session
    survey: Survey
    view: ViewState
    jobs: JobQueue
    errands: Errands
    tasks: Tasks
    preferences: Preferences
    notices: Notices
