"""Measures + rules + time -> verdicts.

Each check of a rule becomes a state at every frame: the value is smoothed by a rolling median, put into the rule's bands with hysteresis,
capped to what the check may say, combined with the rule's other checks, and held. A clip's verdict is taken from those states:

* ``decide: most``: fail when at least half of the judged time fails, pass when at least 70 % passes, else warn;
* ``decide: any``: the worst state that lasted ``hold_s``.

Alternatives give one verdict, under the id of the best-met one (`rulebook.groups`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from posecoach.body.observed import Body
from posecoach.body.records import Array
from posecoach.body.timeline import highest, hold, median, remembered
from posecoach.judging.checks import CheckTrack, judge_checks, shows
from posecoach.judging.results import ClauseVerdict
from posecoach.measures.catalogue import MEASURES, take
from posecoach.measures.error_model import Interval, Part, interval_95
from posecoach.rulebook.groups import Member, settle
from posecoach.rulebook.schema import AUTO, Bands, Group, Rule, RuleSet
from posecoach.vocabulary import Posture, Profile, Reason, State, Text

JUDGED_MIN_S = 1.0
JUDGED_MIN_SHARE = 0.1
FAIL_SHARE = 0.5
PASS_SHARE = 0.7

_RANK = np.array([0, 1, 3, 2])
"""How bad a state is when several are combined: pass, warn, unjudged, fail."""
_UNJUDGED = np.int8(State.UNJUDGED)
_NEVER, _UNSURE, _NOT_APPLICABLE = (np.int8(why) for why in (Reason.NEVER, Reason.UNSURE, Reason.NOT_APPLICABLE))


@dataclass(frozen=True, slots=True, eq=False)
class ClauseTrack:
    """One clause over time: `State` and `Reason` (T,), the frames it ``applies`` to, and its checks.

    ``fault`` (T,) is the last fault up to each frame (before the first one that one): twice the number of its check, and one more where
    the value lay below the band; -1 where there is none at all. So a fault that is held keeps its check and its side, wherever the value
    lies by then.
    """

    rule: Rule
    checks: tuple[CheckTrack, ...]
    state: Array
    reason: Array
    applies: Array
    fault: Array

    @property
    def is_of_events(self) -> bool:
        """Whether all checks are of events, which may be a small part of the time."""
        return all(MEASURES[check.check.measure].event for check in self.checks)

    def check_at(self, i: int) -> CheckTrack | None:
        """The check that decides at frame ``i``: the worst judged one; None while nothing is judged."""
        judged = [c for c in self.checks if c.shown[i] and int(c.state[i]) != State.UNJUDGED]
        return max(judged, key=lambda c: int(_RANK[c.state[i]]), default=None)

    def correction_at(self, i: int) -> Text | None:
        """What to say at frame ``i``; None unless the clause fails then."""
        if int(self.state[i]) != State.FAIL:
            return None
        number, is_below = divmod(int(self.fault[i]), 2)
        return self.rule.correction_for(self.checks[number].check, bool(is_below))


@dataclass(frozen=True, slots=True, eq=False)
class Judgement:
    """All clauses of one person: over time and as verdicts on the clip, in the order of the rule files."""

    tracks: tuple[ClauseTrack, ...]
    verdicts: tuple[ClauseVerdict, ...]


def judge(body: Body, rule_sets: Sequence[RuleSet], profile: Profile, drill: str = AUTO, within: Array | None = None) -> Judgement:
    """Judge a body over time by several rule files.

    ``drill`` names the one rule file that counts, or ``auto``: each where the posture is one of its own, and where it needs a face, where
    one is large enough. Frames of unknown posture are judged by a named drill only, and rules that need a drill by that one. ``within``
    (T,): the frames that count, else all.
    """
    parts = _Parts(body)
    tracks: list[ClauseTrack] = []
    verdicts: list[ClauseVerdict] = []
    for rule_set in rule_sets:
        applies = _applies(body, rule_set, drill) & (True if within is None else within)
        if drill == AUTO and not applies.any():
            continue
        never = np.zeros_like(applies)
        rules = rule_set.for_profile(profile).rules
        own = judge_rules(body, [(rule, applies if rule.needs_drill in (None, drill) else never) for rule in rules], profile)
        if drill == AUTO and rule_set.no_fail_with_auto is not None:
            doubtful = shows(rule_set.no_fail_with_auto, body)
            own = [replace(t, state=np.where(doubtful & (t.state == State.FAIL), State.WARN, t.state)) for t in own]
        said = {track.rule.id: _verdict(parts, track) for track in own}
        for group in rule_set.for_profile(profile).groups:
            own = _settle_group(group, own, said)
        tracks += own
        verdicts += [said[track.rule.id] for track in own]
    return Judgement(tuple(tracks), tuple(verdicts))


def _applies(body: Body, rule_set: RuleSet, drill: str) -> Array:
    posture_ok = np.array([rule_set.judges(posture) for posture in Posture])[body.posture]
    if drill == AUTO:
        sure = posture_ok & ~body.is_unsure
        return np.asarray(sure & (take("smile_strength", body).reason == Reason.NONE) if rule_set.needs == "face" else sure)
    return np.asarray(posture_ok | (body.posture == Posture.UNKNOWN))


# --- rules over time --------------------------------------------------------------------------------------------------------------------


def judge_rules(body: Body, rules: Sequence[tuple[Rule, Array]], profile: Profile) -> list[ClauseTrack]:
    """States of rules at every frame; frames outside what each applies to (T,) are unjudged with ``not_applicable``, those of a body
    that lies in the picture or of a skeleton astray with ``unsure``.
    """
    if not rules:
        return []
    tracks = iter(judge_checks(body, [(check, applies) for rule, applies in rules for check in rule.checks], profile))
    checks = [tuple(islice(tracks, len(rule.checks))) for rule, _ in rules]
    applies = np.array([applies for _, applies in rules])
    worst = [_worst(of_rule) if of_rule else _nothing(len(body.motion)) for of_rule in checks]
    state, reason = (np.array(each) for each in zip(*worst, strict=True))
    _hold(state, body.duration_s, [rule for rule, _ in rules])
    has_checks = np.array([[bool(of_rule)] for of_rule in checks])
    reason = np.where(has_checks, np.where(applies, np.where(body.is_unsure, _UNSURE, reason), _NOT_APPLICABLE), _NEVER)
    faults = [_faults(of_rule, len(body.motion)) for of_rule in checks]
    return [ClauseTrack(rule, *each) for (rule, _), *each in zip(rules, checks, state, reason, applies, faults, strict=True)]


def _nothing(count: int) -> tuple[Array, Array]:
    """State and reason of a rule without checks."""
    return np.full(count, _UNJUDGED), np.full(count, _NEVER)


def _hold(state: Array, durations_s: Array, rules: Sequence[Rule]) -> None:
    """Let go, in place, of what lasts less than each rule's ``hold_s`` of the judged states (R, T); most stay the same all the time."""
    judged = state != _UNJUDGED
    changes = state.min(1, initial=_UNJUDGED) < np.where(judged, state, -1).max(1, initial=-1)
    for row in np.flatnonzero(changes).tolist():
        found = judged[row]
        state[row, found] = hold(state[row, found], durations_s[found], rules[row].hold_s)


