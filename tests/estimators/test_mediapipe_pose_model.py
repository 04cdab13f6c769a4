"""The landmark model of the pose as it is used: without its silhouette, and otherwise the one that MediaPipe brings."""

from __future__ import annotations

import importlib
import io
import json
import re
import time
import zipfile
from typing import Any

import numpy as np
import pytest

from posecoach.body.records import Array
from posecoach.estimators import mediapipe
from posecoach.estimators.crops import working_picture
from posecoach.estimators.mediapipe_graphs import library
from posecoach.estimators.mediapipe_models import HEAVY, models_folder, pose_model_bytes, pose_model_file
from posecoach.estimators.mediapipe_row import RowModels
from posecoach.estimators.people import Region
from posecoach.resources import npm_file
from posecoach.sources.video import VideoSource
from posecoach.vocabulary import PoseModel
from tests.rows import SAMPLES
from tests.whole_model import DETECTOR, LANDMARKS, whole_bundle

CLIP = SAMPLES / "meeting_arms_folded_f4_front.mp4"


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_it_says_of_its_picture_what_the_librarys_writer_says() -> None:
    ours, written = pose_model_bytes("full"), _files(whole_bundle())[LANDMARKS]
    for part in ("process_units", "content"):
        assert _input(ours)[part] == _input(written)[part]


def test_what_is_left_out_is_needed_by_the_silhouette_alone() -> None:
    whole, ours = _root(pose_model_file("full").read_bytes()), _root(pose_model_bytes("full"))
    assert ours.BuffersLength() == whole.BuffersLength() + 1
    assert all(_weights(ours, number) == _weights(whole, number) for number in range(whole.BuffersLength()))
    operators, kept = _operators(whole.Subgraphs(0)), _operators(ours.Subgraphs(0))
    assert [operator for operator in operators if operator in kept] == kept
    outputs = list(map(int, whole.Subgraphs(0).OutputsAsNumpy()))
    silhouette = outputs.pop(2)
    assert all(any(tensor in made for _, made in kept) for tensor in outputs)
    left_out = [operator for operator in operators if operator not in kept]
    used = {tensor for needs, _ in operators for tensor in needs}
    assert {tensor for _, made in left_out for tensor in made if tensor not in used} == {silhouette}


@pytest.mark.model
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize(("model", "still"), [("full", False), ("full", True), ("heavy", False)])
def test_bodies_are_those_of_the_whole_model_to_the_last_bit(model: PoseModel, still: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if model == "heavy" and npm_file(HEAVY) is None:
        pytest.skip(f"not here: {HEAVY}")
    ours = _bodies(model, still)
    monkeypatch.setattr(mediapipe, "pose_bundle", whole_bundle)
    assert np.isfinite(ours).all()
    assert np.array_equal(ours, _bodies(model, still))


@pytest.mark.model
def test_bodies_in_a_row_are_those_of_the_whole_model_to_the_last_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = _in_a_row()
    monkeypatch.setattr("posecoach.estimators.mediapipe_row.pose_model_bytes", lambda model: pose_model_file(model).read_bytes())
    assert np.array_equal(ours, _in_a_row())


def test_the_detector_is_the_librarys_and_scales_its_picture_as_the_librarys_own_graph_does() -> None:
    detector = _files(mediapipe.pose_bundle())[DETECTOR]
    assert detector == (models_folder() / "pose_detection" / "pose_detection.tflite").read_bytes()
    (scaling,) = _input(detector)["process_units"]
    assert scaling["options"] == {"mean": [127.5], "std": [127.5]}
    graphs = importlib.import_module("mediapipe.python._framework_bindings.validated_graph_config")
    graph = graphs.ValidatedGraphConfig()
    graph.initialize(binary_graph_path=str(models_folder() / "pose_landmark" / "pose_landmark_cpu.binarypb"))
    scaled = re.search(r"output_tensor_width: 224 .*? output_tensor_float_range \{ (.*?) \}", " ".join(graph.text_config.split()))
    assert scaled is not None
    assert scaled[1] == "min: -1 max: 1"


def test_the_bundle_is_the_same_bytes_at_any_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = mediapipe.pose_bundle.__wrapped__("full")
    monkeypatch.setattr(time, "time", lambda: 2e9)
    assert mediapipe.pose_bundle.__wrapped__("full") == now


def _files(bundle: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(bundle)) as files:
        return {name: files.read(name) for name in files.namelist()}


def _input(model: bytes) -> dict[str, Any]:
    library()
    metadata = importlib.import_module("mediapipe.tasks.python.metadata.metadata")
    told = json.loads(metadata.MetadataDisplayer.with_model_buffer(bytearray(model)).get_metadata_json())
    found: dict[str, Any] = told["subgraph_metadata"][0]["input_tensor_metadata"][0]
    return found


def _root(model: bytes) -> Any:
    library()
    return importlib.import_module("mediapipe.tasks.metadata.schema_py_generated").Model.GetRootAs(model)


def _weights(root: Any, number: int) -> bytes:
    return np.asarray(root.Buffers(number).DataAsNumpy(), np.uint8).tobytes()


def _operators(graph: Any) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    found = (graph.Operators(number) for number in range(graph.OperatorsLength()))
    return [(tuple(map(int, one.InputsAsNumpy())), tuple(map(int, one.OutputsAsNumpy()))) for one in found]


def _bodies(model: PoseModel, still: bool) -> Array:
    with mediapipe.MediaPipeEstimator(still=still, model=model) as estimator, VideoSource(CLIP) as source:
        found = [estimator.estimate(frame) for frame, _ in zip(source, range(8), strict=False)]
        return np.array([np.hstack((one.pose_px, one.pose_world_m, one.pose_visibility[:, None])) for one in found])


def _in_a_row() -> Array:
    models = RowModels()
    with VideoSource(CLIP) as source:
        picture, _ = working_picture(next(iter(source)).image_bgr)
    try:
        found = models.bodies.find(picture, Region(320.0, 240.0, 460.0))
    finally:
        models.close()
    assert found is not None
    return np.hstack((found.body.px, found.body.world_m, found.body.visibility[:, None]))
