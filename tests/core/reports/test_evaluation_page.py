"""The page of judged photos: the worst first, names escaped, thin cracks kept."""

import base64
import re
from pathlib import Path

import cv2
import numpy as np
import pytest

from resunet_core.reports.evaluation_page import (
    EvaluationPage,
    Judged,
    coloured,
)


def test_the_worst_photo_comes_first_and_names_are_only_text(tmp_path: Path) -> None:
    page = EvaluationPage("walls", [("Model", "default")])
    blank = np.zeros((8, 8), np.uint8)
    for grey in (10, 200, 90):
        page.see(np.full((8, 8, 3), grey, np.uint8), blank, blank)
    judged = [
        Judged("good", 0.9, ""),
        Judged("<b>bad</b>", 0.1, ""),
        Judged("梁", 0.5, ""),
    ]
    page.write(tmp_path / "page.html", judged)
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    places = [text.index(f"<h2>{n}") for n in ("&lt;b&gt;bad", "梁", "good")]
    assert places == sorted(places)
    assert "<b>bad" not in text
    assert text.count("<img") == 9


def test_photos_and_verdicts_must_be_as_many(tmp_path: Path) -> None:
    page = EvaluationPage("walls", [])
    with pytest.raises(ValueError, match="argument"):
        page.write(tmp_path / "page.html", [Judged("one", 1.0, "")])


def test_a_thin_crack_of_a_large_photo_is_still_on_the_page(tmp_path: Path) -> None:
    truth = np.zeros((1200, 1200), np.uint8)
    cv2.line(truth, (0, 600), (1199, 600), 1, 2)
    page = EvaluationPage("walls", [])
    page.see(np.full((1200, 1200, 3), 120, np.uint8), truth, np.zeros_like(truth))
    page.write(tmp_path / "page.html", [Judged("one", 1.0, "")])
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    _, shown, found = (
        cv2.imdecode(np.frombuffer(base64.b64decode(code), np.uint8), cv2.IMREAD_COLOR)
        for code in re.findall(r"base64,([^\"]+)", text)
    )
    assert shown is not None
    assert found is not None
    row = np.abs(shown.astype(int) - found).sum(axis=2).max(axis=1)
    assert row.max() > 60
    assert 235 <= int(row.argmax()) <= 245


def test_what_is_left_out_is_grey() -> None:
    pixels = np.full((2, 2, 3), (200, 30, 30), np.uint8)
    classes = np.array([[0, 1], [2, 255]], np.uint8)
    shown = coloured(pixels, classes)
    assert len({tuple(value) for value in shown.reshape(-1, 3).tolist()}) == 4
    assert np.ptp(shown[1, 1]) == 0
