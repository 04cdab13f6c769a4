"""How far a head looks down, from its face mesh and the body's ears: a linear model, fitted on rendered people (`head_pitch_model.py`).

The fit of the mesh to one canonical face (`face_geometry`) follows a nod by half of its size only and takes hair on the forehead for a nod.
So the heights and widths of all of the face weigh in, each of them little.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from posecoach.body.geometry import length_of
from posecoach.body.head_pitch_model import POINTS, WEIGHTS
from posecoach.body.landmarks import Face
from posecoach.body.records import Array
from posecoach.vocabulary import PoseModel

FACE_ALONE = "face"
"""The key of the weights for a face without a body; the others are those of the pose model that told the ears."""
_RIGHT, _LEFT = np.array(POINTS).T
_IS_PAIR = _RIGHT != _LEFT
_FORESHORTENED_MIN = 0.5


def face_features(face_px: Array, fitted_deg: Array) -> Array:
    """Features (T, F) of meshes (T, 478, 2): heights of `POINTS` below the tip of the nose, widths of its pairs, and the fitted pitch.

    Heights are over the distance of the outer eye corners as from the front, widths over that in the picture; the face is turned level by
    the corners of its mouth, both sides are put together. ``fitted_deg`` (T, 2) pitch and yaw of the fit.
    """
    across, down = (_along(face_px, axis) for axis in _axes(face_px))
    eyes = length_of(face_px[:, Face.LEFT_EYE_OUTER] - face_px[:, Face.RIGHT_EYE_OUTER])[:, None]
    heights = (down[:, _RIGHT] + down[:, _LEFT]) / 2 - down[:, [Face.NOSE_TIP]]
    widths = across[:, _LEFT[_IS_PAIR]] - across[:, _RIGHT[_IS_PAIR]]
    return np.column_stack([heights * _front(fitted_deg) / eyes, widths / eyes, fitted_deg[:, 0] / 60])


def ears_feature(face_px: Array, fitted_deg: Array, ears_px: Array) -> Array:
    """How far the middle of the ears (T, 2) lies below the tip of the nose, (T,), measured like the heights of `face_features`."""
    eyes = length_of(face_px[:, Face.LEFT_EYE_OUTER] - face_px[:, Face.RIGHT_EYE_OUTER])
    _, down = _axes(face_px)
    drop = _along(ears_px[:, None], down) - _along(face_px[:, [Face.NOSE_TIP]], down)
    return np.asarray(drop[:, 0] * _front(fitted_deg)[:, 0] / eyes)


def head_pitch_deg(face_px: Array, fitted_deg: Array, ears_px: Array, model: PoseModel) -> Array:
    """Pitch of heads against the ray to the camera (T,), positive down.

    ``face_px`` (T, 478, 2); ``fitted_deg`` (T, 2) pitch and yaw of the fit; ``ears_px`` (T, 2) the middle of the body's ears, NaN without
    a body; ``model`` names the pose model that told them.
    """
    features, ears = face_features(face_px, fitted_deg), ears_feature(face_px, fitted_deg, ears_px)
    alone = _weighed(features, FACE_ALONE)
    return np.where(np.isfinite(ears), _weighed(np.column_stack([features, ears]), model), alone)


def _weighed(features: Array, key: str) -> Array:
    weights = _weights(key)
    return np.asarray(features @ weights[:-1] + weights[-1])


@cache
def _weights(key: str) -> Array:
    return np.array(WEIGHTS[key])


def _front(fitted_deg: Array) -> Array:
    """What the distance of the eyes is multiplied by when the face turns away, (T, 1)."""
    return np.maximum(np.cos(np.radians(fitted_deg[:, 1:])), _FORESHORTENED_MIN)


def _axes(face_px: Array) -> tuple[Array, Array]:
    """The ways along and across the line of a face's mouth, (T, 2) each of length 1."""
    across = face_px[:, Face.MOUTH_LEFT] - face_px[:, Face.MOUTH_RIGHT]
    across = across / np.maximum(length_of(across)[:, None], 1e-9)
    return across, np.stack([-across[:, 1], across[:, 0]], 1)


def _along(points_px: Array, axis: Array) -> Array:
    """How far points (T, N, 2) lie along an axis (T, 2), (T, N)."""
    return np.asarray(points_px[..., 0] * axis[:, :1] + points_px[..., 1] * axis[:, 1:])
