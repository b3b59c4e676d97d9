"""Changed photos: what happens to the pixels happens to the truth."""

import numpy as np
import pytest

from resunet_core.training.changed import CHANGES, Changed


class Picture:
    """A red line, two pixels wide, and a square of paint loss."""

    stem = "line"
    truth = "line.png"

    def load(self) -> tuple[np.ndarray, np.ndarray]:
        classes = np.zeros((40, 60), np.uint8)
        classes[10:12, :] = 1
        classes[20:30, 10:20] = 2
        classes[34:, :] = 255
        pixels = np.full((40, 60, 3), 180, np.uint8)
        pixels[classes == 1] = (200, 20, 20)
        pixels[classes == 2] = (60, 60, 60)
        return pixels, classes


def changed(name: str) -> tuple[np.ndarray, np.ndarray]:
    return Changed(Picture(), name).load()


@pytest.mark.parametrize("name", list(CHANGES))
def test_truth_stays_over_what_it_labels(name: str) -> None:
    pixels, classes = changed(name)
    assert pixels.shape[:2] == classes.shape
    assert set(np.unique(classes)) == {0, 1, 2, 255}
    crack, loss = pixels[classes == 1], pixels[classes == 2]
    assert np.median(crack[:, 0] - crack[:, 1].astype(int)) > 60
    assert np.ptp(np.median(loss, axis=0)) < 12


def test_areas_follow_the_scale() -> None:
    for name, factor in (("half scale", 0.25), ("double scale", 4.0)):
        _, classes = changed(name)
        assert (classes == 2).sum() == pytest.approx(100 * factor, rel=0.1)


def test_a_line_of_one_pixel_survives_the_half_scale() -> None:
    classes = np.zeros((40, 40), np.uint8)
    classes[:, 7] = 1
    pixels = np.zeros((40, 40, 3), np.uint8)
    _, smaller = CHANGES["half scale"](pixels, classes)
    assert (smaller[:, 3] == 1).all()


def test_one_stop_darker_is_half_the_light() -> None:
    pixels, _ = changed("one stop darker")
    # sRGB 180 is 0.456 of the light; half of it, 0.228, is coded as 131.
    assert pixels[0, 0].tolist() == [131, 131, 131]
