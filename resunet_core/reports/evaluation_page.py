"""What a model found on labelled photos, beside their truth, the worst first."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from numpy.typing import NDArray

from resunet_core import __version__
from resunet_core.defects import DEFAULT_CLASSES, IGNORE_ID
from resunet_core.files import write_text
from resunet_core.reports.html import picture_base64
from resunet_core.resources import resource

PICTURE_MAX_PX = 480
IGNORED_GREY = 160


@dataclass(frozen=True)
class Judged:
    """One photo on the page.

    Attributes:
        name: Of the photo.
        score: What the page is ordered by, 0 (worst) to 1.
        said: Its figures, in words.
    """

    name: str
    score: float
    said: str


@dataclass
class EvaluationPage:
    """Keeps small pictures of each photo as it is judged, and writes the page.

    Attributes:
        title: Of the page.
        about: Names and values that say what was judged, and how.
    """

    title: str
    about: Sequence[tuple[str, str]]
    _images: list[tuple[str, str, str]] = field(default_factory=list)

    def see(
        self,
        pixels: NDArray[np.uint8],
        truth: NDArray[np.uint8],
        predicted: NDArray[np.uint8],
    ) -> None:
        """Keep the next photo: RGB uint8 [H, W, 3], class ids uint8 [H, W] twice."""
        photo, *masks = (_small(picture) for picture in (pixels, truth, predicted))
        shown = (photo, *(coloured(photo, mask) for mask in masks))
        first, second, third = (picture_base64(picture) for picture in shown)
        self._images.append((first, second, third))

    def write(self, path: Path, judged: Sequence[Judged]) -> None:
        """One HTML file that needs nothing beside it.

        Args:
            path: Of the file.
            judged: The photos in the order in which they were seen.

        Raises:
            CaihuaError: It cannot be written.
        """
        environment = Environment(
            loader=FileSystemLoader(resource("templates")),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        rows = sorted(
            zip(judged, self._images, strict=True), key=lambda row: row[0].score
        )
        text = environment.get_template("evaluation.html").render(
            title=self.title,
            about=self.about,
            rows=rows,
            classes=list(DEFAULT_CLASSES),
            version=__version__,
        )
        write_text(path, text)


def _small(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """At most so large; a mask keeps its ids, and its thin lines where it can."""
    height, width = picture.shape[:2]
    scale = PICTURE_MAX_PX / max(height, width)
    if scale >= 1:
        return picture
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    if picture.ndim == 3:
        return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA))
    shown = np.zeros(size[::-1], np.uint8)
    for defect_id in (IGNORE_ID, *(d.id for d in reversed(list(DEFAULT_CLASSES)))):
        share = (picture == defect_id).astype(np.float32)
        shown[cv2.resize(share, size, interpolation=cv2.INTER_AREA) > 0.25] = defect_id
    return shown


def coloured(
    pixels: NDArray[np.uint8], classes: NDArray[np.uint8], *, strength: float = 0.75
) -> NDArray[np.uint8]:
    """A dimmed photo with its mask in the classes' colours, RGB uint8 [h, w, 3].

    What is left out of the score is grey.
    """
    grey = pixels.mean(axis=2, keepdims=True)
    shown = np.repeat(0.55 * grey + 0.45 * 255, 3, axis=2)
    for defect in DEFAULT_CLASSES:
        where = classes == defect.id
        colour = np.array(defect.colour, np.float64)
        shown[where] = (1 - strength) * shown[where] + strength * colour
    shown[classes == IGNORE_ID] = IGNORED_GREY
    return shown.round().astype(np.uint8)
