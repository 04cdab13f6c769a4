"""A face looked at again, as it is and mirrored: the mean of the meshes is steadier than the first.

For pictures, which have no neighbours to smooth over. What it brings: `docs/decisions/014-smiles-in-pictures.md`.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from posecoach.body.landmarks import FACE_COUNT
from posecoach.body.records import Array
from posecoach.estimators.crops import cut, size_wh_of
from posecoach.estimators.regions import Square, eye_distance

CROP_PX = 256
CROP_FACES = 2.2
"""Side of the crop in sides of the face: room for the model's own square round it (1.5 faces) when the head is tilted."""
LOOKS = 2
"""The first look places the model's square by the rough face detector, the second by the mesh of the first. A third brings nothing."""
WINDOW_FACES = 1.5
"""Side of the square the model looks at, in sides of the face. A picture smaller than that shows a face and no more."""
WIDER = (1.1, 1.2, 1.3)
"""Such a face is looked at again in crops larger by these factors, in the square of the look before: it fills less of that square. The
edges of the picture are continued there instead of the black."""
MOVED_EYES = 0.25
"""A mesh further from the first than this share of the eye distance is that of another face, or of none."""

_BLANK = np.zeros((CROP_PX, CROP_PX, 3), np.uint8)
_MIDLINE = {0, 1, 2, 4, 5, 6, *range(8, 20), 94, 151, 152, 164, 168, 175, 195, 197, 199, 200}
_FIRST_LEFT = 248
_IRISES = {468: 473, 469: 476, 470: 475, 471: 474, 472: 477}


class FollowingModel(Protocol):
    """A face model that follows the face from call to call, until it sees a blank picture; see `faces.FaceModel`."""

    def find(self, crop: Array) -> Array | None: ...


def _partners() -> Array:
    """For each point (478,) of the mesh the one it becomes when the picture is mirrored.

    The points of the right half and their partners, which all come after them, are numbered in the same order.
    """
    right = [i for i in range(_FIRST_LEFT) if i not in _MIDLINE]
    pairs = dict(zip(right, range(_FIRST_LEFT, _FIRST_LEFT + len(right)), strict=True)) | _IRISES
    partner = np.arange(FACE_COUNT)
    partner[list(pairs)], partner[list(pairs.values())] = list(pairs.values()), list(pairs)
    return partner


MIRRORED_POINT = _partners()


def look_again(picture: Array, face: Array, model: FollowingModel) -> Array:
    """The mesh (478, 2) of a face found in a picture (h, w, 3), steadied: pixels. The first one where the other looks find nothing."""
    squares, crops = _crops(picture, face)
    seen, mirrored = _look(crops, model), _look([np.ascontiguousarray(crop[:, ::-1]) for crop in crops], model)
    meshes = [
        square.place((points + (other * (-1, 1) + (1, 0))[MIRRORED_POINT]) / 2)
        for square, points, other in zip(squares, seen, mirrored, strict=True)
        if points is not None and other is not None
    ]
    if not meshes:
        return face
    mean: Array = np.mean(meshes, axis=0)
    moved = float(np.linalg.norm(mean - face, axis=1).mean())
    return mean if moved <= MOVED_EYES * eye_distance(face) else face


def _crops(picture: Array, face: Array) -> tuple[list[Square], list[Array]]:
    """The squares to look at and what they show."""
    low, high = face.min(axis=0), face.max(axis=0)
    middle, side = (low + high) / 2, float((high - low).max())
    squares = [Square.around(middle, CROP_FACES * side)]
    crops = [cut(picture, squares[0], CROP_PX)]
    if WINDOW_FACES * side > min(size_wh_of(picture)):
        wide = [Square.around(middle, factor * CROP_FACES * side) for factor in WIDER]
        squares += wide
        crops += [cut(picture, square, CROP_PX, continued=True) for square in wide]
    return squares, crops


def _look(crops: list[Array], model: FollowingModel) -> list[Array | None]:
    """What the model says of each crop after `LOOKS` looks at the first, nothing remembered from before."""
    model.find(_BLANK)
    for _ in range(LOOKS - 1):
        model.find(crops[0])
    return [model.find(crop) for crop in crops]
