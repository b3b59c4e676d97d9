"""A crack network: branches between junctions and free ends."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from resunet_core.measure.centre_line import CentreLine
from resunet_core.measure.pixel_graph import (
    Indices,
    Steps,
    far_ends,
    groups,
    steps_between,
)

SHORTEST_SPUR_PX = 5.0
MERGED_PX = 3.0
"""Junctions joined by a line no longer than this are one: thinning tears them apart."""

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
        spurs = _spurs(_draft(steps, len(kept)), line)
        if not spurs.any():
            break
        kept &= ~spurs
        steps = steps.only(kept[steps.a] & kept[steps.b])
    index = np.cumsum(kept) - 1
    steps = replace(steps, a=index[steps.a], b=index[steps.b])
    return _finished(steps, _only(line, kept))


@dataclass(frozen=True)
class _Draft:
    """Branches and junctions of pixels; junction pixels are in no branch.

    Attributes:
        branch: Of each pixel, -1 in a junction.
        junction: Of each pixel, -1 in a branch.
        length: Of each branch.
        end_branch: For each end of a branch at a junction: the branch.
        end_junction: The junction.
        end_step: The step that leads there.
        junctions: How many there are.
        degrees: Steps at each pixel.
    """

    branch: Indices
    junction: Indices
    length: NDArray[np.float64]
    end_branch: Indices
    end_junction: Indices
    end_step: Indices
    junctions: int
    degrees: Indices


def _draft(steps: Steps, pixels: int) -> _Draft:
    degrees = steps.degrees(pixels)
    forks = degrees > 2
    at_a, at_b = forks[steps.a], forks[steps.b]
    branch, length = _branches(steps, forks, ~at_a & ~at_b)
    junction, count = _clusters(steps, forks, at_a & at_b)
    ends = np.flatnonzero(at_a ^ at_b)
    own = np.where(at_a[ends], steps.b[ends], steps.a[ends])
    fork = np.where(at_a[ends], steps.a[ends], steps.b[ends])
    length += np.bincount(branch[own], steps.length_px[ends], len(length))
    draft = _Draft(
        branch, junction, length, branch[own], junction[fork], ends, count, degrees
    )
    return _dissolved(_merged(draft), steps)


def _branches(
    steps: Steps, forks: NDArray[np.bool_], along: NDArray[np.bool_]
) -> tuple[Indices, NDArray[np.float64]]:
    _, labels = groups(len(forks), steps.a[along], steps.b[along])
    names, branch = np.unique(labels[~forks], return_inverse=True)
    whose = np.full(len(forks), -1)
    whose[~forks] = branch
    length = np.bincount(
        whose[steps.a[along]], steps.length_px[along], len(names)
    ).astype(np.float64)
    return whose, length


def _clusters(
    steps: Steps, forks: NDArray[np.bool_], inside: NDArray[np.bool_]
) -> tuple[Indices, int]:
    _, labels = groups(len(forks), steps.a[inside], steps.b[inside])
    names, cluster = np.unique(labels[forks], return_inverse=True)
    whose = np.full(len(forks), -1)
    whose[forks] = cluster
    return whose, len(names)


def _merged(draft: _Draft) -> _Draft:
    """Junctions that a very short branch joins become one."""
    one, other, joins = _both_ends(draft)
    short = (draft.length[joins] <= MERGED_PX) & (one != other)
    if not short.any():
        return draft
    count, group = groups(draft.junctions, one[short], other[short])
    gone = np.zeros(len(draft.length), np.bool_)
    gone[joins[short]] = True
    example = np.full(len(draft.length), -1)
    example[joins[short]] = one[short]
    junction = draft.junction.copy()
    in_branch = draft.branch >= 0
    inside = np.zeros(len(junction), np.bool_)
    inside[in_branch] = gone[draft.branch[in_branch]]
    junction[inside] = example[draft.branch[inside]]
    junction[junction >= 0] = group[junction[junction >= 0]]
    stay = ~gone[draft.end_branch]
    return replace(
        draft,
        branch=np.where(inside, -1, draft.branch),
        junction=junction,
        end_branch=draft.end_branch[stay],
        end_junction=group[draft.end_junction[stay]],
        end_step=draft.end_step[stay],
        junctions=count,
    )


def _both_ends(draft: _Draft) -> tuple[Indices, Indices, Indices]:
    """Of the branches with a junction at both ends: the junctions, and the branch."""
    order = np.argsort(draft.end_branch, kind="stable")
    branch = draft.end_branch[order]
    first = np.flatnonzero(branch[1:] == branch[:-1])
    junction = draft.end_junction[order]
    return junction[first], junction[first + 1], branch[first]


def _dissolved(draft: _Draft, steps: Steps) -> _Draft:
    """Junctions with one or two branches are none: what they part is one branch."""
    degree = np.bincount(draft.end_junction, minlength=draft.junctions)
    passed = (degree < 3)[draft.end_junction]
    order = np.argsort(draft.end_junction[passed], kind="stable")
    branch = draft.end_branch[passed][order]
    at = draft.end_junction[passed][order]
    pair = np.flatnonzero(at[1:] == at[:-1])
    count, group = groups(len(draft.length), branch[pair], branch[pair + 1])
    owner = np.full(draft.junctions, -1)
    owner[at] = group[branch]
    length = np.bincount(group, draft.length, count).astype(np.float64)
    in_junction = draft.junction >= 0
    new_branch = np.where(in_junction, -1, group[np.maximum(draft.branch, 0)])
    new_branch[in_junction] = owner[draft.junction[in_junction]]
    _add_inner(length, steps, draft.junction, owner)
    names, junction = np.unique(
        np.where(degree >= 3, np.arange(len(degree)), -1), return_inverse=True
    )
    junction = junction - int(len(names) > 0 and names[0] == -1)
    kept = ~passed
    of_pixel = np.full(len(draft.junction), -1)
    of_pixel[in_junction] = junction[draft.junction[in_junction]]
    return replace(
        draft,
        branch=new_branch,
        junction=of_pixel,
        length=length,
        end_branch=group[draft.end_branch[kept]],
        end_junction=junction[draft.end_junction[kept]],
        end_step=draft.end_step[kept],
        junctions=int(np.count_nonzero(degree >= 3)),
    )


def _add_inner(
    length: NDArray[np.float64], steps: Steps, junction: Indices, owner: Indices
) -> None:
    """Give the steps inside a dissolved junction to the branch through it."""
    at = junction[steps.a]
    inner = (at >= 0) & (junction[steps.b] == at)
    whose = owner[at[inner]]
    np.add.at(length, whose[whose >= 0], steps.length_px[inner][whose >= 0])


def _spurs(draft: _Draft, line: CentreLine) -> NDArray[np.bool_]:
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
    draft = _draft(steps, len(line.y))
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


def _junctions(draft: _Draft, steps: Steps, line: CentreLine) -> Junctions:
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
    draft: _Draft, single: Indices, junctions: Junctions, line: CentreLine
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
