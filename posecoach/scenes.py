"""A judged frame -> what the annotator is told about it."""

from __future__ import annotations

import numpy as np

from posecoach.judge import ClauseTrack
from posecoach.measures import MEASURES
from posecoach.pipeline import Graded
from posecoach.records import Posture, State, View
from posecoach.scene import Mark, Scene

_ORDER = {State.FAIL: 0, State.WARN: 1, State.PASS: 2, State.UNJUDGED: 3}


def scene_at(graded: Graded, i: int) -> Scene:
    """Frame ``i`` as judged: the clauses judged in it, faults first, the rule's priority next."""
    judged = [track for track in graded.judgement.tracks if track.state[i] != State.UNJUDGED]
    judged.sort(key=lambda track: (_ORDER[State(int(track.state[i]))], -track.rule.priority))
    body = graded.body
    return Scene(
        landmarks=body.motion.landmarks_at(i),
        posture=Posture(int(body.posture[i])),
        view=View(int(body.view[i])),
        marks=tuple(_mark(track, i) for track in judged),
        score=graded.person.score,
    )


def _mark(track: ClauseTrack, i: int) -> Mark:
    state, check = State(int(track.state[i])), track.check_at(i)
    if check is None:
        return Mark(track.rule.clause, state, None, "", None, None, None)
    spec = MEASURES[check.check.measure]
    value = float(check.value[i])
    low, high = check.bands.pass_.low, check.bands.pass_.high
    limits = (low if np.isfinite(low) else None, high if np.isfinite(high) else None)
    correction = track.rule.correction_for(check.check, check.bands.is_below(value)) if state is State.FAIL else None
    return Mark(track.rule.clause, state, value, spec.unit, limits, spec.drawing, correction)
