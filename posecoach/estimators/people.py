"""Where everybody is: heads and bodies searched for in overlapping tiles, duplicates merged. The models come in as objects.

The detectors in the wheel see a picture at 192 and 224 pixels a side, so somebody 7 m away is lost in the whole picture. In tiles of a half
and a quarter of it faces of 2 % of the picture's long side are found, which is a body of about 200 pixels in 1080p.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from posecoach.body.landmarks import Pose
from posecoach.body.records import Array
from posecoach.estimators.bodies import PeopleModel, SeenBody
from posecoach.estimators.crops import cut, size_wh_of
from posecoach.estimators.regions import SeenPerson, Square

HEAD_M = 0.147
"""Side of the face detector's box; the median of 110 faces whose body was found too, nine of ten between 0.127 and 0.17."""
HIPS_BELOW_EYES = 4.4
"""From the eyes down to the hips of someone standing, in sides of the face's box; the median of the same."""
OUTREACH_M = 1.03
"""Radius of the circle round an outstretched body, as the pose model gives it; the same faces, 0.95 to 1.1."""
REGION_MARGIN = 1.25
"""The pose model expects the circle enlarged by this (MediaPipe's pose_detection_to_roi)."""
SAME_HEAD = 0.6
"""Faces nearer than this share of the larger one's side are one."""
TILE_PX = 480
"""Tiles are shown to the detectors at no more than this; they scale down to half of it."""
FACE_TILES = (1, 2, 4)
BODY_TILES = (1, 2)
"""Tile sides as parts of the picture's long side. In smaller tiles the body detector takes boots and lamps for people."""
OVERLAP = 0.5
"""By how much of their side tiles overlap."""
BAND_TILE = 9.0
"""Side of the tiles along a row that is known, in sides of a typical face,"""
BAND_OVERLAP = 1 / 3
"""and by how much they overlap: of 905 faces of known people 898 were found, as many as with half."""


class Head(NamedTuple):
    """A face found: middle between the eyes and side of its box in pixels, and how sure the detector is, 0..1."""

    x: float
    y: float
    side: float
    score: float


@dataclass(frozen=True, slots=True)
class Region:
    """The square in which the pose model looks for one body: centred on the hips, turned clockwise by ``turn_deg`` with the body."""

    x: float
    y: float
    side: float
    turn_deg: float = 0.0


class SeenPeople(NamedTuple):
    """A body, and the region in which its next picture should be looked at."""

    body: SeenBody
    region: Region


class HeadModel(Protocol):
    """Finds faces from close by to small in an RGB picture."""

    def find(self, picture: Array) -> list[Head]: ...

    def close(self) -> None: ...


class RegionModel(Protocol):
    """Finds the body in a region of an RGB picture; remembers nothing. None when there is none."""

    def find(self, picture: Array, region: Region) -> SeenPeople | None: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Crowd:
    """All that a search found, each once."""

    heads: tuple[Head, ...]
    people: tuple[SeenPerson, ...]


