"""How wide the interval of a value is, and what it allows to be said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from posecoach.body.face_geometry import FaceColumn
from posecoach.body.landmarks import Pose
from posecoach.body.observed import Body, Neutral
from posecoach.body.posture import observe
from posecoach.judging.judge import judge
from posecoach.judging.pipeline import NEUTRAL_WANTED, GradeOptions, grade_motion
from posecoach.judging.results import ClauseVerdict
from posecoach.measures.catalogue import MEASURES
from posecoach.measures.error_model import APART, FEET_UNSEEN_DEG, OF_AN_EVEN_FACE, Part, half_width, interval_95, wider
from posecoach.measures.error_table import ERRORS, SIZE_TRUNK_PX
from posecoach.measures.error_table_heavy import ERRORS as HEAVY
from posecoach.measures.error_table_heavy import SIZE_TRUNK_PX as HEAVY_TRUNK_PX
from posecoach.measures.smile import APERTURE
from posecoach.measures.smile_model import NEUTRAL
from posecoach.vocabulary import Profile, State, View
from tests.factories import SMILING, STANDING, Figure, Shot, face, still
from tests.rule_factories import LEVEL, rule, rule_set
from tests.shipped import RULE_SETS

SMILE = RULE_SETS["smile"]
TILT = "shoulder_tilt_deg"
WIDER = wider(float(np.median(observe(still(STANDING, 4.0)).trunk_px)), SIZE_TRUNK_PX)
CLIP, PICTURE = (half * WIDER for half in ERRORS[TILT]["front" + APART])


def half_of(body: Body, measure: str = TILT) -> float:
    found = half_width(measure, Part(body, np.ones(len(body.motion), bool)))
    assert found is not None
    return found


WITHOUT = {
    *("neck_forward_deg", "hands_on_desk_tl", "hands_in_lap_sw", "wrists_behind_hips_tl"),
    *("elbow_min_deg", "crossed_foot_down_deg", "shanks_slant_deg"),
}
"""Bands set on the model's own points, errors that differ too much from view to view, and what has hardly been drawn."""


def test_only_these_angles_and_lengths_of_a_posture_are_judged_without_an_interval() -> None:
    topics = ("standing", "morning_meeting", "sitting", "desk", "crouching", "smile")
    measures = {check.measure for topic in topics for rule in RULE_SETS[topic].rules for check in rule.checks}
    measured = {measure for measure in measures if MEASURES[measure].unit in ("deg", "sw", "tl", "shank")}
    for table in (ERRORS, HEAVY):
        assert measured - set(table) == WITHOUT


def test_the_table_knows_only_measures_and_views_and_no_picture_is_surer_than_a_clip() -> None:
    for measure, laws in ERRORS.items():
        assert measure in MEASURES
        for condition, (clip, picture) in laws.items():
            view = condition.removesuffix(APART)
            assert view == "side" or View[view.upper()]
            assert 0 < clip <= picture


def test_three_seconds_are_as_sure_as_a_clip_gets_and_a_picture_least() -> None:
    clip, long = half_of(observe(still(STANDING, 3.0))), half_of(observe(still(STANDING, 9.0)))
    assert clip == pytest.approx(CLIP)
    assert long == pytest.approx(CLIP)
    assert half_of(observe(still(STANDING, 0.1))) == pytest.approx(PICTURE)


def test_a_body_that_is_small_in_the_picture_is_less_sure_as_its_pixels_are_fewer() -> None:
    px_per_m = STANDING.px_per_m * SIZE_TRUNK_PX / float(np.median(observe(still(STANDING, 4.0)).trunk_px))
    double, at = (half_of(observe(still(replace(STANDING, px_per_m=px_per_m * by), 4.0))) for by in (2.0, 1.0))
    assert at / double == pytest.approx((2 / 1.25) ** 0.5, rel=0.01)


def test_a_skeleton_that_is_hardly_trusted_has_twice_the_interval() -> None:
    body = observe(still(STANDING, 4.0))
    doubtful = replace(body, trust=np.full(len(body.motion), 0.5))
    assert half_of(doubtful) == pytest.approx(2 * CLIP)


def test_a_trunk_over_feet_out_of_sight_is_less_sure_seen_from_the_side() -> None:
    lean, side = "trunk_lean_forward_deg", STANDING.seen_from(90)
    feet = {Pose.LEFT_ANKLE, Pose.RIGHT_ANKLE}
    seen = half_of(observe(still(side, 4.0)), lean)
    assert half_of(observe(still(replace(side, hidden=frozenset(feet)), 4.0)), lean) ** 2 > seen**2 + FEET_UNSEEN_DEG[lean] ** 2
    assert half_of(observe(still(replace(side, hidden=frozenset({Pose.RIGHT_ANKLE})), 4.0)), lean) == pytest.approx(seen)
    front = observe(still(replace(STANDING, hidden=frozenset(feet)), 4.0))
    assert half_of(front) == pytest.approx(ERRORS[TILT]["front"][0] * WIDER)


def uneven(share: float, yaw_left_deg: float = 0.0) -> Body:
    """Somebody whose mouth rises to the left by a share of its width, against the rest of the face."""
    rise = share / 2 * face()[FaceColumn.MOUTH_WIDTH]
    return observe(still(STANDING, 3.0, Shot(face=face(lift_right=-rise, lift_left=rise, yaw_left_deg=yaw_left_deg))))


