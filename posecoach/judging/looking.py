"""Which pictures of a film are looked at: where nothing moves, a look now and then is enough. Pure: times and pictures are passed in."""

from __future__ import annotations

import numpy as np

from posecoach.body.records import Array, Frame, Landmarks

LOOK_MS = 500.0
"""Nobody goes without a look for longer, however still the picture is."""
MOST_CHANGE = 12.0
CHANGE_SHARE = 0.2
LEAST_CHANGE = 3.0
"""Grey levels by which a spot of the small picture may have changed since the last look: a share of the picture's own spread, which is
small where the light is poor, between these. At an edge between a dark and a white cloth 12 levels are a twelfth of a small pixel, 3 mm of
somebody who fills a third of the picture's height; the noise of a camera is less than half of it."""


SMALL_PX = 240.0
"""Whoever is not seen, or smaller in the picture, is looked for in every frame: people of 80 to 220 pixels are found on and off."""


_NEIGHBOURS = 4


class Looking:
    """Compares each picture with the one last looked at, not with the one before: what creeps adds up until it is seen."""

    def __init__(self) -> None:
        self._seen: Array | None = None
        self._seen_ms = self._before_ms = -np.inf
        self._most = 0.0
        self._is_sure = False

    def is_due(self, frame: Frame) -> bool:
        """Whether a frame must be looked at; always where it has no small picture, or nobody is seen for certain."""
        step_ms, self._before_ms = frame.t_ms - self._before_ms, frame.t_ms
        if not self._is_sure or frame.small_grey is None or self._seen is None or frame.t_ms - self._seen_ms > LOOK_MS - step_ms / 2:
            return True
        grey = _calmed(frame.small_grey)
        return grey.shape != self._seen.shape or bool(np.abs(grey - self._seen).max() > _NEIGHBOURS * self._most)

    def note(self, frame: Frame, *, is_sure: bool = True) -> None:
        """A frame is looked at; ``is_sure``: and somebody seen in it for certain (`is_sure_of`)."""
        self._is_sure = is_sure
        if frame.small_grey is not None:
            self._seen = _calmed(frame.small_grey)
            spread = (self._seen.astype(np.float32) / _NEIGHBOURS).std()
            self._most = float(np.clip(CHANGE_SHARE * spread, LEAST_CHANGE, MOST_CHANGE))
        self._seen_ms = frame.t_ms


def is_sure_of(landmarks: Landmarks) -> bool:
    """Whether somebody is seen and large enough to be found again; of a face alone always."""
    if not landmarks.has_pose:
        return landmarks.has_face
    return bool(np.nanmax(np.ptp(landmarks.pose_px, axis=0)) >= SMALL_PX)


def _calmed(grey: Array) -> Array:
    """The sum of each four neighbours, (h - 1, w - 1): single pixels of noise count less. Whole numbers are added fastest."""
    values = grey.astype(np.int16)
    pairs = values[:-1] + values[1:]
    return np.asarray(pairs[:, :-1] + pairs[:, 1:])
