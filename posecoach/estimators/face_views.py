"""A face looked at again, as it is and mirrored: the mean of both meshes is steadier than the first.

For pictures, which have no neighbours to smooth over. What it brings: `docs/decisions/014-smiles-in-pictures.md`.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from posecoach.estimators.crops import cut
from posecoach.estimators.regions import Square, eye_distance
from posecoach.landmarks import FACE_COUNT
from posecoach.records import Array

CROP_PX = 256
CROP_FACES = 2.2
"""Side of the crop in sides of the face: room for the model's own square round it (1.5 faces) when the head is tilted."""
LOOKS = 2
"""The first look places the model's square by the rough face detector, the second by the mesh of the first. A third brings nothing."""
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
    low, high = face.min(axis=0), face.max(axis=0)
    square = Square.around((low + high) / 2, CROP_FACES * float((high - low).max()))
    crop = cut(picture, square, CROP_PX)
    seen, mirrored = _look(crop, model), _look(np.ascontiguousarray(crop[:, ::-1]), model)
    if seen is None or mirrored is None:
        return face
    mean = square.place((seen + (mirrored * (-1, 1) + (1, 0))[MIRRORED_POINT]) / 2)
    moved = float(np.linalg.norm(mean - face, axis=1).mean())
    return mean if moved <= MOVED_EYES * eye_distance(face) else face


def _look(crop: Array, model: FollowingModel) -> Array | None:
    """What the model says after `LOOKS` looks at a crop, nothing remembered from before."""
    model.find(_BLANK)
    found = None
    for _ in range(LOOKS):
        found = model.find(crop)
    return found
