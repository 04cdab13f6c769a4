"""When the live pages say that the computer is too slow."""

from __future__ import annotations

import pytest

from posecoach.live.pace import CALM_MS, Pace


def after(gap_ms: float, lag_ms: float, frames: int = 20) -> Pace:
    pace = Pace()
    for i in range(frames):
        pace.note(i * gap_ms, lag_ms)
    return pace


@pytest.mark.parametrize(
    ("gap_ms", "lag_ms", "is_slow"),
    [
        pytest.param(100, 60, False, id="ten a second"),
        pytest.param(250, 450, False, id="four a second, half a second late"),
        pytest.param(400, 420, True, id="two and a half a second, each late"),
        pytest.param(500, 40, False, id="a camera that gives two pictures a second"),
        pytest.param(100, 800, True, id="late by more than 0.7 s"),
    ],
)
def test_slow(gap_ms: float, lag_ms: float, is_slow: bool) -> None:
    assert after(gap_ms, lag_ms).is_slow is is_slow


def test_it_is_quick_again_after_a_while_and_not_at_once() -> None:
    pace = after(100, 800)
    first_ms = 2000.0
    pace.note(first_ms, 50)
    assert pace.is_slow
    for t_ms in range(int(first_ms), int(first_ms + 2 * CALM_MS), 100):
        pace.note(t_ms, 50)
    assert not pace.is_slow


def test_the_same_frame_told_again_grows_old() -> None:
    pace = Pace()
    pace.note(0, 100)
    pace.note(0, 900)
    assert pace.is_slow
