"""Head pose and mouth shape from the face mesh. Pure numpy over arrays in time.

The head pose comes from a weak-perspective fit of rigid upper-face points (forehead, temples, eye corners, nose; no mouth, so that a
smile does not turn the head) to MediaPipe's canonical face. Since the fit is local to the face, its angles are against the ray from the
face to the camera, whatever the place in the picture and the focal length. Only the roll is that of the line between the mouth's corners:
hair over an eye or the forehead tips all of the mesh but the lips, which the model looks at once more.

Source of the coordinates: MediaPipe, modules/face_geometry/data/face_model_with_iris.obj (Apache-2.0), centimetres, x to the person's
left, y up, z out of the face.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from posecoach.body.geometry import length_of
from posecoach.body.head_pitch import head_pitch_deg
from posecoach.body.landmarks import Face
from posecoach.body.records import Array
from posecoach.vocabulary import PoseModel

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
_MOUTH_MIDLINE_CM: dict[int, tuple[float, float]] = {
    0: (-3.406404, 5.979507),
    13: (-3.994436, 5.219482),
    14: (-4.542400, 5.404754),
    17: (-5.365123, 5.535441),
    152: (-9.403378, 4.264492),
}
_MOUTH_PAIRS_CM: dict[tuple[int, int], tuple[float, float, float]] = {
    (61, 291): (2.456206, -4.342621, 4.283884),
    (40, 270): (1.914910, -3.803146, 5.028930),
    (91, 321): (1.838624, -4.828746, 4.823737),
    (78, 308): (2.153084, -4.276322, 4.038093),
    (81, 311): (1.024340, -3.989851, 4.926693),
    (178, 402): (1.098819, -4.458788, 5.120727),
}
"""Corners and edges of the lips, outside and inside; with the middle of the lips and the chin what moves with the mouth."""


def _points(midline: dict[int, tuple[float, float]], pairs: dict[tuple[int, int], tuple[float, float, float]]) -> tuple[Array, Array]:
    index, xyz = [], []
    for i, (y, z) in midline.items():
        index.append(i)
        xyz.append((0.0, y, z))
    for (right, left), (x, y, z) in pairs.items():
        index += [right, left]
        xyz += [(-x, y, z), (x, y, z)]
    return np.array(index), np.array(xyz)


_RIGID_INDEX, _RIGID_CM = _points(_MIDLINE_CM, _PAIRS_CM)
_MOUTH_INDEX, _MOUTH_CM = _points(_MOUTH_MIDLINE_CM, _MOUTH_PAIRS_CM)
_EYES = [
    Face.LEFT_EYE_UPPER,
    Face.LEFT_EYE_LOWER,
    Face.RIGHT_EYE_UPPER,
    Face.RIGHT_EYE_LOWER,
    Face.LEFT_EYE_OUTER,
    Face.RIGHT_EYE_OUTER,
]
_SHAPE_INDEX = np.array([*_MOUTH_INDEX, *_EYES])
"""All points that the shape is made of, those that move with the mouth first."""
_RIGID_CENTRED_CM = _RIGID_CM - _RIGID_CM.mean(0)
_RIGID_INVERSE = np.linalg.pinv(_RIGID_CENTRED_CM)


class FaceColumn(IntEnum):
    """Columns of `describe_faces`; angles against the ray to the camera, shapes over the distance of the outer eye corners."""

    PITCH_DOWN_DEG = 0  # positive: looking down
    YAW_LEFT_DEG = 1  # positive: turned to the person's left
    ROLL_DEG = 2  # of the mouth's corners; positive: left side up
    HEAD_PITCH_DEG = 3  # as PITCH_DOWN_DEG, of its true size: by all of the face and the body's ears (`head_pitch`)
    EYE_GAP_PX = 4  # distance of the eye centres as it would be from the front
    LIFT_LEFT = 5  # of the mouth corner above the lips' centre, against the canonical face at this pose
    LIFT_RIGHT = 6
    MOUTH_WIDTH = 7
    LIP_OPENING = 8
    EYE_APERTURE = 9  # mean of both
    CORNER_TO_EYE = 10  # from the mouth corner to the outer eye corner, mean of both
    UPPER_LIP = 11  # height of its red part
    UPPER_CURVE = 12  # of the upper lip's outer edge: how far above the straight line from corner to middle, like LIFT
    LOWER_CURVE = 13  # the same of the lower lip's outer edge
    INNER_UPPER_CURVE = 14  # of the upper lip's inner edge
    INNER_LOWER_CURVE = 15  # of the lower lip's inner edge
    CHIN = 16  # how far the lower lip lies above the chin, like LIFT


SHAPE_COLUMNS = slice(FaceColumn.LIFT_LEFT, FaceColumn.CHIN + 1)
SHAPE_COUNT = len(range(*SHAPE_COLUMNS.indices(len(FaceColumn))))


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    """``angles_deg`` (T, 3) pitch, yaw, roll; ``scale`` (T,) pixels a centimetre; ``affine`` (T, 2, 3) and ``origin_px`` (T, 2)."""

    angles_deg: Array
    scale: Array
    affine: Array
    origin_px: Array


def describe_faces(face_px: Array, ears_px: Array | None = None, model: PoseModel = "full") -> Array:
    """Head pose and face shape of meshes (T, 478, 2), as (T, 17) float64 with the columns of `FaceColumn`; NaN rows without a face.

    ``ears_px`` (T, 2): the middle of the body's ears, where a body is known, as told by the pose ``model``.
    """
    out = np.full((len(face_px), len(FaceColumn)), np.nan)
    found = np.isfinite(face_px).all((1, 2))
    if found.any():
        faces = face_px[found].astype(float)
        fit = _fit(faces)
        ears = np.full((len(faces), 2), np.nan) if ears_px is None else ears_px[found].astype(float)
        pitch = head_pitch_deg(faces, fit.angles_deg[:, :2], ears, model)
        out[found] = np.column_stack([fit.angles_deg, pitch, _eye_gap_px(faces, fit), _shape(faces, fit)])
    return out


def fitted_deg(face_px: Array) -> Array:
    """Pitch and yaw (T, 2) of meshes (T, 478, 2) by the fit alone."""
    return _fit(face_px).angles_deg[:, :2]


def _fit(face_px: Array) -> _Fit:
    points = face_px[:, _RIGID_INDEX] * (1.0, -1.0)
    centre = points.mean(1, keepdims=True)
    affine = np.einsum("tni,jn->tij", points - centre, _RIGID_INVERSE)
    u, s, vt = np.linalg.svd(affine, full_matrices=False)
    turn = u @ vt
    across, up = turn[:, 0], turn[:, 1]
    towards_z = across[:, 0] * up[:, 1] - across[:, 1] * up[:, 0]
    angles = [
        -np.arcsin(np.minimum(np.maximum(up[:, 2], -1), 1)),
        np.arctan2(across[:, 2], towards_z),
        np.arctan2(*_mouth_line(face_px)),
    ]
    origin = centre[:, 0] - np.einsum("tij,j->ti", affine, _RIGID_CM.mean(0))
    return _Fit(np.degrees(np.stack(angles, 1)), (s[:, 0] + s[:, 1]) / 2, affine, origin)


def _mouth_line(face_px: Array) -> tuple[Array, Array]:
    """How far the left corner of the mouth lies above and to the right of the right one, (T,) pixels each."""
    across = face_px[:, Face.MOUTH_LEFT] - face_px[:, Face.MOUTH_RIGHT]
    return -across[:, 1], across[:, 0]


def _eye_centres(points: Array) -> tuple[Array, Array]:
    left = (points[:, Face.LEFT_EYE_OUTER] + points[:, Face.LEFT_EYE_INNER]) / 2
    right = (points[:, Face.RIGHT_EYE_OUTER] + points[:, Face.RIGHT_EYE_INNER]) / 2
    return left, right


def _eye_gap_px(face_px: Array, fit: _Fit) -> Array:
    left, right = _eye_centres(face_px)
    foreshortening = np.maximum(np.cos(np.radians(fit.angles_deg[:, FaceColumn.YAW_LEFT_DEG])), 0.3)
    return np.asarray(length_of(left - right) / foreshortening)


def _shape(face_px: Array, fit: _Fit) -> Array:
    """Columns LIFT_LEFT to CHIN."""

    flat = (face_px[:, _SHAPE_INDEX] * (1.0, -1.0) - fit.origin_px[:, None]) / fit.scale[:, None, None]
    axes = fit.affine / fit.scale[:, None, None]
    vertical = axes[:, None, :, 1] / length_of(axes[:, None, :, 1])[..., None]
    rises = (flat[:, : len(_MOUTH_INDEX)] - _MOUTH_CM @ axes.swapaxes(1, 2)) * vertical
    rise = dict(zip(_MOUTH_INDEX.tolist(), (rises[..., 0] + rises[..., 1]).T, strict=True))
    point = dict(zip(_SHAPE_INDEX.tolist(), flat.swapaxes(0, 1), strict=True))

    def lift(corner: Face) -> Array:
        return rise[corner] - (rise[Face.LIP_INNER_UPPER] + rise[Face.LIP_INNER_LOWER]) / 2

    def curve(edge: tuple[int, int], corners: tuple[int, int], middle: int) -> Array:
        return (rise[edge[0]] + rise[edge[1]]) / 2 - (rise[corners[0]] + rise[corners[1]]) / 4 - rise[middle] / 2

    def length(a: int, b: int) -> Array:
        return length_of(point[a] - point[b])

    aperture = length(Face.LEFT_EYE_UPPER, Face.LEFT_EYE_LOWER) + length(Face.RIGHT_EYE_UPPER, Face.RIGHT_EYE_LOWER)
    corner_to_eye = length(Face.MOUTH_LEFT, Face.LEFT_EYE_OUTER) + length(Face.MOUTH_RIGHT, Face.RIGHT_EYE_OUTER)
    columns = [
        lift(Face.MOUTH_LEFT),
        lift(Face.MOUTH_RIGHT),
        length(Face.MOUTH_LEFT, Face.MOUTH_RIGHT),
        length(Face.LIP_INNER_UPPER, Face.LIP_INNER_LOWER),
        aperture / 2,
        corner_to_eye / 2,
        ((point[Face.LIP_OUTER_UPPER] - point[Face.LIP_INNER_UPPER]) * vertical[:, 0]).sum(1),
        curve((40, 270), (61, 291), 0),
        curve((91, 321), (61, 291), 17),
        curve((81, 311), (78, 308), 13),
        curve((178, 402), (78, 308), 14),
        rise[17] - rise[152],
    ]
    return np.asarray(np.stack(columns, 1) / length(Face.LEFT_EYE_OUTER, Face.RIGHT_EYE_OUTER)[:, None])
