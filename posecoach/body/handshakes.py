"""Finds handshakes of two people in time: a hand of each stays at one place for a moment. Pure arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from posecoach.body.geometry import distance_px
from posecoach.body.landmarks import Pose
from posecoach.body.records import Array
from posecoach.body.timeline import runs

TOUCHING_TL = 0.42
"""Wrists of clasped hands are a hand's length apart, 0.19 m."""
SHORTEST_S = 0.7
BRIDGED_S = 0.3
_WRISTS = (Pose.LEFT_WRIST, Pose.RIGHT_WRIST)


@dataclass(frozen=True, slots=True)
class Handshake:
    """Frames ``start`` to ``end`` (exclusive) in which a hand of each is at one place, and whether the own hand is the left one."""

    start: int
    end: int
    is_left: bool

    @property
    def frames(self) -> slice:
        """Its frames."""
        return slice(self.start, self.end)


def find_handshakes(t_ms: Array, px: Array, partner_px: Array) -> tuple[Handshake, ...]:
    """The handshakes of somebody with a partner: ``t_ms`` (T,), body points ``px`` and ``partner_px`` (T, 33, 2) at the same times.

    Of the four pairs of hands the one that comes nearest counts.
    """
    trunks = distance_px(px[:, [Pose.LEFT_SHOULDER, Pose.RIGHT_SHOULDER]].mean(1), px[:, [Pose.LEFT_HIP, Pose.RIGHT_HIP]].mean(1))
    if len(t_ms) < 3 or not np.isfinite(trunks).any():
        return ()
    trunk = float(np.nanmedian(trunks))
    gaps = {(own, other): distance_px(px[:, own], partner_px[:, other]) / trunk for own in _WRISTS for other in _WRISTS}
    gaps = {pair: gap for pair, gap in gaps.items() if np.isfinite(gap).any()}
    if not gaps:
        return ()
    own, gap = min(((pair[0], gap) for pair, gap in gaps.items()), key=lambda item: float(np.nanmin(item[1])))
    touching = np.nan_to_num(gap, nan=np.inf) <= TOUCHING_TL
    for start, end in runs(touching):
        if not touching[start] and start > 0 and end < len(t_ms) and t_ms[end] - t_ms[start - 1] <= 1000 * BRIDGED_S:
            touching[start:end] = True
    spans = [(int(a), int(b)) for a, b in runs(touching) if touching[a] and t_ms[b - 1] - t_ms[a] >= 1000 * SHORTEST_S]
    return tuple(Handshake(start, end, own is Pose.LEFT_WRIST) for start, end in spans)
