"""The one-euro filter: known answers and the clock."""

from __future__ import annotations

import math

import numpy as np
import pytest

from posecoach.body.records import Array
from posecoach.body.smoothing import MAX_GAP_MS, OneEuro


def _points(x: float, n: int = 2) -> Array:
    return np.full((n, 2), x)


def test_the_first_sample_comes_out_as_it_went_in() -> None:
    assert np.array_equal(OneEuro(1.0, 0.0)(_points(3.0), 0.0), _points(3.0))


def test_without_beta_it_is_a_low_pass_of_the_given_cutoff() -> None:
    smooth = OneEuro(1.0, 0.0)
    smooth(_points(0.0), 0.0)
    turns = 2 * math.pi * 1.0 * 0.1
    assert smooth(_points(1.0), 100.0) == pytest.approx(turns / (turns + 1))


def test_the_step_in_time_counts_not_the_number_of_calls() -> None:
    coarse, fine = OneEuro(0.5, 0.0), OneEuro(0.5, 0.0)
    coarse(_points(0.0), 0.0), fine(_points(0.0), 0.0)
    for i in range(1, 11):
        last_coarse = coarse(_points(1.0), i * 100.0)
    for i in range(1, 41):
        last_fine = fine(_points(1.0), i * 25.0)
    assert last_fine == pytest.approx(last_coarse, abs=0.03)


def test_it_steadies_points_at_rest() -> None:
    noise = np.random.default_rng(1).normal(0, 1, (200, 4, 2))
    smooth = OneEuro(1.0, 0.0)
    out = np.stack([smooth(noise[i], i * 100.0) for i in range(200)])
    assert out[20:].std() < 0.6 * noise.std()


@pytest.mark.parametrize(("beta", "lag"), [(0.0, 0.25), (5.0, 0.06)], ids=["lags without beta", "follows a mover with beta"])
def test_lag_behind_a_steady_mover(beta: float, lag: float) -> None:
    smooth = OneEuro(1.0, beta)
    for i in range(50):
        out = smooth(_points(i * 0.1), i * 100.0)
    assert abs(4.9 - out[0, 0]) < lag


def test_lengths_are_counted_in_units() -> None:
    small, large = OneEuro(1.0, 2.0), OneEuro(1.0, 2.0)
    for i, x in enumerate([0.0, 0.3, 0.1, 0.8]):
        a = small(_points(x), i * 100.0)
        b = large(_points(x * 50), i * 100.0, unit=50.0)
    assert b == pytest.approx(a * 50)


@pytest.mark.parametrize("t_ms", [100.0 + MAX_GAP_MS + 1, 100.0, 50.0], ids=["long pause", "no time", "backwards"])
def test_it_starts_afresh(t_ms: float) -> None:
    smooth = OneEuro(1.0, 0.0)
    smooth(_points(0.0), 0.0), smooth(_points(0.0), 100.0)
    assert np.array_equal(smooth(_points(9.0), t_ms), _points(9.0))


def test_missing_points_come_out_missing_and_are_forgotten() -> None:
    smooth = OneEuro(1.0, 0.0)
    smooth(_points(0.0), 0.0)
    assert np.isnan(smooth(_points(np.nan), 100.0)).all()
    assert np.array_equal(smooth(_points(9.0), 200.0), _points(9.0))
