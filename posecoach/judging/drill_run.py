"""Leads somebody before the camera through a drill, hands-free, and judges it at its end. No clock: time comes with the frames.

waiting (for somebody who stands in place) -> countdown -> one step after the other -> done -> waiting (for the next person)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from posecoach.body.motion import Motion
from posecoach.body.observed import Body
from posecoach.judging.drills import LEAST_S, Spans, StepSpan, first_moment, moments_of
from posecoach.judging.pipeline import Graded
from posecoach.judging.raised_hand import Hand
from posecoach.judging.timed_check import COUNTDOWN_MS
from posecoach.rulebook.drill_schema import Drill, Step

STAND_MS = 1500.0
"""Who has stood in place for so long wants to begin."""
LEFT_MS = 3000.0
LEAD_MS = 3000.0
"""So much before the first step is kept: who is eager begins in the countdown, and a movement is seen whole."""
LOOK_BACK_MS = 12_000.0
"""Events are looked for in so much of the past: none takes longer."""
LOOK_EVERY_MS = 400.0
SPACING_MS = 90.0
"""Frames that follow more closely are left out of what is kept."""
BLOCK = 64

RunPhase = Literal["waiting", "countdown", "step", "done"]


@dataclass(frozen=True, slots=True, eq=False)
class DrillNow:
    """How far a drill is: ``number`` of the step (from 0), ``left_s`` of the countdown, or of a step that time ends once it has ``begun``.

    ``result`` when done.
    """

    phase: RunPhase
    number: int = 0
    begun: bool = False
    left_s: float | None = None
    result: Graded | None = None


class Timeline:
    """What is kept of a person during a drill: one frame for each `SPACING_MS`, of at most ``longest_ms``; what is older goes."""

    def __init__(self, longest_ms: float) -> None:
        self._longest_ms = longest_ms
        self._parts: list[Motion] = []

    def add(self, part: Motion) -> None:
        """Take in the next frames."""
        last_ms = float(self._parts[-1].t_ms[-1]) if self._parts else -np.inf
        kept = np.zeros(len(part), bool)
        for i, t_ms in enumerate(part.t_ms.tolist()):
            kept[i] = t_ms - last_ms >= SPACING_MS
            last_ms = t_ms if kept[i] else last_ms
        if kept.any():
            self._parts.append(part.where(kept))
            self._tidy(last_ms - self._longest_ms)

    def _tidy(self, since_ms: float) -> None:
        if sum(map(len, self._parts[-BLOCK:])) == BLOCK:  # single frames become a block: small arrays cost more than they hold
            self._parts[-BLOCK:] = [Motion.join(self._parts[-BLOCK:])]
        while self._parts[0].t_ms[-1] < since_ms:
            self._parts.pop(0)

    def since(self, t_ms: float) -> Motion | None:
        """The frames from a time on; None where there is none."""
        parts = [part.where(part.t_ms >= t_ms) for part in self._parts if part.t_ms[-1] >= t_ms]
        return Motion.join(parts) if parts else None

    def clear(self) -> None:
        """Forget all frames."""
        self._parts.clear()


@dataclass(slots=True)
class _Open:
    """The step that is open: since when its beginning is looked for, since when it was asked for, and when it began."""

    after_ms: float
    asked_ms: float
    begun_ms: float | None = None


class DrillRun:
    """Belongs to one thread. ``observe`` makes a body of a motion, ``judge`` the result of a motion and its steps."""

    def __init__(self, drill: Drill, observe: Callable[[Motion], Body], judge: Callable[[Motion, Spans], Graded]) -> None:
        self.drill = drill
        self._observe, self._judge = observe, judge
        self._timeline = Timeline(1000 * drill.longest_s + LEAD_MS)
        self._restart()

    def _restart(self) -> None:
        self._phase: RunPhase = "waiting"
        self._since_ms: float | None = None
        self._spans: list[StepSpan | None] = []
        self._open = _Open(0.0, 0.0)
        self._looked_ms = -np.inf
        self._hand: Hand | None = None
        self._seen_ms = 0.0
        self._has_left = False
        self._result: Graded | None = None
        self._timeline.clear()

    @property
    def open_step(self) -> int | None:
        """The number of the step that is open, from 0; None where none is."""
        return len(self._spans) if self._phase == "step" else None

    @property
    def result(self) -> Graded | None:
        """What it came to, while that is shown."""
        return self._result

    def stop(self) -> None:
        """Begin with the next person."""
        self._restart()

    def push(self, part: Motion) -> None:
        """Take in the next frames of the person."""
        if self._phase in ("countdown", "step"):
            self._timeline.add(part)

    def update(self, t_ms: float, *, is_here: bool, is_ready: bool, hand: Hand | None) -> DrillNow:
        """How far it is at ``t_ms``: ``is_here``: somebody is in the picture; ``is_ready``: in place; ``hand``: raised now."""
        self._seen_ms = t_ms if is_here else self._seen_ms
        raised, self._hand = (hand if hand != self._hand else None), hand
        if t_ms - self._seen_ms > LEFT_MS:
            self._part()
        if self._phase == "waiting" or self._has_left:
            self._wait(t_ms, is_ready)
        elif self._phase == "countdown":
            self._count_down(t_ms)
        elif self._phase == "step":
            self._lead(t_ms, raised)
        elif raised == "right":
            self._begin_countdown(t_ms)
        return self._now(t_ms)

    def go_on(self, t_ms: float) -> None:
        """The trainer's click, or a raised right hand: on to the next step; before the first one, begin; at the end, once more."""
        if self._phase in ("waiting", "done"):
            self._begin_countdown(t_ms)
        elif self._phase == "step":
            self._end_step(t_ms)

    def again(self, t_ms: float) -> None:
        """A raised left hand: the same step once more."""
        if self._phase == "step":
            self._open = _Open(t_ms, t_ms)

    def _part(self) -> None:
        """Somebody has left: what they came to stays until the next one stands in place."""
        if self._phase == "done":
            self._has_left = True
        elif self._phase != "waiting":
            self._restart()

    def _wait(self, t_ms: float, is_ready: bool) -> None:
        if not is_ready:
            self._since_ms = None
        elif self._since_ms is None:
            self._since_ms = t_ms
        elif t_ms - self._since_ms >= STAND_MS:
            self._begin_countdown(t_ms)

    def _begin_countdown(self, t_ms: float) -> None:
        self._restart()
        self._phase, self._since_ms, self._seen_ms = "countdown", t_ms, t_ms

    def _count_down(self, t_ms: float) -> None:
        if t_ms - (self._since_ms or 0.0) >= COUNTDOWN_MS:
            self._phase, self._open = "step", _Open(t_ms - LEAD_MS, t_ms)

    def _lead(self, t_ms: float, raised: Hand | None) -> None:
        if raised == "right":
            self.go_on(t_ms)
        elif raised == "left":
            self.again(t_ms)
        elif t_ms - self._looked_ms >= LOOK_EVERY_MS:
            self._looked_ms = t_ms
            self._look(t_ms)

    def _look(self, t_ms: float) -> None:
        step, now = self.drill.steps[len(self._spans)], self._open
        motion = self._timeline.since(t_ms - LOOK_BACK_MS)
        if motion is None:
            return
        body = self._observe(motion)
        if now.begun_ms is None:
            now.begun_ms = _begun_ms(step, now, body) if step.begins else now.asked_ms
        ended_ms = None if now.begun_ms is None else self._ended_ms(step, now.begun_ms, body)
        if ended_ms is not None and ended_ms <= t_ms:
            self._end_step(ended_ms)
        elif t_ms - now.asked_ms >= 1000 * step.at_most_s:
            self._end_step(t_ms)

    @staticmethod
    def _ended_ms(step: Step, begun_ms: float, body: Body) -> float | None:
        cue_ms = first_moment(moments_of(step.cues, body), begun_ms, 1000 * LEAST_S)
        time_ms = None if step.seconds is None else begun_ms + 1000 * step.seconds
        return min((when for when in (cue_ms, time_ms) if when is not None), default=None)

    def _end_step(self, ended_ms: float) -> None:
        """Close the open step and ask for the next one; who has begun that already is not sent back."""
        begun_ms = self._open.begun_ms
        self._spans.append(None if begun_ms is None or begun_ms >= ended_ms else StepSpan(begun_ms, ended_ms))
        if len(self._spans) == len(self.drill.steps):
            self._finish()
            return
        after_ms = ended_ms if begun_ms is None else min(begun_ms + 1000 * LEAST_S, ended_ms)
        self._open, self._looked_ms = _Open(after_ms, ended_ms), -np.inf

    def _finish(self) -> None:
        motion = self._timeline.since(-np.inf)
        spans = _without_overlap(self._spans)
        if motion is None or not any(spans):
            self._restart()
            return
        self._result = self._judge(motion, spans)
        self._phase = "done"
        self._timeline.clear()

    def _now(self, t_ms: float) -> DrillNow:
        if self._phase == "countdown":
            return DrillNow("countdown", 0, left_s=max(COUNTDOWN_MS - (t_ms - (self._since_ms or t_ms)), 0.0) / 1000)
        if self._phase != "step":
            return DrillNow(self._phase, result=self._result)
        number = len(self._spans)
        begun_ms, seconds = self._open.begun_ms, self.drill.steps[number].seconds
        left_s = None if begun_ms is None or seconds is None else max(seconds - (t_ms - begun_ms) / 1000, 0.0)
        return DrillNow("step", number, begun_ms is not None, left_s)


def _begun_ms(step: Step, now: _Open, body: Body) -> float | None:
    """When a step began; what went on before the body was looked at began nobody knows when, and counts from when it was asked for."""
    first_ms = float(body.motion.t_ms[0])
    moments = ((-np.inf if start < end and start <= first_ms else start, end) for start, end in moments_of(step.begins, body))
    return first_moment(list(moments), now.after_ms, now.asked_ms - now.after_ms)


def _without_overlap(spans: list[StepSpan | None]) -> Spans:
    """Each step ends where the next one that was seen begins, where that was earlier."""
    out: list[StepSpan | None] = []
    next_ms = np.inf
    for span in reversed(spans):
        if span is not None:
            span = StepSpan(span.start_ms, min(span.end_ms, next_ms))
            next_ms = span.start_ms
        out.append(span)
    return tuple(reversed(out))
