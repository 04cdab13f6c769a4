"""Which face belongs to a body, and where to look for it. The models come in as objects."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np

from posecoach.body.records import Array
from posecoach.body.smoothing import OneEuro
from posecoach.estimators import regions
from posecoach.estimators.bodies import SeenBody
from posecoach.estimators.crops import cut, size_wh_of
from posecoach.estimators.face_views import look_again
from posecoach.estimators.regions import Square

CROP_PX = 256
"""Side of the head crop given to the face mesh, which samples a face at 192."""
WHOLE_PX = 640
"""Largest side of a whole picture given to the face mesh."""
CLOSE_UP_HEAD = 0.5
"""A head crop above this share of the picture's short side: the picture may show little but a face."""
CLOSE_UP_EYES = 0.15
"""Outer eye corners further apart than this share of the short side: the picture shows a face, whatever the pose says."""
MISSES = 3
RETRY_MS = 250.0
"""In a clip, a face missing so many times in a row is looked for only this often: looking costs as much as finding."""
SMALL_EYES_PX = 40.0
SMALL_MS = 150.0
"""In a clip, a face with its outer eye corners nearer than this shows no more than where the head points: its mesh is renewed at most so
often and moves with the head in between."""
CUTOFF_HZ = 1.5
BETA = 2.0
EYES_M = 0.09
"""Smoothing of the face over real time; speeds in distances of the outer eye corners a second."""

_NOTHING = np.zeros((CROP_PX, CROP_PX, 3), np.uint8)


class FaceModel(Protocol):
    """Finds the face in a square RGB picture, or follows it from call to call; points (478, 2) in shares of the side, or None.

    A blank picture makes a following model drop what it follows.
    """

    def find(self, crop: Array) -> Array | None: ...

    def close(self) -> None: ...


class _Seen(NamedTuple):
    """A small face, and where the head was then."""

    face: Array
    head: Array
    t_ms: float


class Faces:
    """Finds the face of a body in a crop around its head, or the face that fills a picture.

    ``model`` sees head crops and, in clips, follows the face from one to the next: so the crop is held still and moved only when the head
    has left its middle. ``whole_model`` sees whole pictures and follows nothing. ``still``: nothing is smoothed; instead
    ``second_model``, one that follows, steadies each face by looking again.
    """

    def __init__(self, model: FaceModel, whole_model: FaceModel, *, still: bool, second_model: FaceModel | None = None) -> None:
        self._model = model
        self._whole_model = whole_model
        self._second_model = second_model
        self._still = still
        self._square: Square | None = None
        self._seen: _Seen | None = None
        self._misses = 0
        self._retry_at_ms = -np.inf
        self._smooth = OneEuro(CUTOFF_HZ, BETA)

    def find(self, picture: Array, body: SeenBody | None, t_ms: float) -> tuple[SeenBody | None, Array | None]:
        """The body, or None where the picture shows a face and the body was imagined; the mesh (478, 2), or None.

        ``picture`` (h, w, 3) RGB, points in its pixels.
        """
        if self._misses >= MISSES and t_ms < self._retry_at_ms:
            return body, None
        if self._seen is not None and body is not None and t_ms - self._seen.t_ms < SMALL_MS:
            return body, self._seen.face + (regions.head_centre(body.px) - self._seen.head)
        face = None if body is None else self._of_body(picture, body)
        if face is None and (body is None or self._still or regions.HEAD_SIDE_M * body.scale > CLOSE_UP_HEAD * min(size_wh_of(picture))):
            body, face = self._of_picture(picture, body)
        if self._still:
            return body, face if face is None or self._second_model is None else look_again(picture, face, self._second_model)
        return body, self._in_time(face, body, t_ms)

    def _in_time(self, face: Array | None, body: SeenBody | None, t_ms: float) -> Array | None:
        """The face smoothed over the clip; its absence noted."""
        if face is None:
            self._misses += 1
            self._retry_at_ms = t_ms + RETRY_MS
            self._smooth.reset()
            self._seen = None
            return None
        self._misses = 0
        eyes_px = regions.eye_distance(face) if body is None else EYES_M * body.scale
        face = self._smooth(face, t_ms, unit=max(eyes_px, 1.0))
        self._seen = None if body is None or eyes_px >= SMALL_EYES_PX else _Seen(face, regions.head_centre(body.px), t_ms)
        return face

    def _of_body(self, picture: Array, body: SeenBody) -> Array | None:
        wanted = regions.head_square(body.px, body.scale)
        held = self._square is not None and self._square.holds(wanted)
        square = self._square = self._square if self._square is not None and held else wanted
        crop = cut(picture, square, CROP_PX)
        face = self._model.find(crop)
        if face is None and not held:
            face = self._model.find(crop)
        if face is None:
            return None
        face = square.place(face)
        if regions.is_face_of(face, body.px, body.scale):
            return face
        self._model.find(_NOTHING)
        return None

    def _of_picture(self, picture: Array, body: SeenBody | None) -> tuple[SeenBody | None, Array | None]:
        size_wh = size_wh_of(picture)
        square = regions.whole_square(size_wh)
        face = self._whole_model.find(cut(picture, square, min(max(square.side, CROP_PX), WHOLE_PX)))
        if face is None:
            return body, None
        face = square.place(face)
        if body is None or regions.is_face_of(face, body.px, body.scale):
            return body, face
        return (None, face) if regions.eye_distance(face) > CLOSE_UP_EYES * min(size_wh) else (body, None)

    def close(self) -> None:
        """Free the models."""
        for model in (self._model, self._whole_model, self._second_model):
            if model is not None:
                model.close()
