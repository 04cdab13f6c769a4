"""The last seconds of somebody's motion, as landmarks come in."""

from __future__ import annotations

from collections import deque

import numpy as np

from posecoach.body.motion import Motion
from posecoach.body.records import Track

WINDOW_MS = 6000.0
"""The past a verdict of the moment rests on."""


class RecentMotion:
    """The frames of the last seconds. ``gap_ms``: after not having been seen for longer somebody starts afresh."""

    def __init__(self, gap_ms: float = np.inf) -> None:
        self._gap_ms = gap_ms
        self._parts: deque[Motion] = deque()

    def is_new(self, t_ms: float) -> bool:
        """Whether a frame of this time comes after all others."""
        return not self._parts or t_ms > self._parts[-1].t_ms[-1]

    def is_cut_off_from(self, t_ms: float, size_wh: tuple[int, int]) -> bool:
        """Whether nothing before belongs to a frame of this time and size: there is a gap, or the picture has changed its size."""
        last = self._parts[-1] if self._parts else None
        return last is not None and (t_ms - last.t_ms[-1] > self._gap_ms or self.is_of_another_size(size_wh))

    def is_of_another_size(self, size_wh: tuple[int, int]) -> bool:
        """Whether the frames were pictures of another size."""
        return bool(self._parts) and self._parts[-1].size_wh != size_wh

    def add(self, track: Track) -> Motion:
        """Take in frames that are later than all others, and let go of what is too old, or cut off from them. The frames as a motion."""
        if self.is_cut_off_from(float(track.t_ms[0]), track.size_wh):
            self._parts.clear()
        part = Motion.of(track)
        self._parts.append(part)
        while self._parts[0].t_ms[-1] < track.t_ms[-1] - WINDOW_MS:
            self._parts.popleft()
        return part

    def motion(self) -> Motion | None:
        """All frames of the last seconds; None when there is none."""
        if not self._parts:
            return None
        motion = Motion.join(list(self._parts))
        return motion.where(motion.t_ms >= motion.t_ms[-1] - WINDOW_MS)

    @property
    def t_ms(self) -> float | None:
        """When the last frame was; None when there is none."""
        return float(self._parts[-1].t_ms[-1]) if self._parts else None

    def clear(self) -> None:
        """Forget all frames."""
        self._parts.clear()
