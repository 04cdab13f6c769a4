"""What is asked for one person or one group is found by an index, and not by going through everybody's checks."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from posecoach.history.audit import audit_of
from posecoach.history.checks import check_of
from posecoach.history.database import Records
from posecoach.history.opinions import raters_of
from posecoach.history.people import find_person, names, page_of, people, person_of
from posecoach.history.recording import record
from posecoach.history.rules import versions
from posecoach.history.trends import lapsed, record_of, shares_of
from tests.history.test_records import MONDAY, agreed, check

LARGE = r"(checks|clause_results|people|audit|opinions|comments)"
QUESTIONS: dict[str, Callable[[Session], object]] = {
    "a record": lambda session: record_of(session, 1),
    "its raters": lambda session: raters_of(session, 1),
    "its audit": lambda session: audit_of(session, 1),
    "a person": lambda session: person_of(session, 1),
    "a check": lambda session: check_of(session, 1),
    "a name": lambda session: find_person(session, "李娜"),
    "everybody's names": names,
    "a group's people": lambda session: people(session, group_id=1),
    "a group's clauses": lambda session: shares_of(session, 1, MONDAY, MONDAY),
    "who was not checked": lambda session: lapsed(session, 1, MONDAY),
}


def plans(records: Records, ask: Callable[[Session], object]) -> list[str]:
    """How the database goes about each query of a question, a line a step."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    event.listen(records.engine, "before_cursor_execute", note)
    with records.reading() as session:
        ask(session)
    event.remove(records.engine, "before_cursor_execute", note)
    explain = "explain query plan" if records.is_sqlite else "explain"
    found = []
    with records.engine.connect() as connection:
        if not records.is_sqlite:
            connection.exec_driver_sql("set enable_seqscan = off")  # of a small table all are read at once, whatever indexes there are
        for statement, parameters in asked:
            if statement.lower().startswith("select"):
                found += [str(row[-1]) for row in connection.exec_driver_sql(f"{explain} {statement}", parameters)]
    return found


def gone_through(steps: list[str]) -> list[str]:
    """Steps that read a whole table."""
    return [step for step in steps if re.search(rf"^SCAN {LARGE}\b(?!.* USING)|Seq Scan on {LARGE}\b", step)]


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_question_goes_through_everybody(records: Records, question: str) -> None:
    agreed(records)
    record(records, check(), "grade")
    steps = plans(records, QUESTIONS[question])
    assert steps
    assert gone_through(steps) == []
    assert not [step for step in steps if re.search(rf"^SCAN {LARGE}\b", step)]


@pytest.mark.parametrize("asked", ["", "娜"])
def test_a_page_of_people_is_found_in_an_index_alone_and_counts_the_checks_of_those_on_it(records: Records, asked: str) -> None:
    agreed(records)
    record(records, check(), "grade")
    steps = plans(records, lambda session: page_of(session, asked=asked))
    assert steps
    assert gone_through(steps) == []
    assert not [step for step in steps if re.search(r"^SCAN checks\b|^SCAN people\b(?!.* COVERING INDEX)", step)]


def test_the_rules_versions_are_counted_in_an_index_alone(records: Records) -> None:
    steps = plans(records, versions)
    assert gone_through(steps) == []
    assert [step for step in steps if "ix_checks_rules_id_done_at" in step]


def test_a_query_without_an_index_is_noticed(records: Records) -> None:
    """The proof that this looks at anything: nobody asks for everybody with a note on the consent."""
    from sqlalchemy import text

    assert gone_through(plans(records, lambda session: session.execute(text("select id from people where consent_note = ''"))))
