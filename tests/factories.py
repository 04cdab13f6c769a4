"""People made of numbers: a stick figure in space built with known angles, seen by a camera, over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from posecoach.body.face_geometry import SHAPE_COLUMNS, FaceColumn
from posecoach.body.landmarks import FACE_COUNT, MIRROR_PARTNER, POSE_COUNT, Pose
from posecoach.body.motion import Motion
from posecoach.body.records import Array, Track
from posecoach.measures.smile_model import NEUTRAL

SHOULDERS_M, HIPS_M, TRUNK_M, THIGH_M, SHIN_M = 0.36, 0.24, 0.5, 0.42, 0.42
FOOT_M = 0.58 * SHOULDERS_M
UPPER_ARM_M, FOREARM_M = 0.28, 0.25
SIZE_WH = (900, 900)
PX_PER_M = 300.0
FLOOR_PX = 800.0
HIDDEN = 0.1
HEAD = slice(Pose.NOSE, Pose.MOUTH_RIGHT + 1)

Point = tuple[float, float, float]
LEGS = tuple(joint for joint in Pose if joint >= Pose.LEFT_KNEE)
SMILING = tuple(np.add(NEUTRAL, [0.075, 0.075, 0.13, 0.05, -0.015, *[0.0] * 7]).tolist())
"""Corners up and apart, lips open, eyes narrower, all over the distance of the outer eye corners."""


@dataclass(frozen=True)
class Leg:
    """Angles of one leg. Thigh: 90 straight down, 0 forward. Shin: 0 straight down, positive with the ankle before the knee.

    The knee's angle is 90 + both. ``shin_left_deg`` slants the shin to the person's left, ``foot_pitch_deg`` lifts the heel.
    """

    thigh_down_deg: float = 90.0
    shin_forward_deg: float = 0.0
    shin_left_deg: float = 0.0
    foot_pitch_deg: float = 0.0


@dataclass(frozen=True)
class Figure:
    """A body built from angles; x to the person's own left, y up, z forward, metres from the middle of the hips.

    ``turn_deg`` 0 is seen from the front, 90 from the person's left, -90 from the right, 180 from behind. ``at`` puts single joints
    somewhere else, ``hidden`` joints are guessed (low visibility). ``offset_px`` moves the person in the picture.
    """

    lean_forward_deg: float = 0.0
    lean_left_deg: float = 0.0
    shoulder_tilt_deg: float = 0.0
    neck_forward_deg: float = 0.0
    arm_out_deg: float = 10.0
    elbow_deg: float = 170.0
    is_arm_sideways: bool = True
    left: Leg = field(default_factory=Leg)
    right: Leg = field(default_factory=Leg)
    knee_gap_sw: float = 0.5
    ankle_gap_sw: float = 0.5
    toe_v_deg: float = 0.0
    at: Mapping[Pose, Point] = field(default_factory=dict)
    turn_deg: float = 0.0
    hidden: frozenset[Pose] = frozenset()
    px_per_m: float = PX_PER_M
    offset_px: tuple[float, float] = (0.0, 0.0)

    def seen_from(self, turn_deg: float) -> Figure:
        """The same body, turned."""
        return replace(self, turn_deg=turn_deg)

    def points_m(self) -> Array:
        """The joints (33, 3) in the body's own axes."""
        points = np.zeros((POSE_COUNT, 3))
        up = np.array([np.tan(np.radians(self.lean_left_deg)), 1.0, np.tan(np.radians(self.lean_forward_deg))])
        middle = TRUNK_M * up / np.linalg.norm(up)
        tilt = np.radians(self.shoulder_tilt_deg)
        across = SHOULDERS_M / 2 * np.array([np.cos(tilt), np.sin(tilt), 0.0])
        points[Pose.LEFT_HIP], points[Pose.RIGHT_HIP] = (HIPS_M / 2, 0, 0), (-HIPS_M / 2, 0, 0)
        points[Pose.LEFT_SHOULDER], points[Pose.RIGHT_SHOULDER] = middle + across, middle - across
        self._put_head(points, middle)
        self._put_arm(points, Pose.LEFT_SHOULDER, 1.0)
        self._put_arm(points, Pose.RIGHT_SHOULDER, -1.0)
        self._put_leg(points, self.left, Pose.LEFT_KNEE, 1.0)
        self._put_leg(points, self.right, Pose.RIGHT_KNEE, -1.0)
        for joint, place in self.at.items():
            points[joint] = place
        return points

    def _put_head(self, points: Array, middle: Array) -> None:
        ears = middle + 0.2 * np.array([0.0, 1.0, np.tan(np.radians(self.neck_forward_deg))])
        points[Pose.NOSE] = ears + np.array([0, 0, 0.1])
        for left in (Pose.LEFT_EYE_INNER, Pose.LEFT_EYE, Pose.LEFT_EYE_OUTER, Pose.LEFT_EAR, Pose.MOUTH_LEFT):
            depth = 0.0 if left is Pose.LEFT_EAR else 0.09
            aside = {Pose.LEFT_EAR: 0.07, Pose.LEFT_EYE_OUTER: 0.017}.get(left, 0.03)  # the model's metres draw the eyes together
            drop = 0.06 if left is Pose.MOUTH_LEFT else 0.0
            points[left] = ears + np.array([aside, -drop, depth])
            points[MIRROR_PARTNER[left]] = ears + np.array([-aside, -drop, depth])

    def _put_arm(self, points: Array, shoulder: Pose, side: float) -> None:
        hip, elbow, wrist = shoulder + 12, shoulder + 2, shoulder + 4
        down = points[hip] - points[shoulder]
        upper = _turned(down / np.linalg.norm(down), self.arm_out_deg, side, self.is_arm_sideways)
        fore = _turned(upper, 180 - self.elbow_deg, -side if self.is_arm_sideways else side, self.is_arm_sideways)
        points[elbow] = points[shoulder] + UPPER_ARM_M * upper
        points[wrist] = points[elbow] + FOREARM_M * fore
        for finger in (wrist + 2, wrist + 4, wrist + 6):
            points[finger] = points[wrist] + 0.05 * fore

    def _put_leg(self, points: Array, leg: Leg, knee: Pose, side: float) -> None:
        thigh, shin, pitch = np.radians([leg.thigh_down_deg, leg.shin_forward_deg, leg.foot_pitch_deg])
        drop = SHIN_M * np.cos(shin)
        slant = drop * np.tan(np.radians(leg.shin_left_deg))
        points[knee] = (side * self.knee_gap_sw * SHOULDERS_M / 2, -THIGH_M * np.sin(thigh), THIGH_M * np.cos(thigh))
        ankle_x = side * self.ankle_gap_sw * SHOULDERS_M / 2 + slant
        points[knee + 2] = (ankle_x, points[knee][1] - drop, points[knee][2] + SHIN_M * np.sin(shin))
        half_v = np.radians(self.toe_v_deg / 2)
        points[knee + 4] = points[knee + 2] + (0, -0.05, -0.04)
        foot = np.array([side * np.sin(half_v) * np.cos(pitch), -np.sin(pitch), np.cos(half_v) * np.cos(pitch)])
        points[knee + 6] = points[knee + 4] + FOOT_M * foot

    def camera_m(self) -> Array:
        """The joints (33, 3) as the camera sees them: x right, y down, z away from it."""
        x, y, z = self.points_m().T
        cos, sin = np.cos(np.radians(self.turn_deg)), np.sin(np.radians(self.turn_deg))
        return np.stack([x * cos - z * sin, -y, -(x * sin + z * cos)], 1)

    def pose_px(self) -> Array:
        """The joints (33, 2) in the picture, standing on the floor."""
        seen = self.camera_m()[:, :2] * self.px_per_m
        return np.asarray(seen - (0.0, seen[:, 1].max()) + (SIZE_WH[0] / 2, FLOOR_PX) + np.asarray(self.offset_px))

    def visibility(self) -> Array:
        """(33,) high for all but the hidden joints."""
        return np.array([HIDDEN if joint in self.hidden else 0.99 for joint in Pose])


