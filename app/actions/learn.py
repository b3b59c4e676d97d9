"""Learn from my corrections, and to the tiles that would teach most."""

from PySide6.QtWidgets import QWidget

from app.actions.file import has_list
from app.actions.spec import ActionSpec, why_read_only
from app.actions.workbench import Workbench
from app.support.translate import QT_TRANSLATE_NOOP
from resunet_core.box import Box


def go_to_tile(bench: Workbench, photo_id: int, box: Box) -> None:
    """Show a tile of a photo of the project."""
    session = bench.context.session
    opened, project = session.opened, session.project
    if opened is not None and opened.record.id == photo_id:
        bench.context.view.look_at(box)
    elif project is not None:
        path = project.photo(photo_id).path
        places = [n for n, entry in enumerate(session.entries) if entry.path == path]
        if places:
            bench.trainer.look_at_once_shown(box)
            bench.opener.open_index(places[0])


def learn(bench: Workbench, _window: QWidget) -> None:
    """Open the panel."""
    bench.trainer.show()


SPECS = (
    ActionSpec(
        "learn",
        QT_TRANSLATE_NOOP("Actions", "&Learn from my corrections…"),
        learn,
        "student",
        "Ctrl+Shift+L",
        QT_TRANSLATE_NOOP(
            "Actions",
            "The model learns from the checked tiles; you decide whether it is used.",
        ),
        has_list,
        why_not=why_read_only,
    ),
)
