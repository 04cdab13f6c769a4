"""Who stands where in a row: places from left to right, kept while people sway, leave and come back. Pure: time comes with what is seen.

Nobody is recognised. A place belongs to whoever stands there, so somebody who comes back to it gets their number again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

import numpy as np

from posecoach.body.geometry import is_inside
from posecoach.body.landmarks import Pose
from posecoach.body.neighbours import Figure, doubtful_joints, is_at_edge, is_bent, is_from_behind, is_hidden, may_touch, without
from posecoach.body.records import Landmarks
from posecoach.row.sideways import looks_sideways
from posecoach.vocabulary import Profile

STAY_MS = 1500.0
"""Who has stood still for so long has a place; passers-by have not."""
RETURN_MS = 300.0
"""The same for an empty place that was somebody's."""
STILL_M = 0.3
"""Swaying and leaning move the hips less than this; who is further from the place has stepped aside, and is not judged meanwhile."""
STILL_MS = 1000.0
"""Time constant with which the place of standing still follows: who moves slower than 0.3 m/s stands."""
LEFT_M = 0.6
"""Who is as far from the place as this has left it,"""
LEFT_RATIO = 1.25
"""and so has who has become larger or smaller by this factor, walking to the camera or away."""
RETURN_M = 0.45
"""Who stands still as near as this to an empty place has come back to it."""
UNSEEN_MS = 1500.0
"""Who has not been found for so long is not there."""
FORGET_MS = 60_000.0
"""A place stays empty for so long before it is given up."""
BACKGROUND_RATIO = 0.62
"""Who is smaller than this share of the row's median stands in the background."""
HOME_MS = 4000.0
"""Time constant with which a place follows the one who stands there."""
SMALL_PX = 200.0
"""People less tall than this in the picture are too small for most clauses."""
CROWDED_M = 0.3
CROWDED_DOWN_M = 0.8
"""Heads as near as this sideways, and in height, are those of people one behind the other; shoulder to shoulder they are 0.45 m apart."""
MARGIN_M = 0.16
"""From the face to the top of the head, and on to air."""
TALL_M = 1.7
"""A person's height where the feet are not in the picture."""


class Status(str, Enum):
    """What can be done with the one at a place."""

    JUDGED = "judged"
    HIDDEN = "hidden"
    EDGE = "edge"
    BENT = "bent"
    TURNED = "turned"
    SIDEWAYS = "sideways"
    MOVING = "moving"
    AWAY = "away"


