"""Front and side of one person complete each other."""

from __future__ import annotations

from posecoach.judging.results import ClauseVerdict, PersonResult, Seen, TopicResult, Unseen
from posecoach.judging.together import Part, topics_of
from posecoach.vocabulary import Reason, State
from tests.rule_factories import LEVEL, never, rule, rule_set

SIDE = LEVEL | {"views": ("side", "back")}
STAND = rule_set(*(rule(f"stand.{name}") for name in "ab"), *(rule(f"stand.{name}", (SIDE,)) for name in "cd"), never())
SIT = rule_set(rule("sit.a"), topic="sitting", postures=("sitting",))


def person(name: str | None = "李", **said: str) -> PersonResult:
    """Somebody with verdicts on stand.a, stand.b ...; a word that is no state is the reason why there is none."""
    return PersonResult(1, name, None, "improve", (), tuple(_said_of(f"stand.{key}", word) for key, word in said.items()))


def _said_of(rule_id: str, word: str) -> ClauseVerdict:
    if word.upper() in State.__members__:
        return ClauseVerdict(rule_id, State[word.upper()], Reason.NONE, 1.0, "deg", 1.0, 1.0, 0.0, None, "T1 站姿")
    return ClauseVerdict(rule_id, State.UNJUDGED, Reason[word.upper()], None, "deg", 0.0, None, None, None, "T1 站姿")


FRONT = person(a="pass", b="pass", c="view", d="view", belly="never")
FROM_SIDE = person(a="view", b="view", c="fail", d="pass", belly="never")


def test_what_one_view_does_not_show_the_other_does() -> None:
    (found,) = topics_of([Part("front.mp4", FRONT), Part("side.mp4", FROM_SIDE)], (STAND, SIT))
    assert found == TopicResult("李", None, "standing", (Seen("front.mp4", 1), Seen("side.mp4", 1)), 75.0, "improve", ())


def test_what_is_still_unseen_is_told_with_the_views_that_show_it() -> None:
    (found,) = topics_of([Part("front.mp4", FRONT)], (STAND,))
    assert (found.outcome, found.score) == ("not_enough", None)
    assert found.unseen == tuple(Unseen(f"stand.{name}", Reason.VIEW, ("side", "back")) for name in "cd")


def test_the_worst_verdict_counts_whichever_clip_comes_first() -> None:
    good, bad = person(a="pass", b="pass", c="pass"), person(a="pass", b="pass", c="fail")
    for clips in ((good, bad), (bad, good)):
        (found,) = topics_of([Part(f"{i}.mp4", clip) for i, clip in enumerate(clips)], (STAND,))
        assert found.outcome == "improve"


def test_a_form_that_another_replaced_is_not_missing() -> None:
    (found,) = topics_of([Part("a.mp4", person(a="not_applicable", b="pass")), Part("b.mp4", person(a="view"))], (STAND,))
    assert found.unseen == ()


def test_why_it_is_unseen_is_told_by_the_clip_that_could_have_shown_it() -> None:
    (found,) = topics_of([Part("a.mp4", person(c="view")), Part("b.mp4", person(c="occluded"))], (STAND,))
    assert [unseen.reason for unseen in found.unseen] == [Reason.OCCLUDED]


def test_people_of_one_name_are_told_apart_by_their_group_and_the_nameless_by_their_clip() -> None:
    parts = [
        Part("a.mp4", FRONT, "一组"),
        Part("b.mp4", FROM_SIDE, "二组"),
        Part("c.mp4", person(None, a="pass")),
        Part("d.mp4", person(None, a="pass")),
    ]
    assert [(t.name, t.group, t.clips[0].path) for t in topics_of(parts, (STAND,))] == [
        ("李", "一组", "a.mp4"),
        ("李", "二组", "b.mp4"),
        (None, None, "c.mp4"),
        (None, None, "d.mp4"),
    ]
