"""Judges somebody by posted landmarks, in the process that has taken the session."""

from __future__ import annotations

from collections.abc import Mapping

from posecoach.judging.describe import marks_now, scene_now
from posecoach.judging.live import LiveState
from posecoach.judging.scene import Mark
from posecoach.judging.sketch import Look, sketch_of
from posecoach.live.messages import OK, to_bytes
from posecoach.live.pace import DEVICE_TOO_SLOW, JUDGE_EVERY_S, Pace
from posecoach.live.session import LiveSession
from posecoach.rulebook.schema import RuleSet
from posecoach.sources.landmark_posts import decode_landmarks


class LandmarkSession(LiveSession):
    """A session with what was judged last. Times are those of the browser."""

    too_slow = DEVICE_TOO_SLOW

    def __init__(self, rule_sets: Mapping[str, RuleSet]) -> None:
        super().__init__(rule_sets)
        self._last_ms = self._judged_at_ms = float("-inf")
        self._state: LiveState | None = None
        self._marks: tuple[Mark, ...] = ()
        self._pace = Pace()

    def see(self, data: bytes, look: Look, took_ms: float, post_ms: int) -> bytes:
        """The state after the posted landmarks, and what to draw on the last picture where it is shown like this, as JSON.

        ``took_ms``: how long the visitor waited for the last answer; ``post_ms``: how long to leave between two posts, which is told.
        Raises `LandmarksError`.
        """
        posted = decode_landmarks(data).fresh(self._last_ms)
        t_ms = self._last_ms = float(posted.track.t_ms[-1])
        self.push_track(posted.track)
        if t_ms - self._judged_at_ms >= 1000 * JUDGE_EVERY_S:
            self._state = self.state(posted.brightness)
            self._marks = marks_now(self._state)
            self._judged_at_ms = t_ms
        sketch = sketch_of(scene_now(posted.track.at(-1), self._state, self._marks), look)
        self._pace.note(t_ms, posted.sent_ms - t_ms + took_ms)
        told = self.to_dict(self._state, OK, t_ms, is_slow=self._pace.is_slow, has_company=posted.has_company)
        return to_bytes(told | {"t_ms": round(t_ms, 1), "sketch": sketch.to_dict(), "post_ms": post_ms})
