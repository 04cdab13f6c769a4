"""Measures of guiding gestures, each while the hand is held. The cuts of the rules come from manuals (threshold study, section 8.5)."""

from __future__ import annotations

import numpy as np

from posecoach.body.face_geometry import FaceColumn
from posecoach.body.geometry import angle_deg
from posecoach.body.gestures import Gesture
from posecoach.body.landmarks import MIRROR_PARTNER, Pose
from posecoach.body.observed import Body
from posecoach.body.records import Array
from posecoach.measures.events import over_events
from posecoach.measures.face import HEAD_POSE_EYE_GAP_MIN_PX
from posecoach.measures.measure import measure
from posecoach.vocabulary import Reason

GESTURE = "gesture"

_TORSO = (Pose.LEFT_SHOULDER, Pose.LEFT_HIP)


def _own(body: Body, gesture: Gesture, joint: Pose) -> Array:
    """The point of this name (given for the left) on the side of the hand that shows, while it is held, (n, 2)."""
    return body.point(joint if gesture.is_left else MIRROR_PARTNER[joint])[gesture.held]


@measure("tl", both=_TORSO, missing=Reason.NOT_APPLICABLE, event=GESTURE)
def gesture_hand_height_tl(body: Body) -> Array:
    """Height of the wrist that shows the way: 0 at the hips, 1 at the shoulders, in trunk lengths."""

    def height(gesture: Gesture) -> float:
        up = body.mid_hip[gesture.held, 1] - _own(body, gesture, Pose.LEFT_WRIST)[:, 1]
        return float(np.median(up / body.trunk_px[gesture.held]))

    return over_events(body, body.gestures, height)


@measure("deg", both=_TORSO, missing=Reason.NOT_APPLICABLE, event=GESTURE)
def gesture_elbow_deg(body: Body) -> Array:
    """Angle shoulder-elbow-wrist of the arm that shows the way; 180 is straight."""
    joints = (Pose.LEFT_SHOULDER, Pose.LEFT_ELBOW, Pose.LEFT_WRIST)
    return over_events(body, body.gestures, lambda g: float(np.median(angle_deg(*(_own(body, g, joint) for joint in joints)))))


@measure("deg", both=_TORSO, missing=Reason.NOT_APPLICABLE, event=GESTURE)
def gesture_arm_out_deg(body: Body) -> Array:
    """Angle hip-shoulder-elbow of the arm that shows the way."""
    joints = (Pose.LEFT_HIP, Pose.LEFT_SHOULDER, Pose.LEFT_ELBOW)
    return over_events(body, body.gestures, lambda g: float(np.median(angle_deg(*(_own(body, g, joint) for joint in joints)))))


@measure("deg", eye_gap_px=HEAD_POSE_EYE_GAP_MIN_PX, missing=Reason.NOT_APPLICABLE, event=GESTURE)
def gesture_face_away_deg(body: Body) -> Array:
    """How far the face turns away from the hand that shows the way, against the body; 0 and less: to the visitor or along the hand."""
    across = body.motion.pose_world_m[:, Pose.LEFT_SHOULDER].astype(float) - body.motion.pose_world_m[:, Pose.RIGHT_SHOULDER]
    turned_left = np.degrees(np.arctan2(across[:, 2], across[:, 0]))
    yaw = body.face(FaceColumn.YAW_LEFT_DEG) - turned_left

    def away(gesture: Gesture) -> float:
        seen = yaw[gesture.held][np.isfinite(yaw[gesture.held])]
        return float(np.median(seen) * (-1 if gesture.is_left else 1)) if len(seen) else float("nan")

    return over_events(body, body.gestures, away)
