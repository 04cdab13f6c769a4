"""The steps of a drill in somebody's motion: when each begins and ends, and what is said of each. Pure arrays, no clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from posecoach.body.observed import Body
from posecoach.body.records import Array
from posecoach.body.rises import Rise
from posecoach.body.timeline import hold, runs
from posecoach.judging.events import FINDERS
from posecoach.judging.judge import ClauseTrack, Judgement, judge
from posecoach.judging.results import ClauseVerdict, StepResult
from posecoach.judging.together import telling
from posecoach.measures.catalogue import take
from posecoach.measures.events import ECHO_S
from posecoach.rulebook.drill_schema import Cue, Drill, Step
from posecoach.rulebook.schema import RuleSet
from posecoach.vocabulary import Posture, Profile, Reason, State

HELD_S = 0.8
"""A posture, view or face that is seen for less shows nothing."""
LEAST_S = 0.5
"""A step lasts at least so long."""
RISE_EDGE = 0.2
"""Getting up and sitting down are timed from 5 to 95 % of the way; of an unhurried movement that leaves out up to three tenths of so long
at either end (of least jerk, where the head moves later than the trunk), which belong to the step."""
_TOLD_LATER = frozenset({"seat_descent_s"})
"""Measures that have a value only once the movement is over: they are asked for `ECHO_S` longer than the step lasts."""


@dataclass(frozen=True, slots=True)
class StepSpan:
    """When a step was done, in ms of the motion's own clock; the end does not belong to it."""

    start_ms: float
    end_ms: float


Spans = tuple[StepSpan | None, ...]
"""One for each step of a drill; None for a step that was not seen."""


def moments_of(cues: Sequence[Cue], body: Body) -> list[tuple[float, float]]:
    """When any of the cues is seen, in order: from and until, in ms; of the edge of an event, that moment twice."""
    return sorted(span for cue in cues for span in (_edges(cue, body) if cue.event else _states(cue, body)))


def _edges(cue: Cue, body: Body) -> list[tuple[float, float]]:
    found = []
    t_ms = body.motion.t_ms
    for event in FINDERS[str(cue.event)](body):
        beside_ms = 1000 * RISE_EDGE * event.takes_s if isinstance(event, Rise) else 0.0
        when = t_ms[event.end - 1] + beside_ms if cue.edge == "end" else t_ms[event.start] - beside_ms
        found.append((float(when), float(when)))
    return found


def _states(cue: Cue, body: Body) -> list[tuple[float, float]]:
    shown = body.posture != Posture.ABSENT
    if cue.posture not in (None, "any"):
        shown &= body.posture == Posture[str(cue.posture).upper()]
    if cue.views:
        shown &= np.isin(body.view, list(cue.view_set))
    if cue.face:
        shown &= take("smile_strength", body).reason == Reason.NONE
    shown = hold(shown, body.duration_s, HELD_S)
    t_ms = body.motion.t_ms
    return [(float(t_ms[start]), float(t_ms[end - 1])) for start, end in runs(shown) if shown[start]]


def find_steps(drill: Drill, body: Body) -> Spans:
    """When each step of a drill was done in a recording, in which nobody waits for prompts.

    The steps are found by what they begin with, in their order, as many of them as can be; each lasts until the next one begins, the last
    one until the end. What shows as the one before goes on begins after the time that one asks for.
    """
    if not len(body.motion):
        return (None,) * len(drill.steps)
    begins = _Chain(drill.steps, body).longest()
    end_ms = float(body.motion.t_ms[-1]) + 1000 * float(body.duration_s[-1]) + 1.0
    spans: list[StepSpan | None] = []
    for start_ms in reversed(begins):
        spans.append(None if start_ms is None else StepSpan(start_ms, end_ms))
        end_ms = end_ms if start_ms is None else start_ms
    return tuple(reversed(spans))


class _Chain:
    """Looks for the longest chain of steps: one begins after another, in their order, and some may be missing."""

    def __init__(self, steps: Sequence[Step], body: Body) -> None:
        self._steps = steps
        self._here = moments_of([Cue(posture="any")], body)
        self._begins = [moments_of(step.begins, body) for step in steps]
        self._ends = [moments_of(step.cues, body) for step in steps]

    def longest(self) -> tuple[float | None, ...]:
        """When each step begins; None for those that are missing."""

        @cache
        def rest(number: int, last: int, last_ms: float) -> tuple[float | None, ...]:
            if number == len(self._steps):
                return ()
            without = (None, *rest(number + 1, last, last_ms))
            when = self._begin(number, last, last_ms)
            if when is None:
                return without
            taken = (when, *rest(number + 1, number, when))
            return taken if _seen(taken) >= _seen(without) else without

        return rest(0, -1, -np.inf)

    def _begin(self, number: int, last: int, last_ms: float) -> float | None:
        """When step ``number`` begins at the earliest, after step ``last`` that began at ``last_ms``."""
        lasts_ms = 1000 * max(LEAST_S, (self._steps[last].seconds or 0.0) if last >= 0 else 0.0)
        if self._steps[number].begins:
            return first_moment(self._begins[number], last_ms, lasts_ms)
        if last < 0:
            return first_moment(self._here, last_ms, lasts_ms)
        if last != number - 1:
            return None
        ended = first_moment(self._ends[last], last_ms, 1000 * LEAST_S)
        after_ms = last_ms + lasts_ms if self._steps[last].seconds is not None else np.inf
        when = min(np.inf if ended is None else ended, after_ms)
        return when if when <= self._here[-1][1] else None


