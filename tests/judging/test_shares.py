"""How sure a share is, against books."""

from __future__ import annotations

import pytest

from posecoach.judging.shares import Share, difference


@pytest.mark.parametrize(
    ("met", "count", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662), (8, 10, 0.4902, 0.9433)],
)
def test_wilsons_interval_is_that_of_the_books(met: int, count: int, low: float, high: float) -> None:
    assert Share(met, count).interval == pytest.approx((low, high), abs=1e-4)


def test_newcombes_interval_is_that_of_the_paper() -> None:
    """56 of 70 against 48 of 80: 0.0524 to 0.3339 (Newcombe 1998, table II, method 10)."""
    found = difference(Share(48, 80), Share(56, 70))
    assert found is not None
    assert (found.value, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=1e-4)
    assert found.is_certain


def test_nobody_makes_no_difference() -> None:
    assert difference(Share(0, 0), Share(1, 2)) is None
    assert Share(0, 0).value is None
