"""A body that stays where it was is in the posture it was in; one that has gone elsewhere is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from posecoach.body.landmarks import Pose
from posecoach.body.motion import Motion
from posecoach.body.posture import observe
from posecoach.vocabulary import Posture
from tests.factories import BEHIND_A_DESK, CROUCHING, LEGS, SITTING, STANDING, Figure, Leg, Shot, collapsed, moving, sitting_down, still

HALF_HIDDEN = 0.4


def said(motion: Motion) -> list[str]:
    return [Posture(int(code)).word for code in observe(motion).posture]


def dimmed(motion: Motion, frames: slice, joints: Sequence[Pose] = LEGS, visibility: float = HALF_HIDDEN) -> Motion:
    """The motion with some joints hardly seen at some frames."""
    seen = motion.pose_visibility.copy()
    seen[frames, list(joints)] = visibility
    return replace(motion, pose_visibility=seen)


@pytest.mark.parametrize("figure", [STANDING, SITTING.seen_from(90), CROUCHING.seen_from(-90)], ids=["standing", "sitting", "crouching"])
@pytest.mark.parametrize("frames", [slice(0, 12), slice(28, 40), slice(15, 25)], ids=["before", "after", "between"])
def test_knees_hardly_seen_for_a_while_are_where_they_were(figure: Figure, frames: slice) -> None:
    whole = said(still(figure, 4.0))
    assert len(set(whole)) == 1
    assert said(dimmed(still(figure, 4.0), frames)) == whole


@pytest.mark.parametrize("since", [25, 35])
def test_a_skeleton_not_trusted_is_in_the_posture_of_the_legs_that_stay(since: int) -> None:
    body = observe(collapsed(still(STANDING, 4.5), since))
    assert body.is_astray[since + 5 :].all()
    assert set(body.posture.tolist()) == {Posture.STANDING}


def test_a_posture_is_prolonged_for_no_longer_than_it_was_known() -> None:
    found = said(collapsed(still(STANDING, 6.0), since=20))
    known = int(np.flatnonzero(~observe(collapsed(still(STANDING, 6.0), since=20)).is_astray)[-1]) + 1
    assert found == ["standing"] * 2 * known + ["unknown"] * (60 - 2 * known)


def test_legs_that_move_away_while_hardly_seen_are_in_no_known_posture() -> None:
    motion = moving([(STANDING, 3), (SITTING, 3)])
    assert set(said(dimmed(motion, slice(30, 60)))[30:]) == {"unknown"}
    walked = still(STANDING, 6.0)
    px = walked.pose_px.copy()
    px[30:] += (60.0, 0.0)
    assert set(said(dimmed(replace(walked, pose_px=px), slice(30, 60)))[30:]) == {"unknown"}


def test_legs_hidden_all_the_time_stay_unknown() -> None:
    assert set(said(still(BEHIND_A_DESK, 4.0))) == {"unknown"}
    assert set(said(dimmed(still(STANDING, 4.0), slice(20, 40), visibility=0.1))[20:]) == {"unknown"}


def test_a_short_squat_is_no_standing() -> None:
    """A man in a film squats and is up again within a second: for no half second he was in one posture, and was said to stand."""
    steps = [(figure, 0.3) for figure in (lowered(0.5), CROUCHING, lowered(0.5))]
    found = said(moving([(STANDING, 2), *steps, (STANDING, 2)]))
    assert set(found[:20]) == set(found[29:]) == {"standing"}
    assert "standing" not in found[20:29]


def lowered(part: float) -> Figure:
    """Part of the way from standing to sitting."""
    leg = replace(STANDING.left, thigh_down_deg=90 - part * 65, shin_forward_deg=-20)
    return replace(STANDING, left=leg, right=leg)


@pytest.mark.parametrize("fps", [5, 10, 30])
def test_a_jump_of_one_frame_is_none(fps: float) -> None:
    parts: list[tuple[Figure | None, float]] = [(STANDING, 2), (SITTING.seen_from(90), 1 / fps), (STANDING, 2)]
    assert set(said(moving(parts, Shot(fps=fps)))) == {"standing"}


def without_a_head(motion: Motion, up_px: float) -> Motion:
    """The motion higher up, so that the head of whoever stands is above the picture."""
    return replace(motion, pose_px=motion.pose_px - np.array((0.0, up_px), np.float32))


UP_PX = 370.0


def test_who_stands_with_the_head_above_the_picture_and_goes_down_stood() -> None:
    body = observe(without_a_head(sitting_down(1.0, before_s=2.0, after_s=4.0), UP_PX))
    assert body.is_astray[:20].all()
    assert not body.is_astray[40:].any()
    words = [Posture(int(code)).word for code in body.posture]
    assert set(words[:18]) == {"standing"}
    assert set(words[35:]) == {"sitting"}


def test_a_skeleton_without_a_head_that_jumps_onto_a_body_was_on_none() -> None:
    motion = without_a_head(sitting_down(1.0, before_s=2.0, after_s=4.0), UP_PX)
    elsewhere = motion.pose_px.copy()
    elsewhere[:22] += (150.0, 0.0)
    assert set(said(replace(motion, pose_px=elsewhere))[:20]) == {"unknown"}


def test_a_picture_without_a_head_alone_tells_nothing() -> None:
    assert set(said(without_a_head(still(STANDING.seen_from(90), 3.0), UP_PX))) == {"unknown"}


def bent_down(figure: Figure) -> Figure:
    """Who sits and reaches to the floor: the hips roll up, and the legs are not as they were."""
    return replace(figure, lean_forward_deg=75.0, is_arm_sideways=False, left=Leg(40.0, -45.0), right=Leg(40.0, -45.0))


@pytest.mark.parametrize("turn_deg", [90, -90])
def test_who_bends_from_a_seat_and_comes_up_on_it_sat_all_along(turn_deg: float) -> None:
    seat = SITTING.seen_from(turn_deg)
    bent = bent_down(seat)
    assert set(said(still(bent, 2.0))) == {"unknown"}
    assert set(said(moving([(seat, 1), (bent, 1.5), (seat, 1)]))) == {"sitting"}
    assert set(said(moving([(seat, 1), (bent, 2.5), (seat, 1)]))[10:35]) == {"unknown"}
    assert set(said(moving([(seat, 1), (bent, 1.5)]))[10:]) == {"unknown"}


@pytest.mark.parametrize("part", [0.0, 0.5])
def test_who_rises_unseen_and_sits_down_again_did_not_sit_all_along(part: float) -> None:
    motion = moving([(SITTING, 2), (lowered(part), 1.5), (SITTING, 2)])
    assert set(said(dimmed(motion, slice(20, 35)))[20:35]) == {"unknown"}