def _seen(begins: Sequence[float | None]) -> int:
    return sum(when is not None for when in begins)


def first_moment(moments: Sequence[tuple[float, float]], after_ms: float, lasts_ms: float) -> float | None:
    """The first moment after ``after_ms``; of what is seen there already, ``lasts_ms`` later. None where there is none."""
    whens = (start if start > after_ms else after_ms + lasts_ms for start, end in moments if start > after_ms or after_ms + lasts_ms <= end)
    return min(whens, default=None)


# --- what is said of them -----------------------------------------------------------------------------------------------------------------


def judge_drill(body: Body, drill: Drill, profile: Profile, spans: Spans) -> tuple[Judgement, tuple[StepResult, ...]]:
    """What is said of each step, and of each clause once: as in the step where it was worst."""
    everywhere = np.ones(len(body.motion), bool)
    judged = [_judge_step(body, step, profile, span) for step, span in zip(drill.steps, spans, strict=True)]
    whole = judge(body, drill.whole, profile, drill.topic, everywhere)
    seen = [judgement for judgement, span in zip(judged, spans, strict=True) if span is not None]
    steps = (_step_result(step, span, judgement, body) for step, span, judgement in zip(drill.steps, spans, judged, strict=True))
    return _together([*seen, whole, *judged], drill.rule_sets), tuple(steps)


def _judge_step(body: Body, step: Step, profile: Profile, span: StepSpan | None) -> Judgement:
    """The clauses of a step over its time."""
    tracks: list[ClauseTrack] = []
    verdicts: list[ClauseVerdict] = []
    for rule_set in step.rule_sets:
        late = {rule.id for rule in rule_set.rules if any(check.measure in _TOLD_LATER for check in rule.checks)}
        soon = {rule.id for rule in rule_set.rules} - late
        for ids, longer_s in ((soon, 0.0), (late, ECHO_S)):
            if ids:
                said = judge(body, (rule_set.only(ids),), profile, rule_set.topic, _frames(body, span, longer_s))
                tracks += said.tracks
                verdicts += said.verdicts
    return Judgement(tuple(tracks), tuple(verdicts))


def _frames(body: Body, span: StepSpan | None, longer_s: float) -> Array:
    t_ms = body.motion.t_ms
    if span is None:
        return np.zeros(len(t_ms), bool)
    return np.asarray((t_ms >= span.start_ms) & (t_ms < span.end_ms + 1000 * longer_s))


def _step_result(step: Step, span: StepSpan | None, judged: Judgement, body: Body) -> StepResult:
    if span is None:
        return StepResult(step.id, step.title, None, None, State.UNJUDGED, ())
    start_s, end_s = ((when - float(body.motion.t_ms[0])) / 1000 for when in (span.start_ms, span.end_ms))
    states = [verdict.state for verdict in judged.verdicts if verdict.state is not State.UNJUDGED]
    return StepResult(step.id, step.title, max(start_s, 0.0), end_s, max(states, default=State.UNJUDGED), judged.verdicts)


def _together(judged: Sequence[Judgement], rule_sets: Sequence[RuleSet]) -> Judgement:
    """Each clause once: its verdict as where it was worst, its track with the states of all steps; steps that were seen come first."""
    found: dict[str, list[tuple[ClauseVerdict, ClauseTrack]]] = {}
    for judgement in judged:
        for verdict, track in zip(judgement.verdicts, judgement.tracks, strict=True):
            found.setdefault(verdict.id, []).append((verdict, track))
    tracks, verdicts = [], []
    for rule in (rule for rule_set in rule_sets for rule in rule_set.rules if rule.id in found):
        said = [verdict for verdict, _ in found[rule.id]]
        verdict = telling([v for v in said if v.reason is not Reason.NOT_APPLICABLE] or said)
        first = next(track for known, track in found[rule.id] if known is verdict)
        verdicts.append(verdict)
        tracks.append(_joined(first, [track for _, track in found[rule.id]]))
    return Judgement(tuple(tracks), tuple(verdicts))


def _joined(first: ClauseTrack, others: Sequence[ClauseTrack]) -> ClauseTrack:
    """A track with what the others say in their own times."""
    for other in others:
        theirs = other.applies & ~first.applies
        if theirs.any():
            first = _with(first, other, theirs)
    return first


def _with(own: ClauseTrack, other: ClauseTrack, theirs: Array) -> ClauseTrack:
    """A track that is another's in the frames ``theirs`` (T,)."""

    def mixed(a: Array, b: Array) -> Array:
        return np.where(theirs, b, a)

    checks = tuple(
        replace(
            a, value=mixed(a.value, b.value), state=mixed(a.state, b.state), reason=mixed(a.reason, b.reason), shown=mixed(a.shown, b.shown)
        )
        for a, b in zip(own.checks, other.checks, strict=True)
    )
    return replace(
        own,
        checks=checks,
        state=mixed(own.state, other.state),
        reason=mixed(own.reason, other.reason),
        applies=own.applies | theirs,
        fault=mixed(own.fault, other.fault),
    )
