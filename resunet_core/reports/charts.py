"""Diagrams of a report: where cracks are dense, and which way they run."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

from resunet_core.measure.craquelure import HeatMap
from resunet_core.measure.orientation import BINS, Rose
from resunet_core.measure.scale import Scale
from resunet_core.reports.fonts import latin_font

DPI = 220

_INK, _SOFT = "#22272b", "#6b747b"
_HEAT = "magma_r"
_RED = "#a33a2a"
_BAR_ROOM = 0.9  # inches beside the photo


def heat_map_picture(
    heat: HeatMap, photo: NDArray[np.uint8], scale: Scale | None
) -> bytes:
    """Crack density on the photo, RGB uint8 [h, w, 3], in grey: a JPEG."""
    density = heat.density * (1000 if scale is None else 100 / scale.mm_per_px)
    unit = "px/kpx" if scale is None else "mm/cm²"
    height, width = photo.shape[:2]
    rows, columns = density.shape
    with _style():
        # As tall at most as it is wide: the bar's letters are as large as elsewhere.
        wide = min(5.5, 4.6 * width / height)
        figure = Figure(figsize=(wide + _BAR_ROOM, wide * height / width), dpi=DPI)
        FigureCanvasAgg(figure)
        share = wide / (wide + _BAR_ROOM)
        axes = figure.add_axes((0.0, 0.0, share, 1.0))
        axes.imshow(
            photo.mean(axis=2), cmap="gray", vmin=-120, vmax=300, aspect="equal"
        )
        side = heat.cell_px * width / heat.width_px  # in this smaller photo
        shown = axes.imshow(
            density,
            cmap=_HEAT,
            vmin=0,
            alpha=np.where(np.nan_to_num(density) > 0, 0.72, 0.0),
            extent=(-0.5, columns * side - 0.5, rows * side - 0.5, -0.5),
            interpolation="nearest",
        )
        axes.set(xlim=(-0.5, width - 0.5), ylim=(height - 0.5, -0.5))
        axes.set_axis_off()
        left = (wide + 0.14) / (wide + _BAR_ROOM)
        bar = figure.add_axes((left, 0.06, 0.15 / (wide + _BAR_ROOM), 0.74))
        figure.colorbar(shown, cax=bar)
        bar.set_title(unit, fontsize=11, color=_SOFT, pad=10, loc="left")
        bar.tick_params(labelsize=11)
        return _saved(figure, "jpeg", pil_kwargs={"quality": 88})


def rose_picture(rose: Rose) -> bytes:
    """A half rose of directions: a PNG."""
    with _style():
        figure = Figure(figsize=(3.2, 1.9), dpi=DPI)
        FigureCanvasAgg(figure)
        axes = figure.add_axes((0.12, -0.32, 0.76, 1.5), projection="polar")
        angles = np.arange(BINS + 1) * np.pi / BINS
        lengths = np.array([*rose.lengths, rose.lengths[0]]) / max(rose.total, 1e-9)
        axes.bar(
            angles,
            lengths,
            width=np.pi / BINS,
            color=_RED,
            alpha=0.85,
            edgecolor="white",
            linewidth=0.4,
        )
        axes.set_xlim(0, np.pi)
        axes.set_xticks(np.radians([0, 45, 90, 135, 180]))
        axes.set_xticklabels(["0°", "45°", "90°", "135°", "180°"])
        axes.set_yticklabels([])
        axes.set_ylim(0, float(lengths.max()) * 1.05)
        axes.grid(color="#dfe3e6", linewidth=0.6)
        axes.spines["polar"].set_color("#dfe3e6")
        if rose.anisotropy > 0.05:
            middle = np.radians(rose.direction_deg)
            axes.plot([middle, middle], [0, lengths.max()], color=_INK, linewidth=1)
        # The library's own note would name its version in each picture.
        return _saved(figure, "png", metadata={"Software": None})


@contextmanager
def _style() -> Iterator[None]:
    font_manager.fontManager.addfont(latin_font())
    settings: dict[Any, Any] = {
        "font.family": ["Inter"],
        "font.size": 8.5,
        "text.color": _INK,
        "xtick.color": _SOFT,
        "ytick.color": _SOFT,
        "axes.linewidth": 0.5,
    }
    with mpl.rc_context(settings):
        yield


def _saved(figure: Figure, kind: str, **settings: Any) -> bytes:  # noqa: ANN401 - the library's
    stream = io.BytesIO()
    figure.savefig(stream, format=kind, dpi=DPI, **settings)
    return stream.getvalue()
