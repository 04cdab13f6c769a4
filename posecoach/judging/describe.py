"""A judged frame, of a clip or live -> the scene that is drawn of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from math import inf

from posecoach.body.geometry import angle_deg, lean_deg
from posecoach.body.landmarks import MIRROR_PARTNER, Pose
from posecoach.body.observed import Body
from posecoach.body.records import Drawing, Landmarks
from posecoach.judging.judge import ClauseTrack, Moment
from posecoach.judging.live import LiveState
from posecoach.judging.pipeline import Graded
from posecoach.judging.scene import MIN_VISIBILITY, SEVERITY, Mark, Scene
from posecoach.measures.catalogue import MEASURES
from posecoach.measures.measure import MeasureSpec
from posecoach.vocabulary import Posture, State, View

_UNJUDGED = int(State.UNJUDGED)


def scene_at(graded: Graded, i: int) -> Scene:
    """Frame ``i`` as judged: the clauses judged in it, faults first, the rule's priority next."""
    judged = [track for track in graded.judgement.tracks if _is_judged(track, i)]
    judged.sort(key=lambda track: (-SEVERITY[State(int(track.state[i]))], -track.rule.priority))
    return _scene(graded, i, judged)


def scene_of_clause(graded: Graded, i: int, clause_id: str) -> Scene:
    """Frame ``i`` with nothing but one clause; with no mark where that is not judged in it."""
    return _scene(graded, i, [track for track in graded.judgement.tracks if track.rule.id == clause_id and _is_judged(track, i)])


def _is_judged(track: ClauseTrack, i: int) -> bool:
    return int(track.state[i]) != _UNJUDGED  # a number of NumPy beside one of an enumeration takes ten times as long


def _scene(graded: Graded, i: int, judged: Sequence[ClauseTrack]) -> Scene:
    body = graded.body
    errors = {verdict.id: verdict.error_95 for verdict in graded.judgement.verdicts}
    return Scene(
        landmarks=body.motion.landmarks_at(i),
        posture=Posture(int(body.posture[i])),
        view=View(int(body.view[i])),
        marks=tuple(_mark(body, track, i, errors[track.rule.id]) for track in judged),
        score=graded.person.score,
    )


def _mark(body: Body, track: ClauseTrack, i: int, error_95: float | None) -> Mark:
    """The mark of a clause at frame ``i``; of a clause with several measures it is not told whose interval ``error_95`` is."""
    state, check = State(int(track.state[i])), track.check_at(i)
    if check is None:
        return Mark(track.rule.clause, state, None, "", None, None, None)
    spec, band, value = MEASURES[check.check.measure], check.bands.pass_, float(check.value[i])
    place = place_of(body, spec, i, value)
    known = error_95 if len({one.check.measure for one in track.checks}) == 1 else None
    return Mark(track.rule.clause, state, value, spec.unit, (band.low, band.high), place, track.correction_at(i), known)


def marks_now(state: LiveState | None) -> tuple[Mark, ...]:
    """What is drawn of the clauses judged now, faults first, the rule's priority next; nothing before judging has begun."""
    if state is None or not state.is_ready:
        return ()
    judged = [moment for moment in state.moments if moment.state is not State.UNJUDGED and moment.check is not None]
    judged.sort(key=lambda moment: (-SEVERITY[moment.state], -moment.rule.priority))
    return tuple(_mark_now(moment, state.body) for moment in judged)


def scene_now(landmarks: Landmarks, state: LiveState | None, marks: tuple[Mark, ...]) -> Scene:
    """The landmarks of a frame with the marks judged last."""
    if state is None:
        return Scene(landmarks, Posture.UNKNOWN, View.UNKNOWN, marks, None)
    return Scene(landmarks, state.posture, state.view, marks, state.score)


def _mark_now(moment: Moment, body: Body) -> Mark:
    assert moment.check is not None
    spec, band = MEASURES[moment.check.check.measure], moment.check.bands.pass_
    place = None if moment.value is None else place_of(body, spec, len(body.motion) - 1, moment.value)
    return Mark(moment.rule.clause, moment.state, moment.value, spec.unit, (band.low, band.high), place, moment.correction)


def place_of(body: Body, spec: MeasureSpec, i: int, value: float) -> Drawing | None:
    """Where the measure was taken: of a drawing on one side of the body, the side that was measured."""
    drawing = spec.drawing
    if drawing is None:
        return None
    mirrored = _mirrored(drawing)
    if mirrored is drawing:
        return drawing
    if spec.front_leg or spec.rear_leg:
        is_left = bool(body.is_left_foot_front[i]) is bool(spec.front_leg)
    elif body.is_side[i] and drawing.kind != "height":
        is_left = bool(body.is_left_near[i])
    else:
        is_left = _misses(body, drawing, i, value) <= _misses(body, mirrored, i, value)
    return drawing if is_left else mirrored


@cache
def _mirrored(drawing: Drawing) -> Drawing:
    """The drawing on the other side of the body; itself where it is on both."""
    mirrored = Drawing(drawing.kind, tuple(tuple(MIRROR_PARTNER[Pose(p)] for p in group) for group in drawing.points), drawing.added)
    joints, others = ({joint for group in each.points for joint in group} for each in (drawing, mirrored))
    return drawing if joints == others else mirrored


def _misses(body: Body, drawing: Drawing, i: int, value: float) -> float:
    """By how much what is seen on this side differs from the value, 0 where that cannot be told; infinite where it is not seen."""
    if any(body.motion.pose_visibility[i, joint] < MIN_VISIBILITY for group in drawing.points for joint in group):
        return inf
    ends = [body.motion.pose_px[i, list(group)].astype(float).mean(axis=0) for group in drawing.points]
    if drawing.kind == "angle":
        return abs(float(angle_deg(*ends)) - value)
    if drawing.kind == "height":
        return abs(abs(float(ends[1][1] - ends[0][1])) / float(body.trunk_px[i]) - abs(value))
    return abs(abs(float(lean_deg(*ends[:2]))) - abs(value)) if drawing.kind == "lean" else 0.0
