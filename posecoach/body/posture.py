"""Which posture, which view, which segment: landmarks over time -> `Body`.

The cuts were read off the labelled photos and rendered clips that `docs/accuracy.md` reports on; the features are ratios of joints in
pixels, and joint angles of the world landmarks where a front view hides the bend of the knees.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from posecoach.body import frontal, legs, staying
from posecoach.body.codes import (
    ABSENT,
    ANKLES,
    BACK,
    CROUCHING,
    FEET,
    FRONT,
    HIPS,
    KNEES,
    SHOULDERS,
    SIDE_LEFT,
    SIDE_RIGHT,
    SITTING,
    STANDING,
    THREE_QUARTER,
    TRANSITION,
    UNKNOWN,
    UNKNOWN_VIEW,
    WRISTS,
    either,
    points,
)
from posecoach.body.geometry import angle_deg, distance_px, lean_deg, length_of, midpoint
from posecoach.body.landmarks import Pose
from posecoach.body.lying import is_turned, turned_deg
from posecoach.body.motion import VISIBILITY_MIN, Motion
from posecoach.body.observed import HALF_VISIBILITY_MIN, Body, Neutral
from posecoach.body.records import Array, Segment
from posecoach.body.timeline import hold, median, rolling_median, runs
from posecoach.body.trust import TRUSTED_MIN, is_head_outside, trust_of
from posecoach.body.views import views_of
from posecoach.vocabulary import Posture, View

VIEW_HOLD_S = 0.5
POSTURE_HOLD_S = 0.5
STILL_TL = 0.15
MOSTLY = 0.8
MOVING_TL_PER_S = 0.2
MOVING_WINDOW_S = 0.4
UNFINISHED_MOVE_MIN_S = 0.3
BENT_OVER_TRUNK_DEG = 50.0
SQUAT_LEAN_MIN_DEG = 30.0
"""Who squats half-way with the hips behind the feet leans forward over them (32 to 37 in four pictures, 33 and more in 30 of 34 rendered
ones); who sits may be upright, or lean over a desk (22 to 27 in three rendered ones with their feet below them)."""
SQUAT_LEAN_ASLANT_MIN_DEG = 20.0
"""So much of it is seen at three quarters, 38 degrees from the front; of 35 people on seats there 12 at most, half squats 16 to 44."""
SEAT_HIGH_THIGH_DROP_MAX_TL = 0.5
"""Up to here the thighs are nearer to level than to upright; of who bends over from standing they drop 0.63 and more."""
CROUCHED_HIP_HEIGHT_MAX_M = 0.38
SEATED_HIP_HEIGHT_MIN_M = 0.47
"""Height of the hips over the ankles in the model's metres, where a front view hides the thighs: seated 0.49 to 0.67 (17 rendered clips),
crouched 0.35 and 0.44 (2 clips only, so what lies between is unknown)."""
ON_GROUND_HIP_HEIGHT_MAX_M = 0.2
ON_GROUND_BEHIND_FEET_MIN_TL = 0.25
CARRIED_BEHIND_FEET_MIN_TL = 1.0
CARRIED_BEHIND_FEET_FRONT_MIN_TL = 0.7
DOUBTFUL_BEHIND_FEET_MIN_TL = 0.6
DOUBTFUL_BEHIND_FEET_FRONT_MIN_TL = 0.35
"""Nobody stays up on feet that far in front of the body's middle: a seat or the ground carries it. Rendered squats and crouches read up to
0.7 from the side; from the front, where the model guesses depth, up to 0.65 with an upright trunk and 1.0 when bent forward. With one foot
ahead, as the material asks for, they read up to 0.29 from the front, seats as low as that 0.3 to 0.7: in between it may be either."""
SHIN_OVER_TRUNK_MAX = 1.1
"""Of an upright person's shin against the trunk seen from the front: 0.246 to 0.288 of the height (Drillis and Contini), a fifth more with
the shin nearer to the camera. Who squats with the hips behind the feet leans forward over them, and the trunk looks shorter."""

STANDING_THIGH_DROP_SIDE_MIN_TL = 0.55
STANDING_BESIDE_FEET_MAX_TL = 0.1
"""From the side a body above its feet whose thighs drop this far stands, however bent the knees look: the thighs of 45 seated people drop
at most 0.29, or 0.44 while one bent down, those of standing ones 0.53 and more. The knees alone called one with bent knees seated."""
HANDS_AT_A_DESK_MIN_TL = 0.4
"""Both wrists this far above the hips lie on a desk or are held out: on desks they read 0.43 and more from the side, on the knees of who
crouches 0.38 and less. With an upright trunk, and both feet below the knees, it may be a low seat at a desk."""

STRAIGHT_KNEE_MIN_DEG, STRAIGHT_LEG_MIN_TL = 140.0, 1.35
"""A straight leg is 1.7 trunks long (Drillis and Contini). On somebody in a chair the far one was put straight below the hips, 1.13 to 1.25
long, so that the body seemed to be above its feet."""
OVER_FEET_MAX_TL, ASIDE_OF_FEET_MIN_TL = 0.3, 0.35
"""Nobody balances so far beside the feet, however far they lean: a seat carries the body. Of people who crouch, squat and lunge 190
rendered pictures from the side read 0.27 at most, those from elsewhere 0.05; and whom the feet may carry is not said to sit."""

SEATED_THIGH_DROP_SIDE_MIN_TL, SURELY_ASIDE_OF_FEET_MIN_TL = -0.1, 0.75
"""From the side crouches on level feet read 0.39 to 0.68 aside where the model misplaces the feet (3 rendered clips); their hips are below
the knees (-0.14 and less), those on seats about as high. How high hips are above the ankles tells less: a long trunk makes seats as low."""

WHOLE_KNEE_TL = 0.08
"""Half a knee, 4 cm of a trunk of 50: less of the picture below a knee does not show it, and of who sits behind a table it is put there."""

KNEELING_KNEE_MAX_TL = 0.6
"""Seen from the side a knee on the ground is no higher above the lower ankle; that of a shin stretched out in a seat is 0.76 to 1.06."""

_LEFT_LEG = points(Pose.LEFT_HIP, Pose.LEFT_KNEE, Pose.LEFT_ANKLE, Pose.LEFT_HEEL, Pose.LEFT_FOOT_INDEX)
_RIGHT_LEG = points(Pose.RIGHT_HIP, Pose.RIGHT_KNEE, Pose.RIGHT_ANKLE, Pose.RIGHT_HEEL, Pose.RIGHT_FOOT_INDEX)
_KNOWN = [Posture.STANDING, Posture.SITTING, Posture.CROUCHING]
_IS_KNOWN = np.array([posture in _KNOWN for posture in Posture])


def observe(motion: Motion, neutral: Neutral | None = None, partner: Motion | None = None) -> Body:
    """Find view, posture and whether the legs are seen at every frame of a motion."""
    durations_s = motion.duration_s
    with np.errstate(invalid="ignore", divide="ignore"):
        here = np.isfinite(motion.pose_px).any((1, 2)) | np.isfinite(motion.face).any(1)
        legs_seen = _legs_seen(motion)
        view = _steady(np.where(here, views_of(motion, legs_seen), UNKNOWN_VIEW), here, durations_s, VIEW_HOLD_S)
        turned = turned_deg(motion)
        trust, lying = trust_of(motion, turned), is_turned(motion, turned)
        if lying.any():
            lying = lying & ~(trust_of(motion, turned, were_it_upright=True) < TRUSTED_MIN)
        postures = _postures(motion, legs_seen, view)
        trust = np.where(legs.are_impossible(motion, postures, durations_s), 0.0, trust)
        astray = trust < TRUSTED_MIN
        headless = is_head_outside(motion) & legs_seen & either(motion.points_seen, ANKLES)
        astray = astray & ~staying.linked(motion, here & ~astray & ~lying, astray & headless)
        postures = np.where(lying | astray, UNKNOWN, postures)
        posture = np.where(here, _over_time(motion, postures, here, lying), ABSENT)
    return Body(motion, view, posture, legs_seen, lying, trust, neutral, partner)


def segments(body: Body) -> tuple[Segment, ...]:
    """The stretches of one posture and view, in seconds from the first frame."""
    if len(body.motion) == 0:
        return ()
    t_s = (body.motion.t_ms - body.motion.t_ms[0]) / 1000
    end_s = np.append(t_s[1:], t_s[-1] + body.duration_s[-1])
    codes = np.stack([body.posture, np.where(body.posture == ABSENT, UNKNOWN_VIEW, body.view)], 1)
    return tuple(Segment(float(t_s[a]), float(end_s[b - 1]), Posture(int(codes[a, 0])), View(int(codes[a, 1]))) for a, b in runs(codes))


def _over_time(motion: Motion, shown: Array, here: Array, lying: Array) -> Array:
    """Postures (T,) that neither flicker nor outlast the body's stay, of those that each frame shows by itself."""
    durations_s, heights_tl = motion.duration_s, _heights_tl(motion)
    steady = _steady(shown, here, durations_s, POSTURE_HOLD_S)
    posture = settled(steady, heights_tl, durations_s)
    may_be = here & ~lying & ~_IS_KNOWN[steady] & _legs_seen(motion, HALF_VISIBILITY_MIN)
    posture = _with_transitions(motion, staying.prolonged(motion, posture, _IS_KNOWN[posture], may_be))
    gone = staying.is_gone(steady, shown, heights_tl[:, 0]) & (posture == steady) & _IS_KNOWN[steady]
    posture = np.where(gone & hold(gone, durations_s, POSTURE_HOLD_S), UNKNOWN, posture)
    return staying.seated_between(posture, here & (posture == UNKNOWN), heights_tl[:, 0], durations_s)


