"""Whether a person stands where a topic can be judged, and what to change if not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from posecoach.body.face_geometry import FaceColumn
from posecoach.body.landmarks import Pose
from posecoach.body.observed import Body
from posecoach.measures.face import HEAD_POSE_EYE_GAP_MIN_PX, SMILE_EYE_GAP_MIN_PX
from posecoach.rulebook.schema import RuleSet, ViewWord, views_of
from posecoach.vocabulary import Posture, Text, View

DARK_MAX = 40.0
BRIGHT_MIN = 225.0
TRUNK_MIN_SHARE = 0.11

WHOLE_BODY, FACE = "whole_body", "face"


@dataclass(frozen=True, slots=True)
class PlacementItem:
    """One condition, whether it is met, and words that say so or what to do."""

    id: str
    ok: bool
    words: Text


def check_placement(body: Body, rule_set: RuleSet, brightness: float) -> tuple[PlacementItem, ...]:
    """Conditions of a topic at the last frame of ``body``, in the order to show them. ``brightness``: mean of the picture, 0..255."""
    if len(body.motion) == 0 or body.posture[-1] == Posture.ABSENT:
        return (PlacementItem("person", False, Text("请走到镜头前", "Please step in front of the camera")), _light(brightness))
    items = [PlacementItem("person", True, Text("看到你了", "You are in view")), _light(brightness)]
    if body.lies[-1]:
        return (
            *items,
            PlacementItem(
                "upright", False, Text("画面横着或倒着：请按“转动画面”", "The picture lies on its side: press “Turn the picture”")
            ),
        )
    if rule_set.needs != FACE:
        items.append(_distance(body))
    items += [_framing(body, rule_set.needs), _view(body, rule_set.practise_from)]
    return tuple(items)


def _light(brightness: float) -> PlacementItem:
    if brightness < DARK_MAX:
        return PlacementItem("light", False, Text("光线太暗，请开灯或面向光源", "Too dark: switch on a light or face it"))
    if brightness > BRIGHT_MIN:
        return PlacementItem("light", False, Text("光线太亮，请避开强光", "Too bright: avoid strong light behind you"))
    return PlacementItem("light", True, Text("光线合适", "The light is fine"))


def _distance(body: Body) -> PlacementItem:
    is_large = body.trunk_px[-1] / body.motion.size_wh[1] >= TRUNK_MIN_SHARE
    eye_gap = body.face(FaceColumn.EYE_GAP_PX)[-1]
    if not is_large and not eye_gap >= HEAD_POSE_EYE_GAP_MIN_PX:
        return PlacementItem("distance", False, Text("太远了，请走近一点", "Too far away: come closer"))
    return PlacementItem("distance", True, Text("距离合适", "The distance is fine"))


def _framing(body: Body, need: str) -> PlacementItem:
    if need == FACE:
        ok = bool(body.face(FaceColumn.EYE_GAP_PX)[-1] >= SMILE_EYE_GAP_MIN_PX)
        return PlacementItem(
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
        return PlacementItem(WHOLE_BODY, ok, Text("全身都在画面里", "Your whole body is in the picture") if ok else no)
    ok = bool(seen[[Pose.LEFT_SHOULDER, Pose.RIGHT_SHOULDER]].any() and seen[[Pose.LEFT_HIP, Pose.RIGHT_HIP]].any())
    no = Text("请让头、肩和腰都进入画面", "Let head, shoulders and waist be in the picture")
    return PlacementItem(need, ok, Text("上身都在画面里", "Your upper body is in the picture") if ok else no)


def _view(body: Body, practise_from: Sequence[ViewWord]) -> PlacementItem:
    """Whether the person is turned to the camera in one of these ways, the best of which comes first."""
    wanted = views_of(practise_from)
    if body.view[-1] in wanted:
        return PlacementItem("view", True, Text("方向合适", "You are turned the right way"))
    if practise_from[0] not in ("front", "three_quarter"):
        return PlacementItem("view", False, Text("请侧身对着镜头", "Turn your side to the camera"))
    if not wanted & {View.SIDE_LEFT, View.SIDE_RIGHT}:
        return PlacementItem("view", False, Text("请面向镜头", "Face the camera"))
    return PlacementItem("view", False, Text("请正对镜头，或完全侧身", "Face the camera, or turn fully sideways"))
