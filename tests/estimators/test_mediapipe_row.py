"""The face of somebody in a row is followed as that of a single person is."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from posecoach.body.records import Array
from posecoach.estimators.crops import cut
from posecoach.estimators.faces import CROP_PX
from posecoach.estimators.mediapipe_graphs import FaceMesh
from posecoach.estimators.mediapipe_row import RowModels
from posecoach.estimators.regions import Square
from tests.rows import FEMALE, columns

pytestmark = pytest.mark.model
NOTHING = np.zeros((CROP_PX, CROP_PX, 3), np.uint8)


@pytest.fixture(scope="module")
def models() -> Iterator[RowModels]:
    found = RowModels()
    yield found
    found.close()


@pytest.fixture(scope="module")
def crops(models: RowModels) -> list[Array]:
    """The head of somebody standing, in a square that is held still; five times as large as in the sample."""
    pictures = [cv2.cvtColor(picture, cv2.COLOR_BGR2RGB) for picture in columns(FEMALE)[:12]]
    (head, *_) = models.search.heads(pictures[0])
    square = Square.around(np.array([head.x, head.y]), 3 * head.side)
    return [cut(picture, square, CROP_PX) for picture in pictures]


def test_a_level_face_has_the_mesh_that_a_model_of_its_own_finds(models: RowModels, crops: list[Array]) -> None:
    alone, among_others, other = FaceMesh(still=False), models.faces()._model, models.faces()._model
    for i, crop in enumerate(crops):
        expected, found = alone.find(crop), among_others.find(crop)
        other.find(crops[-1 - i][:, ::-1].copy())
        assert expected is not None
        assert found is not None
        if i >= 4:
            np.testing.assert_allclose(found, expected, atol=2.0 / CROP_PX)
    alone.close()


def test_who_is_gone_is_dropped_and_found_again(models: RowModels, crops: list[Array]) -> None:
    face = models.faces()._model
    first = face.find(crops[0])
    assert first is not None
    assert face.find(NOTHING) is None
    again = face.find(crops[0])
    assert again is not None
    np.testing.assert_array_equal(again, first)
