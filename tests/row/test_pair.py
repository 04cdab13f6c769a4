"""Two people who shake hands: each is judged with the other, from fresh landmarks as from stored ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from posecoach.body.landmarks import Pose
from posecoach.body.motion import Motion
from posecoach.body.records import Track
from posecoach.judging.pipeline import GradeOptions
from posecoach.row.pair import grade_pair, is_for_two, told_of_pair
from posecoach.storage.landmark_files import load_pair, save_pair
from posecoach.vocabulary import Reason, State
from tests.factories import NO_FACE, SIZE_WH, STANDING, Shot, face, motion_of, times_ms
from tests.shipped import ALL_RULES

OPTIONS = GradeOptions(ALL_RULES, "handshake")


def pair(seconds: float, swing_m: float = 0.0, away_s: float = 0.0) -> list[Motion]:
    """Two people at 1 m who face each other and join their right hands after a second."""
    t_s = times_ms(int(10 * (seconds + 2))) / 1000
    motions = []
    for side in (-1, 1):
        figures = []
        for t in t_s:
            is_on = 1 <= t < 1 + seconds
            hand = (-0.1, 0.25 + swing_m / 2 * np.sin(2 * np.pi * 2 * t), 0.45) if is_on else (-0.22, 0.0, 0.0)
            figures.append(
                replace(STANDING, at={Pose.RIGHT_WRIST: hand}, turn_deg=-90.0 if side < 0 else 90.0, offset_px=(150.0 * side, 0.0))
            )
        motion = motion_of(figures, Shot(face=NO_FACE))
        motion.face[(t_s >= 1.2) & (t_s < 1.2 + away_s) & (side < 0)] = face(yaw_left_deg=38.0)
        motions.append(motion)
    return motions


def said(motions: list[Motion]) -> list[dict[str, State]]:
    return [{clause.id.split(".")[1]: clause.state for clause in one.person.clauses} for one in grade_pair(motions, OPTIONS)]


def test_a_right_handshake_passes_for_both() -> None:
    graded = grade_pair(pair(3.0), OPTIONS)
    assert [one.person.id for one in graded] == [1, 2]
    for one in graded:
        (event,) = one.person.events
        assert event.kind == "handshake"
        assert (event.start_s, event.end_s) == pytest.approx((1.0, 3.9), abs=0.2)
        judged = {c.state for c in one.person.clauses if c.reason is not Reason.NEVER}
        assert judged == {State.PASS}


def test_faults_warn_and_never_fail() -> None:
    assert [one["duration"] for one in said(pair(6.5))] == [State.WARN, State.WARN]
    assert [one["amplitude"] for one in said(pair(3.0, swing_m=0.2))] == [State.WARN, State.WARN]
    assert [one["looking_away"] for one in said(pair(4.0, away_s=2.0))] == [State.WARN, State.PASS]


def test_who_is_alone_shakes_no_hands() -> None:
    graded = grade_pair(pair(3.0)[:1], OPTIONS)
    assert {clause.state for clause in graded[0].person.clauses} == {State.UNJUDGED}
    assert told_of_pair(graded) == ("posture_not_seen",)
    assert told_of_pair([]) == ("no_person",)


def test_only_a_topic_for_two_takes_two() -> None:
    assert is_for_two(OPTIONS)
    assert not is_for_two(replace(OPTIONS, drill="standing"))
    assert not is_for_two(replace(OPTIONS, drill="auto"))


def test_both_are_kept_and_read_back(tmp_path: Path) -> None:
    tracks = [
        Track.from_landmarks([0.0, 100.0 + i], [motion.landmarks_at(0), motion.landmarks_at(1)], SIZE_WH)
        for i, motion in enumerate(pair(1.0))
    ]
    save_pair(tmp_path / "a.npz", tracks, {})
    assert [motion.t_ms[1] for motion in load_pair(tmp_path / "a.npz")] == [100.0, 101.0]
    save_pair(tmp_path / "b.npz", tracks[:1], {})
    assert len(load_pair(tmp_path / "b.npz")) == 1
    save_pair(tmp_path / "a.npz", tracks[:1], {})
    assert len(load_pair(tmp_path / "a.npz")) == 1, "the second person of an earlier grading stayed"
