"""A face is looked for at the body's head, and taken only if it is the body's."""

from __future__ import annotations

import numpy as np
import pytest

from posecoach.body.records import Array
from posecoach.estimators.bodies import SeenBody
from posecoach.estimators.faces import CROP_PX, MISSES, RETRY_MS, Faces
from posecoach.estimators.regions import HEAD_SIDE_M, eye_distance, head_square, whole_square
from tests.estimators.figures import ScriptedFace, body_at, face_at, lit

PICTURE = lit(640, 480)
NO_FACE = ScriptedFace(lambda _crop: None)


def _in_head_crop(body: SeenBody, face: Array) -> Array:
    square = head_square(body.px, body.scale)
    return (face - (square.x, square.y)) / square.side


def test_the_face_of_the_head_crop_comes_in_pixels_of_the_picture() -> None:
    body = body_at(300, 300, 200)
    model = ScriptedFace(lambda _crop: _in_head_crop(body, face_at(body)))
    found_body, face = Faces(model, NO_FACE, still=True).find(PICTURE, body, 0)
    assert found_body is body
    assert face == pytest.approx(face_at(body))
    assert model.crops[0].shape == (CROP_PX, CROP_PX, 3)


def test_a_face_beside_the_eyes_of_the_pose_is_not_taken_and_no_longer_followed() -> None:
    body = body_at(300, 300, 200)
    model = ScriptedFace(lambda _crop: _in_head_crop(body, face_at(body, 0.1)))
    found_body, face = Faces(model, NO_FACE, still=False).find(PICTURE, body, 0)
    assert found_body is body
    assert face is None
    assert not model.crops[-1].any()


def test_the_crop_is_held_still_while_the_head_sways() -> None:
    bodies = [body_at(300 + shift, 300, 200) for shift in (0, 4, -4, 8)]
    model = ScriptedFace(lambda _crop: np.full((478, 2), 0.5))
    faces = Faces(model, NO_FACE, still=False)
    marked = PICTURE.copy()
    marked[::7] = 0
    marked[:, ::5] = 0
    for i, body in enumerate(bodies):
        faces.find(marked, body, i * 100.0)
    assert all(np.array_equal(crop, model.crops[0]) for crop in model.crops if crop.any())


def test_when_the_crop_has_moved_a_face_lost_is_looked_for_once_more() -> None:
    body = body_at(300, 300, 200)
    answers = iter([None, _in_head_crop(body, face_at(body))])
    _, face = Faces(ScriptedFace(lambda _crop: next(answers)), NO_FACE, still=False).find(PICTURE, body, 0)
    assert face is not None


def test_a_small_face_moves_with_the_head_between_two_looks() -> None:
    bodies = [body_at(300 + i, 300, 200) for i in range(9)]
    scripted = iter(bodies[::2])
    model = ScriptedFace(lambda _crop: (face_at(next(scripted)) - (square.x, square.y)) / square.side)
    square = head_square(bodies[0].px, bodies[0].scale)
    faces = Faces(model, NO_FACE, still=False)
    for i, body in enumerate(bodies):
        _, face = faces.find(PICTURE, body, i * 100.0)
        assert face is not None
        assert np.abs(face - face_at(body)).max() < 4
    assert len(model.crops) == 5


def test_a_large_face_is_looked_at_in_every_frame() -> None:
    body = body_at(300, 300, 600)
    model = ScriptedFace(lambda _crop: _in_head_crop(body, face_at(body)))
    faces = Faces(model, NO_FACE, still=False)
    for i in range(9):
        faces.find(PICTURE, body, i * 100.0)
    assert len(model.crops) == 9


def test_a_face_missing_for_long_is_looked_for_less_often() -> None:
    body = body_at(300, 300, 100)
    model = ScriptedFace(lambda _crop: None)
    faces = Faces(model, NO_FACE, still=False)
    for i in range(50):
        faces.find(PICTURE, body, i * 50.0)
    assert len(model.crops) <= 1 + MISSES + 50 * 50.0 / RETRY_MS


def test_without_a_body_the_face_of_the_whole_picture_is_taken() -> None:
    whole = ScriptedFace(lambda _crop: np.full((478, 2), 0.5))
    for still in (True, False):
        body, face = Faces(NO_FACE, whole, still=still).find(PICTURE, None, 0)
        assert body is None
        assert face == pytest.approx(np.tile((320.0, 240.0), (478, 1)))


def test_a_face_that_fills_the_picture_outweighs_an_imagined_body() -> None:
    imagined, real = body_at(300, 400, 50), body_at(320, 700, 1000)
    square = whole_square((640, 480))
    whole = ScriptedFace(lambda _crop: (face_at(real) - (square.x, square.y)) / square.side)
    body, face = Faces(NO_FACE, whole, still=True).find(PICTURE, imagined, 0)
    assert body is None
    assert face == pytest.approx(face_at(real))


def test_a_small_face_elsewhere_is_somebody_elses() -> None:
    turned_away, other = body_at(300, 300, 100), body_at(500, 300, 100)
    square = whole_square((640, 480))
    whole = ScriptedFace(lambda _crop: (face_at(other) - (square.x, square.y)) / square.side)
    body, face = Faces(NO_FACE, whole, still=True).find(PICTURE, turned_away, 0)
    assert body is turned_away
    assert face is None


def test_in_a_clip_the_whole_picture_is_searched_only_for_close_ups() -> None:
    far, near = 100.0, 0.6 * 480 / HEAD_SIDE_M
    for scale, calls in ((far, 0), (near, 1)):
        whole = ScriptedFace(lambda _crop: None)
        Faces(NO_FACE, whole, still=False).find(PICTURE, body_at(300, 300, scale), 0)
        assert len(whole.crops) == calls


def test_faces_are_smoothed_in_clips_and_not_in_pictures() -> None:
    body = body_at(300, 300, 200)
    noise = np.random.default_rng(3).normal(0, 0.02 * eye_distance(face_at(body)), (40, 478, 2))
    spread = {}
    for still in (True, False):
        frames = iter(noise)
        model = ScriptedFace(lambda _crop, frames=frames: _in_head_crop(body, face_at(body) + next(frames)))  # type: ignore[misc]
        faces = Faces(model, NO_FACE, still=still)
        found = [faces.find(PICTURE, body, i * 100.0)[1] for i in range(40)]
        spread[still] = np.std([face for face in found[5:] if face is not None], axis=0).mean()
    assert spread[False] < 0.75 * spread[True]


def test_a_face_in_a_picture_is_looked_at_again() -> None:
    body = body_at(300, 300, 200)
    second = ScriptedFace(lambda crop: np.full((478, 2), 0.5) if crop.any() else None)
    for still in (True, False):
        model = ScriptedFace(lambda _crop: _in_head_crop(body, face_at(body)))
        Faces(model, NO_FACE, still=still, second_model=second).find(PICTURE, body, 0)
        assert bool(second.crops) == still
        second.crops.clear()


def test_closing_closes_the_models() -> None:
    models = [ScriptedFace(lambda _crop: None) for _ in range(3)]
    Faces(*models[:2], still=True, second_model=models[2]).close()
    assert all(model.is_closed for model in models)
