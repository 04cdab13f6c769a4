"""Values and states over time: rolling median, hysteresis, hold. All spans are seconds of real time, never frames."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from posecoach.body.records import Array


def frame_durations_s(t_ms: Array) -> Array:
    """How long each of the T frames stands for, (T,) seconds: up to the next frame, gaps counted as at most three usual intervals.

    A single frame (a still picture) stands for 0 s.
    """
    if len(t_ms) < 2:
        return np.zeros(len(t_ms))
    steps = (t_ms[1:] - t_ms[:-1]) / 1000
    usual = float(median(steps))
    return np.minimum(np.concatenate([steps, [usual]]), 3 * usual)


def median(values: Array) -> Array:
    """Median of those of the values (..., T) that are no NaN, (...); NaN where there is none.

    Of some ten values `numpy.nanmedian` takes ten times as long.
    """
    if not values.shape[-1]:
        return np.full(values.shape[:-1], np.nan)
    ordered = np.sort(values, axis=-1)
    known = np.isfinite(ordered).sum(-1)
    low, high = np.maximum(known - 1, 0) // 2, np.minimum(known // 2, values.shape[-1] - 1)
    if values.ndim == 1:
        return np.asarray((ordered[low : low + 1] + ordered[high : high + 1]) / 2)[0]
    below, above = (np.take_along_axis(ordered, at[..., None], -1)[..., 0] for at in (low, high))
    return np.asarray((below + above) / 2)


def highest(values: Array) -> int:
    """Where the highest of values (T,) is that are no NaN; of which there is one at least. `numpy.nanargmax` takes five times as long."""
    return int(np.where(np.isnan(values), -np.inf, values).argmax())


def runs(values: Array) -> Array:
    """Stretches of equal values: (R, 2) start and end (exclusive) indices; NaN never occurs here."""
    if len(values) == 0:
        return np.zeros((0, 2), int)
    changed = values[1:] != values[:-1]
    cut = np.flatnonzero(changed if changed.ndim == 1 else changed.any(-1)) + 1
    edges = np.concatenate([[0], cut, [len(values)]])
    return np.stack([edges[:-1], edges[1:]], 1)


def remembered(codes: Array) -> Array:
    """Codes (T,) with each -1 replaced by the last other code before it, or by the first of all where there is none before it.

    Nothing but -1 stays as it is.
    """
    known = np.flatnonzero(codes >= 0)
    if not len(known):
        return codes
    last = np.searchsorted(known, np.arange(len(codes)), side="right") - 1
    return np.asarray(codes[known[np.maximum(last, 0)]])


def rolling_median(values: Array, t_ms: Array, window_s: float) -> Array:
    """Median of the values (..., T) within half a window before and after each frame, ignoring NaN.

    The window is turned into a number of frames by the usual interval. NaN where fewer than a third of the window's frames, at least
    one, have a value.
    """
    count = values.shape[-1]
    half = _half_window(t_ms, window_s) if count > 1 else 0
    if half < 1:
        return np.asarray(values, float)
    width = 2 * half + 1
    padded = np.full((*values.shape[:-1], count + 2 * half), np.nan)
    padded[..., half:-half] = values
    known = np.isfinite(padded)
    upto = known.cumsum(-1)
    valid = upto[..., 2 * half :] - upto[..., :count] + known[..., :count]
    windows: Array = np.ndarray((*values.shape[:-1], count, width), float, padded, 0, (*padded.strides, padded.itemsize))
    ordered = np.sort(windows, axis=-1).reshape(-1)
    first = np.arange(0, len(ordered), width).reshape(valid.shape)
    low, high = ordered[first + np.maximum(valid - 1, 0) // 2], ordered[first + np.minimum(valid // 2, width - 1)]
    return np.where(valid * 3 >= _frames_inside(count, half), (low + high) / 2, np.nan)


def _half_window(t_ms: Array, window_s: float) -> int:
    """How many frames on either side belong to a window; never more than there are."""
    steps = np.sort(t_ms[1:] - t_ms[:-1])
    usual_ms = float(steps[(len(steps) - 1) // 2] + steps[len(steps) // 2]) / 2
    return min(round(window_s * 500 / usual_ms), len(t_ms) - 1)


@lru_cache(maxsize=256)
def _frames_inside(count: int, half: int) -> Array:
    """(T,) how many of the window's frames there are at each of ``count`` frames, at least 3."""
    rows = np.arange(count)
    return np.maximum(np.minimum(rows, half) + np.minimum(rows[::-1], half) + 1, 3)


def hysteresis(best: Array, plain: Array, worst: Array) -> Array:
    """A state (T,) that stays as it was while it lies between ``best`` and ``worst`` (T,), and else moves by as little as it must.

    ``best`` and ``worst`` are the states that the value would have with the limits moved in its favour and against it, ``plain`` with the
    limits as they are; it decides the first frame.
    """
    out = np.empty(len(best), best.dtype)
    state: int | None = None
    for start, end in runs(np.stack([best, worst], 1)):
        low, high = int(best[start]), int(worst[start])
        state = int(plain[start]) if state is None else min(max(state, low), high)
        out[start:end] = state
    return out


def hold(states: Array, durations_s: Array, hold_s: float) -> Array:
    """Drop states that last less than ``hold_s``: the state before goes on; a short first state takes the one after it."""
    out = states.copy()
    if not len(states) or (states == states[0]).all():
        return out
    kept: int | None = None
    for start, end in runs(states):
        lasting = durations_s[start:end].sum() + 1e-6 >= hold_s
        if lasting and kept is None:
            out[:start] = states[start]
        if lasting:
            kept = int(states[start])
        elif kept is not None:
            out[start:end] = kept
    return out