@dataclass(frozen=True, slots=True, eq=False)
class Sighting:
    """Somebody in a frame. ``key`` stays the same while they are followed; ``landmarks`` of frame ``t_ms``, in pixels of the frame.

    ``head_px`` is the middle between the eyes, ``scale_px_m`` pixels a metre. Without a body the landmarks are absent: a face is seen, its
    body is hidden.
    """

    key: int
    t_ms: float
    landmarks: Landmarks
    head_px: tuple[float, float]
    scale_px_m: float

    @property
    def x(self) -> float:
        """Where the person stands in the picture, pixels from the left: the middle of the hips, else the head."""
        if not self.landmarks.has_pose:
            return self.head_px[0]
        return float(self.landmarks.pose_px[[Pose.LEFT_HIP, Pose.RIGHT_HIP], 0].mean())

    @property
    def is_inside(self) -> bool:
        """Whether the middle of the person is in the picture."""
        return 0 <= self.x <= self.landmarks.size_wh[0]

    @property
    def box_xyxy(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the person in the picture, with a margin; of a mere face the head.

        Guessed limbs beyond the picture do not count.
        """
        points = np.array([self.head_px])
        if self.landmarks.has_pose:
            points = np.concatenate([points, self.landmarks.pose_px[is_inside(self.landmarks.pose_px, self.landmarks.size_wh)]])
        low, high = points.min(axis=0) - MARGIN_M * self.scale_px_m, points.max(axis=0) + 0.5 * MARGIN_M * self.scale_px_m
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

    @property
    def height_px(self) -> float:
        """Height of the person in the picture, by the scale of the body."""
        return TALL_M * self.scale_px_m


@dataclass(frozen=True, slots=True)
class RowEntry:
    """What is known of somebody in the row; without a profile either form of the clauses is accepted."""

    name: str | None = None
    profile: Profile = Profile.UNSPECIFIED


@dataclass(frozen=True, slots=True)
class Stay:
    """A stretch of time, milliseconds, for which the one followed as ``key`` stood at a place; ``end_ms`` None while it lasts."""

    key: int
    start_ms: float
    end_ms: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A place in the row. ``id`` counts from the left from 1; ``key`` stays the same when the ids shift because somebody joins the row.

    ``sighting`` is the last one of the person there, with doubtful joints hidden, None while away.
    """

    id: int
    key: int
    status: Status
    x: float
    scale_px_m: float
    sighting: Sighting | None
    stays: tuple[Stay, ...]


@dataclass(eq=False)
class _Followed:
    """Somebody followed, and since when they have stood where they stand."""

    sighting: Sighting
    still_x: float
    still_since_ms: float
    home: _Home | None = None

    @property
    def is_aside(self) -> bool:
        """Whether they have a place and are further from it than people sway."""
        return self.home is not None and abs(self.sighting.x - self.home.x) > STILL_M * self.home.scale


@dataclass(eq=False)
class _Home:
    key: int
    x: float
    scale: float
    seen_ms: float
    track: _Followed | None = None
    stays: list[Stay] = field(default_factory=list)


class RowPlaces:
    """Takes everybody's sightings frame by frame and keeps the places. ``still``: a single picture, in which all have a place at once."""

    def __init__(self, *, still: bool = False) -> None:
        self._stay_ms = 0.0 if still else STAY_MS
        self._tracks: dict[int, _Followed] = {}
        self._homes: list[_Home] = []
        self._keys = 0
        self._cleared: dict[int, tuple[Sighting, Status]] | None = None
        self._first_ms: float | None = None
        self._t_ms = 0.0

    def update(self, t_ms: float, sightings: Iterable[Sighting], waiting: Collection[int] = ()) -> None:
        """Take in who was seen at ``t_ms``, which never falls; who was not updated stays as last seen.

        ``waiting``: keys of those whom nobody has looked for since; they are not taken for gone, however long that is.
        """
        self._t_ms = t_ms
        self._first_ms = t_ms if self._first_ms is None else self._first_ms
        for sighting in sightings:
            self._see(sighting)
        self._cleared = None
        self._drop_unseen(waiting)
        self._let_go()
        self._settle(self._stay_ms)

    def finish(self) -> None:
        """No more is to come: in a clip shorter than two stays, who stood for half of it has a place too."""
        if self._first_ms is not None:
            self._settle(min(self._stay_ms, (self._t_ms - self._first_ms) / 2))

    def places(self) -> tuple[Place, ...]:
        """The row from left to right, without the background."""
        return tuple(self._place(i, home) for i, home in enumerate(self._row(), 1))

    def cleared(self) -> Mapping[int, tuple[Sighting, Status]]:
        """The last sighting of everybody there by key, with doubtful joints hidden, and whether they can be judged.

        Places and records go by this alone: what the page leaves out, a check and a clip leave out too.
        """
        if self._cleared is None:
            in_row = {home.track.sighting.key for home in self._row() if home.track is not None}
            seen = clear([track.sighting for track in self._tracks.values()], in_row)
            self._cleared = {
                track.sighting.key: (sighting, Status.MOVING if track.is_aside else status)
                for track, (sighting, status) in zip(self._tracks.values(), seen, strict=True)
            }
        return self._cleared

    def bystanders(self) -> tuple[Sighting, ...]:
        """Who is seen now and has no place in the row: passers-by, and people in the background."""
        in_row = {id(home) for home in self._row()}
        return tuple(track.sighting for track in self._tracks.values() if track.home is None or id(track.home) not in in_row)

    # --- places -------------------------------------------------------------------------------------------------------------------------

    def _row(self) -> list[_Home]:
        if not self._homes:
            return []
        typical = float(np.median([home.scale for home in self._homes]))
        largest = max(typical, *(home.scale for home in self._homes)) if len(self._homes) < 3 else typical
        return sorted((home for home in self._homes if home.scale >= BACKGROUND_RATIO * largest), key=lambda home: home.x)

    def _place(self, number: int, home: _Home) -> Place:
        sighting, status = None, Status.AWAY
        if home.track is not None:
            sighting, status = self.cleared()[home.track.sighting.key]
        return Place(number, home.key, status, home.x, home.scale, sighting, tuple(home.stays))

    # --- tracks -------------------------------------------------------------------------------------------------------------------------

    def _see(self, sighting: Sighting) -> None:
        track = self._tracks.get(sighting.key)
        if track is None:
            self._tracks[sighting.key] = _Followed(sighting, sighting.x, sighting.t_ms)
            return
        step_ms, was_aside = sighting.t_ms - track.sighting.t_ms, track.is_aside
        track.sighting = sighting
        steps_aside = track.is_aside and not was_aside
        if steps_aside or abs(sighting.x - track.still_x) > STILL_M * sighting.scale_px_m:
            track.still_x, track.still_since_ms = sighting.x, sighting.t_ms
        track.still_x += min(1.0, step_ms / STILL_MS) * (sighting.x - track.still_x)
        home = track.home
        if home is not None and (not track.is_aside or self._stands_aside(track)):
            share = 1.0 if track.is_aside else min(1.0, step_ms / HOME_MS)
            home.x += share * (sighting.x - home.x)
            home.scale += share * (sighting.scale_px_m - home.scale)
            home.seen_ms = sighting.t_ms

    def _stands_aside(self, track: _Followed) -> bool:
        """Whether somebody has stood a step from the place for so long that it is there now, and that is nobody else's."""
        nearest = min(self._homes, key=lambda home: abs(home.x - track.sighting.x))
        stood_ms = track.sighting.t_ms - track.still_since_ms
        return nearest is track.home and stood_ms >= STAY_MS and track.sighting.landmarks.has_pose

    def _drop_unseen(self, waiting: Collection[int]) -> None:
        for key, track in list(self._tracks.items()):
            if key not in waiting and self._t_ms - track.sighting.t_ms > UNSEEN_MS:
                self._vacate(track)
                del self._tracks[key]
        self._homes = [home for home in self._homes if home.track is not None or self._t_ms - home.seen_ms <= FORGET_MS]

    def _let_go(self) -> None:
        for track in self._tracks.values():
            home, sighting = track.home, track.sighting
            if home is None:
                continue
            ratio = sighting.scale_px_m / home.scale if sighting.landmarks.has_pose else 1.0
            if abs(sighting.x - home.x) > LEFT_M * home.scale or not 1 / LEFT_RATIO <= ratio <= LEFT_RATIO:
                self._vacate(track)
                track.still_x, track.still_since_ms = sighting.x, sighting.t_ms

    def _vacate(self, track: _Followed) -> None:
        if track.home is not None:
            last = track.home.stays[-1]
            track.home.stays[-1] = Stay(last.key, last.start_ms, track.home.seen_ms)
            track.home.track = None
            track.home = None

    def _settle(self, stay_ms: float) -> None:
        """Give places to those who stand still: an empty one that is theirs, or else a new one."""
        for track in sorted(self._tracks.values(), key=lambda track: track.sighting.x):
            if track.home is not None or not track.sighting.is_inside:
                continue
            stood_ms = track.sighting.t_ms - track.still_since_ms
            home = self._empty_near(track.sighting) if stood_ms >= min(RETURN_MS, stay_ms) else None
            if home is None and stood_ms >= stay_ms and self._has_room(track.sighting):
                self._keys += 1
                home = _Home(self._keys, track.sighting.x, track.sighting.scale_px_m, track.sighting.t_ms)
                self._homes.append(home)
            if home is not None:
                home.track, track.home = track, home
                home.seen_ms = track.sighting.t_ms
                home.stays.append(Stay(track.sighting.key, track.still_since_ms, None))

    def _empty_near(self, sighting: Sighting) -> _Home | None:
        near = [home for home in self._homes if home.track is None and _is_home_of(home, sighting)]
        return min(near, key=lambda home: abs(home.x - sighting.x), default=None)

    def _has_room(self, sighting: Sighting) -> bool:
        """Whether no empty place is so near that this might be its owner, standing a little aside or seen wrongly."""
        return not any(home.track is None and abs(home.x - sighting.x) < RETURN_M * home.scale for home in self._homes)


def _is_home_of(home: _Home, sighting: Sighting) -> bool:
    ratio = sighting.scale_px_m / home.scale if sighting.landmarks.has_pose else 1.0
    return abs(home.x - sighting.x) <= RETURN_M * home.scale and 1 / LEFT_RATIO <= ratio <= LEFT_RATIO


def clear(sightings: Sequence[Sighting], in_row: Collection[int] = ()) -> list[tuple[Sighting, Status]]:
    """Sightings of one moment with their doubtful joints hidden, and for each whether it can be judged, or why not.

    ``in_row``: keys of those who have a place; while no body has one, all who are seen are the row.
    """
    figures = [Figure.of(s.landmarks, s.scale_px_m) if s.landmarks.has_pose else None for s in sightings]
    of_row = [figure for sighting, figure in zip(sightings, figures, strict=True) if sighting.key in in_row and figure is not None]
    bodies = [figure for figure in figures if figure is not None]
    is_row_from_behind = _is_row_from_behind(of_row or bodies)
    if sightings and looks_sideways(np.array([s.head_px for s in sightings]), np.array([s.scale_px_m for s in sightings]), bodies):
        return [(sighting, Status.SIDEWAYS) for sighting in sightings]
    cleared = []
    for i, (sighting, figure) in enumerate(zip(sightings, figures, strict=True)):
        if figure is None:
            cleared.append((sighting, Status.HIDDEN))
            continue
        near = [other for j, other in enumerate(figures) if other is not None and j != i and may_touch(figure, other)]
        doubtful = doubtful_joints(figure, near)
        is_lost = is_hidden(doubtful) or any(_is_crowded(sighting, other) for j, other in enumerate(sightings) if j != i)
        is_turned = is_from_behind(figure) and not is_row_from_behind
        found = {Status.EDGE: is_at_edge(figure), Status.HIDDEN: is_lost, Status.BENT: is_bent(figure), Status.TURNED: is_turned}
        status = next((status for status, is_so in found.items() if is_so), Status.JUDGED)
        cleared.append((replace(sighting, landmarks=without(sighting.landmarks, doubtful)), status))
    return cleared


def _is_row_from_behind(figures: Sequence[Figure]) -> bool:
    """Whether the row as a whole, more than half of it, is looked at from behind."""
    return sum(map(is_from_behind, figures)) * 2 > len(figures)


def _is_crowded(one: Sighting, other: Sighting) -> bool:
    """Whether two heads are nearly above each other: the pose model then mixes the two bodies, that of the one in front too."""
    scale = min(one.scale_px_m, other.scale_px_m)
    if scale < 0.5 * max(one.scale_px_m, other.scale_px_m):
        return False
    across, down = (abs(a - b) / scale for a, b in zip(one.head_px, other.head_px, strict=True))
    return across < CROWDED_M and down < CROWDED_DOWN_M
