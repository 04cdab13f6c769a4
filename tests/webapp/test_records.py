"""The pages of the records: what they show, whom they take in, and that nobody else reaches them."""

from __future__ import annotations

import io
import json
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.pool import QueuePool

from posecoach.history.database import Records
from posecoach.history.people import ON_A_PAGE, add_person, people
from posecoach.history.recording import record
from posecoach.history.trends import record_of
from posecoach.history.upkeep import retention_days
from posecoach.judging.live import Settings
from posecoach.live.row_messages import RowResult
from posecoach.live.session import LiveSession
from posecoach.row.places import RowEntry
from posecoach.vocabulary import State, Text
from posecoach.webapp import create_app
from posecoach.webapp.server import LiveServer, RecordsWhenAsked, ServeOptions
from tests.history.test_records import agreed, check
from tests.reports.fakes import clause, person
from tests.shipped import RULE_SETS
from tests.webapp.fakes import GreyEstimator, world

SAME = {"Origin": "http://localhost"}
TODAY = datetime.now(timezone.utc)


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    opened = Records.open(tmp_path / "state")
    yield opened
    opened.close()


@pytest.fixture
def client(records: Records, tmp_path: Path) -> Iterator[FlaskClient]:
    with world(tmp_path, has_camera=False, open_records=lambda: records) as running:
        yield create_app(running.services).test_client()


def test_somebody_is_added_only_with_consent(client: FlaskClient, records: Records) -> None:
    refused = client.post("/records/people", data={"name": "李娜"}, headers=SAME)
    assert (refused.status_code, "先取得本人同意" in refused.text) == (400, True)
    added = client.post("/records/people", data={"name": "李娜", "group": "一组", "consent": "yes"}, headers=SAME)
    assert added.status_code == 303
    twice = client.post("/records/people", data={"name": "李娜", "group": "一组", "consent": "yes"}, headers=SAME)
    assert "已在记录库里" in twice.text
    with records.reading() as session:
        assert [(item.name, item.group) for item in people(session)] == [("李娜", "一组")]


def test_a_record_shows_trend_table_and_what_to_practise(client: FlaskClient, records: Records) -> None:
    number = agreed(records, "李<娜")
    for day in (20, 10, 0):
        said = clause("stand.shoulders_level", State.FAIL, 7.0 + day, said=Text("右肩低了", "Level your shoulders"))
        record(
            records, check("李<娜", seen_key=f"{day:064d}", done_at=TODAY - timedelta(days=day), score=50.0 + day, clauses=(said,)), "grade"
        )
    page = client.get(f"/records/person/{number}").text
    assert "李&lt;娜" in page
    assert "<李" not in page
    assert [drawn.count("M") for drawn in re.findall('<path class="mark fail" d="([^"]*)"', page)] == [3]
    assert page.count("a.mp4") == 3
    assert "右肩低了" in page
    assert "7.0°" in page


def test_of_many_checks_the_latest_are_listed_and_all_when_asked_for(client: FlaskClient, records: Records) -> None:
    number = agreed(records)
    for day in range(12):
        record(records, check(seen_key=f"{day:064d}", done_at=TODAY - timedelta(days=day)), "grade")
    listed = [client.get(f"/records/person/{number}{query}").text.count("<td>a.mp4") for query in ("", "?all=1")]
    assert listed == [8, 12]


def test_a_group_is_compared_before_and_after(client: FlaskClient, records: Records) -> None:
    for name, days in (("甲", 5), ("乙", 100)):
        agreed(records, name, "一组")
        record(records, check(name, "一组", done_at=TODAY - timedelta(days=days)), "grade")
    page = client.get("/records/group/1").text
    assert "30 天内没有检查的 1 人" in page
    assert "0/1" in page
    assert client.get("/records/group/1?from=nonsense&middle=2026-13-40&to=").status_code == 200
    assert client.get("/records/group/1?from=0001-01-01&to=9999-12-31").status_code == 200


