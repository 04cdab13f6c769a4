"""Which permitted form is met, which was meant, and what is said where neither can be told."""

from __future__ import annotations

from typing import Any

import pytest

from posecoach.rulebook.groups import Member, best_alternative, is_meant, settle
from posecoach.rulebook.schema import Group, Rule
from posecoach.vocabulary import Profile, State, Text
from tests.rule_factories import ABOVE, LEVEL, either, rule
from tests.shipped import RULE_SETS

STANCE = RULE_SETS["morning_meeting"].for_profile(Profile.UNSPECIFIED).groups[0]
GROUP = Group.model_validate(either(["a.x", "b.x"], ["c.x"]))


def members(states: str, off: dict[str, float] | None = None, **fields: Any) -> dict[str, Member]:
    """Three rules a, b and c in these states, and how far they are off."""
    found = {}
    for name, word in zip("abc", states.split(), strict=True):
        found[f"{name}.x"] = Member(Rule.model_validate(rule(f"{name}.x", **fields)), State[word.upper()], (off or {}).get(name, 0.0))
    return found


def stance(**states: tuple[str, float]) -> dict[str, Member]:
    """The shipped stances of the morning meeting as judged."""
    rules = RULE_SETS["morning_meeting"]
    return {f"meeting.{name}": Member(rules.rule(f"meeting.{name}"), State[word.upper()], off) for name, (word, off) in states.items()}


@pytest.mark.parametrize(
    ("states", "off", "best"),
    [
        pytest.param("fail pass pass", {}, ("c",), id="an alternative is as good as its worst member"),
        pytest.param("pass pass pass", {}, ("a", "b"), id="of equals the first in the file"),
        pytest.param("warn pass fail", {}, ("a", "b"), id="a warning beats a failure"),
        pytest.param("pass unjudged fail", {}, ("a", "b"), id="half seen beats a failure"),
        pytest.param("fail pass fail", {"a": 3.0, "c": 1.0}, ("c",), id="the nearer failure"),
        pytest.param("fail pass fail", {"a": 1.0, "b": 9.0, "c": 2.0}, ("a", "b"), id="a member that passes does not count as off"),
    ],
)
def test_the_best_alternative(states: str, off: dict[str, float], best: tuple[str, ...]) -> None:
    assert best_alternative(GROUP, members(states, off)) == tuple(f"{name}.x" for name in best)


@pytest.mark.parametrize(
    ("states", "off", "meant"),
    [
        pytest.param("fail pass fail", {"a": 1.0, "c": 4.0}, True, id="part of it is met, and nothing of the other"),
        pytest.param("fail fail fail", {"a": 1.0, "b": 1.0, "c": 4.0}, True, id="plainly nearer"),
        pytest.param("fail fail fail", {"a": 1.0, "b": 1.5, "c": 2.4}, False, id="about as near"),
        pytest.param("fail pass fail", {"a": 4.0, "c": 1.0}, False, id="the nearer one, but part of the other is met"),
        pytest.param("fail warn fail", {"a": 4.0, "c": 1.0}, False, id="or nearly met"),
        pytest.param("fail unjudged fail", {"a": 4.0, "c": 1.0}, False, id="or may be met"),
        pytest.param("fail fail fail", {"a": 4.0, "b": 1.0, "c": 1.0}, True, id="nothing of the other is met"),
    ],
)
def test_the_form_that_was_meant(states: str, off: dict[str, float], meant: bool) -> None:
    judged = members(states, off)
    assert is_meant(GROUP, best_alternative(GROUP, judged), judged) is meant
    words = {kept.correction_for(kept.checks[0], is_below=False) for kept in settle(GROUP, judged).values()}
    assert words == {ABOVE if meant else Text("任选", "Either")}


def test_what_never_fails_tells_nothing_of_what_was_meant() -> None:
    judged = members("fail pass fail", {"a": 4.0, "c": 1.0}, checks=(LEVEL | {"allow": ("pass", "warn")},))
    judged["a.x"] = Member(Rule.model_validate(rule("a.x")), State.FAIL, 4.0)
    assert is_meant(GROUP, ("c.x",), judged)


def test_a_group_has_one_verdict_where_nothing_tells_what_was_meant() -> None:
    both_fail = members("fail fail fail", {"a": 1.0, "b": 1.2, "c": 1.5})
    assert list(settle(GROUP, both_fail)) == ["a.x"]


def test_a_check_has_no_words_of_its_own_then() -> None:
    own = {"correction": {"zh": "把手放下", "en": "put your hands down"}}
    kept = settle(GROUP, members("fail pass fail", {"a": 4.0, "c": 1.0}, checks=(LEVEL | own,)))["c.x"]
    assert kept.correction_for(kept.checks[0], is_below=True) == Text("任选", "Either")


def test_feet_together_and_arms_at_the_sides_are_not_told_to_part_the_feet() -> None:
    """As measured on a woman of a rendered row: her feet are together, whether her hands are behind her is not seen."""
    judged = stance(
        feet_apart=("fail", 1.1),
        hands_back=("unjudged", 0.0),
        legs_together=("pass", -0.6),
        toes_v=("warn", 0.0),
        hands_front=("fail", 5.4),
    )
    (kept,) = settle(STANCE, judged).values()
    assert {kept.correction_for(check, is_below) for check in kept.checks for is_below in (True, False)} == {STANCE.words}
    assert "任选" not in STANCE.words.zh
    assert "手放腹前" in STANCE.words.zh
    assert "手放身后" in STANCE.words.zh


def test_hands_joined_in_front_over_parted_legs_are_told_to_close_the_legs() -> None:
    judged = stance(
        feet_apart=("fail", 2.7), hands_back=("fail", 9.0), legs_together=("fail", 7.6), toes_v=("pass", -1.0), hands_front=("pass", -0.4)
    )
    assert set(settle(STANCE, judged)) == {"meeting.legs_together", "meeting.toes_v", "meeting.hands_front"}


@pytest.mark.parametrize("topic", ["morning_meeting", "standing"])
def test_every_shipped_group_says_what_the_choice_is(topic: str) -> None:
    for group in RULE_SETS[topic].groups:
        assert group.correction is not None
        assert group.words.zh.startswith("请")
