"""MediaPipe's landmarker of the pose with its models as they come, silhouette and all: what that which posecoach runs is held against."""

from __future__ import annotations

import importlib
import io
import zipfile
from functools import cache
from typing import Any

from posecoach.estimators.mediapipe_graphs import library
from posecoach.estimators.mediapipe_models import models_folder, pose_model_file
from posecoach.vocabulary import PoseModel

DETECTOR, LANDMARKS = "pose_detector.tflite", "pose_landmarks_detector.tflite"


@cache
def whole_bundle(model: PoseModel = "full") -> bytes:
    """A bundle for the landmarker; what the landmark model must be told of its picture is written by the library."""
    library()
    writers = importlib.import_module("mediapipe.tasks.python.metadata.metadata_writers.metadata_writer")
    writer = writers.MetadataWriter.create(bytearray(pose_model_file(model).read_bytes()))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as bundle:
        bundle.write(models_folder() / "pose_detection" / "pose_detection.tflite", DETECTOR)
        bundle.writestr(LANDMARKS, bytes(writer.add_image_input([0.0], [255.0]).populate()[0]))
    return out.getvalue()


def whole_landmarker() -> Any:
    """The landmarker for the pictures of one clip."""
    tasks = library().tasks
    base = tasks.BaseOptions(model_asset_buffer=whole_bundle(), delegate=tasks.BaseOptions.Delegate.CPU)
    options = tasks.vision.PoseLandmarkerOptions(base_options=base, running_mode=tasks.vision.RunningMode.VIDEO, num_poses=1)
    return tasks.vision.PoseLandmarker.create_from_options(options)
