"""Landmarks by MediaPipe 0.10.21 on one processor core. The only importer of mediapipe.

Pose: the Tasks PoseLandmarker, from a bundle put together out of the wheel's own files. Face: FaceMesh on the head cut out by the pose.
Nothing is read from the network.
"""

from __future__ import annotations

import importlib
import io
import platform
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

import cv2
import numpy as np

from posecoach.errors import EstimatorError
from posecoach.estimators import regions
from posecoach.estimators.quiet import quiet_native
from posecoach.landmarks import FACE_COUNT
from posecoach.records import Array, Frame, Landmarks
from posecoach.smoothing import OneEuro

MAX_SIDE_PX = 1920
"""Larger pictures are worked on at this long side; landmarks are reported in pixels of the picture as it came."""
MIN_SIDE_PX = 16
"""Nobody is looked for in a smaller picture."""
CROP_PX = 256
"""Side of the head crop given to the face mesh, which samples a face at 192."""
MAX_PEOPLE = 4
LOOK_MS = 2000.0
"""How often the whole picture is searched for others than the followed person."""
HOME_MS = 4000.0
"""Time constant of the slow mean of where the followed person has been."""
RESET_MS = 1000.0
"""The mesh's tracking is started afresh at most this often when it follows something that is not the face."""
CLOSE_UP_HEAD = 0.5
"""A head crop above this share of the picture's short side: the picture may show little but a face."""
CLOSE_UP_EYES = 0.15
"""Outer eye corners further apart than this share of the short side: the picture shows a face, whatever the pose says."""
WHOLE_PX = 640
BLANK = 128
FACE_CUTOFF_HZ = 1.5
FACE_BETA = 2.0
"""Smoothing of the face over real time; speeds in distances of the outer eye corners (about 9 cm) a second."""


class _Body(NamedTuple):
    px: Array
    world_m: Array
    visibility: Array


class MediaPipeEstimator:
    """Finds body and face of the main person with MediaPipe.

    ``still=True`` treats every frame as a picture of its own; otherwise frames are one clip, in order of time, and are smoothed over it.
    One object serves one clip and one thread. Raises `EstimatorError` when the models cannot run on this machine.
    """

    def __init__(self, *, still: bool = False) -> None:
        with quiet_native():
            self._bodies: _StillBodies | _ClipBodies = _StillBodies() if still else _ClipBodies()
            self._faces = _Faces(still)
        self._warm = False

    def estimate(self, frame: Frame) -> Landmarks:
        """Landmarks of the main person in pixels of ``frame``, also beyond its edges; absent points NaN.

        A body without a matching face has NaN in ``face_px``; a face that fills the picture has NaN in the pose.
        """
        if min(frame.size_wh) < MIN_SIDE_PX:
            return Landmarks.absent(frame.size_wh)
        if not self._warm:
            self._warm = True
            with quiet_native():
                return self._estimate(frame)
        return self._estimate(frame)

    def _estimate(self, frame: Frame) -> Landmarks:
        picture, ratio = _working_picture(frame.image_bgr)
        body = self._bodies.find(picture, frame.t_ms)
        face = self._faces.find(picture, body, frame.t_ms)
        absent = Landmarks.absent(frame.size_wh)
        if face is not None and body is not None and not _belongs(face, body):
            body = None
        return Landmarks(
            pose_px=absent.pose_px if body is None else body.px * ratio,
            pose_world_m=absent.pose_world_m if body is None else body.world_m,
            pose_visibility=absent.pose_visibility if body is None else body.visibility,
            face_px=absent.face_px if face is None else face * ratio,
            size_wh=frame.size_wh,
        )

    def close(self) -> None:
        """Free the models. The object cannot be used afterwards; closing twice is harmless."""
        self._bodies.close()
        self._faces.close()

    def __enter__(self) -> MediaPipeEstimator:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


class _StillBodies:
    """Finds the main person in pictures that have nothing to do with each other."""

    def __init__(self) -> None:
        self._landmarker = _pose_landmarker("IMAGE", MAX_PEOPLE)

    def find(self, picture: Array, _t_ms: float) -> _Body | None:
        """The main person, or None."""
        found = self.people(picture)
        return found[regions.main_person(_boxes(found, picture), _size_wh(picture), None)] if found else None

    def people(self, picture: Array) -> list[_Body]:
        """Everybody in the picture, each once."""
        found = _bodies(self._landmarker.detect(_mp_image(picture)), _size_wh(picture))
        return [found[i] for i in regions.distinct(_boxes(found, picture))]

    def close(self) -> None:
        """Free the model."""
        self._landmarker.close()


