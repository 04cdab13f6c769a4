"""Moments in which the model takes somebody seen from the front for somebody seen from the side, since hair or a desk hid what tells.

Pure arrays.
"""

from __future__ import annotations

import numpy as np

from posecoach.body.excursions import resting
from posecoach.body.records import Array
from posecoach.body.timeline import runs

SHRUNK = 0.5
"""Two points left and right of a body or head seen from the front or three quarters do not come so much closer to each other within
seconds and part again, nor change sides."""
BRIDGED_S = 0.5
"""What points did in such a moment is known from what they did before and after, when it lasts no longer."""


def are_collapsed(left: Array, right: Array, t_ms: Array) -> Array:
    """(T,) whether ``left`` and ``right`` (T, 2), pixels, seen from the front, are too near to each other or have changed sides."""
    gaps = (left - right)[:, 0]
    return np.asarray(gaps < SHRUNK * resting(gaps, t_ms, 75.0))


def without(lost: Array, values: Array, t_ms: Array) -> Array:
    """``values`` (T, ...) without those of ``lost`` (T,) frames: on the straight line across a short moment, NaN in a longer one."""
    if not lost.any():
        return values
    out = np.asarray(values, float).copy()
    for start, end in runs(lost):
        if not lost[start]:
            continue
        out[start:end] = np.nan
        if start > 0 and end < len(out) and t_ms[end] - t_ms[start - 1] <= 1000 * BRIDGED_S:
            share = (t_ms[start:end] - t_ms[start - 1]) / (t_ms[end] - t_ms[start - 1])
            out[start:end] = values[start - 1] + np.multiply.outer(share, values[end] - values[start - 1])
    return out
