"""Records: who agreed, what is kept of them, what others see, and what is left when it is gone."""

from __future__ import annotations

import os
import sqlite3
import stat
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Table, select, text

from posecoach.history import backup
from posecoach.history.database import FILE, Records, RecordsError, revision_of
from posecoach.history.exports import all_of
from posecoach.history.people import ON_A_PAGE, add_person, find_person, names, page_of, people
from posecoach.history.recording import NewCheck, checks_of, key_without_content, record
from posecoach.history.sight import Sight
from posecoach.history.tables import AuditRow, Base
from posecoach.history.upkeep import RETENTION_DAYS, back_up, forget, keep_for, purge, restore, stock
from posecoach.judging.results import Results, RuleFileUsed, Seen, TopicResult
from posecoach.storage.calibrations import state_folder
from posecoach.vocabulary import State
from tests.reports.fakes import clause, clip, person
from tests.shipped import ALL_RULES

MONDAY = datetime(2026, 11, 2, 8, 0, tzinfo=timezone.utc)


def check(name: str = "李娜", group: str | None = None, **changes: object) -> NewCheck:
    """What the grading of one clip says of somebody."""
    verdicts = (clause("stand.shoulders_level", State.FAIL), clause("stand.head_up", State.PASS, 3.0))
    made = NewCheck(
        name, group, "standing", "auto", "female", "standing.yaml", "a" * 64, "a.mp4", "k" * 64, MONDAY, 50.0, "improve", verdicts
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def agreed(records: Records, name: str = "李娜", group: str = "") -> int:
    with records.writing() as session:
        return add_person(session, name, group, note="签字表 3", who="trainer")


def exported(records: Records, person_id: int) -> dict[str, Any]:
    with records.writing() as session:
        return all_of(session, person_id, who="trainer")


def test_nobody_is_remembered_without_having_agreed(records: Records) -> None:
    said = record(records, check("王强"), "grade")
    assert (said.new, said.without_consent) == (0, ("王强",))
    assert stock(records, MONDAY).checks == 0


def test_who_agreed_in_another_group_is_told_apart_from_who_did_not_agree(records: Records) -> None:
    agreed(records, "张敏")
    said = record(records, check("张敏", "窗口一组"), "grade") + record(records, check("王强", "窗口一组"), "grade")
    assert (said.new, said.other_group, said.without_consent) == (0, ("张敏",), ("王强",))


def test_people_are_told_a_page_at_a_time_and_found_by_name_and_group(records: Records) -> None:
    with records.writing() as session:
        for i in range(ON_A_PAGE + 10):
            add_person(session, f"职员 {i:03d}", "一组" if i % 2 else "二_组", who="trainer")
        add_person(session, "Li 100%", "", who="trainer")
    record(records, check("职员 001", "一组"), "grade")
    with records.reading() as session:
        everybody = [person.id for person in people(session)]
        pages = [page_of(session, number=number) for number in (0, 1, 2, 99)]
        assert [(page.number, page.pages, page.count) for page in pages] == [(n, 2, ON_A_PAGE + 11) for n in (1, 1, 2, 2)]
        assert [person.id for page in pages[1:3] for person in page.people] == everybody == [person.id for person in names(session)]
        found = {asked: page_of(session, asked=asked) for asked in ("001 一", "li", "%", "_", "0%1", "李", " ")}
        assert {asked: page.count for asked, page in found.items()} == {"001 一": 1, "li": 1, "%": 1, "_": 30, "0%1": 0, "李": 0, " ": 61}
        assert [(person.name, person.group, person.checks) for person in found["001 一"].people] == [("职员 001", "一组", 1)]
        own = Sight(groups=frozenset({2}))
        assert {person.group for person in page_of(session, own).people} == {person.group for person in names(session, own)} == {"一组"}
        assert page_of(session, own, asked="二").count == 0


def test_a_check_is_kept_with_its_numbers(records: Records) -> None:
    number = agreed(records)
    assert record(records, check(), "grade").new == 1
    (kept,) = exported(records, number)["checks"]
    assert kept["clauses"][0] == {
        "id": "stand.shoulders_level", "state": "fail", "reason": None, "value": 8.1, "error_95": None, "unit": "deg",
        "correction": None,
    }  # fmt: skip
    assert (kept["score"], kept["outcome"], kept["done_at"]) == (50.0, "improve", MONDAY.isoformat())


def test_the_same_clip_counts_once(records: Records) -> None:
    agreed(records)
    assert [record(records, check(), "grade").new, record(records, check(path="renamed.mp4"), "import").known] == [1, 1]
    assert stock(records, MONDAY).checks == 1


def test_other_rules_judge_the_same_clip_anew(records: Records) -> None:
    number = agreed(records)
    record(records, check(), "grade")
    again = check(rules_sha256="b" * 64, clauses=(clause("stand.head_up", State.WARN, 12.0),), score=75.0)
    assert record(records, again, "grade").judged_anew == 1
    (kept,) = exported(records, number)["checks"]
    assert [(row["id"], row["state"]) for row in kept["clauses"]] == [("stand.head_up", "warn")]


def test_people_of_one_name_are_told_apart_by_their_group(records: Records) -> None:
    one, other = agreed(records, group="一组"), agreed(records, group="二组")
    record(records, check(group="二组"), "grade")
    with records.reading() as session:
        assert {item.id: item.checks for item in people(session)} == {one: 0, other: 1}
        with pytest.raises(RecordsError, match="groups: 一组、二组"):
            find_person(session, "李娜")
    with pytest.raises(RecordsError, match="already"):
        agreed(records, group="一组")


def test_a_name_is_found_as_it_was_taken_in(records: Records) -> None:
    number = agreed(records, " Li  Na ", "组  一")
    with records.reading() as session:
        assert {find_person(session, name, group) for name in ("Li Na", "Li  Na", " Li\tNa") for group in ("组 一", "组  一")} == {number}


def test_a_name_is_a_name(records: Records) -> None:
    for name in ("", "  ", "名" * 201, "a\x00b", "a\ud800"):
        with pytest.raises(RecordsError, match="expected a name"):
            agreed(records, name)


def test_who_is_forgotten_leaves_nothing_but_a_number(records: Records, tmp_path: Path) -> None:
    number = agreed(records)
    record(records, check(), "grade")
    assert forget(records, number, who="李娜") == 1
    assert (stock(records, MONDAY).people, stock(records, MONDAY).results) == (0, 0)
    assert "李娜" not in backup_text(back_up(records, tmp_path / "after.zip")).replace('"who": "李娜"', "")
    with records.reading() as session:
        assert [(row.action, row.person_id) for row in session.scalars(select(AuditRow))] == [("consent", number), ("forget", number)]
    assert agreed(records) != number


def test_what_is_deleted_cannot_be_read_in_the_file(tmp_path: Path) -> None:
    records = Records.open(tmp_path)
    agreed(records, "欧阳德华")
    record(records, check("欧阳德华", path="欧阳德华.mp4"), "grade")
    keep = datetime.now(timezone.utc)
    with records.writing() as session:
        keep_for(session, 1, who="admin")
    purge(records, keep, who="admin")
    records.close()
    assert "欧阳德华.mp4".encode() not in (tmp_path / FILE).read_bytes()


def test_checks_end_when_they_were_kept_long_enough(records: Records) -> None:
    agreed(records)
    record(records, check(), "grade")
    record(records, check(seen_key="n" * 64, done_at=MONDAY + timedelta(days=10)), "grade")
    late = MONDAY + timedelta(days=RETENTION_DAYS + 5)
    assert stock(records, late).overdue == 1
    assert purge(records, late, who="admin") == 1
    assert (stock(records, late).checks, stock(records, late).overdue) == (1, 0)
    with records.writing() as session:
        keep_for(session, 30, who="admin")
    assert stock(records, late).overdue == 1


def test_all_tables_are_made_by_the_steps(records: Records) -> None:
    with records.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata) == []


