"""The craquelure of a photo in figures; all lengths in its pixels."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from resunet_core.measure.centre_line import find_centre_line, nearest_areas
from resunet_core.measure.islands import Islands, find_islands
from resunet_core.measure.network import Network, build_network
from resunet_core.measure.orientation import Rose, rose_of
from resunet_core.measure.surface import Surface, count_surface
from resunet_core.measure.widths import MEASURABLE_PX, Widths, widths_of
from resunet_core.progress import Progress, Steps

_SHORTEST_CURVE_PX = 10.0  # below, how a branch winds is how pixels lie


@dataclass(frozen=True)
class HeatMap:
    """Crack length and assessed surface on a grid from the photo's top left.

    Attributes:
        cell_px: Side of a cell.
        width_px: Width of the photo: the last cells may reach over it.
        length_px: float64 [rows, columns].
        assessed_px: int64 [rows, columns]; less in cells that the border cuts.
    """

    cell_px: float
    width_px: int
    length_px: NDArray[np.float64]
    assessed_px: NDArray[np.int64]

    @property
    def density(self) -> NDArray[np.float64]:
        """Length over assessed surface, per px; NaN where nothing is assessed."""
        known = np.where(self.assessed_px > 0, self.assessed_px, np.nan)
        return self.length_px / known


@dataclass(frozen=True)
class Craquelure:
    """What is measured of a crack network.

    Attributes:
        area_px: Pixels of the mask; it depends on how wide labels are drawn.
        assessed_px: The denominator of densities.
        length_px: Of all centre lines, by Kulpa's weights.
        branches: Pieces between junctions and ends.
        junctions_y: Forks of three arms.
        junctions_t: Forks where one crack meets another that runs straight on.
        junctions_x: Crossings of four arms or more.
        free_ends: Ends that meet nothing, those cut by the border left out.
        branch_ends: All ends of branches.
        tortuosity: Length over straight distance of the branches from 10 px; at
            least 1.
        widths: Of the branches.
        rose: Of directions.
        islands: Closed islands between the cracks.
        heat_map: On a grid.
    """

    area_px: int
    assessed_px: int
    length_px: float
    branches: int
    junctions_y: int
    junctions_t: int
    junctions_x: int
    free_ends: int
    branch_ends: int
    tortuosity: float
    widths: Widths
    rose: Rose
    islands: Islands
    heat_map: HeatMap

    @property
    def junctions(self) -> int:
        """Of all kinds."""
        return self.junctions_y + self.junctions_t + self.junctions_x

    @property
    def free_end_ratio(self) -> float:
        """Free ends over all ends: 0 in a closed network, 1 for cracks apart."""
        return self.free_ends / self.branch_ends if self.branch_ends else 0.0

    @property
    def density(self) -> float:
        """Length over assessed surface, per px."""
        return self.length_px / self.assessed_px if self.assessed_px else 0.0


def measure_craquelure(
    surface: Surface, class_id: int, *, cell_px: float
) -> Steps[Craquelure]:
    """Measure a crack class of a stitched mask; `cell_px` is the heat map's grid.

    Memory: about 100 bytes for a pixel of centre line, and bands of 1024 rows.
    """
    line = yield from find_centre_line(surface, class_id)
    yield Progress(0, 1, "Crack network")
    network = build_network(line)
    areas = nearest_areas(surface, class_id, network.y, network.x)
    islands = yield from find_islands(surface, class_id)
    own = network.branch_of >= 0
    per_branch = np.bincount(
        network.branch_of[own], areas[own], len(network.length_px)
    ).astype(np.float64)
    junctions = network.junctions
    return Craquelure(
        area_px=line.area_px,
        assessed_px=count_surface(surface).assessed_px,
        length_px=network.total_px,
        branches=len(network.length_px),
        junctions_y=junctions.count("Y"),
        junctions_t=junctions.count("T"),
        junctions_x=junctions.count("X"),
        free_ends=len(network.free_y),
        branch_ends=network.branch_ends,
        tortuosity=_tortuosity(network),
        widths=widths_of(
            per_branch,
            network.length_px,
            float(line.width_px.max(initial=0.0)),
        ),
        rose=rose_of(network),
        islands=islands,
        heat_map=_heat_map(surface, network, cell_px),
    )


def _tortuosity(network: Network) -> float:
    long = (network.length_px >= _SHORTEST_CURVE_PX) & (network.chord_px > 0)
    chords = float(network.chord_px[long].sum())
    return max(1.0, float(network.length_px[long].sum()) / chords) if chords else 1.0


def _heat_map(surface: Surface, network: Network, cell_px: float) -> HeatMap:
    rows = int(np.ceil(surface.height / cell_px))
    columns = int(np.ceil(surface.width / cell_px))
    place = (network.y / cell_px).astype(np.int64) * columns + (
        network.x / cell_px
    ).astype(np.int64)
    length = np.bincount(
        place, network.steps.pixel_lengths(len(network.y)), rows * columns
    ).astype(np.float64)
    assessed = np.zeros((rows, columns), np.int64)
    column_of = (np.arange(surface.width) / cell_px).astype(np.int64)
    starts = np.searchsorted(column_of, np.arange(columns))
    for band in surface.bands():
        seen = surface.assessed(band)
        counts = np.add.reduceat(seen, starts, axis=1, dtype=np.int64)
        row_of = (np.arange(band.top, band.bottom) / cell_px).astype(np.int64)
        np.add.at(assessed, row_of, counts)
    return HeatMap(cell_px, surface.width, length.reshape(rows, columns), assessed)


__all__ = ["MEASURABLE_PX", "Craquelure", "HeatMap", "measure_craquelure"]
