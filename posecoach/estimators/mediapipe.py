"""Landmarks by MediaPipe 0.10.21 on the processor. The only importer of mediapipe.

Everybody is found roughly with the pose detection graph, one body exactly with the Tasks PoseLandmarker, from a bundle put together out of
the wheel's own files, and the face with FaceMesh on the head cut out by the pose. Nothing is fetched from the network.
"""

from __future__ import annotations

import importlib
import io
import platform
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

import numpy as np

from posecoach.errors import EstimatorError
from posecoach.estimators.bodies import Body, ClipBodies, StillBodies
from posecoach.estimators.crops import size_wh_of, working_picture
from posecoach.estimators.faces import Faces
from posecoach.estimators.quiet import quiet_native
from posecoach.estimators.regions import Person
from posecoach.records import Array, Frame, Landmarks

MIN_SIDE_PX = 16
"""Nobody is looked for in a smaller picture."""

_FIRST_TS = 1000
"""The landmarker's filters take a time of 0 for no time at all, and would smooth the first frames differently."""
_POSE_MODELS = {
    "pose_detector.tflite": "pose_detection/pose_detection.tflite",
    "pose_landmarks_detector.tflite": "pose_landmark/pose_landmark_full.tflite",
}
_PEOPLE_GRAPH = """
input_stream: "image"
output_stream: "found"
node { calculator: "PoseDetectionCpu" input_stream: "IMAGE:image" output_stream: "DETECTIONS:found" }
"""
_FACE_GRAPH = """
input_stream: "image"
output_stream: "found"
input_side_packet: "num_faces"
input_side_packet: "with_attention"
input_side_packet: "use_prev_landmarks"
node {
  calculator: "FaceLandmarkFrontCpu"
  input_stream: "IMAGE:image"
  input_side_packet: "NUM_FACES:num_faces"
  input_side_packet: "WITH_ATTENTION:with_attention"
  input_side_packet: "USE_PREV_LANDMARKS:use_prev_landmarks"
  output_stream: "LANDMARKS:found"
}
"""
_GRAPH_STEP_US = 33_333
"""The graphs only need rising times: their results are the same at any step."""
_BLANK = np.zeros((64, 64, 3), np.uint8)
"""Every model is shown this when it is made: models load when first used, and say so on the error stream."""


class MediaPipeEstimator:
    """Finds body and face of the main person with MediaPipe.

    ``still=True`` treats every frame as a picture of its own; otherwise frames are one clip, in order of time, and are smoothed over it.
    One object serves one clip (or any number of pictures) and one thread. Raises `EstimatorError` when the models cannot run here.
    """

    def __init__(self, *, still: bool = False) -> None:
        if still:
            face_model = _FaceModel(still=True)
            self._bodies: StillBodies | ClipBodies = StillBodies(_BodyModel("IMAGE"), _PeopleModel())
            self._faces = Faces(face_model, face_model, still=True, second_model=_FaceModel(still=False))
        else:
            self._bodies = ClipBodies(_BodyModel("VIDEO"), _PeopleModel())
            self._faces = Faces(_FaceModel(still=False), _FaceModel(still=True), still=False)

    def estimate(self, frame: Frame) -> Landmarks:
        """Landmarks of the main person in pixels of ``frame``, also beyond its edges; what is missing is NaN.

        A body whose face is turned away has NaN in ``face_px``; a face that fills the picture has NaN in the pose.
        """
        absent = Landmarks.absent(frame.size_wh)
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
        )

    def close(self) -> None:
        """Free the models. The object cannot be used afterwards; closing twice is harmless."""
        self._bodies.close()
        self._faces.close()

    def __enter__(self) -> MediaPipeEstimator:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


class _BodyModel:
    """The Tasks PoseLandmarker; in VIDEO mode it follows one body."""

    def __init__(self, mode: Literal["IMAGE", "VIDEO"]) -> None:
        self._follows = mode == "VIDEO"
        self._last_ts = 0
        self._has_found = False
        with quiet_native(), _refusals("pose landmarker"):
            self._landmarker = _pose_landmarker(mode)
            self.find(_BLANK, 1.0 - _FIRST_TS)

    def find(self, picture: Array, t_ms: float) -> Body | None:
        """The body in an RGB picture, or None."""
        mediapipe = _mediapipe()
        image = mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=np.ascontiguousarray(picture))
        with nullcontext() if self._has_found else quiet_native():  # the first body brings a last warning
            body = _to_body(self._detect(image, t_ms), size_wh_of(picture))
        self._has_found = self._has_found or body is not None
        return body

    def _detect(self, image: Any, t_ms: float) -> Any:
        if not self._follows:
            return self._landmarker.detect(image)
        self._last_ts = max(self._last_ts + 1, _FIRST_TS + int(t_ms))
        return self._landmarker.detect_for_video(image, self._last_ts)

    def close(self) -> None:
        """Free the model; again is harmless."""
        if self._landmarker is not None:
            self._landmarker.close()
        self._landmarker = None


