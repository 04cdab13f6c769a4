"""Measures in their bands over time: every check of a rule file as a state at every frame, all of them together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from posecoach.body.observed import Body
from posecoach.body.records import Array
from posecoach.body.timeline import hysteresis, rolling_median
from posecoach.measures.catalogue import take, take_all
from posecoach.rulebook.schema import Bands, Limits, MeasureCheck, Sign, StateWord, ViewWord, banded, caps_of, views_of
from posecoach.vocabulary import Profile, Reason, State, View

SMOOTHING_S = 1.0
HYSTERESIS_OF_WARN_BAND = 0.25
_UNJUDGED, _WARN, _FAIL = (np.int8(state) for state in (State.UNJUDGED, State.WARN, State.FAIL))
_NONE, _VIEW, _NOT_VISIBLE, _OCCLUDED = (np.int8(why) for why in (Reason.NONE, Reason.VIEW, Reason.NOT_VISIBLE, Reason.OCCLUDED))


@dataclass(frozen=True, slots=True, eq=False)
class CheckTrack:
    """One check over time, (T,) each: smoothed ``value`` (NaN where it has none), `State`, `Reason`; ``shown``: the view can show it."""

    check: MeasureCheck
    bands: Bands
    value: Array
    state: Array
    reason: Array
    shown: Array

    @property
    def fails(self) -> Array:
        """(T,) where the check itself fails, before anything is held."""
        return np.asarray(self.shown & (self.state == _FAIL))

    @property
    def is_below(self) -> Array:
        """(T,) whether the value lies below the middle of the pass band; False where there is none."""
        band = self.bands.pass_
        return np.asarray(band.low - self.value > self.value - band.high)


def judge_checks(body: Body, asked: Sequence[tuple[MeasureCheck, Array]], profile: Profile) -> list[CheckTrack]:
    """Checks at every frame, in their order, each with the frames (T,) it applies to.

    What no frame shows is not measured: most checks of a clip are for other views, and measuring them would cost as much as all else.
    """
    if not asked:
        return []
    checks = [check for check, _ in asked]
    seen = _show(tuple(check.views for check in checks))[:, body.view] & ~body.is_unsure
    shown = np.array([applies for _, applies in asked]) & seen
    measured = np.flatnonzero(shown.any(1)).tolist()
    bands = [check.bands_of(profile, _has_neutral(body, check.measure)) for check in checks]
    value, state, reason = np.full(shown.shape, np.nan), np.full(shown.shape, _UNJUDGED), np.full(shown.shape, _VIEW)
    if measured:
        some = [checks[i] for i in measured], shown[measured], [bands[i] for i in measured]
        value[measured], state[measured], reason[measured] = _measure(body, *some)
    for row in measured:
        sign, fails = checks[row].no_fail_without_neutral, state[row] == _FAIL
        if sign is not None and fails.any() and not _has_neutral(body, sign.measure):
            state[row, fails & shows(sign, body)] = _WARN
    return [CheckTrack(*each) for each in zip(checks, bands, value, state, reason, shown, strict=True)]


def _has_neutral(body: Body, measure: str) -> bool:
    return body.neutral is not None and body.neutral.serves(measure)


def shows(sign: Sign, body: Body) -> Array:
    """(T,) whether a sign shows: the smoothed value of its measure lies in the band; False for NaN."""
    value = rolling_median(take(sign.measure, body).value, body.motion.t_ms, SMOOTHING_S)
    return np.asarray((value >= sign.band.low) & (value <= sign.band.high))


@cache
def _show(views: tuple[tuple[ViewWord, ...], ...]) -> Array:
    """(C, views) for each of several checks and each `View` whether it is one of the check's."""
    return np.array([[view in views_of(words) for view in View] for words in views])


@lru_cache(maxsize=1024)
def _caps(allow: tuple[tuple[StateWord, ...], ...]) -> Array:
    """(C, states) for each of several checks what each `State` becomes where it may say no more than is allowed."""
    return np.array([caps_of(words) for words in allow], np.int8)


def _measure(body: Body, checks: Sequence[MeasureCheck], shown: Array, bands: Sequence[Bands]) -> tuple[Array, Array, Array]:
    """Smoothed value, state and reason (C, T) of checks that are ``shown`` (C, T) in some frames."""
    names = tuple(dict.fromkeys(check.measure for check in checks))
    taken, rows = take_all(names, body), [names.index(check.measure) for check in checks]
    value = rolling_median(np.where(shown, taken.value[rows], np.nan), body.motion.t_ms, SMOOTHING_S)
    value = np.where(shown, value, np.nan)
    raw = _banded(value, bands)
    state = _caps(tuple(check.allow for check in checks))[np.arange(len(checks))[:, None], raw]
    why = taken.reason[rows]
    unsaid = np.where(raw == _UNJUDGED, np.where(why == _NONE, _NOT_VISIBLE, why), _OCCLUDED)
    reason = np.where(state == _UNJUDGED, unsaid, _NONE)
    return value, state, np.where(shown, reason, _VIEW)


def _banded(value: Array, bands: Sequence[Bands]) -> Array:
    """Band states (C, T) with hysteresis: a state stays until the value has crossed a limit by a part of the warn band."""
    limits, shifts = _limits_and_shifts(tuple(each.limits for each in bands))
    states = banded(np.asarray(value + shifts, float), limits)
    plain, best, worst = states[0], states.min(0), states.max(0)
    for row in np.flatnonzero((best != worst).any(1)):
        found = np.isfinite(value[row])
        plain[row, found] = hysteresis(best[row, found], plain[row, found], worst[row, found])
    return plain


@lru_cache(maxsize=1024)
def _limits_and_shifts(limits: tuple[Limits, ...]) -> tuple[Array, Array]:
    """`Bands.limits` of several bands as (4, C, 1), and what is added to a value for its states: nothing, or the margin to either side."""
    margins = np.array([_margin(*each) for each in limits])
    return np.array(limits).T[..., None], np.array([0 * margins, -margins, margins])[..., None]


def _margin(low_warn: float, low_pass: float, high_pass: float, high_warn: float) -> float:
    """How far beyond a limit a value must be for its state to change."""
    return HYSTERESIS_OF_WARN_BAND * min((gap for gap in (low_pass - low_warn, high_warn - high_pass) if 0 < gap < np.inf), default=0.0)
