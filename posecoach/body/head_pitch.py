"""How far a head looks down, from its face mesh and the body's ears: a linear model, fitted on rendered people (`head_pitch_model.py`).

The fit of the mesh to one canonical face (`face_geometry`) follows a nod by half of its size only and takes hair on the forehead for a nod.
So the heights and widths of all of the face weigh in, each of them little.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from posecoach.body.geometry import length_of
from posecoach.body.head_pitch_model import POINTS, WEIGHTS
from posecoach.body.landmarks import FACE_COUNT, Face
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
    eyes = _eyes_px(face_px)[:, None]
    heights = (down[:, _RIGHT] + down[:, _LEFT]) / 2 - down[:, [Face.NOSE_TIP]]
    widths = across[:, _LEFT[_IS_PAIR]] - across[:, _RIGHT[_IS_PAIR]]
    return np.column_stack([heights * _front(fitted_deg) / eyes, widths / eyes, fitted_deg[:, 0] / 60])


def ears_feature(face_px: Array, fitted_deg: Array, ears_px: Array) -> Array:
    """How far the middle of the ears (T, 2) lies below the tip of the nose, (T,), measured like the heights of `face_features`."""
    _, down = _axes(face_px)
    drop = _along(ears_px[:, None], down) - _along(face_px[:, [Face.NOSE_TIP]], down)
    return np.asarray(drop[:, 0] * _front(fitted_deg)[:, 0] / _eyes_px(face_px))


def head_pitch_deg(face_px: Array, fitted_deg: Array, ears_px: Array, model: PoseModel) -> Array:
    """Pitch of heads against the ray to the camera (T,), positive down.

    ``face_px`` (T, 478, 2); ``fitted_deg`` (T, 2) pitch and yaw of the fit; ``ears_px`` (T, 2) the middle of the body's ears, NaN without
    a body; ``model`` names the pose model that told them.
    """
    ears = ears_feature(face_px, fitted_deg, ears_px)
    pitch, has_ears = _weighed(face_px, fitted_deg, model) + ears * WEIGHTS[model][-2], np.isfinite(ears)
    return pitch if has_ears.all() else np.where(has_ears, pitch, _weighed(face_px, fitted_deg, FACE_ALONE))


def _weighed(face_px: Array, fitted_deg: Array, key: str) -> Array:
    """(T,) the weighted sum of `face_features`, without them: to lay out 700 numbers a frame takes twenty times as long."""
    points, of_fitted, constant = _weights(key)
    (across, down), sums = _axes(face_px), face_px.swapaxes(1, 2) @ points
    heights, widths = (_along(sums[:, None, :, column], axis)[:, 0] for column, axis in enumerate((down, across)))
    eyes = _eyes_px(face_px)
    return np.asarray((heights * _front(fitted_deg)[:, 0] + widths) / eyes + fitted_deg[:, 0] / 60 * of_fitted + constant)


@cache
def _weights(key: str) -> tuple[Array, float, float]:
    """What each point weighs in the heights and in the widths, (478, 2), the weight of the fitted pitch, and the constant."""
    weights = np.array(WEIGHTS[key])
    heights, widths, rest = np.split(weights, [len(_RIGHT), len(_RIGHT) + np.count_nonzero(_IS_PAIR)])
    points = np.zeros((FACE_COUNT, 2))
    for sides in (_RIGHT, _LEFT):
        np.add.at(points[:, 0], sides, heights / 2)
    points[Face.NOSE_TIP, 0] -= heights.sum()
    np.add.at(points[:, 1], _LEFT[_IS_PAIR], widths)
    np.add.at(points[:, 1], _RIGHT[_IS_PAIR], -widths)
    return points, float(rest[0]), float(rest[-1])


def _eyes_px(face_px: Array) -> Array:
    """Distance of the outer eye corners, (T,)."""
    return length_of(face_px[:, Face.LEFT_EYE_OUTER] - face_px[:, Face.RIGHT_EYE_OUTER])


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
