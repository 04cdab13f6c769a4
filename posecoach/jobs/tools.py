"""What does the work of a job, for those who hand in other than the usual."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from posecoach.estimators.mediapipe import MediaPipeEstimator
from posecoach.estimators.mediapipe_graphs import keep_idle
from posecoach.estimators.mediapipe_row import RowModels
from posecoach.estimators.row import RowEstimator
from posecoach.runners.processes import LocalRunner, Runner
from posecoach.vocabulary import PoseModel


@dataclass(frozen=True, slots=True)
class Cutting:
    """How long clips are cut: into pieces of ``piece_s`` seconds, a clip of less than two is not. A piece begins to follow its person
    ``lead_s`` earlier: the filters of the models have settled by then.
    """

    piece_s: float = 120.0
    lead_s: float = 2.0


def clip_estimator(*, still: bool, model: PoseModel = "full") -> MediaPipeEstimator:
    """What finds the main person of a clip or picture, in a process in which one follows on the other."""
    keep_idle()
    return MediaPipeEstimator(still=still, model=model)


@dataclass(frozen=True, slots=True)
class Tools:
    """``estimator`` makes the landmark estimator for a clip, with ``still=`` for pictures, and travels to where it is used; ``runner``
    makes what runs so many jobs at a time.
    """

    estimator: Callable[..., Any] = clip_estimator
    runner: Callable[[int], Runner] = LocalRunner
    cutting: Cutting = Cutting()


def row_estimator(*, still: bool, model: PoseModel = "full") -> RowEstimator:
    """What finds everybody in a frame, with models of its own; ``model`` is that of the pose."""
    return RowEstimator(RowModels(model), still=still, model=model)


def by_model(estimator: Callable[..., Any], model: PoseModel) -> Callable[..., Any]:
    """What makes the same estimator with another model of the pose; the full one is the usual one."""
    return estimator if model == "full" else partial(estimator, model=model)


USUAL = Tools()
