"""The curves of a training, as they grow; another run beside them to compare."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.panels.parts import SPACE_PX, heading, muted
from app.support.theme import colours_of
from resunet_core.defects import CRAQUELURE, PAINT_LOSS

_SMOOTH = 0.9
_LEAST_PX = 132
_GRID = 40  # of 255
_PLACES = {"left": (0, 0), "bottom": (1, 1)}
_LOCKED, _OWN, _CHECK = "locked", "own", "watch"
_WIDTHS = {_LOCKED: 2.6, _OWN: 1.2, _CHECK: 1.2}
_STYLES = {
    _LOCKED: Qt.PenStyle.SolidLine,
    _OWN: Qt.PenStyle.SolidLine,
    _CHECK: Qt.PenStyle.DotLine,
}

Points = tuple[list[float], list[float]]


def points_of(events: Iterable[Mapping[str, Any]]) -> dict[str, Points]:
    """The curves in a training's events: `loss`, 1000 `rate`, and SET.CLASS.FIGURE."""
    found: dict[str, Points] = {}
    smooth: float | None = None
    for event in events:
        step = float(event.get("step", 0))
        if event["event"] == "step":
            loss = float(event["loss"])
            smooth = loss if smooth is None else _SMOOTH * smooth + 0.1 * loss
            _add(found, "loss", step, smooth)
            _add(found, "rate", step, 1000 * float(event["rate"]))
        elif event["event"] == "look":
            for name, classes in event["sets"].items():
                for key, figure in (
                    (CRAQUELURE.key, "centerline_f1"),
                    (PAINT_LOSS.key, "iou"),
                ):
                    value = (classes.get(key) or {}).get(figure)
                    if value is not None:
                        _add(found, f"{name}.{key}.{figure}", step, float(value))
    return found


def _add(found: dict[str, Points], name: str, x: float, y: float) -> None:
    xs, ys = found.setdefault(name, ([], []))
    xs.append(x)
    ys.append(y)


class TrainingCurves(QWidget):
    """Loss, craquelure's centre-line F1, paint loss's IoU and the learning rate."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points: dict[str, Points] = {}
        self._other: dict[str, Points] = {}
        grid = QGridLayout()
        grid.setSpacing(SPACE_PX * 2)
        craquelure = f"{CRAQUELURE.key}.centerline_f1"
        loss = f"{PAINT_LOSS.key}.iou"
        sets = (_OWN, _CHECK, _LOCKED)
        self._plots = [
            _Plot(self.tr("Loss"), ["loss"]),
            _Plot(self.tr("Learning rate, thousandths"), ["rate"]),
            _Plot(
                self.tr("Craquelure: F1 of centre lines"),
                [f"{name}.{craquelure}" for name in sets],
                colour=CRAQUELURE.colour,
                is_share=True,
            ),
            _Plot(
                self.tr("Paint loss: IoU"),
                [f"{name}.{loss}" for name in sets],
                colour=PAINT_LOSS.colour,
                is_share=True,
            ),
        ]
        for number, plot in enumerate((*self._plots[2:], *self._plots[:2])):
            grid.addWidget(plot, number // 2, number % 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_PX)
        layout.addLayout(grid, 1)
        layout.addWidget(
            muted(
                self.tr(
                    "Thick: tiles kept apart. Thin: tiles it learns from. Dotted: "
                    "generated paintings that it must not forget. Dashed grey: an "
                    "earlier run."
                ),
                wrap=True,
            )
        )

    def expect(self, steps: int) -> None:
        """Make room for so many steps."""
        for plot in self._plots:
            plot.expect(steps)

    def show_events(self, events: Sequence[Mapping[str, Any]]) -> None:
        """Draw the curves of a training."""
        self._points = points_of(events)
        self._draw()

    def compare_with(self, events: Sequence[Mapping[str, Any]]) -> None:
        """Draw those of another training behind them."""
        self._other = points_of(events)
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        """Take on another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            for plot in self._plots:
                plot.take_colours()
            self._draw()

    def _draw(self) -> None:
        for plot in self._plots:
            plot.draw(self._points, self._other)


class _Plot(QWidget):
    """One small plot below its title."""

    def __init__(
        self,
        title: str,
        names: list[str],
        *,
        colour: tuple[int, int, int] | None = None,
        is_share: bool = False,
    ) -> None:
        super().__init__()
        self._names = names
        self._colour = None if colour is None else QColor(*colour)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_PX // 2)
        layout.addWidget(heading(title))
        # A PlotItem would make a dozen menus that nobody opens.
        self._view = pg.GraphicsLayoutWidget()
        self._view.setMinimumHeight(_LEAST_PX)
        self._view.setAccessibleName(title)
        self._view.ci.layout.setSpacing(0)
        self._box = pg.ViewBox(enableMenu=False, enableMouse=False)
        self._axes = {side: pg.AxisItem(side) for side in ("left", "bottom")}
        for side, axis in self._axes.items():
            axis.linkToView(self._box)
            axis.enableAutoSIPrefix(False)
            self._view.addItem(axis, *_PLACES[side])
        self._axes["left"].setGrid(_GRID)
        self._axes["left"].setWidth(44)
        self._view.addItem(self._box, 0, 1)
        if is_share:
            self._box.setYRange(0, 1, padding=0.02)
        layout.addWidget(self._view, 1)
        self._curves = {
            name: pg.PlotCurveItem(antialias=True) for name in (*names, "other")
        }
        for curve in self._curves.values():
            self._box.addItem(curve)
        self.take_colours()

    def take_colours(self) -> None:
        """Those of the theme."""
        colours = colours_of(self.palette())
        self._view.setBackground(colours.base)
        for axis in self._axes.values():
            axis.setPen(colours.line)
            axis.setTextPen(colours.muted)
            axis.setStyle(tickFont=self.font())
        line = self._colour or QColor(colours.accent)
        for name, curve in self._curves.items():
            kind = name.partition(".")[0]
            shade = QColor(line)
            if kind in {_OWN, _CHECK}:
                shade.setAlphaF(0.7)
            pen = pg.mkPen(shade, width=_WIDTHS.get(kind, 2.0))
            pen.setStyle(_STYLES.get(kind, Qt.PenStyle.SolidLine))
            if name == "other":
                pen = pg.mkPen(colours.muted, width=1.4, style=Qt.PenStyle.DashLine)
            curve.setPen(pen)

    def expect(self, steps: int) -> None:
        """Let the axis reach so far."""
        self._box.setXRange(0, max(1, steps), padding=0.02)

    def draw(self, points: dict[str, Points], other: dict[str, Points]) -> None:
        """Show what of the points belongs here."""
        for name in self._names:
            self._curves[name].setData(*points.get(name, ([], [])))
        self._curves["other"].setData(*other.get(self._names[-1], ([], [])))
