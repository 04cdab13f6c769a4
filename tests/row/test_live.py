"""A row judged as it comes in: everybody's state, in turns, with names, and the check of all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from posecoach.body.records import Frame, Landmarks
from posecoach.live.row_messages import notices_of
from posecoach.row.judging import RowPerson
from posecoach.row.live import LiveRow, RowNow
from posecoach.row.places import RowEntry, Sighting, Status
from posecoach.vocabulary import Profile, State
from tests.golden_rows import FOLDER, truth_of, unpack
from tests.shipped import RULE_SETS

RULES = RULE_SETS["morning_meeting"]
FRAMES = unpack(FOLDER / "row8_c.npz")
TRUTH = truth_of("row8_c")
PROFILES = [Profile(person["profile"]) for person in TRUTH]
NAMED = [RowEntry(f"{i}号", profile) for i, profile in enumerate(PROFILES, 1)]
SIZE_WH = FRAMES[0][1][0].landmarks.size_wh
KEYS = [seen.key for seen in sorted(FRAMES[0][1], key=lambda seen: seen.x)]
ALL, FEW = len(KEYS), 3
"""Most of what a row does shows in a short one, in a fraction of the time."""
PICTURE = np.zeros((SIZE_WH[1], SIZE_WH[0], 3), np.uint8)


class Film:
    """Hands out stored sightings of so many people from the left, over and over, a few at a time when there is no time for all."""

    def __init__(self, count: int = FEW, cost_s: float = 0.0) -> None:
        self.now_s = 0.0
        self.cost_s = cost_s
        self.people = KEYS[:count]
        self.absent: set[int] = set()
        self.closed = False
        self._last: dict[int, float] = {}

    def clock(self) -> float:
        return self.now_s

    @property
    def waiting(self) -> frozenset[int]:
        return frozenset()

    def estimate(self, frame: Frame, has_time: Callable[[], bool]) -> Sequence[Sighting]:
        _, seen = FRAMES[frame.index % len(FRAMES)]
        waiting = sorted((s for s in seen if s.key in self.people and s.key not in self.absent), key=lambda s: self._last.get(s.key, -1.0))
        out: list[Sighting] = []
        for sighting in waiting:
            if out and not has_time():
                break
            self.now_s += self.cost_s
            self._last[sighting.key] = frame.t_ms
            out.append(replace(sighting, t_ms=frame.t_ms))
        return out

    def close(self) -> None:
        self.closed = True


class Steps(Film):
    """The third from the left stands a step aside in some frames."""

    def __init__(self, third: range) -> None:
        super().__init__()
        self._key = KEYS[2]
        self._aside = third

    @property
    def waiting(self) -> frozenset[int]:
        return frozenset()

    def estimate(self, frame: Frame, has_time: Callable[[], bool]) -> Sequence[Sighting]:
        found = super().estimate(frame, has_time)
        return [_aside(s) if s.key == self._key and frame.index in self._aside else s for s in found]


def _aside(seen: Sighting) -> Sighting:
    way, old = np.array([0.35 * seen.scale_px_m, 0.0]), seen.landmarks
    landmarks = Landmarks(old.pose_px + way, old.pose_world_m, old.pose_visibility, old.face_px + way, old.size_wh)
    return replace(seen, landmarks=landmarks, head_px=(seen.head_px[0] + way[0], seen.head_px[1]))


def watch(live: LiveRow, seconds: float, since_s: float = 0.0, budget_s: float = 1.0) -> list[RowNow]:
    states = []
    for i in range(round(seconds * 10)):
        index = round(since_s * 10) + i
        states.append(live.feed(Frame(PICTURE, index, 100.0 * index, "camera"), budget_s))
    return states


def row_of(film: Film) -> LiveRow:
    return LiveRow(film, RULES, film.clock)


def checked(state: RowNow) -> tuple[RowPerson, ...]:
    """The people of a check that is done."""
    assert state.check is not None
    assert state.check.result is not None
    return state.check.result


def test_who_comes_by_after_a_check_is_no_part_of_it() -> None:
    film = Film()
    live = row_of(film)
    watch(live, 2.0)
    live.start_check(3.0)
    assert watch(live, 6.5, since_s=2.0)[-1].bystanders == 0
    film.people = KEYS[: FEW + 2]
    later = watch(live, 1.0, since_s=8.5)[-1]
    assert checked(later)
    assert later.bystanders == 0
    live.drop_check()
    assert watch(live, 0.3, since_s=9.5)[-1].bystanders == 2


def test_everybody_is_told_what_to_correct_and_nobody_else_is() -> None:
    live = row_of(Film(ALL))
    live.set_roster(NAMED)
    state = watch(live, 8)[-1]
    assert [person.id for person in state.people] == list(range(1, 9))
    assert [person.entry.name for person in state.people] == [entry.name for entry in NAMED]
    for person, true in zip(state.people, TRUTH, strict=True):
        assert person.status is Status.JUDGED
        said = {m.rule.id.removeprefix("meeting.") for m in person.moments if m.state is State.FAIL}
        if true["fault"] is None:
            assert person.state is State.PASS
            assert person.advice.fault is None
        elif said & set(true["faulty"]):
            assert person.advice.fault is not None


def test_in_turns_everybody_is_updated_within_the_budget() -> None:
    film = Film(ALL, cost_s=0.02)
    live = row_of(film)
    spans, updated = [], dict.fromkeys(range(1, 9), 0.0)
    for index in range(100):
        before = film.now_s
        state = live.feed(Frame(PICTURE, index, 100.0 * index, "camera"), 0.05)
        spans.append(film.now_s - before)
        for person in state.people:
            assert person.updated_ms is not None
            assert state.t_ms - person.updated_ms <= 1000
            updated[person.id] = person.updated_ms
    assert max(spans) <= 0.05 + 2 * film.cost_s
    assert min(updated.values()) > 9000


def test_in_turns_verdicts_come_all_the_same() -> None:
    film = Film(ALL, cost_s=0.02)
    live = row_of(film)
    live.set_roster(NAMED)
    state = watch(live, 10, budget_s=0.05)[-1]
    assert [person.state for person in state.people if TRUTH[person.id - 1]["fault"] is None] == [State.PASS] * 3


def test_an_empty_place_stays_in_the_row_and_its_owner_starts_afresh() -> None:
    film = Film()
    live = row_of(film)
    watch(live, 4)
    keys = [person.key for person in watch(live, 1, 4)[-1].people]
    film.absent = {KEYS[0]}
    state = watch(live, 4, 5)[-1]
    (away,) = [person for person in state.people if person.status is Status.AWAY]
    assert (away.box_xyxy, away.landmarks, away.moments, away.score) == (None, None, (), None)
    film.absent = set()
    back = watch(live, 1, 9)[-1]
    assert [person.key for person in back.people] == keys
    assert back.people[away.id - 1].state is State.UNJUDGED, "one second is not enough to judge"


def test_names_of_a_roster_wait_for_the_right_number_of_people() -> None:
    live = row_of(Film())
    live.set_roster(NAMED[: FEW - 1])
    state = watch(live, 3)[-1]
    assert not state.roster_fits
    assert {person.entry for person in state.people} == {RowEntry()}
    live.set_person(3, RowEntry("李娜", Profile.FEMALE))
    state = watch(live, 1, 3)[-1]
    assert state.people[2].entry.name == "李娜"
    with pytest.raises(KeyError):
        live.set_person(9, RowEntry())


def test_a_check_counts_down_judges_and_keeps_its_result() -> None:
    live = row_of(Film())
    live.set_roster(NAMED[:FEW])
    watch(live, 3)
    live.start_check(5)
    phases = [state.check.phase for state in watch(live, 9, 3) if state.check]
    assert phases == ["countdown"] * phases.count("countdown") + ["judging"] * 50 + ["done"] * phases.count("done")
    people = checked(watch(live, 1, 12)[-1])
    assert [person.result.id for person in people] == list(range(1, FEW + 1))
    right = [person for person, true in zip(people, TRUTH[:FEW], strict=True) if true["fault"] is None]
    assert right
    assert all(person.result.outcome == "meets" for person in right)
    live.drop_check()
    assert watch(live, 0.1, 13)[-1].check is None


def test_the_check_leaves_out_what_the_cards_leave_out() -> None:
    live = row_of(Steps(third=range(70, 80)))
    watch(live, 3)
    live.start_check(6)
    states = watch(live, 10, 3)
    cards = [state.people[2].status for state in states if state.check is not None and state.check.phase == "judging"]
    people = checked(states[-1])
    assert people[2].record.statuses == tuple(cards)
    assert cards.count(Status.MOVING) == 10
    assert cards.count(Status.JUDGED) == 50


def test_a_check_asked_for_before_the_first_frame_waits_for_it() -> None:
    live = row_of(Film())
    live.start_check(3)
    states = watch(live, 8, 30)
    assert states[0].check is not None
    assert states[0].check.phase == "countdown"
    assert [person.status for person in checked(states[-1])] == [Status.JUDGED] * FEW


def test_names_given_after_a_check_are_on_its_result() -> None:
    live = row_of(Film())
    watch(live, 3)
    live.start_check(3)
    people = checked(watch(live, 7, 3)[-1])
    assert [person.entry for person in people] == [RowEntry()] * FEW
    live.set_person(2, RowEntry("李娜", Profile.FEMALE))
    people = checked(watch(live, 0.1, 10)[-1])
    assert [person.entry.name for person in people] == [None, "李娜", None]
    live.set_roster(NAMED[:FEW])
    people = checked(watch(live, 0.1, 10.1)[-1])
    assert [person.entry for person in people] == NAMED[:FEW], "a new roster comes before what was given before"


def test_a_reset_counts_places_anew() -> None:
    live = row_of(Film())
    watch(live, 3)
    live.reset()
    assert watch(live, 0.5, 3)[-1].people == ()
    assert len(watch(live, 2, 3.5)[-1].people) == FEW


def test_closing_frees_the_finder() -> None:
    film = Film()
    row_of(film).close()
    assert film.closed


class Overturned(Film):
    """All hang upside down in the picture."""

    def estimate(self, frame: Frame, has_time: Callable[[], bool]) -> Sequence[Sighting]:
        def turned(seen: Sighting) -> Sighting:
            points = replace(seen.landmarks, pose_px=np.array(SIZE_WH) - seen.landmarks.pose_px)
            return replace(seen, landmarks=points, head_px=(SIZE_WH[0] - seen.head_px[0], SIZE_WH[1] - seen.head_px[1]))

        return [turned(seen) for seen in super().estimate(frame, has_time)]


def test_a_camera_that_hangs_upside_down_is_told_and_nobody_judged() -> None:
    live = row_of(Overturned())
    now = watch(live, 3.0)[-1]
    assert {person.status for person in now.people} == {Status.SIDEWAYS}
    assert next(notice["id"] for notice in notices_of(now, ())) == "sideways"
