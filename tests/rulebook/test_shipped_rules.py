"""The shipped rules hold every clause of the topics, say where each comes from, and speak both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from posecoach.rulebook.loading import load_rule_sets
from posecoach.rulebook.schema import Correction, MeasureCheck, Rule, RuleSet
from posecoach.vocabulary import Profile, State, Text, View

FOLDER = Path(__file__).parents[2] / "rules"
SETS = load_rule_sets(FOLDER)
RULES = {rule.id: rule for rules in SETS.values() for rule in rules.rules}

STANCE = [
    *("head_up", "head_level", "face_forward", "trunk_upright", "trunk_lateral", "neck_forward", "shoulders_level"),
    *("abdomen_in", "legs_straight", "centred", "no_fault_arms", "hands_front", "hands_back", "legs_together", "feet_apart", "toes_v"),
]
CLAUSES = {
    "standing": [f"stand.{name}" for name in [*STANCE, "arms_down"]],
    "morning_meeting": [f"meeting.{name}" for name in STANCE],
    "sitting": [
        *("sit.gentle", "sit.seat_depth", "sit.back_rest", "sit.trunk", "sit.trunk_lateral", "sit.shoulders_level", "sit.head_level"),
        *("sit.head_up", "sit.face_forward", "sit.knees", "sit.feet_slant", "sit.skirt", "sit.legs_forward", "sit.hands"),
        "sit.crossed_leg_down",
    ],
    "desk": [
        *("desk.head_level", "desk.gaze_level", "desk.trunk_upright", "desk.trunk_lateral", "desk.shoulders_level", "desk.hands_on_desk"),
        *("desk.shins_vertical", "desk.knees", "desk.smile", "desk.gentle", "desk.headset_mic", "desk.headset_worn"),
        "desk.weight_at_waist",
    ],
    "crouching": [
        *("crouch.staggered", "crouch.front_foot_flat", "crouch.front_shin_vertical", "crouch.rear_heel_up", "crouch.hips_down"),
        *("crouch.trunk_upright", "crouch.knees_together"),
    ],
    "smile": ["smile.present", "smile.eyes_join", "smile.held", "smile.symmetric", "gaze.facing_share"],
    "bow": [f"bow.{name}" for name in ("angle", "head_in_line", "back_straight", "knees_straight", "pace", "hold")],
    "gesture": [
        f"gesture.{name}" for name in ("hand_height", "elbow", "arm_out", "palm_up", "fingers_together", "no_pointing", "eyes_follow")
    ],
    "walking": [f"walk.{name}" for name in ("head_up", "trunk_steady", "upright", "cadence", "arm_swing")],
    "soften": [f"soften.{name}" for name in ("smile", "open", "forward_lean", "touch", "eye_contact", "nod")],
    "handshake": [f"handshake.{name}" for name in ("amplitude", "duration", "looking_away", "crossed", "clean_hands")],
    "service_flow": [
        *(f"flow.{name}" for name in ("look_once", "stand_twice", "ask_three", "phases", "farewell_look")),
        *("voice.tone", "voice.words"),
    ],
}
CITED = {"T1 站姿", "T1 坐姿", "T1 蹲姿", "T1 晨会要求", "T2 端正坐姿", "T2 微笑", "T2 耳麦", "T3 微笑", "T3 目光"}
CITED |= {"T3 手势", "T3 行姿", "T3 SOFTEN", "T3 服务流程", "T1 握手", "T1 文明用语", "T2 语音"}
NEVER = {
    *("stand.abdomen_in", "meeting.abdomen_in", "sit.seat_depth", "sit.back_rest", "sit.skirt"),
    *("desk.headset_mic", "desk.headset_worn", "desk.weight_at_waist"),
    *("soften.touch", "flow.ask_three", "voice.tone", "voice.words", "handshake.clean_hands", "handshake.crossed"),
}
CUSTOM = {"stand.no_fault_arms", "meeting.no_fault_arms", "crouch.knees_together", *CLAUSES["bow"]}
NEVER_WORSE_THAN_WARN = [
    *("handshake.amplitude", "handshake.duration", "handshake.looking_away"),
    *(
        "soften.nod",
        "gesture.fingers_together",
        "stand.toes_v",
        "meeting.toes_v",
        "sit.feet_slant",
        "sit.crossed_leg_down",
        "smile.eyes_join",
        "smile.symmetric",
    ),
]
NOT_FROM = {
    View.FRONT: [
        "cadence",
        "forward_lean",
        "angle",
        "head_in_line",
        "back_straight",
        "knees_straight",
        "trunk_upright",
        "trunk",
        "neck_forward",
        "shins_vertical",
        "legs_forward",
        "front_foot_flat",
        "rear_heel_up",
    ],
    View.THREE_QUARTER: [
        "elbow",
        "cadence",
        "angle",
        "shoulders_level",
        "trunk_upright",
        "neck_forward",
        "toes_v",
        "centred",
        "legs_together",
        "feet_apart",
    ],
    View.SIDE_LEFT: [
        "hand_height",
        "elbow",
        "palm_up",
        "fingers_together",
        "no_pointing",
        "trunk_steady",
        "shoulders_level",
        "head_level",
        "trunk_lateral",
        "feet_apart",
        "toes_v",
        "knees",
        "face_forward",
        "hands_front",
    ],
    View.BACK: ["head_up", "head_level", "face_forward", "gaze_level", "hands_front", "present", "eyes_join", "held", "symmetric"],
}


def texts(rule: Rule) -> list[Text]:
    found: list[Text | Correction | None] = [rule.clause, rule.never, rule.praise, rule.self_check, rule.correction]
    found += [check.correction for check in rule.checks]
    return [t for item in found if item for t in ((item.below, item.above) if isinstance(item, Correction) else (item,))]


@pytest.mark.parametrize("topic", CLAUSES)
def test_every_clause_of_a_topic_is_there(topic: str) -> None:
    assert sorted(rule.id for rule in SETS[topic].rules) == sorted(CLAUSES[topic])


def test_every_rule_says_where_it_comes_from() -> None:
    for rule in RULES.values():
        assert rule.source in ({"custom"} if rule.origin == "custom" else CITED), rule.id
    assert {rule.id for rule in RULES.values() if rule.origin == "custom"} == CUSTOM


def test_a_derived_rule_follows_from_a_clause_that_is_judged_likewise() -> None:
    for rule in RULES.values():
        if rule.parent:
            assert RULES[rule.parent].origin != "custom", rule.id
            assert bool(RULES[rule.parent].checks) == bool(rule.checks), rule.id


def test_rules_that_are_never_judged_say_why_and_ask_the_person() -> None:
    assert {rule.id for rule in RULES.values() if rule.never} == NEVER
    for name in NEVER:
        asked = RULES[name].self_check
        assert asked is not None
        assert asked.zh.endswith("？"), name
        assert asked.en.endswith("?"), name


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_texts_are_in_both_languages_and_short_enough_to_be_said(rule: Rule) -> None:
    for text in texts(rule):
        assert re.search("[一-鿿]", text.zh), text
        assert not re.search("[一-鿿]", text.en), text
    if rule.correction:
        assert all(len(text.zh) <= 20 for text in (rule.correction.below, rule.correction.above))


def test_texts_observe_and_do_not_characterise() -> None:
    said = " ".join(f"{text.zh} {text.en}" for rule in RULES.values() for text in texts(rule)).lower()
    for word in ("冷淡", "虚假", "假笑", "懒", "难看", "cold", "fake", "lazy", "ugly", "sloppy"):
        assert word not in said


@pytest.mark.parametrize(
    ("name", "above", "below"),
    [
        ("shoulders_level", "左肩放低", "右肩放低"),
        ("trunk_lateral", "往右", "往左"),
        ("head_level", "往左", "往右"),
        ("head_up", "抬起", "收低"),
    ],
)
def test_a_correction_goes_against_the_sign_of_the_measure(name: str, above: str, below: str) -> None:
    found = [rule for rule_id, rule in RULES.items() if rule_id.endswith(f".{name}")]
    assert found
    for rule in found:
        assert rule.correction is not None
        assert above in rule.correction.above.zh, rule.id
        assert below in rule.correction.below.zh, rule.id


def checks_in(view: View, rule: Rule) -> list[MeasureCheck]:
    return [check for check in rule.checks if view in check.view_set]


def test_no_clause_is_judged_from_where_it_cannot_be_seen() -> None:
    for view, names in NOT_FROM.items():
        for rule in RULES.values():
            if rule.id.split(".")[1] in names:
                assert not checks_in(view, rule), (rule.id, view)


@pytest.mark.parametrize("name", ["stand.hands_back", "meeting.hands_back"])
def test_hands_behind_the_back_never_pass_from_the_front(name: str) -> None:
    (check,) = checks_in(View.FRONT, RULES[name])
    assert check.cap(State(int(check.bands.states(0)))) is State.UNJUDGED
    assert check.cap(State(int(check.bands.states(1)))) is State.FAIL


@pytest.mark.parametrize("name", NEVER_WORSE_THAN_WARN)
def test_some_clauses_are_never_worse_than_warn(name: str) -> None:
    assert {check.cap(State.FAIL) for check in RULES[name].checks} == {State.WARN}


def test_straight_legs_only_warn_from_the_front() -> None:
    (check,) = checks_in(View.FRONT, RULES["stand.legs_straight"])
    assert [check.cap(state) for state in (State.PASS, State.WARN, State.FAIL)] == [State.UNJUDGED, State.WARN, State.WARN]


def ids_of(rules: RuleSet) -> set[str]:
    return {rule.id.split(".")[1] for rule in rules.rules}


def test_the_morning_meeting_asks_women_and_men_for_their_own_stance() -> None:
    meeting = SETS["morning_meeting"]
    women, men = {"legs_together", "toes_v", "hands_front"}, {"feet_apart", "hands_back"}
    female, male = meeting.for_profile(Profile.FEMALE), meeting.for_profile(Profile.MALE)
    assert ids_of(female) & (women | men) == women
    assert ids_of(male) & (women | men) == men
    assert (female.groups, male.groups) == ((), ())


def test_without_a_profile_either_stance_is_right() -> None:
    (group,) = SETS["morning_meeting"].for_profile(Profile.UNSPECIFIED).groups
    assert [{name.split(".")[1] for name in way} for way in group.any_of] == [
        {"feet_apart", "hands_back"},
        {"legs_together", "toes_v", "hands_front"},
    ]


def test_standing_freely_takes_any_arms_and_either_feet() -> None:
    for profile in Profile:
        groups = {group.id: group.any_of for group in SETS["standing"].for_profile(profile).groups}
        assert groups == {
            "stand.arms": (("stand.arms_down",), ("stand.hands_front",), ("stand.hands_back",)),
            "stand.feet": (("stand.legs_together", "stand.toes_v"), ("stand.feet_apart",)),
        }


def test_clauses_for_one_profile_do_not_apply_to_the_others() -> None:
    sitting = SETS["sitting"]
    own = {p: ids_of(sitting.for_profile(p)) & {"feet_slant", "skirt", "hands", "legs_forward"} for p in Profile}
    assert own == {Profile.FEMALE: {"feet_slant", "skirt", "hands"}, Profile.MALE: {"legs_forward"}, Profile.UNSPECIFIED: set()}


@pytest.mark.parametrize("name", ["sit.knees", "desk.knees"])
def test_without_a_profile_knees_may_be_as_far_apart_as_a_mans(name: str) -> None:
    (check,) = RULES[name].checks
    male, none, female = (check.bands_of(p, has_neutral=True).pass_.high for p in (Profile.MALE, Profile.UNSPECIFIED, Profile.FEMALE))
    assert male == none > female


def test_without_a_neutral_nothing_more_fails() -> None:
    for rule in RULES.values():
        for check in rule.checks:
            if check.bands_without_neutral:
                assert check.bands_without_neutral.warn.contains(check.bands.warn), rule.id


def test_facing_while_talking_waits_for_its_drill() -> None:
    assert [rule.id for rule in RULES.values() if rule.needs_drill] == ["gaze.facing_share"]


def test_the_readme_lists_every_shipped_rule_and_every_key() -> None:
    readme = (FOLDER / "README.md").read_text("utf-8")
    listed = re.findall(r"^\| `([a-z]+\.[a-z_]+)` \|", readme, re.MULTILINE)
    assert sorted(listed) == sorted(RULES)
    keys = {field.alias or name for name, field in Rule.model_fields.items()}
    assert {key for key in keys if f"`{key}`" not in readme} == set()
