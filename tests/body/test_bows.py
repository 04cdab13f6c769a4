"""Bows are found when they are, and what only looks like one is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from posecoach.body.landmarks import Pose
from posecoach.body.observed import Body
from posecoach.body.posture import observe
from posecoach.body.records import Array
from posecoach.measures.catalogue import take
from tests.factories import SITTING, STANDING, Figure, motion_of

FPS = 10.0
AT_REST, DOWN, HOLD, UP = 12, 10, 10, 12
SIDE = replace(STANDING, turn_deg=90.0, is_arm_sideways=False, arm_out_deg=0.0)


def smooth(count: int) -> Array:
    u = (np.arange(count) + 1) / count
    return 10 * u**3 - 15 * u**4 + 6 * u**5


def course(down: int = DOWN, hold: int = HOLD, up: int = UP) -> list[float]:
    """How far a movement has gone, 0 to 1, at every frame."""
    return [*[0.0] * AT_REST, *smooth(down), *[1.0] * hold, *(1 - smooth(up)), *[0.0] * AT_REST]


def bowing(degrees: float, shares: Sequence[float], figure: Figure = SIDE, knee_deg: float = 0.0) -> Body:
    legs = [replace(figure.left, thigh_down_deg=90.0 - knee_deg * s / 2, shin_forward_deg=-knee_deg * s / 2) for s in shares]
    figures = [replace(figure, lean_forward_deg=degrees * s, left=leg, right=leg) for s, leg in zip(shares, legs, strict=True)]
    return observe(motion_of(figures))


def value(name: str, body: Body) -> float:
    values = take(name, body).value
    return float(np.median(values[np.isfinite(values)]))


@pytest.mark.parametrize("degrees", [15.0, 30.0, 45.0])
@pytest.mark.parametrize("turn_deg", [90.0, -90.0], ids=["from the left", "from the right"])
def test_a_bow_is_found_and_measured_from_either_side(degrees: float, turn_deg: float) -> None:
    body = bowing(degrees, course(), replace(SIDE, turn_deg=turn_deg))
    (bow,) = body.bows
    assert bow.start == pytest.approx(AT_REST + 1, abs=2)
    assert bow.end == pytest.approx(AT_REST + DOWN + HOLD + UP, abs=3)
    assert value("bow_depth_deg", body) == pytest.approx(degrees + 4, abs=0.5)  # the model's own bias is taken out of real landmarks
    assert value("bow_off_nearest_deg", body) == pytest.approx(4, abs=0.5)
    assert value("bow_down_s", body) == pytest.approx(0.62 * DOWN / FPS, abs=0.08)
    assert value("bow_hold_s", body) == pytest.approx((HOLD + 4) / FPS, abs=0.3)


def test_faults_of_a_bow_are_told_apart() -> None:
    quick, short, bent = (bowing(30, course(down=4)), bowing(30, course(hold=0)), bowing(30, course(), knee_deg=40))
    assert value("bow_down_s", quick) < 0.42
    assert value("bow_hold_s", short) < 0.55
    assert value("bow_knee_deg", bent) == pytest.approx(140, abs=3)


def test_a_hanging_head_is_no_round_back_and_a_round_back_no_hanging_head() -> None:
    upright = {Pose.LEFT_EAR: (0.07, 0.66, 0.03), Pose.RIGHT_EAR: (-0.07, 0.66, 0.03)}
    upright |= {Pose.LEFT_EYE: (0.03, 0.69, 0.12), Pose.MOUTH_LEFT: (0.03, 0.62, 0.12)}
    shares = course()

    def told(head: dict[Pose, tuple[float, float, float]]) -> tuple[float, float]:
        figures = []
        for share in shares:
            lean = np.radians(30 * share)
            mixed = {j: np.add(np.multiply(upright[j], 1 - share), np.multiply(head[j], share)) for j in upright}
            turned = {j: (x, y * np.cos(lean) - z * np.sin(lean), y * np.sin(lean) + z * np.cos(lean)) for j, (x, y, z) in mixed.items()}
            figures.append(replace(SIDE, lean_forward_deg=30 * share, at=turned))
        body = observe(motion_of(figures))
        return value("bow_head_hang_deg", body), value("bow_back_round_deg", body)

    def moved(turn_deg: float, forward_m: float) -> dict[Pose, tuple[float, float, float]]:
        angle, (_, neck_y, neck_z) = np.radians(turn_deg), (0.0, 0.56, 0.0)
        out = {}
        for joint, (x, y, z) in upright.items():
            dy, dz = y - neck_y, z - neck_z
            out[joint] = (x, neck_y + dy * np.cos(angle) - dz * np.sin(angle), neck_z + dy * np.sin(angle) + dz * np.cos(angle) + forward_m)
        return out

    straight, hanging, round_ = told(upright), told(moved(30, 0.0)), told(moved(0, 0.05))
    assert straight == pytest.approx((0, 0), abs=1)
    assert hanging[0] > 18
    assert abs(hanging[1]) < 10
    assert abs(round_[0]) < 5
    assert round_[1] > 11


def test_seen_from_the_front_a_bow_has_no_depth_but_a_time() -> None:
    front = replace(STANDING, at={Pose.NOSE: (0.0, 0.66, 0.1)})
    figures = []
    for share in course():
        lean = np.radians(30 * share)
        nose = (0.0, 0.66 * np.cos(lean) - 0.1 * np.sin(lean), 0.66 * np.sin(lean))
        figures.append(replace(front, lean_forward_deg=30 * share, at={Pose.NOSE: nose}))
    body = observe(motion_of(figures))
    assert len(body.bows) == 1
    assert value("bow_down_s", body) > 0.5


def test_what_only_looks_like_a_bow_is_none() -> None:
    shares = course()
    reaching = [
        replace(SIDE, lean_forward_deg=20 * s, at={Pose.LEFT_WRIST: (0.2, 0.3, 0.65 * s), Pose.RIGHT_WRIST: (-0.2, 0.3, 0.65 * s)})
        for s in shares
    ]
    half = len(shares) // 2
    sitting_down = [replace(SIDE if i < half else replace(SITTING, turn_deg=90.0), lean_forward_deg=25 * s) for i, s in enumerate(shares)]
    nodding = [replace(STANDING, at={Pose.NOSE: (0.0, 0.66 - 0.08 * s, 0.1)}) for s in shares]
    cut = [replace(SIDE, lean_forward_deg=30 * s) for s in shares[AT_REST + DOWN :]]
    picking_up = [replace(SIDE, lean_forward_deg=85 * s) for s in shares]
    for figures in (reaching, sitting_down, nodding, cut, picking_up):
        assert observe(motion_of(figures)).bows == ()
    assert observe(motion_of([])).bows == ()
    assert observe(motion_of([None] * 30)).bows == ()
