"""`posecoach records` and `grade --record` as a person meets them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from posecoach.cli.main import main
from posecoach.judging.results import Results
from posecoach.storage.results_json import dump_results
from tests.accounts import PASSWORD, hash_cheaply
from tests.fake_estimator import HERE
from tests.odd_media import even_times, write_video
from tests.reports.fakes import RULES, clip, person

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `posecoach`, whose state folder is the test's own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def run(*arguments: object, status: int = 0, answer: str = "") -> Result:
        done = CliRunner().invoke(main, [*map(str, arguments), "--lang", "en"], obj=HERE, input=answer)
        assert done.exit_code == status, done.output
        return done

    return run


@pytest.fixture
def graded(tmp_path: Path) -> Path:
    """What an earlier grading wrote of two people and somebody without a name."""
    out = tmp_path / "earlier"
    out.mkdir()
    clips = (clip("a.mp4", person(1, "李娜")), clip("b.mp4", person(1, "王强")), clip("c.mp4"))
    (out / "results.json").write_text(dump_results(Results("test", RULES, clips)), "utf-8")
    return out


def test_only_who_agreed_is_recorded_and_each_clip_once(run: Run, graded: Path) -> None:
    assert "nobody yet" in run("records", "list").output
    assert "--consent" in run("records", "add", "李娜", status=2).output
    run("records", "add", "李娜", "--consent")
    first = run("records", "import", graded)
    assert "records: 1 new" in first.output
    assert "王强" in first.output
    assert "for want of a name: 1" in first.output
    assert "records: 0 new, 0 judged anew by other rules, 1 there already" in run("records", "import", graded).output
    assert "李娜" in run("records", "list").output
    assert "checks: 1" in run("records", "check").output
    shown = run("records", "show", "李娜").output
    assert "Standing" in shown
    assert "practise first: Shoulders level (stand.shoulders_level)" in shown


def test_a_person_takes_everything_and_is_forgotten(run: Run, graded: Path, tmp_path: Path) -> None:
    run("records", "add", "李娜", "--consent", "--group", "一组", "--note", "签字表 3")
    run("records", "import", graded)
    run("records", "export", "李娜", "--out", tmp_path / "mine.json")
    mine = json.loads((tmp_path / "mine.json").read_text("utf-8"))
    assert (mine["group"], mine["consent_note"], len(mine["checks"])) == ("一组", "签字表 3", 1)
    run("records", "forget", "李娜", answer="n\n", status=1)
    assert "Delete 李娜 and all checks (1)?" in run("records", "forget", "李娜", answer="y\n").output
    assert "nobody is called 李娜" in run("records", "show", "李娜", status=2).output


def test_a_trainer_contradicts_and_is_counted(run: Run, graded: Path, tmp_path: Path) -> None:
    run("records", "add", "李娜", "--consent")
    run("records", "import", graded)
    assert "why the machine's verdict is wrong" in run("records", "review", 1, "--met", "stand.shoulders_level", status=2).output
    done = run("records", "review", 1, "--met", "stand.shoulders_level", "--reason", "level", "--agree", "--rater", "Wang")
    assert "what Wang says; clauses: 3" in done.output
    counted = run("records", "ratings", "--out", tmp_path / "labels.csv")
    assert "0.00" in counted.output
    assert "drill-1.mp4" not in (tmp_path / "labels.csv").read_text("utf-8-sig")
    assert "a.mp4,Wang,standing" in (tmp_path / "labels.csv").read_text("utf-8-sig")
    assert "taken back: what Wang said of check 1" in run("records", "withdraw", 1, "--rater", "Wang").output
    assert "Wang said nothing of check 1" in run("records", "withdraw", 1, "--rater", "Wang", status=2).output


def test_people_and_checks_move_as_tables(run: Run, graded: Path, tmp_path: Path) -> None:
    run("records", "add", "李娜", "--consent")
    run("records", "import", graded)
    elsewhere = ("--database", tmp_path / "elsewhere.db")
    for what, kind, said in (
        ("people", "xlsx", "people added: 1, there already: 0"),
        ("checks", "csv", "records: 1 new"),
        ("checks", "json", "1 there already"),
    ):
        run("records", "table", what, tmp_path / f"t.{kind}")
        assert said in run("records", "import", tmp_path / f"t.{kind}", *elsewhere).output
    assert "standing.yaml" in run("records", "rules", *elsewhere).output
    assert ".xlsx" in run("records", "table", "people", tmp_path / "t.pdf", status=2).output
    assert "records: 0 new" in run("records", "import", graded / "results.json").output


def test_records_move_by_a_backup(run: Run, graded: Path, tmp_path: Path) -> None:
    run("records", "add", "李娜", "--consent")
    run("records", "import", graded)
    run("records", "backup", tmp_path / "all.zip")
    run("records", "restore", tmp_path / "all.zip", "--database", tmp_path / "elsewhere.db")
    assert "people: 1, checks: 1" in run("records", "check", "--database", tmp_path / "elsewhere.db").output
    assert "there are records here already" in run("records", "restore", tmp_path / "all.zip", status=2).output


def test_overdue_checks_are_purged(run: Run, graded: Path) -> None:
    import os

    os.utime(graded / "results.json", (1.6e9, 1.6e9))
    run("records", "add", "李娜", "--consent")
    run("records", "import", graded)
    assert "overdue: 1" in run("records", "check").output
    assert "kept long enough: 1" in run("records", "purge", "--keep-days", 90).output
    assert "kept for 90 days, overdue: 0" in run("records", "check").output


def test_a_database_that_cannot_be_reached_is_told_before_the_grading(run: Run, tmp_path: Path) -> None:
    write_video(tmp_path / "a.mp4", even_times(6, 12), (320, 240))
    done = run("grade", tmp_path / "a.mp4", "--out", tmp_path / "out", "--record", "--database", "mysql://a/b", status=2)
    assert "postgresql://" in done.output
    assert not (tmp_path / "out").exists()


def test_where_nothing_is_graded_nothing_more_is_complained_of(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "results.json" not in run("grade", tmp_path / "empty", "--out", tmp_path / "out", "--record", status=1).output


def test_a_database_without_a_wish_to_record_is_refused(run: Run, tmp_path: Path) -> None:
    assert "--record" in run("grade", tmp_path, "--database", tmp_path / "r.db", status=2).output


def test_a_grading_is_recorded_by_the_names_of_its_roster(run: Run, tmp_path: Path) -> None:
    write_video(tmp_path / "a.mp4", even_times(24, 12), (320, 240))
    (tmp_path / "people.csv").write_text("file,name\na.mp4,李娜\n", "utf-8")
    run("records", "add", "李娜", "--consent")
    done = run("grade", tmp_path / "a.mp4", "--roster", tmp_path / "people.csv", "--out", tmp_path / "out", "--no-annotate", "--record")
    assert "records: 0" not in done.output
    again = run("grade", tmp_path / "a.mp4", "--roster", tmp_path / "people.csv", "--out", tmp_path / "2", "--no-annotate", "--record")
    assert "records: 0 new" in again.output


def test_accounts_are_made_on_the_command_line_and_their_passwords_are_not_in_it(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hash_cheaply(monkeypatch)
    assert "made the account boss (admin)" in run("records", "account", "add", "boss", "--role", "admin", answer=f"{PASSWORD}\n").output
    assert "10 to 200" in run("records", "account", "add", "x", "--role", "admin", answer="short\n", status=2).output
    assert "no password" in run("records", "account", "add", "x", "--role", "admin", status=2).output
    assert "nobody is called 李娜" in run("records", "account", "add", "李娜", "--role", "staff", answer=PASSWORD, status=2).output
    run("records", "add", "李娜", "--consent", "--group", "一组")
    run("records", "account", "add", "李娜", "--role", "staff", answer=PASSWORD)
    run("records", "account", "add", "coach", "--role", "trainer", "--group", "一组", "--group", "二组", answer=PASSWORD)
    run("records", "account", "disable", "李娜")
    listed = run("records", "account", "list").output
    assert [word in listed for word in ("boss", "一组", "二组", "shut out")] == [True] * 4
    run("records", "account", "enable", "李娜")
    assert "shut out" not in run("records", "account", "list").output
    run("records", "account", "role", "李娜", "trainer", "--group", "三组")
    assert "三组" in run("records", "account", "list").output
    assert "sessions of boss are over" in run("records", "account", "password", "boss", answer="another good phrase\n").output
    assert "no account nobody" in run("records", "account", "password", "nobody", answer=PASSWORD, status=2).output
