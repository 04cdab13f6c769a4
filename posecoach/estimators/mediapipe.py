"""Landmarks of one person by MediaPipe 0.10.21 on the processor. Nothing but the modules named after mediapipe imports it.

Everybody is found roughly with the pose detection graph, one body exactly with the Tasks PoseLandmarker, from a bundle put together out of
the wheel's own files, and the face with FaceMesh on the head cut out by the pose. Nothing is fetched from the network.
"""

from __future__ import annotations

import io
import zipfile
from contextlib import nullcontext
from functools import cache, partial
from types import TracebackType
from typing import Any, Literal

import numpy as np

from posecoach.body.records import Array, Frame, Landmarks
from posecoach.estimators.bodies import ClipBodies, SeenBody, StillBodies
from posecoach.estimators.crops import size_wh_of, working_picture
from posecoach.estimators.faces import Faces
from posecoach.estimators.hands import Hands
from posecoach.estimators.mediapipe_graphs import BLANK, FaceMesh, HandLandmarks, PeopleDetection, library, put_back, refusals, taken
from posecoach.estimators.mediapipe_models import models_folder, pose_model_bytes
from posecoach.estimators.quiet import quiet_native
from posecoach.vocabulary import PoseModel

MIN_SIDE_PX = 16
"""Nobody is looked for in a smaller picture."""

_FIRST_TS = 1000
"""The landmarker's filters take a time of 0 for no time at all, and would smooth the first frames differently."""


class MediaPipeEstimator:
    """Finds body and face of the main person with MediaPipe.

    ``still=True`` treats every frame as a picture of its own; otherwise frames are one clip, in order of time, and are smoothed over it.
    Hands are looked for only while ``with_hands`` is set. ``model`` is that of the pose. One object serves one clip (or any number of
    pictures) and one thread. Raises `EstimatorError` when the models cannot run here.
    """

    def __init__(self, *, still: bool = False, model: PoseModel = "full") -> None:
        self._model = model
        if still:
            face_model = FaceMesh(still=True)
            self._bodies: StillBodies | ClipBodies = StillBodies(_BodyModel("IMAGE", model), PeopleDetection())
            self._faces = Faces(face_model, face_model, still=True, second_model=FaceMesh(still=False))
        else:
            self._bodies = ClipBodies(_BodyModel("VIDEO", model), PeopleDetection())
            self._faces = Faces(FaceMesh(still=False), FaceMesh(still=True), still=False)
        self._hands = Hands(HandLandmarks())
        self.with_hands = False

    def estimate(self, frame: Frame) -> Landmarks:
        """Landmarks of the main person in pixels of ``frame``, also beyond its edges; what is missing is NaN.

        A body whose face is turned away has NaN in ``face_px``; a face that fills the picture has NaN in the pose.
        """
        absent = Landmarks.absent(frame.size_wh, self._model)
        if min(frame.size_wh) < MIN_SIDE_PX:
            return absent
        picture, ratio = working_picture(frame.image_bgr)
        body, face = self._faces.find(picture, self._bodies.find(picture, frame.t_ms), frame.t_ms)
        return Landmarks(
            pose_px=absent.pose_px if body is None else body.px * ratio,
            pose_world_m=absent.pose_world_m if body is None else body.world_m,
            pose_visibility=absent.pose_visibility if body is None else body.visibility,
            face_px=absent.face_px if face is None else face * ratio,
            size_wh=frame.size_wh,
            hands_m=self._hands.find(picture, body) if self.with_hands and body is not None else absent.hands_m,
            model=self._model,
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is to be told of the frames so far."""
        return self._bodies.warnings

    @property
    def is_in_company(self) -> bool:
        """Whether somebody else was in the picture a moment ago."""
        return self._bodies.is_in_company

    def close(self) -> None:
        """Free the models. The object cannot be used afterwards; closing twice is harmless."""
        self._bodies.close()
        self._faces.close()
        self._hands.close()

    def __enter__(self) -> MediaPipeEstimator:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


class _BodyModel:
    """The Tasks PoseLandmarker; in VIDEO mode it follows one body."""

    def __init__(self, mode: Literal["IMAGE", "VIDEO"], model: PoseModel = "full") -> None:
        self._kind = ("pose landmarker", mode, model)
        self._follows = mode == "VIDEO"
        self._last_ts = 0
        self._has_found = self._is_sound = False
        with quiet_native(), refusals("pose landmarker"):
            self._landmarker = taken(self._kind, partial(pose_landmarker, mode, model))
            self.find(BLANK, 1.0 - _FIRST_TS)

    def find(self, picture: Array, t_ms: float) -> SeenBody | None:
        """The body in an RGB picture, or None."""
        mediapipe = library()
        image = mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=np.ascontiguousarray(picture))
        self._is_sound = False
        with nullcontext() if self._has_found else quiet_native():  # the first body brings a last warning
            body = _to_body(self._detect(image, t_ms), size_wh_of(picture))
        self._is_sound = True
        self._has_found = self._has_found or body is not None
        return body

    def _detect(self, image: Any, t_ms: float) -> Any:
        if not self._follows:
            return self._landmarker.detect(image)
        self._last_ts = max(self._last_ts + 1, _FIRST_TS + int(t_ms))
        return self._landmarker.detect_for_video(image, self._last_ts)

    def close(self) -> None:
        """Leave a model that remembers nothing to others, free the other; again is harmless."""
        landmarker, self._landmarker = self._landmarker, None
        if landmarker is not None:
            put_back(self._kind, landmarker, is_usable=self._is_sound and not self._follows)


def _to_body(result: Any, size_wh: tuple[int, int]) -> SeenBody | None:
    if not result.pose_landmarks:
        return None
    points, world = result.pose_landmarks[0], result.pose_world_landmarks[0]
    return SeenBody(
        px=np.array([(p.x, p.y) for p in points]) * size_wh,
        world_m=np.array([(p.x, p.y, p.z) for p in world]),
        visibility=np.array([np.nan if p.visibility is None else p.visibility for p in points]),
    )


def pose_landmarker(mode: Literal["IMAGE", "VIDEO"], model: PoseModel = "full") -> Any:
    """The Tasks PoseLandmarker for one person on the processor."""
    tasks = library().tasks
    base = tasks.BaseOptions(model_asset_buffer=pose_bundle(model), delegate=tasks.BaseOptions.Delegate.CPU)
    options = tasks.vision.PoseLandmarkerOptions(base_options=base, running_mode=tasks.vision.RunningMode[mode], num_poses=1)
    return tasks.vision.PoseLandmarker.create_from_options(options)


@cache
def pose_bundle(model: PoseModel = "full") -> bytes:
    """The bundle the Tasks landmarker asks for, a stored zip of detector and landmark model.

    The detector brings what it must be told of its picture: to scale it to -1..1, as the library's own graph for it does.
    Raises `EstimatorError` where MediaPipe does not load, or the model is not installed.
    """
    models = {
        "pose_detector.tflite": (models_folder() / "pose_detection" / "pose_detection.tflite").read_bytes(),
        "pose_landmarks_detector.tflite": pose_model_bytes(model),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as bundle:
        for name, content in models.items():
            bundle.writestr(zipfile.ZipInfo(name), content)  # without a time: browsers keep it while its bytes are the same
    return out.getvalue()
