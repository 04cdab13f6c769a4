# ruff: noqa: T201
"""What a person's record and a group cost beside the bare SQL, among 10,000 people with 250 checks each.

    python -m tests.bench.bench_records [--people N] [--checks N] [--keep FOLDER]     prints the table and writes docs/benchmarks-records.md

The database is SQLite, as a coach PC has it, filled day by day as in real life, so that a person's checks lie far apart in the file. Bare
SQL is the same question put to `sqlite3` by hand, its rows fetched and no more. All take turns over the same people and groups, and take
turns in who asks first: what lies in memory already helps all alike. All times are processor time of this process, which is the database
too: what else the machine does at the moment does not count.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta, timezone
from itertools import chain
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from posecoach.history.database import FILE, Records
from posecoach.history.tables import utc_now
from posecoach.history.trends import MONTH, lapsed, record_of, shares_of
from posecoach.webapp import create_app
from tests.bench.bench_grade import processor_name
from tests.shipped import RULE_SETS
from tests.webapp.fakes import world

REPORT = Path(__file__).parents[2] / "docs" / "benchmarks-records.md"
TOPICS = ("bow", "sitting", "smile")
IN_A_GROUP = 20
DAYS = 180
ASKED = 60
NEEDED = {"my record": 3.0, "group": 5.0}
Question = Callable[[int], object]

RECORD_SQL = """
select id, topic, done_at, score, outcome, path from checks where person_id = :n order by done_at, id;
select r.check_id, r.clause_id, r.state, r.value, r.unit, r.error_95 from checks c join clause_results r on r.check_id = c.id
where c.person_id = :n and r.state <> 'unjudged' order by c.done_at, c.id, r.clause_id;
select id, code from clauses
"""
GROUP_SQL = """
{period}
from (select r.clause_id, r.state, row_number() over (partition by c.person_id, r.clause_id order by c.done_at desc, c.id desc) as place
      from people p join checks c on c.person_id = p.id join clause_results r on r.check_id = c.id
      where p.group_id = :n and c.done_at >= :start and c.done_at < :middle and r.state <> 'unjudged') l
join clauses k on k.id = l.clause_id where l.place = 1 group by k.id, k.code order by k.id;
{period}
from (select r.clause_id, r.state, row_number() over (partition by c.person_id, r.clause_id order by c.done_at desc, c.id desc) as place
      from people p join checks c on c.person_id = p.id join clause_results r on r.check_id = c.id
      where p.group_id = :n and c.done_at >= :middle and c.done_at < :end and r.state <> 'unjudged') l
join clauses k on k.id = l.clause_id where l.place = 1 group by k.id, k.code order by k.id;
select p.id, p.name, (select max(done_at) from checks c where c.person_id = p.id) from people p where p.group_id = :n order by p.name
""".replace("{period}", "select k.code, sum(l.state = 'pass'), sum(l.state = 'warn'), sum(l.state = 'fail')")


def main() -> None:
    """Fill, measure, print and write."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--checks", type=int, default=250)
    parser.add_argument("--keep", type=Path, help="a folder for the database, used again where it holds one")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = options.keep or Path(folder)
        is_there = (place / FILE).exists()
        with closing(Records.open(place)) as records:
            seconds = None if is_there else filled(records, options.people, options.checks)
            lines = [*told(records, place / FILE, seconds), *measured(records, place / FILE, options.people)]
    report = "\n".join(
        ["# Benchmarks of the records", "", "Written by `make bench-records` (`tests/bench/bench_records.py`).", "", *lines, ""]
    )
    print(report)
    if options.people == parser.get_default("people"):
        REPORT.write_text(report, "utf-8")


# --- filling --------------------------------------------------------------------------------------------------------------------------


def filled(records: Records, people: int, checks: int) -> tuple[float, float]:
    """Put so many people with so many checks each into empty records of SQLite; how many seconds it took, and of processor time."""
    start_s = time.perf_counter(), time.process_time()
    records.close()  # a journal is done without only where nobody else is at the file; the next to open it keeps one again
    with closing(sqlite3.connect(str(records.engine.url.database))) as connection, connection:
        connection.execute("pragma journal_mode = off")  # what is filled only to be measured may be lost
        connection.execute("pragma synchronous = off")
        for table, rows in tables(people, checks).items():
            first = next(rows)
            places = ", ".join("?" * len(first))
            insert = f"insert into {table} ({', '.join(first)}) values ({places})"
            connection.executemany(insert, (tuple(row.values()) for row in chain([first], rows)))
    return time.perf_counter() - start_s[0], time.process_time() - start_s[1]