def _worst(checks: Sequence[CheckTrack]) -> tuple[Array, Array]:
    """The worst state (T,) of checks that are shown, and its reason; the first one's of those that are alike."""
    state, reason = checks[0].state, checks[0].reason
    if len(checks) == 1:
        return state, reason
    rank = np.where(checks[0].shown, _RANK[state], -1)
    for track in checks[1:]:
        worse = track.shown & (_RANK[track.state] > rank)
        state = np.where(worse, track.state, state)
        reason = np.where(worse, track.reason, reason)
        rank = np.where(worse, _RANK[track.state], rank)
    return state, reason


def _faults(checks: Sequence[CheckTrack], count: int) -> Array:
    """The ``fault`` of a `ClauseTrack` of ``count`` frames; of several checks that fail at once the first one tells."""
    fault = np.full(count, -1)
    fails = [check.fails for check in checks]
    if not any(map(np.ndarray.any, fails)):
        return fault
    for number, check in reversed(tuple(enumerate(checks))):
        fault = np.where(fails[number], 2 * number + check.is_below, fault)
    return remembered(fault)


# --- the verdict on a clip ----------------------------------------------------------------------------------------------------------------


class _Parts:
    """The parts of a body that clauses are judged in."""

    def __init__(self, body: Body) -> None:
        self.body = body
        self._by_frames: dict[bytes, Part] = {}

    def of(self, frames: Array) -> Part:
        """The one of some ``frames`` (T,) bool."""
        return self._by_frames.setdefault(frames.tobytes(), Part(self.body, frames))