def _steady(codes: Array, here: Array, durations_s: Array, hold_s: float) -> Array:
    out = codes.copy()
    out[here] = hold(codes[here], durations_s[here], hold_s)
    return out


# --- posture ----------------------------------------------------------------------------------------------------------------------------


def _legs_seen(motion: Motion, visibility_min: float = VISIBILITY_MIN) -> Array:
    """(T,) whether hips and at least one knee are really in the picture, and not a guess at its lower edge."""
    seen, px = motion.seen_from(visibility_min), motion.pose_px
    trunk = distance_px(_middle(px, SHOULDERS), _middle(px, HIPS))
    has_room = motion.size_wh[1] - px[:, KNEES, 1] > WHOLE_KNEE_TL * trunk[:, None]
    knees = seen[:, KNEES] & (has_room | either(seen, ANKLES)[:, None])
    return np.asarray(either(seen, HIPS) & knees.any(1))


def _postures(motion: Motion, legs_seen: Array, view: Array) -> Array:
    """Raw posture of each frame. Without an ankle in the picture only thighs that hang down tell anything: standing."""
    motion = _with_near_leg(motion, view)
    feet_seen = either(motion.points_seen, ANKLES)
    px = motion.px
    hip, knee, ankle, shoulder = (_middle(px, pair) for pair in (HIPS, KNEES, ANKLES, SHOULDERS))
    trunk = distance_px(shoulder, hip)
    thigh_drop = (knee - hip)[:, 1] / trunk
    shin_drop = (px[:, ANKLES, 1] - px[:, KNEES, 1]) / trunk[:, None]
    knee_bend = (angle_deg(*(motion.world_m[:, joint] for joint in leg)) for leg in zip(HIPS, KNEES, ANKLES, strict=True))
    knee_deg = midpoint(*knee_bend)
    upright_legs = (thigh_drop - 0.66) / 0.08 + (knee_deg - 146) / 8
    low = (ankle - hip)[:, 1] / trunk < 0.73
    knee_above_floor = (px[:, ANKLES, 1].max(1)[:, None] - px[:, KNEES, 1]) / trunk[:, None]
    from_side = _is_side(view)
    is_low = (knee_above_floor < KNEELING_KNEE_MAX_TL) | ~from_side[:, None]
    kneeling = ((shin_drop < 0.4) & is_low).any(1)
    beside_tl = _beside_feet(px, shoulder, hip) / trunk
    balanced = (beside_tl < OVER_FEET_MAX_TL) & ((ankle - hip)[:, 1] / trunk < 1.1) & (view != FRONT) & (view != BACK)
    lean = np.abs(lean_deg(hip, shoulder))
    above_feet = from_side & (thigh_drop > STANDING_THIGH_DROP_SIDE_MIN_TL) & (beside_tl < STANDING_BESIDE_FEET_MAX_TL)
    above_feet &= lean < SQUAT_LEAN_MIN_DEG
    lower_wrist = px[:, WRISTS, 1].max(1)
    hands_up = (hip[:, 1] - lower_wrist) / trunk
    bent_over = (lean > BENT_OVER_TRUNK_DEG) & (lower_wrist > knee[:, 1] - 0.2 * trunk)
    perhaps_seated = ~kneeling & balanced & (thigh_drop > 0) & (lean < SQUAT_LEAN_MIN_DEG)
    perhaps_seated |= ~(low | kneeling) & bent_over & (thigh_drop < SEAT_HIGH_THIGH_DROP_MAX_TL)
    perhaps_seated |= ~kneeling & (lean < SQUAT_LEAN_MIN_DEG) & (hands_up > HANDS_AT_A_DESK_MIN_TL)
    hip_height_m = _middle(motion.world_m, ANKLES)[:, 1] - _middle(motion.world_m, HIPS)[:, 1]
    trunk_sw = trunk / distance_px(px[:, SHOULDERS[0]], px[:, SHOULDERS[1]])
    found = frontal.Legs(view, thigh_drop, knee_deg, upright_legs, trunk_sw, hands_up, hip_height_m, _behind_feet_tl(motion.world_m))
    down = _low_postures(found, low | kneeling | balanced, shin_drop.max(1))
    down = np.where(_is_carried(from_side, beside_tl, thigh_drop, kneeling), SITTING, down)
    stands_cut_off = ~feet_seen & ~bent_over & (upright_legs > frontal.UPRIGHT_LEGS_MIN)
    seen = np.where(bent_over, CROUCHING, np.where((upright_legs > 0) | above_feet, STANDING, down))
    unclear = (seen == CROUCHING) & (perhaps_seated | ((view == BACK) & ~bent_over))
    needs_no_seat = from_side | (lean > SQUAT_LEAN_ASLANT_MIN_DEG) | ((view == THREE_QUARTER) & (thigh_drop > SEAT_HIGH_THIGH_DROP_MAX_TL))
    unclear |= (seen == SITTING) & needs_no_seat & (beside_tl < OVER_FEET_MAX_TL)
    unclear |= ~bent_over & frontal.are_unclear(found, seen)
    is_clear = legs_seen & np.isfinite(upright_legs) & ~unclear & (feet_seen | stands_cut_off)
    return np.where(is_clear, seen, UNKNOWN)


