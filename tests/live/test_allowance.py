"""Who asks for too much waits, and nobody who does not."""

from __future__ import annotations

import pytest

from posecoach.live.allowance import Allowance, TooFastError


def test_a_steady_pace_is_always_allowed() -> None:
    allowance = Allowance(10.0, 20.0)
    for i in range(500):
        allowance.take(1, 0.1 * i)


def test_a_burst_is_allowed_once_and_then_what_comes_back_in_time() -> None:
    allowance = Allowance(10.0, 20.0)
    allowance.take(20, 5.0)
    with pytest.raises(TooFastError) as refusal:
        allowance.take(3, 5.1)
    assert refusal.value.wait_s == pytest.approx(0.2)
    allowance.take(3, 5.35)
