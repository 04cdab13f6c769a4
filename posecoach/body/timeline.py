"""Values and states over time: rolling median, hysteresis, hold. All spans are seconds of real time, never frames."""

from __future__ import annotations

import numpy as np

from posecoach.body.records import Array


def frame_durations_s(t_ms: Array) -> Array:
    """How long each of the T frames stands for, (T,) seconds: up to the next frame, gaps counted as at most three usual intervals.

    A single frame (a still picture) stands for 0 s.
    """
    if len(t_ms) < 2:
        return np.zeros(len(t_ms))
    steps = np.diff(t_ms) / 1000
    usual = float(np.median(steps))
    return np.minimum(np.append(steps, usual), 3 * usual)


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
    if count < 2:
        return np.asarray(values, float)
    steps = np.sort(np.diff(t_ms))
    usual_ms = float(steps[(count - 2) // 2] + steps[(count - 1) // 2]) / 2
    half = min(round(window_s * 500 / usual_ms), count - 1)
    if half < 1:
        return np.asarray(values, float)
    width = 2 * half + 1
    padded = np.full((*values.shape[:-1], count + 2 * half), np.nan)
    padded[..., half:-half] = values
    windows = np.sort(np.lib.stride_tricks.sliding_window_view(padded, width, axis=-1), axis=-1)
    valid = np.isfinite(windows).sum(-1)
    low = np.take_along_axis(windows, (np.maximum(valid - 1, 0) // 2)[..., None], -1)[..., 0]
    high = np.take_along_axis(windows, np.minimum(valid // 2, width - 1)[..., None], -1)[..., 0]
    rows = np.arange(count)
    inside = np.minimum(rows, half) + np.minimum(rows[::-1], half) + 1
    return np.where(valid * 3 >= np.maximum(inside, 3), (low + high) / 2, np.nan)


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