def _with_near_leg(motion: Motion, view: Array) -> Motion:
    """The motion with the near leg in the far one's place where, seen from the side, that is a guess: straight, yet too short.

    Of a far leg that is not seen the foot is a guess, often put below a seat. Below hips no lower than the near knee it is put beside the
    near one; a far foot that carried such a body would be behind it, in sight.
    """
    for side, near, far in ((SIDE_LEFT, _LEFT_LEG, _RIGHT_LEG), (SIDE_RIGHT, _RIGHT_LEG, _LEFT_LEG)):
        from_here = view == side
        if from_here.any():
            motion = _with_points(motion, from_here & _is_straight_and_short(motion, far), far[1:], near[1:])
            is_high = motion.pose_px[:, near[1], 1] > motion.pose_px[:, near[0], 1]
            motion = _with_points(motion, from_here & is_high & ~motion.points_seen[:, far[1:3]].any(1), far[3:], near[3:])
    return motion


def _with_points(motion: Motion, frames: Array, points: Array, others: Array) -> Motion:
    """The motion with some points where others are, at some frames (T,)."""
    if not frames.any():
        return motion
    px, world = motion.pose_px.copy(), motion.pose_world_m.copy()
    for places in (px, world):
        places[np.ix_(frames, points)] = places[np.ix_(frames, others)]
    return replace(motion, pose_px=px, pose_world_m=world)


