"""A skeleton that lies on no body is told from one that does, and nothing is said of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from posecoach.body.face_geometry import FaceColumn
from posecoach.body.landmarks import Pose
from posecoach.body.lying import turned_deg
from posecoach.body.motion import Motion
from posecoach.body.posture import observe
from posecoach.body.records import Array
from posecoach.body.trust import TRUSTED_MIN, trust_of
from posecoach.judging.pipeline import ASTRAY, GradeOptions, grade_motion
from posecoach.vocabulary import Posture, Profile, Reason, State
from tests.factories import BEHIND_A_DESK, SITTING, STANDING, Figure, collapsed, face, sitting_down, still
from tests.factories import Shot as Camera
from tests.golden import FOLDER, unpack
from tests.shipped import ALL_RULES


def trust(motion: Motion) -> Array:
    """How far the skeleton of a motion is trusted, (T,)."""
    return trust_of(motion, turned_deg(motion))


def headless(motion: Motion, since: int = 0) -> Motion:
    """The motion with the head cut off by the upper edge of the picture from a frame on."""
    px = motion.pose_px.copy()
    px[since:] -= (0, px[since:, [Pose.LEFT_SHOULDER, Pose.RIGHT_SHOULDER], 1].mean() - 5)
    return replace(motion, pose_px=px)


@pytest.mark.parametrize("yaw", [0, 40, 90, 180])
@pytest.mark.parametrize("figure", [STANDING, SITTING, BEHIND_A_DESK], ids=["standing", "sitting", "behind a desk"])
def test_a_body_is_trusted_from_everywhere(figure: Figure, yaw: float) -> None:
    assert (trust(still(figure.seen_from(yaw), 1.0)) > TRUSTED_MIN).all()


@pytest.mark.parametrize("spoil", [headless, collapsed])
def test_a_skeleton_on_no_body_is_not_trusted(spoil: Callable[[Motion], Motion]) -> None:
    assert (trust(spoil(still(STANDING, 1.0))) < TRUSTED_MIN).all()


def test_nobody_is_neither_trusted_nor_distrusted() -> None:
    motion = still(STANDING, 1.0)
    nobody = replace(motion, pose_px=np.full_like(motion.pose_px, np.nan))
    assert np.isnan(trust(nobody)).all()
    assert not observe(nobody).is_unsure.any()


def test_a_face_found_on_the_head_makes_it_surer() -> None:
    with_face, without = (trust(still(STANDING, 1.0, Camera(face=found))) for found in (face(30.0), np.full(len(FaceColumn), np.nan)))
    assert (with_face > without).all()


FACELESS = Camera(face=np.full(len(FaceColumn), np.nan))


@pytest.mark.parametrize(
    ("figure", "is_trusted"),
    [
        (STANDING, False),
        (SITTING.seen_from(25), False),
        (BEHIND_A_DESK.seen_from(-25), False),
        (STANDING.seen_from(180), True),
        (SITTING.seen_from(90), True),
        (replace(STANDING, px_per_m=140.0), True),
    ],
    ids=["facing the camera", "sitting aslant", "behind a desk aslant", "from behind", "from the side", "small"],
)
def test_a_large_body_that_faces_the_camera_without_a_face_is_not_trusted(figure: Figure, is_trusted: bool) -> None:
    for seconds in (0.1, 4.0):
        assert ((trust(still(figure, seconds, FACELESS)) >= TRUSTED_MIN) == is_trusted).all()


def test_a_body_that_is_known_needs_no_face() -> None:
    motion = still(STANDING, 1.0, FACELESS)
    for part in (replace(motion, is_known_body=True), Motion.join([replace(motion, is_known_body=True)])):
        assert (trust(part) >= TRUSTED_MIN).all()


def test_a_face_that_was_seen_a_moment_ago_is_known() -> None:
    motion = still(STANDING, 10.0)
    faces = motion.face.copy()
    faces[20:] = np.nan
    trusted = trust(replace(motion, face=faces)) >= TRUSTED_MIN
    assert trusted[:48].all()
    assert not trusted[60:].any()


@pytest.mark.parametrize("drill", ["auto", "standing"])
def test_nothing_is_said_of_a_skeleton_on_no_body_but_what_to_do(drill: str) -> None:
    graded = grade_motion(collapsed(still(STANDING, 4.0)), GradeOptions(ALL_RULES, drill))
    assert ASTRAY in graded.warnings
    assert {clause.state for clause in graded.person.clauses} <= {State.UNJUDGED}
    assert {clause.reason for clause in graded.person.clauses} <= {Reason.UNSURE, Reason.NEVER, Reason.NOT_APPLICABLE}
    assert set(graded.body.posture.tolist()) == {Posture.UNKNOWN}
    assert graded.person.outcome == "not_judged"


def test_the_rest_of_a_clip_is_judged_as_if_it_were_all() -> None:
    straight = grade_motion(still(STANDING, 6.0), GradeOptions(ALL_RULES, "standing"))
    graded = grade_motion(collapsed(still(STANDING, 6.0), since=40), GradeOptions(ALL_RULES, "standing"))
    assert graded.warnings == (ASTRAY,)
    assert [clause.state for clause in graded.person.clauses] == [clause.state for clause in straight.person.clauses]


@pytest.mark.parametrize("name", ["stand_ok_m4_back_42", "stand_ok_f7_back_43", "meeting_ok_m8_back_44"])
@pytest.mark.parametrize("drill", ["auto", "standing", "sitting", "crouching"])
def test_a_clip_of_only_a_back_gives_no_false_verdict(name: str, drill: str) -> None:
    motion = Motion.of(unpack(FOLDER / f"{name}.npz"))
    clauses = grade_motion(motion, GradeOptions(ALL_RULES, drill, Profile.MALE)).person.clauses
    assert not {clause.id for clause in clauses if clause.state is State.FAIL}
    said = {clause.id for clause in clauses if clause.state is not State.UNJUDGED}
    assert not {"stand.head_up", "stand.face_forward", "stand.hands_front"} & said
    assert bool(said) is (drill in ("auto", "standing"))
    cut_off = grade_motion(headless(motion), GradeOptions(ALL_RULES, drill, Profile.MALE)).person.clauses
    assert {clause.state for clause in cut_off} <= {State.UNJUDGED}


def test_an_unsure_skeleton_of_a_body_that_stays_has_its_posture_and_gets_no_verdict() -> None:
    """The head rises above the picture: the legs stand where they stood, and nothing that is measured then counts."""
    tilted = still(replace(STANDING, shoulder_tilt_deg=12.0), 6.0)
    level = still(STANDING, 6.0)
    mixed = replace(level, pose_px=level.pose_px.copy(), pose_world_m=level.pose_world_m.copy())
    mixed.pose_px[40:], mixed.pose_world_m[40:] = tilted.pose_px[40:], tilted.pose_world_m[40:]
    for drill in ("auto", "standing"):
        graded = grade_motion(collapsed(mixed, since=40), GradeOptions(ALL_RULES, drill))
        astray = graded.body.is_astray
        assert astray[45:].all()
        assert not astray[:35].any()
        assert set(graded.body.posture.tolist()) == {Posture.STANDING}
        for track in graded.judgement.tracks:
            assert (track.state[astray] == State.UNJUDGED).all()
        said = {clause.id: clause.state for clause in graded.person.clauses}
        assert said["stand.shoulders_level"] is State.PASS
        assert graded.warnings == (ASTRAY,)


def test_what_only_unsure_frames_show_is_no_topic_of_a_clip() -> None:
    motion = sitting_down(1.0, before_s=3.0, after_s=4.0)
    above = replace(motion, pose_px=motion.pose_px - np.array((0.0, 370.0), np.float32))
    graded = grade_motion(above, GradeOptions(ALL_RULES))
    assert {Posture.STANDING, Posture.SITTING} <= set(graded.body.posture.tolist())
    assert {clause.id.split(".")[0] for clause in graded.person.clauses if clause.id.startswith(("stand", "sit"))} == {"sit"}
