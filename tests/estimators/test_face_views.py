"""A second look at a face: as it is and mirrored, one that fills the picture also with more round it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from posecoach.body.landmarks import Face
from posecoach.body.records import Array
from posecoach.estimators.crops import cut
from posecoach.estimators.face_views import CROP_FACES, CROP_PX, LOOKS, MIRRORED_POINT, WIDER, look_again
from posecoach.estimators.regions import Square, eye_distance
from tests.estimators.figures import ScriptedFace, body_at, face_at, lit

PICTURE = lit(640, 480)
PICTURE[:, :300] //= 2
FACE = face_at(body_at(300, 500, 400))
LOW, HIGH = FACE.min(axis=0), FACE.max(axis=0)
CLOSE = PICTURE[int(LOW[1]) - 20 : int(HIGH[1]) + 20, int(LOW[0]) - 3 : int(HIGH[0]) + 3]
"""The picture cut down to the face."""
IN_CLOSE = FACE - (int(LOW[0]) - 3, int(LOW[1]) - 20)


def _square() -> Square:
    low, high = FACE.min(axis=0), FACE.max(axis=0)
    return Square.around((low + high) / 2, CROP_FACES * float((high - low).max()))


def _in_crop(shift_px: float = 0.0) -> Array:
    square = _square()
    return (FACE + np.array((shift_px, 0.0)) - (square.x, square.y)) / square.side


def _mirrored(mesh: Array) -> Array:
    return (mesh * (-1, 1) + (1, 0))[MIRRORED_POINT]


def _model(plain: Callable[[], Array | None], mirrored: Callable[[], Array | None]) -> ScriptedFace:
    """Says one thing of the crop as it is and another of the mirrored crop; nothing of a blank one."""
    as_is = cut(PICTURE, _square(), CROP_PX)
    return ScriptedFace(lambda crop: None if not crop.any() else plain() if np.array_equal(crop, as_is) else mirrored())


def test_the_mesh_is_the_mean_of_both_looks() -> None:
    eyes = eye_distance(FACE)
    model = _model(lambda: _in_crop(0.1 * eyes), lambda: _mirrored(_in_crop(0.2 * eyes)))
    assert look_again(PICTURE, FACE, model) == pytest.approx(FACE + np.array((0.15 * eyes, 0.0)))


def test_nothing_is_remembered_from_one_look_to_the_other() -> None:
    model = _model(_in_crop, lambda: _mirrored(_in_crop()))
    look_again(PICTURE, FACE, model)
    assert [bool(crop.any()) for crop in model.crops] == [False, *[True] * LOOKS] * 2
    assert np.array_equal(model.crops[-1], model.crops[1][:, ::-1])


@pytest.mark.parametrize("which", [0, 1])
def test_the_first_mesh_stays_where_a_look_finds_nothing(which: int) -> None:
    looks: list[Callable[[], Array | None]] = [_in_crop, lambda: _mirrored(_in_crop())]
    looks[which] = lambda: None
    assert look_again(PICTURE, FACE, _model(*looks)) is FACE


def test_the_mesh_of_another_face_is_not_taken() -> None:
    far = 0.6 * eye_distance(FACE)
    assert look_again(PICTURE, FACE, _model(lambda: _in_crop(far), lambda: _mirrored(_in_crop(far)))) is FACE


def _close_model(steps: list[float], squares: list[Square]) -> ScriptedFace:
    """Finds the face that fills the picture a step further to the right in each crop; a step of NaN finds nothing."""
    answers: dict[bytes, Array] = {}
    for square, step, continued in zip(squares, steps, (False, *[True] * len(WIDER)), strict=True):
        crop = cut(CLOSE, square, CROP_PX, continued=continued)
        mesh = (IN_CLOSE - (square.x, square.y)) / square.side + (step, 0.0)
        if np.isfinite(step):
            answers |= {crop.tobytes(): mesh, crop[:, ::-1].tobytes(): _mirrored(mesh)}
    return ScriptedFace(lambda crop: answers.get(crop.tobytes()))


@pytest.mark.parametrize(
    "found", [(True, True, True, True), (True, False, False, False), (False, True, True, True), (True, False, True, False)]
)
def test_a_face_that_fills_the_picture_is_also_looked_at_with_more_round_it(found: tuple[bool, ...]) -> None:
    """A step is more pixels in a wider crop; a crop in which nothing is found does not count."""
    middle, side = (IN_CLOSE.min(axis=0) + IN_CLOSE.max(axis=0)) / 2, CROP_FACES * float((HIGH - LOW).max())
    squares = [Square.around(middle, factor * side) for factor in (1.0, *WIDER)]
    model = _close_model([0.02 if here else np.nan for here in found], squares)
    moved = float(np.mean([0.02 * square.side for square, here in zip(squares, found, strict=True) if here]))
    assert look_again(CLOSE, IN_CLOSE, model) == pytest.approx(IN_CLOSE + np.array((moved, 0.0)))
    assert len(model.crops) == 2 * (1 + LOOKS + len(WIDER))


def test_left_and_right_change_places_in_a_mirror() -> None:
    assert np.array_equal(MIRRORED_POINT[MIRRORED_POINT], np.arange(478))
    for left in (name for name in Face.__members__ if "LEFT" in name):
        assert MIRRORED_POINT[Face[left]] == Face[left.replace("LEFT", "RIGHT")]
    assert all(MIRRORED_POINT[point] == point for point in (Face.NOSE_TIP, Face.CHIN, Face.LIP_INNER_UPPER, Face.LIP_OUTER_LOWER))