def _is_straight_and_short(motion: Motion, leg: Array) -> Array:
    """(T,) whether a leg is straight in metres, yet too short for the trunk in the picture."""
    px, (hip, knee, ankle) = motion.pose_px, leg[:3]
    straight = angle_deg(*(motion.world_m[:, joint] for joint in (hip, knee, ankle))) > STRAIGHT_KNEE_MIN_DEG
    length = distance_px(px[:, hip], px[:, knee]) + distance_px(px[:, knee], px[:, ankle])
    return np.asarray(straight & (length < STRAIGHT_LEG_MIN_TL * distance_px(_middle(px, SHOULDERS), _middle(px, HIPS))))


def _is_carried(from_side: Array, beside_tl: Array, thigh_drop: Array, kneeling: Array) -> Array:
    """(T,) whether a body is so far beside its feet that a seat carries it."""
    as_of_seated = (thigh_drop > SEATED_THIGH_DROP_SIDE_MIN_TL) | (beside_tl > SURELY_ASIDE_OF_FEET_MIN_TL)
    return np.asarray((beside_tl > ASIDE_OF_FEET_MIN_TL) & (~from_side | (as_of_seated & ~kneeling)))


def _middle(points: Array, pair: Array) -> Array:
    """Middle of a pair of points (T, 2 or 3)."""
    return midpoint(points[:, pair[0]], points[:, pair[1]])


