"""Per-class scores of masks against truth: sums over all pixels of all pictures.

Each picture's sums are kept, so that any choice of pictures can be scored as fast as
arrays add up: single pictures, parts, thousands of random draws.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from resunet_core.defects import BACKGROUND_KEY, DefectClasses
from resunet_core.mask.length import DIAGONAL_PX, ORTHOGONAL_PX
from resunet_core.training.sums import Counts, Sums, sums_of

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ClassScore:
    """Scores of one class; None where its denominator is empty.

    All lie between 0 and 1 but the last two: `length_ratio` is predicted over true
    length of the centre lines (Kulpa's weights), `relative_area_error` the predicted
    minus the true area over the true one. Sound paint has no centre line.
    """

    iou: float | None
    f1: float | None
    precision: float | None
    recall: float | None
    support_px: int
    centerline_f1: float | None = None
    centerline_precision: float | None = None
    centerline_recall: float | None = None
    cldice: float | None = None
    length_ratio: float | None = None
    relative_area_error: float | None = None


FIGURES = tuple(f.name for f in fields(ClassScore) if f.name != "support_px")


@dataclass(frozen=True)
class MacroScore:
    """The paper's averages: means over all classes that occur, sound paint included.

    `f1` is the harmonic mean of the mean precision and the mean recall. The paper's
    93.18 and 93.67 give its 93.42 that way; the mean of the classes' F1, which its IoUs
    of 0.98, 0.71 and 0.94 give, is 93.0 and could not be above 93.3 with any rounding.
    A class that is labelled but never predicted has precision 0 here.
    """

    precision: float | None
    recall: float | None
    f1: float | None
    iou: float | None


def figures_of(sums: Sums) -> dict[str, Floats]:
    """Every figure of `ClassScore` for each class: [..., C], NaN for None.

    clDice is the hard one of Shit et al. (2021), equations 1 to 3.
    """
    confusion = sums.confusion
    hit = np.diagonal(confusion, axis1=-2, axis2=-1)
    true, said = confusion.sum(axis=-1), confusion.sum(axis=-2)
    near = _share(sums.line_near, sums.line_px)
    inside = _share(sums.line_inside, sums.line_px)
    length = sums.line_steps @ np.array([ORTHOGONAL_PX, DIAGONAL_PX])
    found = {
        "iou": _share(hit, true + said - hit),
        "f1": _share(2 * hit, true + said),
        "precision": _share(hit, said),
        "recall": _share(hit, true),
        "centerline_f1": _harmonic(near[..., 0], near[..., 1]),
        "centerline_precision": near[..., 0],
        "centerline_recall": near[..., 1],
        "cldice": _harmonic(inside[..., 0], inside[..., 1]),
        "length_ratio": _share(length[..., 0], length[..., 1]),
        "relative_area_error": _share(said - true, true),
    }
    return {name: np.where(true > 0, found[name], np.nan) for name in FIGURES}


def accuracy_of(sums: Sums) -> Floats:
    """Share of counted pixels with the right class, [...]; NaN where none counts."""
    confusion = sums.confusion
    right = np.trace(confusion, axis1=-2, axis2=-1)
    return _share(right, confusion.sum(axis=(-2, -1)))


def mean_of(values: Floats) -> Floats:
    """The mean over the classes that have a value: [..., C] to [...], NaN for none."""
    known = ~np.isnan(values)
    return _share(np.where(known, values, 0).sum(axis=-1), known.sum(axis=-1))


def macro_of(figures: dict[str, Floats]) -> dict[str, Floats]:
    """The figures of `MacroScore`, [...], from those of the classes, [..., C]."""
    labelled = ~np.isnan(figures["recall"])
    never_said = labelled & np.isnan(figures["precision"])
    precision = mean_of(np.where(never_said, 0, figures["precision"]))
    recall = mean_of(figures["recall"])
    return {
        "precision": precision,
        "recall": recall,
        "f1": _harmonic(precision, recall),
        "iou": mean_of(figures["iou"]),
    }


def _share(part: NDArray[np.number], whole: NDArray[np.number]) -> Floats:
    shares = np.full(np.broadcast(part, whole).shape, np.nan)
    np.divide(part, whole, out=shares, where=whole > 0)
    return shares


def _harmonic(precision: Floats, recall: Floats) -> Floats:
    """NaN without recall: nothing to find. 0 without precision: nothing was found."""
    found = np.where(np.isnan(precision), 0, precision)
    total = found + np.where(np.isnan(recall), 0, recall)
    balanced = np.zeros_like(total)
    np.divide(2 * found * recall, total, out=balanced, where=total > 0)
    return np.where(np.isnan(recall), np.nan, balanced)


def or_none(value: float | Floats) -> float | None:
    """The number, or None where it is NaN."""
    return None if np.isnan(value) else float(value)


@dataclass(frozen=True)
class PictureSums:
    """One picture's part of the scores, and the name it was added under."""

    name: str
    sums: Sums


@dataclass
class Scores:
    """Adds up pictures; `of` and the totals read the sums at any time."""

    classes: DefectClasses
    tolerance_px: int = 4
    parts: list[PictureSums] = field(default_factory=list)  # in the order of `add`

    def add(
        self, predicted: NDArray[np.uint8], truth: NDArray[np.uint8], name: str = ""
    ) -> None:
        """Count one picture; both are class ids [H, W], truth 255 is left out."""
        size, near = len(self.keys), self.tolerance_px
        sums = sums_of(predicted, truth, classes=size, tolerance_px=near)
        self.parts.append(PictureSums(name, sums))

    def of_pictures(self, indices: Iterable[int]) -> "Scores":
        """The scores of some pictures only, in that order, repeats counted again."""
        parts = [self.parts[k] for k in indices]
        return Scores(self.classes, self.tolerance_px, parts)

    @property
    def pictures(self) -> int:
        """How many pictures have been added."""
        return len(self.parts)

    @property
    def stack(self) -> Sums:
        """The sums of every picture, [pictures, ...]."""
        return Sums.stacked([part.sums for part in self.parts], len(self.keys))

    @property
    def total(self) -> Sums:
        """The sums over all pictures."""
        return self.stack.weighed(np.ones(self.pictures, np.int64))

    @property
    def confusion(self) -> Counts:
        """Pixels over all pictures, [truth, predicted]."""
        return self.total.confusion

    @property
    def keys(self) -> tuple[str, ...]:
        """Sound paint and the defect classes, in the order of the ids."""
        return (BACKGROUND_KEY, *self.classes.keys)

    def of(self, class_id: int) -> ClassScore | None:
        """The scores of a class; None for a class that the truth never labels."""
        return self._read(self.total)[class_id]

    def by_key(self) -> dict[str, ClassScore | None]:
        """Scores for sound paint and each defect class, by key."""
        return dict(zip(self.keys, self._read(self.total), strict=True))

    def by_picture(self) -> list[dict[str, ClassScore | None]]:
        """What `by_key` says of each picture alone, in the order of `parts`."""
        return [self.of_pictures([k]).by_key() for k in range(self.pictures)]

    def each(self, figure: str) -> Floats:
        """A figure of each picture and class, [pictures, C]; NaN where it has none."""
        return figures_of(self.stack)[figure]

    @staticmethod
    def _read(sums: Sums) -> list[ClassScore | None]:
        figures, support = figures_of(sums), sums.confusion.sum(axis=-1)
        return [
            ClassScore(
                support_px=int(pixels),
                **{name: or_none(figures[name][class_id]) for name in FIGURES},
            )
            if pixels
            else None
            for class_id, pixels in enumerate(support)
        ]

    @property
    def accuracy(self) -> float | None:
        """Share of counted pixels with the right class."""
        return or_none(accuracy_of(self.total))

    def mean(self, name: str) -> float | None:
        """The mean of a score over the classes that the truth labels."""
        return or_none(mean_of(figures_of(self.total)[name]))

    @property
    def macro(self) -> MacroScore:
        """The averages that the paper reports."""
        found = macro_of(figures_of(self.total))
        return MacroScore(**{name: or_none(value) for name, value in found.items()})
