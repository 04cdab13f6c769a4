"""What a trainer says of a check stands beside the machine's verdicts."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from posecoach.evaluation.labels import load_sheet
from posecoach.history.database import Records, RecordsError
from posecoach.history.exports import all_of
from posecoach.history.opinions import Comment, Review, comments_on, opinions_on, ratings, say, take_back
from posecoach.history.recording import record
from posecoach.history.trends import record_of
from posecoach.history.upkeep import forget
from posecoach.jobs.ratings import agreement, dump_sheet
from posecoach.vocabulary import State
from tests.history.test_records import agreed, check
from tests.reports.fakes import clause

SHOULDERS, HEAD, TOES = "stand.shoulders_level", "stand.head_up", "stand.toes_v"
SAID = (clause(SHOULDERS, State.FAIL), clause(HEAD, State.PASS, 3.0), clause(TOES, State.UNJUDGED))


@pytest.fixture
def number(records: Records) -> int:
    """A check in which the shoulders were not level, the head was up, and the feet not seen."""
    person = agreed(records)
    record(records, check(clauses=SAID), "grade")
    with records.reading() as session:
        return record_of(session, person).checks[0].id


def said(records: Records, number: int, review: Review) -> int:
    with records.writing() as session:
        return say(session, number, review, who="page")


def test_an_override_stands_beside_the_verdict_with_its_reason(records: Records, number: int) -> None:
    overrides = {SHOULDERS: (State.PASS, " 衣服皱，\x00 肩是平的 "), TOES: (State.FAIL, "我站在旁边")}
    assert said(records, number, Review("王老师", overrides, comment="从正面再拍一次")) == 2
    with records.writing() as session:
        opinions = opinions_on(session, number)
        assert [(item.code, item.state, item.reason) for item in opinions] == [
            (SHOULDERS, State.PASS, "衣服皱， 肩是平的"), (TOES, State.FAIL, "我站在旁边"),
        ]  # fmt: skip
        assert [(item.rater, item.text) for item in comments_on(session, number)] == [("王老师", "从正面再拍一次")]
        assert record_of(session, 1).clauses[SHOULDERS][0].state is State.FAIL
        (kept,) = all_of(session, 1, who="page")["checks"]
    assert [row["state"] for row in kept["clauses"]] == ["fail", "pass", "unjudged"]
    assert (kept["opinions"][0]["rater"], kept["comments"][0]["text"]) == ("王老师", "从正面再拍一次")


@pytest.mark.parametrize(
    ("review", "what"),
    [
        (Review("王老师", {SHOULDERS: (State.PASS, "  ")}), "say why"),
        (Review("王老师", {"stand.nothing": (State.PASS, "x")}), "was not asked"),
        (Review("王老师"), "nothing is said"),
        (Review(" ", agrees=True), "expected a rater"),
    ],
)
def test_what_says_nothing_is_refused(records: Records, number: int, review: Review, what: str) -> None:
    with pytest.raises(RecordsError, match=what):
        said(records, number, review)
    with pytest.raises(RecordsError, match="no check 99"):
        said(records, 99, Review("王老师", agrees=True))


def test_what_a_rater_says_again_takes_the_place_of_what_they_said(records: Records, number: int) -> None:
    said(records, number, Review("王老师", {SHOULDERS: (State.PASS, "看着是平的")}))
    said(records, number, Review("王老师", {SHOULDERS: (State.FAIL, "")}))
    said(records, number, Review("李老师", {SHOULDERS: (State.WARN, "差一点")}))
    with records.reading() as session:
        assert [(item.rater, item.state, item.reason) for item in opinions_on(session, number)] == [
            ("王老师", State.FAIL, ""), ("李老师", State.WARN, "差一点"),
        ]  # fmt: skip
    with records.writing() as session:
        take_back(session, number, "王老师", who="page")
        assert [item.rater for item in opinions_on(session, number)] == ["李老师"]
    with records.writing() as session, pytest.raises(RecordsError, match="said nothing of check"):
        take_back(session, number, "王老师", who="page")


def test_opinions_outlive_a_judgement_by_other_rules_and_go_with_the_person(records: Records, number: int) -> None:
    said(records, number, Review("王老师", {SHOULDERS: (State.PASS, "平的")}, comment="好"))
    record(records, check(clauses=(clause(HEAD, State.PASS),), rules_sha256="b" * 64), "grade")
    with records.reading() as session:
        assert [(item.code, item.verdict) for item in ratings(session)] == [(SHOULDERS, None)]
    forget(records, 1, who="page")
    with records.reading() as session:
        assert (opinions_on(session, number), comments_on(session, number), list(ratings(session))) == ((), (), [])


def test_raters_are_counted_and_read_by_evaluate(records: Records, number: int, tmp_path: Path) -> None:
    """Who agrees with the rest is counted there too: overrides alone would say that the machine is always wrong."""
    said(records, number, Review("=王", {SHOULDERS: (State.PASS, "平的")}, agrees=True))
    said(records, number, Review("李", {HEAD: (State.FAIL, "低头"), TOES: (State.UNJUDGED, "")}, agrees=True))
    with records.reading() as session:
        given = list(ratings(session))
    found = agreement(given)
    assert found.clauses[SHOULDERS]["correct"]["fail"] == found.clauses[SHOULDERS]["faulty"]["fail"] == 1
    assert found.all["judged"]["hits"] == 4
    assert found.all["kappa"] == 0.0
    assert found.raters is not None
    assert found.raters["count"] == 2
    sheet = dump_sheet(given)
    assert list(csv.reader(io.StringIO(sheet)))[1:] == [
        ["a.mp4", "'=王", "standing", "female", "yes", "yes", "na"],
        ["a.mp4", "李", "standing", "female", "no", "no", "na"],
    ]
    (tmp_path / "labels.csv").write_text(sheet, "utf-8-sig")
    first, second = load_sheet(tmp_path / "labels.csv", {SHOULDERS, HEAD, TOES})
    assert {(label.clause, label.is_met) for label in first.labels} == {("shoulders_level", True), ("head_up", True)}
    assert {label.is_met for label in second.labels} == {False}


def test_a_check_without_a_film_is_in_no_sheet(records: Records) -> None:
    agreed(records)
    record(records, check(path=None), "live")
    said(records, 1, Review("王老师", agrees=True))
    with records.reading() as session:
        given = list(ratings(session))
    assert agreement(given).all["judged"]["hits"] == 2
    assert dump_sheet(given).strip() == "file,rater,drill,profile"


def test_comments_come_in_the_order_they_were_made(records: Records, number: int) -> None:
    for text in ("一", "二\n三"):
        said(records, number, Review("王老师", comment=text))
    with records.reading() as session:
        assert [type(item) for item in comments_on(session, number)] == [Comment, Comment]
        assert [item.text for item in comments_on(session, number)] == ["一", "二\n三"]
