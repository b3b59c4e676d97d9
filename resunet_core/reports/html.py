"""A report as one HTML file that needs nothing beside it."""

import base64
from pathlib import Path

import cv2
import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from numpy.typing import NDArray

from resunet_core.files import write_text
from resunet_core.reports.report import Report
from resunet_core.resources import resource

PICTURE_MAX_PX = 1400


def write_html(path: Path, report: Report) -> None:
    """Render the report; text of photos and paths is escaped.

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
    text = environment.get_template("report.html").render(report=report)
    write_text(path, text)


def picture_base64(pixels: NDArray[np.uint8]) -> str:
    """A picture, RGB uint8 [h, w, 3], as the base64 text of a JPEG."""
    done, data = cv2.imencode(".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 82])
    if not done:
        raise RuntimeError("OpenCV cannot write JPEG")
    return base64.b64encode(data.tobytes()).decode("ascii")
