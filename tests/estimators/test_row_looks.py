"""When a row is searched, and how much of the picture."""

from __future__ import annotations

from posecoach.estimators.row_looks import LOOK_AGAIN_MS, LOOK_MS, LOOK_ROUND_MS, Looks, SearchExtent

STEP_MS = 100.0


def searches(looks: Looks, start_ms: float, end_ms: float, *, is_anybody: bool = True) -> dict[float, SearchExtent]:
    """The searches from one time to before another, at ten frames a second."""
    times = [start_ms + i * STEP_MS for i in range(round((end_ms - start_ms) / STEP_MS))]
    looked = {t_ms: looks.next(t_ms, is_anybody=is_anybody) for t_ms in times}
    return {t_ms: look for t_ms, look in looked.items() if look is not None}


def row_found() -> Looks:
    """After a first frame in which everybody was found."""
    looks = Looks()
    assert looks.next(0.0, is_anybody=False) is SearchExtent.EVERYWHERE
    return looks


def test_the_row_is_searched_every_second_and_soon_after_the_start_once_for_bodies() -> None:
    found = searches(row_found(), STEP_MS, LOOK_ROUND_MS)
    assert list(found) == [LOOK_MS * i for i in range(1, 10)]
    assert found.pop(LOOK_AGAIN_MS) is SearchExtent.ALONG_AND_BODIES
    assert set(found.values()) == {SearchExtent.ALONG}


def test_everybody_is_looked_for_once_in_a_while_and_always_where_nobody_is() -> None:
    assert searches(row_found(), STEP_MS, LOOK_ROUND_MS + STEP_MS)[LOOK_ROUND_MS] is SearchExtent.EVERYWHERE
    assert set(searches(Looks(), 0.0, 5000.0, is_anybody=False).values()) == {SearchExtent.EVERYWHERE}


def test_a_search_asked_for_comes_at_its_time_and_once() -> None:
    looks = row_found()
    searches(looks, STEP_MS, 6500.0)
    looks.ask(6800.0)
    looks.ask(7500.0)
    assert list(searches(looks, 6500.0, 8500.0)) == [6800.0, 6800.0 + LOOK_MS]
