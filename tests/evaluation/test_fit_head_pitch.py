"""The weights of the pitch of heads."""

from __future__ import annotations

import numpy as np
import pytest

from posecoach.evaluation.fit_head_pitch import Heads, fit_weights

NOD, SHAPE, REAL = 0, 1, 2


def test_a_level_face_of_real_people_is_read_level_and_their_own_ways_stay() -> None:
    rng = np.random.default_rng(5)
    features = rng.normal(0, 0.2, (400, 3))
    features[:, REAL] = rng.normal(0, 0.01, 400)  # made-up people hardly differ in what sets real ones apart
    true_deg = 40 * features[:, NOD] + 300 * features[:, REAL]
    heads = Heads(features, true_deg, np.array([f"h{i // 10}" for i in range(400)]), np.zeros(400, bool))
    level = np.tile([[0.1, 0.0, 0.12], [-0.1, 0.0, 0.08]], (40, 1))
    weights = fit_weights(heads, features, level)
    assert level.mean(0) @ weights[:-1] + weights[-1] == pytest.approx(0, abs=2)
    assert weights[[NOD, SHAPE]] == pytest.approx([40, 0], abs=2)
