"""MediaPipe itself and the graphs inside it that need no Tasks bundle: everybody found roughly, and the mesh of one face."""

from __future__ import annotations

import importlib
import platform
import sys
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from threading import Event
from types import ModuleType
from typing import Any, Protocol, TypeVar, cast

import numpy as np

from posecoach.body.records import Array
from posecoach.errors import EstimatorError
from posecoach.estimators.crops import size_wh_of
from posecoach.estimators.people import Region
from posecoach.estimators.quiet import quiet_native
from posecoach.estimators.regions import SeenPerson, seen_once
from posecoach.vocabulary import Text

Model = TypeVar("Model", bound="Closing")

BLANK = np.zeros((64, 64, 3), np.uint8)
"""Every model is shown this when it is made: models load when first used, and say so on the error stream."""
_GRAPH_STEP_US = 33_333
"""The graphs only need rising times: their results are the same at any step."""

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

_HAND_GRAPH = """
input_stream: "image"
output_stream: "found"
input_side_packet: "num_hands"
input_side_packet: "model_complexity"
input_side_packet: "use_prev_landmarks"
node {
  calculator: "HandLandmarkTrackingCpu"
  input_stream: "IMAGE:image"
  input_side_packet: "NUM_HANDS:num_hands"
  input_side_packet: "MODEL_COMPLEXITY:model_complexity"
  input_side_packet: "USE_PREV_LANDMARKS:use_prev_landmarks"
  output_stream: "WORLD_LANDMARKS:found"
}
"""


@cache
def library() -> Any:
    """The library, imported when first needed: that takes a while."""
    with refusals("library"), _without_plots():
        found = importlib.import_module("mediapipe")
        bindings = importlib.import_module("mediapipe.python._framework_bindings")
        bindings.resource_util.set_resource_dir(str(Path(str(found.__file__)).parent.parent))
        return found


@contextmanager
def _without_plots() -> Iterator[None]:
    """The library would load matplotlib, for plots that nobody asks for: two thirds of its time, and 25 MB in every process."""
    empty = {name: ModuleType(name) for name in ("matplotlib", "matplotlib.pyplot") if name not in sys.modules}
    sys.modules.update(empty)
    try:
        yield
    finally:
        for name in empty:
            del sys.modules[name]


@contextmanager
def refusals(part: str) -> Iterator[None]:
    """Turn whatever MediaPipe raises when it cannot start into one line."""
    try:
        yield
    except (ImportError, OSError, RuntimeError, ValueError) as error:
        reason = " ".join(str(error).split())[:200]
        machine = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
        raise EstimatorError(
            Text(
                f"MediaPipe 的 {part} 在这台机器上运行不了（{machine}）：{reason}；请运行 posecoach doctor",
                f"MediaPipe's {part} does not run here ({machine}): {reason}; run `posecoach doctor`",
            )
        ) from error


class Closing(Protocol):
    """A model that can be freed."""

    def close(self) -> None: ...


_IDLE: dict[Hashable, Closing] = {}
"""A loaded model of each kind that nobody uses: to load one takes as long as three to seven looks at a picture."""


_KEEPS = Event()


def keep_idle() -> None:
    """From now on `put_back` keeps models in this process: clip follows on clip. Elsewhere they are freed, as when a visitor leaves."""
    _KEEPS.set()


def taken(kind: Hashable, make: Callable[[], Model]) -> Model:
    """A model of a kind for oneself alone, from where `put_back` left it or loaded anew."""
    found = _IDLE.pop(kind, None)
    return make() if found is None else cast(Model, found)


def put_back(kind: Hashable, model: Closing, *, is_usable: bool) -> None:
    """Leave a model to the next one who needs such, or free it. ``is_usable``: it remembers nothing and has answered all it was asked."""
    if not (is_usable and _KEEPS.is_set()) or _IDLE.setdefault(kind, model) is not model:
        model.close()


