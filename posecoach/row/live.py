"""Judges a whole row as frames come in: everybody in turn within the time there is. No IO; the clock is passed in.

One object, fed frame by frame from one thread. What it returns can be handed to any other: states are never changed afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from posecoach.body.posture import observe
from posecoach.body.records import Frame, Landmarks, Track
from posecoach.judging.coach import Advice
from posecoach.judging.judge import Moment
from posecoach.judging.outcomes import overall_state
from posecoach.judging.recent import RecentMotion
from posecoach.judging.timed_check import CheckNow, TimedCheck
from posecoach.judging.verdicts_now import SaidNow, VerdictsNow
from posecoach.row.camera import RowCamera
from posecoach.row.judging import RowPerson, entries_for, grade_row
from posecoach.row.places import SMALL_PX, Place, RowEntry, RowPlaces, Sighting, Status
from posecoach.row.record import RowRecord
from posecoach.rulebook.schema import RuleSet
from posecoach.vocabulary import Profile, State

JUDGE_MS = 450.0
"""Nobody is judged more often than this; their landmarks are renewed as often as there is time."""
CAMERA_MS = 2000.0
GAP_MS = 1500.0
"""After not having been seen for so long at their place somebody starts afresh."""


class RowFinder(Protocol):
    """Finds everybody in a frame, at least one and then as many as ``has_time`` allows (`estimators.row.RowEstimator`).

    ``waiting``: keys of those whose turn has not come since they were seen.
    """

    @property
    def waiting(self) -> frozenset[int]: ...

    def estimate(self, frame: Frame, has_time: Callable[[], bool]) -> Sequence[Sighting]: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True, eq=False)
class PersonNow:
    """Somebody in the row at this moment.

    ``id`` counts places from the left from 1; ``key`` names the place for as long as it lasts. ``box_xyxy`` and ``landmarks`` are in pixels
    of the frame as last seen, ``updated_ms`` is when that was; None for a place that is empty. ``moments`` are all clauses, empty unless
    ``status`` is judged; ``advice`` holds the one correction, or praise. ``score`` 0..100, None while nothing is judged.
    """

    id: int
    key: int
    entry: RowEntry
    status: Status
    is_small: bool
    box_xyxy: tuple[float, float, float, float] | None
    landmarks: Landmarks | None
    updated_ms: float | None
    moments: tuple[Moment, ...]
    advice: Advice
    score: float | None

    @property
    def state(self) -> State:
        """What the clauses come to (`overall_state`)."""
        return overall_state([moment.state for moment in self.moments])


@dataclass(frozen=True, slots=True, eq=False)
class RowNow:
    """The row at a frame, from left to right as the camera sees it.

    ``is_sideways``: the row lies on its side or hangs upside down in the picture, so nobody is judged.
    ``bystanders``: who is seen outside the row now, or was during a check that is done: those who come and go after it are no part of it.
    ``roster_fits``: False while the roster has more or fewer people than the row; then nobody has a name from it.
    """

    t_ms: float
    size_wh: tuple[int, int]
    people: tuple[PersonNow, ...]
    bystanders: int
    is_sideways: bool
    roster_fits: bool
    check: CheckNow[tuple[RowPerson, ...]] | None


@dataclass(eq=False)
class _Memory:
    """What is remembered of the one at a place."""

    recent: RecentMotion = field(default_factory=lambda: RecentMotion(GAP_MS))
    verdicts: VerdictsNow = field(default_factory=VerdictsNow)
    judged_ms: float = -np.inf
    said: SaidNow = field(default_factory=SaidNow)

    def push(self, sighting: Sighting) -> None:
        """Add the landmarks of a frame; after a gap or with another size of picture everything starts afresh."""
        landmarks, t_ms = sighting.landmarks, sighting.t_ms
        if not self.recent.is_new(t_ms):
            return
        if self.recent.is_cut_off_from(t_ms, landmarks.size_wh):
            self.forget()
        self.recent.add(Track.from_landmarks([t_ms], [landmarks], landmarks.size_wh))

    def forget(self) -> None:
        self.recent.clear()
        self.verdicts.forget()
        self.said, self.judged_ms = SaidNow(), -np.inf


@dataclass(eq=False)
class _Recording:
    """What a check records, and whose places count: those of the moment at which it is first judged. ``outsiders``: others seen in it."""

    record: RowRecord
    places: tuple[Place, ...] = ()
    outsiders: int = 0


class _Budget:
    """So many seconds from the first time that it is asked for: a search before does not use it up."""

    def __init__(self, clock: Callable[[], float], seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds
        self._until: float | None = None

    def is_left(self) -> bool:
        now = self._clock()
        self._until = now + self._seconds if self._until is None else self._until
        return now < self._until


class LiveRow:
    """Finds, follows and judges a row. ``rule_set``: the morning-meeting rules; ``clock``: seconds that never run backwards."""

    def __init__(self, finder: RowFinder, rule_set: RuleSet, clock: Callable[[], float]) -> None:
        self._finder = finder
        self._rule_set = rule_set
        self._clock = clock
        self._roster: tuple[RowEntry, ...] = ()
        self._check: TimedCheck[tuple[RowPerson, ...]] | None = None
        self._recording = _Recording(RowRecord((0, 0)))
        self._waiting_s: float | None = None
        self.reset()

    def reset(self) -> None:
        """Forget the row: places are counted anew. Roster and rules stay."""
        self._row = RowPlaces()
        self._memories: dict[int, _Memory] = {}
        self._named: dict[int, RowEntry] = {}
        self._camera, self._camera_ms = RowCamera(), -np.inf
        self._check = self._waiting_s = None
        self._t_ms = 0.0
        self._size_wh = (0, 0)

    def set_roster(self, entries: Sequence[RowEntry]) -> None:
        """Names and profiles in row order; they count while there are as many places as entries. None at all: an empty sequence.

        Names given to single people before are forgotten; a check that is done is judged again with the new profiles, as by `set_person`.
        """
        self._roster, self._named = tuple(entries), {}
        self._judge_again()

    def set_person(self, number: int, entry: RowEntry) -> None:
        """Name and profile of the one at place ``number``, before those of the roster. Raises KeyError where there is no such place."""
        self._named[{place.id: place.key for place in self._row.places()}[number]] = entry
        self._judge_again()

    def start_check(self, seconds: float) -> None:
        """Count down, then record everybody for so long and judge them. Before the first frame the countdown waits for it."""
        self._check, self._waiting_s = None, seconds
        if self._size_wh != (0, 0):
            self._begin_check()

    def _begin_check(self) -> None:
        if self._waiting_s is not None:
            self._recording = _Recording(RowRecord(self._size_wh))
            self._check = TimedCheck(self._t_ms, self._waiting_s, self._grade_recorded)
            self._waiting_s = None

    def drop_check(self) -> None:
        """Break off the check, or forget its result."""
        self._check = self._waiting_s = None

    def feed(self, frame: Frame, budget_s: float) -> RowNow:
        """Take in a frame: those known are updated while the budget lasts, at least one; once in a while others are looked for besides.

        Times of frames rise. A frame of another size starts the row afresh.
        """
        if self._size_wh not in ((0, 0), frame.size_wh):
            self.reset()
        self._size_wh, self._t_ms = frame.size_wh, frame.t_ms
        self._begin_check()
        sightings = self._finder.estimate(frame, _Budget(self._clock, budget_s).is_left)
        self._row.update(frame.t_ms, sightings, self._finder.waiting)
        self._record(frame.t_ms)
        places = self._row.places()
        for place in places:
            if place.sighting is not None and place.status is Status.JUDGED:
                self._memories.setdefault(place.key, _Memory()).push(place.sighting)
        self._learn_camera()
        return self._now(places)

    def close(self) -> None:
        """Free the models."""
        self._finder.close()

    # --- parts ----------------------------------------------------------------------------------------------------------------------------

    def _record(self, t_ms: float) -> None:
        if self._check is not None and self._check.records(t_ms):
            self._recording.record.add(t_ms, self._row.cleared())

    def _judge_again(self) -> None:
        if self._check is not None:
            self._check.judge_again()

    def _learn_camera(self) -> None:
        if self._t_ms - self._camera_ms < CAMERA_MS:
            return
        self._camera_ms = self._t_ms
        motions = [memory.recent.motion() for memory in self._memories.values()]
        self._camera = RowCamera.of([motion for motion in motions if motion is not None])

    def _entries(self, places: Sequence[Place]) -> tuple[RowEntry, ...]:
        from_roster = entries_for(self._roster, len(places))
        return tuple(self._named.get(place.key, entry) for place, entry in zip(places, from_roster, strict=True))

    def _now(self, places: Sequence[Place]) -> RowNow:
        entries = self._entries(places)
        people = tuple(self._person(place, entry) for place, entry in zip(places, entries, strict=True))
        fits = not self._roster or len(self._roster) == len(places)
        check = None if self._check is None else self._check.now(self._t_ms)
        is_sideways = any(status is Status.SIDEWAYS for _, status in self._row.cleared().values())
        is_done = check is not None and check.phase == "done"
        bystanders = self._recording.outsiders if is_done else len(self._row.bystanders())
        return RowNow(self._t_ms, self._size_wh, people, bystanders, is_sideways, fits, check)

    def _person(self, place: Place, entry: RowEntry) -> PersonNow:
        memory = self._memories.get(place.key)
        if memory is not None and place.status is not Status.JUDGED and (place.sighting is None or self._t_ms - memory.judged_ms > GAP_MS):
            memory.forget()
        said = SaidNow()
        if memory is not None and place.status is Status.JUDGED:
            said = self._judge(memory, entry.profile)
        sighting = place.sighting
        has_pose = sighting is not None and sighting.landmarks.has_pose
        return PersonNow(
            id=place.id,
            key=place.key,
            entry=entry,
            status=place.status,
            is_small=sighting is not None and sighting.height_px < SMALL_PX,
            box_xyxy=None if sighting is None else sighting.box_xyxy,
            landmarks=sighting.landmarks if sighting is not None and has_pose else None,
            updated_ms=None if sighting is None else sighting.t_ms,
            moments=said.moments,
            advice=said.advice,
            score=said.score,
        )

    def _judge(self, memory: _Memory, profile: Profile) -> SaidNow:
        """The verdicts on somebody, renewed unless they are new."""
        motion = memory.recent.motion() if self._t_ms - memory.judged_ms >= JUDGE_MS else None
        if motion is not None:
            memory.judged_ms = self._t_ms
            known = replace(self._camera.straightened(motion), is_known_body=True)
            memory.said = memory.verdicts.judge(observe(known), self._rule_set, profile)
        return memory.said

    def _grade_recorded(self) -> tuple[RowPerson, ...]:
        recording = self._recording
        if not recording.places:
            recording.places = self._row.places()
            recording.outsiders = recording.record.outsiders(recording.places)
        return grade_row(recording.record, recording.places, self._entries(recording.places), self._rule_set, in_turns=True)
