"""An action as a value: what it is called, looks like, does, and when it may."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from app.actions.workbench import Workbench
from app.session.lock import Lock, said_lock
from app.support.icons import icon
from app.support.language import plain

Run = Callable[[Workbench, QWidget], None]
Test = Callable[[Workbench], bool]
Reason = Callable[[Workbench], str]
Shortcut = QKeySequence.StandardKey | str | None
CONTEXT = "Actions"  # of the translations


def always(_bench: Workbench) -> bool:
    """For actions that can be used at any time."""
    return True


def no_reason(_bench: Workbench) -> str:
    """For actions that nothing forbids."""
    return ""


def why_read_only(bench: Workbench) -> str:
    """Why what would change the project is switched off, if it is."""
    lock = bench.context.session.lock
    return said_lock(lock) if lock is Lock.READ_ONLY else ""


@dataclass(frozen=True)
class ActionSpec:
    """One intent of a person. `tip` says what it is good for, in a sentence.

    Where `why_not` gives a sentence, the action is off and its tooltip says that.
    """

    id: str
    text: str
    run: Run
    icon: str = ""
    shortcut: Shortcut = None
    tip: str = ""
    enabled_when: Test = always
    checked_when: Test | None = None  # set: the action is a switch
    why_not: Reason = no_reason


def make_action(spec: ActionSpec, bench: Workbench, window: QWidget) -> QAction:
    """The Qt action of a spec; its tooltip shows the shortcut."""
    action = QAction(_said(spec.text), window)
    action.setObjectName(spec.id)
    if spec.icon:
        action.setIcon(icon(spec.icon))
    if spec.shortcut is not None:
        action.setShortcut(QKeySequence(spec.shortcut))
    action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
    action.setCheckable(spec.checked_when is not None)
    action.triggered.connect(lambda: spec.run(bench, window))
    action.setIconText(plain(_said(spec.text)))
    _explain(action, spec, "")
    action.setStatusTip("")
    return action


def renew_action(action: QAction, spec: ActionSpec, bench: Workbench) -> None:
    """Enable and check an action as things stand."""
    why_not = spec.why_not(bench)
    action.setEnabled(not why_not and spec.enabled_when(bench))
    action.setIconText(plain(_said(spec.text)))  # the language may have changed
    _explain(action, spec, why_not)
    if spec.checked_when is not None:
        action.setChecked(spec.checked_when(bench))


def _explain(action: QAction, spec: ActionSpec, why_not: str) -> None:
    """Let the tooltip tell the shortcut and the use, or why there is none now."""
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    head = f"{action.iconText()} ({keys})" if keys else action.iconText()
    tip = why_not or (_said(spec.tip) if spec.tip else "")
    action.setToolTip(f"{head}\n{tip}" if tip else head)


def _said(text: str) -> str:
    return QCoreApplication.translate(CONTEXT, text)