class Graph:
    """One of the graphs inside the library, fed picture by picture; ``streams`` are those it answers with.

    ``is_sound``: it has answered whatever it was asked. Raises `EstimatorError` that names ``part`` where it does not run.
    """

    def __init__(self, part: str, text: str, streams: tuple[str, ...] = ("found",), **switches: int | bool | bytes) -> None:
        self._out: dict[str, Any] = {}
        self._time_us = 0
        self.is_sound = False
        with quiet_native(), refusals(part):
            library()
            self._api = importlib.import_module("mediapipe.python")
            make = self._api.packet_creator
            packets = {bool: make.create_bool, int: make.create_int, bytes: make.create_string}
            sides = {name: packets[type(value)](value) for name, value in switches.items()}
            self._graph = self._api.CalculatorGraph(graph_config=text)
            for stream in streams:
                self._graph.observe_output_stream(stream, self._out.__setitem__, True)
            self._graph.start_run(sides)
            self._warm_up()

    def _warm_up(self) -> None:
        self.messages(BLANK)

    def messages(self, picture: Array) -> list[Any]:
        """What the graph finds in an RGB picture, as protocol messages; a graph that remembers expects pictures of one size."""
        packet = self._run(picture).get("found")
        return [] if packet is None else list(self._api.packet_getter.get_proto_list(packet))

    def _run(self, picture: Array, **others: Any) -> dict[str, Any]:
        """The packets that come out by stream, without those that hold nothing; ``others`` go in beside the picture."""
        self._out.clear()
        self.is_sound = False
        self._time_us += _GRAPH_STEP_US
        image = self._api.packet_creator.create_image_frame(image_format=self._api.ImageFormat.SRGB, data=np.ascontiguousarray(picture))
        for stream, packet in {**others, "image": image}.items():
            self._graph.add_packet_to_input_stream(stream, packet.at(self._time_us))
        self._graph.wait_until_idle()
        self.is_sound = True
        return {stream: packet for stream, packet in self._out.items() if not packet.is_empty()}

    def close(self) -> None:
        """Free the model; again is harmless."""
        if self._graph is not None:
            self._graph.close()
        self._graph = None
        self._out.clear()


class RegionGraph(Graph):
    """One of those that look at a given region of a picture and answer with landmarks."""

    def _warm_up(self) -> None:
        self.landmarks_in(BLANK, Region(32.0, 32.0, 64.0))

    def landmarks_in(self, picture: Array, region: Region) -> dict[str, Any]:
        """What is found in a region of an RGB picture: landmarks by stream; empty when nothing is."""
        width, height = size_wh_of(picture)
        rect = importlib.import_module("mediapipe.framework.formats.rect_pb2").NormalizedRect(
            x_center=region.x / width,
            y_center=region.y / height,
            width=region.side / width,
            height=region.side / height,
            rotation=float(np.radians(region.turn_deg)),
        )
        read = self._api.packet_getter.get_proto
        found = self._run(picture, region=self._api.packet_creator.create_proto(rect))
        return {stream: read(packet).landmark for stream, packet in found.items()}


def points_of(landmarks: Any) -> Array:
    """Their places (N, 2), in the shares that the library gives them in."""
    return np.array([(p.x, p.y) for p in landmarks])


class _Shared:
    """A model on a graph that is taken when first needed, and put back afterwards; ``follows``: it remembers what it found last."""

    def __init__(self, part: str, text: str, *, follows: bool = False, **switches: int) -> None:
        self._kind = (part, *switches.items())
        self._make = partial(Graph, part, text, ("found",), **switches)
        self._follows = follows
        self._graph: Graph | None = None

    def loaded(self) -> Graph:
        """The graph, ready."""
        if self._graph is None:
            self._graph = taken(self._kind, self._make)
        return self._graph

    def close(self) -> None:
        """Leave the graph to others; again is harmless."""
        graph, self._graph = self._graph, None
        if graph is None:
            return
        if self._follows and graph.is_sound:
            graph.messages(BLANK)
        put_back(self._kind, graph, is_usable=graph.is_sound)


class PeopleDetection(_Shared):
    """The pose detection graph: hips and size of everybody, in half the time of one person's landmarks."""

    def __init__(self) -> None:
        super().__init__("pose detection", _PEOPLE_GRAPH)
        self.loaded()

    def find(self, picture: Array) -> list[SeenPerson]:
        """Everybody in an RGB picture once, the surest first."""
        width, height = size_wh_of(picture)
        people, shoulders_px = [], []
        for detection in self.loaded().messages(picture):
            hips, rim, shoulders = detection.location_data.relative_keypoints[:3]
            people.append(SeenPerson(hips.x * width, hips.y * height, float(np.hypot((rim.x - hips.x) * width, (rim.y - hips.y) * height))))
            shoulders_px.append((shoulders.x * width, shoulders.y * height))
        return seen_once(people, np.array(shoulders_px))


class FaceMesh(_Shared):
    """FaceMesh with irises; unless ``still`` it follows one face."""

    def __init__(self, *, still: bool) -> None:
        super().__init__("face mesh", _FACE_GRAPH, follows=not still, num_faces=1, with_attention=True, use_prev_landmarks=not still)

    def find(self, crop: Array) -> Array | None:
        """The face in a square RGB picture: (478, 2) in shares of its side, or None."""
        found = self.loaded().messages(crop)
        return points_of(found[0].landmark) if found else None


class HandLandmarks(_Shared):
    """The hand model; remembers nothing from picture to picture."""

    def __init__(self) -> None:
        super().__init__("hand landmarks", _HAND_GRAPH, num_hands=1, model_complexity=1, use_prev_landmarks=False)

    def find(self, crop: Array) -> Array | None:
        """The surest hand in a square RGB picture: (21, 3) metres from its middle, or None."""
        found = self.loaded().messages(crop)
        return np.array([(p.x, p.y, p.z) for p in found[0].landmark]) if found else None
