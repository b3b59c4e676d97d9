"""Pan and zoom as arithmetic."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF, QSizeF

from app.canvas.viewport import Viewport, centred, fitted
from resunet_core.box import Box

SCREEN = QSizeF(1000, 700)


@given(
    st.floats(0.01, 50),
    st.floats(-5000, 5000),
    st.floats(0.1, 8),
    st.floats(0, 1000),
    st.floats(0, 700),
)
def test_the_point_under_the_cursor_stays_when_zooming(
    scale: float, shift: float, factor: float, x: float, y: float
) -> None:
    viewport = Viewport(scale, shift, -shift)
    at = QPointF(x, y)
    before = viewport.to_photo(at)
    after = viewport.zoomed(factor, at, 0.001).to_photo(at)
    assert after == pytest.approx(before, rel=1e-6, abs=1e-6)


def test_fit_shows_all_of_it_and_never_enlarges() -> None:
    large = fitted(QSizeF(8000, 4000), SCREEN)
    frame = large.rect(Box.of(4000, 8000))
    assert frame.left() >= 0
    assert frame.right() <= SCREEN.width()
    assert fitted(QSizeF(100, 80), SCREEN).scale == 1


@given(st.floats(0.02, 7), st.floats(-3000, 3000), st.integers(0, 40))
def test_neighbouring_tiles_meet_without_a_gap(
    scale: float, shift: float, column: int
) -> None:
    viewport = Viewport(scale, shift, shift)
    left = viewport.rect(Box(0, 512 * column, 512, 512 * (column + 1)))
    right = viewport.rect(Box(0, 512 * (column + 1), 512, 512 * (column + 2)))
    assert left.x() + left.width() == right.x()


def test_a_photo_cannot_be_lost_outside_the_screen() -> None:
    viewport = centred(1, 50, 50, SCREEN).moved(1e6, -1e6)
    kept = viewport.kept_in_sight(QSizeF(100, 100), SCREEN)
    assert (
        not QRectF(kept.rect(Box.of(100, 100)))
        .intersected(QRectF(0, 0, 1000, 700))
        .isEmpty()
    )
