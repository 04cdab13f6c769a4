"""Measures in their bands over time: every check of a rule file as a state at every frame, all of them together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from posecoach.body.observed import Body
from posecoach.body.records import Array
from posecoach.body.timeline import hysteresis, rolling_median
from posecoach.measures.catalogue import take_all
from posecoach.rulebook.schema import Bands, MeasureCheck, banded
from posecoach.vocabulary import Profile, Reason, State, View

SMOOTHING_S = 1.0
HYSTERESIS_OF_WARN_BAND = 0.25


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
        return np.asarray(self.shown & (self.state == State.FAIL))

    @property
    def is_below(self) -> Array:
        """(T,) whether the value lies below the middle of the pass band; False where there is none."""
        band = self.bands.pass_
        return np.asarray(band.low - self.value > self.value - band.high)


def judge_checks(body: Body, asked: Sequence[tuple[MeasureCheck, Array]], profile: Profile) -> list[CheckTrack]:
    """Checks at every frame, in their order, each with the frames (T,) it applies to.

    What no frame shows is not measured: most checks of a clip are for other views, and measuring them would cost as much as all else.
    """
    checks = [check for check, _ in asked]
    seen_from = {views: ~body.is_unsure & _shows(views)[body.view] for views in {check.view_set for check in checks}}
    shown = [applies & seen_from[check.view_set] for check, applies in asked]
    measured = [i for i, frames in enumerate(shown) if frames.any()]
    bands = [check.bands_of(profile, body.neutral is not None and body.neutral.serves(check.measure)) for check in checks]
    size = len(checks), len(body.motion)
    value, state, reason = np.full(size, np.nan), np.full(size, State.UNJUDGED, np.int8), np.full(size, Reason.VIEW, np.int8)
    if measured:
        some = [checks[i] for i in measured], np.stack([shown[i] for i in measured]), [bands[i] for i in measured]
        value[measured], state[measured], reason[measured] = _measure(body, *some)
    return [CheckTrack(*each) for each in zip(checks, bands, value, state, reason, shown, strict=True)]


@cache
def _shows(views: frozenset[View]) -> Array:
    """For each `View` whether it is one of these."""
    return np.array([view in views for view in View])


def _measure(body: Body, checks: Sequence[MeasureCheck], shown: Array, bands: Sequence[Bands]) -> tuple[Array, Array, Array]:
    """Smoothed value, state and reason (C, T) of checks that are ``shown`` (C, T) in some frames."""
    names = tuple(dict.fromkeys(check.measure for check in checks))
    taken, rows = take_all(names, body), [names.index(check.measure) for check in checks]
    value = rolling_median(np.where(shown, taken.value[rows], np.nan), body.motion.t_ms, SMOOTHING_S)
    value = np.where(shown, value, np.nan)
    raw = _banded(value, bands)
    caps = np.array([[check.cap(state) for state in State] for check in checks], np.int8)
    state = np.take_along_axis(caps, raw, 1)
    why = taken.reason[rows]
    unsaid = np.where(raw == State.UNJUDGED, np.where(why == Reason.NONE, Reason.NOT_VISIBLE, why), Reason.OCCLUDED)
    reason = np.where(state == State.UNJUDGED, unsaid, Reason.NONE)
    return value, state, np.where(shown, reason, Reason.VIEW)


def _banded(value: Array, bands: Sequence[Bands]) -> Array:
    """Band states (C, T) with hysteresis: a state stays until the value has crossed a limit by a part of the warn band."""
    limits = np.array([each.limits for each in bands]).T[..., None]
    margin = np.array([[_margin(each)] for each in bands])
    better, plain, worse = (banded(value + shift, limits) for shift in (-margin, 0.0, margin))
    best, worst = np.minimum(np.minimum(better, plain), worse), np.maximum(np.maximum(better, plain), worse)
    for row in np.flatnonzero((best != worst).any(1)):
        found = np.isfinite(value[row])
        plain[row, found] = hysteresis(best[row, found], plain[row, found], worst[row, found])
    return plain


def _margin(bands: Bands) -> float:
    """How far beyond a limit a value must be for its state to change."""
    low_warn, low_pass, high_pass, high_warn = bands.limits
    return HYSTERESIS_OF_WARN_BAND * min((gap for gap in (low_pass - low_warn, high_warn - high_pass) if 0 < gap < np.inf), default=0.0)
