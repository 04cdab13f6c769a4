"""Measures of the face: head pose and smile. Formulas: threshold study, sections 6 and 7."""

from __future__ import annotations

import numpy as np

from posecoach.body.face_geometry import FaceColumn
from posecoach.body.observed import Body
from posecoach.body.records import Array, Drawing
from posecoach.measures.measure import measure, take
from posecoach.measures.smile import smile_asymmetry as asymmetry_of
from posecoach.measures.smile import smile_eyes as eyes_of
from posecoach.measures.smile import smile_strength as strength_of
from posecoach.vocabulary import Reason

HEAD_POSE_EYE_GAP_MIN_PX = 10.0
SMILE_EYE_GAP_MIN_PX = 25.0
SMILE_ON = 0.5
FACE_TIME_MIN_S = 3.0

PITCH_GAIN = 0.60
"""The fitted mesh moves this part of the way when a head nods: slope against the true pitch over 71 rendered front clips of 18 people, with
an offset for each person (docs/accuracy.md)."""

YAW_MAX_DEG = 45.0
PITCH_MAX_DEG = 60.0
"""Beyond these the face mesh is no guide (threshold study, section 7); what it then says of the pitch is left out."""

_HEAD = Drawing("head")


@measure("deg", eye_gap_px=HEAD_POSE_EYE_GAP_MIN_PX, drawing=_HEAD)
def head_pitch_down_deg(body: Body) -> Array:
    """How far the head looks down from the person's neutral, or from a level head of the population; positive down."""
    pitch = _pitch_down_deg(body)
    turned = np.abs(body.face(FaceColumn.YAW_LEFT_DEG)) > YAW_MAX_DEG
    return np.where(turned | (np.abs(pitch) > PITCH_MAX_DEG), np.nan, pitch)


def _pitch_down_deg(body: Body) -> Array:
    own = body.neutral.head_pitch_down_deg if body.neutral else None
    return body.face(FaceColumn.HEAD_PITCH_DEG) if own is None else (body.face(FaceColumn.PITCH_DOWN_DEG) - own) / PITCH_GAIN


@measure("deg", eye_gap_px=HEAD_POSE_EYE_GAP_MIN_PX, drawing=_HEAD)
def head_roll_deg(body: Body) -> Array:
    """Sideways tilt of the head, less the camera's; positive: the person's left side is higher."""
    return body.face(FaceColumn.ROLL_DEG) - body.camera_roll_deg


@measure("deg", eye_gap_px=HEAD_POSE_EYE_GAP_MIN_PX, drawing=_HEAD)
def face_away_deg(body: Body) -> Array:
    """Angle between the face's normal and the ray to the camera, 0 or more; up and down from the person's neutral, where it is known."""
    yaw, pitch = np.radians(body.face(FaceColumn.YAW_LEFT_DEG)), np.radians(_pitch_down_deg(body))
    return np.degrees(np.arccos(np.clip(np.cos(yaw) * np.cos(pitch), -1.0, 1.0)))


@measure("", eye_gap_px=SMILE_EYE_GAP_MIN_PX, drawing=_HEAD)
def smile_strength(body: Body) -> Array:
    """How much the mouth smiles, 0..1; 0.5 is the border between a neutral and a smiling face."""
    return strength_of(body.face_shape, body.neutral.face_shape if body.neutral else None)


@measure("", eye_gap_px=SMILE_EYE_GAP_MIN_PX, missing=Reason.NOT_APPLICABLE, drawing=_HEAD)
def smile_eyes(body: Body) -> Array:
    """How much the eyes and cheeks join a smile, 0..1; no value while there is no smile."""
    joined = eyes_of(body.face_shape, body.neutral.face_shape if body.neutral else None)
    return np.where(smile_strength(body) >= SMILE_ON, joined, np.nan)


@measure("", eye_gap_px=SMILE_EYE_GAP_MIN_PX, missing=Reason.NOT_APPLICABLE, drawing=_HEAD)
def smile_asymmetry(body: Body) -> Array:
    """Difference between the lift of the left and right mouth corner as a share of the larger; no value while there is no smile."""
    uneven = asymmetry_of(body.face_shape, body.neutral.face_shape if body.neutral else None)
    return np.where(smile_strength(body) >= SMILE_ON, uneven, np.nan)


@measure("share", eye_gap_px=SMILE_EYE_GAP_MIN_PX, missing=Reason.TOO_SHORT, drawing=_HEAD)
def smile_held_share(body: Body) -> Array:
    """Share of the time with a face in view that shows a smile, the same at every frame; needs 3 s of face in view."""
    value = take("smile_strength", body).value
    return _share_of_time(body, np.where(np.isfinite(value), value >= SMILE_ON, np.nan))


@measure("share", eye_gap_px=HEAD_POSE_EYE_GAP_MIN_PX, missing=Reason.TOO_SHORT, drawing=_HEAD)
def facing_share(body: Body) -> Array:
    """Share of the time with a face in view in which it faces the camera within 15 degrees; needs 30 s of face in view."""
    value = take("face_away_deg", body).value
    return _share_of_time(body, np.where(np.isfinite(value), value <= 15, np.nan), least_s=30.0)


def _share_of_time(body: Body, on: Array, least_s: float = FACE_TIME_MIN_S) -> Array:
    seconds = np.where(np.isfinite(on), body.duration_s, 0.0)
    total = seconds.sum()
    share = np.nansum(on * seconds) / total if total + 1e-6 >= least_s else np.nan
    return np.where(np.isfinite(on), share, np.nan)
