"""Events of a person: found for the topic that asks for them, told with what was measured, judged like any clause."""

from __future__ import annotations

import pytest

from posecoach.judging.events import FINDERS, events_of, kinds_of
from posecoach.judging.pipeline import GradeOptions, grade_motion
from posecoach.measures.catalogue import MEASURES
from posecoach.vocabulary import State
from posecoach.wording import EVENTS
from tests.body.test_bows import SIDE, bowing, course
from tests.factories import motion_of
from tests.shipped import ALL_RULES, RULE_SETS


def test_every_kind_of_event_has_words_and_something_to_measure() -> None:
    assert set(EVENTS) == set(FINDERS) == {spec.event for spec in MEASURES.values()} - {""}


def test_a_topic_asks_for_the_events_its_checks_are_about() -> None:
    assert kinds_of([RULE_SETS["bow"]]) == ("bow",)
    assert kinds_of([RULE_SETS["standing"]]) == ()


def test_an_event_tells_when_it_was_and_what_was_measured() -> None:
    (event,) = events_of(bowing(30, course()), ["bow"])
    assert event.kind == "bow"
    assert (event.start_s, event.end_s) == pytest.approx((1.3, 4.2), abs=0.3)
    assert set(event.values) == {name for name, spec in MEASURES.items() if spec.event == "bow"}
    assert event.values["bow_depth_deg"] == pytest.approx(34, abs=0.5)


def test_one_bow_in_a_long_clip_is_judged_all_the_same() -> None:
    shares = [*[0.0] * 300, *course(), *[0.0] * 300]
    motion = bowing(26, shares).motion
    graded = grade_motion(motion, GradeOptions(ALL_RULES, "bow"))
    said = {verdict.id: verdict.state for verdict in graded.person.clauses}
    assert said["bow.angle"] is State.PASS
    assert said["bow.hold"] is State.PASS
    assert len(graded.person.events) == 1
    assert {e.kind for e in grade_motion(motion, GradeOptions(ALL_RULES)).person.events} == {"bow"}


def test_who_does_not_bow_is_not_judged_by_it() -> None:
    graded = grade_motion(motion_of([SIDE] * 60), GradeOptions(ALL_RULES, "bow"))
    assert {verdict.state for verdict in graded.person.clauses} == {State.UNJUDGED}
    assert graded.person.events == ()
