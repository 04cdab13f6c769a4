"""Measures of guiding gestures, each while the hand is held. The cuts of the rules come from manuals (threshold study, section 8.5)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from posecoach.body.face_geometry import FaceColumn
from posecoach.body.geometry import angle_deg
from posecoach.body.gestures import Gesture
from posecoach.body.hand_geometry import HandColumn
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


# --- the hand itself ------------------------------------------------------------------------------------------------------------------

SEEN_MIN_FRAMES = 3
POINTING_INDEX_MIN, POINTING_OTHERS_MAX, POINTING_APART_MIN = 1.45, 1.35, 0.25
"""The index finger straight, the others curled: its tip is 1.7 knuckle distances from the wrist, theirs 1.1 to 1.3."""


def _over_hands(body: Body, summary: Callable[[Array], float]) -> Array:
    """Over each gesture what ``summary`` makes of the hand that shows, (n, 4) with the columns of `HandColumn`, in frames that show it."""

    def of(gesture: Gesture) -> float:
        hand = body.motion.hands[gesture.held, 0 if gesture.is_left else 1]
        hand = hand[np.isfinite(hand).all(1)]
        return summary(hand) if len(hand) >= SEEN_MIN_FRAMES else float("nan")

    return over_events(body, body.gestures, of)


TURNED_OVER_MIN = 0.5
BOTH_WAYS = 2.0
"""Told of a palm that is seen looking up and looking down: no palm is, so that it is unsure (`far_ends`)."""


@measure("", missing=Reason.NOT_APPLICABLE, event=GESTURE, hands=True)
def gesture_palm_up(body: Body) -> Array:
    """How far the palm of the hand that shows the way looks up: vertical part of its normal, 1 up, 0 to the side, -1 down.

    A hand that is held does not turn over. Where a tenth of the frames show the palm plainly up and another tenth plainly down, the model
    takes its back for its palm in some of them, and which these are nobody knows: no value.
    """

    def up(hand: Array) -> float:
        low, middle, high = np.percentile(hand[:, HandColumn.PALM_UP], [10, 50, 90])
        return BOTH_WAYS if low <= -TURNED_OVER_MIN and high >= TURNED_OVER_MIN else float(middle)

    return _over_hands(body, up)


@measure("", missing=Reason.NOT_APPLICABLE, event=GESTURE, hands=True)
def gesture_finger_spread(body: Body) -> Array:
    """Largest distance of neighbouring finger tips of the hand that shows the way, over the width of its palm; together they read 0.5."""
    return _over_hands(body, lambda hand: float(np.median(hand[:, HandColumn.SPREAD])))


@measure("share", missing=Reason.NOT_APPLICABLE, event=GESTURE, hands=True)
def gesture_pointing_share(body: Body) -> Array:
    """Share of the frames of a gesture in which the index finger is straight and the others are curled."""

    def share(hand: Array) -> float:
        index, others = hand[:, HandColumn.INDEX_REACH], hand[:, HandColumn.OTHERS_REACH]
        return float(((index >= POINTING_INDEX_MIN) & (others <= POINTING_OTHERS_MAX) & (index - others >= POINTING_APART_MIN)).mean())

    return _over_hands(body, share)
