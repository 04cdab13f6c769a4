"""Finds steps in time: the feet pass each other in turn while the body gets on. Pure arrays.

From the side the ankles part along the way. From the front the foot that is nearer to the camera is lower in the picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from posecoach.body.codes import FRONT, HIPS, SHOULDERS, SIDE_LEFT, SIDE_RIGHT, THREE_QUARTER
from posecoach.body.geometry import distance_px
from posecoach.body.landmarks import Pose
from posecoach.body.records import Array
from posecoach.body.timeline import runs

APART_SIDE_TL = 0.35
"""How far the ankles part in a step seen from the side; a manual's shortest step (one foot) is 0.5 trunk lengths."""
APART_FRONT_TL = 0.10
FRONT_LAG_S = 0.15
"""Seen from the front the heel of the foot behind, which rises only after the other foot has landed, adds to how they part."""
PASSING = 0.3
"""Below this part of it the feet are side by side."""
PAUSE_S = 1.3
"""A slow step takes 0.9 s; after a longer pause somebody starts anew."""
HASTE_S = 0.25
"""Nobody takes 240 steps a minute: legs that are taken for each other seem to."""
STEPS_MIN = 2
TRAVEL_MIN_TL = 0.4
"""Who only shifts the weight stays where they are."""
NEARER = 3.0
"""A body that comes nearer by a tenth has got on by about this many tenths of a trunk length: at 4 m, 0.4 m."""


@dataclass(frozen=True, slots=True)
class Step:
    """The moment the feet were furthest apart in a step: its frame, time in seconds of ``t_ms``, and whether the left foot was in front."""

    start: int
    end: int
    at_s: float
    is_left: bool


@dataclass(frozen=True, slots=True)
class Walk:
    """Steps without a pause; frames from the first to the last of them."""

    steps: tuple[Step, ...]

    @property
    def start(self) -> int:
        """The frame of the first step."""
        return self.steps[0].start

    @property
    def end(self) -> int:
        """One after the frame of the last step."""
        return self.steps[-1].end

    @property
    def frames(self) -> slice:
        """All its frames."""
        return slice(self.start, self.end)


def find_walks(t_ms: Array, px: Array, view: Array, forward_x: Array) -> tuple[Walk, ...]:
    """The walks of a person: ``t_ms`` (T,), body points ``px`` (T, 33, 2), `View` and facing (T,) as in `Body`."""
    if len(t_ms) < 3:
        return ()
    trunk = distance_px(px[:, SHOULDERS].mean(1), px[:, HIPS].mean(1))
    ankles = (px[:, Pose.LEFT_ANKLE] - px[:, Pose.RIGHT_ANKLE]) / trunk[:, None]
    side = (view == SIDE_LEFT) | (view == SIDE_RIGHT)
    front = (view == FRONT) | (view == THREE_QUARTER)
    apart = np.select([side, front], [ankles[:, 0] * forward_x / APART_SIDE_TL, ankles[:, 1] / APART_FRONT_TL], np.nan)
    steps = _steps(t_ms, apart, front)
    walks: list[list[Step]] = []
    for step in steps:
        if walks and HASTE_S <= step.at_s - walks[-1][-1].at_s <= PAUSE_S and step.is_left != walks[-1][-1].is_left:
            walks[-1].append(step)
        else:
            walks.append([step])
    hips = px[:, HIPS, 0].mean(1)
    return tuple(Walk(tuple(walk)) for walk in walks if len(walk) >= STEPS_MIN and _gets_on(walk, hips, trunk))


def _steps(t_ms: Array, apart: Array, is_front: Array) -> list[Step]:
    """The moments the feet are furthest apart between two passings.

    ``apart`` (T,) is 1 at the least for a step, positive with the left foot in front.
    """
    apart = np.where(np.isfinite(apart), apart, 0.0)
    side = _without_swaps(np.where(np.abs(apart) < PASSING, 0, np.sign(apart)), t_ms)
    found = []
    for start, end in runs(side):
        if not side[start]:
            continue
        ahead = np.maximum(apart * side[start], 0)
        peak = int(start + np.argmax(ahead[start:end]))
        if ahead[peak] >= 1 and 0 < peak < len(apart) - 1:
            at_s = _middle_s(t_ms, ahead, int(start), int(end)) - (FRONT_LAG_S if is_front[peak] else 0.0)
            found.append(Step(peak, peak + 1, at_s, bool(side[start] > 0)))
    return found


def _without_swaps(side: Array, t_ms: Array) -> Array:
    """Which foot is in front (T,), 1 left, -1 right, 0 neither, without moments in which the model has mixed up the legs.

    The same foot is in front again within `HASTE_S` only where it was so all the time.
    """
    out = side.copy()
    for foot in (-1, 1):
        for (_, end), (start, _) in pairwise([(int(a), int(b)) for a, b in runs(out) if out[a] == foot]):
            if t_ms[start] - t_ms[end - 1] < 1000 * HASTE_S:
                out[end:start] = foot
    return out


def _middle_s(t_ms: Array, apart: Array, start: int, end: int) -> float:
    """The mean of the time spent beyond half of the furthest, by how far: the furthest frame alone jumps about."""
    weight = np.maximum(apart[start:end] - apart[start:end].max() / 2, 0)
    return float((t_ms[start:end] * weight).sum() / weight.sum() / 1000)


def _gets_on(walk: list[Step], hips_x: Array, trunk: Array) -> bool:
    """Whether the body moves across the picture, or comes nearer or goes away, from shortly before the first step to after the last."""
    frames = np.arange(max(walk[0].start - 3, 0), min(walk[-1].end + 3, len(trunk)))
    frames = frames[np.isfinite(trunk[frames])]
    aside = np.ptp(hips_x[frames]) / np.median(trunk[frames])
    nearer = abs(np.log(np.median(trunk[frames[-3:]]) / np.median(trunk[frames[:3]]))) * NEARER
    return bool(max(aside, nearer) >= TRAVEL_MIN_TL)


def cadence_per_min(walk: Walk) -> float:
    """Steps a minute between the first step and the last, which begin and end the walk and are half steps; NaN with fewer than four."""
    if len(walk.steps) < 4:
        return float("nan")
    gaps = [after.at_s - before.at_s for before, after in pairwise(walk.steps[1:-1])]
    return 60 * len(gaps) / sum(gaps)
