"""Head pose and face shape are recovered from meshes made by projecting the canonical face at a known pose."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posecoach.body.face_geometry import _MOUTH_CM, _MOUTH_INDEX, _RIGID_CM, _RIGID_INDEX, SHAPE_COLUMNS, FaceColumn, describe_faces
from posecoach.body.landmarks import FACE_COUNT, Face
from posecoach.body.records import Array

# The lids, about right.
SOFT_CM = {
    Face.LEFT_EYE_UPPER: (3.2, 3.0, 3.9),
    Face.LEFT_EYE_LOWER: (3.2, 2.2, 3.9),
    Face.RIGHT_EYE_UPPER: (-3.2, 3.0, 3.9),
    Face.RIGHT_EYE_LOWER: (-3.2, 2.2, 3.9),
}
CORNER_Y_CM = -4.342621
MOUTH_COLUMNS = [column for column in FaceColumn if "LIFT" in column.name or "CURVE" in column.name] + [FaceColumn.CHIN]
EDGES = {
    FaceColumn.UPPER_CURVE: (40, 270),
    FaceColumn.LOWER_CURVE: (91, 321),
    FaceColumn.INNER_UPPER_CURVE: (81, 311),
    FaceColumn.INNER_LOWER_CURVE: (178, 402),
}
OUTER_EYES_CM = 2 * 4.445859
EYES_Y_CM, EYES_Z_CM = (2.663991 + 2.585245) / 2, (3.173422 + 3.757904) / 2
EARS_CM = np.array([(7.5, 1.0, -6.0), (-7.5, 1.0, -6.0)])


def canonical_cm(**moved: tuple[float, float, float]) -> Array:
    """The face (478, 3), with some points moved (``mouth_left=(x, y, z)``)."""
    points = np.zeros((FACE_COUNT, 3))
    points[_RIGID_INDEX] = _RIGID_CM
    points[_MOUTH_INDEX] = _MOUTH_CM
    for index, place in (SOFT_CM | {Face[name.upper()]: place for name, place in moved.items()}).items():
        points[index] = place
    return points


def rotation(pitch_down: float = 0.0, yaw_left: float = 0.0, roll: float = 0.0) -> Array:
    """From the face's axes to the camera's (x right, y up, z to the camera): first roll, then pitch, then yaw."""
    (cp, cw, cr), (sp, sw, sr) = (f(np.radians([pitch_down, yaw_left, roll])) for f in (np.cos, np.sin))
    nod = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
    turn = np.array([[cw, 0, sw], [0, 1, 0], [-sw, 0, cw]])
    tip = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
    return turn @ nod @ tip


def projected(points_cm: Array, turned: Array, px_per_cm: float = 8.0, at_px: tuple[float, float] = (320.0, 200.0)) -> Array:
    return (points_cm @ turned.T)[:, :2] * (px_per_cm, -px_per_cm) + at_px


def described(face_px: Array, ears_px: Array | None = None) -> dict[FaceColumn, float]:
    middle = None if ears_px is None else ears_px.mean(0)[None]
    return dict(zip(FaceColumn, describe_faces(face_px[None], middle)[0].tolist(), strict=True))


@pytest.mark.parametrize("pitch", [-30, 0, 20, 40])
@pytest.mark.parametrize("yaw", [-45, 0, 20])
def test_pitch_and_yaw_are_recovered(pitch: float, yaw: float) -> None:
    face = described(projected(canonical_cm(), rotation(pitch, yaw)))
    assert face[FaceColumn.PITCH_DOWN_DEG] == pytest.approx(pitch, abs=1e-6)
    assert face[FaceColumn.YAW_LEFT_DEG] == pytest.approx(yaw, abs=1e-6)


@pytest.mark.parametrize("roll", [-25, 0, 20])
def test_roll_is_recovered(roll: float) -> None:
    assert described(projected(canonical_cm(), rotation(roll=roll)))[FaceColumn.ROLL_DEG] == pytest.approx(roll, abs=1e-6)


@pytest.mark.parametrize("roll", [-11, 0, 8])
def test_hair_over_one_eye_does_not_tip_the_head(roll: float) -> None:
    """What the model cannot see of one side of the upper face it puts a centimetre too low."""
    face = canonical_cm()
    guessed = np.array(_RIGID_INDEX)[(_RIGID_CM[:, 0] < 0) & (_RIGID_CM[:, 1] > 0)]
    face[guessed, 1] -= 1.0
    assert described(projected(face, rotation(roll=roll)))[FaceColumn.ROLL_DEG] == pytest.approx(roll, abs=1e-6)


def test_the_sign_of_each_angle_is_the_persons_own() -> None:
    """The tip of the nose tells: down when looking down, to the picture's right when turned to the person's left."""
    level = projected(canonical_cm(), rotation())
    down, left, tipped = (projected(canonical_cm(), rotation(*angles)) for angles in ((20, 0, 0), (0, 20, 0), (0, 0, 20)))
    assert down[Face.NOSE_TIP, 1] > level[Face.NOSE_TIP, 1]
    assert described(down)[FaceColumn.PITCH_DOWN_DEG] > 0
    assert left[Face.NOSE_TIP, 0] > level[Face.NOSE_TIP, 0]
    assert described(left)[FaceColumn.YAW_LEFT_DEG] > 0
    assert tipped[Face.LEFT_EYE_OUTER, 1] < tipped[Face.RIGHT_EYE_OUTER, 1]
    assert described(tipped)[FaceColumn.ROLL_DEG] > 0


def test_a_smile_does_not_turn_the_head() -> None:
    turned = rotation(12, -15, 4)
    smiling = canonical_cm(mouth_left=(3.0, -3.4, 4.0), mouth_right=(-3.0, -3.4, 4.0))
    plain, smile = (describe_faces(projected(points, turned)[None])[0] for points in (canonical_cm(), smiling))
    fitted = [FaceColumn.PITCH_DOWN_DEG, FaceColumn.YAW_LEFT_DEG, FaceColumn.ROLL_DEG, FaceColumn.EYE_GAP_PX]
    assert smile[fitted] == pytest.approx(plain[fitted])


@pytest.mark.parametrize("yaw", [0, 30, -50])
def test_the_eye_gap_is_that_of_the_face_from_the_front(yaw: float) -> None:
    eye_gap_cm = 4.445859 + 1.856432
    face = described(projected(canonical_cm(), rotation(yaw_left=yaw), px_per_cm=8.0))
    assert face[FaceColumn.EYE_GAP_PX] == pytest.approx(8.0 * eye_gap_cm)


def test_the_shape_of_a_known_face() -> None:
    lowered = {"mouth_left": (2.9, -3.9, 4.283884), "lip_inner_upper": (0.0, -4.0, 5.3), "lip_inner_lower": (0.0, -4.6, 5.3)}
    face = described(projected(canonical_cm(**lowered), rotation()))
    lips_y = -4.3
    rise = CORNER_Y_CM + 4.268418
    assert face[FaceColumn.LIFT_LEFT] * OUTER_EYES_CM == pytest.approx(-3.9 - lips_y - rise)
    assert face[FaceColumn.LIFT_RIGHT] * OUTER_EYES_CM == pytest.approx(CORNER_Y_CM - lips_y - rise)
    assert face[FaceColumn.MOUTH_WIDTH] * OUTER_EYES_CM == pytest.approx(np.hypot(2.9 + 2.456206, 3.9 + CORNER_Y_CM))
    assert face[FaceColumn.LIP_OPENING] * OUTER_EYES_CM == pytest.approx(0.6)
    assert face[FaceColumn.EYE_APERTURE] * OUTER_EYES_CM == pytest.approx(0.8)
    eye = np.array([4.445859, 2.663991])
    corners = (np.linalg.norm(eye - (2.9, -3.9)) + np.linalg.norm(eye - (2.456206, CORNER_Y_CM))) / 2
    assert face[FaceColumn.CORNER_TO_EYE] * OUTER_EYES_CM == pytest.approx(corners)
    assert face[FaceColumn.UPPER_LIP] * OUTER_EYES_CM == pytest.approx(-3.406404 + 4.0)


@given(st.floats(2, 40), st.floats(-500, 500), st.floats(-500, 500), st.floats(-30, 30))
@settings(max_examples=40, deadline=None)
def test_the_shape_stays_under_shift_scale_and_roll(scale: float, x: float, y: float, roll: float) -> None:
    points = canonical_cm(mouth_left=(2.9, -3.9, 4.2))
    plain = describe_faces(projected(points, rotation())[None])[0]
    moved = describe_faces(projected(points, rotation(roll=roll), scale, (x, y))[None])[0]
    assert moved[SHAPE_COLUMNS] == pytest.approx(plain[SHAPE_COLUMNS], abs=1e-6)
    assert moved[FaceColumn.HEAD_PITCH_DEG] == pytest.approx(plain[FaceColumn.HEAD_PITCH_DEG], abs=1e-3)
    assert moved[FaceColumn.EYE_GAP_PX] == pytest.approx(plain[FaceColumn.EYE_GAP_PX] * scale / 8)


@pytest.mark.parametrize(("column", "edge"), EDGES.items(), ids=lambda value: getattr(value, "name", None))
def test_an_edge_of_a_lip_is_bent_by_as_much_as_its_middle_is_moved(column: FaceColumn, edge: tuple[int, int]) -> None:
    points = canonical_cm()
    points[list(edge), 1] += (0.1, 0.3)
    face = described(projected(points, rotation()))
    assert {name: face[name] * OUTER_EYES_CM for name in EDGES} == pytest.approx({name: 0.2 * (name == column) for name in EDGES}, abs=1e-6)


def test_a_lower_lip_drawn_up_is_further_from_the_chin() -> None:
    points = canonical_cm()
    points[Face.LIP_OUTER_LOWER, 1] += 0.3
    assert described(projected(points, rotation()))[FaceColumn.CHIN] * OUTER_EYES_CM == pytest.approx(0.3)


@pytest.mark.parametrize("angles", [(-20, 0), (15, 0), (25, 0), (0, -25), (0, 20)])
def test_a_nod_or_a_turn_does_not_move_a_neutral_mouth(angles: tuple[float, float]) -> None:
    face = described(projected(canonical_cm(), rotation(*angles)))
    assert [face[column] for column in MOUTH_COLUMNS] == pytest.approx([0] * 7, abs=1e-6)


def test_the_mirrored_face_has_the_mirrored_numbers() -> None:
    points = canonical_cm(mouth_left=(2.9, -3.9, 4.2))
    other = canonical_cm(mouth_right=(-2.9, -3.9, 4.2))
    plain, mirrored = (
        described(projected(face, rotation(10, turn, tip)), projected(EARS_CM, rotation(10, turn, tip)))
        for face, turn, tip in ((points, 15, 5), (other, -15, -5))
    )
    flips = {FaceColumn.YAW_LEFT_DEG, FaceColumn.ROLL_DEG}
    swaps = {FaceColumn.LIFT_LEFT: FaceColumn.LIFT_RIGHT, FaceColumn.LIFT_RIGHT: FaceColumn.LIFT_LEFT}
    for column in FaceColumn:
        expected = plain[swaps.get(column, column)] * (-1 if column in flips else 1)
        assert mirrored[column] == pytest.approx(expected, abs=1e-6), column.name


def test_frames_without_a_face_are_missing_and_leave_the_others_alone() -> None:
    face = projected(canonical_cm(), rotation(20))
    partly = face.copy()
    partly[100] = np.nan
    rows = describe_faces(np.stack([np.full_like(face, np.nan), face, partly]).astype(np.float32))
    assert np.isnan(rows[[0, 2]]).all()
    assert rows[1, FaceColumn.PITCH_DOWN_DEG] == pytest.approx(20, abs=1e-3)


@pytest.mark.parametrize("count", [0, 3])
def test_a_clip_without_any_face(count: int) -> None:
    rows = describe_faces(np.full((count, FACE_COUNT, 2), np.nan, np.float32))
    assert rows.shape == (count, len(FaceColumn))
    assert np.isnan(rows).all()
