"""What a body is at rest: NumPy's medians and percentiles, without going through them one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from posecoach.body.excursions import REST_WINDOW_S, percentiles, resting
from posecoach.body.records import Array


@pytest.mark.parametrize("percentile", [0.0, 10.0, 25.0, 50.0, 75.0, 100.0])
def test_they_are_numpys_to_the_last_bit(percentile: float) -> None:
    rng = np.random.default_rng(0)
    for _ in range(200):
        rows = rng.normal(0, 10 ** rng.uniform(-3, 3), (rng.integers(1, 30), rng.integers(1, 14)))
        rows[rng.random(rows.shape) < rng.random()] = np.nan
        wanted = [np.nan if np.isnan(row).all() else np.nanpercentile(row, percentile) for row in rows]
        assert np.array_equal(percentiles(rows, percentile), wanted, equal_nan=True)


@pytest.mark.parametrize("steps_ms", [(100.0,), (33.3, 250.0), (17.0, 100.0, 2300.0)])
@pytest.mark.parametrize("missing", [0.0, 0.5, 1.0])
def test_rest_is_a_percentile_of_the_medians_of_whole_seconds_around(steps_ms: tuple[float, ...], missing: float) -> None:
    rng = np.random.default_rng(0)
    t_ms, values = np.cumsum(rng.choice(steps_ms, 200)), rng.normal(size=200)
    values[rng.random(200) < missing] = np.nan
    second = ((t_ms - t_ms[0]) // 1000).astype(int)
    medians = [_or_nan(np.nanmedian, values[second == s]) for s in range(second[-1] + 1)]
    reach = int(REST_WINDOW_S)
    around = [np.array(medians[max(0, s - reach) : s + reach + 1]) for s in range(len(medians))]
    wanted = np.array([_or_nan(lambda some: np.nanpercentile(some, 25.0), some) for some in around])
    assert np.array_equal(resting(values, t_ms), wanted[second], equal_nan=True)


def _or_nan(of: Callable[[Array], Any], values: Array) -> float:
    return float(of(values)) if np.isfinite(values).any() else np.nan