class Search:
    """Looks for everybody in a picture."""

    def __init__(self, heads: HeadModel, people: PeopleModel) -> None:
        self._heads = heads
        self._people = people

    def everywhere(self, picture: Array) -> Crowd:
        """Search the whole picture (h, w, 3) RGB at all sizes: 35 tiles for faces and 7 for bodies at 16:9."""
        size_wh = size_wh_of(picture)
        people = [person for part in BODY_TILES for person in self._bodies(picture, tiles(size_wh, max(size_wh) / part))]
        return Crowd(self.heads(picture), tuple(people))

    def heads(self, picture: Array) -> tuple[Head, ...]:
        """Search the whole picture (h, w, 3) RGB for faces alone, at all sizes."""
        size_wh = size_wh_of(picture)
        return merged_heads(head for part in FACE_TILES for head in self._faces(picture, tiles(size_wh, max(size_wh) / part)))

    def along(self, picture: Array, heads: Sequence[Head], *, bodies: bool = False) -> Crowd:
        """Search for faces of about the size and height of ``heads`` (not empty), across the picture; and for ``bodies`` all over it."""
        width, height = size_wh_of(picture)
        typical = float(np.median([head.side for head in heads]))
        low, high = min(head.y for head in heads), max(head.y for head in heads)
        side = round(max(BAND_TILE * typical, 2.0 * (high - low)))
        middle = min(max((low + high) / 2, side / 2), max(height - side / 2, side / 2))
        places = [Square(square.x, round(middle - side / 2), square.side) for square in tiles((width, side), side, BAND_OVERLAP)]
        return Crowd(merged_heads(self._faces(picture, places)), self._all_bodies(picture) if bodies else ())

    def _all_bodies(self, picture: Array) -> tuple[SeenPerson, ...]:
        size_wh = size_wh_of(picture)
        return tuple(person for part in BODY_TILES for person in self._bodies(picture, tiles(size_wh, max(size_wh) / part)))

    def _faces(self, picture: Array, places: Iterable[Square]) -> Iterator[Head]:
        for square, tile, ratio in _shown(picture, places):
            for head in self._heads.find(tile):
                yield Head(square.x + head.x * ratio, square.y + head.y * ratio, head.side * ratio, head.score)

    def _bodies(self, picture: Array, places: Iterable[Square]) -> Iterator[SeenPerson]:
        for square, tile, ratio in _shown(picture, places):
            for person in self._people.find(tile):
                yield SeenPerson(square.x + person.x * ratio, square.y + person.y * ratio, person.radius * ratio)

    def close(self) -> None:
        """Free the models."""
        self._heads.close()
        self._people.close()


def _shown(picture: Array, places: Iterable[Square]) -> Iterator[tuple[Square, Array, float]]:
    """Each place with its pixels and the factor from these to the picture's."""
    for square in places:
        side = min(square.side, TILE_PX)
        yield square, cut(picture, square, side), square.side / side


def tiles(size_wh: tuple[int, int], side: float, overlap: float = OVERLAP) -> list[Square]:
    """Squares of ``side`` that cover a picture and overlap by that share or more; one is enough across a shorter side of the picture."""
    across, down = (_starts(length, side, (1 - overlap) * side) for length in size_wh)
    return [Square(round(x), round(y), round(side)) for y in down for x in across]


def _starts(length: float, side: float, step: float) -> Array:
    if length <= side:
        return np.array([(length - side) / 2])
    return np.linspace(0, length - side, int(np.ceil((length - side) / step)) + 1)


def merged_heads(heads: Iterable[Head]) -> tuple[Head, ...]:
    """Each face once: of several findings in one place the surest."""
    kept: list[Head] = []
    for head in sorted(heads, key=lambda head: -head.score):
        if all(np.hypot(head.x - other.x, head.y - other.y) > SAME_HEAD * max(head.side, other.side) for other in kept):
            kept.append(head)
    return tuple(kept)


def region_below(head: Head, hips_below: float = HIPS_BELOW_EYES) -> Region:
    """Where the body of a face is, should it stand upright; ``hips_below`` its eyes, in sides of the face."""
    share = hips_below / HIPS_BELOW_EYES
    return Region(head.x, head.y + hips_below * head.side, share * 2 * REGION_MARGIN * OUTREACH_M / HEAD_M * head.side)


def region_round(person: SeenPerson) -> Region:
    """Where a body is that the detector found."""
    return Region(person.x, person.y, 2 * REGION_MARGIN * person.radius)


def head_above(person: SeenPerson) -> Head:
    """Where a body that the detector found has its head, should it stand upright."""
    side = HEAD_M / OUTREACH_M * person.radius
    return Head(person.x, person.y - HIPS_BELOW_EYES * side, side, 0.0)


def head_of(body: SeenBody) -> Head:
    """Where a body has its head, as a face would be found there."""
    x, y = body.px[[Pose.LEFT_EYE, Pose.RIGHT_EYE]].mean(axis=0)
    return Head(float(x), float(y), HEAD_M * body.scale, 0.0)
