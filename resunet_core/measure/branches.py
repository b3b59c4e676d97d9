"""The branches and junctions of a centre line, torn ones merged."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from resunet_core.measure.pixel_graph import Indices, Steps, groups

MERGED_PX = 3.0
"""Junctions joined by a line no longer than this are one: thinning tears them apart."""


@dataclass(frozen=True)
class Draft:
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


def draft_branches(steps: Steps, pixels: int) -> Draft:
    """The branches and junctions of so many pixels with steps between them."""
    degrees = steps.degrees(pixels)
    forks = degrees > 2
    at_a, at_b = forks[steps.a], forks[steps.b]
    branch, length = _branches(steps, forks, ~at_a & ~at_b)
    junction, count = _clusters(steps, forks, at_a & at_b)
    ends = np.flatnonzero(at_a ^ at_b)
    own = np.where(at_a[ends], steps.b[ends], steps.a[ends])
    fork = np.where(at_a[ends], steps.a[ends], steps.b[ends])
    length += np.bincount(branch[own], steps.length_px[ends], len(length))
    draft = Draft(
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


def _merged(draft: Draft) -> Draft:
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


def _both_ends(draft: Draft) -> tuple[Indices, Indices, Indices]:
    """Of the branches with a junction at both ends: the junctions, and the branch."""
    order = np.argsort(draft.end_branch, kind="stable")
    branch = draft.end_branch[order]
    first = np.flatnonzero(branch[1:] == branch[:-1])
    junction = draft.end_junction[order]
    return junction[first], junction[first + 1], branch[first]


def _dissolved(draft: Draft, steps: Steps) -> Draft:
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