def tables(people: int, checks: int, now: datetime | None = None) -> dict[str, Iterator[dict[str, Any]]]:
    """The rows of each table: people in groups of `IN_A_GROUP`, each checked so often in the last `DAYS`; the same ones each time."""
    clauses = {code: n for n, code in enumerate(dict.fromkeys(rule.id for topic in TOPICS for rule in RULE_SETS[topic].rules), 1)}
    of_topic = [[clauses[rule.id] for rule in RULE_SETS[topic].rules] for topic in TOPICS]
    end = now or utc_now()
    days = [f"{end - timedelta(days=DAYS * (checks - i) / checks):%Y-%m-%d %H:%M:%S.000000}" for i in range(checks)]
    groups = range(1, (people - 1) // IN_A_GROUP + 2)
    return {
        "groups": ({"id": n, "name": f"窗口 {n:05d}"} for n in groups),
        "people": (
            {"id": n, "name": f"职员 {n:05d}", "group_id": (n - 1) // IN_A_GROUP + 1, "consented_at": days[0], "consent_note": ""}
            for n in range(1, people + 1)
        ),
        "rules": ({"id": n, "file": f"{topic}.yaml", "sha256": "0" * 64} for n, topic in enumerate(TOPICS, 1)),
        "clauses": ({"id": number, "code": code} for code, number in clauses.items()),
        "checks": (_check(i, n, people, days[i]) for i in range(checks) for n in range(1, people + 1)),
        "clause_results": (
            _result(i * people + n, clause) for i in range(checks) for n in range(1, people + 1) for clause in of_topic[i % len(TOPICS)]
        ),
    }


def _check(i: int, n: int, people: int, moment: str) -> dict[str, Any]:
    topic = TOPICS[i % len(TOPICS)]
    told = {"drill": topic, "profile": "female", "rules_id": i % len(TOPICS) + 1, "origin": "live", "seen_key": f"{i:064d}"}
    when = {"done_at": moment, "recorded_at": moment, "score": 60.0 + (i * 13 + n * 7) % 41, "outcome": "improve"}
    return {"id": i * people + n, "person_id": n, "topic": topic, **told, **when}


def _result(check: int, clause: int) -> dict[str, Any]:
    luck = (check * 7919 + clause * 104729 + check // 977) % 101
    state = "fail" if luck < 20 else "warn" if luck < 30 else "unjudged" if luck > 90 else "pass"
    said = ("右肩低了，抬平双肩", "Your right shoulder is low: level both") if luck < 30 else (None, None)
    value = (None, "", None) if state == "unjudged" else (3.0 + luck / 7, "deg", 1.5)
    return {
        "check_id": check, "clause_id": clause, "state": state, "reason": "view" if state == "unjudged" else None,
        "value": value[0], "unit": value[1], "error_95": value[2], "correction_zh": said[0], "correction_en": said[1],
    }  # fmt: skip


# --- measuring ------------------------------------------------------------------------------------------------------------------------


def told(records: Records, file: Path, seconds: tuple[float, float] | None) -> list[str]:
    """What there is."""
    with records.reading() as session:
        counts = {
            name: session.connection().exec_driver_sql(f"select count(*) from {name}").scalar()
            for name in ("people", "checks", "clause_results")
        }
    took = f", filled in {seconds[0]:.0f} s ({seconds[1]:.0f} s of processor time)" if seconds else ""
    size = f"{file.stat().st_size / 1e9:.1f} GB"
    return [f"{counts['people']:,} people, {counts['checks']:,} checks, {counts['clause_results']:,} verdicts, {size}{took}.", ""]


def measured(records: Records, file: Path, people: int) -> list[str]:
    """The table of times."""
    now = utc_now()
    middle, start = now - MONTH, now - 6 * MONTH
    groups = (people - 1) // IN_A_GROUP + 1

    def record(number: int) -> object:
        with records.reading() as session:
            return record_of(session, number)

    def group(number: int) -> object:
        with records.reading() as session:
            return shares_of(session, number, start, middle), shares_of(session, number, middle, now), lapsed(session, number, middle)

    with (
        closing(sqlite3.connect(file)) as bare,
        tempfile.TemporaryDirectory() as folder,
        world(Path(folder), has_camera=False, open_records=lambda: records) as running,
    ):
        client = create_app(running.services).test_client()
        times = {"start": f"{start:%Y-%m-%d %H:%M:%S.%f}", "middle": f"{middle:%Y-%m-%d %H:%M:%S.%f}", "end": f"{now:%Y-%m-%d %H:%M:%S.%f}"}
        rows = [
            _row("my record", people, _bare(bare, RECORD_SQL, {}), record, lambda n: _page(client, f"/records/person/{n}")),
            _row("group", groups, _bare(bare, GROUP_SQL, times), group, lambda n: _page(client, f"/records/group/{n}")),
        ]
    head = [
        "| | bare SQL, ms | answered, ms | times | at most | as a page, ms | times |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    return [*head, *rows, "", f"Medians of {ASKED}. {processor_name()}, {datetime.now(tz=timezone.utc):%Y-%m-%d}."]


def _page(client: FlaskClient, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.data


def _bare(connection: sqlite3.Connection, sql: str, more: dict[str, str]) -> Question:
    return lambda number: [connection.execute(one, {"n": number, **more}).fetchall() for one in sql.split(";")]


def _row(name: str, count: int, *ways: Question) -> str:
    """The ways take turns over people or groups that lie far apart; of each the median time."""
    spent: list[list[float]] = [[] for _ in ways]
    for i in range(ASKED):
        number = i * 7919 % count + 1
        for k in range(len(ways)):
            way = (i + k) % len(ways)
            start_s = time.process_time()
            ways[way](number)
            spent[way].append(1000 * (time.process_time() - start_s))
    bare, answered, page = (statistics.median(times) for times in spent)
    return f"| {name} | {bare:.1f} | {answered:.1f} | **{answered / bare:.1f}** | {NEEDED[name]:.0f} | {page:.1f} | {page / bare:.1f} |"


if __name__ == "__main__":
    main()
