"""Visitors whose browsers recognise people themselves: they post landmarks, and no model runs for them here."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from posecoach.judging.describe import marks_now, scene_now
from posecoach.judging.live import LiveState
from posecoach.judging.scene import Mark
from posecoach.judging.sketch import Look, sketch_of
from posecoach.live.allowance import Allowance
from posecoach.live.camera import JUDGE_EVERY_S, OK
from posecoach.live.pace import Pace
from posecoach.live.session import LiveSession
from posecoach.live.visitor import Visitor
from posecoach.rulebook.schema import RuleSet
from posecoach.sources.landmark_posts import PostedLandmarks, count_of, decode_landmarks

MOST_FRAMES_PER_S = 15.0
BURST = 30.0
POST_MS = 100


class LandmarkVisitor(Visitor):
    """One session; whoever posts waits while it is judged."""

    def __init__(self, rule_sets: Mapping[str, RuleSet]) -> None:
        super().__init__(LiveSession(rule_sets))
        self._allowance = Allowance(MOST_FRAMES_PER_S, BURST)
        self._last_ms = self._judged_at_ms = float("-inf")
        self._state: LiveState | None = None
        self._marks: tuple[Mark, ...] = ()
        self._pace = Pace()

    def see(self, data: bytes, look: Look, took_ms: float = 0.0) -> dict[str, Any]:
        """The state after the posted landmarks, and what to draw on the last picture where it is shown like this.

        ``took_ms``: how long the visitor waited for the last answer. Raises `NoRoomError` while another post is in flight,
        `TooFastError`, `LandmarksError`.
        """
        with self._posting():
            self._allowance.take(count_of(data), time.monotonic())
            return self._judge(decode_landmarks(data).fresh(self._last_ms), look, took_ms)

    def _judge(self, posted: PostedLandmarks, look: Look, took_ms: float) -> dict[str, Any]:
        t_ms = self._last_ms = float(posted.track.t_ms[-1])
        self.session.push_track(posted.track)
        if t_ms - self._judged_at_ms >= 1000 * JUDGE_EVERY_S:
            self._state = self.session.state(posted.brightness)
            self._marks = marks_now(self._state)
            self._judged_at_ms = t_ms
        sketch = sketch_of(scene_now(posted.track.at(-1), self._state, self._marks), look)
        self._pace.note(t_ms, posted.sent_ms - t_ms + took_ms)
        answer = self.session.to_dict(self._state, OK, t_ms, is_slow=self._pace.is_slow, has_company=posted.has_company)
        return answer | {"t_ms": round(t_ms, 1), "sketch": sketch.to_dict(), "post_ms": POST_MS}