def test_a_backup_comes_back_in_either_database(records: Records, new_address: Callable[[], str], tmp_path: Path) -> None:
    number = agreed(records, group="一组")
    record(records, check(group="一组"), "grade")
    file = back_up(records, tmp_path / "copy.zip")
    for address in (new_address(), str(tmp_path / "other.db")):
        fresh = Records.unprepared(tmp_path, address)
        restore(fresh, file)
        again = back_up(fresh, tmp_path / "again.zip")
        assert backup_text(again) == backup_text(file)
        assert agreed(fresh, "新人") > number
        with pytest.raises(RecordsError, match="already"):
            restore(fresh, file)
        fresh.close()


def backup_text(file: Path) -> str:
    """All rows in a backup."""
    with zipfile.ZipFile(file) as archive:
        return "".join(archive.read(name).decode() for name in sorted(archive.namelist()) if name != "meta.json")


def test_records_of_a_later_version_are_left_alone(address: str, tmp_path: Path) -> None:
    records = Records.open(tmp_path, address)
    with records.engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    records.close()
    with pytest.raises(RecordsError, match="later version"):
        Records.open(tmp_path, address)


def test_an_address_says_no_password_when_it_fails(tmp_path: Path) -> None:
    with pytest.raises(RecordsError) as raised:
        Records.open(tmp_path, "postgresql://trainer:geheim@127.0.0.1:1/none?connect_timeout=1")
    assert "geheim" not in raised.value.words.en + raised.value.words.zh


