"""Whether a skeleton lies on a body: a score from what the landmarks themselves give away.

A model that has lost the body still answers, with visibilities near 1: on a shirt's print, on a pair of trousers, on a body lying on its
side. What gives it away are the metres it guesses beside the pixels (a head too small or too near to the shoulders, arms of no length),
a head that is not in the picture or not looked at by the face model, and how far all of it is turned. The score is a logistic model of
these; `docs/trust.md` says how well it tells on sources that it was not fitted on.
"""

from __future__ import annotations

import numpy as np

from posecoach.body.geometry import distance_px, is_inside, length_of, midpoint
from posecoach.body.landmarks import Pose
from posecoach.body.motion import Motion
from posecoach.body.records import Array
from posecoach.body.timeline import rolling_median
from posecoach.body.trust_model import CENTRES, INTERCEPT, LENGTH_MEANS, LENGTH_SPREADS, SCALES, WEIGHTS

TRUSTED_MIN = 0.6
"""Below it a skeleton is not trusted. Of the right ones that the score was fitted on the least trusted has 0.69."""
SMOOTHING_S = 1.0
SHORTEST_M = 0.001
ODDEST = 6.0
UPRIGHT_DEG = 20.0
"""Up to here an upright body may seem turned."""
FACING_MAX_DEG = 40.0
FACING_MIN_PX = 55.0
"""Shoulders so wide in the picture go with eyes 10 pixels apart, which is enough to find a face."""
FACE_KNOWN_S = 3.0
"""A face seen so shortly before or after is the person's, who bows or looks down in between."""

_HEAD = slice(Pose.NOSE, Pose.MOUTH_RIGHT + 1)
_LENGTHS = (
    (Pose.LEFT_EYE_OUTER, Pose.RIGHT_EYE_OUTER),
    (Pose.LEFT_EAR, Pose.RIGHT_EAR),
    (Pose.LEFT_SHOULDER, Pose.RIGHT_SHOULDER),
    (Pose.LEFT_HIP, Pose.RIGHT_HIP),
    (Pose.LEFT_SHOULDER, Pose.LEFT_HIP),
    (Pose.RIGHT_SHOULDER, Pose.RIGHT_HIP),
    (Pose.LEFT_SHOULDER, Pose.LEFT_ELBOW),
    (Pose.RIGHT_SHOULDER, Pose.RIGHT_ELBOW),
)
_FROM, _TO = ([pair[end] for pair in _LENGTHS] for end in (0, 1))


def trust_of(motion: Motion, turned: Array, *, were_it_upright: bool = False) -> Array:
    """(T,) how sure it is that the skeleton lies on the body, 0..1, as the median over a second; NaN where there is no skeleton.

    ``turned`` (T,) as of `turned_deg`; ``were_it_upright``: however far that is, and whether or not a face was found on it.
    """
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        found = clues(motion, 0 * turned if were_it_upright else turned)
        raw = 1 / (1 + np.exp(-(((found - CENTRES) / SCALES) @ WEIGHTS + INTERCEPT)))
        if not (were_it_upright or motion.is_known_body):
            raw = np.where(_lacks_face(motion) & np.isfinite(raw), 0.0, raw)
    return np.where(np.isfinite(raw), rolling_median(raw, motion.t_ms, SMOOTHING_S), np.nan)


def is_head_outside(motion: Motion) -> Array:
    """(T,) whether more than half of the head's points lie outside the picture."""
    return _head_outside(motion) > 0.5


def _head_outside(motion: Motion) -> Array:
    """The share (T,) of the head's points that lies outside the picture."""
    return np.asarray(1 - is_inside(motion.px[:, _HEAD], motion.size_wh, 0.0).mean(1))


def log_lengths(motion: Motion) -> Array:
    """(T, 8) logarithms of lengths in the model's metres that differ little between people and with posture."""
    return np.log(np.maximum(length_of(motion.world_m[:, _FROM] - motion.world_m[:, _TO]), SHORTEST_M))


def clues(motion: Motion, turned: Array, means: Array = LENGTH_MEANS, spreads: Array = LENGTH_SPREADS) -> Array:
    """(T, 6) what the score is made of; NaN rows without a skeleton. ``turned`` (T,) as of `turned_deg`.

    ``means`` and ``spreads`` (8,) are those of `log_lengths`.

    How unlike a person's the lengths in metres are (root mean square of standard deviations, at most `ODDEST` each); how far the head
    lies beyond the shoulders, along the trunk, in metres; the share of the head outside the picture; the mean visibility of the head;
    whether a face was found on the head (1 or 0); degrees beyond `UPRIGHT_DEG` that the body is turned.
    """
    px = motion.px
    odd = np.minimum(np.abs(log_lengths(motion) - means) / spreads, ODDEST)
    outside = _head_outside(motion)
    found = np.isfinite(motion.face).any(1).astype(float)
    columns = [np.sqrt((odd**2).mean(1)), _head_over_shoulders_m(motion.world_m), outside]
    columns += [motion.pose_visibility[:, _HEAD].mean(1), found, np.maximum(turned - UPRIGHT_DEG, 0.0)]
    return np.where(np.isfinite(px).all((1, 2))[:, None], np.stack(columns, 1), np.nan)


def _lacks_face(motion: Motion) -> Array:
    """(T,) whether a large body faces the camera and yet no face is found on it, then or shortly before or after."""
    across = (motion.pose_world_m[:, Pose.LEFT_SHOULDER] - motion.pose_world_m[:, Pose.RIGHT_SHOULDER]).astype(float)
    faces = np.degrees(np.arctan2(np.abs(across[:, 2]), across[:, 0])) < FACING_MAX_DEG
    large = distance_px(motion.pose_px[:, Pose.LEFT_SHOULDER], motion.pose_px[:, Pose.RIGHT_SHOULDER]) >= FACING_MIN_PX
    found_ms = motion.t_ms[np.isfinite(motion.face).any(1)]
    known_ms = 1000 * FACE_KNOWN_S
    around = np.searchsorted(found_ms, motion.t_ms + known_ms, "right") - np.searchsorted(found_ms, motion.t_ms - known_ms)
    return np.asarray(faces & large & (around == 0))


def _head_over_shoulders_m(world: Array) -> Array:
    shoulder, hip = (midpoint(world[:, left], world[:, left + 1]) for left in (Pose.LEFT_SHOULDER, Pose.LEFT_HIP))
    trunk = shoulder - hip
    return ((world[:, _HEAD].mean(1) - shoulder) * trunk).sum(1) / np.maximum(length_of(trunk), SHORTEST_M)