def _verdict(parts: _Parts, track: ClauseTrack) -> ClauseVerdict:
    body = parts.body
    judged = track.applies & (track.state != State.UNJUDGED)
    still = len(body.motion) == 1
    weight = np.ones(1) if still else body.duration_s
    applied_s, judged_s = float(weight[track.applies].sum()), float(weight[judged].sum())
    least_s = max(JUDGED_MIN_S, 0.0 if track.is_of_events else JUDGED_MIN_SHARE * applied_s)
    if not judged.any() or (not still and judged_s + 1e-6 < least_s):
        return _unjudged(track, _why_unjudged(track, body.duration_s, judged.any()), judged_s / applied_s if applied_s else 0.0)
    state = _overall(track.state[judged], weight[judged], track.rule.decide)
    check = _telling_check(track, judged, weight, state)
    counted = judged & check.shown & np.isfinite(check.value)
    value = float(median(check.value[counted]))
    interval = interval_95(check.check.measure, parts.of(counted), value)
    state = _as_far_as_known(state, interval, parts, check, counted)
    return ClauseVerdict(
        id=track.rule.id,
        state=state,
        reason=Reason.NONE,
        value=value,
        unit=MEASURES[check.check.measure].unit,
        judged_share=judged_s / applied_s,
        pass_share=float(weight[judged & (track.state == State.PASS)].sum()) / judged_s,
        worst_s=_worst_s(body, check, judged),
        correction=_overall_correction(track, check, judged, weight) if state is State.FAIL else None,
        source=track.rule.source,
        error_95=None if interval is None else (interval[1] - interval[0]) / 2,
    )


def _as_far_as_known(state: State, interval: Interval | None, parts: _Parts, check: CheckTrack, counted: Array) -> State:
    """The state that the ``interval`` of the value over the ``counted`` frames (T,) allows, or that of those in which the check fails if it
    is a fail.

    It is a fail only where the whole interval lies outside the pass band, and a pass where it does not reach a fail; else a warning, of
    checks that may warn.
    """
    failing = counted & (check.state == State.FAIL)
    if state is State.FAIL and failing.any():
        interval = interval_95(check.check.measure, parts.of(failing), float(median(check.value[failing])))
    if interval is None or check.check.cap(State.WARN) is not State.WARN:
        return state
    (low, high), pass_, warn = interval, check.bands.pass_, check.bands.warn
    if state is State.FAIL and low <= pass_.high and high >= pass_.low:
        return State.WARN
    return State.WARN if state is State.PASS and not (warn.low <= low and high <= warn.high) else state


def _overall(states: Array, weight: Array, decide: str) -> State:
    if decide == "any":
        return State(int(states.max()))
    total = weight.sum()
    if weight[states == State.FAIL].sum() >= FAIL_SHARE * total:
        return State.FAIL
    return State.PASS if weight[states == State.PASS].sum() >= PASS_SHARE * total else State.WARN


def _overall_correction(track: ClauseTrack, check: CheckTrack, judged: Array, weight: Array) -> Text | None:
    """What a check that fails leads to: for the side on which it failed for longer."""
    fails = judged & check.fails
    return track.rule.correction_for(check.check, bool(2 * weight[fails & check.is_below].sum() > weight[fails].sum()))


def _telling_check(track: ClauseTrack, judged: Array, weight: Array, state: State) -> CheckTrack:
    """The check whose value is reported: the one that spent most of the judged time in the verdict's state."""

    def share(check: CheckTrack) -> float:
        return float(weight[judged & check.shown & (check.state == state)].sum())

    return max((c for c in track.checks if np.isfinite(c.value[judged & c.shown]).any()), key=share)


def _worst_s(body: Body, check: CheckTrack, judged: Array) -> float:
    off = np.where(judged & check.shown, off_by(check.value, check.bands), np.nan)
    return float((body.motion.t_ms[highest(off)] - body.motion.t_ms[0]) / 1000)


def off_by(value: Array, bands: Bands) -> Array:
    """How far values (T,) lie outside the pass band, in widths of the warn band on that side; negative inside, NaN stays NaN."""
    below, above = bands.pass_.low - value, value - bands.pass_.high
    widths = [max(bands.pass_.low - bands.warn.low, 1e-9), max(bands.warn.high - bands.pass_.high, 1e-9)]
    widths = [width if np.isfinite(width) else 1.0 for width in widths]
    return np.fmax(below / widths[0], above / widths[1])


def _why_unjudged(track: ClauseTrack, seconds: Array, too_short: bool) -> Reason:
    if not track.applies.any():
        return Reason.NEVER if track.rule.never else Reason.NOT_APPLICABLE
    if too_short:
        return Reason.TOO_SHORT
    spent = np.bincount(track.reason[track.applies], np.maximum(seconds, 1e-9)[track.applies], len(Reason))
    return Reason(int(spent.argmax()))