def _turned(direction: Array, angle_deg: float, side: float, is_sideways: bool) -> Array:
    """A direction turned outwards (seen from the front) or forwards (seen from the side)."""
    cos, sin = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    x, y, z = direction
    if is_sideways:
        return np.array([cos * x - side * sin * y, side * sin * x + cos * y, z])
    return np.array([x, cos * y + sin * z, cos * z - sin * y])


STANDING = Figure()
SITTING = Figure(left=Leg(25.0), right=Leg(25.0))
CROUCHING = Figure(left=Leg(-10.0, 0.0), right=Leg(55.0, -80.0, foot_pitch_deg=50.0), knee_gap_sw=0.4, ankle_gap_sw=0.4)
BEHIND_A_DESK = replace(STANDING, hidden=frozenset(LEGS))


def mirrored(figure: Figure) -> Figure:
    """The body with left and right exchanged, as in a mirror."""
    swapped = {MIRROR_PARTNER[joint]: (-x, y, z) for joint, (x, y, z) in figure.at.items()}
    left, right = (replace(leg, shin_left_deg=-leg.shin_left_deg) for leg in (figure.right, figure.left))
    return replace(
        figure,
        lean_left_deg=-figure.lean_left_deg,
        shoulder_tilt_deg=-figure.shoulder_tilt_deg,
        left=left,
        right=right,
        at=swapped,
        turn_deg=-figure.turn_deg,
        hidden=frozenset(MIRROR_PARTNER[joint] for joint in figure.hidden),
    )


