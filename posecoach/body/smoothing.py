"""Time filters. Pure: numpy only, no clock; the time of every sample is passed in."""

from __future__ import annotations

import math

import numpy as np

from posecoach.body.records import Array

MAX_GAP_MS = 500.0
"""After a longer pause a filter starts afresh."""


class OneEuro:
    """One-euro filter (Casiez, Roussel, Vogel 2012) for points: steady when they rest, quick when they move.

    ``min_cutoff_hz`` is the cutoff at rest; it grows by ``beta`` hertz for each unit a second that a point moves.
    """

    def __init__(self, min_cutoff_hz: float, beta: float, speed_cutoff_hz: float = 1.0) -> None:
        self._min_cutoff_hz = min_cutoff_hz
        self._beta = beta
        self._speed_cutoff_hz = speed_cutoff_hz
        self.reset()

    def reset(self) -> None:
        """Forget the past; the next sample comes out as it went in."""
        self._t_ms: float | None = None
        self._points: Array | None = None
        self._speed: Array | None = None

    def __call__(self, points: Array, t_ms: float, unit: float = 1.0) -> Array:
        """Filter ``points`` (n, d), sampled at ``t_ms``; lengths are counted in multiples of ``unit``.

        Missing points (any NaN), a pause above ``MAX_GAP_MS`` or time running backwards start the filter afresh. Returns (n, d) of the
        same dtype.
        """
        if not np.isfinite(points).all():
            self.reset()
            return points
        if self._points is None or self._speed is None or self._t_ms is None or not 0 < t_ms - self._t_ms <= MAX_GAP_MS:
            self._t_ms, self._points, self._speed = t_ms, points, np.zeros_like(points)
            return points
        step_s = (t_ms - self._t_ms) / 1000.0
        weight = _weight(np.asarray(self._speed_cutoff_hz), step_s)
        speed = self._speed + weight * ((points - self._points) / step_s - self._speed)
        cutoff_hz = self._min_cutoff_hz + self._beta / unit * np.linalg.norm(speed, axis=1, keepdims=True)
        smooth = self._points + _weight(cutoff_hz, step_s) * (points - self._points)
        self._t_ms, self._points, self._speed = t_ms, smooth.astype(points.dtype), speed.astype(points.dtype)
        return self._points


def _weight(cutoff_hz: Array, step_s: float) -> Array:
    turns: Array = 2.0 * math.pi * cutoff_hz * step_s
    weight: Array = turns / (turns + 1.0)
    return weight
