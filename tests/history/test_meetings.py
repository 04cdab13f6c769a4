"""A morning meeting in the records: who stood where by name, once, and only those who agreed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from posecoach.errors import SourceError
from posecoach.history.database import Records
from posecoach.history.exports import all_of
from posecoach.history.people import people
from posecoach.jobs.recording import record_meeting, record_results
from posecoach.judging.results import RuleFileUsed
from posecoach.storage.meetings import Meeting, dump_meeting, load_meeting, meeting_of
from posecoach.vocabulary import Profile, State
from tests.history.test_records import MONDAY, agreed
from tests.reports.fakes import clause, clip, person
from tests.shipped import ALL_RULES

USED = RuleFileUsed("morning_meeting.yaml", "d" * 64)
FAULT = "meeting.shoulders_level"


def meeting(*names: str | None, seconds: int = 0) -> Meeting:
    """A row in which everybody has one shoulder higher."""
    said = (clause(FAULT, State.FAIL, 8.0), clause("meeting.head_up", State.PASS, 2.0))
    stood = [replace(person(n, name), clauses=said) for n, name in enumerate(names, 1)]
    clips = [replace(clip("lineup"), people=(one,), profile=Profile.FEMALE, drill="morning_meeting") for one in stood]
    return meeting_of("test", USED, clips, MONDAY.replace(second=seconds))


def test_everybody_who_agreed_gets_their_own_check(records: Records) -> None:
    number, _ = agreed(records, "李娜", "一组"), agreed(records, "王强")
    done = record_meeting(records, meeting("李娜", "陈军", None, "王强"), ALL_RULES)
    assert (done.new, done.without_consent, done.without_name) == (2, ("陈军",), 1)
    with records.writing() as session:
        (mine,) = all_of(session, number, who="test")["checks"]
    assert (mine["topic"], mine["origin"], mine["profile"], mine["done_at"]) == ("morning_meeting", "meeting", "female", MONDAY.isoformat())
    assert [(row["id"], row["state"], row["value"]) for row in mine["clauses"]] == [(FAULT, "fail", 8.0), ("meeting.head_up", "pass", 2.0)]


def test_one_meeting_counts_once_however_it_comes_in(records: Records, tmp_path: Path) -> None:
    """Saved, and with a name that was given after it was first recorded."""
    agreed(records, "李娜"), agreed(records, "王强")
    assert record_meeting(records, meeting("李娜", None), ALL_RULES).new == 1
    sheet = tmp_path / "lineup.html"
    sheet.write_text(f'<p>x</p><script type="application/json" id="meeting">{dump_meeting(meeting("李娜", "王强"))}</script>', "utf-8")
    done = record_results(records, sheet, ALL_RULES, "import")
    assert (done.new, done.known) == (1, 1)
    assert record_meeting(records, meeting("李娜", seconds=1), ALL_RULES).new == 1


def test_a_name_that_several_have_is_told_and_not_recorded(records: Records) -> None:
    agreed(records, "李娜", "一组"), agreed(records, "李娜", "二组"), agreed(records, "王强"), agreed(records, "赵磊")
    done = record_meeting(records, meeting("李娜", "王强", "王强", "赵磊"), ALL_RULES)
    assert (done.new, set(done.ambiguous)) == (1, {"李娜", "王强"})
    with records.reading() as session:
        assert {item.name for item in people(session) if item.checks} == {"赵磊"}


def test_names_may_be_told_apart_beforehand(records: Records) -> None:
    agreed(records, "李娜", "一组")
    second = agreed(records, "李娜", "二组")
    assert record_meeting(records, meeting("李娜", "王强"), ALL_RULES, {"李娜": second}).new == 1
    with records.reading() as session:
        assert [item.group for item in people(session) if item.checks] == ["二组"]


def test_nothing_in_a_name_ends_the_script(tmp_path: Path) -> None:
    evil = "</script><script>alert(1)</script>"
    text = dump_meeting(meeting(evil))
    assert "<" not in text
    (tmp_path / "s.html").write_text(f'<script type="application/json" id="meeting">{text}</script>', "utf-8")
    found = load_meeting(tmp_path / "s.html")
    assert [one.name for seen in found.results.clips for one in seen.people] == [evil]
    assert found == replace(meeting(evil), results=found.results)


@pytest.mark.parametrize("content", ["", "<html></html>", '<script type="application/json" id="meeting">{"schema": 1}</script>'])
def test_another_page_is_told(records: Records, tmp_path: Path, content: str) -> None:
    (tmp_path / "page.html").write_text(content)
    with pytest.raises(SourceError, match="no group sheet"):
        record_results(records, tmp_path / "page.html", ALL_RULES, "import")
