"""MediaPipe's models for several people: faces at any distance, body and face in a given region. The graphs remember no picture.

The graphs are those inside the Tasks landmarker, so the landmarks of a body are the same as for one person.
"""

from __future__ import annotations

import numpy as np

from posecoach.body.records import Array
from posecoach.estimators.bodies import SeenBody
from posecoach.estimators.crops import size_wh_of
from posecoach.estimators.faces import Faces
from posecoach.estimators.mediapipe_graphs import FaceMesh, Graph, PeopleDetection, RegionGraph, points_of
from posecoach.estimators.mediapipe_models import pose_model_bytes
from posecoach.estimators.people import REGION_MARGIN, Head, Region, Search, SeenPeople
from posecoach.vocabulary import PoseModel

_HEADS_GRAPH = """
input_stream: "image"
output_stream: "found"
node { calculator: "FaceDetectionFullRangeCpu" input_stream: "IMAGE:image" output_stream: "DETECTIONS:found" }
"""
_BODY_GRAPH = """
input_stream: "image"
input_stream: "region"
input_side_packet: "model"
output_stream: "points"
output_stream: "rim"
output_stream: "world"
node {
  calculator: "ImageToTensorCalculator"
  input_stream: "IMAGE:image"
  input_stream: "NORM_RECT:region"
  output_stream: "TENSORS:picture"
  output_stream: "LETTERBOX_PADDING:padding"
  options {
    [mediapipe.ImageToTensorCalculatorOptions.ext] {
      output_tensor_width: 256
      output_tensor_height: 256
      keep_aspect_ratio: true
      output_tensor_float_range { min: 0 max: 1 }
    }
  }
}
node { calculator: "TfLiteModelCalculator" input_side_packet: "MODEL_BLOB:model" output_side_packet: "MODEL:loaded" }
node {
  calculator: "InferenceCalculatorCpu"
  input_stream: "TENSORS:picture"
  input_side_packet: "MODEL:loaded"
  output_stream: "TENSORS:answer"
  options { [mediapipe.InferenceCalculatorOptions.ext] { delegate { xnnpack {} } } }
}
node {
  calculator: "TensorsToPoseLandmarksAndSegmentation"
  input_stream: "TENSORS:answer"
  output_stream: "LANDMARKS:points_in_square"
  output_stream: "AUXILIARY_LANDMARKS:rim_in_square"
  output_stream: "WORLD_LANDMARKS:world_in_square"
}
node {
  calculator: "LandmarkLetterboxRemovalCalculator"
  input_stream: "LANDMARKS:points_in_square"
  input_stream: "LETTERBOX_PADDING:padding"
  output_stream: "LANDMARKS:points_in_region"
}
node {
  calculator: "LandmarkLetterboxRemovalCalculator"
  input_stream: "LANDMARKS:rim_in_square"
  input_stream: "LETTERBOX_PADDING:padding"
  output_stream: "LANDMARKS:rim_in_region"
}
node {
  calculator: "LandmarkProjectionCalculator"
  input_stream: "NORM_LANDMARKS:points_in_region"
  input_stream: "NORM_RECT:region"
  output_stream: "NORM_LANDMARKS:points"
}
node {
  calculator: "LandmarkProjectionCalculator"
  input_stream: "NORM_LANDMARKS:rim_in_region"
  input_stream: "NORM_RECT:region"
  output_stream: "NORM_LANDMARKS:rim"
}
node {
  calculator: "WorldLandmarkProjectionCalculator"
  input_stream: "LANDMARKS:world_in_square"
  input_stream: "NORM_RECT:region"
  output_stream: "LANDMARKS:world"
}
"""
_MESH_GRAPH = """
input_stream: "image"
input_stream: "region"
input_side_packet: "with_attention"
output_stream: "points"
node {
  calculator: "FaceLandmarkCpu"
  input_side_packet: "WITH_ATTENTION:with_attention"
  input_stream: "IMAGE:image"
  input_stream: "ROI:region"
  output_stream: "LANDMARKS:points"
}
"""
_MESH_MARGIN = 1.5
"""The face mesh expects the square round the face it saw last enlarged by this (MediaPipe's face_landmark_landmarks_to_roi)."""


