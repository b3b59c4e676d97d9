"""The foot of the window: what runs, where the mouse is, how large, on what device."""

from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QStatusBar, QWidget

from app.actions.detecting import DetectionProgress
from app.actions.workbench import Workbench
from app.panels.numbers import said_time_left
from resunet_core.progress import Progress


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
        self._place = QLabel()
        self._zoom = QLabel()
        self._device = QLabel(self.tr("Device: shown when detecting"))
        self._device.setObjectName("device")
        self._device.setToolTip(
            self.tr("The processor that the last detection really ran on")
        )
        for widget in (self._bar, self._work, self._cancel, self._kept):
            self.addWidget(widget)
        for widget in (self._place, self._zoom, self._device):
            self.addPermanentWidget(widget)
        bench.detector.started.connect(self._on_started)
        bench.detector.progressed.connect(self._on_detection)
        bench.detector.ended.connect(self._on_ended)
        bench.detector.device_used.connect(self._on_device)
        bench.opener.unpacking.connect(self._on_unpacking)
        bench.opener.settled.connect(self._on_ended)
        bench.exporter.started.connect(self._on_started)
        bench.exporter.progressed.connect(self._on_export)
        bench.exporter.ended.connect(self._on_ended)
        bench.context.view.zoom_changed.connect(self._on_zoom)
        bench.context.view.pointed.connect(self._on_pointed)
        session = bench.context.session
        session.photo_left.connect(self._on_photo_left)
        session.list_opened.connect(self._on_list_opened)
        session.write_failed.connect(self._on_write_failed)
        self._on_ended()

    def _on_started(self) -> None:
        for widget in (self._bar, self._work, self._cancel):
            widget.show()
        self._cancel.setEnabled(True)
        self._kept.hide()

    def _on_ended(self) -> None:
        if self._bench.detector.is_running or self._bench.exporter.is_running:
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
        if self._bench.detector.is_running or self._bench.exporter.is_running:
            return
        self._bar.setRange(0, 1000)
        self._bar.setValue(round(1000 * progress.fraction))
        self._work.setText(progress.note)
        self._kept.hide()
        self._bar.show()
        self._work.show()

    def _on_export(self, progress: Progress) -> None:
        self._bar.setRange(0, 1000)
        self._bar.setValue(round(1000 * progress.fraction))
        self._work.setText(self.tr("Exporting {0}").format(progress.note))

    def _on_cancel(self) -> None:
        self._cancel.setEnabled(False)
        self._work.setText(self.tr("Stopping…"))
        self._bench.detector.cancel()
        self._bench.exporter.cancel()

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
        if project is not None:
            self._kept.setText(
                self.tr("Every change is saved in {0}").format(project.path.name)
            )
            self._kept.setToolTip(str(project.path))

    def _on_write_failed(self, _error: Exception) -> None:
        self._kept.setText(self.tr("The last change is not saved"))
