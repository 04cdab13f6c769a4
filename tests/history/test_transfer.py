"""People and checks as tables: handed over in each format, and taken in again elsewhere."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from posecoach.errors import PosecoachError
from posecoach.history.database import Records
from posecoach.history.exports import all_of
from posecoach.history.people import people
from posecoach.history.recording import record
from posecoach.history.rules import versions
from posecoach.history.transfer import check_rows, people_rows, take_in_checks, take_in_people
from posecoach.storage.record_files import CHECKS, KINDS, PEOPLE, dump_table, kind_of, read_records
from posecoach.storage.tables import Bounds, RosterError
from posecoach.vocabulary import State, Text
from tests.history.test_records import MONDAY, agreed, check
from tests.reports.fakes import clause

SAID = (
    clause("stand.shoulders_level", State.FAIL, 8.25, said=Text("=右肩低了", "Level your shoulders")),
    clause("stand.toes_v", State.UNJUDGED),
)


@pytest.fixture
def full(records: Records) -> Records:
    """Two people of one name in two groups, one of whom was checked twice."""
    agreed(records, "李娜", "一组"), agreed(records, "李娜", "二组")
    record(records, check(group="二组", clauses=SAID), "grade")
    record(records, check(group="二组", seen_key="n", path=None, score=None, done_at=MONDAY + timedelta(days=1)), "live")
    return records


def taken_in(records: Records, data: bytes) -> Any:
    columns, rows = read_records(data, "table")
    if columns is CHECKS:
        return take_in_checks(records, rows, "table")
    with records.writing() as session:
        return take_in_people(session, rows, "table", who="admin")


def tables(records: Records, kind: str) -> list[bytes]:
    with records.writing() as session:
        return [
            dump_table(kind, PEOPLE, people_rows(session, who="admin")),
            dump_table(kind, CHECKS, check_rows(session, who="admin")),
        ]


@pytest.mark.parametrize("kind", KINDS)
def test_people_and_checks_come_back_in_each_format(full: Records, tmp_path: Path, kind: str) -> None:
    staff, checks = tables(full, kind)
    other = Records.open(tmp_path, str(tmp_path / f"{kind}.db"))
    assert taken_in(other, checks).without_consent == ("李娜",)
    assert [taken_in(other, staff), taken_in(other, staff)] == [2, 0]
    assert [taken_in(other, checks).new, taken_in(other, checks).known] == [2, 2]
    with full.writing() as ours, other.writing() as theirs:
        first, second = (all_of(session, 2, who="x") for session in (ours, theirs))
        assert [item.consented_at.astimezone().date() for item in people(theirs)] == [
            item.consented_at.astimezone().date() for item in people(ours)
        ]
    for one, two in zip(first["checks"], second["checks"], strict=True):
        assert one | {"recorded_at": ""} == two | {"recorded_at": ""}
    assert [entry["action"] for entry in first["audit"]] == ["consent", "export", "export"]
    other.close()


def workbook(rows: Sequence[Sequence[Any]]) -> bytes:
    room = io.BytesIO()
    with xlsxwriter.Workbook(room) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate(rows):
            sheet.write_row(line, 0, row)
    return room.getvalue()


def test_an_offices_own_list_is_taken_in(records: Records) -> None:
    """Days as Excel counts them, yes instead of a day, and its own columns beside."""
    rows: list[list[Any]] = [
        ["2026 年窗口人员"],
        ["序号", "姓名", "部门", "本人同意", "凭据"],
        [1, "李娜", "一组", 46354, "签字表"],
        [2, "王强", "", "是", ""],
    ]
    assert taken_in(records, workbook(rows)) == 2
    with records.reading() as session:
        found = {item.name: item for item in people(session)}
    assert f"{found['李娜'].consented_at.astimezone():%Y-%m-%d}" == "2026-11-28"
    assert (found["李娜"].group, found["王强"].group) == ("一组", "")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("姓名,同意日期\n李娜,2026-11-28\n王强,否\n", "table:3: 同意日期: expected the day"),
        ("姓名,同意日期\n李娜,\n", "table:2: 同意日期: expected the day"),
        ("姓名\n李娜\n", "no column 'consent'"),
        (
            "name,topic,done_at,clause,state\n李娜,standing,2026-11-02,stand.head_up,good\n",
            "table:2: state: cannot make anything of 'good'",
        ),
        ("name,topic,done_at,clause,state\n,standing,2026-11-02,stand.head_up,pass\n", "table:2: name: expected something"),
        ("name,topic,done_at,clause,state\n李娜,standing,gestern,stand.head_up,pass\n", "table:2: done_at"),
        ("name,topic,done_at,clause,state,score\n李娜,standing,2026-11-02,stand.head_up,pass,nan\n", "table:2: score"),
        ("name,topic,done_at,clause,state,outcome\n李娜,standing,2026-11-02,stand.head_up,pass,best\n", "table:2: outcome"),
        ('{"schema": "other"}', "no table of records"),
        ('{"schema": "posecoach.records.table/1", "rows": [1]}', "no table of records"),
    ],
)
def test_a_wrong_table_is_told_and_nothing_of_it_is_kept(records: Records, content: str, said: str) -> None:
    agreed(records)
    with pytest.raises(RosterError) as raised:
        taken_in(records, content.encode())
    assert said in raised.value.words.en
    with records.reading() as session:
        assert [(item.name, item.checks) for item in people(session)] == [("李娜", 0)]


def test_a_table_has_bounds() -> None:
    with pytest.raises(RosterError, match="2 rows at most"):
        read_records("姓名,同意\n".encode() + "李娜,是\n".encode() * 3, "table", Bounds(1000, 2))
    with pytest.raises(PosecoachError, match=r"\.xlsx"):
        kind_of(Path("people.pdf"))


def test_which_rules_judged_which_checks(full: Records) -> None:
    agreed(full, "王强")
    record(full, check("王强", rules_sha256="b" * 64, seen_key="b", done_at=MONDAY + timedelta(days=9)), "grade")
    with full.reading() as session:
        found = [
            (item.file, item.sha256[0], item.checks, (item.first_at - MONDAY).days, (item.last_at - MONDAY).days)
            for item in versions(session)
        ]
    assert found == [("standing.yaml", "b", 1, 9, 9), ("standing.yaml", "a", 2, 0, 1)]