def _is_side(view: Array) -> Array:
    return np.asarray((view == SIDE_LEFT) | (view == SIDE_RIGHT))


def _low_postures(found: frontal.Legs, is_crouched: Array, shin_over_trunk: Array) -> Array:
    """Sitting or crouching at each frame, for someone whose legs are not upright; ``is_crouched`` (T,) by the joints in the picture."""
    hip_height_m, behind_feet, from_front = found.hip_height_m, found.behind_feet_tl, found.is_frontal
    from_side = _is_side(found.view)
    crouched = is_crouched | (from_front & (hip_height_m < CROUCHED_HIP_HEIGHT_MAX_M))
    unclear = ~crouched & from_front & (hip_height_m < SEATED_HIP_HEIGHT_MIN_M) & ~frontal.are_on_low_seat(found)
    on_ground = (hip_height_m < ON_GROUND_HIP_HEIGHT_MAX_M) & (behind_feet > ON_GROUND_BEHIND_FEET_MIN_TL)
    carried_min = np.where(unclear, CARRIED_BEHIND_FEET_FRONT_MIN_TL, CARRIED_BEHIND_FEET_MIN_TL)
    carried = (on_ground | (behind_feet > carried_min)) & (from_side | (shin_over_trunk < SHIN_OVER_TRUNK_MAX))
    doubtful_min = np.where(from_front, DOUBTFUL_BEHIND_FEET_FRONT_MIN_TL, DOUBTFUL_BEHIND_FEET_MIN_TL)
    unclear = unclear | (crouched & ~from_side & (behind_feet > doubtful_min))
    down = np.where(unclear, UNKNOWN, np.where(crouched, CROUCHING, SITTING))
    return np.where(carried, SITTING, down)


