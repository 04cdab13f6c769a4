"""Medians, hysteresis and hold in real time: the same decisions at any frame rate."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posecoach.body.records import Array
from posecoach.body.timeline import frame_durations_s, hold, hysteresis, median, remembered, rolling_median, runs
from tests.factories import times_ms

NAN = float("nan")


def naive_median(values: Array, half: int) -> Array:
    """What `rolling_median` promises, frame by frame."""
    out = np.full(len(values), NAN)
    for i in range(len(values)):
        window = values[max(i - half, 0) : i + half + 1]
        found = window[np.isfinite(window)]
        if 3 * len(found) >= max(len(window), 3):
            out[i] = np.median(found)
    return out


@given(st.lists(st.one_of(st.just(NAN), st.floats(-100, 100)), min_size=2, max_size=40), st.integers(1, 12))
@settings(max_examples=100, deadline=None)
def test_the_rolling_median_agrees_with_a_naive_one(listed: list[float], half: int) -> None:
    values = np.array(listed)
    expected = naive_median(values, min(half, len(values) - 1))
    assert rolling_median(values, times_ms(len(values)), 2 * half / 10) == pytest.approx(expected, nan_ok=True)


@given(st.lists(st.one_of(st.just(NAN), st.floats(-100, 100, width=32)), max_size=12), st.sampled_from([np.float32, np.float64]))
@settings(max_examples=30, deadline=None)
def test_the_median_is_that_of_what_there_is(listed: list[float], kind: type) -> None:
    values: Array = np.array([listed, listed[::-1]], kind)
    expected = np.nanmedian(values[0]) if np.isfinite(values).any() else NAN
    assert median(values[0]) == pytest.approx(expected, abs=0, rel=0, nan_ok=True)
    assert median(values).tolist() == pytest.approx([expected] * 2, abs=0, rel=0, nan_ok=True)


def test_rows_have_the_rolling_median_that_each_has_alone() -> None:
    rows = np.array([np.arange(30.0) % 7, np.where(np.arange(30) % 4, np.arange(30.0), NAN), np.full(30, NAN)])
    together = rolling_median(rows, times_ms(30), 1.0)
    for row, alone in zip(together, rows, strict=True):
        assert np.array_equal(row, rolling_median(alone, times_ms(30), 1.0), equal_nan=True)


@pytest.mark.parametrize("fps", [5, 10, 30])
def test_a_flicker_shorter_than_half_the_window_is_gone(fps: int) -> None:
    values = np.where((np.arange(4 * fps) >= 2 * fps) & (np.arange(4 * fps) < 2.4 * fps), 50.0, 1.0)
    assert rolling_median(values, times_ms(4 * fps, fps), 1.0).tolist() == [1.0] * (4 * fps)


def test_a_step_stays_where_it_is_and_a_straight_line_too() -> None:
    step = np.repeat([0.0, 10.0], 20)
    line = np.arange(40.0)
    assert rolling_median(step, times_ms(40), 1.0).tolist() == step.tolist()
    assert rolling_median(line, times_ms(40), 1.0)[5:-5] == pytest.approx(line[5:-5])


def test_short_gaps_are_bridged_and_long_ones_stay() -> None:
    values = np.full(60, 7.0)
    values[10:12] = NAN
    values[30:50] = NAN
    smooth = rolling_median(values, times_ms(60), 1.0)
    assert np.isfinite(smooth[:30]).all()
    assert np.isnan(smooth[35:45]).all()


def test_a_lone_value_in_a_window_is_not_believed() -> None:
    values = np.full(21, NAN)
    values[10] = 3.0
    assert np.isnan(rolling_median(values, times_ms(21), 1.0)).all()


@pytest.mark.parametrize("values", [[], [4.0], [NAN]], ids=["no frame", "a still picture", "a picture without a value"])
def test_too_little_to_smooth_comes_back_as_it_is(values: list[float]) -> None:
    assert rolling_median(np.array(values), times_ms(len(values)), 1.0) == pytest.approx(values, nan_ok=True)


def test_frames_slower_than_the_window_are_not_mixed() -> None:
    values = np.array([1.0, 9.0, 1.0])
    assert rolling_median(values, times_ms(3, fps=0.5), 1.0).tolist() == values.tolist()


def test_every_frame_stands_until_the_next() -> None:
    assert frame_durations_s(np.array([0.0, 100, 300, 400])) == pytest.approx([0.1, 0.2, 0.1, 0.1])


def test_a_gap_counts_as_three_usual_frames() -> None:
    assert frame_durations_s(np.array([0.0, 100, 200, 9000, 9100])) == pytest.approx([0.1, 0.1, 0.3, 0.1, 0.1])


def test_a_still_picture_stands_for_no_time() -> None:
    assert frame_durations_s(np.array([120.0])).tolist() == [0.0]
    assert len(frame_durations_s(np.zeros(0))) == 0


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param([3], [[0, 1]], id="one frame"),
        pytest.param([1, 1, 2, 1], [[0, 2], [2, 3], [3, 4]], id="three stretches"),
        pytest.param([[1, 0], [1, 0], [1, 1]], [[0, 2], [2, 3]], id="rows differ in one column"),
    ],
)
def test_runs_of_equal_values(values: list[object], expected: list[list[int]]) -> None:
    assert runs(np.array(values)).tolist() == expected


def states_of(values: list[float], margin: float) -> list[int]:
    """0 up to 10, 1 up to 20, 2 above, with hysteresis of ``margin`` at both limits."""
    array = np.array(values, float)

    def states(shift: float) -> Array:
        return np.digitize(array + shift, [10, 20])

    return hysteresis(states(-margin), states(0.0), states(margin)).tolist()


def test_hysteresis_does_not_flap_at_the_border() -> None:
    trembling = [9, 10.5, 9.5, 10.5, 9.5, 10.5]
    assert states_of(trembling, 0.0) == [0, 1, 0, 1, 0, 1]
    assert states_of(trembling, 1.0) == [0] * 6


def test_hysteresis_gives_way_once_the_limit_is_left_behind() -> None:
    assert states_of([5, 10.5, 11.5, 9.5, 8.5], 1.0) == [0, 0, 1, 1, 0]
    assert states_of([5, 25, 19.5, 18.5, 5], 1.0) == [0, 2, 2, 1, 0]


def test_hysteresis_moves_no_further_than_it_must() -> None:
    assert states_of([5, 20.5], 1.0) == [0, 1]
    assert states_of([25, 9.5], 1.0) == [2, 1]


def test_the_first_frame_is_decided_by_the_plain_limits() -> None:
    assert states_of([10.5, 9.5], 1.0) == [1, 1]
    assert states_of([9.5, 10.5], 1.0) == [0, 0]
    assert states_of([], 1.0) == []


def test_hysteresis_takes_no_time() -> None:
    """Only the values count: a slow and a fast camera see the same states."""
    slow = states_of([5, 11.5, 9.5, 8.5], 1.0)
    fast = states_of(np.repeat([5, 11.5, 9.5, 8.5], 6).tolist(), 1.0)
    assert fast[::6] == slow


@pytest.mark.parametrize("fps", [5, 10, 30])
@pytest.mark.parametrize(("fault_s", "kept"), [(0.6, False), (1.0, True), (1.4, True)])
def test_a_state_must_last_whatever_the_frame_rate(fault_s: float, kept: bool, fps: int) -> None:
    states = np.repeat([0, 2, 0], [2 * fps, round(fault_s * fps), 2 * fps]).astype(np.int8)
    held = hold(states, frame_durations_s(times_ms(len(states), fps)), 1.0)
    assert (2 in held) is kept
    assert held.tolist() == (states if kept else np.zeros_like(states)).tolist()


@pytest.mark.parametrize(
    ("lengths", "values", "expected"),
    [
        pytest.param([2, 8], [2, 0], [0, 0], id="a short first state takes the one after it"),
        pytest.param([8, 2], [2, 0], [2, 2], id="a short last state is dropped"),
        pytest.param([8, 2, 2, 8], [0, 1, 2, 0], [0, 0, 0, 0], id="two short states in a row are both dropped"),
        pytest.param([2, 2, 8], [1, 2, 0], [0, 0, 0], id="several short first states take the first lasting one"),
        pytest.param([8, 2, 8], [0, 1, 2], [0, 0, 2], id="a short state on the way belongs to the one before"),
        pytest.param([2, 2], [1, 2], [1, 2], id="when nothing lasts all stays as it is"),
    ],
)
def test_hold(lengths: list[int], values: list[int], expected: list[int]) -> None:
    states = np.repeat(values, lengths)
    assert hold(states, np.full(len(states), 0.1), 0.5).tolist() == np.repeat(expected, lengths).tolist()


def test_hold_counts_the_time_of_uneven_frames() -> None:
    """Three frames of a variable rate last as long as nine of a steady one."""
    steps_ms = [100] * 20 + [300] * 3 + [100] * 20
    t_ms = np.cumsum([0, *steps_ms[:-1]])
    states = np.repeat([0, 2, 0], [20, 3, 20])
    assert hold(states, frame_durations_s(t_ms), 0.9).tolist() == states.tolist()
    assert hold(states, frame_durations_s(t_ms), 1.0).tolist() == [0] * 43


def test_hold_of_nothing_and_of_a_still_picture() -> None:
    assert hold(np.zeros(0, np.int8), np.zeros(0), 1.0).tolist() == []
    assert hold(np.array([2]), np.zeros(1), 1.0).tolist() == [2]


def test_hold_leaves_its_input_alone() -> None:
    states = np.array([0, 0, 0, 2, 0, 0])
    hold(states, np.full(6, 0.1), 0.2)
    assert states.tolist() == [0, 0, 0, 2, 0, 0]


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ([-1, -1, 3, -1, 0, -1], [3, 3, 3, 3, 0, 0]),
        ([2, 1], [2, 1]),
        ([-1, -1], [-1, -1]),
        ([], []),
    ],
)
def test_a_code_is_remembered_until_the_next_one(codes: list[int], expected: list[int]) -> None:
    assert remembered(np.array(codes, int)).tolist() == expected
