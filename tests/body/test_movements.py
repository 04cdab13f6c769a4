"""Steps, nods, guiding gestures, getting up and sitting down are found when they are, and what only looks like them is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest

from posecoach.body.landmarks import Pose
from posecoach.body.motion import Motion
from posecoach.body.observed import Body
from posecoach.body.posture import observe
from posecoach.body.records import Array
from posecoach.measures.catalogue import take
from posecoach.vocabulary import Posture, Reason
from tests.body.test_bows import SIDE, course, value
from tests.factories import PX_PER_M, STANDING, Figure, motion_of, times_ms

Place = tuple[float, float, float]
NO_MORE: Mapping[Pose, Place] = {}
HEAD: dict[Pose, Place] = {Pose.LEFT_EAR: (0.08, 0.66, 0.0), Pose.RIGHT_EAR: (-0.08, 0.66, 0.0), Pose.NOSE: (0.0, 0.64, 0.12)}
FRONT = replace(STANDING, at=HEAD)


def moved(figures: Sequence[Figure], move: Sequence[dict[Pose, tuple[float, float]]]) -> Body:
    """Bodies whose joints are moved in the picture, by metres to the right and down."""
    motion = motion_of(figures)
    px = motion.pose_px.copy()
    for i, joints in enumerate(move):
        for joint, by_m in joints.items():
            px[i, joint] += np.multiply(by_m, PX_PER_M)
    return observe(Motion(motion.t_ms, px, motion.pose_world_m, motion.pose_visibility, motion.face, motion.size_wh))


def walking(cadence: float, seconds: float = 4.0, speed_m_s: float = 0.5, swing_m: float = 0.25) -> Body:
    t_s = times_ms(int(10 * (seconds + 2))) / 1000
    u = np.clip(t_s - 1, 0, seconds)
    apart = swing_m * np.sin(np.pi * cadence / 60 * u) * ((t_s > 1) & (t_s < 1 + seconds))
    everything = list(Pose)
    move: list[dict[Pose, tuple[float, float]]] = []
    for a, x in zip(apart, -speed_m_s * u, strict=True):
        joints = dict.fromkeys(everything, (float(x) + 0.6, 0.0))
        joints[Pose.LEFT_ANKLE] = (float(x + a) + 0.6, 0.0)
        joints[Pose.RIGHT_ANKLE] = (float(x - a) + 0.6, 0.0)
        move.append(joints)
    return moved([SIDE] * len(t_s), move)


@pytest.mark.parametrize("cadence", [75.0, 105.0, 140.0])
def test_steps_are_counted_and_timed(cadence: float) -> None:
    body = walking(cadence)
    times = [step.at_s for step in body.steps]
    wanted = [1 + 60 / cadence * (k + 0.5) for k in range(int(4 * cadence / 60))]
    assert len(times) == pytest.approx(len(wanted), abs=1)
    assert times == pytest.approx(wanted[: len(times)], abs=0.1)
    assert value("walk_cadence_per_min", body) == pytest.approx(cadence, abs=4)
    assert all(a.is_left != b.is_left for a, b in zip(body.steps, body.steps[1:], strict=False))


def test_who_stays_in_place_does_not_walk() -> None:
    assert walking(105.0, speed_m_s=0.0).steps == ()
    assert walking(105.0, swing_m=0.05).steps == ()
    assert walking(105.0, seconds=1.2).steps == () or np.isnan(take("walk_cadence_per_min", walking(105.0, seconds=1.2)).value).all()


def test_legs_mixed_up_for_a_moment_make_no_step() -> None:
    body = walking(75.0)
    px = body.motion.pose_px.copy()
    frame = body.steps[1].start
    px[frame, [Pose.LEFT_ANKLE, Pose.RIGHT_ANKLE]] = px[frame, [Pose.RIGHT_ANKLE, Pose.LEFT_ANKLE]]
    mixed = observe(replace(body.motion, pose_px=px))
    assert [step.is_left for step in mixed.steps] == [step.is_left for step in body.steps]
    assert [step.at_s for step in mixed.steps] == pytest.approx([step.at_s for step in body.steps], abs=0.1)


def nodding(times_s: Sequence[float], depth_m: float = 0.03, lasts_s: float = 0.8, aside_m: float = 0.0, figure: Figure = FRONT) -> Body:
    t_s = times_ms(60) / 1000
    sunk = sum(
        (np.where(np.abs(t_s - at) < lasts_s / 2, np.cos(np.pi * (t_s - at) / lasts_s) ** 2, 0.0) for at in times_s), np.zeros(len(t_s))
    )
    move = [{Pose.NOSE: (aside_m * float(s), depth_m * float(s))} for s in sunk]
    return moved([figure] * len(t_s), move)


def scaled(motion: Motion, factor: float) -> Motion:
    return replace(motion, pose_px=motion.pose_px * np.float32(factor))


def test_nods_are_counted() -> None:
    body = nodding([1.5, 2.5, 4.4])
    middles = [(body.motion.t_ms[nod.start] + body.motion.t_ms[nod.end - 1]) / 2000 for nod in body.nods]
    assert middles == pytest.approx([1.5, 2.5, 4.4], abs=0.2)
    assert value("nods_per_min", body) == 6
    assert value("nods_per_min", nodding([])) == 0


def test_what_only_looks_like_a_nod_is_none() -> None:
    assert nodding([2.0], depth_m=0.006).nods == ()
    assert nodding([3.0], lasts_s=3.5).nods == ()
    assert nodding([2.0], aside_m=0.06).nods == ()
    assert nodding([2.0], figure=replace(FRONT, at=HEAD | {Pose.RIGHT_WRIST: (-0.1, 0.62, 0.1)})).nods == (), "telephones"
    aside = nodding([3.5], figure=replace(FRONT, at=HEAD | {Pose.NOSE: (0.08, 0.64, 0.1)}))
    before = nodding([], figure=FRONT)
    turned = np.where((aside.motion.t_ms < 2600)[:, None, None], before.motion.pose_px, aside.motion.pose_px)
    turned[aside.motion.t_ms > 4200] = before.motion.pose_px[-1]
    assert observe(replace(aside.motion, pose_px=turned)).nods == (), "turned to somebody else"
    jump = nodding([2.0], lasts_s=0.11)
    assert jump.nods == (), "a landmark that jumps for one picture"
    small = observe(scaled(nodding([2.0]).motion, 0.3))
    assert small.nods == (), "a head of so few pixels"


@pytest.mark.parametrize(("frames", "nods"), [(3, 1), (9, 0)], ids=["bridged", "too long to know"])
def test_a_head_taken_for_one_seen_from_the_side_is_not_believed(frames: int, nods: int) -> None:
    body = nodding([3.0])
    px = body.motion.pose_px.copy()
    middle = 30
    lost = slice(middle - frames // 2, middle + frames // 2 + 1)
    px[lost, Pose.LEFT_EAR] = px[lost, Pose.RIGHT_EAR]
    px[lost, Pose.NOSE, 0] += 0.05 * PX_PER_M
    assert len(observe(replace(body.motion, pose_px=px)).nods) == nods


def showing(
    shares: Sequence[float],
    to: tuple[float, float, float] = (-0.55, 0.3, 0.15),
    both: bool = False,
    also: Mapping[Pose, Place] = NO_MORE,
    other: tuple[float, float, float] = (0.0, 0.0, 0.0),
) -> Body:
    """``other``: by how much the other hand moves along."""
    rest = np.array((-0.22, 0.0, 0.0))
    figures = []
    for share in shares:
        x, y, z = rest + share * (np.array(to) - rest)
        at = {**HEAD, Pose.RIGHT_WRIST: (x, y, z), Pose.RIGHT_ELBOW: (-0.22 - 0.1 * share, 0.22, 0.05)}
        at |= also
        if any(other):
            x, y, z = np.array((0.22, 0.0, 0.0)) + share * np.array(other)
            at |= {Pose.LEFT_WRIST: (x, y, z)}
        if both:
            at |= {Pose.LEFT_WRIST: (-x, y, z), Pose.LEFT_ELBOW: (0.22 + 0.1 * share, 0.22, 0.05)}
        figures.append(replace(STANDING, at=at))
    return observe(motion_of(figures))


def test_a_hand_that_shows_the_way_is_found_and_measured() -> None:
    body = showing(course(hold=15))
    (gesture,) = body.gestures
    assert not gesture.is_left
    assert (gesture.start, gesture.end) == pytest.approx((13, 49), abs=3)
    assert value("gesture_hand_height_tl", body) == pytest.approx(0.6, abs=0.03)
    assert 20 < value("gesture_arm_out_deg", body) < 90


def test_what_only_looks_like_showing_the_way_is_none() -> None:
    assert showing(course(hold=0, down=3, up=3)).gestures == ()
    assert showing(course(hold=15), both=True).gestures == ()
    assert showing(course(hold=3)).gestures == (), "takes something that lies aside"
    assert showing(course(hold=15), other=(-0.22, 0.3, 0.25)).gestures == (), "the other hand comes along"
    assert showing(course(hold=15), to=(-0.1, 0.75, 0.1)).gestures == ()
    assert showing([*course(hold=15)][:30]).gestures == ()
    beside = {Pose.LEFT_WRIST: (-0.45, 0.28, 0.15), Pose.LEFT_ELBOW: (-0.1, 0.22, 0.1)}
    assert showing(course(hold=15), also=beside).gestures == (), "two hands that handle something"


@pytest.mark.parametrize(("share", "reason"), [(0.5, Reason.UNSURE), (1.0, Reason.NONE)], ids=["both ways", "one way"])
def test_a_palm_seen_looking_up_and_down_is_unsure(share: float, reason: Reason) -> None:
    motion = showing(course(hold=15)).motion
    hands = np.full((len(motion), 2, 4), np.nan)
    hands[:, 1] = (0.8, 0.5, 1.8, 1.8)
    hands[np.arange(len(motion)) % 10 >= 10 * share, 1, 0] = -0.8
    series = take("gesture_palm_up", observe(replace(motion, hands=hands)))
    assert reason in series.reason
    assert np.isfinite(series.value).any() == (reason is Reason.NONE)


def rising(down_m: Array, hips: float = 1.0) -> Body:
    upper = [joint for joint in Pose if joint <= Pose.RIGHT_THUMB]
    move = [{**dict.fromkeys(upper, (0.0, float(d))), Pose.LEFT_HIP: (0, hips * d), Pose.RIGHT_HIP: (0, hips * d)} for d in down_m]
    return moved([FRONT] * len(down_m), move)


def test_getting_up_and_sitting_down_are_told_by_head_and_hips() -> None:
    sat: Array = 0.42 * np.array(course(hold=20))
    body = rising(sat)
    assert [rise.is_up for rise in body.rises] == [False, True]
    assert value("sit_down_s", body) == pytest.approx(1.0, abs=0.15)
    assert rising(sat, hips=0.1).rises == ()
    assert rising(0.3 * sat).rises == ()
    assert rising(1.6 * sat).rises == (), "goes down further than to a chair"
    assert rising(0.42 * np.array(course(hold=2))).rises == (), "bends the knees and comes up again at once"


@pytest.mark.parametrize("sits", [True, False])
def test_a_high_seat_is_told_by_the_posture_too(sits: bool) -> None:
    down = 0.2 * np.array(course(hold=30))
    body = rising(down)
    posture = np.where((down > 0.15) & sits, Posture.SITTING, Posture.STANDING)
    assert [rise.is_up for rise in replace(body, posture=posture).rises] == ([False, True] if sits else [])


def test_who_sits_takes_no_steps() -> None:
    body = walking(105.0)
    assert body.steps
    seated = replace(body, posture=np.full(len(body.motion), Posture.SITTING))
    assert seated.steps == ()


def test_nobody_does_nothing() -> None:
    for motion in (motion_of([]), motion_of([None] * 40), motion_of([FRONT]), motion_of([FRONT] * 40)):
        body = observe(motion)
        assert (body.steps, body.nods, body.gestures, body.rises, body.bows) == ((), (), (), (), ())
