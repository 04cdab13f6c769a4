"""Where the models of the pose lie: the full one in MediaPipe's wheel, the heavy one in an npm package that set-up fetches."""

from __future__ import annotations

from pathlib import Path

from posecoach.errors import EstimatorError
from posecoach.estimators.mediapipe_graphs import library
from posecoach.estimators.mediapipe_pose_model import as_used_here
from posecoach.resources import npm_file
from posecoach.vocabulary import PoseModel, Text

HEAVY = "@mediapipe/pose/pose_landmark_heavy.tflite"
_NO_HEAVY = Text(
    f"没有安装高精度模型（{HEAVY}）；在安装目录里联网运行 make setup，或去掉 --model heavy",
    f"the heavy model is not installed ({HEAVY}); run `make setup` in the checkout with the network there, or leave out --model heavy",
)


def models_folder() -> Path:
    """Where the models in the wheel lie."""
    return Path(str(library().__file__)).parent / "modules"


def check_installed(model: PoseModel) -> None:
    """Raises `EstimatorError` where the heavy model is asked for and not installed."""
    if model == "heavy":
        _heavy_file()


def pose_model_file(model: PoseModel) -> Path:
    """The landmark model of the pose. Raises `EstimatorError` where it is not installed."""
    return _heavy_file() if model == "heavy" else models_folder() / "pose_landmark" / "pose_landmark_full.tflite"


def _heavy_file() -> Path:
    if (file := npm_file(HEAVY)) is None:
        raise EstimatorError(_NO_HEAVY)
    return file


def pose_model_bytes(model: PoseModel) -> bytes:
    """The landmark model of the pose, as it is used here. Raises `EstimatorError` where it is not installed."""
    return as_used_here(pose_model_file(model).read_bytes())