def _unjudged(track: ClauseTrack, reason: Reason, judged_share: float) -> ClauseVerdict:
    unit = MEASURES[track.rule.checks[0].measure].unit if track.rule.checks else ""
    return ClauseVerdict(track.rule.id, State.UNJUDGED, reason, None, unit, judged_share, None, None, None, track.rule.source)


# --- alternatives -------------------------------------------------------------------------------------------------------------------------


def _settle_group(group: Group, tracks: list[ClauseTrack], said: dict[str, ClauseVerdict]) -> list[ClauseTrack]:
    """Keep the verdict of a group; what does not belong to it becomes ``not_applicable``, in the tracks as in ``said``."""
    by_id = {track.rule.id: track for track in tracks}
    kept = settle(group, {m: Member(by_id[m].rule, said[m].state, _typically_off(by_id[m])) for m in group.members})
    for rule_id in group.members:
        track = by_id[rule_id]
        if rule_id not in kept:
            said[rule_id] = _unjudged(track, Reason.NOT_APPLICABLE, 0.0)
            nowhere = np.full(len(track.state), State.UNJUDGED, np.int8)
            by_id[rule_id] = replace(track, state=nowhere, reason=np.full(len(track.state), Reason.NOT_APPLICABLE, np.int8))
        elif kept[rule_id] is not track.rule:
            by_id[rule_id] = replace(track, rule=kept[rule_id], checks=tuple(map(_wordless, track.checks)))
            said[rule_id] = replace(said[rule_id], correction=group.words)
    return [by_id[track.rule.id] for track in tracks]


def _wordless(track: CheckTrack) -> CheckTrack:
    return replace(track, check=track.check.wordless())


def _typically_off(track: ClauseTrack) -> float:
    values = [float(median(off_by(c.value, c.bands))) for c in track.checks if np.isfinite(c.value).any()]
    return max(values, default=0.0)


# --- the last moment, for live use --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """One clause at the last frame; ``check`` is the deciding one, ``value`` its smoothed value, both None when unjudged.

    ``correction`` is what to say, None unless the clause fails.
    """

    rule: Rule
    state: State
    reason: Reason
    check: CheckTrack | None = None
    value: float | None = None
    correction: Text | None = None

    @property
    def id(self) -> str:
        """The id of the clause."""
        return self.rule.id


def judge_moment(body: Body, rule_set: RuleSet, profile: Profile) -> tuple[Moment, ...]:
    """Every clause of a chosen rule file at the last frame of a body's recent past (some seconds, at least one frame)."""
    rules = rule_set.for_profile(profile)
    applies = _applies(body, rule_set, rule_set.topic)
    moments = {track.rule.id: _moment(body, track) for track in judge_rules(body, [(rule, applies) for rule in rules.rules], profile)}
    for group in rules.groups:
        kept = settle(group, {m: Member(moments[m].rule, moments[m].state, _off_now(moments[m])) for m in group.members})
        for rule_id in group.members:
            moment = moments[rule_id]
            if rule_id not in kept:
                moments[rule_id] = Moment(moment.rule, State.UNJUDGED, Reason.NOT_APPLICABLE)
            elif kept[rule_id] is not moment.rule:
                moments[rule_id] = replace(moment, rule=kept[rule_id], correction=group.words)
    return tuple(moments.values())


def waiting_moments(rule_set: RuleSet, profile: Profile) -> tuple[Moment, ...]:
    """Every clause of a chosen rule file while nobody is judged."""
    rules = rule_set.for_profile(profile).rules
    return tuple(Moment(rule, State.UNJUDGED, Reason.NEVER if rule.never else Reason.NOT_APPLICABLE) for rule in rules)


def _moment(body: Body, track: ClauseTrack) -> Moment:
    state = State(int(track.state[-1]))
    if state is State.UNJUDGED:
        return Moment(track.rule, state, Reason(int(track.reason[-1])))
    judged_s = float(body.duration_s[track.applies & (track.state != _UNJUDGED)].sum())
    if judged_s + 1e-6 < max(JUDGED_MIN_S, track.rule.hold_s):
        return Moment(track.rule, State.UNJUDGED, Reason.TOO_SHORT)
    check = track.check_at(len(track.state) - 1)
    return Moment(track.rule, state, Reason.NONE, check, None if check is None else float(check.value[-1]), track.correction_at(-1))


def _off_now(moment: Moment) -> float:
    return 0.0 if moment.check is None else float(off_by(moment.check.value[-1:], moment.check.bands)[0])
