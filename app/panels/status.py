"""The foot of the window: what runs, where the mouse is, how large, on what device."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QStatusBar, QWidget

from app.actions.detecting import DetectionProgress
from app.actions.workbench import Workbench
from app.panels.numbers import said_scale, said_time_left
from app.session.lock import Lock, said_lock
from app.session.scaling import area_loss, askew_of
from app.support.words import said_method
from resunet_core.progress import Progress

_NOTE_PX = 240


class StatusPanel(QStatusBar):
    """Progress with Cancel on the left; place, zoom and device on the right."""

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self.setSizeGripEnabled(False)
        self.setContentsMargins(12, 2, 12, 2)
        self._bar = QProgressBar()
        self._bar.setFixedWidth(160)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Progress"))
        self._work = QLabel()
        self._cancel = QPushButton(self.tr("Cancel"))
        self._cancel.setToolTip(self.tr("Stop (Ctrl+.); what is done stays done"))
        self._cancel.clicked.connect(self._on_cancel)
        self._kept = QLabel()
        self._errand = ""
        self._lock = QLabel()
        self._lock.setObjectName("lock")
        self._checked = QLabel()
        self._checked.setObjectName("checked")
        self._checked.setToolTip(self.tr("The share of the photo in checked tiles"))
        self._scale = QLabel()
        self._scale.setObjectName("scale")
        self._place = QLabel()
        self._zoom = QLabel()
        self._device = QLabel(self.tr("Device: shown when detecting"))
        self._device.setObjectName("device")
        self._device.setToolTip(
            self.tr("The processor that the last detection really ran on")
        )
        for widget in (self._bar, self._work, self._cancel, self._kept):
            self.addWidget(widget)
        right = (
            self._lock,
            self._checked,
            self._scale,
            self._place,
            self._zoom,
            self._device,
        )
        for label in right:
            self.addPermanentWidget(label)
        self._connect(bench)
        self._on_ended()

    def _connect(self, bench: Workbench) -> None:
        bench.detector.started.connect(self._on_started)
        bench.detector.progressed.connect(self._on_detection)
        bench.detector.ended.connect(self._on_ended)
        bench.detector.device_used.connect(self._on_device)
        bench.opener.unpacking.connect(self._on_unpacking)
        bench.opener.settled.connect(self._on_ended)
        self._errands = bench.context.errands
        self._errands.started.connect(self._on_errand_started)
        self._errands.progressed.connect(self._on_errand)
        self._errands.ended.connect(self._on_ended)
        bench.context.view.zoom_changed.connect(self._on_zoom)
        bench.context.view.pointed.connect(self._on_pointed)
        session = bench.context.session
        session.photo_left.connect(self._on_photo_left)
        session.list_opened.connect(self._on_list_opened)
        session.write_failed.connect(self._on_write_failed)
        for signal in (
            session.list_opened,
            session.photo_shown,
            session.photo_left,
            session.lock_changed,
        ):
            signal.connect(self._show_lock)
        for signal in (
            session.photo_shown,
            session.photo_left,
            session.checks_changed,
        ):
            signal.connect(self._show_checked)
        for signal in (
            session.photo_shown,
            session.photo_left,
            session.details_changed,
        ):
            signal.connect(self._show_scale)

    def _on_started(self) -> None:
        for widget in (self._bar, self._work, self._cancel):
            widget.show()
        self._cancel.setEnabled(True)
        self._kept.hide()

    def _on_ended(self) -> None:
        if self._is_busy():
            return
        for widget in (self._bar, self._work, self._cancel):
            widget.hide()
        self._kept.show()

    def _on_detection(self, progress: DetectionProgress) -> None:
        whole = (progress.number - 1 + progress.fraction) / progress.of
        busy = progress.fraction == 0 and progress.of == 1
        self._bar.setRange(0, 0 if busy else 1000)
        self._bar.setValue(round(1000 * whole))
        parts = [progress.photo]
        if progress.of > 1:
            parts.append(self.tr("{0} of {1}").format(progress.number, progress.of))
        if progress.fraction > 0:
            parts.append(f"{progress.fraction:.0%}")
        elif progress.note:
            parts.append(progress.note)
        if progress.seconds_left is not None:
            parts.append(said_time_left(progress.seconds_left))
        self._work.setText("  ·  ".join(parts))

    def _on_unpacking(self, progress: Progress) -> None:
        if self._is_busy():
            return
        self._bar.setRange(0, 1000)
        self._bar.setValue(round(1000 * progress.fraction))
        self._work.setText(progress.note)
        self._kept.hide()
        self._bar.show()
        self._work.show()

    def _is_busy(self) -> bool:
        return self._bench.detector.is_running or self._errands.is_running

    def _on_errand_started(self, title: str) -> None:
        self._errand = title
        if not self._bench.detector.is_running:
            self._on_started()
            self._on_errand(Progress(0, 0))

    def _on_errand(self, progress: Progress) -> None:
        if self._bench.detector.is_running:  # which takes longer and can be cancelled
            return
        self._bar.setRange(0, 1000 if progress.total else 0)
        self._bar.setValue(round(1000 * progress.fraction))
        note = self.fontMetrics().elidedText(
            progress.note, Qt.TextElideMode.ElideMiddle, _NOTE_PX
        )
        self._work.setText("  ·  ".join(filter(None, (self._errand, note))))

    def _on_cancel(self) -> None:
        self._cancel.setEnabled(False)
        self._work.setText(self.tr("Stopping…"))
        self._bench.detector.cancel()
        self._errands.cancel()

    def _on_device(self, name: str) -> None:
        self._device.setText(self.tr("Device: {0}").format(name))

    def _on_zoom(self, scale: float) -> None:
        self._zoom.setText(f"{100 * scale:.0f} %" if scale >= 0.1 else f"{scale:.1%}")

    def _on_pointed(self, place: tuple[float, float] | None) -> None:
        self._place.setText(f"{place[0]:.0f}, {place[1]:.0f}" if place else "")

    def _on_photo_left(self) -> None:
        self._place.clear()
        self._zoom.clear()

    def _on_list_opened(self) -> None:
        project = self._bench.context.session.project
        if project is None or project.is_read_only:
            self._kept.clear()
        else:
            self._kept.setText(
                self.tr("Every change is saved in {0}").format(project.path.name)
            )
            self._kept.setToolTip(str(project.path))

    def _on_write_failed(self, _error: Exception) -> None:
        self._kept.setText(self.tr("The last change is not saved"))

    def _show_checked(self) -> None:
        opened = self._bench.context.session.opened
        self._checked.setVisible(opened is not None)
        if opened is not None:
            share = opened.checked_share
            self._checked.setText(self.tr("{0} % checked").format(f"{100 * share:.0f}"))

    def _show_scale(self) -> None:
        opened = self._bench.context.session.opened
        self._scale.setVisible(opened is not None)
        scale = None if opened is None else opened.record.scale
        if scale is None:
            self._scale.setText(self.tr("No scale"))
            self._scale.setToolTip(
                self.tr("Pixels and per cent only; Measure, Scale sets one")
            )
            return
        said = said_scale(scale.mm_per_px, scale.relative_se)
        loss = area_loss(askew_of(scale))
        if loss:
            tilted = self.tr("askew: areas {0} % too small")
            said += f"  ·  {tilted.format(f'{100 * loss:.1f}')}"
        self._scale.setText(said)
        parts = (said_method(scale.method), scale.note, scale.operator)
        self._scale.setToolTip("\n".join(filter(None, parts)))

    def _show_lock(self) -> None:
        lock = self._bench.context.session.lock
        self._lock.setVisible(lock is not None)
        if lock is not None:
            self._lock.setText(
                {
                    Lock.READ_ONLY: self.tr("Read-only"),
                    Lock.APPROVED: self.tr("Approved"),
                    Lock.BUSY: self.tr("Importing"),
                }[lock]
            )
            self._lock.setToolTip(said_lock(lock))