class _ClipBodies:
    """Follows one person through a clip.

    MediaPipe's tracker follows whom it finds first. So the whole picture is searched at the start, after a loss and every `LOOK_MS`; where
    more than one person is in it, everything but the main person's surroundings is blanked for the tracker. Blanking, unlike cropping,
    leaves the coordinates alone, so the tracker need not start again.
    """

    def __init__(self) -> None:
        self._tracker = _pose_landmarker("VIDEO", 1)
        self._search = _StillBodies()
        self._last_ts = -1
        self._look_at_ms = -np.inf
        self._crowded = False
        self._box: Array | None = None
        self._home: Array | None = None
        self._home_ms = 0.0

    def find(self, picture: Array, t_ms: float) -> _Body | None:
        """The person followed, or None."""
        tracked = self._box is not None
        if t_ms >= self._look_at_ms:
            self._look(picture, t_ms)
        body = self._track(picture, t_ms, regions.MARGIN if tracked else regions.TIGHT_MARGIN)
        if body is None:
            self._lose(t_ms)
        else:
            self._follow(regions.box_of(body.px, _size_wh(picture)), t_ms)
        return body

    def _look(self, picture: Array, t_ms: float) -> None:
        found = self._search.people(picture)
        self._look_at_ms = t_ms + LOOK_MS
        self._crowded = len(found) > 1
        if not self._crowded:
            return
        boxes = _boxes(found, picture)
        chosen = boxes[regions.main_person(boxes, _size_wh(picture), self._home)]
        if self._box is not None and regions.nearest(boxes, self._box) is not chosen:
            self._restart()
        self._box = chosen

    def _restart(self) -> None:
        self._tracker.close()
        with quiet_native():
            self._tracker = _pose_landmarker("VIDEO", 1)

    def _track(self, picture: Array, t_ms: float, margin: float) -> _Body | None:
        if self._crowded and self._box is not None:
            picture = _blanked(picture, regions.region_around(self._box, margin, _size_wh(picture)))
        self._last_ts = max(self._last_ts + 1, int(t_ms))
        found = _bodies(self._tracker.detect_for_video(_mp_image(picture), self._last_ts), _size_wh(picture))
        return found[0] if found else None

    def _follow(self, box: Array, t_ms: float) -> None:
        share = min(1.0, (t_ms - self._home_ms) / HOME_MS)
        self._home = box if self._home is None else self._home + share * (box - self._home)
        self._box, self._home_ms = box, t_ms

    def _lose(self, t_ms: float) -> None:
        if self._box is not None:
            self._look_at_ms = t_ms
        self._box, self._crowded = None, False

    def close(self) -> None:
        """Free the models."""
        self._tracker.close()
        self._search.close()


class _Faces:
    """Finds the face of a body in a crop around its head, or the face that fills a picture.

    The crop is held still, because FaceMesh tracks within it; it is moved when the head has left its middle.
    """

    def __init__(self, still: bool) -> None:
        self._still = still
        self._mesh = _face_mesh(still)
        self._whole_mesh = self._mesh if still else _face_mesh(True)
        self._square: regions.Square | None = None
        self._reset_at_ms = -np.inf
        self._smooth = OneEuro(FACE_CUTOFF_HZ, FACE_BETA)

    def find(self, picture: Array, body: _Body | None, t_ms: float) -> Array | None:
        """The mesh (478, 2) of the body's face, else of the face that fills the picture, else None."""
        scale = 0.0 if body is None else regions.px_per_m(body.px, body.world_m)
        face = self._of_body(picture, body, scale, t_ms) if body is not None and scale > 0 else None
        if face is None and (body is None or self._still or regions.HEAD_SIDE_M * scale > CLOSE_UP_HEAD * min(_size_wh(picture))):
            face = self._of_picture(picture, body, scale)
        if self._still or face is None:
            self._smooth.reset()
            return face
        return self._smooth(face, t_ms, unit=regions.eye_distance(face))

    def _of_body(self, picture: Array, body: _Body, scale: float, t_ms: float) -> Array | None:
        wanted = regions.head_square(body.px, scale)
        moved = self._square is None or not self._square.holds(wanted)
        square = self._square = wanted if moved or self._square is None else self._square
        crop = _cut(picture, square, CROP_PX)
        face = _mesh_points(self._mesh, crop, square)
        if face is None and moved:
            face = _mesh_points(self._mesh, crop, square)
        if face is None or regions.is_face_of(face, body.px, scale):
            return face
        if not self._still and t_ms >= self._reset_at_ms:
            self._mesh.reset()
            self._reset_at_ms = t_ms + RESET_MS
        return None

    def _of_picture(self, picture: Array, body: _Body | None, scale: float) -> Array | None:
        square = regions.whole_square(_size_wh(picture))
        face = _mesh_points(self._whole_mesh, _cut(picture, square, min(max(square.side, CROP_PX), WHOLE_PX)), square)
        if face is None or body is None or regions.is_face_of(face, body.px, scale):
            return face
        return face if regions.eye_distance(face) > CLOSE_UP_EYES * min(_size_wh(picture)) else None

    def close(self) -> None:
        """Free the models."""
        self._mesh.close()
        if self._whole_mesh is not self._mesh:
            self._whole_mesh.close()


def _belongs(face: Array, body: _Body) -> bool:
    return regions.is_face_of(face, body.px, regions.px_per_m(body.px, body.world_m))


