"""Verdicts by tables: what a clause is worth, over which time, and why it has no verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from posecoach.body.landmarks import Pose
from posecoach.body.motion import Motion
from posecoach.body.observed import Neutral
from posecoach.body.posture import observe
from posecoach.body.records import Array
from posecoach.judging.judge import Judgement, judge, judge_moment
from posecoach.judging.results import ClauseVerdict
from posecoach.measures.face import PITCH_GAIN
from posecoach.rulebook.schema import RuleSet
from posecoach.vocabulary import Profile, Reason, State, Text
from tests.factories import BEHIND_A_DESK, SITTING, SMILING, STANDING, Figure, Shot, face, motion_of, moving, still
from tests.rule_factories import ABOVE, BELOW, LEVEL, STEP, either, never, rule, rule_set
from tests.shipped import RULE_SETS

LEVEL_SET = rule_set(rule())
FEET_OUT = replace(STANDING, offset_px=(0.0, 150.0))


def tilted(*degrees: float) -> list[Figure]:
    return [Figure(shoulder_tilt_deg=tilt) for tilt in degrees]


def judged(motion: Motion, rules: RuleSet, drill: str = "auto", **more: Any) -> Judgement:
    return judge(observe(motion, more.get("neutral")), (rules,), more.get("profile", Profile.UNSPECIFIED), drill)


def verdicts(motion: Motion, rules: RuleSet, drill: str = "auto", **more: Any) -> dict[str, ClauseVerdict]:
    return {verdict.id: verdict for verdict in judged(motion, rules, drill, **more).verdicts}


def verdict(motion: Motion, rules: RuleSet = LEVEL_SET, drill: str = "auto", **more: Any) -> ClauseVerdict:
    (only,) = judged(motion, rules, drill, **more).verdicts
    return only


# --- one clause -------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tilt", "state", "correction"),
    [
        pytest.param(1, State.PASS, None, id="inside the pass band passes"),
        pytest.param(4, State.WARN, None, id="above it inside the warn band is a warning"),
        pytest.param(-4, State.WARN, None, id="so it is below"),
        pytest.param(8, State.FAIL, ABOVE, id="above the warn band fails with the words for too high"),
        pytest.param(-8, State.FAIL, BELOW, id="below it fails with the words for too low"),
    ],
)
def test_a_value(tilt: float, state: State, correction: object) -> None:
    found = verdict(still(Figure(shoulder_tilt_deg=tilt)))
    assert (found.state, found.reason, found.correction) == (state, Reason.NONE, correction)
    assert found.value == pytest.approx(tilt, abs=0.01)
    assert (found.unit, found.source) == ("deg", "T1 站姿")
    assert found.judged_share == 1
    assert found.pass_share == float(state is State.PASS)


@pytest.mark.parametrize(
    ("figure", "fields", "reason"),
    [
        pytest.param(STANDING.seen_from(90), {}, Reason.VIEW, id="seen from the side"),
        pytest.param(FEET_OUT, {"checks": (STEP,)}, Reason.NOT_VISIBLE, id="feet below the picture"),
        pytest.param(
            replace(STANDING, hidden=frozenset({Pose.LEFT_KNEE, Pose.RIGHT_KNEE})), {"checks": (STEP,)}, Reason.OCCLUDED, id="knees hidden"
        ),
        pytest.param(replace(STANDING, px_per_m=20.0), {}, Reason.TOO_SMALL, id="too far away"),
        pytest.param(SITTING, {}, Reason.NOT_APPLICABLE, id="sitting in a standing drill"),
        pytest.param(STANDING, {"needs_drill": "dialogue"}, Reason.NOT_APPLICABLE, id="only for a dialogue"),
    ],
)
def test_there_is_no_verdict_when(figure: Figure, fields: dict[str, Any], reason: Reason) -> None:
    found = verdict(still(figure), rule_set(rule(**fields)), "standing")
    assert (found.state, found.reason) == (State.UNJUDGED, reason)
    assert (found.value, found.pass_share, found.worst_s, found.correction) == (None, None, None, None)
    assert found.judged_share == 0


def test_a_clause_that_no_camera_sees_is_never_judged() -> None:
    for figure in (STANDING, SITTING, STANDING.seen_from(90)):
        assert verdict(still(figure), rule_set(never()), "standing").reason is Reason.NEVER


def test_the_value_is_the_median_and_the_worst_moment_is_told() -> None:
    figures = tilted(*[1.0] * 20, *[2.0] * 30, *[7.0] * 15, *[1.0] * 5)
    found = verdict(motion_of(figures))
    assert found.value == pytest.approx(2.0, abs=0.01)
    assert 5.0 <= (found.worst_s or 0) <= 6.5


def test_a_worst_moment_below_the_band_counts_like_one_above() -> None:
    figures = tilted(*[4.0] * 20, *[-6.0] * 20, *[4.0] * 20)
    assert 2.0 <= (verdict(motion_of(figures)).worst_s or 0) < 4.0


# --- over time --------------------------------------------------------------------------------------------------------------------------


def track_of(degrees: Sequence[float], **fields: Any) -> list[int]:
    (track,) = judged(motion_of(tilted(*degrees)), rule_set(rule(**fields))).tracks
    return [int(code) for code in track.state]


def test_a_value_that_trembles_at_the_border_does_not_flap() -> None:
    trembling = ([2.8] * 20 + [3.3] * 20) * 3
    assert set(track_of(trembling)) == {State.PASS}
    assert set(track_of([3.3, *trembling[20:]])) == {State.WARN}


def test_a_value_that_leaves_the_border_behind_changes_the_state() -> None:
    states = track_of([2.8] * 20 + [3.6] * 20 + [2.8] * 20 + [2.4] * 20)
    assert [int(code) for code in dict.fromkeys(states)] == [State.PASS, State.WARN]
    assert states[-1] == State.PASS
    assert states[50] == State.WARN


@pytest.mark.parametrize("fps", [5, 10, 30])
@pytest.mark.parametrize(("fault_s", "state"), [(0.6, State.PASS), (1.6, State.FAIL)])
def test_a_fault_must_last_whatever_the_frame_rate(fault_s: float, state: State, fps: int) -> None:
    degrees = np.repeat([0.0, 9.0, 0.0], [3 * fps, round(fault_s * fps), 3 * fps])
    motion = motion_of(tilted(*degrees), Shot(fps=fps))
    assert verdict(motion, rule_set(rule(decide="any", hold_s=1.0))).state is state


@pytest.mark.parametrize(
    ("fault_s", "most", "any_"),
    [
        pytest.param(0, State.PASS, State.PASS, id="no fault"),
        pytest.param(2, State.PASS, State.FAIL, id="a fifth of the time"),
        pytest.param(4, State.WARN, State.FAIL, id="two fifths of the time"),
        pytest.param(6, State.FAIL, State.FAIL, id="three fifths of the time"),
    ],
)
def test_most_of_the_time_or_any_time(fault_s: int, most: State, any_: State) -> None:
    motion = motion_of(tilted(*[9.0] * (10 * fault_s), *[0.0] * (100 - 10 * fault_s)))
    assert verdict(motion).state is most
    found = verdict(motion, rule_set(rule(decide="any")))
    assert found.state is any_
    assert found.pass_share == pytest.approx(1 - fault_s / 10, abs=0.02)


def test_noise_does_not_change_a_verdict() -> None:
    assert verdict(still(Figure(shoulder_tilt_deg=1.5), 6.0, Shot(noise_px=1.5))).pass_share == 1


@pytest.mark.parametrize(
    ("parts", "decide", "words"),
    [
        pytest.param(((-8, 4), (0, 2), (8, 3)), "most", BELOW, id="the longer fault was below, the median is in the band"),
        pytest.param(((-8, 3), (0, 2), (8, 4)), "most", ABOVE, id="the longer fault was above"),
        pytest.param(((-8, 2), (0, 8)), "any", BELOW, id="a short fault below, and most of the time level"),
    ],
)
def test_a_verdict_says_the_side_on_which_the_clause_failed_for_longer(parts: Sequence[tuple[int, int]], decide: str, words: Text) -> None:
    motion = moving([(Figure(shoulder_tilt_deg=tilt), seconds) for tilt, seconds in parts])
    found = verdict(motion, rule_set(rule(decide=decide)))
    assert (found.state, found.correction) == (State.FAIL, words)


@pytest.mark.parametrize(
    ("seconds", "around_s", "state"),
    [
        pytest.param(0.8, 0, State.UNJUDGED, id="less than a second in all"),
        pytest.param(1.0, 0, State.PASS, id="a second in all"),
        pytest.param(1.5, 20, State.UNJUDGED, id="less than a tenth of the time"),
        pytest.param(4.0, 20, State.PASS, id="more than a tenth of the time"),
    ],
)
def test_it_takes_some_time_to_judge(seconds: float, around_s: float, state: State) -> None:
    found = verdict(moving([(STANDING, seconds), (STANDING.seen_from(90), around_s)]))
    assert found.state is state
    assert found.reason is (Reason.TOO_SHORT if state is State.UNJUDGED else Reason.NONE)


def test_a_still_picture_is_judged_but_for_what_needs_time() -> None:
    held = {"measure": "smile_held_share", "views": ("front",), "bands": {"pass": (0.6, None), "warn": (0.4, None)}}
    rules = rule_set(rule(), rule("stand.held", (held,)))
    found = verdicts(motion_of(tilted(8), Shot(face=face(shape=SMILING))), rules)
    level = found["stand.level"]
    assert (level.state, level.judged_share, level.pass_share, level.worst_s) == (State.FAIL, 1, 0, 0)
    assert (found["stand.held"].state, found["stand.held"].reason) == (State.UNJUDGED, Reason.TOO_SHORT)


def test_no_frames_no_verdict() -> None:
    assert judged(motion_of([]), LEVEL_SET).verdicts == ()
    found = verdict(motion_of([]), LEVEL_SET, "standing")
    assert (found.state, found.reason) == (State.UNJUDGED, Reason.NOT_APPLICABLE)


# --- several checks, caps, profiles, neutral --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tilt", "allow", "state"),
    [
        pytest.param(8, ("pass", "warn"), State.WARN, id="never worse than a warning"),
        pytest.param(1, ("pass", "warn"), State.PASS, id="and a pass stays a pass"),
        pytest.param(8, ("fail",), State.FAIL, id="what can only fail fails"),
        pytest.param(1, ("fail",), State.UNJUDGED, id="and says nothing else"),
    ],
)
def test_a_check_says_only_what_it_may(tilt: float, allow: tuple[str, ...], state: State) -> None:
    found = verdict(still(Figure(shoulder_tilt_deg=tilt)), rule_set(rule(checks=({**LEVEL, "allow": allow},))))
    assert found.state is state
    assert (found.correction is not None) == (state is State.FAIL)
    assert found.reason is (Reason.OCCLUDED if state is State.UNJUDGED else Reason.NONE)


@pytest.mark.parametrize(
    ("figure", "state", "unit"),
    [
        pytest.param(STANDING, State.PASS, None, id="both pass"),
        pytest.param(Figure(ankle_gap_sw=0.7), State.WARN, "sw", id="the second is a warning"),
        pytest.param(Figure(ankle_gap_sw=0.7, shoulder_tilt_deg=8), State.FAIL, "deg", id="the first fails"),
        pytest.param(FEET_OUT, State.UNJUDGED, None, id="one passes and one is not seen"),
        pytest.param(replace(FEET_OUT, shoulder_tilt_deg=8), State.FAIL, "deg", id="one fails and one is not seen"),
    ],
)
def test_a_rule_is_as_good_as_its_worst_check(figure: Figure, state: State, unit: str | None) -> None:
    found = verdict(still(figure), rule_set(rule(checks=(LEVEL, STEP))), "standing")
    assert found.state is state
    assert unit is None or found.unit == unit


def test_a_check_with_its_own_words_is_corrected_by_them() -> None:
    own = {"zh": "脚靠拢", "en": "feet together"}
    rules = rule_set(rule(checks=(LEVEL, {**STEP, "correction": {"below": own, "above": own}})))
    said = verdict(still(Figure(ankle_gap_sw=0.95)), rules).correction
    assert said is not None
    assert said.en == "feet together"


@pytest.mark.parametrize(
    ("profile", "state"), [(Profile.FEMALE, State.FAIL), (Profile.MALE, State.PASS), (Profile.UNSPECIFIED, State.WARN)]
)
def test_bands_may_differ_between_profiles(profile: Profile, state: State) -> None:
    bands_for = {"female": {"pass": (None, 0.3), "warn": (None, 0.5)}, "male": {"pass": (None, 0.9), "warn": (None, 1.2)}}
    found = verdict(still(Figure(ankle_gap_sw=0.7)), rule_set(rule(checks=({**STEP, "bands_for": bands_for},))), profile=profile)
    assert found.state is state


def test_a_rule_for_one_profile_is_not_asked_of_another() -> None:
    rules = rule_set(rule(), rule("stand.skirt", profiles=("female",)))
    assert set(verdicts(still(STANDING), rules, profile=Profile.MALE)) == {"stand.level"}
    assert set(verdicts(still(STANDING), rules, profile=Profile.FEMALE)) == {"stand.level", "stand.skirt"}


def test_without_the_persons_own_neutral_the_bands_are_wider() -> None:
    narrow, wide = {"pass": (-5, 5), "warn": (-8, 8)}, {"pass": (-15, 15), "warn": (-25, 25)}
    pitch = {"measure": "head_pitch_down_deg", "views": ("front",), "bands": narrow, "bands_without_neutral": wide}
    rules = rule_set(rule(checks=(pitch,)))
    shot = Shot(face=face(pitch_down_deg=13 * PITCH_GAIN, head_pitch_deg=13))
    assert verdict(still(STANDING, shot=shot), rules).state is State.PASS
    level = Neutral(head_pitch_down_deg=0.0)
    assert verdict(still(STANDING, shot=shot), rules, neutral=level).state is State.FAIL
    assert verdict(still(STANDING, shot=shot), rules, neutral=Neutral(face_shape=SMILING)).state is State.PASS


@pytest.mark.parametrize("topic", ["standing", "sitting", "morning_meeting"])
def test_a_face_seen_from_below_is_no_face_turned_away(topic: str) -> None:
    clause = {"standing": "stand", "sitting": "sit", "morning_meeting": "meeting"}[topic] + ".face_forward"
    figure = SITTING if topic == "sitting" else STANDING
    from_below, turned = face(head_pitch_deg=-30, pitch_down_deg=-18), face(yaw_left_deg=30)

    def state(row: Array, neutral: Neutral | None = None) -> State:
        return verdicts(still(figure, shot=Shot(face=row)), RULE_SETS[topic], neutral=neutral)[clause].state

    assert (state(from_below), state(turned)) == (State.WARN, State.FAIL)
    assert state(from_below, Neutral(head_pitch_down_deg=-18)) is State.PASS
    assert state(from_below, Neutral(head_pitch_down_deg=0)) is State.FAIL


def test_a_head_held_down_throughout_is_not_its_own_neutral() -> None:
    shot = Shot(face=face(head_pitch_deg=30))
    assert verdicts(still(STANDING, 8.0, shot), RULE_SETS["standing"])["stand.head_up"].state is State.FAIL


def test_a_face_that_never_smiles_fails_and_one_that_always_does_passes() -> None:
    for row, state in ((face(), State.FAIL), (face(shape=SMILING), State.PASS)):
        found = verdicts(still(STANDING, 8.0, Shot(face=row)), RULE_SETS["smile"])
        assert (found["smile.present"].state, found["smile.held"].state) == (state, state)


# --- alternatives -----------------------------------------------------------------------------------------------------------------------


WIDE_OR_LEVEL = rule_set(rule(), rule("stand.close", (STEP,)), groups=(either(["stand.level"], ["stand.close"]),))


@pytest.mark.parametrize(
    ("figure", "kept", "state"),
    [
        pytest.param(Figure(shoulder_tilt_deg=8), "stand.close", State.PASS, id="the one that passes"),
        pytest.param(Figure(ankle_gap_sw=1.0), "stand.level", State.PASS, id="the other one when that passes"),
        pytest.param(Figure(shoulder_tilt_deg=8, ankle_gap_sw=0.7), "stand.close", State.WARN, id="a warning before a failure"),
        pytest.param(Figure(shoulder_tilt_deg=20, ankle_gap_sw=0.82), "stand.close", State.FAIL, id="of two failures the nearer one"),
        pytest.param(Figure(shoulder_tilt_deg=6.0, ankle_gap_sw=1.5), "stand.level", State.FAIL, id="of two failures the other nearer one"),
        pytest.param(replace(FEET_OUT, shoulder_tilt_deg=8), "stand.close", State.UNJUDGED, id="what cannot be seen before a failure"),
        pytest.param(replace(FEET_OUT, shoulder_tilt_deg=4), "stand.level", State.WARN, id="a warning before what cannot be seen"),
    ],
)
def test_of_two_alternatives_the_verdict_goes_to(figure: Figure, kept: str, state: State) -> None:
    found = verdicts(still(figure), WIDE_OR_LEVEL, "standing")
    assert list(found) == ["stand.level", "stand.close"]
    assert found[kept].state is state
    (other,) = set(found) - {kept}
    assert (found[other].state, found[other].reason, found[other].value) == (State.UNJUDGED, Reason.NOT_APPLICABLE, None)


def test_an_alternative_that_is_not_taken_leaves_the_frames_too() -> None:
    tracks = {t.rule.id: t for t in judged(still(Figure(shoulder_tilt_deg=8)), WIDE_OR_LEVEL).tracks}
    assert set(tracks["stand.level"].state.tolist()) == {State.UNJUDGED}
    assert set(tracks["stand.level"].reason.tolist()) == {Reason.NOT_APPLICABLE}
    assert set(tracks["stand.close"].state.tolist()) == {State.PASS}


def test_who_meets_neither_form_and_shows_none_is_told_of_the_choice() -> None:
    nearly_tied = still(Figure(shoulder_tilt_deg=8, ankle_gap_sw=1.1))
    found = verdicts(nearly_tied, WIDE_OR_LEVEL, "standing")
    (failed,) = [v for v in found.values() if v.state is State.FAIL]
    assert failed.correction == Text("任选", "Either")
    tracks = {t.rule.id: t for t in judged(nearly_tied, WIDE_OR_LEVEL).tracks}
    assert tracks[failed.id].correction_at(0) == failed.correction
    (moment,) = [m for m in judge_moment(observe(nearly_tied), WIDE_OR_LEVEL, Profile.UNSPECIFIED) if m.state is State.FAIL]
    assert moment.correction == failed.correction, "live as in a clip"


# --- drills -----------------------------------------------------------------------------------------------------------------------------


def test_with_auto_each_posture_is_judged_over_its_own_time() -> None:
    motion = moving([(STANDING, 4), (replace(SITTING, shoulder_tilt_deg=8), 4)])
    sets = (
        LEVEL_SET,
        rule_set(rule("sit.level"), topic="sitting", postures=("sitting",)),
        rule_set(rule("crouch.x"), postures=("crouching",)),
    )
    found = {v.id: v for v in judge(observe(motion), sets, Profile.UNSPECIFIED).verdicts}
    assert {name: v.state for name, v in found.items()} == {"stand.level": State.PASS, "sit.level": State.FAIL}


def test_an_unknown_posture_is_judged_by_a_named_drill_only() -> None:
    motion = still(BEHIND_A_DESK)
    assert judged(motion, LEVEL_SET).verdicts == ()
    assert verdict(motion, LEVEL_SET, "standing").state is State.PASS


def test_someone_who_is_away_is_not_judged() -> None:
    motion = moving([(STANDING, 4), (None, 12)])
    assert verdict(motion, LEVEL_SET, "standing").judged_share == 1


def test_the_smile_is_judged_in_any_posture_where_the_face_is_large_enough() -> None:
    large, small = (still(SITTING, 4.0, Shot(face=face(gap, SMILING))) for gap in (40.0, 20.0))
    assert verdicts(large, RULE_SETS["smile"])["smile.present"].state is State.PASS
    assert judged(small, RULE_SETS["smile"]).verdicts == ()
    assert verdicts(small, RULE_SETS["smile"], "smile")["smile.present"].reason is Reason.TOO_SMALL


# --- where nothing was asked for ----------------------------------------------------------------------------------------------------------


def at_a_desk(height_m: float) -> Motion:
    """A woman who sits with the wrists so high above the hips, her right shoulder down and her knees apart."""
    wrists = {Pose.LEFT_WRIST: (0.3, height_m, 0.3), Pose.RIGHT_WRIST: (-0.3, height_m, 0.3)}
    return still(replace(SITTING, at=wrists, shoulder_tilt_deg=12.0, knee_gap_sw=1.2), 4.0)


def test_whoever_sits_with_the_hands_on_a_desk_fails_nothing_of_another_topic_unless_it_was_asked_for() -> None:
    sitting = RULE_SETS["sitting"]
    on_the_desk, in_the_lap = at_a_desk(0.2), at_a_desk(0.0)
    asked = {v.id for v in verdicts(on_the_desk, sitting, "sitting", profile=Profile.FEMALE).values() if v.state is State.FAIL}
    assert {"sit.shoulders_level", "sit.knees", "sit.hands"} <= asked
    softened = verdicts(on_the_desk, sitting, profile=Profile.FEMALE)
    assert {softened[clause].state for clause in asked} == {State.WARN}
    assert all(softened[clause].correction is None for clause in asked)
    assert verdicts(in_the_lap, sitting, profile=Profile.FEMALE)["sit.shoulders_level"].state is State.FAIL
