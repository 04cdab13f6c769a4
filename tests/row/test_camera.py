"""What a camera does to a row, and that it is taken out again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from posecoach.body.face_geometry import FaceColumn
from posecoach.body.landmarks import Pose
from posecoach.body.motion import Motion
from posecoach.row.camera import USUAL_TURN_DEG, RowCamera
from tests.factories import Figure, face, still
from tests.row_people import SIZE_WH, body_px

PLACES = (200.0, 600.0, 960.0, 1300.0, 1700.0)
FLOOR = body_px(0.0)[[Pose.LEFT_ANKLE, Pose.RIGHT_ANKLE], 1].mean()


def seen(x: float, slant: float = 0.0, yaw_deg: float | None = None, lean: float = 0.0) -> Motion:
    """Somebody upright at ``x`` as a camera shows them that slants uprights by ``slant`` a picture width; ``lean`` is their own."""
    motion = still(Figure(), 1.0)
    px = body_px(x)
    px[:, 0] += (slant * (x / SIZE_WH[0] - 0.5) + lean) * (FLOOR - px[:, 1])
    faces = np.tile(face(40.0), (len(motion), 1))
    faces[:, FaceColumn.YAW_LEFT_DEG] = np.nan if yaw_deg is None else yaw_deg
    return replace(motion, pose_px=np.tile(px, (len(motion), 1, 1)).astype(np.float32), face=faces, size_wh=SIZE_WH)


def lean_of(motion: Motion) -> float:
    shoulders = motion.pose_px[0, [Pose.LEFT_SHOULDER, Pose.RIGHT_SHOULDER]].mean(0)
    feet = motion.pose_px[0, [Pose.LEFT_ANKLE, Pose.RIGHT_ANKLE]].mean(0)
    return float((shoulders - feet)[0] / (feet - shoulders)[1])


@pytest.mark.parametrize("slant", [0.0, 0.15, -0.1])
def test_uprights_that_slant_across_the_picture_are_set_upright(slant: float) -> None:
    row = [seen(x, slant) for x in PLACES]
    camera = RowCamera.of(row)
    assert camera.slant == pytest.approx(slant, abs=0.01)
    assert [lean_of(camera.straightened(motion)) for motion in row] == pytest.approx([0.0] * 5, abs=0.005)


def test_one_who_leans_stays_leaning() -> None:
    row = [seen(x, 0.12, lean=0.1 if x == PLACES[0] else 0.0) for x in PLACES]
    camera = RowCamera.of(row)
    assert lean_of(camera.straightened(row[0])) == pytest.approx(0.1, abs=0.02)
    assert lean_of(camera.straightened(row[2])) == pytest.approx(0.0, abs=0.02)


def test_level_lines_stay_level() -> None:
    row = [seen(x, 0.2) for x in PLACES]
    after = RowCamera.of(row).straightened(row[0])
    np.testing.assert_allclose(after.pose_px[..., 1], row[0].pose_px[..., 1])


def test_two_people_say_nothing_of_the_camera() -> None:
    camera = RowCamera.of([seen(300, 0.2), seen(1600, 0.2)])
    assert camera == RowCamera(0.0, USUAL_TURN_DEG)


@pytest.mark.parametrize(
    ("yaw_deg", "left_deg"),
    [
        pytest.param(0.0, 0.0, id="looks at the camera"),
        pytest.param(-24.6, 0.0, id="looks straight ahead"),
        pytest.param(-12.0, 0.0, id="looks between"),
        pytest.param(15.0, 15.0, id="turned further than the camera"),
        pytest.param(-45.0, -20.4, id="turned away from the row"),
    ],
)
def test_a_face_at_the_left_end(yaw_deg: float, left_deg: float) -> None:
    motion = RowCamera(turn_deg=63.0).straightened(seen(210.0, yaw_deg=yaw_deg))
    assert motion.face[0, FaceColumn.YAW_LEFT_DEG] == pytest.approx(left_deg, abs=0.1)


def test_a_row_that_faces_straight_ahead_tells_the_lens_and_one_who_turns_does_not() -> None:
    row = [seen(x, yaw_deg=45.0 * (x / SIZE_WH[0] - 0.5) + (35.0 if x == PLACES[1] else 0.0)) for x in PLACES]
    camera = RowCamera.of(row)
    assert camera.turn_deg == pytest.approx(45.0, abs=1.0)
    turned = [camera.straightened(motion).face[0, FaceColumn.YAW_LEFT_DEG] for motion in row]
    assert turned == pytest.approx([0.0, 26.5, 0.0, 0.0, 0.0], abs=1.5)


def test_missing_stays_missing() -> None:
    nobody = still(Figure(), 1.0)
    nobody = replace(nobody, pose_px=np.full_like(nobody.pose_px, np.nan), face=np.full_like(nobody.face, np.nan))
    after = RowCamera(0.1).straightened(nobody)
    assert np.isnan(after.pose_px).all()
    assert np.isnan(after.face[:, FaceColumn.YAW_LEFT_DEG]).all()
