"""Whether bodies found in a row are one and the same, and where somebody may stand whose face nobody sees. Pure geometry in the picture.

Lengths are in metres of the body concerned: pixels divided by its scale.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from posecoach.body.geometry import is_inside
from posecoach.body.landmarks import Pose
from posecoach.body.neighbours import MAIN, Figure, covered
from posecoach.body.records import Array
from posecoach.estimators.bodies import SeenBody
from posecoach.estimators.people import OUTREACH_M, Head, Region, SeenPeople, head_of
from posecoach.estimators.regions import SeenPerson
from posecoach.row.places import BACKGROUND_RATIO

HEAD_GATE_M = 0.09
"""The eyes of a body may lie this far from the face it was looked for under: right ones were below 0.08, a neighbour's above 0.1."""
SAME_TRUNK_M = 0.08
"""Bodies with shoulders and hips as near as this, on average, are one,"""
SAME_HEAD_M = 0.125
"""and so are those with eyes as near as this. It is also how near a face lies to the head it is taken for."""
ROOM_M = 0.35
"""Nobody is looked for nearer than this to somebody else: shoulder to shoulder people are 0.45 m apart."""
REACH_M = 1.0
"""So far beyond the ends of a row somebody may belong to it."""
STEP_M = 0.3
"""From one place where somebody is looked for to the next; bodies 0.4 m away from such a place were found from it."""
SEEN_MIN = 0.5
"""Visibility that every joint of a body needs of which no face tells that there is somebody: as likely seen as not. In rendered rows those
turned away or bent down had 0.64 and more, and what was found in pictures of furniture and gym machines 0.36 and less."""
HIDDEN_SHARE = 0.5
"""Who is hidden by more than this is not looked for; what lies on another body by as much is part of that body."""

_EYES = [Pose.LEFT_EYE, Pose.RIGHT_EYE]
_TRUNK = [Pose.LEFT_SHOULDER, Pose.RIGHT_SHOULDER, Pose.LEFT_HIP, Pose.RIGHT_HIP]
_STANCE = [*_TRUNK, Pose.LEFT_KNEE, Pose.RIGHT_KNEE, Pose.LEFT_ANKLE, Pose.RIGHT_ANKLE]


def is_same(one: SeenBody | None, other: SeenBody | None) -> bool:
    """Whether two bodies found are one: their trunks or their heads lie in one place. False where there is none."""
    if one is None or other is None:
        return False
    scale = min(one.scale, other.scale)
    heads = np.linalg.norm(one.px[_EYES].mean(axis=0) - other.px[_EYES].mean(axis=0))
    return bool(_apart(one, other, _TRUNK) <= SAME_TRUNK_M * scale or heads <= SAME_HEAD_M * scale)


def is_found_again(body: SeenBody, again: SeenBody) -> bool:
    """Whether a body asked for from another region has all its joints where they were. In furniture they lie elsewhere each time."""
    return _apart(body, again, list(MAIN)) <= SAME_TRUNK_M * body.scale


def _apart(one: SeenBody, other: SeenBody, joints: Sequence[int]) -> float:
    return float(np.linalg.norm(one.px[joints] - other.px[joints], axis=1).mean())


def shifted(found: SeenPeople, left: int, top: int) -> SeenPeople:
    """A body found in a part of a picture, in pixels of the whole; the part begins at ``left`` and ``top``."""
    body, region = found
    return SeenPeople(
        SeenBody(body.px + np.array([left, top]), body.world_m, body.visibility),
        Region(region.x + left, region.y + top, region.side, region.turn_deg),
    )


def is_under(body: SeenBody, head: Head) -> bool:
    """Whether a body has its eyes where the face is under which it was looked for."""
    found = head_of(body)
    return bool(np.hypot(found.x - head.x, found.y - head.y) <= HEAD_GATE_M * body.scale)


def is_part_of(body: SeenBody, others: Iterable[SeenBody], size_wh: tuple[int, int]) -> bool:
    """Whether most of what was taken for a body lies on somebody else's."""
    points = body.px[list(MAIN)]
    return any(covered(points, _figure(other, size_wh)).mean() >= HIDDEN_SHARE for other in others)


def is_pattern(head: Head, scale: float, others: Iterable[SeenBody], size_wh: tuple[int, int]) -> bool:
    """Whether a face is a picture, a button or a hand on somebody's body, ``scale`` pixels a metre as a face: who stands in front of
    another does not look much smaller."""
    point = np.array([[head.x, head.y]])
    return any(scale < BACKGROUND_RATIO * other.scale and covered(point, _figure(other, size_wh)).any() for other in others)


def is_whole(body: SeenBody, size_wh: tuple[int, int], typical: float) -> bool:
    """Whether a body is seen from the shoulders to the feet, in the picture, and as large as the row, ``typical`` pixels a metre;
    False where either scale is unknown (0)."""
    seen = body.visibility[_STANCE].min() >= SEEN_MIN and is_inside(body.px[_STANCE], size_wh).all()
    return bool(seen and typical > 0 and BACKGROUND_RATIO <= body.scale / typical <= 1 / BACKGROUND_RATIO)


def free_places(row: Sequence[SeenBody], heads_x: Sequence[float], width: int) -> list[SeenPerson]:
    """Where in a row somebody might stand whose face is not seen, from left to right: room between people and at both ends.

    ``heads_x`` (pixels) are the heads of people whose body is not known. A row begins with two bodies; with fewer there is no place. Bodies
    of unknown scale do not count.
    """
    row = sorted((body for body in row if body.scale > 0), key=lambda body: body.hips[0])
    if len(row) < 2:
        return []
    known_x, known_y, scales = (np.array(column) for column in zip(*((*body.hips, body.scale) for body in row), strict=True))
    typical = float(np.median(scales))
    first, last = max(known_x[0] - REACH_M * typical, 0.0), min(known_x[-1] + REACH_M * typical, float(width))
    taken = np.array([*known_x, *heads_x])
    xs = [x for x in np.arange(first, last, STEP_M * typical) if np.abs(taken - x).min() >= ROOM_M * typical]
    return [_place(float(x), np.interp(x, known_x, known_y), np.interp(x, known_x, scales)) for x in xs]


def _place(x: float, y: float | Array, scale: float | Array) -> SeenPerson:
    return SeenPerson(x, float(y), OUTREACH_M * float(scale))


def _figure(body: SeenBody, size_wh: tuple[int, int]) -> Figure:
    return Figure(body.px, body.visibility, body.scale, size_wh)
