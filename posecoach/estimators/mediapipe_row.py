"""MediaPipe's models for several people: faces at any distance, and the body in a given region. None of them remembers a picture.

All come with the wheel. The graphs are those inside the Tasks landmarker, so the landmarks of a body are the same as for one person.
"""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np

from posecoach.estimators.bodies import Body
from posecoach.estimators.crops import size_wh_of
from posecoach.estimators.faces import Faces
from posecoach.estimators.mediapipe_graphs import BLANK, GRAPH_STEP_US, FaceMesh, Graph, PeopleDetection, library, refusals
from posecoach.estimators.people import REGION_MARGIN, Found, Head, Region, Search
from posecoach.estimators.quiet import quiet_native
from posecoach.records import Array

_HEADS_GRAPH = """
input_stream: "image"
output_stream: "found"
node { calculator: "FaceDetectionFullRangeCpu" input_stream: "IMAGE:image" output_stream: "DETECTIONS:found" }
"""
_BODY_GRAPH = """
input_stream: "image"
input_stream: "region"
input_side_packet: "complexity"
output_stream: "points"
output_stream: "rim"
output_stream: "world"
node {
  calculator: "PoseLandmarkByRoiCpu"
  input_side_packet: "MODEL_COMPLEXITY:complexity"
  input_stream: "IMAGE:image"
  input_stream: "ROI:region"
  output_stream: "LANDMARKS:points"
  output_stream: "AUXILIARY_LANDMARKS:rim"
  output_stream: "WORLD_LANDMARKS:world"
}
"""
_FULL = 1


class RowModels:
    """All models of a row, shared by everybody in it: `search`, `bodies`, `mesh` and, made for each person, `faces`."""

    def __init__(self) -> None:
        self.search = Search(_HeadModel(), PeopleDetection())
        self.bodies = _RegionModel()
        self.mesh = FaceMesh(still=True)

    def faces(self) -> Faces:
        """A finder of one person's face; its model is everybody's, so do not close it."""
        return Faces(self.mesh, self.mesh, still=False)

    def close(self) -> None:
        """Free the models; again is harmless."""
        self.search.close()
        self.bodies.close()
        self.mesh.close()


class _HeadModel:
    """The full-range face detection."""

    def __init__(self) -> None:
        with quiet_native(), refusals("face detection"):
            library()
            self._graph = Graph(_HEADS_GRAPH)
            self._graph.find(BLANK)

    def find(self, picture: Array) -> list[Head]:
        """Faces in an RGB picture."""
        width, height = size_wh_of(picture)
        heads = []
        for detection in self._graph.find(picture):
            eyes = detection.location_data.relative_keypoints[:2]
            side = detection.location_data.relative_bounding_box.width * width
            x, y = (sum(getattr(eye, axis) for eye in eyes) / 2 for axis in "xy")
            heads.append(Head(x * width, y * height, side, float(detection.score[0])))
        return heads

    def close(self) -> None:
        """Free the model; again is harmless."""
        self._graph.close()


class _RegionModel:
    """The landmark half of the pose models: the body in a region that the caller knows."""

    def __init__(self) -> None:
        self._time_us = 0
        self._out: dict[str, Any] = {}
        with quiet_native(), refusals("pose landmarks"):
            library()
            self._api = importlib.import_module("mediapipe.python")
            self._rect = importlib.import_module("mediapipe.framework.formats.rect_pb2").NormalizedRect
            self._graph = self._api.CalculatorGraph(graph_config=_BODY_GRAPH)
            for stream in ("points", "rim", "world"):
                self._graph.observe_output_stream(stream, self._out.__setitem__, True)
            self._graph.start_run({"complexity": self._api.packet_creator.create_int(_FULL)})
            self.find(BLANK, Region(32.0, 32.0, 64.0))

    def find(self, picture: Array, region: Region) -> Found | None:
        """The body in a region of an RGB picture, points in the picture's pixels; None when there is none."""
        width, height = size_wh_of(picture)
        self._out.clear()
        self._time_us += GRAPH_STEP_US
        rect = self._rect(
            x_center=region.x / width,
            y_center=region.y / height,
            width=region.side / width,
            height=region.side / height,
            rotation=float(np.radians(region.turn_deg)),
        )
        make = self._api.packet_creator
        image = make.create_image_frame(image_format=self._api.ImageFormat.SRGB, data=np.ascontiguousarray(picture))
        self._graph.add_packet_to_input_stream("region", make.create_proto(rect).at(self._time_us))
        self._graph.add_packet_to_input_stream("image", image.at(self._time_us))
        self._graph.wait_until_idle()
        found = self._out.get("points")
        return None if found is None or found.is_empty() else self._to_found((width, height))

    def _to_found(self, size_wh: tuple[int, int]) -> Found | None:
        points, rim, world = (self._api.packet_getter.get_proto(self._out[name]).landmark for name in ("points", "rim", "world"))
        body = Body(
            px=np.array([(p.x, p.y) for p in points]) * size_wh,
            world_m=np.array([(p.x, p.y, p.z) for p in world]),
            visibility=np.array([p.visibility for p in points]),
        )
        centre, edge = np.array([(p.x, p.y) for p in rim[:2]]) * size_wh
        return Found(body, _next_region(centre, edge)) if body.scale > 0 else None

    def close(self) -> None:
        """Free the model; again is harmless."""
        if self._graph is not None:
            self._graph.close()
        self._graph = None
        self._out.clear()


def _next_region(centre: Array, edge: Array) -> Region:
    """The region around the circle that the model draws round the body: its middle (2,) and its point (2,) above the head."""
    across, up = edge[0] - centre[0], centre[1] - edge[1]
    radius = float(np.hypot(across, up))
    return Region(float(centre[0]), float(centre[1]), 2 * REGION_MARGIN * radius, float(np.degrees(np.arctan2(across, up))))
