"""Per-class scores of masks against truth: sums over all pixels of all pictures."""

from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from resunet_core.defects import BACKGROUND_KEY, IGNORE_ID, DefectClasses
from resunet_core.mask.skeleton import skeletonise


@dataclass(frozen=True)
class ClassScore:
    """Scores of one class, each 0 to 1; None where its denominator is empty."""

    iou: float | None
    f1: float | None
    precision: float | None
    recall: float | None
    support_px: int
    centerline_f1: float | None = None
    centerline_precision: float | None = None
    centerline_recall: float | None = None


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None


def _f1(precision: float | None, recall: float | None) -> float | None:
    if recall is None:
        return None
    if precision is None:  # nothing was found of what there is
        return 0.0
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


@dataclass
class Scores:
    """Adds up pictures; `of` and the totals read the sums at any time."""

    classes: DefectClasses
    tolerance_px: int = 4
    confusion: NDArray[np.int64] = field(init=False)  # [truth, predicted]
    line_hits: NDArray[np.int64] = field(init=False)  # per class: predicted, truth
    line_lengths: NDArray[np.int64] = field(init=False)
    pictures: int = 0

    def __post_init__(self) -> None:
        count = len(self.classes) + 1
        self.confusion = np.zeros((count, count), np.int64)
        self.line_hits = np.zeros((count, 2), np.int64)
        self.line_lengths = np.zeros((count, 2), np.int64)

    def add(self, predicted: NDArray[np.uint8], truth: NDArray[np.uint8]) -> None:
        """Count one picture; both are class ids [H, W], truth 255 is left out."""
        count = self.confusion.shape[0]
        counts = truth != IGNORE_ID
        pairs = truth[counts].astype(np.int64) * count + predicted[counts]
        self.confusion += np.bincount(pairs, minlength=count * count).reshape(
            count, count
        )
        for class_id in range(1, count):
            self._add_lines(class_id, predicted == class_id, truth == class_id, counts)
        self.pictures += 1

    def _add_lines(
        self,
        class_id: int,
        predicted: NDArray[np.bool_],
        truth: NDArray[np.bool_],
        counts: NDArray[np.bool_],
    ) -> None:
        # Skeletons of whole masks, then ignored pixels are left out: cutting first
        # would make centre lines of the cut pieces. What lies near a line may itself
        # be ignored: labels often have an ignored seam around them.
        lines = (skeletonise(predicted), skeletonise(truth))
        for side, (line, other) in enumerate((lines, lines[::-1])):
            counted = line & counts
            near = _within(other, self.tolerance_px)
            self.line_hits[class_id, side] += int((counted & near).sum())
            self.line_lengths[class_id, side] += int(counted.sum())

    def of(self, class_id: int) -> ClassScore | None:
        """The scores of a class; None for a class that the truth never labels."""
        hit = int(self.confusion[class_id, class_id])
        support = int(self.confusion[class_id].sum())
        if support == 0:
            return None
        said = int(self.confusion[:, class_id].sum())
        precision, recall = _share(hit, said), _share(hit, support)
        scores = ClassScore(
            iou=_share(hit, support + said - hit),
            f1=_share(2 * hit, support + said),
            precision=precision,
            recall=recall,
            support_px=support,
        )
        if class_id == 0:
            return scores
        found, true = (
            _share(int(h), int(n))
            for h, n in zip(
                self.line_hits[class_id], self.line_lengths[class_id], strict=True
            )
        )
        return replace(
            scores,
            centerline_f1=_f1(found, true),
            centerline_precision=found,
            centerline_recall=true,
        )

    def by_key(self) -> dict[str, ClassScore | None]:
        """Scores for sound paint and each defect class, by key."""
        keys = {BACKGROUND_KEY: 0, **{c.key: c.id for c in self.classes}}
        return {key: self.of(class_id) for key, class_id in keys.items()}

    @property
    def accuracy(self) -> float | None:
        """Share of counted pixels with the right class."""
        return _share(int(np.trace(self.confusion)), int(self.confusion.sum()))

    def mean(self, name: str) -> float | None:
        """The mean of a score over the classes that the truth labels."""
        values = [getattr(s, name) for s in self.by_key().values() if s is not None]
        known = [v for v in values if v is not None]
        return float(np.mean(known)) if known else None


def _within(line: NDArray[np.bool_], tolerance_px: int) -> NDArray[np.bool_]:
    """Where a pixel of `line` is at most `tolerance_px` away (Euclidean)."""
    if not line.any():
        return np.zeros_like(line)
    distance = cv2.distanceTransform(
        (~line).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE
    )
    return np.asarray(distance <= tolerance_px, np.bool_)