class _Graph:
    """One of the graphs inside the library, fed picture by picture."""

    def __init__(self, text: str, **switches: int | bool) -> None:
        self._api = importlib.import_module("mediapipe.python")
        make = self._api.packet_creator
        sides = {name: make.create_bool(value) if isinstance(value, bool) else make.create_int(value) for name, value in switches.items()}
        self._graph = self._api.CalculatorGraph(graph_config=text)
        self._graph.observe_output_stream("found", self._receive, True)
        self._graph.start_run(sides)
        self._found: Any = None
        self._time_us = 0

    def _receive(self, _name: str, packet: Any) -> None:
        self._found = packet

    def find(self, picture: Array) -> list[Any]:
        """What the graph finds in an RGB picture, as protocol messages; a graph that remembers expects pictures of one size."""
        self._found = None
        self._time_us += _GRAPH_STEP_US
        packet = self._api.packet_creator.create_image_frame(image_format=self._api.ImageFormat.SRGB, data=np.ascontiguousarray(picture))
        self._graph.add_packet_to_input_stream("image", packet.at(self._time_us))
        self._graph.wait_until_idle()
        if self._found is None or self._found.is_empty():
            return []
        messages: list[Any] = self._api.packet_getter.get_proto_list(self._found)
        return messages

    def close(self) -> None:
        """Free the model; again is harmless."""
        if self._graph is not None:
            self._graph.close()
        self._graph = self._found = None


class _PeopleModel:
    """The pose detection graph: hips and size of everybody, in half the time of one person's landmarks."""

    def __init__(self) -> None:
        with quiet_native(), _refusals("pose detection"):
            _mediapipe()
            self._graph = _Graph(_PEOPLE_GRAPH)
            self._graph.find(_BLANK)

    def find(self, picture: Array) -> list[Person]:
        """Everybody in an RGB picture, the surest first."""
        width, height = size_wh_of(picture)
        people = []
        for detection in self._graph.find(picture):
            hips, rim = detection.location_data.relative_keypoints[:2]
            people.append(Person(hips.x * width, hips.y * height, float(np.hypot((rim.x - hips.x) * width, (rim.y - hips.y) * height))))
        return people

    def close(self) -> None:
        """Free the model; again is harmless."""
        self._graph.close()


class _FaceModel:
    """FaceMesh with irises, loaded when first needed; unless ``still`` it follows one face."""

    def __init__(self, *, still: bool) -> None:
        self._still = still
        self._graph: _Graph | None = None

    def find(self, crop: Array) -> Array | None:
        """The face in a square RGB picture: (478, 2) in shares of its side, or None."""
        if self._graph is None:
            with quiet_native(), _refusals("face mesh"):
                self._graph = _Graph(_FACE_GRAPH, num_faces=1, with_attention=True, use_prev_landmarks=not self._still)
                self._graph.find(_BLANK)
        found = self._graph.find(crop)
        return np.array([(p.x, p.y) for p in found[0].landmark]) if found else None

    def close(self) -> None:
        """Free the model; again is harmless."""
        if self._graph is not None:
            self._graph.close()


def _to_body(result: Any, size_wh: tuple[int, int]) -> Body | None:
    if not result.pose_landmarks:
        return None
    points, world = result.pose_landmarks[0], result.pose_world_landmarks[0]
    return Body(
        px=np.array([(p.x, p.y) for p in points]) * size_wh,
        world_m=np.array([(p.x, p.y, p.z) for p in world]),
        visibility=np.array([np.nan if p.visibility is None else p.visibility for p in points]),
    )


def _pose_landmarker(mode: str) -> Any:
    tasks = _mediapipe().tasks
    base = tasks.BaseOptions(model_asset_buffer=_pose_bundle(), delegate=tasks.BaseOptions.Delegate.CPU)
    options = tasks.vision.PoseLandmarkerOptions(base_options=base, running_mode=tasks.vision.RunningMode[mode], num_poses=1)
    return tasks.vision.PoseLandmarker.create_from_options(options)


@cache
def _mediapipe() -> Any:
    """The library, imported when first needed: that takes over a second."""
    with _refusals("library"):
        library = importlib.import_module("mediapipe")
        bindings = importlib.import_module("mediapipe.python._framework_bindings")
        bindings.resource_util.set_resource_dir(str(Path(str(library.__file__)).parent.parent))
        return library


@cache
def _pose_bundle() -> bytes:
    """The model bundle the Tasks landmarker asks for, from the two models in the wheel, which only lack metadata about their input."""
    writers = importlib.import_module("mediapipe.tasks.python.metadata.metadata_writers.metadata_writer")
    models = Path(str(_mediapipe().__file__)).parent / "modules"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as bundle:
        for name, path in _POSE_MODELS.items():
            bundle.writestr(name, _with_input_metadata(writers, (models / path).read_bytes()))
    return out.getvalue()


def _with_input_metadata(writers: Any, model: bytes) -> bytes:
    """The model told to scale its picture from 0..255 to 0..1."""
    writer = writers.MetadataWriter.create(bytearray(model))
    writer.add_image_input([0.0], [255.0])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # the writer leaves a temporary file to the collector
        return bytes(writer.populate()[0])


@contextmanager
def _refusals(part: str) -> Iterator[None]:
    """Turn whatever MediaPipe raises when it cannot start into one line."""
    try:
        yield
    except (ImportError, OSError, RuntimeError, ValueError) as error:
        reason = " ".join(str(error).split())[:200]
        machine = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
        raise EstimatorError(f"MediaPipe's {part} does not run here ({machine}): {reason}; run `posecoach doctor`") from error
