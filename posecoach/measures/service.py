"""Measures of a conversation and of serving a visitor: nods, getting up and sitting down, and the course of a visit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from posecoach.body.observed import Body
from posecoach.body.records import Array
from posecoach.body.rises import Rise
from posecoach.measures.events import Span, over_events
from posecoach.measures.face import HEAD_POSE_EYE_GAP_MIN_PX, head_pitch_down_deg
from posecoach.measures.measure import measure
from posecoach.vocabulary import Posture, Reason

NOD, STAND_UP, SIT_DOWN = "nod", "stand_up", "sit_down"

LISTENING_MIN_S = 4.0
LISTENING_USUAL_S = 30.0
"""Less time than this counts as so much: one nod in a short clip is no frantic nodding."""
VISIT_MIN_S = 15.0
HANDLING_MIN_S = 3.0
GREETING_S = 2.5
"""After getting up; a greeting begins with it."""


def _everywhere(body: Body, value: float) -> Array:
    """(T,) one value in all frames that show the person."""
    return np.where(body.posture == Posture.ABSENT, np.nan, value)


@measure("s", missing=Reason.NOT_APPLICABLE, event=NOD)
def nod_s(body: Body) -> Array:
    """How long a nod takes."""
    t_s = body.motion.t_ms / 1000
    return over_events(body, body.nods, lambda nod: float(t_s[nod.end - 1] - t_s[nod.start]))


@measure("per_min", missing=Reason.TOO_SHORT)
def nods_per_min(body: Body) -> Array:
    """Nods a minute, the same at every frame; needs 4 s of a person, and less than 30 s count as 30."""
    seconds = float(body.duration_s[body.posture != Posture.ABSENT].sum())
    return _everywhere(body, 60 * len(body.nods) / max(seconds, LISTENING_USUAL_S) if seconds >= LISTENING_MIN_S else np.nan)


@measure("s", missing=Reason.NOT_APPLICABLE, event=STAND_UP)
def stand_up_s(body: Body) -> Array:
    """How long getting up takes, by the head, from about 5 to 95 % of the way."""
    return over_events(body, ups(body), lambda rise: rise.takes_s)


@measure("s", missing=Reason.NOT_APPLICABLE, event=SIT_DOWN)
def sit_down_s(body: Body) -> Array:
    """How long sitting down takes, by the head, from about 5 to 95 % of the way."""
    return over_events(body, downs(body), lambda rise: rise.takes_s)


def ups(body: Body) -> tuple[Rise, ...]:
    """Getting up, each time."""
    return tuple(rise for rise in body.rises if rise.is_up)


def downs(body: Body) -> tuple[Rise, ...]:
    """Sitting down, each time."""
    return tuple(rise for rise in body.rises if not rise.is_up)


def _lasts_s(body: Body) -> float:
    return float((body.motion.t_ms[-1] - body.motion.t_ms[0]) / 1000) if len(body.motion) else 0.0


@measure("", missing=Reason.TOO_SHORT)
def times_stood_up(body: Body) -> Array:
    """How often the person gets up, the same at every frame; needs 15 s, the least a visit takes."""
    return _everywhere(body, float(len(ups(body))) if _lasts_s(body) >= VISIT_MIN_S else np.nan)


@measure("deg", eye_gap_px=HEAD_POSE_EYE_GAP_MIN_PX, missing=Reason.NOT_APPLICABLE)
def greeting_head_down_deg(body: Body) -> Array:
    """How far the head looks down while the person first gets up to greet; without getting up there is no value."""
    first = next(iter(ups(body)), None)
    return _everywhere(body, _head_down(body, first.start, first.end, GREETING_S) if first else np.nan)


@measure("deg", eye_gap_px=HEAD_POSE_EYE_GAP_MIN_PX, missing=Reason.NOT_APPLICABLE)
def farewell_head_down_deg(body: Body) -> Array:
    """How far the head looks down from the second time the person gets up to the end, bows left out; without that there is no value."""
    last = ups(body)[-1] if len(ups(body)) >= 2 else None
    return _everywhere(body, _head_down(body, last.end, len(body.motion), 0.0) if last else np.nan)


def _head_down(body: Body, start: int, end: int, longer_s: float) -> float:
    """Median of the head's pitch from frame ``start`` until so long after ``end``, without bows; NaN where no face is seen."""
    until = int(np.searchsorted(body.motion.t_ms, body.motion.t_ms[end - 1] + 1000 * longer_s, side="right"))
    counted = np.zeros(len(body.motion), bool)
    counted[start:until] = True
    for bow in body.bows:
        counted[bow.start : bow.end] = False
    pitch = head_pitch_down_deg(body)[counted & (body.face_is_large(HEAD_POSE_EYE_GAP_MIN_PX))]
    return float(np.median(pitch[np.isfinite(pitch)])) if np.isfinite(pitch).any() else float("nan")


def _frames_of(*kinds: Sequence[Span]) -> list[tuple[int, int]]:
    """First frame and end of all events of several kinds, in order."""
    return sorted((event.start, event.end) for kind in kinds for event in kind)


@measure("share", missing=Reason.TOO_SHORT)
def visit_phases_share(body: Body) -> Array:
    """How much of the course of a visit was seen in order: greeting, preparing, handling, end; the same at every frame, needs 15 s.

    Greeting: getting up or a bow. Preparing: a guiding gesture or sitting down after it. Handling: 3 s after that without any of these.
    End: getting up or a bow after it.
    """
    if _lasts_s(body) < VISIT_MIN_S:
        return _everywhere(body, np.nan)
    t_s = body.motion.t_ms / 1000
    greets, prepares = _frames_of(ups(body), body.bows), _frames_of(downs(body), body.gestures)
    if not greets:
        return _everywhere(body, 0.0)
    prepared = [end for start, end in prepares if start >= greets[0][0]]
    if not prepared:
        return _everywhere(body, 0.25)
    marks = sorted([start for start, _ in (*greets, *prepares)] + [len(t_s) - 1])
    handled = [end for end in prepared if t_s[min(m for m in marks if m >= end - 1)] - t_s[end - 1] >= HANDLING_MIN_S]
    if not handled:
        return _everywhere(body, 0.5)
    return _everywhere(body, 1.0 if any(start >= handled[0] for start, _ in greets) else 0.75)
