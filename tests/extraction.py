"""Landmarks of recorded clips by the real models, and which rules a rendered clip is judged by."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from posecoach.body.motion import Motion
from posecoach.estimators.mediapipe import MediaPipeEstimator
from posecoach.judging.pipeline import GradeOptions, follow
from posecoach.sources.inputs import find_inputs, open_source
from posecoach.storage.landmark_files import TrackWriter
from posecoach.vocabulary import Profile
from tests.shipped import ALL_RULES


def motion_of(file: Path, fps: float | None, store: Path | None = None) -> Motion:
    """The motion of the main person in a video or picture, found now; the landmarks are also written to ``store``."""
    found = find_inputs([str(file)])
    items, problems = found.inputs, found.problems
    assert not problems, problems
    with open_source(items[0], fps) as source, MediaPipeEstimator(still=source.kind == "picture") as estimator:
        blocks = list(follow(source, estimator))
    if store is not None:
        with TrackWriter(store) as writer:
            for block in blocks:
                writer.add(block)
            writer.finish(source.size_wh, {"path": file.name})
    return Motion.join([Motion.of(block) for block in blocks])


def options_for(truth: Mapping[str, Any], faults: Mapping[str, Any]) -> GradeOptions:
    """How a rendered clip of one person is graded: the drill of its topic, the profile of the person."""
    drill = faults["drill_of_topic"].get(truth["topic"], truth["topic"])
    return GradeOptions(ALL_RULES, drill, Profile(truth["people"][0]["gender"]))
