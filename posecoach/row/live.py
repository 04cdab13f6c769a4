"""Judges a whole row as frames come in: everybody in turn within the time there is. No IO; the clock is passed in.

One object, fed frame by frame from one thread. What it returns can be handed to any other: states are never changed afterwards.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from posecoach.body.motion import Motion
from posecoach.body.posture import observe
from posecoach.body.records import Frame, Landmarks, Track
from posecoach.judging.coach import Advice, Coach, Fault
from posecoach.judging.judge import Moment, judge_moment
from posecoach.judging.outcomes import score
from posecoach.judging.results import ClauseVerdict
from posecoach.row.camera import RowCamera
from posecoach.row.judging import RowPerson, entries_for, grade_row
from posecoach.row.places import SMALL_PX, Place, Row, RowEntry, Sighting, Status
from posecoach.row.record import RowRecord
from posecoach.rulebook.schema import RuleSet
from posecoach.vocabulary import Profile, State

WINDOW_MS = 6000.0
"""The past a verdict of the moment rests on."""
JUDGE_MS = 450.0
"""Nobody is judged more often than this; their landmarks are renewed as often as there is time."""
CAMERA_MS = 2000.0
GAP_MS = 1500.0
"""After not having been seen for so long at their place somebody starts afresh."""
COUNTDOWN_MS = 3000.0


class RowFinder(Protocol):
    """Finds everybody in a frame, at least one and then as many as ``has_time`` allows (`estimators.row.RowEstimator`)."""

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
        """Fail with a correction to make, pass when something is judged and nothing fails, else unjudged."""
        states = {moment.state for moment in self.moments}
        if State.FAIL in states:
            return State.FAIL
        return State.PASS if states & {State.PASS, State.WARN} else State.UNJUDGED


@dataclass(frozen=True, slots=True, eq=False)
class RowCheck:
    """A check of the whole row, under way or done: ``phase`` countdown, judging or done; ``people`` when done."""

    phase: str
    left_s: float
    people: tuple[RowPerson, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class RowNow:
    """The row at a frame, from left to right as the camera sees it.

    ``roster_fits``: False while the roster has more or fewer people than the row; then nobody has a name from it.
    """

    t_ms: float
    size_wh: tuple[int, int]
    people: tuple[PersonNow, ...]
    bystanders: int
    roster_fits: bool
    check: RowCheck | None


@dataclass(eq=False)
class _Memory:
    """What is remembered of the one at a place."""

    recent: deque[Motion] = field(default_factory=deque)
    coach: Coach = field(default_factory=Coach)
    judged_ms: float = -np.inf
    moments: tuple[Moment, ...] = ()
    advice: Advice = field(default_factory=Advice)

    def push(self, sighting: Sighting) -> None:
        """Add the landmarks of a frame; after a gap or with another size of picture everything starts afresh."""
        landmarks, t_ms = sighting.landmarks, sighting.t_ms
        last = self.recent[-1] if self.recent else None
        if last is not None and t_ms <= last.t_ms[-1]:
            return
        if last is not None and (t_ms - last.t_ms[-1] > GAP_MS or last.size_wh != landmarks.size_wh):
            self.forget()
        self.recent.append(Motion.of(Track.from_landmarks([t_ms], [landmarks], landmarks.size_wh)))
        while self.recent[0].t_ms[0] < t_ms - WINDOW_MS:
            self.recent.popleft()

    def forget(self) -> None:
        self.recent.clear()
        self.coach.reset()
        self.moments, self.advice, self.judged_ms = (), Advice(), -np.inf


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


@dataclass
class _Check:
    starts_ms: float
    ends_ms: float
    record: RowRecord
    places: tuple[Place, ...] = ()
    people: tuple[RowPerson, ...] | None = None


class LiveRow:
    """Finds, follows and judges a row. ``rule_set``: the morning-meeting rules; ``clock``: seconds that never run backwards."""

    def __init__(self, finder: RowFinder, rule_set: RuleSet, clock: Callable[[], float]) -> None:
        self._finder = finder
        self._rule_set = rule_set
        self._clock = clock
        self._roster: tuple[RowEntry, ...] = ()
        self._check: _Check | None = None
        self._waiting_s: float | None = None
        self.reset()

    def reset(self) -> None:
        """Forget the row: places are counted anew. Roster and rules stay."""
        self._row = Row()
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
            starts_ms = self._t_ms + COUNTDOWN_MS
            self._check = _Check(starts_ms, starts_ms + 1000 * self._waiting_s, RowRecord(self._size_wh))
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
        self._row.update(frame.t_ms, sightings)
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
        check = self._check
        if check is not None and check.starts_ms <= t_ms < check.ends_ms:
            check.record.add(t_ms, self._row.cleared())

    def _judge_again(self) -> None:
        if self._check is not None:
            self._check.people = None

    def _learn_camera(self) -> None:
        if self._t_ms - self._camera_ms < CAMERA_MS:
            return
        self._camera_ms = self._t_ms
        self._camera = RowCamera.of([Motion.join(list(m.recent)) for m in self._memories.values() if m.recent])

    def _entries(self, places: Sequence[Place]) -> tuple[RowEntry, ...]:
        from_roster = entries_for(self._roster, len(places))
        return tuple(self._named.get(place.key, entry) for place, entry in zip(places, from_roster, strict=True))

    def _now(self, places: Sequence[Place]) -> RowNow:
        entries = self._entries(places)
        people = tuple(self._person(place, entry) for place, entry in zip(places, entries, strict=True))
        fits = not self._roster or len(self._roster) == len(places)
        return RowNow(self._t_ms, self._size_wh, people, len(self._row.bystanders()), fits, self._check_now(places))

    def _person(self, place: Place, entry: RowEntry) -> PersonNow:
        memory = self._memories.get(place.key)
        if memory is not None and place.status is not Status.JUDGED and (place.sighting is None or self._t_ms - memory.judged_ms > GAP_MS):
            memory.forget()
        is_judged = memory is not None and place.status is Status.JUDGED
        if memory is not None and is_judged:
            self._judge(memory, entry.profile)
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
            moments=memory.moments if memory is not None and is_judged else (),
            advice=memory.advice if memory is not None and is_judged else Advice(),
            score=_score_of(memory.moments, self._rule_set) if memory is not None and is_judged else None,
        )

    def _judge(self, memory: _Memory, profile: Profile) -> None:
        """Renew the verdicts of somebody, unless they are new."""
        if not memory.recent or self._t_ms - memory.judged_ms < JUDGE_MS:
            return
        memory.judged_ms = self._t_ms
        body = observe(self._camera.straightened(Motion.join(list(memory.recent))))
        memory.moments = judge_moment(body, self._rule_set, profile)
        met = {m.rule.id: m.rule.praise for m in memory.moments if m.state in (State.PASS, State.WARN)}
        memory.advice = memory.coach.update(self._t_ms, _faults(memory.moments), met)

    def _check_now(self, places: Sequence[Place]) -> RowCheck | None:
        check = self._check
        if check is None:
            return None
        if self._t_ms < check.starts_ms:
            return RowCheck("countdown", (check.starts_ms - self._t_ms) / 1000)
        if self._t_ms < check.ends_ms:
            return RowCheck("judging", (check.ends_ms - self._t_ms) / 1000)
        if check.people is None:
            check.places = check.places or tuple(places)
            check.people = grade_row(check.record, check.places, self._entries(check.places), self._rule_set, in_turns=True)
        return RowCheck("done", 0.0, check.people)


def _faults(moments: Sequence[Moment]) -> list[Fault]:
    return [Fault(m.rule.id, m.rule.priority, m.correction) for m in moments if m.correction is not None]


def _score_of(moments: Sequence[Moment], rule_set: RuleSet) -> float | None:
    verdicts = [ClauseVerdict(m.rule.id, m.state, m.reason, m.value, "", 0.0, None, None, None, "") for m in moments]
    return score(verdicts, (rule_set,))
