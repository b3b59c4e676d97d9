"""A crack network: branches between junctions and free ends."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from resunet_core.measure.branches import MERGED_PX, Draft, draft_branches
from resunet_core.measure.centre_line import CentreLine
from resunet_core.measure.pixel_graph import Indices, Steps, far_ends, steps_between

SHORTEST_SPUR_PX = 5.0
T_GAP = np.radians(150.0)
"""A fork with two arms this far apart is a T: one crack that met an older one."""

_ROUNDS = 4
_ARM_DOUBLINGS = 4  # arms are looked at 16 px from their junction

JunctionKind = Literal["Y", "T", "X"]


@dataclass(frozen=True)
class Junctions:
    """Where three or more branches meet.

    Attributes:
        y: Middle row of each, float64 [j].
        x: Middle column.
        degree: How many branches meet, int64 [j].
        is_t: Whether a fork is a T, bool [j].
    """

    y: NDArray[np.float64]
    x: NDArray[np.float64]
    degree: Indices
    is_t: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.y)

    def count(self, kind: JunctionKind) -> int:
        """How many there are of a kind; X are all with four branches or more."""
        of_kind = {
            "Y": (self.degree == 3) & ~self.is_t,
            "T": (self.degree == 3) & self.is_t,
            "X": self.degree > 3,
        }
        return int(np.count_nonzero(of_kind[kind]))


@dataclass(frozen=True)
class Network:
    """What is left of a centre line without spurs.

    Attributes:
        y: Rows of its pixels, int64 [n].
        x: Columns.
        branch_of: Branch of each pixel, int64 [n]; -1 inside a junction.
        steps: Steps between its pixels.
        length_px: Of each branch, float64 [b].
        chord_px: From one end of each branch to the other; NaN for closed rings.
        junctions: Where branches meet.
        free_y: Rows of the free ends, int64 [e].
        free_x: Columns of the free ends.
        branch_ends: All ends of branches that are not cut by the border.
    """

    y: Indices
    x: Indices
    branch_of: Indices
    steps: Steps
    length_px: NDArray[np.float64]
    chord_px: NDArray[np.float64]
    junctions: Junctions
    free_y: Indices
    free_x: Indices
    branch_ends: int

    @property
    def total_px(self) -> float:
        """Length of all centre lines by Kulpa's weights."""
        return float(self.steps.length_px.sum(dtype=np.float64))


def build_network(line: CentreLine) -> Network:
    """The network of a centre line: spurs pruned, torn junctions merged.

    A spur is shorter than the crack is wide where it leaves, or than 5 px. An end at
    the photo's border, at the assessed surface's or at another class is cut, not free.
    """
    steps = steps_between(line.y, line.x, line.width)
    kept = np.ones(len(line.y), np.bool_)
    for _ in range(_ROUNDS):
        spurs = _spurs(draft_branches(steps, len(kept)), line)
        if not spurs.any():
            break
        kept &= ~spurs
        steps = steps.only(kept[steps.a] & kept[steps.b])
    index = np.cumsum(kept) - 1
    steps = replace(steps, a=index[steps.a], b=index[steps.b])
    return _finished(steps, _only(line, kept))


def _spurs(draft: Draft, line: CentreLine) -> NDArray[np.bool_]:
    """Which pixels are on a short branch with one free end and one junction."""
    ends = np.bincount(draft.end_branch, minlength=len(draft.length))
    free = np.flatnonzero((draft.degrees < 2) & (draft.branch >= 0))
    dangling = np.bincount(draft.branch[free], minlength=len(draft.length)) > 0
    forked = draft.junction >= 0
    widest = np.zeros(draft.junctions)
    np.maximum.at(widest, draft.junction[forked], line.width_px[forked])
    local = np.zeros(len(draft.length))
    np.maximum.at(local, draft.end_branch, widest[draft.end_junction])
    short = draft.length < np.maximum(local, SHORTEST_SPUR_PX)
    gone = (ends == 1) & dangling & short
    spurs = np.zeros(len(draft.branch), np.bool_)
    in_branch = draft.branch >= 0
    spurs[in_branch] = gone[draft.branch[in_branch]]
    return spurs


def _only(line: CentreLine, kept: NDArray[np.bool_]) -> CentreLine:
    return replace(
        line,
        y=line.y[kept],
        x=line.x[kept],
        width_px=line.width_px[kept],
        edge_px=line.edge_px[kept],
    )


def _finished(steps: Steps, line: CentreLine) -> Network:
    draft = draft_branches(steps, len(line.y))
    junctions = _junctions(draft, steps, line)
    single = np.flatnonzero((draft.degrees == 1) & (draft.branch >= 0))
    is_free = line.edge_px[single] > line.width_px[single] / 2 + MERGED_PX
    free = single[is_free]
    return Network(
        y=line.y,
        x=line.x,
        branch_of=draft.branch,
        steps=steps,
        length_px=draft.length,
        chord_px=_chords(draft, single, junctions, line),
        junctions=junctions,
        free_y=line.y[free],
        free_x=line.x[free],
        branch_ends=len(free) + len(draft.end_branch),
    )


def _junctions(draft: Draft, steps: Steps, line: CentreLine) -> Junctions:
    at = draft.junction >= 0
    cluster = draft.junction[at]
    size = np.maximum(np.bincount(cluster, minlength=draft.junctions), 1)
    y = np.bincount(cluster, line.y[at], draft.junctions) / size
    x = np.bincount(cluster, line.x[at], draft.junctions) / size
    degree = np.bincount(draft.end_junction, minlength=draft.junctions)
    over_b, over_a = far_ends(steps, len(line.y), _ARM_DOUBLINGS)
    leads_in = draft.junction[steps.b[draft.end_step]] >= 0
    far = np.where(leads_in, over_a[draft.end_step], over_b[draft.end_step])
    angle = np.arctan2(
        line.y[far] - y[draft.end_junction], line.x[far] - x[draft.end_junction]
    )
    return Junctions(
        y, x, degree, _widest_gap(angle, draft.end_junction, degree) >= T_GAP
    )


def _widest_gap(
    angle: NDArray[np.float64], junction: Indices, degree: Indices
) -> NDArray[np.float64]:
    """The widest angle between neighbouring arms of each junction, in radians."""
    order = np.lexsort((angle, junction))
    angle, junction = angle[order], junction[order]
    first = np.concatenate([[0], np.cumsum(degree)])[:-1]
    following = np.arange(1, len(angle) + 1)
    turn = np.zeros(len(angle))
    last = first + degree - 1
    following[last] = first
    turn[last] = 2 * np.pi
    widest = np.zeros(len(degree))
    np.maximum.at(widest, junction, angle[following] + turn - angle)
    return widest


def _chords(
    draft: Draft, single: Indices, junctions: Junctions, line: CentreLine
) -> NDArray[np.float64]:
    branch = np.concatenate([draft.end_branch, draft.branch[single]])
    y = np.concatenate([junctions.y[draft.end_junction], line.y[single]])
    x = np.concatenate([junctions.x[draft.end_junction], line.x[single]])
    order = np.argsort(branch, kind="stable")
    branch, y, x = branch[order], y[order], x[order]
    pair = np.flatnonzero(branch[1:] == branch[:-1])
    chords = np.full(len(draft.length), np.nan)
    chords[branch[pair]] = np.hypot(y[pair + 1] - y[pair], x[pair + 1] - x[pair])
    return chords