def face(eye_gap_px: float = 40.0, shape: Sequence[float] = NEUTRAL, **columns: float) -> Array:
    """A row of `describe_faces`: a level neutral face from the front, but for the named columns (``pitch_down_deg=12``)."""
    row = np.zeros(len(FaceColumn))
    row[FaceColumn.EYE_GAP_PX] = eye_gap_px
    row[SHAPE_COLUMNS] = shape
    for name, value in columns.items():
        row[FaceColumn[name.upper()]] = value
    return row


NO_FACE = np.full(len(FaceColumn), np.nan)


def times_ms(count: int, fps: float = 10.0) -> Array:
    """Times of ``count`` frames at a steady rate."""
    return np.arange(count) * 1000.0 / fps


@dataclass(frozen=True)
class Shot:
    """How figures become landmarks: frame rate, noise (standard deviation, pixels) and the face of every frame."""

    fps: float = 10.0
    noise_px: float = 0.0
    face: Array = field(default_factory=face)
    seed: int = 1


def motion_of(figures: Sequence[Figure | None], shot: Shot = Shot()) -> Motion:
    """One frame for each figure; None is a frame with nobody in it."""
    random = np.random.default_rng(shot.seed)
    count = len(figures)
    px, world = np.full((count, POSE_COUNT, 2), np.nan), np.full((count, POSE_COUNT, 3), np.nan)
    visibility = np.full((count, POSE_COUNT), np.nan)
    faces = np.broadcast_to(shot.face, (count, len(FaceColumn))).copy()
    for i, figure in enumerate(figures):
        if figure is None:
            faces[i] = np.nan
            continue
        px[i], world[i], visibility[i] = figure.pose_px(), figure.camera_m(), figure.visibility()
    px += random.normal(0.0, 1.0, px.shape) * shot.noise_px
    world += random.normal(0.0, 1.0, world.shape) * shot.noise_px / PX_PER_M
    px, world, visibility = (values.astype(np.float32) for values in (px, world, visibility))
    return Motion(times_ms(count, shot.fps), px, world, visibility, faces, SIZE_WH)


def still(figure: Figure, seconds: float = 3.0, shot: Shot = Shot()) -> Motion:
    """A person who keeps a posture."""
    return motion_of([figure] * round(seconds * shot.fps), shot)


def moving(parts: Sequence[tuple[Figure | None, float]], shot: Shot = Shot()) -> Motion:
    """One figure after the other, each for some seconds, with a jump between them."""
    return motion_of([figure for figure, seconds in parts for _ in range(round(seconds * shot.fps))], shot)


def sitting_down(seconds: float, before_s: float = 3.0, after_s: float = 3.0, shot: Shot = Shot()) -> Motion:
    """Standing, then the hips go down evenly in ``seconds``, then sitting; seen from the person's left."""
    parts = [0.0] * round(before_s * shot.fps) + list(np.arange(1, round(seconds * shot.fps) + 1) / round(seconds * shot.fps))
    parts += [1.0] * round(after_s * shot.fps)
    low = np.sin(np.radians(SITTING.left.thigh_down_deg))
    figures = []
    for part in parts:
        leg = Leg(float(np.degrees(np.arcsin(1 - part * (1 - low)))))
        figures.append(replace(STANDING, left=leg, right=leg, turn_deg=90.0))
    return motion_of(figures, shot)


def track_of(motion: Motion) -> Track:
    """The motion as an estimator would have found it, without a face mesh."""
    faces = np.full((len(motion), FACE_COUNT, 2), np.nan, np.float32)
    return Track(motion.t_ms, motion.pose_px, motion.pose_world_m, motion.pose_visibility, faces, motion.size_wh)


def turned(motion: Motion, degrees: float, since: int = 0) -> Motion:
    """The motion turned clockwise in the picture from a frame on."""
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    middle = np.array(motion.size_wh) / 2
    px, world = motion.pose_px.copy(), motion.pose_world_m.copy()
    px[since:] = (px[since:] - middle) @ turn.T + middle
    world[since:, :, :2] = world[since:, :, :2] @ turn.T
    return replace(motion, pose_px=px, pose_world_m=world)


def collapsed(motion: Motion, since: int = 0) -> Motion:
    """The motion as the model sees a print on a shirt from a frame on: the head of no size, near to shoulders too narrow, half hidden."""
    world, visibility = motion.pose_world_m.copy(), motion.pose_visibility.copy()
    world[since:, : Pose.RIGHT_HIP + 1] *= 0.4
    visibility[since:, HEAD] = 0.8
    return replace(motion, pose_world_m=world, pose_visibility=visibility)
