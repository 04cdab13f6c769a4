"""The last seconds of somebody's motion, as landmarks come in."""

from __future__ import annotations

from collections import deque

import numpy as np

from posecoach.body.motion import Motion
from posecoach.body.records import Landmarks, Track

WINDOW_MS = 6000.0
"""The past a verdict of the moment rests on."""


class RecentMotion:
    """The frames of the last seconds. ``gap_ms``: after not having been seen for longer somebody starts afresh."""

    def __init__(self, gap_ms: float = np.inf) -> None:
        self._gap_ms = gap_ms
        self._frames: deque[Motion] = deque()

    def is_new(self, t_ms: float) -> bool:
        """Whether a frame of this time comes after all others."""
        return not self._frames or t_ms > self._frames[-1].t_ms[-1]

    def is_cut_off_from(self, t_ms: float, size_wh: tuple[int, int]) -> bool:
        """Whether nothing before belongs to a frame of this time and size: there is a gap, or the picture has changed its size."""
        last = self._frames[-1] if self._frames else None
        return last is not None and (t_ms - last.t_ms[-1] > self._gap_ms or self.is_of_another_size(size_wh))

    def is_of_another_size(self, size_wh: tuple[int, int]) -> bool:
        """Whether the frames were pictures of another size."""
        return bool(self._frames) and self._frames[-1].size_wh != size_wh

    def add(self, t_ms: float, landmarks: Landmarks) -> Motion:
        """Take in a frame that is later than all others, and let go of what is too old, or cut off from it. The frame as a motion."""
        if self.is_cut_off_from(t_ms, landmarks.size_wh):
            self._frames.clear()
        frame = Motion.of(Track.from_landmarks([t_ms], [landmarks], landmarks.size_wh))
        self._frames.append(frame)
        while self._frames[0].t_ms[0] < t_ms - WINDOW_MS:
            self._frames.popleft()
        return frame

    def motion(self) -> Motion | None:
        """All frames; None when there is none."""
        return Motion.join(list(self._frames)) if self._frames else None

    @property
    def t_ms(self) -> float | None:
        """When the last frame was; None when there is none."""
        return float(self._frames[-1].t_ms[-1]) if self._frames else None

    def clear(self) -> None:
        """Forget all frames."""
        self._frames.clear()
