"""A body that lies or hangs in the picture is not judged, and it is said what to do; a value no body can show is no verdict."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from posecoach.body.lying import lies
from posecoach.body.motion import Motion
from posecoach.body.posture import observe
from posecoach.judging.pipeline import SIDEWAYS, GradeOptions, grade_motion
from posecoach.judging.placement import check_placement
from posecoach.measures.catalogue import MEASURES, take
from posecoach.measures.far_ends import POSSIBLE, POSSIBLE_STANDING
from posecoach.resources import rules_dir
from posecoach.rulebook.loading import load_rule_sets
from posecoach.vocabulary import Posture, Reason, State
from tests.factories import SITTING, STANDING, Figure, still

RULES = tuple(load_rule_sets(rules_dir(), MEASURES).values())


def turned(motion: Motion, degrees: float, since: int = 0) -> Motion:
    """The motion turned clockwise in the picture from a frame on."""
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    middle = np.array(motion.size_wh) / 2
    px, world = motion.pose_px.copy(), motion.pose_world_m.copy()
    px[since:] = (px[since:] - middle) @ turn.T + middle
    world[since:, :, :2] = world[since:, :, :2] @ turn.T
    return replace(motion, pose_px=px, pose_world_m=world)


@pytest.mark.parametrize("degrees", [90, 180, 270])
@pytest.mark.parametrize("pose", [STANDING, SITTING], ids=["standing", "sitting"])
@pytest.mark.parametrize("drill", ["auto", "standing", "sitting"])
def test_a_clip_that_lies_or_hangs_gets_no_verdict_but_the_advice_to_turn_it(pose: Figure, degrees: float, drill: str) -> None:
    graded = grade_motion(turned(still(pose, 4.0), degrees), GradeOptions(RULES, drill))
    assert SIDEWAYS in graded.warnings
    assert {clause.state for clause in graded.person.clauses} <= {State.UNJUDGED}
    assert {clause.reason for clause in graded.person.clauses} <= {Reason.UNSURE, Reason.NEVER, Reason.NOT_APPLICABLE}
    assert set(graded.body.posture.tolist()) == {Posture.UNKNOWN}


def test_a_phone_that_lies_for_a_part_of_the_clip_is_judged_by_the_rest() -> None:
    straight = grade_motion(still(STANDING, 6.0), GradeOptions(RULES, "standing"))
    graded = grade_motion(turned(still(STANDING, 6.0), 90, since=40), GradeOptions(RULES, "standing"))
    assert graded.warnings == (SIDEWAYS,)
    pairs = list(zip(straight.person.clauses, graded.person.clauses, strict=True))
    assert any(before.state is State.PASS for before, _ in pairs)
    assert all(before.state is after.state for before, after in pairs)


def test_who_is_upright_does_not_lie() -> None:
    for pose in (STANDING, SITTING):
        motion = still(pose, 1.0)
        assert not lies(motion, observe(motion).legs_seen).any()


def test_the_live_page_says_that_the_picture_lies() -> None:
    items = check_placement(observe(turned(still(STANDING, 2.0), 90)), RULES[0], 128.0)
    assert [item.id for item in items if not item.ok] == ["upright"]


def test_every_open_end_of_a_shipped_band_ends_where_no_body_goes_on() -> None:
    by_nature = {"smile_strength", "smile_eyes", "smile_asymmetry", "smile_held_share", "facing_share", "seat_descent_s"}
    angles = {"elbow_min_deg", "upper_arm_out_deg", "rear_heel_pitch_deg", "crossed_foot_down_deg"}
    open_ended = {
        check.measure
        for rule_set in RULES
        for rule in rule_set.rules
        for check in rule.checks
        if not np.isfinite([check.bands.pass_.low, check.bands.pass_.high]).all()
    }
    assert open_ended - by_nature - angles <= set(POSSIBLE)
    assert set(POSSIBLE) | set(POSSIBLE_STANDING) <= set(MEASURES)


def test_the_ends_in_the_documents_are_those_in_use() -> None:
    text = (Path(__file__).parents[2] / "docs" / "measures.md").read_text("utf-8")
    for name, (low, high) in POSSIBLE.items():
        standing = "{:g} to {:g}".format(*POSSIBLE_STANDING[name]) if name in POSSIBLE_STANDING else ""
        assert f"| `{name}` | {low:g} | {high:g} | {standing} |" in text


def test_a_standing_trunk_beyond_sixty_degrees_is_an_error_and_no_posture() -> None:
    body = observe(still(replace(STANDING.seen_from(90), lean_forward_deg=70.0), 3.0))
    standing = replace(body, posture=np.full(len(body.motion), Posture.STANDING), lies=np.zeros(len(body.motion), bool))
    crouching = replace(standing, posture=np.full(len(body.motion), Posture.CROUCHING))
    assert set(take("trunk_lean_forward_deg", standing).reason.tolist()) == {Reason.UNSURE}
    assert set(take("trunk_lean_forward_deg", crouching).reason.tolist()) == {Reason.NONE}