class RowModels:
    """All models of a row, shared by everybody in it: `search`, `bodies` by the model ``pose``, `mesh` and, made for each person, `faces`.

    Raises `EstimatorError` when they cannot run here.
    """

    def __init__(self, pose: PoseModel = "full") -> None:
        self.search = Search(_HeadModel(), PeopleDetection())
        self.bodies = _BodyModel(pose)
        self.mesh = FaceMesh(still=True)
        self._meshes = _MeshModel()

    def faces(self) -> Faces:
        """A finder and follower of one person's face; its models are everybody's, so do not close it."""
        return Faces(_FollowedMesh(self.mesh, self._meshes), self.mesh, still=False)

    def close(self) -> None:
        """Free the models; again is harmless."""
        for model in (self.search, self.bodies, self.mesh, self._meshes):
            model.close()


class _HeadModel(Graph):
    """The full-range face detection."""

    def __init__(self) -> None:
        super().__init__("face detection", _HEADS_GRAPH)

    def find(self, picture: Array) -> list[Head]:
        """Faces in an RGB picture."""
        width, height = size_wh_of(picture)
        heads = []
        for detection in self.messages(picture):
            eyes = detection.location_data.relative_keypoints[:2]
            side = detection.location_data.relative_bounding_box.width * width
            x, y = (sum(getattr(eye, axis) for eye in eyes) / 2 for axis in "xy")
            heads.append(Head(x * width, y * height, side, float(detection.score[0])))
        return heads


class _BodyModel(RegionGraph):
    """The landmark half of the pose models: the body in a region that the caller knows."""

    def __init__(self, model: PoseModel) -> None:
        super().__init__("pose landmarks", _BODY_GRAPH, ("points", "rim", "world"), model=pose_model_bytes(model))

    def find(self, picture: Array, region: Region) -> SeenPeople | None:
        """The body in a region of an RGB picture, points in the picture's pixels; None when there is none."""
        found = self.landmarks_in(picture, region)
        if "points" not in found:
            return None
        size_wh = size_wh_of(picture)
        body = SeenBody(
            px=points_of(found["points"]) * size_wh,
            world_m=np.array([(p.x, p.y, p.z) for p in found["world"]]),
            visibility=np.array([p.visibility for p in found["points"]]),
        )
        centre, edge = points_of(found["rim"][:2]) * size_wh
        return SeenPeople(body, _next_region(centre, edge)) if body.scale > 0 else None


class _MeshModel(RegionGraph):
    """The landmark half of FaceMesh: the face where it was a moment ago."""

    def __init__(self) -> None:
        super().__init__("face mesh", _MESH_GRAPH, ("points",), with_attention=True)

    def find(self, crop: Array, before: Array) -> Array | None:
        """The face in a square RGB picture, near where it was ``before``: (478, 2) in shares of its side, or None."""
        found = self.landmarks_in(crop, _face_region(before * crop.shape[0]))
        return points_of(found["points"]) if "points" in found else None


class _FollowedMesh:
    """FaceMesh following one face: it is searched for at first and after a loss only, as for a single person."""

    def __init__(self, search: FaceMesh, meshes: _MeshModel) -> None:
        self._search = search
        self._meshes = meshes
        self._last: Array | None = None

    def find(self, crop: Array) -> Array | None:
        """The face in a square RGB picture: (478, 2) in shares of its side, or None."""
        self._last = self._search.find(crop) if self._last is None else self._meshes.find(crop, self._last)
        return self._last

    def close(self) -> None:
        """Nothing is freed: the models are everybody's."""


def _face_region(face: Array) -> Region:
    """The upright region in which the face (478, 2) should be looked at next.

    Turned with the eyes, as the library does it, small faces turned further with every frame: of rendered ones nineteen in twenty were then
    within 8.9 degrees of the truth, and 6.8 upright.
    """
    low, high = face.min(axis=0), face.max(axis=0)
    x, y = (low + high) / 2
    return Region(float(x), float(y), _MESH_MARGIN * float((high - low).max()))


def _next_region(centre: Array, edge: Array) -> Region:
    """The region around the circle that the model draws round the body: its middle (2,) and its point (2,) above the head."""
    across, up = edge[0] - centre[0], centre[1] - edge[1]
    radius = float(np.hypot(across, up))
    return Region(float(centre[0]), float(centre[1]), 2 * REGION_MARGIN * radius, float(np.degrees(np.arctan2(across, up))))
