"""Where in the picture a person is, so that a screen can show them as large as it has room."""

from __future__ import annotations

import numpy as np

from posecoach.body.landmarks import Pose
from posecoach.body.records import Array
from posecoach.judging.marking import is_seen
from posecoach.judging.shapes import Shares
from posecoach.judging.sketch import visible_points

_SHOULDERS = [Pose.LEFT_SHOULDER, Pose.RIGHT_SHOULDER]
_CROWN = 0.85
"""How far the crown lies above the nose, in the way from the shoulders up to the nose: of adults who stand upright."""


def person_box(pose_px: Array, visibility: Array, size_wh: tuple[int, int]) -> Shares | None:
    """From crown to soles as far as the points of the body show them, in the picture that is not mirrored; None where nobody is seen."""
    points = visible_points(pose_px, visibility, size_wh)
    nose, shoulders = points[Pose.NOSE], points[_SHOULDERS].mean(axis=0)
    if is_seen(nose, shoulders):
        points = np.vstack([points, nose - (0, _CROWN * max(0.0, shoulders[1] - nose[1]))])
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        return None
    low, high = (np.clip(edge / np.array(size_wh), 0, 1) for edge in (points.min(axis=0), points.max(axis=0)))
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])
