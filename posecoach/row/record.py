"""All that was seen of a row in a clip, kept until it is known who had which place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from posecoach.body.records import Frame, Landmarks, Track
from posecoach.judging.protocols import Source
from posecoach.row.places import Place, RowPlaces, Sighting, Status

MOST = 0.5
"""A person is judged when they could be in more than this share of the time they stood in the row."""

OUTSIDE_SHARE = 0.1
"""People outside the row are told of when they are seen in this share of the frames."""


@dataclass(frozen=True, slots=True, eq=False)
class PersonRecord:
    """One place of a row over a clip: the landmarks at every frame (NaN while nobody stood there) and what could be done with them.

    ``statuses`` (T,) of `Status`; ``status`` the one that counts for the clip: judged, or the most frequent reason why not.
    """

    place: Place
    track: Track
    statuses: tuple[Status, ...]
    status: Status


class RowRecord:
    """Collects sightings frame by frame; 5 KB a person and frame."""

    def __init__(self, size_wh: tuple[int, int]) -> None:
        self._size_wh = size_wh
        self._t_ms: list[float] = []
        self._seen: list[dict[int, tuple[Sighting, Status]]] = []

    def __len__(self) -> int:
        return len(self._t_ms)

    def add(self, t_ms: float, cleared: Mapping[int, tuple[Sighting, Status]]) -> None:
        """Take in who was seen at ``t_ms``, which always rises (`RowPlaces.cleared`); older sightings among them are left out."""
        self._t_ms.append(t_ms)
        self._seen.append({key: seen for key, seen in cleared.items() if seen[0].t_ms == t_ms})

    def of(self, place: Place, *, only_seen: bool = False) -> PersonRecord:
        """What was seen at a place: at every frame, or ``only_seen`` at those in which its person was looked at, when all had turns."""
        absent = Landmarks.absent(self._size_wh)
        rows = [(t_ms, self._at(i, place)) for i, t_ms in enumerate(self._t_ms)]
        rows = [(t_ms, row) for t_ms, row in rows if row is not None or not only_seen]
        landmarks = [absent if row is None else row[0].landmarks for _, row in rows]
        track = Track.from_landmarks([t_ms for t_ms, _ in rows], landmarks, self._size_wh)
        statuses = tuple(Status.AWAY if row is None else row[1] for _, row in rows)
        return PersonRecord(place, track, statuses, _overall(statuses))

    def outsiders(self, places: Sequence[Place]) -> int:
        """How many people were about at a time who never had one of the places; seen only for moments, they do not count."""
        in_row = {stay.key for place in places for stay in place.stays}
        counts = [len(seen.keys() - in_row) for seen in self._seen]
        return max(counts, default=0) if sum(count > 0 for count in counts) >= OUTSIDE_SHARE * max(len(counts), 1) else 0

    @property
    def is_sideways(self) -> bool:
        """Whether the row lies in the picture in most of the frames in which anybody is seen."""
        seen = [any(status is Status.SIDEWAYS for _, status in found.values()) for found in self._seen if found]
        return sum(seen) > MOST * len(seen)

    def _at(self, i: int, place: Place) -> tuple[Sighting, Status] | None:
        for stay in place.stays:
            if stay.start_ms <= self._t_ms[i] <= (np.inf if stay.end_ms is None else stay.end_ms):
                found = self._seen[i].get(stay.key)
                if found is not None:
                    return found
        return None


class Finder(Protocol):
    """Finds everybody in a picture, frame by frame in order of time."""

    def estimate(self, frame: Frame) -> Sequence[Sighting]:
        """Who is seen in ``frame``."""
        ...


def follow_row(source: Source, finder: Finder, on_frame: Callable[[Frame], None]) -> tuple[RowRecord, RowPlaces]:
    """Follow everybody through a source; ``on_frame`` is called after each frame."""
    record, row = RowRecord(source.size_wh), RowPlaces(still=source.kind == "picture")
    for frame in source:
        row.update(frame.t_ms, finder.estimate(frame))
        record.add(frame.t_ms, row.cleared())
        on_frame(frame)
    row.finish()
    return record, row


def _overall(statuses: Sequence[Status]) -> Status:
    here: list[Status] = [status for status in statuses if status is not Status.AWAY]
    if not here:
        return Status.AWAY
    if here.count(Status.JUDGED) > MOST * len(here):
        return Status.JUDGED
    return max((Status.SIDEWAYS, Status.HIDDEN, Status.EDGE, Status.BENT, Status.TURNED, Status.MOVING), key=here.count)