def test_a_person_takes_everything_along_and_goes(client: FlaskClient, records: Records) -> None:
    number = agreed(records)
    record(records, check(), "grade")
    taken = client.get(f"/records/person/{number}/export")
    assert taken.headers["Content-Disposition"].startswith("attachment")
    assert len(json.loads(taken.data)["checks"]) == 1
    assert client.post(f"/records/person/{number}/forget", headers=SAME).status_code == 303
    assert client.get(f"/records/person/{number}").status_code == 404


def test_how_long_checks_are_kept_is_set_within_bounds(client: FlaskClient, records: Records) -> None:
    for days in ("0", "9" * 400, "-1", "x", ""):
        assert client.post("/records/retention", data={"days": days}, headers=SAME).status_code == 400
    assert client.post("/records/retention", data={"days": "30"}, headers=SAME).status_code == 303
    with records.reading() as session:
        assert retention_days(session) == 30


@pytest.mark.parametrize("address", ["person/7", "person/7/export", "group/7", "person/-1", f"person/{10**30}", "nothing"])
def test_nobody_is_a_plain_answer(client: FlaskClient, address: str) -> None:
    assert client.get(f"/records/{address}").status_code == 404


@pytest.mark.parametrize("address", ["people", "retention", "person/1/forget"])
def test_other_pages_change_nothing(client: FlaskClient, records: Records, address: str) -> None:
    agreed(records)
    answer = client.post(f"/records/{address}", data={"days": "1", "name": "x", "consent": "yes"}, headers={"Origin": "http://elsewhere"})
    assert answer.status_code == 403
    with records.reading() as session:
        assert len(people(session)) == 1


@pytest.mark.parametrize("address", ["", "person/1", "person/1/export", "group/1"])
def test_a_server_for_others_shows_no_records(tmp_path: Path, address: str) -> None:
    with world(tmp_path, has_camera=False, is_loopback=False) as running:
        assert create_app(running.services).test_client().get(f"/records/{address}").status_code == 403


@pytest.mark.parametrize("asked_by", [{"headers": {"X-Forwarded-For": "10.0.0.7"}}, {"environ_base": {"REMOTE_ADDR": "10.0.0.7"}}])
def test_who_comes_by_way_of_a_proxy_sees_no_records(client: FlaskClient, asked_by: dict[str, Any]) -> None:
    assert client.get("/records/", **asked_by).status_code == 403
    assert 'id="keep"' in client.get("/").text
    assert 'id="keep"' not in client.get("/", **asked_by).text


def test_a_server_shows_the_records_of_the_database_it_is_told(tmp_path: Path) -> None:
    open_records = RecordsWhenAsked(tmp_path / "state", str(tmp_path / "elsewhere.db"))
    assert open_records().engine.url.database == str(tmp_path / "elsewhere.db")
    open_records.close()


def test_what_was_kept_long_enough_is_gone_when_the_records_are_opened(tmp_path: Path, records: Records) -> None:
    agreed(records)
    record(records, check(done_at=TODAY - timedelta(days=400)), "grade")
    open_records = RecordsWhenAsked(tmp_path / "state")
    assert open_records() is open_records()
    with open_records().reading() as session:
        assert [item.checks for item in people(session)] == [0]
    open_records.close()


def test_a_server_that_stops_gives_its_connections_back(tmp_path: Path) -> None:
    server = LiveServer(ServeOptions(port=0, folder=tmp_path), RULE_SETS, GreyEstimator)
    assert server.services.open_records is not None
    opened = server.services.open_records()
    pool = opened.engine.pool
    assert isinstance(pool, QueuePool)
    assert pool.checkedin() == 1
    server.stop()
    assert isinstance(opened.engine.pool, QueuePool)
    assert opened.engine.pool.checkedin() == 0


