"""The steps of a drill are found in a recording, and each fault is given to the step it was made in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from posecoach.body.motion import Motion
from posecoach.judging.drills import StepSpan, first_moment
from posecoach.judging.pipeline import STEP_NOT_SEEN, Graded, GradeOptions, grade_motion
from posecoach.rulebook.drill_loading import parse_drill
from posecoach.vocabulary import State
from tests.body.test_bows import SIDE, bowing, course
from tests.body.test_movements import rising
from tests.factories import CROUCHING, STANDING, moving
from tests.shipped import BOOK

ALL = GradeOptions(tuple(BOOK.rule_sets.values()), drills=tuple(BOOK.drills.values()))
FRONT = replace(STANDING, arm_out_deg=0.0)
BEFORE_THE_CAMERA = [(FRONT, 7.0), (SIDE, 6.0), (replace(CROUCHING, turn_deg=90.0), 5.0), (FRONT, 6.0)]


def graded(motion: Motion, drill: str) -> Graded:
    return grade_motion(motion, replace(ALL, drill=drill))


def starts(found: Graded) -> list[float | None]:
    return [step.start_s for step in found.person.steps]


def test_the_steps_of_the_full_check_are_found_by_what_shows_them() -> None:
    found = graded(moving(BEFORE_THE_CAMERA), "appearance")
    assert starts(found) == pytest.approx([0.0, 7.0, 13.0, 18.0], abs=0.6)
    assert [step.end_s for step in found.person.steps][:-1] == starts(found)[1:]
    assert found.warnings == ()
    judged = [{c.id.split(".")[0] for c in step.clauses if c.state is not State.UNJUDGED} for step in found.person.steps]
    assert judged == [{"stand"}, {"stand"}, {"crouch"}, {"smile"}]


def test_a_fault_is_given_to_its_step_and_counts_in_the_whole() -> None:
    crooked = replace(FRONT, shoulder_tilt_deg=9.0)
    found = graded(moving([(crooked, 7.0), *BEFORE_THE_CAMERA[1:]]), "appearance")
    failing = [[c.id for c in step.clauses if c.state is State.FAIL] for step in found.person.steps]
    assert "stand.shoulders_level" in failing[0]
    assert "stand.shoulders_level" not in failing[1]
    assert found.person.steps[0].state is State.FAIL
    whole = {c.id: c for c in found.person.clauses}
    assert len(whole) == len(found.person.clauses), "each clause once"
    assert whole["stand.shoulders_level"].state is State.FAIL
    assert len(found.judgement.tracks) == len(found.person.clauses)


def test_a_step_that_was_left_out_is_told_and_the_others_are_found() -> None:
    found = graded(moving([BEFORE_THE_CAMERA[0], BEFORE_THE_CAMERA[2], BEFORE_THE_CAMERA[3]]), "appearance")
    assert [start is None for start in starts(found)] == [False, True, False, False]
    assert found.person.steps[1].clauses == ()
    assert STEP_NOT_SEEN in found.warnings


def test_nobody_does_no_step() -> None:
    found = graded(moving([(None, 5.0)]), "appearance")
    assert starts(found) == [None] * 4
    assert found.warnings == ("no_person",)


def bows(*degrees: float) -> Motion:
    shares: Sequence[float] = [share for depth in degrees for share in np.array(course()) * depth / 45]
    return bowing(45.0, shares).motion


def test_each_bow_is_judged_by_the_depth_that_its_step_asks_for() -> None:
    found = graded(bows(13, 28, 43), "bows")
    angles = [next(c for c in step.clauses if c.id == "bow.angle") for step in found.person.steps]
    assert [c.state for c in angles] == [State.PASS] * 3
    assert [c.value for c in angles] == pytest.approx([15, 30, 45], abs=3)
    shallow = graded(bows(13, 12, 43), "bows")
    states = [next(c.state for c in step.clauses if c.id == "bow.angle") for step in shallow.person.steps]
    assert states == [State.PASS, State.FAIL, State.PASS]
    assert next(c for c in shallow.person.clauses if c.id == "bow.angle").state is State.FAIL


def test_sitting_down_and_getting_up_have_their_slow_beginnings_and_ends() -> None:
    found = graded(rising(0.42 * np.array(course(down=15, hold=60, up=15))).motion, "sit_and_rise")
    down, seated, get_up, _ = found.person.steps
    assert (down.start_s, down.end_s) == pytest.approx((1.2, 2.7), abs=0.5)
    assert seated.start_s == down.end_s
    assert get_up.start_s == pytest.approx(8.7, abs=0.7), "real people lean forward before the head rises; these do not"


def test_the_time_of_a_step_bounds_the_next_one_of_the_same_look() -> None:
    text = """
drill: twice
title: {zh: 站两次, en: Standing twice}
steps:
  - {id: first, title: {zh: 一, en: One}, prompt: {zh: 站, en: Stand}, begins: [{posture: standing}], ends: [{seconds: 4}]}
  - {id: second, title: {zh: 二, en: Two}, prompt: {zh: 站, en: Stand}, begins: [{posture: standing}], ends: [{seconds: 2}]}
  - {id: third, title: {zh: 三, en: Three}, prompt: {zh: 站, en: Stand}, ends: [{click: true}]}
"""
    drill = parse_drill(text, "twice.yaml", BOOK.rule_sets)
    found = grade_motion(moving([(FRONT, 9.0)]), replace(ALL, drill="twice", drills=(drill,)))
    assert starts(found) == pytest.approx([0.0, 4.0, 6.0], abs=0.2)


def test_steps_done_when_the_one_who_watched_says() -> None:
    motion = moving(BEFORE_THE_CAMERA)
    spans = (StepSpan(1000.0, 5000.0), None, None, None)
    found = grade_motion(motion, replace(ALL, drill="appearance"), spans=spans)
    assert (found.person.steps[0].start_s, found.person.steps[0].end_s) == (1.0, 5.0)
    assert starts(found)[1:] == [None] * 3


@pytest.mark.parametrize(
    ("moments", "after", "lasts", "found"),
    [
        ([(5.0, 5.0)], 0.0, 1.0, 5.0),
        ([(5.0, 5.0)], 5.0, 1.0, None),
        ([(0.0, 9.0)], 3.0, 2.0, 5.0),
        ([(0.0, 4.0), (8.0, 9.0)], 3.0, 2.0, 8.0),
        ([(0.0, 9.0), (4.0, 9.0)], 3.0, 2.0, 4.0),
    ],
    ids=["an event", "an event that was used", "what goes on", "what ended too soon", "what begins meanwhile"],
)
def test_the_first_moment(moments: list[tuple[float, float]], after: float, lasts: float, found: float | None) -> None:
    assert first_moment(moments, after, lasts) == found


def test_a_desk_hides_no_step_that_is_told_by_events() -> None:
    assert all(cue.event for step in BOOK.drills["window"].steps for cue in step.begins), "behind a counter no posture is seen"