def _behind_feet_tl(world: Array) -> Array:
    """How far the body's middle lies behind the rearmost point of the feet, along the way the hips face, in trunk lengths."""
    shoulder, hip = _middle(world, SHOULDERS), _middle(world, HIPS)
    across = (world[:, Pose.LEFT_HIP] - world[:, Pose.RIGHT_HIP])[:, [0, 2]]
    forward = np.stack([across[:, 1], -across[:, 0]], 1) / length_of(across)[:, None]
    middle = (0.4 * shoulder + 0.6 * hip)[:, [0, 2]]
    ahead = ((world[:, FEET][..., [0, 2]] - middle[:, None]) * forward[:, None]).sum(2)
    return np.asarray(ahead.min(1) / length_of(shoulder - hip))


def _beside_feet(px: Array, shoulder: Array, hip: Array) -> Array:
    """How far the body's middle lies outside the feet, sideways in the picture: someone who crouches keeps it above them."""
    middle = 0.4 * shoulder[:, 0] + 0.6 * hip[:, 0]
    feet = px[:, FEET, 0]
    return np.maximum(np.maximum(feet.min(1) - middle, middle - feet.max(1)), 0)


def settled(posture: Array, heights_tl: Array, durations_s: Array) -> Array:
    """Postures (T,) of which none follows on another without the body moving; ``heights_tl`` (T, N) of hips and head in trunk lengths.

    Who stands up or sits down moves the hips or the head. Where two postures follow on each other and neither did, the picture tells them
    apart badly, as behind a desk: all is taken for what it was most of the time, or is unknown where nothing was.
    """
    out = posture.copy()
    known = [(int(a), int(b)) for a, b in runs(posture) if _IS_KNOWN[posture[a]]]
    chain: list[tuple[int, int]] = []
    for stretch in [*known, None]:
        if stretch is not None and (not chain or _stays(heights_tl, chain[-1], stretch)):
            chain.append(stretch)
            continue
        if len(chain) > 1:
            frames = np.concatenate([np.arange(a, b) for a, b in chain])
            spent = np.bincount(posture[frames], durations_s[frames], len(Posture))
            if np.count_nonzero(spent) > 1:
                out[frames] = spent.argmax() if spent.max() >= MOSTLY * spent.sum() else UNKNOWN
        chain = [] if stretch is None else [stretch]
    return out


def _stays(heights_tl: Array, first: tuple[int, int], second: tuple[int, int]) -> bool:
    """Whether hips and head are as high in the second stretch of frames as in the first."""
    before, after = (median(heights_tl[a:b].T) for a, b in (first, second))
    return bool((np.abs(after - before) < STILL_TL).all())


def _heights_tl(motion: Motion) -> Array:
    """(T, 2) heights of hips and nose in the picture, down, in typical trunk lengths of the whole time."""
    hip, shoulder = _middle(motion.px, HIPS), _middle(motion.px, SHOULDERS)
    lengths = distance_px(hip, shoulder)
    return np.stack([hip[:, 1], motion.px[:, Pose.NOSE, 1]], 1) / median(np.where(np.isfinite(lengths), lengths, np.nan))


def _with_transitions(motion: Motion, posture: Array) -> Array:
    """Mark the movement around every change between two postures as a transition, and movement that has not ended yet."""
    if len(motion) < 3 or not (_IS_KNOWN[posture]).any():
        return posture
    t_s = motion.t_ms / 1000
    hip, shoulder = _middle(motion.pose_px, HIPS), _middle(motion.pose_px, SHOULDERS)
    heights = np.stack([hip[:, 1], motion.pose_px[:, Pose.NOSE, 1]]).astype(float)
    speed = np.abs(np.gradient(rolling_median(heights, motion.t_ms, MOVING_WINDOW_S), t_s, axis=1)) / median(distance_px(shoulder, hip))
    moving = np.fmax(*speed) > MOVING_TL_PER_S
    out = posture.copy()
    still = (ABSENT, UNKNOWN)
    for start, end in runs(moving):
        if not moving[start]:
            continue
        before, after = posture[max(start - 1, 0)], posture[min(end, len(posture) - 1)]
        goes_on = end == len(posture) and t_s[-1] - t_s[start] >= UNFINISHED_MOVE_MIN_S
        if before not in still and (goes_on or (before != after and after not in still)):
            out[start:end] = TRANSITION
    return out
