"""What a rendered clip truly shows, measure by measure, beside what was measured.

The truth of an angle is that of the posed body in space. A length over another one (a gap between the feet in shoulder widths) is what
an exact skeleton would show in the same picture: what the camera does to it is in the rules' bands, not an error of the landmarks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from posecoach.body.landmarks import Pose
from posecoach.body.motion import Motion
from posecoach.body.observed import Body
from posecoach.body.records import Array
from posecoach.evaluation.labels import RenderedClip
from posecoach.evaluation.mapping import Labelling
from posecoach.evaluation.scoring import ValueOutcome
from posecoach.measures.catalogue import take
from posecoach.measures.error_model import Part, condition_of, half_width

SETTLED_S = 0.3
STAGGERED_M = 0.1
"""A foot is ahead of the other from here on."""
SHOWN = "shown"
"""In the mapping file: the truth is what an exact skeleton would show in the same picture."""

_SIDES = ("left", "right")
_JOINTS = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "ear", "eye", "heel")
_POINTS = {"nose": Pose.NOSE, "left_toe": Pose.LEFT_FOOT_INDEX, "right_toe": Pose.RIGHT_FOOT_INDEX} | {
    f"{side}_{joint}": Pose[f"{side}_{joint}".upper()] for side in _SIDES for joint in _JOINTS
}


def value_outcomes(clip: RenderedClip, body: Body, mapping: Labelling, brightness: float | None = None) -> list[ValueOutcome]:
    """Measured and true values, each the median over the last posture of the clip once it has settled."""
    inside = _last_posture(clip, body.motion)
    out = []
    for measure, truth in mapping.truths.items():
        if not truth.is_of(*clip.kind):
            continue
        values, true = take(measure, body).value, true_values(clip, measure, truth.quantity, body)
        counted = inside & np.isfinite(values) & np.isfinite(true)
        if counted.any():
            case = clip.file.stem, measure, float(np.median(true[counted])), float(np.median(values[counted]))
            part = Part(body, counted)
            told = half_width(measure, part), condition_of(measure, part)
            out.append(ValueOutcome(*case, *_conditions(clip), brightness, clip.person["character"], *told))
    return out


def _last_posture(clip: RenderedClip, motion: Motion) -> Array:
    t_s = motion.t_ms / 1000
    segment = [s for s in clip.person["segments"] if s["posture"] != "transition"][-1]
    return np.asarray((t_s >= segment["start"] + SETTLED_S) & (t_s < segment["end"]))


def true_values(clip: RenderedClip, measure: str, quantity: str, body: Body) -> Array:
    """A true quantity at every frame of ``body`` (T,), NaN where the clip does not tell it.

    Head angles to the camera include where the camera stands.
    """
    frames = clip.person["frames"]
    shown_s = np.array([frame["t"] for frame in frames])
    shown = np.clip(np.searchsorted(shown_s, body.motion.t_ms / 1000 - 1e-6), 0, len(shown_s) - 1)
    if quantity == SHOWN:
        return take(measure, _exact(body, [frames[i]["pixels"] for i in shown], clip)).value
    return _angles(clip, quantity)[shown]


def _exact(body: Body, pixels: Sequence[dict[str, Any]], clip: RenderedClip) -> Body:
    """The same body with its true points; those the clip does not tell are NaN."""
    scale = body.motion.size_wh[0] / clip.truth["width"]
    points = np.full((len(pixels), len(Pose), 2), np.nan)
    for name, joint in _POINTS.items():
        points[:, joint] = [np.multiply(frame[name], scale) for frame in pixels]
    seen = np.ones_like(body.motion.pose_visibility)
    return replace(body, motion=replace(body.motion, pose_px=points.astype(np.float32), pose_visibility=seen))


def _angles(clip: RenderedClip, quantity: str) -> Array:
    angles = [frame["angles"] for frame in clip.person["frames"]]
    if quantity == "head_pitch_to_camera":
        return np.array([a["head_pitch_down"] for a in angles]) + ray_down_deg(clip)
    if quantity == "head_away_from_camera":
        down = np.radians(np.array([a["head_pitch_down"] for a in angles]) + ray_down_deg(clip))
        aside = np.radians(np.array([a["head_yaw_left"] for a in angles]) + clip.person["heading_deg"] - ray_left_deg(clip))
        return np.asarray(np.degrees(np.arccos(np.clip(np.cos(down) * np.cos(aside), -1, 1))))
    if quantity.startswith(("front_", "rear_")):
        return np.array([_of_staggered(frame, quantity) for frame in clip.person["frames"]])
    name = quantity.replace("_near", "_left" if clip.person["heading_deg"] < 0 else "_right")
    return (
        np.abs([a.get(name, np.nan) for a in angles]) if quantity == "shin_tilt_near" else np.array([a.get(name, np.nan) for a in angles])
    )


def _of_staggered(frame: dict[str, Any], quantity: str) -> float:
    """The tilt of the shin, or how far the heel is lifted (degrees), of the front or the rear leg; NaN where no foot is ahead.

    A heel on the floor is lifted by 0: the point that is its joint lies above the one of the toes.
    """
    which, _, what = quantity.partition("_")
    angles, joints = frame["angles"], frame["joints"]
    ahead_m = angles.get("foot_ahead_m", 0.0)
    if abs(ahead_m) < STAGGERED_M:
        return float("nan")
    side = "left" if (ahead_m > 0) is (which == "front") else "right"
    if what == "shin_tilt":
        return float(abs(angles[f"shin_tilt_{side}"]))
    foot_m = np.linalg.norm(np.subtract(joints[f"{side}_heel"], joints[f"{side}_toe"]))
    return float(np.degrees(np.arcsin(np.clip(angles[f"heel_raise_{side}_m"] / foot_m, -1, 1))))


def ray_down_deg(clip: RenderedClip) -> float:
    """By how much a camera above the head makes a level head look down to it."""
    eye = clip.truth["camera"]["eye"]
    nose = np.median([frame["joints"]["nose"] for frame in clip.person["frames"]], axis=0)
    return float(np.degrees(np.arctan2(eye[1] - nose[1], np.hypot(eye[0], eye[2]))))


def ray_left_deg(clip: RenderedClip) -> float:
    """By how much the person would turn to the left from straight ahead of the room to face the camera."""
    (x, _, z), (own_x, own_z) = clip.truth["camera"]["eye"], clip.person["location_m"]
    return float(np.degrees(np.arctan2(x - own_x, z - own_z)))


def _conditions(clip: RenderedClip) -> tuple[float, float]:
    """Turn away from the view's own direction (degrees) and distance of the camera (m)."""
    heading, eye = float(clip.person["heading_deg"]), clip.truth["camera"]["eye"]
    turn = min(abs(abs(heading) - square) for square in (0.0, 90.0, 180.0))
    return turn, float(np.hypot(eye[0] - clip.person["location_m"][0], eye[2] - clip.person["location_m"][1]))
