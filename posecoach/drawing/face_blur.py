"""Makes faces unrecognisable, of the person who is graded and of everybody else in the picture."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

import cv2
import numpy as np

from posecoach.body.landmarks import Pose
from posecoach.body.records import Array, Frame, Landmarks, Track
from posecoach.drawing.text import Picture
from posecoach.estimators.people import HEAD_M, Head
from posecoach.estimators.regions import Box

HEAD_BOX_M = 0.34
"""Side of what is blurred: a head with its hair is about 0.25 m high, and the points on it are a few centimetres off."""
CELLS = 4
"""So many averaged patches along each side are all that is left of a head, half of them of the face. People stop recognising faces of fewer
than about 15 (Bachmann 1991, European Journal of Cognitive Psychology 3)."""
KEEP_S = 0.6
"""A head is blurred where it was found so long before or after: the detector misses one now and then, and sees a newcomer late."""
_TRUNK_M, _SHOULDERS_M, _EYES_OUTER_M = 0.5, 0.36, 0.09
_HEAD = slice(Pose.NOSE, Pose.MOUTH_RIGHT + 1)
_EYE_CORNERS = (33, 263)

FindHeads = Callable[[Array], Sequence[Head]]
"""Faces in an RGB picture (h, w, 3)."""


class FaceBlur:
    """Blurs the frames of one clip. ``blocks`` are its landmarks, a frame each; ``find_heads`` finds whoever else is there."""

    def __init__(self, blocks: Iterable[Track], find_heads: FindHeads) -> None:
        self._landmarks = _each(blocks)
        self._find_heads = find_heads

    def __call__(self, frames: Iterable[Frame]) -> Iterator[Frame]:
        """Each frame in order, every head in its picture blurred.

        A head is blurred where it is and where it was found up to `KEEP_S` before or after, so frames come that much later than they go in.
        """
        waiting: deque[Frame] = deque()
        found: deque[tuple[float, list[Box]]] = deque()
        for frame in frames:
            waiting.append(frame)
            found.append((frame.t_ms, self._heads(frame)))
            while frame.t_ms - waiting[0].t_ms >= 1000 * KEEP_S:
                yield _hidden(waiting.popleft(), found)
        while waiting:
            yield _hidden(waiting.popleft(), found)

    def _heads(self, frame: Frame) -> list[Box]:
        found = [box_of(head) for head in self._find_heads(np.ascontiguousarray(frame.image_bgr[..., ::-1]))]
        own = head_box(next(self._landmarks, Landmarks.absent(frame.size_wh)))
        return found if own is None else [*found, own]


def _hidden(frame: Frame, found: deque[tuple[float, list[Box]]]) -> Frame:
    """A frame with a blurred picture; what was ``found`` too long before is dropped."""
    while frame.t_ms - found[0][0] > 1000 * KEEP_S:
        found.popleft()
    near = (boxes for at_ms, boxes in found if at_ms - frame.t_ms <= 1000 * KEEP_S)
    picture = blurred(np.asarray(frame.image_bgr, np.uint8), chain.from_iterable(near))
    return Frame(picture, frame.index, frame.t_ms, frame.source)


def _each(blocks: Iterable[Track]) -> Iterator[Landmarks]:
    for block in blocks:
        for i in range(len(block)):
            yield block.at(i)


def head_box(landmarks: Landmarks) -> Box | None:
    """The square round a head with its hair, from the body's points or the face mesh; None when neither is there.

    Its size is the largest that trunk, shoulders, eyes or the points on the head suggest: seen from an angle some of them are short.
    """
    points = np.concatenate([landmarks.pose_px[_HEAD], landmarks.face_px]).astype(float)
    points = points[np.isfinite(points).all(1)]
    if not len(points):
        return None
    low, high = points.min(0), points.max(0)
    centre = (low + high) / 2
    px_per_m = max([0.0, *(size for size in _scales(landmarks) if np.isfinite(size))])
    side = max(HEAD_BOX_M * px_per_m, 1.7 * float((high - low).max()), 8.0)
    return Box(*(centre - side / 2), *(centre + side / 2))


def _scales(landmarks: Landmarks) -> Iterator[float]:
    """Pixels a metre by the trunk, the shoulders and the outer eye corners; NaN where unknown."""
    px, face = landmarks.pose_px.astype(float), landmarks.face_px.astype(float)
    shoulders, hips = px[[Pose.LEFT_SHOULDER, Pose.RIGHT_SHOULDER]], px[[Pose.LEFT_HIP, Pose.RIGHT_HIP]]
    yield float(np.hypot(*(shoulders.mean(0) - hips.mean(0)))) / _TRUNK_M
    yield float(np.hypot(*(shoulders[0] - shoulders[1]))) / _SHOULDERS_M
    yield float(np.hypot(*(face[_EYE_CORNERS[0]] - face[_EYE_CORNERS[1]]))) / _EYES_OUTER_M


def box_of(head: Head) -> Box:
    """The square round a head whose face was detected."""
    side = HEAD_BOX_M / HEAD_M * head.side
    middle = head.y + 0.1 * side  # the eyes lie above the middle
    return Box(head.x - side / 2, middle - side / 2, head.x + side / 2, middle + side / 2)


def blurred(picture: Picture, boxes: Iterable[Box]) -> Picture:
    """A copy of the picture (h, w, 3) in which each box is nothing but a few averaged colours running into each other."""
    out = picture.copy()
    size_wh = (picture.shape[1], picture.shape[0])
    for box in boxes:
        left, top, right, bottom = (round(edge) for edge in box.clipped(size_wh))
        if right - left < 1 or bottom - top < 1:
            continue
        part = picture[top:bottom, left:right]
        few = cv2.resize(part, (CELLS, CELLS), interpolation=cv2.INTER_AREA)
        out[top:bottom, left:right] = cv2.resize(few, (right - left, bottom - top), interpolation=cv2.INTER_LINEAR)
    return out
