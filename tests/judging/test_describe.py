"""What the annotator is told about a frame."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from posecoach.judging.describe import scene_at
from posecoach.judging.pipeline import GradeOptions, grade_motion
from posecoach.judging.scene import Scene
from posecoach.measures.catalogue import MEASURES
from posecoach.vocabulary import Posture, State, View
from tests.factories import STANDING, Figure, moving, still
from tests.rule_factories import ABOVE, STEP, never, rule, rule_set

KNEES = {"measure": "knee_angle_deg", "views": ("side",), "bands": {"pass": (165, None), "warn": (155, None)}}
RULES = rule_set(
    rule("stand.plain", priority=10),
    rule("stand.close", (STEP,), priority=20),
    rule("stand.side", (KNEES,), priority=99),
    rule("stand.urgent", priority=30),
    never(),
)


def scene(figure: Figure, i: int = 10) -> Scene:
    return scene_at(grade_motion(still(figure), GradeOptions((RULES,))), i)


def labels(of: Scene) -> list[str]:
    return [mark.label.en for mark in of.marks]


def test_faults_come_first_and_then_what_is_more_urgent() -> None:
    assert labels(scene(Figure(ankle_gap_sw=1.0))) == ["stand.close", "stand.urgent", "stand.plain"]
    assert labels(scene(Figure(ankle_gap_sw=0.7))) == ["stand.close", "stand.urgent", "stand.plain"]
    assert labels(scene(Figure(shoulder_tilt_deg=8, ankle_gap_sw=1.0))) == ["stand.urgent", "stand.close", "stand.plain"]
    assert labels(scene(STANDING)) == ["stand.urgent", "stand.close", "stand.plain"]


def test_what_is_not_judged_is_not_shown() -> None:
    assert labels(scene(STANDING.seen_from(90))) == ["stand.side"]
    assert labels(scene(replace(STANDING, px_per_m=20.0))) == []


def test_a_mark_tells_value_limits_place_and_only_for_a_fault_what_to_do() -> None:
    fault, good = (scene(Figure(shoulder_tilt_deg=tilt)).marks for tilt in (8, 1))
    by_name = {mark.label.en: mark for mark in fault}
    level, close = by_name["stand.plain"], by_name["stand.close"]
    assert (level.state, level.unit, level.limits, level.correction) == (State.FAIL, "deg", (-3, 3), ABOVE)
    assert level.value == pytest.approx(8, abs=0.01)
    assert level.drawing is MEASURES["shoulder_tilt_deg"].drawing
    assert (close.state, close.band, close.correction) == (State.PASS, (None, 0.6), None)
    assert [mark.correction for mark in good] == [None] * 3


def test_a_mark_of_a_clip_tells_the_plus_minus_of_the_clause_where_it_is_known_whose_it_is() -> None:
    tilt = {"measure": "shoulder_tilt_deg", "views": ("front",), "bands": {"pass": (-3, 3), "warn": (-5, 5)}}
    graded = grade_motion(still(STANDING), GradeOptions((rule_set(rule("stand.plain"), rule("stand.two", (tilt, STEP))),)))
    marks = {mark.label.en: mark for mark in scene_at(graded, 10).marks}
    assert marks["stand.plain"].error_95 == graded.judgement.verdicts[0].error_95 is not None
    assert marks["stand.two"].error_95 is None


def test_a_scene_has_the_landmarks_posture_view_and_score_of_its_frame() -> None:
    graded = grade_motion(moving([(STANDING, 3), (None, 2)]), GradeOptions((RULES,)))
    there, away = scene_at(graded, 5), scene_at(graded, 45)
    assert (there.posture, there.view, there.score) == (Posture.STANDING, View.FRONT, 100.0)
    assert np.array_equal(there.landmarks.pose_px, graded.body.motion.pose_px[5])
    assert (away.posture, away.marks) == (Posture.ABSENT, ())
    assert not away.landmarks.has_pose
