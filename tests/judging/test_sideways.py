"""A body that lies or hangs in the picture is not judged, and it is said what to do; a value no body can show is no verdict."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from posecoach.body.landmarks import Pose
from posecoach.body.lying import LYING_MIN_DEG, turned_deg
from posecoach.body.posture import observe
from posecoach.judging.pipeline import ASTRAY, SIDEWAYS, GradeOptions, grade_motion
from posecoach.judging.placement import check_placement
from posecoach.measures.catalogue import MEASURES, take
from posecoach.measures.far_ends import POSSIBLE, POSSIBLE_UPRIGHT
from posecoach.vocabulary import Posture, Reason, State
from tests.factories import BEHIND_A_DESK, NO_FACE, SITTING, STANDING, Figure, Leg, Shot, collapsed, face, still, turned
from tests.shipped import ALL_RULES


@pytest.mark.parametrize("degrees", [60, 75, 90, 120, 180, 270, 300])
@pytest.mark.parametrize("pose", [STANDING, SITTING, SITTING.seen_from(-90)], ids=["standing", "sitting", "sitting seen from the side"])
@pytest.mark.parametrize("drill", ["auto", "standing", "sitting"])
def test_a_clip_that_lies_or_hangs_gets_no_verdict_but_the_advice_to_turn_it(pose: Figure, degrees: float, drill: str) -> None:
    graded = grade_motion(turned(still(pose, 4.0), degrees), GradeOptions(ALL_RULES, drill))
    assert SIDEWAYS in graded.warnings
    assert {clause.state for clause in graded.person.clauses} <= {State.UNJUDGED}
    assert {clause.reason for clause in graded.person.clauses} <= {Reason.UNSURE, Reason.NEVER, Reason.NOT_APPLICABLE}
    assert set(graded.body.posture.tolist()) == {Posture.UNKNOWN}


def test_a_phone_that_lies_for_a_part_of_the_clip_is_judged_by_the_rest() -> None:
    straight = grade_motion(still(STANDING, 6.0), GradeOptions(ALL_RULES, "standing"))
    graded = grade_motion(turned(still(STANDING, 6.0), 90, since=40), GradeOptions(ALL_RULES, "standing"))
    assert graded.warnings == (SIDEWAYS,)
    pairs = list(zip(straight.person.clauses, graded.person.clauses, strict=True))
    assert any(before.state is State.PASS for before, _ in pairs)
    assert all(before.state is after.state for before, after in pairs)


@pytest.mark.parametrize(
    "pose",
    [
        STANDING,
        SITTING,
        *(replace(STANDING.seen_from(side), lean_forward_deg=70.0, neck_forward_deg=70.0) for side in (90, -90, 40)),
        replace(STANDING, lean_left_deg=30.0, shoulder_tilt_deg=30.0),
        replace(SITTING.seen_from(90), lean_forward_deg=60.0, neck_forward_deg=60.0),
        replace(SITTING.seen_from(90), lean_forward_deg=-40.0),
    ],
    ids=["standing", "sitting", "a deep bow", "bow from the right", "bow at an angle", "aside", "over the desk", "leaning back"],
)
def test_who_is_upright_does_not_lie_however_far_the_trunk_bends(pose: Figure) -> None:
    body = observe(still(pose, 1.0))
    assert not body.is_unsure.any()


def test_half_a_turn_and_the_level_lines_tell_a_turned_picture() -> None:
    for degrees in (50, 130, 179):
        assert turned_deg(turned(still(STANDING, 0.1), degrees)) == pytest.approx(degrees, abs=10)
    crouching_to_the_side = replace(STANDING, lean_left_deg=-50.0)  # upright again once the picture is turned: its level lines are not
    assert (turned_deg(turned(still(crouching_to_the_side, 0.1), 50)) > LYING_MIN_DEG).all()


BENT_FIGURES = {
    "a squat": replace(STANDING, lean_forward_deg=40.0, left=Leg(10.0, -35.0), right=Leg(10.0, -35.0)),
    "a half squat": replace(STANDING, lean_forward_deg=35.0, left=Leg(35.0, -20.0), right=Leg(35.0, -20.0)),
    "hands at the floor": replace(STANDING, lean_forward_deg=80.0, left=Leg(85.0), right=Leg(85.0)),
    "bent over": replace(STANDING, lean_forward_deg=60.0, neck_forward_deg=60.0, left=Leg(70.0, -10.0), right=Leg(70.0, -10.0)),
}


@pytest.mark.parametrize("degrees", [60, 75, 90])
@pytest.mark.parametrize("figure", BENT_FIGURES.values(), ids=BENT_FIGURES)
def test_who_bends_in_a_turned_picture_is_not_taken_for_somebody_who_sits(figure: Figure, degrees: float) -> None:
    motion = turned(still(figure.seen_from(90), 1.0, Shot(face=NO_FACE)), degrees)  # facing left, turned onto the back
    for drill in ("sitting", "desk", "crouching"):
        verdicts = grade_motion(motion, GradeOptions(ALL_RULES, drill)).person.clauses
        assert {clause.state for clause in verdicts} <= {State.UNJUDGED}, drill


@pytest.mark.parametrize("lean_deg", [-25.0, 0.0, 50.0])
def test_who_sits_with_the_shins_aslant_is_judged(lean_deg: float) -> None:
    feet_far_ahead = Leg(15.0, 35.0, foot_pitch_deg=-20.0)
    figure = replace(STANDING, lean_forward_deg=lean_deg, left=feet_far_ahead, right=feet_far_ahead).seen_from(90)
    body = observe(still(figure, 1.0))
    assert not body.is_unsure.any()
    assert np.isfinite(take("trunk_lean_forward_deg", body).value).all()


@pytest.mark.parametrize(("roll_deg", "lies"), [(50.0, False), (-67.0, True)])
def test_a_face_that_lies_tells_that_the_picture_does(roll_deg: float, lies: bool) -> None:
    assert (observe(still(STANDING, 1.0, Shot(face=face(roll_deg=roll_deg)))).lies == lies).all()


@pytest.mark.parametrize(("figure", "lies"), [(STANDING, False), (BEHIND_A_DESK, True)], ids=["legs seen", "legs guessed"])
def test_feet_that_are_guessed_do_not_make_a_body_upright(figure: Figure, lies: bool) -> None:
    motion = still(figure, 1.0)
    upper = slice(Pose.NOSE, Pose.LEFT_HIP)
    px = motion.pose_px.copy()
    hips = px[:, [Pose.LEFT_HIP, Pose.RIGHT_HIP]].mean(1, keepdims=True)
    px[:, upper] = turned(replace(motion, pose_px=px - hips + np.array(motion.size_wh) / 2), 50).pose_px[:, upper]
    px[:, upper] += hips - np.array(motion.size_wh) / 2
    assert (observe(replace(motion, pose_px=px)).lies == lies).all()


def test_a_skeleton_upside_down_on_no_body_is_astray_and_the_video_need_not_be_turned() -> None:
    assert grade_motion(collapsed(turned(still(STANDING, 4.0), 175)), GradeOptions(ALL_RULES, "standing")).warnings == (ASTRAY,)


def test_an_upright_head_over_a_trunk_that_is_guessed_aside_does_not_lie() -> None:
    motion = still(STANDING, 0.1)
    px = motion.pose_px.copy()
    px[:, [Pose.LEFT_HIP, Pose.RIGHT_HIP]] = px[:, [Pose.LEFT_SHOULDER, Pose.RIGHT_SHOULDER]] + (60, 5)
    assert not observe(replace(motion, pose_px=px)).lies.any()


def test_the_live_page_says_that_the_picture_lies() -> None:
    items = check_placement(observe(turned(still(STANDING, 2.0), 90)), ALL_RULES[0], 128.0)
    assert [item.id for item in items if not item.ok] == ["upright"]


def test_every_open_end_of_a_shipped_band_ends_where_no_body_goes_on() -> None:
    by_nature = {"smile_strength", "smile_eyes", "smile_asymmetry", "smile_held_share", "facing_share", "seat_descent_s"}
    by_nature |= {"gesture_palm_up", "gesture_finger_spread", "gesture_pointing_share", "times_stood_up", "visit_phases_share"}
    by_nature |= {"gesture_palm_up", "gesture_finger_spread", "gesture_pointing_share", "times_stood_up", "visit_phases_share"}
    angles = {"elbow_min_deg", "upper_arm_out_deg", "rear_heel_pitch_deg", "crossed_foot_down_deg"}
    open_ended = {
        check.measure
        for rule_set in ALL_RULES
        for rule in rule_set.rules
        for check in rule.checks
        if not (MEASURES[check.measure].event and MEASURES[check.measure].unit == "s")
        and not np.isfinite([check.bands.pass_.low, check.bands.pass_.high]).all()
    }
    assert open_ended - by_nature - angles <= set(POSSIBLE)
    assert set(POSSIBLE) | set(POSSIBLE_UPRIGHT) <= set(MEASURES)


def test_the_ends_in_the_documents_are_those_in_use() -> None:
    text = (Path(__file__).parents[2] / "docs" / "measures.md").read_text("utf-8")
    for name, (low, high) in POSSIBLE.items():
        standing = "{:g} to {:g}".format(*POSSIBLE_UPRIGHT[name]) if name in POSSIBLE_UPRIGHT else ""
        assert f"| `{name}` | {low:g} | {high:g} | {standing} |" in text


def test_a_standing_trunk_beyond_sixty_degrees_is_an_error_and_no_posture() -> None:
    body = observe(still(replace(STANDING.seen_from(90), lean_forward_deg=70.0), 3.0))
    standing = replace(body, posture=np.full(len(body.motion), Posture.STANDING), lies=np.zeros(len(body.motion), bool))
    crouching = replace(standing, posture=np.full(len(body.motion), Posture.CROUCHING))
    for measure in ("trunk_lean_forward_deg", "neck_forward_deg"):
        assert set(take(measure, standing).reason.tolist()) == {Reason.UNSURE}
    assert set(take("trunk_lean_forward_deg", crouching).reason.tolist()) == {Reason.NONE}
