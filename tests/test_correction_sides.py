"""A fault is told on its own side until it is over: every clause with two sides, one person and row, live and in a clip."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from posecoach.body.observed import Body
from posecoach.body.records import Frame
from posecoach.jobs.row import card_at
from posecoach.judging import checks as checks_module
from posecoach.judging.charts import charts_of
from posecoach.judging.describe import marks_now, scene_at
from posecoach.judging.live import LiveJudge, LiveState, Settings
from posecoach.judging.pipeline import GradeOptions, grade_motion
from posecoach.live.messages import OK, state_json
from posecoach.live.row_messages import RowSetup, RowTold, row_json
from posecoach.measures.measure import Series
from posecoach.reports.group_sheet import first_correction
from posecoach.row.judging import grade_row
from posecoach.row.live import LiveRow, RowNow
from posecoach.row.places import RowEntry, RowPlaces, Sighting
from posecoach.row.record import RowRecord
from posecoach.rulebook.schema import Rule, RuleSet
from posecoach.vocabulary import Reason, State, Text, View
from tests.factories import PX_PER_M, SIZE_WH, STANDING, motion_of, still
from tests.golden import with_face
from tests.shipped import RULE_SETS

SECONDS = 5.2
RELIEF_FROM_MS, RELIEF_MS = 2600.0, 800.0
"""For so long the value is back in the band: the median of a second lets it through, and a fault is held for a second."""
LANDMARKS = with_face(motion_of([STANDING]).landmarks_at(0))
PICTURE = np.zeros((SIZE_WH[1], SIZE_WH[0], 3), np.uint8)


@dataclass(frozen=True)
class Side:
    """A check that fails on one side, with the value that does, one in the middle of the pass band, and the words for this side."""

    rule: Rule
    number: int
    bad: float
    good: float
    words: Text

    @property
    def rule_set(self) -> RuleSet:
        """Nothing but this check, judged from everywhere."""
        views = tuple(view.word for view in View if view is not View.UNKNOWN)
        rule = self.rule.model_copy(update={"checks": (self.rule.checks[self.number].model_copy(update={"views": views}),)})
        whole = next(iter(RULE_SETS.values()))
        return whole.model_copy(update={"topic": "morning_meeting", "postures": ("any",), "rules": (rule,), "groups": ()})

    @property
    def is_held(self) -> bool:
        """Whether the clause goes on failing while the value is back for a moment."""
        return 1000 * self.rule.hold_s > RELIEF_MS


def sides_of(rule: Rule) -> Iterator[Side]:
    for number, check in enumerate(rule.checks):
        bands, words = check.bands_of(rule.profiles[0], has_neutral=False), check.correction or rule.correction
        if words is None or words.below == words.above or check.cap(State.FAIL) is not State.FAIL:
            continue
        low, high = bands.pass_.low, bands.pass_.high
        reach = 1 + sum(abs(end) for end in (low, high, bands.warn.low, bands.warn.high) if np.isfinite(end))
        good = (max(low, -reach) + min(high, reach)) / 2
        if np.isfinite(bands.warn.low):
            yield Side(rule, number, bands.warn.low - reach, good, words.below)
        if np.isfinite(bands.warn.high):
            yield Side(rule, number, bands.warn.high + reach, good, words.above)


SIDES = [side for rule_set in RULE_SETS.values() for rule in rule_set.rules for side in sides_of(rule)]
ROW_SIDES = [side for side in SIDES if side.rule.id in {rule.id for rule in RULE_SETS["morning_meeting"].rules}]


def name_of(side: Side) -> str:
    return f"{side.rule.id}-{side.rule.checks[side.number].measure}-{side.words.en[:24]}"


@pytest.fixture(params=SIDES, ids=name_of)
def side(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Side:
    """The measure of the check is wrong for two seconds, right for a moment, and wrong again."""
    found: Side = request.param

    def take_all(names: tuple[str, ...], body: Body) -> Series:
        is_good = (body.motion.t_ms >= RELIEF_FROM_MS) & (body.motion.t_ms < RELIEF_FROM_MS + RELIEF_MS)
        value = np.tile(np.where(is_good, found.good, found.bad), (len(names), 1))
        return Series(value, np.full(value.shape, Reason.NONE))

    monkeypatch.setattr(checks_module, "take_all", take_all)
    return found


def sighting(t_ms: float) -> Sighting:
    return Sighting(1, t_ms, LANDMARKS, (450.0, 270.0), PX_PER_M)


def times(seconds: float = SECONDS) -> Sequence[float]:
    return np.arange(0.0, 1000 * seconds, 100.0).tolist()


def test_there_are_clauses_with_two_sides_in_each_topic_that_has_any() -> None:
    assert len(SIDES) > 30
    assert {side.rule.id.split(".")[0] for side in SIDES} >= {"stand", "meeting", "sit", "desk"}


def live_states(side: Side) -> list[LiveState]:
    judge = LiveJudge(Settings(side.rule_set, side.rule.profiles[0]))
    states = []
    for i, t_ms in enumerate(times()):
        judge.push(t_ms, LANDMARKS)
        if i % 2:
            state = judge.state(128.0)
            assert state is not None
            states.append(state)
    return [state for state in states if state.moments[0].state is State.FAIL]


def test_live_a_person_is_told_the_side_of_the_fault(side: Side) -> None:
    failing = live_states(side)
    assert failing
    assert any(state.moments[0].value == side.good for state in failing) == side.is_held
    for state in failing:
        told = state_json(state, OK, state.settings, state.t_ms)
        assert told["clauses"][0]["correction"] == {"zh": side.words.zh, "en": side.words.en}
        assert state.advice.praise is not None or (told["correction"]["zh"], told["correction"]["en"]) == (side.words.zh, side.words.en)
        assert [mark.correction for mark in marks_now(state)] == [side.words]


class Alone:
    """One person who stands still."""

    @property
    def waiting(self) -> frozenset[int]:
        return frozenset()

    def estimate(self, frame: Frame, _has_time: Callable[[], bool]) -> Sequence[Sighting]:
        return [sighting(frame.t_ms)]

    def close(self) -> None:
        """Nothing to free."""


def row_states(side: Side) -> list[RowNow]:
    live = LiveRow(Alone(), side.rule_set, lambda: 0.0)
    live.set_roster([RowEntry(None, side.rule.profiles[0])])
    states = [live.feed(Frame(PICTURE, i, t_ms, "camera"), 1.0) for i, t_ms in enumerate(times())]
    return [state for state in states if state.people and state.people[0].state is State.FAIL]


@pytest.mark.parametrize("side", ROW_SIDES, ids=name_of, indirect=True)
def test_live_a_row_is_told_the_side_of_the_fault(side: Side) -> None:
    failing = row_states(side)
    assert failing
    assert any(state.people[0].moments[0].value == side.good for state in failing) == side.is_held
    for state in failing:
        assert [moment.correction for moment in state.people[0].moments] == [side.words]
        told = row_json(RowTold(state, None, OK, True, RowSetup(), side.rule_set))
        assert told["people"][0]["say"] == {"zh": side.words.zh, "en": side.words.en}


def test_pictures_and_report_of_a_clip_tell_the_side_of_the_fault(side: Side) -> None:
    graded = grade_motion(still(STANDING, SECONDS), GradeOptions((side.rule_set,), "morning_meeting", side.rule.profiles[0]))
    marks = [mark for i in range(len(graded.body.motion)) for mark in scene_at(graded, i).marks if mark.state is State.FAIL]
    assert any(mark.value == side.good for mark in marks) == side.is_held
    assert {mark.correction for mark in marks} == {side.words}
    assert graded.person.clauses[0].correction == side.words
    assert {caption.text for caption in charts_of(graded).captions} == {side.words}


@pytest.mark.parametrize("side", ROW_SIDES, ids=name_of, indirect=True)
def test_cards_and_sheet_of_a_row_tell_the_side_of_the_fault(side: Side) -> None:
    row, record = RowPlaces(), RowRecord(SIZE_WH)
    for t_ms in times():
        row.update(t_ms, [sighting(t_ms)])
        record.add(t_ms, row.cleared())
    (person,) = grade_row(record, row.places(), [RowEntry(None, side.rule.profiles[0])], side.rule_set)
    cards = [card_at(person, i) for i in range(len(record))]
    assert {card.text for card in cards if card.state is State.FAIL} == {side.words.zh}
    assert first_correction(person, side.rule_set) == side.words