@pytest.mark.parametrize("measure", OF_AN_EVEN_FACE)
def test_a_mouth_against_the_rest_of_the_face_leaves_it_open_how_the_head_is_held(measure: str) -> None:
    even = half_of(uneven(0.0), measure)
    assert half_of(uneven(0.2), measure) - even == pytest.approx(np.degrees(np.arctan(0.2)), rel=0.05)
    assert half_of(uneven(0.07), measure) == pytest.approx(even), "as uneven as usual faces are"
    turned_deg = 25.0
    assert half_of(uneven(0.2, turned_deg), measure) == pytest.approx(half_of(uneven(0.0, turned_deg), measure))


def test_a_one_sided_smile_is_an_uneven_face() -> None:
    even = observe(still(STANDING, 3.0, Shot(face=face(shape=SMILING))))
    width = face(shape=SMILING)[FaceColumn.MOUTH_WIDTH]
    right, left = SMILING[1] - 0.1 * width, SMILING[1] + 0.1 * width
    one_sided = observe(still(STANDING, 3.0, Shot(face=face(shape=SMILING, lift_right=right, lift_left=left))))
    assert half_of(one_sided, "head_roll_deg") - half_of(even, "head_roll_deg") == pytest.approx(np.degrees(np.arctan(0.2)), rel=0.05)


def test_nothing_is_claimed_where_nothing_is_known() -> None:
    everywhere = np.ones(40, bool)
    assert interval_95("arms_folded", Part(observe(still(STANDING, 4.0)), everywhere), 0.0) is None
    assert interval_95(TILT, Part(observe(still(STANDING.seen_from(90), 4.0)), everywhere), 0.0) is None


def verdict(tilt_deg: float, pass_deg: float, warn_deg: float) -> ClauseVerdict:
    check = LEVEL | {"bands": {"pass": (-pass_deg, pass_deg), "warn": (-warn_deg, warn_deg)}}
    rules = rule_set(rule("stand.level", (check,)))
    return judge(observe(still(Figure(shoulder_tilt_deg=tilt_deg), 4.0)), (rules,), Profile.UNSPECIFIED).verdicts[0]


@pytest.mark.parametrize(
    ("beyond", "state"),
    [
        pytest.param(CLIP + 0.3, State.FAIL, id="the whole interval lies outside what passes"),
        pytest.param(CLIP - 0.3, State.WARN, id="it reaches into what passes"),
    ],
)
def test_it_fails_only_where_the_whole_interval_does(beyond: float, state: State) -> None:
    found = verdict(10 + beyond, 10, 10.1)
    assert found.state is state
    assert (found.correction is None) is (state is not State.FAIL)
    assert found.error_95 == pytest.approx(CLIP)


@pytest.mark.parametrize(
    ("inside", "state"),
    [
        pytest.param(CLIP + 0.3, State.PASS, id="the interval does not reach what fails"),
        pytest.param(CLIP - 0.3, State.WARN, id="it does"),
    ],
)
def test_it_passes_only_where_the_interval_does_not_reach_a_fail(inside: float, state: State) -> None:
    assert verdict(10 - inside, 9.9, 10).state is state


def part_of_a_smile(part: float) -> tuple[float, ...]:
    return tuple(np.add(NEUTRAL, part * np.subtract(SMILING, NEUTRAL)).tolist())


def smile_of(shot: Shot, neutral: Neutral | None) -> tuple[dict[str, State], tuple[str, ...]]:
    graded = grade_motion(still(STANDING, 8.0, shot), GradeOptions((SMILE,), "smile", neutral=neutral))
    return {verdict.id: verdict.state for verdict in graded.person.clauses}, graded.warnings


def test_a_faint_smile_below_the_bands_is_in_doubt_until_the_face_at_rest_is_known() -> None:
    faint = Shot(face=face(shape=part_of_a_smile(0.15)))
    states, warnings = smile_of(faint, None)
    assert (states["smile.present"], states["smile.held"]) == (State.WARN, State.WARN)
    assert warnings == (NEUTRAL_WANTED,)
    for at_rest, state in ((-0.3, State.PASS), (0.15, State.FAIL)):
        states, warnings = smile_of(faint, Neutral(face_shape=part_of_a_smile(at_rest)))
        assert (states["smile.present"], states["smile.held"]) == (state, state)
        assert warnings == ()


@pytest.mark.parametrize(("narrower", "state"), [(0.05, State.WARN), (0.15, State.WARN), (0.25, State.PASS)])
def test_eyes_as_narrow_as_many_at_rest_are_praised_only_where_the_face_at_rest_is_known(narrower: float, state: State) -> None:
    shape = (*SMILING[:APERTURE], (1 - narrower) * NEUTRAL[APERTURE], *SMILING[APERTURE + 1 :])
    shot = Shot(face=face(shape=shape))
    assert smile_of(shot, None)[0]["smile.eyes_join"] is state
    known = State.WARN if narrower < 0.1 else State.PASS
    assert smile_of(shot, Neutral(face_shape=tuple(NEUTRAL)))[0]["smile.eyes_join"] is known


@pytest.mark.parametrize(("part", "state"), [(-0.3, State.FAIL), (1.0, State.PASS)])
def test_a_plain_smile_and_none_need_no_neutral_face(part: float, state: State) -> None:
    states, warnings = smile_of(Shot(face=face(shape=part_of_a_smile(part))), None)
    assert (states["smile.present"], states["smile.held"]) == (state, state)
    assert warnings == ()


def test_a_body_found_by_the_heavy_model_has_that_models_interval() -> None:
    front = still(STANDING, 4.0)
    heavy = observe(replace(front, model="heavy"))
    frames = np.ones(len(front), bool)
    assert half_width(TILT, Part(heavy, frames)) == pytest.approx(
        HEAVY[TILT]["front" + APART][0] * wider(heavy.trunk_px[0], HEAVY_TRUNK_PX)
    )
