"""Measures of a handshake of two people; none of them is sure enough to be worse than a warning."""

from __future__ import annotations

import numpy as np

from posecoach.body.face_geometry import FaceColumn
from posecoach.body.handshakes import Handshake
from posecoach.body.landmarks import Pose
from posecoach.body.observed import Body
from posecoach.body.records import Array
from posecoach.measures.events import over_events
from posecoach.measures.measure import measure
from posecoach.vocabulary import Reason

HANDSHAKE = "handshake"
MEETING_S = 0.3
"""The hands come together and part at the beginning and the end: this is no shaking."""
PROFILE_DEG, TURNED_DEG = 90.0, 40.0
SWING = (5, 95)


@measure("s", missing=Reason.NOT_APPLICABLE, event=HANDSHAKE)
def handshake_s(body: Body) -> Array:
    """How long a handshake lasts."""
    t_s = body.motion.t_ms / 1000
    return over_events(body, body.handshakes, lambda shake: float(t_s[shake.end - 1] - t_s[shake.start]))


@measure("tl", missing=Reason.NOT_APPLICABLE, event=HANDSHAKE)
def handshake_swing_tl(body: Body) -> Array:
    """How far the hand goes up and down in a handshake, from one end to the other, in trunk lengths."""

    def swing(shake: Handshake) -> float:
        t_ms = body.motion.t_ms
        clasped = np.arange(shake.start, shake.end)
        meeting = (t_ms[clasped] < t_ms[shake.start] + 1000 * MEETING_S) | (t_ms[clasped] > t_ms[shake.end - 1] - 1000 * MEETING_S)
        y = body.point(Pose.LEFT_WRIST if shake.is_left else Pose.RIGHT_WRIST)[clasped[~meeting], 1]
        y = y[np.isfinite(y)]
        return float(np.ptp(np.percentile(y, SWING)) / np.nanmedian(body.trunk_px)) if len(y) else float("nan")

    return over_events(body, body.handshakes, swing)


@measure("s", missing=Reason.NOT_APPLICABLE, event=HANDSHAKE)
def handshake_away_s(body: Body) -> Array:
    """For how long of a handshake the face, seen from the side, is turned aside by more than 40 degrees, towards the camera.

    Of somebody who faces the partner the camera sees a profile, of which there is no face mesh. A face turned away from the camera is not
    told from one that is not.
    """
    is_away = np.abs(body.face(FaceColumn.YAW_LEFT_DEG)) < PROFILE_DEG - TURNED_DEG
    return over_events(body, body.handshakes, lambda shake: float(body.duration_s[shake.frames][is_away[shake.frames]].sum()))