def test_a_live_check_is_kept_only_when_somebody_says_whose_it_is(
    client: FlaskClient, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = agreed(records, group="一组")
    assert client.get("/records/people.json").get_json() == {"people": [{"id": number, "name": "李娜", "group": "一组"}], "count": 1}
    keep = f"/records/person/{number}/checks"
    assert client.post(keep, headers=SAME).get_json()["error"] == "no_check"
    rule_set = next(iter(RULE_SETS.values()))
    shown = (person(1, None), Settings(rule_set))
    monkeypatch.setattr(LiveSession, "checked", property(lambda _: shown))
    mine_as_shown = {"values": [clause.value for clause in shown[0].clauses]}
    of_another = {"values": [0.125] * len(shown[0].clauses)}
    assert client.post(keep, headers=SAME, json=of_another).get_json()["error"] == "no_check"
    assert [client.post(keep, headers=SAME, json=mine_as_shown).get_json() for _ in range(2)] == [
        {"new": new, "page": "/records/check/1", "code": None} for new in (1, 0)
    ]
    assert client.post("/records/person/99/checks", headers=SAME).status_code == 404
    assert client.post(keep, headers=SAME, json={"visitor": "nobody"}).status_code == 404
    with records.reading() as session:
        (mine,) = record_of(session, number).checks
    assert (mine.topic, mine.path) == (rule_set.topic, None)


def test_a_trainer_says_otherwise_on_the_page_of_a_check(client: FlaskClient, records: Records) -> None:
    number = agreed(records)
    record(records, check(), "grade")
    form = {"rater": "王老师", "state:stand.shoulders_level": "pass", "state:stand.head_up": ""}
    refused = client.post("/records/check/1/review", data=form, headers=SAME)
    assert (refused.status_code, "请写明理由" in refused.text, 'value="王老师"' in refused.text) == (400, True, True)
    said = form | {"reason:stand.shoulders_level": "衣<服皱", "agrees": "yes", "comment": "从正面<再拍"}
    assert client.post("/records/check/1/review", data=said, headers=SAME).status_code == 303
    page = client.get("/records/check/1").text
    assert ("衣&lt;服皱" in page, "从正面&lt;再拍" in page) == (True, True)
    assert page.count("<b>王老师</b>") == 1
    assert "培训师看过：" in client.get(f"/records/person/{number}").text
    assert client.post("/records/check/9/review", data=said, headers=SAME).status_code == 404
    assert "收回 王老师 的意见" in page
    assert client.post("/records/check/1/withdraw", data={"rater": "王老师"}, headers=SAME).status_code == 303
    assert "王老师" not in client.get("/records/check/1").text
    again = client.post("/records/check/1/withdraw", data={"rater": "王老师"}, headers=SAME)
    assert (again.status_code, "没有对第 1 次检查写过意见" in again.text) == (400, True)


def test_many_people_are_shown_page_by_page_and_searched_for(client: FlaskClient, records: Records) -> None:
    assert 'role="search"' not in client.get("/records/").text
    with records.writing() as session:
        for i in range(ON_A_PAGE + 1):
            add_person(session, f"职员{i:03d}", f"{i % 30:02d}组", who="page")
    first, second = (client.get("/records/", query_string={"page": page}).text for page in ("x", "2"))
    assert (first.count("/records/person/"), second.count("/records/person/")) == (ON_A_PAGE, 1)
    assert ("第 1 页，共 2 页" in first, "第 2 页，共 2 页" in second) == (True, True)
    assert (first.count('class="chip" href="/records/group/'), "请查找小组名" in first) == (24, True)
    found = client.get("/records/", query_string={"q": "07组"}).text
    assert (found.count("/records/person/"), found.count("/records/group/"), "找到 2 人" in found) == (2, 1, True)
    named = client.get("/records/people.json", query_string={"q": "7 职员"}).get_json()
    assert ([one["name"] for one in named["people"]], named["count"]) == (["职员007", "职员037", "职员017", "职员047", "职员027"], 5)
    assert len(client.get("/records/people.json").get_json()["people"]) == ON_A_PAGE
    assert "没有这样的姓名" in client.get("/records/", query_string={"q": "<b>", "page": "9" * 40}).text


def test_a_list_of_staff_goes_in_and_out_on_the_page(client: FlaskClient, records: Records) -> None:
    agreed(records)
    record(records, check(), "grade")
    listed = client.get("/records/table/people.csv").data
    assert "李娜" in listed.decode("utf-8-sig")
    assert client.get("/records/table/checks.xlsx").data.startswith(b"PK")
    assert {client.get(f"/records/table/{name}").status_code for name in ("people.pdf", "accounts.csv", "people")} == {404}
    checks = client.get("/records/table/checks.json").data

    def sent(data: bytes) -> tuple[int, str]:
        answer = client.post("/records/table", data={"file": (io.BytesIO(data), "staff.csv")}, headers=SAME)
        return answer.status_code, answer.text

    assert sent(listed + "王强,,2026-11-28\r\n".encode())[0] == 303
    status, said = sent("姓名,同意日期\n赵磊,2026-11-28\n陈军,\n".encode())
    assert (status, "第 3 行" in said) == (400, True)
    status, said = sent(checks.replace("李娜".encode(), "赵磊".encode()))
    assert (status, "没有记入" in said) == (200, True)
    assert client.post("/records/table", headers=SAME).status_code == 400
    with records.reading() as session:
        assert [item.name for item in people(session)] == ["李娜", "王强"]


def test_the_page_of_the_rules_tells_their_versions(client: FlaskClient, records: Records) -> None:
    agreed(records)
    record(records, check(), "grade")
    page = client.get("/records/rules").text
    assert ("standing.yaml" in page, "aaaaaaaaaaaa" in page) == (True, True)


def test_without_a_meeting_nothing_of_one_is_recorded(client: FlaskClient) -> None:
    assert client.get("/records/meeting.json").get_json()["error"] == "no_meeting"
    assert client.post("/records/meeting.json", json={"made": "x"}, headers=SAME).status_code == 409


def row_person(number: int, name: str | None) -> Any:
    """Somebody of a row as far as the records look at them."""
    said = (clause("meeting.shoulders_level", State.FAIL), clause("meeting.head_up", State.PASS))
    return SimpleNamespace(place=SimpleNamespace(id=number), entry=RowEntry(name), result=replace(person(number, name), clauses=said))


def test_a_meeting_goes_into_the_records_of_those_named_who_agreed(records: Records, tmp_path: Path) -> None:
    """Its check as the page shows it, once; two of one name are left out, and the page is told before."""
    stood = tuple(row_person(n, name) for n, name in enumerate(("李娜", "陈军", None, "王强", "王强"), 1))
    result = RowResult(stood, (), time.localtime(), None, (None,) * len(stood), (640, 360))
    rule_set = RULE_SETS["morning_meeting"]
    row: Any = SimpleNamespace(result=result, rule_set=rule_set)
    with world(tmp_path, has_camera=False, open_records=lambda: records, row=row) as running:
        client = create_app(running.services).test_client()
        number = agreed(records, "李娜"), agreed(records, "王强")
        asked = client.get("/records/meeting.json").get_json()
        assert [(item["name"], item["person"]) for item in asked["people"]] == [
            ("李娜", number[0]), ("陈军", None), (None, None), ("王强", None), ("王强", None),
        ]  # fmt: skip
        keep = {"made": asked["made"]}
        assert client.post("/records/meeting.json", json={"made": "2026-01-01"}, headers=SAME).status_code == 409
        told = [client.post("/records/meeting.json", json=keep, headers=SAME).get_json() for _ in range(2)]
        assert told == [{"new": 1, "known": 0}, {"new": 0, "known": 1}]
        assert 'id="keep-open"' in client.get("/meeting").text
        running.services.stopping.set()
