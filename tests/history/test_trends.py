"""What is said over time of one person, and of a group before and after a training."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest

from posecoach.history.database import Records
from posecoach.history.recording import record
from posecoach.history.trends import Done, PersonRecord, compared, groups, lapsed, record_of, shares_of
from posecoach.judging.shares import Share
from posecoach.vocabulary import State
from tests.history.test_records import MONDAY, agreed, check
from tests.reports.fakes import clause

DAY = timedelta(days=1)


def judged(records: Records, name: str, day: int, **said: State) -> None:
    """A check of somebody of the first group, so many days after the first; clauses of standing by the end of their ids."""
    clauses = tuple(clause(f"stand.{code}", state, 4.0) for code, state in said.items())
    record(records, check(name, "一组", seen_key=f"{name}{day}", done_at=MONDAY + day * DAY, clauses=clauses), "grade")


def test_a_record_has_each_clause_over_time(records: Records) -> None:
    number = agreed(records, "李娜", "一组")
    judged(records, "李娜", 9, head_up=State.PASS, centred=State.WARN)
    judged(records, "李娜", 0, head_up=State.FAIL, centred=State.WARN, toes_v=State.UNJUDGED)
    judged(records, "李娜", 8, centred=State.WARN, toes_v=State.FAIL)
    with records.reading() as session:
        mine = record_of(session, number)
    assert [point.state for point in mine.clauses["stand.head_up"]] == [State.FAIL, State.PASS]
    assert [(point.value, point.unit) for point in mine.clauses["stand.toes_v"]] == [(4.0, "deg")]
    assert mine.to_practise() == ("stand.toes_v", "stand.centred")
    assert (mine.topics, mine.streak) == (("standing",), 2)


@pytest.fixture
def in_china(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The clock of this machine is that of China: UTC+8."""
    if not hasattr(time, "tzset"):
        pytest.skip("the clock cannot be set here")
    with monkeypatch.context() as changed:
        changed.setenv("TZ", "CST-8")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("in_china")
def test_days_are_those_of_the_clock_on_the_wall() -> None:
    """Before and after eight in the morning are two days in UTC."""
    moments = [datetime(2026, 11, 2, 23, 30, tzinfo=timezone.utc), datetime(2026, 11, 3, 1, 0, tzinfo=timezone.utc)]
    done = tuple(Done(i, "standing", at, 90.0, "meets", None) for i, at in enumerate(moments))
    assert PersonRecord(done, {}).streak == 1


def test_nobody_has_an_empty_record(records: Records) -> None:
    with records.reading() as session:
        mine = record_of(session, 1)
    assert (mine.checks, mine.streak, mine.to_practise()) == ((), 0, ())


def test_a_group_counts_everybody_once_by_the_last_verdict(records: Records) -> None:
    for name in ("甲", "乙", "丙"):
        agreed(records, name, "一组")
    judged(records, "甲", 0, head_up=State.FAIL)
    judged(records, "甲", 3, head_up=State.PASS)
    judged(records, "乙", 1, head_up=State.WARN)
    judged(records, "丙", 40, head_up=State.PASS)
    with records.reading() as session:
        ((group_id, name),) = groups(session)
        (early,) = shares_of(session, group_id, MONDAY, MONDAY + 30 * DAY)
        (late,) = shares_of(session, group_id, MONDAY + 30 * DAY, MONDAY + 60 * DAY)
        assert [item.name for item in lapsed(session, group_id, MONDAY + 30 * DAY)] == ["乙", "甲"]
    assert (name, early.passed, early.warned, early.failed) == ("一组", 1, 1, 0)
    (change,) = compared([early], [late])
    assert (change.before, change.after) == (Share(1, 2), Share(1, 1))
