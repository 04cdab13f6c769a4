"""Who finds no place is told when to come again."""

from __future__ import annotations

from posecoach.live.turnover import USUAL_S, Turnover


def test_the_wait_is_that_between_two_who_leave() -> None:
    turnover = Turnover()
    assert turnover.wait_s(0.0) == USUAL_S
    for minute in range(5):
        turnover.note(1000.0 + 40 * minute)
    assert turnover.wait_s(1200.0) == 40
    assert turnover.wait_s(1161.0) == 32


def test_the_wait_has_its_limits_and_the_past_is_forgotten() -> None:
    turnover = Turnover()
    for second in range(100):
        turnover.note(float(second))
    assert turnover.wait_s(100.0) == 5
    assert turnover.wait_s(5000.0) == USUAL_S
    turnover.note(5000.0)
    assert turnover.wait_s(5590.0) == 120
