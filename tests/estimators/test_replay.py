"""Stored landmarks come back by the index of the frame."""

from __future__ import annotations

import numpy as np

from posecoach.body.records import Frame, Landmarks, Track
from posecoach.judging.protocols import Estimator
from tests.replay import ReplayEstimator


def _frame(index: int) -> Frame:
    return Frame(np.zeros((4, 6, 3), np.uint8), index, index * 100.0, "test")


def test_landmarks_come_back_by_index_and_are_absent_beyond_the_track() -> None:
    items = [Landmarks(np.full((33, 2), i), np.zeros((33, 3)), np.ones(33), np.full((478, 2), i), (6, 4)) for i in range(3)]
    estimator: Estimator = ReplayEstimator(Track.from_landmarks([0.0, 100.0, 200.0], items, (6, 4)))
    with estimator as replay:
        for index in (2, 0, 1):
            found = replay.estimate(_frame(index))
            assert np.array_equal(found.pose_px, items[index].pose_px)
            assert np.array_equal(found.face_px, items[index].face_px)
        for index in (3, -1):
            assert not replay.estimate(_frame(index)).has_pose
            assert replay.estimate(_frame(index)).size_wh == (6, 4)
