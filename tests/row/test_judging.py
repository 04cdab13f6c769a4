"""People of a row judged: only by frames in which they could be, and with words that fit where they could not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from posecoach.body.landmarks import Pose
from posecoach.body.neighbours import BENT_TRUNK_M
from posecoach.body.records import Landmarks
from posecoach.row.judging import RowPerson, grade_row
from posecoach.row.places import RowPlaces, Sighting, Status
from posecoach.row.record import RowRecord
from posecoach.vocabulary import Posture, Reason, State
from tests.factories import PX_PER_M, SIZE_WH, Figure, motion_of
from tests.golden import with_face
from tests.shipped import RULE_SETS

RULES = RULE_SETS["morning_meeting"]
STANDING = Figure()
ON_HIPS = Figure(
    at={
        Pose.LEFT_ELBOW: (0.40, 0.28, 0.05),
        Pose.RIGHT_ELBOW: (-0.40, 0.28, 0.05),
        Pose.LEFT_WRIST: (0.15, 0.05, 0.2),
        Pose.RIGHT_WRIST: (-0.15, 0.05, 0.2),
    }
)
LOW_M = 0.9 * BENT_TRUNK_M
"""How long the trunk of somebody looks who bows."""


def bowing(figure: Figure) -> Landmarks:
    """The figure with the shoulders, and all above them, so low in the picture that the trunk looks as short as in a deep bow."""
    seen = landmarks_of(figure)
    px = seen.pose_px.copy()
    hips_y = px[[Pose.LEFT_HIP, Pose.RIGHT_HIP], 1].mean()
    drop = hips_y - LOW_M * PX_PER_M - px[[Pose.LEFT_SHOULDER, Pose.RIGHT_SHOULDER], 1].mean()
    px[: Pose.RIGHT_SHOULDER + 1, 1] += drop
    return Landmarks(px, seen.pose_world_m, seen.pose_visibility, seen.face_px, seen.size_wh)


def landmarks_of(figure: Figure) -> Landmarks:
    return with_face(motion_of([figure]).landmarks_at(0))


def judged(frames: Sequence[Landmarks]) -> RowPerson:
    """One person alone, ten frames a second."""
    row, record = RowPlaces(), RowRecord(SIZE_WH)
    for i, seen in enumerate(frames):
        eyes = seen.pose_px[[Pose.LEFT_EYE, Pose.RIGHT_EYE]].mean(axis=0)
        row.update(100.0 * i, [Sighting(1, 100.0 * i, seen, (float(eyes[0]), float(eyes[1])), PX_PER_M)])
        record.add(100.0 * i, row.cleared())
    (person,) = grade_row(record, row.places(), [], RULES)
    return person


def arms_of(person: RowPerson) -> State:
    (state,) = {clause.state for clause in person.result.clauses if clause.id == "meeting.no_fault_arms"}
    return state


def test_a_fault_seen_only_where_nothing_can_be_told_is_nobodys_fault() -> None:
    upright, bowed = [landmarks_of(STANDING)] * 30, [bowing(ON_HIPS)] * 15
    person = judged([*upright, *bowed, *upright])
    assert person.record.statuses.count(Status.BENT) == 15
    assert person.status is Status.JUDGED
    assert arms_of(person) is State.PASS
    assert State.FAIL not in {clause.state for clause in person.result.clauses}


def aside(seen: Landmarks, metres: float) -> Landmarks:
    px = seen.pose_px + np.array([metres * PX_PER_M, 0.0])
    return Landmarks(px, seen.pose_world_m, seen.pose_visibility, seen.face_px, seen.size_wh)


def test_a_fault_seen_only_while_stepping_aside_is_nobodys_fault() -> None:
    upright, stepped = [landmarks_of(STANDING)] * 30, [aside(landmarks_of(ON_HIPS), 0.45)] * 12
    person = judged([*upright, *stepped, *upright])
    assert person.record.statuses == (*[Status.JUDGED] * 30, *[Status.MOVING] * 12, *[Status.JUDGED] * 30)
    assert arms_of(person) is State.PASS


def test_who_never_stands_still_is_told_so() -> None:
    steps = [0.0] * 30 + [0.45 * (1 if i // 6 % 2 else -1) for i in range(60)]
    person = judged([aside(landmarks_of(STANDING), step) for step in steps])
    assert person.status is Status.MOVING
    assert {clause.reason for clause in person.result.clauses} <= {Reason.TOO_SHORT, Reason.NEVER}


def test_the_same_fault_is_found_where_it_can_be_told() -> None:
    upright = [landmarks_of(STANDING)] * 30
    assert arms_of(judged([*upright, *[landmarks_of(ON_HIPS)] * 15, *upright])) is State.FAIL


def test_what_was_seen_is_kept_though_it_is_not_judged() -> None:
    person = judged([*[landmarks_of(STANDING)] * 30, *[bowing(ON_HIPS)] * 15, *[landmarks_of(STANDING)] * 30])
    assert np.isfinite(person.record.track.pose_px).all()
    assert np.isnan(person.graded.body.motion.pose_px[30:45]).all()
    assert Posture.ABSENT not in {segment.posture for segment in person.result.segments}


def test_who_bows_is_told_that_the_camera_cannot_show_it() -> None:
    person = judged([bowing(STANDING)] * 30)
    assert person.status is Status.BENT
    assert {clause.state for clause in person.result.clauses} == {State.UNJUDGED}
    assert {clause.reason for clause in person.result.clauses} <= {Reason.VIEW, Reason.NEVER}
    assert person.result.score is None