def _working_picture(image_bgr: Array) -> tuple[Array, float]:
    """The picture to work on as contiguous RGB, and the factor from its pixels to those of the original."""
    height, width = image_bgr.shape[:2]
    ratio = max(1.0, max(width, height) / MAX_SIDE_PX)
    if ratio > 1.0:
        image_bgr = cv2.resize(image_bgr, (max(1, round(width / ratio)), max(1, round(height / ratio))), interpolation=cv2.INTER_AREA)
    return cv2.cvtColor(image_bgr, cv2.COLOR_BGR2RGB), ratio


def _cut(picture: Array, square: regions.Square, side_px: int) -> Array:
    """The square scaled to ``side_px``; black beyond the edges of the picture."""
    height, width = picture.shape[:2]
    left, top, right, bottom = max(square.x, 0), max(square.y, 0), min(square.x + square.side, width), min(square.y + square.side, height)
    if right <= left or bottom <= top:
        return np.zeros((side_px, side_px, 3), np.uint8)
    margins = (top - square.y, square.y + square.side - bottom, left - square.x, square.x + square.side - right)
    part = cv2.copyMakeBorder(picture[top:bottom, left:right], *margins, cv2.BORDER_CONSTANT)
    how = cv2.INTER_AREA if square.side > side_px else cv2.INTER_CUBIC
    return np.ascontiguousarray(cv2.resize(part, (side_px, side_px), interpolation=how))


def _blanked(picture: Array, region: tuple[int, int, int, int]) -> Array:
    left, top, right, bottom = region
    out = np.full_like(picture, BLANK)
    out[top:bottom, left:right] = picture[top:bottom, left:right]
    return out


def _size_wh(picture: Array) -> tuple[int, int]:
    return picture.shape[1], picture.shape[0]


def _boxes(found: list[_Body], picture: Array) -> list[Array]:
    return [regions.box_of(body.px, _size_wh(picture)) for body in found]


def _bodies(result: Any, size_wh: tuple[int, int]) -> list[_Body]:
    return [
        _Body(
            px=np.array([(p.x, p.y) for p in points]) * size_wh,
            world_m=np.array([(p.x, p.y, p.z) for p in world]),
            visibility=np.array([np.nan if p.visibility is None else p.visibility for p in points]),
        )
        for points, world in zip(result.pose_landmarks, result.pose_world_landmarks, strict=True)
    ]


def _mesh_points(mesh: Any, crop: Array, square: regions.Square) -> Array | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = mesh.process(crop).multi_face_landmarks
    if not found:
        return None
    points = np.array([(p.x, p.y) for p in found[0].landmark])
    return points[:FACE_COUNT] * square.side + (square.x, square.y)


def _mp_image(picture: Array) -> Any:
    return _mediapipe().Image(image_format=_mediapipe().ImageFormat.SRGB, data=np.ascontiguousarray(picture))


def _face_mesh(still: bool) -> Any:
    with _named("face mesh"):
        return _mediapipe().solutions.face_mesh.FaceMesh(static_image_mode=still, refine_landmarks=True, max_num_faces=1)


def _pose_landmarker(mode: str, people: int) -> Any:
    tasks = _mediapipe().tasks
    with _named("pose landmarker"):
        base = tasks.BaseOptions(model_asset_buffer=_pose_bundle(), delegate=tasks.BaseOptions.Delegate.CPU)
        options = tasks.vision.PoseLandmarkerOptions(base_options=base, running_mode=tasks.vision.RunningMode[mode], num_poses=people)
        return tasks.vision.PoseLandmarker.create_from_options(options)


@cache
def _mediapipe() -> Any:
    """The library, imported when first needed: it takes over a second."""
    with _named("library"):
        return importlib.import_module("mediapipe")


@cache
def _pose_bundle() -> bytes:
    """The model bundle the Tasks landmarker asks for, from the two models in the wheel (they only lack metadata about their input)."""
    writers = importlib.import_module("mediapipe.tasks.python.metadata.metadata_writers.metadata_writer")
    models = Path(_mediapipe().__file__).parent / "modules"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as bundle:
        for name, path in _POSE_MODELS.items():
            writer = writers.MetadataWriter.create(bytearray((models / path).read_bytes()))
            writer.add_image_input([0.0], [255.0])
            bundle.writestr(name, bytes(writer.populate()[0]))
    return out.getvalue()


_POSE_MODELS = {
    "pose_detector.tflite": "pose_detection/pose_detection.tflite",
    "pose_landmarks_detector.tflite": "pose_landmark/pose_landmark_full.tflite",
}


@contextmanager
def _named(part: str) -> Iterator[None]:
    try:
        yield
    except (ImportError, OSError, RuntimeError, ValueError) as error:
        reason = " ".join(str(error).split())[:200]
        machine = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
        raise EstimatorError(f"MediaPipe's {part} does not run here ({machine}): {reason}; run `posecoach doctor`") from error
