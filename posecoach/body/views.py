"""From which side a body is seen: landmarks over time -> views of each frame."""

from __future__ import annotations

import numpy as np

from posecoach.body.codes import BACK, FRONT, HEELS, HIPS, KNEES, SHOULDERS, SIDE_LEFT, SIDE_RIGHT, THREE_QUARTER, TOES, either
from posecoach.body.face_geometry import FaceColumn
from posecoach.body.motion import Motion
from posecoach.body.records import Array
from posecoach.body.timeline import rolling_median

FRONT_YAW_MAX_DEG = 23.0
FRONT_YAW_MAX_HIPS_HIDDEN_DEG = 13.0
"""With the hips out of sight the model under-reads the turn of the body by half."""
THIGHS_TURNED_MIN_DEG = 30.0
"""Thighs of people seated at three quarters point 35 to 57 degrees aside where the shoulders read 13 to 48 (3 photos, 3 rendered people),
those of people seen from the front up to 19 (14 of both)."""
SHOULDERS_TURNED_MIN_DEG, HEAD_TURNED_MIN_DEG = 10.0, 25.0
STANDING_TURNED_MIN_DEG = 18.0
"""Shoulders, hips and feet on the mean, under a head turned further to the same side. Of 17 people who stand at three quarters (26 to 50
degrees) the shoulders of five read as from the front (17 to 23) and the mean was 19 to 25; of six who turned the head alone, before cameras
up to 12 degrees aside, it was 17 at most."""
SIDE_YAW_MIN_DEG = 65.0
SIDE_YAW_MAX_DEG = 120.0
VIEW_SMOOTHING_S = 1.0


def views_of(motion: Motion, legs_seen: Array) -> Array:
    """The `View` (T,) of each frame by itself from the turn of the shoulders in the model's metres, FRONT without them.

    ``legs_seen`` (T,): where thighs and feet tell of the turn too.
    """
    yaw = _yaw_deg(motion, SHOULDERS)
    turn = rolling_median(np.abs(yaw), motion.t_ms, VIEW_SMOOTHING_S)
    front_max = np.where(either(motion.points_seen, HIPS), FRONT_YAW_MAX_DEG, FRONT_YAW_MAX_HIPS_HIDDEN_DEG)
    side = np.where(yaw < 0, SIDE_LEFT, SIDE_RIGHT)
    by_body = np.where(turn < SIDE_YAW_MIN_DEG, THREE_QUARTER, np.where(turn <= SIDE_YAW_MAX_DEG, side, BACK))
    views = np.where((turn <= front_max) | ~np.isfinite(yaw), FRONT, by_body)
    return np.where((views == FRONT) & _is_turned_all_the_same(motion, legs_seen, yaw), THREE_QUARTER, views)


def _is_turned_all_the_same(motion: Motion, legs_seen: Array, yaw: Array) -> Array:
    """(T,) whether the rest of a body is turned to the same side as its shoulders, whose turn the model under-reads.

    Seated people turn with their thighs, of whose direction the model is surer; standing ones with hips, feet and head; and where the legs
    are hidden the head alone tells.
    """
    world_m = motion.pose_world_m
    thighs, feet = ((world_m[:, to] - world_m[:, start]).mean(1) for start, to in ((HIPS, KNEES), (HEELS, TOES)))
    is_level = np.hypot(thighs[:, 0], thighs[:, 2]) > np.abs(thighs[:, 1])
    thighs_deg = rolling_median(np.where(is_level, _heading_deg(thighs), np.nan), motion.t_ms, VIEW_SMOOTHING_S)
    body_deg = rolling_median((yaw + _yaw_deg(motion, HIPS) + _heading_deg(feet)) / 3, motion.t_ms, VIEW_SMOOTHING_S)
    with_head = _is_aside(motion.column(FaceColumn.YAW_LEFT_DEG), yaw, HEAD_TURNED_MIN_DEG)
    with_thighs = is_level & _is_aside(thighs_deg, yaw, THIGHS_TURNED_MIN_DEG)
    stands_aside = ~is_level & _is_aside(body_deg, yaw, STANDING_TURNED_MIN_DEG)
    rest = np.where(legs_seen, with_thighs | (stands_aside & with_head), with_head)
    return np.asarray(rest & (np.abs(yaw) >= SHOULDERS_TURNED_MIN_DEG))


def _yaw_deg(motion: Motion, pair: Array) -> Array:
    """(T,) turn of a pair of joints about the vertical, 0 facing the camera, -180..180."""
    across = motion.pose_world_m[:, pair[0]] - motion.pose_world_m[:, pair[1]]
    return np.asarray(np.degrees(np.arctan2(across[:, 2], across[:, 0])))


def _heading_deg(ahead_m: Array) -> Array:
    """(T,) which way something of the body points over the floor, of the same sign as its yaw."""
    return np.asarray(np.degrees(np.arctan2(ahead_m[:, 0], -ahead_m[:, 2])))


def _is_aside(heading_deg: Array, yaw: Array, least_deg: float) -> Array:
    """(T,) whether something is turned at least so far, and to the side to which the shoulders are."""
    return np.asarray((heading_deg * yaw > 0) & (np.abs(heading_deg) >= least_deg))
