"""Re-shoots of known motion: found again, with what changed and nothing else."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from resunet_core.mask.regions import ArrayMask
from resunet_core.measure.compare import CampaignView, Comparison, compare_campaigns
from resunet_core.measure.registration import Registration, register
from resunet_core.measure.scale import given_scale
from resunet_core.progress import run_to_end

HEIGHT, WIDTH = 720, 960
Pixels = NDArray[np.uint8]


def _wall(seed: int = 3) -> Pixels:
    """A painted wall with structure of all sizes, RGB."""
    rng = np.random.default_rng(seed)
    wall = np.zeros((HEIGHT, WIDTH, 3), np.float32)
    for sigma, strength in ((1.5, 150), (4, 300), (12, 700)):
        noise = rng.normal(size=(HEIGHT, WIDTH, 3)).astype(np.float32)
        wall += strength * cv2.GaussianBlur(noise, (0, 0), sigma)
    return np.clip(wall + 128, 1, 255).astype(np.uint8)


def _later(pixels: Pixels, motion: NDArray[np.float64], bend: float) -> Pixels:
    """The wall as it is seen after `motion`, bent, lit otherwise, with other grain."""
    y, x = np.mgrid[:HEIGHT, :WIDTH].astype(np.float64)
    x, y = _bent(x, y, bend)
    away = np.linalg.inv(motion)
    rows = [r[0] * x + r[1] * y + r[2] for r in away]
    source = [(v / rows[2]).astype(np.float32) for v in rows[:2]]
    seen = cv2.remap(pixels, source[0], source[1], cv2.INTER_LINEAR)
    grain = np.random.default_rng(9).normal(0, 3, seen.shape)
    return np.clip(seen * 0.85 + 12 + grain * (seen > 0), 0, 255).astype(np.uint8)


def _bent(
    x: NDArray[np.float64], y: NDArray[np.float64], bend: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return x + bend * np.sin(y / 150), y + bend * np.cos(x / 170)


MOTION = np.array([[0.99, -0.05, 28.0], [0.045, 1.0, -17.0], [1.5e-5, -1e-5, 1.0]])
BEND = 2.5


@pytest.fixture(scope="module")
def registration() -> Registration:
    wall = _wall()
    found = run_to_end(register(wall, _later(wall, MOTION, BEND)))
    assert found is not None
    return found


def test_places_are_found_within_the_noise_it_tells(registration: Registration) -> None:
    y, x = np.mgrid[120:600:40, 120:840:40].astype(np.float64)
    rows = [
        r[0] * a + r[1] * b + r[2]
        for a, b in [_bent(x, y, BEND)]
        for r in np.linalg.inv(MOTION)
    ]
    found_x, found_y = registration.in_before(x + 0.5, y + 0.5)
    error = np.hypot(
        found_x - 0.5 - rows[0] / rows[2], found_y - 0.5 - rows[1] / rows[2]
    )
    assert float(np.quantile(error, 0.95)) < 0.6
    assert float(np.median(error)) < 2 * registration.noise_px
    assert registration.noise_px < 0.6


def test_another_wall_is_not_taken_for_this_one() -> None:
    assert run_to_end(register(_wall(3), _wall(4))) is None


def _masks() -> tuple[Pixels, Pixels]:
    """A mask of the earlier wall, and of the same wall later."""
    then = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.circle(then, (300, 300), 40, 2, -1)  # stable
    cv2.circle(then, (500, 300), 30, 2, -1)  # grows
    cv2.circle(then, (700, 300), 25, 2, -1)  # is retouched
    cv2.line(then, (250, 500), (450, 500), 1, 3)  # grows by 80 px
    now = then.copy()
    cv2.circle(now, (500, 300), 45, 2, -1)
    cv2.circle(now, (700, 300), 30, 0, -1)
    cv2.circle(now, (400, 150), 20, 2, -1)  # is new
    cv2.line(now, (450, 500), (530, 500), 1, 3)
    return then, now


def _moved(mask: Pixels) -> Pixels:
    y, x = np.mgrid[:HEIGHT, :WIDTH].astype(np.float64)
    x, y = _bent(x, y, BEND)
    rows = [r[0] * x + r[1] * y + r[2] for r in np.linalg.inv(MOTION)]
    at = [(v / rows[2]).astype(np.float32) for v in rows[:2]]
    return np.asarray(cv2.remap(mask, at[0], at[1], cv2.INTER_NEAREST), np.uint8)


def _compared(registration: Registration, then: Pixels, now: Pixels) -> Comparison:
    before = CampaignView(ArrayMask(then), None, given_scale(0.25))
    after = CampaignView(ArrayMask(_moved(now)))
    return run_to_end(compare_campaigns(before, after, registration))


def test_what_changed_is_told_and_nothing_else(registration: Registration) -> None:
    then, now = _masks()
    found = _compared(registration, then, now)
    kinds = sorted(r.kind for r in found.regions if not r.is_noise)
    assert kinds == ["grown", "lost", "new", "stable"]
    new = next(r for r in found.regions if r.kind == "new")
    assert new.changed_px == pytest.approx(np.pi * 20**2, rel=0.08)
    assert found.crack_growth_mm == pytest.approx(80 * 0.25, rel=0.1)
    assert 0.8 < found.common_share < 1.0


def test_the_same_damage_seen_again_is_no_change(registration: Registration) -> None:
    then, _ = _masks()
    found = _compared(registration, then, then)
    assert {r.kind for r in found.regions if not r.is_noise} == {"stable"}
    assert found.crack_growth_px == 0
    assert found.loss_after_px == pytest.approx(found.loss_before_px, rel=0.02)


def _detected(mask: Pixels, seed: int) -> Pixels:
    """A mask as a model would draw it: rims 1 or 2 px off, specks of false damage."""
    rng = np.random.default_rng(seed)
    field = cv2.GaussianBlur(rng.normal(size=mask.shape), (0, 0), 6)
    field *= 1.2 / field.std()
    found = np.zeros_like(mask)
    for class_id, most in ((2, 2.0), (1, 1.0)):
        there = (mask == class_id).astype(np.uint8)
        depth = cv2.distanceTransform(there, cv2.DIST_L2, 5)
        away = cv2.distanceTransform(1 - there, cv2.DIST_L2, 5)
        found[depth - away + np.clip(field, -most, most) > 0.5] = class_id
    for _ in range(int(0.05 * mask.size / 300)):
        y, x = int(rng.integers(HEIGHT)), int(rng.integers(WIDTH))
        cv2.circle(found, (x, y), 1, 2, -1)
    return found


def test_two_detections_of_one_wall_differ_less_than_is_counted(
    registration: Registration,
) -> None:
    then, now = _masks()
    same = _compared(registration, _detected(then, 1), _detected(then, 2))
    assert {r.kind for r in same.regions if not r.is_noise} == {"stable"}
    assert same.crack_growth_px == 0
    found = _compared(registration, _detected(then, 1), _detected(now, 2))
    assert [found.count(k) for k in ("new", "grown", "shrunk", "lost")] == [1, 1, 0, 1]
    assert found.crack_growth_mm == pytest.approx(80 * 0.25, rel=0.15)


def test_a_speck_below_the_noise_is_greyed(registration: Registration) -> None:
    then, _ = _masks()
    now = then.copy()
    now[600, 600] = 2
    cv2.line(now, (451, 500), (452, 500), 1, 3)
    found = _compared(registration, then, now)
    assert all(r.is_noise for r in found.regions if r.kind == "new")
    assert found.crack_growth_px == 0
