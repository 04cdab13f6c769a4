"""A film's frames are drawn on as pictures are, whatever part of them the marks touch."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from posecoach.body.records import Landmarks
from posecoach.drawing.annotate import Annotator
from posecoach.drawing.film import FilmAnnotator
from posecoach.drawing.text import Picture
from posecoach.judging.scene import Scene
from posecoach.resources import font_path
from posecoach.storage.planes import Planes, bgr_of, planes_of
from posecoach.vocabulary import Posture, State, View
from tests.drawing.sketches import SIZE, mark, person

NOBODY = Scene(Landmarks.absent(SIZE), Posture.ABSENT, View.UNKNOWN, (), None)


def scene(*, value: float = 8.4, to_right: float = 0.0) -> Scene:
    someone = person(has_face=True)
    aside = np.array([to_right, 0])
    someone = replace(someone, pose_px=someone.pose_px + aside, face_px=someone.face_px + aside)
    marks = mark("lean", State.FAIL, value, "deg", (-3.0, 5.0)), mark("gap", State.PASS, 0.3, "sw", (None, 0.4))
    return Scene(someone, Posture.STANDING, View.FRONT, marks, 72.0)


def film_picture(i: int = 0) -> Picture:
    spots = np.random.default_rng(i).integers(60, 200, (6, 8, 3), np.uint8)
    return np.asarray(cv2.resize(spots, SIZE, interpolation=cv2.INTER_LINEAR), np.uint8)


def difference(planes: Planes, picture: Picture) -> float:
    """The mean over the worst row of blocks: colours are kept for four pixels together, so thin lines differ."""
    blocks = cv2.resize(np.abs(bgr_of(planes).astype(float) - picture), None, fx=1 / 16, fy=1 / 16, interpolation=cv2.INTER_AREA)
    return float(blocks.mean(axis=(1, 2)).max())


@pytest.mark.parametrize("to_right", [0.0, -300.0, 300.0, 2000.0])
def test_it_shows_what_a_picture_would(to_right: float) -> None:
    plain, film = Annotator(SIZE, font_path()), FilmAnnotator(Annotator(SIZE, font_path()))
    shown = scene(to_right=to_right)
    wanted = plain.annotate(film_picture(), shown)
    drawn = film.annotate(planes_of(film_picture()), shown)
    assert difference(drawn, bgr_of(planes_of(wanted))) < 1.5


def test_nothing_of_a_frame_is_left_in_the_next() -> None:
    film, plain = FilmAnnotator(Annotator(SIZE, font_path())), Annotator(SIZE, font_path())
    for i, shown in enumerate((scene(), scene(value=12.3, to_right=120), NOBODY, scene(to_right=-80), NOBODY)):
        drawn = film.annotate(planes_of(film_picture(i)), shown)
        assert difference(drawn, bgr_of(planes_of(plain.annotate(film_picture(i), shown)))) < 1.5


def test_what_is_given_is_left_as_it_is() -> None:
    planes = planes_of(film_picture())
    FilmAnnotator(Annotator(SIZE, font_path())).annotate(planes, scene())
    assert all((plane == before).all() for plane, before in zip(planes, planes_of(film_picture()), strict=True))
