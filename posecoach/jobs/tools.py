"""What does the work of a job, for those who hand in other than the usual."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from posecoach.estimators.mediapipe import MediaPipeEstimator
from posecoach.runners.processes import LocalRunner, Runner


@dataclass(frozen=True, slots=True)
class Tools:
    """``estimator`` makes the landmark estimator for a clip, with ``still=`` for pictures, and travels to where it is used; ``runner``
    makes what runs so many jobs at a time.
    """

    estimator: Callable[..., Any] = MediaPipeEstimator
    runner: Callable[[int], Runner] = LocalRunner


USUAL = Tools()
