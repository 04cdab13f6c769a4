"""What real models saw of rendered rows: everybody once, the same number throughout, each fault with the one who has it."""

from __future__ import annotations

from functools import cache

import pytest

from posecoach.row.judging import RowPerson, grade_row
from posecoach.row.places import RowEntry, RowPlaces, Status
from posecoach.row.record import RowRecord
from posecoach.vocabulary import Profile, State
from tests.golden_rows import FOLDER, truth_of, unpack
from tests.shipped import RULE_SETS

RULES = RULE_SETS["morning_meeting"]
ROWS = sorted(path.stem for path in FOLDER.glob("*.npz"))


@cache
def watched(name: str) -> tuple[RowPlaces, RowRecord, list[dict[int, int]]]:
    """The row after the clip, its record, and at every frame which place each number was."""
    frames = unpack(FOLDER / f"{name}.npz")
    row, record, numbers = RowPlaces(), RowRecord(frames[0][1][0].landmarks.size_wh), []
    for t_ms, seen in frames:
        row.update(t_ms, seen)
        record.add(t_ms, row.cleared())
        numbers.append({place.id: place.key for place in row.places()})
    row.finish()
    return row, record, numbers


def judged(name: str, profiles: list[Profile]) -> tuple[RowPerson, ...]:
    row, record, _ = watched(name)
    return grade_row(record, row.places(), [RowEntry(None, profile) for profile in profiles], RULES)


@pytest.mark.parametrize("name", ROWS)
def test_everybody_has_one_place_from_left_to_right(name: str) -> None:
    row, _, numbers = watched(name)
    places, truth = row.places(), truth_of(name)
    assert [place.x for place in places] == pytest.approx([person["x_px"] for person in truth], abs=90)
    settled = [now for now in numbers if len(now) == len(truth)]
    assert settled[0] == settled[-1]
    assert all(now == settled[0] for now in settled)
    assert numbers.index(settled[0]) <= 26, "who is cut by the edge is found a second later than the others"


def test_who_leaves_and_comes_back_has_the_number_again() -> None:
    row, record, _ = watched("row5_leave_end")
    person = record.of(row.places()[4])
    assert len(person.place.stays) == 2
    assert Status.AWAY in person.statuses
    assert person.statuses[0] is not Status.AWAY
    assert person.statuses[-1] is not Status.AWAY


def test_a_passer_by_is_told_of_and_judged_by_nobody() -> None:
    row, record, _ = watched("row4_passer")
    assert len(row.places()) == 4
    assert record.outsiders(row.places()) >= 1


def test_who_is_cut_by_the_edge_is_not_judged() -> None:
    people = judged("row5_hidden", [Profile.UNSPECIFIED] * 5)
    assert people[4].status is Status.EDGE
    assert {clause.state for clause in people[4].result.clauses} == {State.UNJUDGED}
    assert people[4].result.score is None


def test_each_fault_is_given_to_the_one_who_has_it_and_nothing_else_fails() -> None:
    truth = truth_of("row8_c")
    people = judged("row8_c", [Profile(person["profile"]) for person in truth])
    false_fails, clauses = [], 0
    for person, true in zip(people, truth, strict=True):
        states = {clause.id.removeprefix("meeting."): clause.state for clause in person.result.clauses}
        found = [clause for clause in true["faulty"] if states.get(clause) in (State.WARN, State.FAIL)]
        assert bool(found) == bool(true["fault"]), f"{true['character']}: {true['fault']}"
        allowed = {*true["faulty"], *true["tolerated"]}
        false_fails += [(true["character"], clause) for clause, state in states.items() if state is State.FAIL and clause not in allowed]
        clauses += sum(state is not State.UNJUDGED for state in states.values())
    assert clauses >= 60
    assert len(false_fails) <= 1, false_fails  # one man's arms behind his back look like hands on the hips to the measure
