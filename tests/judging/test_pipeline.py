"""From frames to a graded person, with pictures from a list and landmarks found before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import TracebackType
from typing import Literal

import numpy as np
import pytest

from posecoach.body.motion import Motion
from posecoach.body.records import Frame, Segment
from posecoach.judging.pipeline import BLOCK_FRAMES, NO_PERSON, POSTURE_NOT_SEEN, GradeOptions, follow, grade_motion
from posecoach.vocabulary import Posture, Profile, State, View
from tests.factories import BEHIND_A_DESK, SITTING, SIZE_WH, STANDING, Figure, Shot, motion_of, moving, still, track_of
from tests.replay import ReplayEstimator
from tests.rule_factories import STEP, rule, rule_set
from tests.shipped import ALL_RULES

STANDING_SET = rule_set(rule(), rule("stand.close", (STEP,), weight=3.0), min_judged=2)


class ListedFrames:
    """A source of small black pictures at the given times."""

    name = "list"
    kind: Literal["video", "picture"] = "video"
    duration_s: float | None = None
    fps = 10.0

    def __init__(self, t_ms: list[float]) -> None:
        self.size_wh = SIZE_WH
        self.warnings: list[str] = []
        self._t_ms = t_ms

    def __iter__(self) -> Iterator[Frame]:
        for index, t_ms in enumerate(self._t_ms):
            yield Frame(np.zeros((2, 2, 3), np.uint8), index, t_ms, self.name)

    def __enter__(self) -> ListedFrames:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Nothing to close."""


def replayed(motion: Motion) -> Motion:
    """The motion after a walk through source, estimator and blocks; faces are not kept."""
    source = ListedFrames(motion.t_ms.tolist())
    return Motion.join([Motion.of(block) for block in follow(source, ReplayEstimator(track_of(motion)))])


@pytest.mark.parametrize(
    ("count", "lengths"),
    [
        pytest.param(0, [0], id="an empty source gives one empty block"),
        pytest.param(1, [1], id="a still picture"),
        pytest.param(BLOCK_FRAMES - 1, [BLOCK_FRAMES - 1], id="less than a block"),
        pytest.param(2 * BLOCK_FRAMES + 8, [BLOCK_FRAMES, BLOCK_FRAMES, 8], id="two blocks and a rest"),
    ],
)
def test_frames_come_in_blocks(count: int, lengths: list[int]) -> None:
    motion = motion_of([STANDING] * count)
    blocks = list(follow(ListedFrames(motion.t_ms.tolist()), ReplayEstimator(track_of(motion))))
    assert [len(block) for block in blocks] == lengths
    assert [t for block in blocks for t in block.t_ms] == motion.t_ms.tolist()


def test_every_frame_is_announced_once_and_in_order() -> None:
    seen: list[int] = []
    motion = motion_of([STANDING] * (BLOCK_FRAMES + 3))
    for block in follow(ListedFrames(motion.t_ms.tolist()), ReplayEstimator(track_of(motion)), lambda frame: seen.append(frame.index)):
        assert len(seen) >= len(block)
    assert seen == list(range(BLOCK_FRAMES + 3))


def test_memory_holds_one_block_of_frames() -> None:
    """The first block comes before the source is read to its end."""
    seen: list[int] = []
    motion = motion_of([STANDING] * (3 * BLOCK_FRAMES))
    blocks = follow(ListedFrames(motion.t_ms.tolist()), ReplayEstimator(track_of(motion)), lambda frame: seen.append(frame.index))
    next(blocks)
    assert len(seen) == BLOCK_FRAMES


def test_replayed_landmarks_are_judged_like_fresh_ones() -> None:
    figures: list[tuple[Figure | None, float]] = [(STANDING, 20), (None, 2), (replace(STANDING, shoulder_tilt_deg=8), 15)]
    fresh = moving(figures, Shot(noise_px=1.0))
    options = GradeOptions((STANDING_SET,))
    first, second = (grade_motion(replace(motion, face=np.full_like(motion.face, np.nan)), options) for motion in (fresh, replayed(fresh)))
    assert first.person == second.person


def test_a_landmark_beyond_the_stored_ones_is_nobody() -> None:
    (block,) = follow(ListedFrames([0.0, 100.0]), ReplayEstimator(track_of(motion_of([STANDING]))))
    assert [block.at(i).has_pose for i in range(2)] == [True, False]


def test_a_person_is_graded_with_score_outcome_segments_and_name() -> None:
    tilted = replace(STANDING, shoulder_tilt_deg=8)
    graded = grade_motion(still(tilted, 4.0), GradeOptions((STANDING_SET,), name="李娜"))
    person = graded.person
    assert {v.id: v.state for v in person.clauses} == {"stand.level": State.FAIL, "stand.close": State.PASS}
    assert (person.name, person.score, person.outcome) == ("李娜", 75.0, "not_met")
    assert person.segments == (Segment(0.0, 4.0, Posture.STANDING, View.FRONT),)
    assert graded.warnings == ()


@pytest.mark.parametrize(
    ("figure", "drill", "warnings"),
    [
        pytest.param(None, "auto", (NO_PERSON,), id="nobody"),
        pytest.param(None, "standing", (NO_PERSON,), id="nobody in a named drill"),
        pytest.param(SITTING, "standing", (POSTURE_NOT_SEEN,), id="sitting in a standing drill"),
        pytest.param(SITTING, "auto", (), id="sitting without a named drill"),
        pytest.param(STANDING, "standing", (), id="standing in a standing drill"),
        pytest.param(BEHIND_A_DESK, "standing", (), id="who may be standing in a standing drill"),
        pytest.param(SITTING, "smile", (), id="a smile drill in any posture"),
    ],
)
def test_warnings(figure: Figure | None, drill: str, warnings: tuple[str, ...]) -> None:
    graded = grade_motion(moving([(figure, 3.0)]), GradeOptions(ALL_RULES, drill))
    assert graded.warnings == warnings
    if warnings:
        assert {v.state for v in graded.person.clauses} <= {State.UNJUDGED}
        assert (graded.person.score, graded.person.outcome) == (None, "not_judged")


def test_which_rule_files_count() -> None:
    assert [s.topic for s in GradeOptions(ALL_RULES, "desk").active_rule_sets] == ["desk"]
    assert {s.topic for s in GradeOptions(ALL_RULES).active_rule_sets} == {"standing", "sitting", "crouching", "smile"}


def test_the_asked_drill_that_never_occurs_is_not_applicable_throughout() -> None:
    clauses = grade_motion(still(SITTING), GradeOptions(ALL_RULES, "standing", Profile.FEMALE)).person.clauses
    assert {v.reason.word for v in clauses} == {"not_applicable", "never"}


@pytest.mark.parametrize("drill", ["auto", *(rules.topic for rules in ALL_RULES)])
@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize("count", [0, 1, 30])
def test_nothing_in_the_picture_breaks_no_drill(drill: str, profile: Profile, count: int) -> None:
    person = grade_motion(motion_of([None] * count), GradeOptions(ALL_RULES, drill, profile)).person
    assert person.score is None
