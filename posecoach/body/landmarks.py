"""Names and neighbourhood of the landmarks: 33 body points (BlazePose) and 478 face points (face mesh with irises)."""

from __future__ import annotations

from enum import IntEnum


class Pose(IntEnum):
    """Body points in MediaPipe's order; left and right are the person's own."""

    NOSE = 0
    LEFT_EYE_INNER = 1
    LEFT_EYE = 2
    LEFT_EYE_OUTER = 3
    RIGHT_EYE_INNER = 4
    RIGHT_EYE = 5
    RIGHT_EYE_OUTER = 6
    LEFT_EAR = 7
    RIGHT_EAR = 8
    MOUTH_LEFT = 9
    MOUTH_RIGHT = 10
    LEFT_SHOULDER = 11
    RIGHT_SHOULDER = 12
    LEFT_ELBOW = 13
    RIGHT_ELBOW = 14
    LEFT_WRIST = 15
    RIGHT_WRIST = 16
    LEFT_PINKY = 17
    RIGHT_PINKY = 18
    LEFT_INDEX = 19
    RIGHT_INDEX = 20
    LEFT_THUMB = 21
    RIGHT_THUMB = 22
    LEFT_HIP = 23
    RIGHT_HIP = 24
    LEFT_KNEE = 25
    RIGHT_KNEE = 26
    LEFT_ANKLE = 27
    RIGHT_ANKLE = 28
    LEFT_HEEL = 29
    RIGHT_HEEL = 30
    LEFT_FOOT_INDEX = 31
    RIGHT_FOOT_INDEX = 32


class Face(IntEnum):
    """Points of the face mesh that are used by name; left and right are the person's own."""

    RIGHT_EYE_OUTER = 33
    RIGHT_EYE_INNER = 133
    RIGHT_EYE_UPPER = 159
    RIGHT_EYE_LOWER = 145
    LEFT_EYE_OUTER = 263
    LEFT_EYE_INNER = 362
    LEFT_EYE_UPPER = 386
    LEFT_EYE_LOWER = 374
    MOUTH_RIGHT = 61
    MOUTH_LEFT = 291
    LIP_INNER_UPPER = 13
    LIP_INNER_LOWER = 14
    LIP_OUTER_UPPER = 0
    LIP_OUTER_LOWER = 17
    NOSE_TIP = 1
    CHIN = 152


class Hand(IntEnum):
    """Points of the hand model that are used by name, of 21."""

    WRIST = 0
    INDEX_KNUCKLE = 5
    INDEX_TIP = 8
    MIDDLE_KNUCKLE = 9
    MIDDLE_TIP = 12
    RING_KNUCKLE = 13
    RING_TIP = 16
    PINKY_KNUCKLE = 17
    PINKY_TIP = 20


POSE_COUNT = len(Pose)
FACE_COUNT = 478
HAND_COUNT = 21

BODY_EDGES: tuple[tuple[Pose, Pose], ...] = (
    (Pose.LEFT_SHOULDER, Pose.RIGHT_SHOULDER),
    (Pose.LEFT_SHOULDER, Pose.LEFT_ELBOW),
    (Pose.LEFT_ELBOW, Pose.LEFT_WRIST),
    (Pose.RIGHT_SHOULDER, Pose.RIGHT_ELBOW),
    (Pose.RIGHT_ELBOW, Pose.RIGHT_WRIST),
    (Pose.LEFT_SHOULDER, Pose.LEFT_HIP),
    (Pose.RIGHT_SHOULDER, Pose.RIGHT_HIP),
    (Pose.LEFT_HIP, Pose.RIGHT_HIP),
    (Pose.LEFT_HIP, Pose.LEFT_KNEE),
    (Pose.LEFT_KNEE, Pose.LEFT_ANKLE),
    (Pose.RIGHT_HIP, Pose.RIGHT_KNEE),
    (Pose.RIGHT_KNEE, Pose.RIGHT_ANKLE),
    (Pose.LEFT_ANKLE, Pose.LEFT_HEEL),
    (Pose.LEFT_HEEL, Pose.LEFT_FOOT_INDEX),
    (Pose.LEFT_ANKLE, Pose.LEFT_FOOT_INDEX),
    (Pose.RIGHT_ANKLE, Pose.RIGHT_HEEL),
    (Pose.RIGHT_HEEL, Pose.RIGHT_FOOT_INDEX),
    (Pose.RIGHT_ANKLE, Pose.RIGHT_FOOT_INDEX),
)


def _partner(joint: Pose) -> Pose:
    name = joint.name
    if "LEFT" in name:
        return Pose[name.replace("LEFT", "RIGHT")]
    return Pose[name.replace("RIGHT", "LEFT")] if "RIGHT" in name else joint


MIRROR_PARTNER: tuple[Pose, ...] = tuple(_partner(joint) for joint in Pose)
"""For each body point the one it becomes when the picture is mirrored."""
