"""Head pose and mouth shape from the face mesh. Pure numpy over arrays in time.

The head pose comes from a weak-perspective fit of rigid upper-face points (forehead, temples, eye corners, nose; no mouth, so that a
smile does not turn the head) to MediaPipe's canonical face. Since the fit is local to the face, its angles are against the ray from the
face to the camera, whatever the place in the picture and the focal length.

Source of the coordinates: MediaPipe, modules/face_geometry/data/face_model_with_iris.obj (Apache-2.0), centimetres, x to the person's
left, y up, z out of the face.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from posecoach.landmarks import Face
from posecoach.records import Array

_MIDLINE_CM: dict[int, tuple[float, float]] = {
    10: (8.261778, 4.481535),
    151: (6.545390, 5.027311),
    8: (4.019042, 5.284764),
    168: (3.271027, 5.236015),
    6: (2.473255, 5.788627),
    197: (1.728369, 6.316750),
    195: (1.059413, 6.774605),
    5: (0.365669, 7.242870),
    4: (-0.463170, 7.586580),
    1: (-1.126865, 7.475604),
}
_PAIRS_CM: dict[tuple[int, int], tuple[float, float, float]] = {
    (33, 263): (4.445859, 2.663991, 3.173422),
    (133, 362): (1.856432, 2.585245, 3.757904),
    (122, 351): (0.563221, 2.307693, 5.566789),
    (108, 337): (1.619500, 6.599217, 4.921106),
    (69, 299): (3.063932, 6.566144, 4.529981),
    (104, 333): (4.538641, 6.319907, 3.683424),
    (68, 298): (5.599763, 5.715470, 2.724259),
    (71, 301): (6.374393, 4.785590, 1.591691),
    (139, 368): (6.847258, 3.662916, 0.724695),
    (109, 338): (1.891399, 8.236377, 4.274997),
    (67, 297): (3.523964, 8.005976, 3.729163),
    (103, 332): (5.133204, 7.485602, 2.660442),
    (54, 284): (6.279331, 6.615427, 1.425850),
    (21, 251): (7.087960, 5.434801, 0.099620),
    (162, 389): (7.555811, 4.106811, -0.991917),
    (127, 356): (7.743095, 2.364999, -2.005167),
}
_MOUTH_CORNER_CM = (2.456206, -4.342621, 4.283884)
_LIP_CENTRE_CM = (0.0, -4.268418, 5.312118)


def _rigid_points() -> tuple[Array, Array]:
    index, xyz = [], []
    for i, (y, z) in _MIDLINE_CM.items():
        index.append(i)
        xyz.append((0.0, y, z))
    for (right, left), (x, y, z) in _PAIRS_CM.items():
        index += [right, left]
        xyz += [(-x, y, z), (x, y, z)]
    return np.array(index), np.array(xyz)


_RIGID_INDEX, _RIGID_CM = _rigid_points()
_RIGID_CENTRED_CM = _RIGID_CM - _RIGID_CM.mean(0)
_RIGID_INVERSE = np.linalg.pinv(_RIGID_CENTRED_CM)


@dataclass(frozen=True, slots=True, eq=False)
class HeadPose:
    """Head pose against the ray to the camera, each (T,) degrees, NaN without a face.

    ``pitch_down_deg`` positive: looking down; ``yaw_left_deg`` positive: turned to the person's left; ``roll_deg`` positive: left side
    up; ``away_deg`` >= 0: angle between the face's normal and the ray to the camera. ``scale_px_per_cm`` (T,) size of the face;
    ``affine`` (T, 2, 3) and ``origin_px`` (T, 2) map canonical centimetres to pixels.
    """

    pitch_down_deg: Array
    yaw_left_deg: Array
    roll_deg: Array
    away_deg: Array
    scale_px_per_cm: Array
    affine: Array
    origin_px: Array


def head_pose(face_px: Array) -> HeadPose:
    """Fit the canonical face to ``face_px`` (T, 478, 2); NaN in frames without a face."""
    points = face_px[:, _RIGID_INDEX].astype(float) * (1.0, -1.0)
    centre = points.mean(1, keepdims=True)
    affine = np.einsum("tni,jn->tij", points - centre, _RIGID_INVERSE)
    found = np.isfinite(affine).all((1, 2))
    u, s, vt = np.linalg.svd(np.where(found[:, None, None], affine, np.eye(2, 3)), full_matrices=False)
    across, up = np.moveaxis(u @ vt, 1, 0)
    towards = np.cross(across, up)
    scale = s.mean(1)
    origin = centre[:, 0] - np.einsum("tij,j->ti", affine, _RIGID_CM.mean(0))
    gone = ~found

    def angle(values: Array) -> Array:
        return np.where(gone, np.nan, np.degrees(values))

    return HeadPose(
        pitch_down_deg=angle(-np.arcsin(np.clip(up[:, 2], -1, 1))),
        yaw_left_deg=angle(np.arctan2(across[:, 2], towards[:, 2])),
        roll_deg=angle(np.arctan2(up[:, 0], across[:, 0])),
        away_deg=angle(np.arccos(np.clip(towards[:, 2], -1, 1))),
        scale_px_per_cm=np.where(gone, np.nan, scale),
        affine=affine,
        origin_px=origin,
    )


def eye_centres_px(face_px: Array) -> tuple[Array, Array]:
    """Centres of the left and right eye (between their corners), each (T, 2)."""
    left = (face_px[:, Face.LEFT_EYE_OUTER] + face_px[:, Face.LEFT_EYE_INNER]) / 2
    right = (face_px[:, Face.RIGHT_EYE_OUTER] + face_px[:, Face.RIGHT_EYE_INNER]) / 2
    return left, right


def expression(face_px: Array, pose: HeadPose) -> Array:
    """Shape of mouth and eyes, (T, 7), each divided by the size of the face and compensated for head pose; NaN without a face.

    Columns: lift of the left and of the right mouth corner above the lips' centre, against the canonical face at this pose; mouth
    width; opening of the lips; mean eye aperture; distance from cheek to lower lid, left and right mean; height of the lips' centre
    under the eyes.
    """
    up = face_px.astype(float) * (1.0, -1.0)
    scale = pose.scale_px_per_cm[:, None]
    axes = pose.affine / scale[:, :, None]
    flat = (up - pose.origin_px[:, None]) / scale[:, None]
    lips = (flat[:, Face.LIP_INNER_UPPER] + flat[:, Face.LIP_INNER_LOWER]) / 2
    vertical = axes[:, :, 1] / np.linalg.norm(axes[:, :, 1], axis=1, keepdims=True)

    def lift(index: Face, sign: float) -> Array:
        x, y, z = _MOUTH_CORNER_CM
        rigid = np.einsum("tij,j->ti", axes, np.subtract((sign * x, y, z), _LIP_CENTRE_CM))
        return np.asarray(((flat[:, index] - lips - rigid) * vertical).sum(1))

    def length(a: int, b: int) -> Array:
        return np.asarray(np.linalg.norm(flat[:, a] - flat[:, b], axis=1))

    eye_width = np.asarray(length(Face.LEFT_EYE_OUTER, Face.RIGHT_EYE_OUTER))
    aperture = length(Face.LEFT_EYE_UPPER, Face.LEFT_EYE_LOWER) + length(Face.RIGHT_EYE_UPPER, Face.RIGHT_EYE_LOWER)
    cheek = length(Face.CHEEK_LEFT, Face.LEFT_EYE_LOWER) + length(Face.CHEEK_RIGHT, Face.RIGHT_EYE_LOWER)
    left_eye, right_eye = eye_centres_px(flat)
    drop = np.abs((((left_eye + right_eye) / 2 - lips) * vertical).sum(1))
    columns = [
        lift(Face.MOUTH_LEFT, 1.0),
        lift(Face.MOUTH_RIGHT, -1.0),
        length(Face.MOUTH_LEFT, Face.MOUTH_RIGHT),
        length(Face.LIP_INNER_UPPER, Face.LIP_INNER_LOWER),
        aperture / 2,
        cheek / 2,
        drop,
    ]
    return np.asarray(np.stack(columns, 1) / eye_width[:, None])
