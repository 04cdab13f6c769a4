"""Whether a person stands where a topic can be judged, and what to change if not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from posecoach.body.face_geometry import FaceColumn
from posecoach.body.landmarks import Pose
from posecoach.body.observed import Body
from posecoach.measures.face import HEAD_POSE_EYE_GAP_MIN_PX, SMILE_EYE_GAP_MIN_PX
from posecoach.vocabulary import Posture, Text, View

DARK_MAX = 40.0
BRIGHT_MIN = 225.0
TRUNK_MIN_SHARE = 0.11

WHOLE_BODY, UPPER_BODY, FACE = "whole_body", "upper_body", "face"
NEED_OF_TOPIC = {
    "standing": WHOLE_BODY,
    "morning_meeting": WHOLE_BODY,
    "crouching": WHOLE_BODY,
    "sitting": UPPER_BODY,
    "desk": UPPER_BODY,
    "smile": FACE,
}
_VIEWS_OF_TOPIC = {
    "crouching": (View.SIDE_LEFT, View.SIDE_RIGHT, View.THREE_QUARTER, View.FRONT),
    "smile": (View.FRONT, View.THREE_QUARTER),
}
_USUAL_VIEWS = (View.FRONT, View.SIDE_LEFT, View.SIDE_RIGHT)


@dataclass(frozen=True, slots=True)
class Item:
    """One condition, whether it is met, and words that say so or what to do."""

    id: str
    ok: bool
    words: Text


def check_placement(body: Body, topic: str, brightness: float) -> tuple[Item, ...]:
    """Conditions at the last frame of ``body``, in the order to show them. ``brightness``: mean of the picture, 0..255."""
    if len(body.motion) == 0 or body.posture[-1] == Posture.ABSENT:
        return (Item("person", False, Text("请走到镜头前", "Please step in front of the camera")), _light(brightness))
    need = NEED_OF_TOPIC[topic]
    items = [Item("person", True, Text("看到你了", "You are in view")), _light(brightness)]
    if body.lies[-1]:
        return (*items, Item("upright", False, Text("画面横着或倒着：请转正镜头", "The picture lies on its side: turn the camera upright")))
    if need is not FACE:
        items.append(_distance(body))
    items += [_framing(body, need), _view(body, topic)]
    return tuple(items)


def _light(brightness: float) -> Item:
    if brightness < DARK_MAX:
        return Item("light", False, Text("光线太暗，请开灯或面向光源", "Too dark: switch on a light or face it"))
    if brightness > BRIGHT_MIN:
        return Item("light", False, Text("光线太亮，请避开强光", "Too bright: avoid strong light behind you"))
    return Item("light", True, Text("光线合适", "The light is fine"))


def _distance(body: Body) -> Item:
    share = float(np.nan_to_num(body.trunk_px[-1])) / body.motion.size_wh[1]
    eye_gap = body.face(FaceColumn.EYE_GAP_PX)[-1]
    if share < TRUNK_MIN_SHARE and not eye_gap >= HEAD_POSE_EYE_GAP_MIN_PX:
        return Item("distance", False, Text("太远了，请走近一点", "Too far away: come closer"))
    return Item("distance", True, Text("距离合适", "The distance is fine"))


def _framing(body: Body, need: str) -> Item:
    if need == FACE:
        ok = bool(body.face(FaceColumn.EYE_GAP_PX)[-1] >= SMILE_EYE_GAP_MIN_PX)
        return Item(
            FACE,
            ok,
            Text("看清了你的脸", "Your face is seen") if ok else Text("请靠近一点，让脸清楚", "Come closer so that your face is clear"),
        )
    seen = body.half_seen[-1]
    if need == WHOLE_BODY:
        ok = bool(
            seen[[Pose.LEFT_ANKLE, Pose.RIGHT_ANKLE]].any() and body.legs_seen[-1] and seen[[Pose.LEFT_SHOULDER, Pose.RIGHT_SHOULDER]].any()
        )
        no = Text("后退一步，让双脚进入画面", "Step back until your feet are in the picture")
        return Item(WHOLE_BODY, ok, Text("全身都在画面里", "Your whole body is in the picture") if ok else no)
    ok = bool(seen[[Pose.LEFT_SHOULDER, Pose.RIGHT_SHOULDER]].any() and seen[[Pose.LEFT_HIP, Pose.RIGHT_HIP]].any())
    no = Text("请让头、肩和腰都进入画面", "Let head, shoulders and waist be in the picture")
    return Item(UPPER_BODY, ok, Text("上身都在画面里", "Your upper body is in the picture") if ok else no)


def _view(body: Body, topic: str) -> Item:
    ok = body.view[-1] in _VIEWS_OF_TOPIC.get(topic, _USUAL_VIEWS)
    if ok:
        return Item("view", True, Text("方向合适", "You are turned the right way"))
    if topic == "crouching":
        return Item("view", False, Text("请侧身对着镜头", "Turn your side to the camera"))
    if topic == "smile":
        return Item("view", False, Text("请面向镜头", "Face the camera"))
    return Item("view", False, Text("请正对镜头，或完全侧身", "Face the camera, or turn fully sideways"))
