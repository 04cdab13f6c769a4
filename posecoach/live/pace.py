"""Whether judging keeps up with the person before the camera. Pure: times are passed in."""

from __future__ import annotations

from collections import deque

from posecoach.vocabulary import Text

JUDGE_EVERY_S = 0.2
MOST_LAG_MS = 700.0
"""A verdict older than this is about a moment that has passed."""
MOST_GAP_MS = 1000 / 3
"""Fewer than three looks a second miss movements,"""
WAITED_MS = 200.0
"""and it is the computer and not the camera that is slow when pictures have waited so long."""
SPAN_MS = 2000.0
CALM_MS = 1500.0
"""So long it must keep up before it is told to be quick again."""

TOO_SLOW = Text(
    "这台电脑跟不上，画面已停在判断的那一刻：请关掉别的程序和页面，或减少同时练习的人",
    "This computer is too slow: the picture is the one that was judged. Close other programs and tabs, or let fewer people practise",
)
DEVICE_TOO_SLOW = Text(
    "这台设备跟不上，画面已停在判断的那一刻：请关掉它上面别的程序和页面",
    "This device is too slow: the picture is the one that was judged. Close other programs and tabs on it",
)
"""Where the pictures are looked at in the browser."""


class Pace:
    """Takes the time of each frame that was judged and how late its verdict was; says whether that is too slow to coach by."""

    def __init__(self) -> None:
        self._judged_ms: deque[float] = deque(maxlen=200)
        self._slow_ms = -CALM_MS
        self.is_slow = False

    def note(self, t_ms: float, lag_ms: float) -> None:
        """A frame taken at ``t_ms`` has its verdict, ``lag_ms`` after it was taken. The first waits for the models and tells nothing."""
        if not self._judged_ms:
            self._judged_ms.append(t_ms)
            return
        if t_ms > self._judged_ms[-1]:
            self._judged_ms.append(t_ms)
        now_ms = t_ms + lag_ms
        while now_ms - self._judged_ms[0] > SPAN_MS and len(self._judged_ms) > 2:
            self._judged_ms.popleft()
        gaps = len(self._judged_ms) - 1
        gap_ms = (self._judged_ms[-1] - self._judged_ms[0]) / gaps if gaps else 0.0
        if lag_ms > MOST_LAG_MS or (gap_ms > MOST_GAP_MS and lag_ms > WAITED_MS):
            self._slow_ms = now_ms
        self.is_slow = now_ms - self._slow_ms < CALM_MS