@pytest.mark.parametrize("address", ["mysql://a/b", "postgresql+psycopg2://a/b", "://", "http://x"])
def test_other_databases_are_not_spoken_to(tmp_path: Path, address: str) -> None:
    with pytest.raises(RecordsError, match=r"postgresql://USER@HOST/NAME|driver"):
        Records.open(tmp_path, address)


def test_a_file_that_is_no_database_is_told_and_kept(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("not a database, but somebody's")
    with pytest.raises(RecordsError, match="cannot be used"):
        Records.open(tmp_path)
    assert (tmp_path / FILE).read_text() == "not a database, but somebody's"


def test_a_folder_that_cannot_be_made_is_told_in_both_languages(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(RecordsError) as raised:
        Records.open(tmp_path / "taken" / "state")
    words = raised.value.words
    assert "这不是文件夹" in words.zh
    assert "Errno" not in words.zh + words.en


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no zip"])
def test_a_file_that_is_no_backup_changes_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "b.zip").write_bytes(content)
    records = Records.unprepared(tmp_path, None)
    with pytest.raises(RecordsError, match="no backup"):
        restore(records, tmp_path / "b.zip")
    records.close()
    with sqlite3.connect(tmp_path / FILE) as connection:
        assert connection.execute("select count(*) from sqlite_master").fetchone() == (0,)


def test_a_damaged_backup_changes_nothing(records: Records, tmp_path: Path) -> None:
    agreed(records)
    file = back_up(records, tmp_path / "copy.zip")
    with zipfile.ZipFile(file, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("people.jsonl", '{"id": "x", "name": []}\n')
    fresh = Records.unprepared(tmp_path, str(tmp_path / "fresh.db"))
    with pytest.raises(RecordsError):
        restore(fresh, file)
    with fresh.engine.connect() as connection:
        assert revision_of(connection) is None
    fresh.close()


def test_a_backup_with_a_flipped_bit_is_told(records: Records, tmp_path: Path) -> None:
    file = back_up(records, tmp_path / "copy.zip")
    whole = file.read_bytes()
    fresh = Records.unprepared(tmp_path, str(tmp_path / "fresh.db"))
    at = whole.index(b"meta.json") + len(b"meta.json")
    for i in range(at, at + 8):
        file.write_bytes(whole[:i] + b"\xff" + whole[i + 1 :])
        with pytest.raises(RecordsError, match="no backup"):
            restore(fresh, file)
    fresh.close()


def test_checks_are_made_of_results_by_person_clip_and_topic() -> None:
    said = (clause("stand.head_up", State.PASS, 3.0), clause("smile.present", State.FAIL), clause("crouch.staggered", State.UNJUDGED))
    seen = replace(clip("a.mp4"), people=(replace(person(1, "李娜"), clauses=said), replace(person(2, None), clauses=said)))
    topic = TopicResult("李娜", "一组", "standing", (Seen("a.mp4", 1),), None, "not_enough", ())
    results = Results("test", (RuleFileUsed("standing.yaml", "c" * 64),), (seen,), topics=(topic,))
    made = list(checks_of(results, ALL_RULES, key_without_content, MONDAY))
    assert [(item.topic, item.name, item.group, item.outcome) for item in made] == [
        ("standing", "李娜", "一组", "not_enough"), ("smile", "李娜", "一组", "not_enough"),
    ]  # fmt: skip
    assert made[0].rules_sha256 == "c" * 64


def test_clips_differ_by_what_was_seen_and_not_by_who_reads_them() -> None:
    one = clip("a.mp4")
    assert key_without_content(one) == key_without_content(replace(one, warnings=("damaged",)))
    assert key_without_content(one) != key_without_content(replace(one, duration_s=one.duration_s + 1))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps the user's folder from others itself")
def test_nobody_else_on_the_machine_reads_the_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also not while they or a copy of them are being written, whatever this user lets others read of new files."""
    modes: list[int] = []
    tables = backup._tables

    def looked_at(connection: Connection) -> list[Table]:
        modes.extend(stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "state").rglob("*") if path.is_file())
        return tables(connection)

    monkeypatch.setattr(backup, "_tables", looked_at)
    before = os.umask(0o022)
    try:
        found = Records.open(state_folder(tmp_path / "state"))
        back_up(found)
        found.close()
    finally:
        os.umask(before)
    modes.extend(stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "state").rglob("*.zip"))
    assert len(modes) >= 3
    assert set(modes) == {0o600}
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700
