"""Champion against challenger: may a model that learned take the place of another?"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from resunet_core.defects import DEFAULT_CLASSES
from resunet_core.model.card import JUDGED_BY
from resunet_core.training.finish import figures_of
from resunet_core.training.metrics import Scores

LOCKED, CHECK = "locked", "check"
"""Tiles of the person's own that no training saw; generated ones, likewise."""

MAY_FALL = {LOCKED: 0.005, CHECK: 0.01}
GAIN = 0.005

Kind = Literal["better", "same", "worse", "unknown"]


@dataclass(frozen=True)
class Comparison:
    """One figure of both models.

    Attributes:
        of: `LOCKED` or `CHECK`.
        key: Of the class.
        measure: Field of `ClassScore`.
        before: Of the champion.
        after: Of the challenger.
        support_px: Pixels of the class that it is judged by.
    """

    of: str
    key: str
    measure: str
    before: float
    after: float
    support_px: int

    @property
    def change(self) -> float:
        """What the challenger gains."""
        return self.after - self.before


@dataclass(frozen=True)
class Verdict:
    """Whether the challenger may be installed, and the figures that say so.

    Attributes:
        kind: `worse` where any figure falls further than it may; `unknown` where the
            tiles kept apart show no damage to judge by.
        comparisons: All figures.
        fallen: Those that fell too far.
    """

    kind: Kind
    comparisons: tuple[Comparison, ...]
    fallen: tuple[Comparison, ...]

    def to_json(self) -> dict[str, Any]:
        """As plain values, for a line of JSON."""
        return {
            "kind": self.kind,
            "comparisons": [asdict(one) for one in self.comparisons],
            "fallen": [asdict(one) for one in self.fallen],
        }

    @staticmethod
    def from_json(raw: Mapping[str, Any]) -> "Verdict":
        """What `to_json` gave."""
        return Verdict(
            raw["kind"],
            tuple(Comparison(**one) for one in raw["comparisons"]),
            tuple(Comparison(**one) for one in raw["fallen"]),
        )


def judge(before: Mapping[str, Scores], after: Mapping[str, Scores]) -> Verdict:
    """The verdict from the scores of champion and challenger on the same sets."""
    comparisons = tuple(
        comparison
        for name in (LOCKED, CHECK)
        if name in before
        for comparison in _compared(name, before[name], after[name])
    )
    fallen = tuple(c for c in comparisons if c.change < -MAY_FALL[c.of])
    own = [c for c in comparisons if c.of == LOCKED]
    return Verdict(_kind(own, fallen), comparisons, fallen)


def _kind(own: Sequence[Comparison], fallen: Sequence[Comparison]) -> Kind:
    if fallen:
        return "worse"
    if not own:
        return "unknown"
    return "better" if max(c.change for c in own) >= GAIN else "same"


def _compared(name: str, before: Scores, after: Scores) -> list[Comparison]:
    found = []
    support = before.confusion.sum(axis=1)
    for defect in DEFAULT_CLASSES:
        one, other = before.of(defect.id), after.of(defect.id)
        if one is None or other is None:
            continue
        measure = JUDGED_BY[defect.key]
        found.append(
            Comparison(
                name,
                defect.key,
                measure,
                getattr(one, measure) or 0.0,
                getattr(other, measure) or 0.0,
                int(support[defect.id]),
            )
        )
    return found


def figures(scores: Mapping[str, Scores]) -> dict[str, Any]:
    """What the model file keeps of its scores."""
    return {name: figures_of(found) for name, found in scores.items()}
