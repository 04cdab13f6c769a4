"""The morning meeting's addresses, before stored sightings of a rendered row of eight: no models, no browser."""

from __future__ import annotations

import csv
import io
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from posecoach.live import row as live_module
from posecoach.row.autostart import STEADY_MS
from posecoach.vocabulary import Text
from posecoach.webapp.logins import Logins
from tests.row.test_live import FRAMES
from tests.waiting import until
from tests.webapp.row_fakes import NAMED, TRUTH, Place, row_place

POST = {"headers": {"X-Posecoach": "test"}}
OURS = POST["headers"]
DOCS = (Path(__file__).parents[2] / "docs" / "meeting.md").read_text("utf-8")
ROSTER = "name,profile\n" + "".join(f"{entry.name},{entry.profile.value}\n" for entry in NAMED)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with row_place(tmp_path_factory.mktemp("row")) as running:
        yield running


@pytest.fixture
def row(place: Place) -> Iterator[Place]:
    """The place while somebody looks, with a row of eight as others left it: for what changes nothing."""
    leave = place.row.events.join()
    until(lambda: len(place.state()["people"]) == 8)
    yield place
    leave()


@contextmanager
def watched(place: Place) -> Iterator[Place]:
    """The place while somebody looks, with a row that has started from nothing."""
    leave = place.row.events.join()
    until(lambda: place.row.is_at_work)
    place.told.clear()
    place.client.post("/api/meeting/reset", **POST)
    place.client.delete("/api/meeting/roster", **POST)
    until(lambda: any(not state["people"] for state in place.told))
    until(lambda: len(place.state()["people"]) == 8)
    try:
        yield place
    finally:
        place.absent.clear()
        place.client.delete("/api/meeting/check", **POST)
        leave()


@pytest.fixture
def viewer(place: Place) -> Iterator[Place]:
    with watched(place) as running:
        yield running


def send_roster(place: Place, text: str = ROSTER, encoding: str = "utf-8") -> Any:
    return place.client.post("/api/meeting/roster?name=row.csv", data=text.encode(encoding), **POST)


def check(place: Place, **more: Any) -> dict[str, Any]:
    """A whole check; the state when it is done."""
    assert place.client.post("/api/meeting/check", json={"seconds": 3, **more}, **POST).status_code == 200
    return place.wait_for(lambda state: (state["check"] or {}).get("phase") == "done")


def test_cards_stand_in_row_order_and_faults_are_the_right_persons(viewer: Place) -> None:
    send_roster(viewer)
    people = viewer.wait_for(lambda state: all(person["state"] != "unjudged" for person in state["people"]))["people"]
    assert [person["id"] for person in people] == list(range(1, 9))
    assert [person["name"] for person in people] == [entry.name for entry in NAMED]
    middles = [(person["box"][0] + person["box"][2]) / 2 for person in people]
    assert middles == sorted(middles)
    assert all(person["say"] is None for person, true in zip(people, TRUTH, strict=True) if true["fault"] is None)
    for person in people:
        assert (person["state"] == "fail") == (person["say"] is not None)


def test_the_tally_counts_the_cards(row: Place) -> None:
    state = row.wait_for(lambda state: state["tally"]["unjudged"] < 8)
    states = [person["state"] for person in state["people"]]
    assert state["tally"] == {kind: states.count(kind) for kind in ("pass", "fail", "unjudged")}


def test_a_name_given_after_the_check_is_on_its_sheet(viewer: Place) -> None:
    state = check(viewer)
    sheet = viewer.client.get("/meeting/sheet")
    assert sheet.status_code == 200
    assert "data:image" not in sheet.text, "nobody asked for a picture"
    key = state["people"][2]["key"]
    answer = viewer.client.post("/api/meeting/person", json={"key": key, "name": " 李娜 ", "profile": "female"}, **POST)
    assert answer.get_json() == {"key": key, "name": "李娜", "profile": "female"}
    until(lambda: viewer.state()["check"]["people"][2]["name"] == "李娜")
    assert viewer.state()["people"][2]["name"] == "李娜"
    assert "李娜" in viewer.client.get("/meeting/sheet").text


def test_half_a_character_in_a_name_loses_no_place(viewer: Place) -> None:
    """A page may cut a name in the middle of an emoji; what is told must be text all the same."""
    key = check(viewer)["people"][0]["key"]
    body = f'{{"key": {key}, "name": "\\ud83d"}}'
    answer = viewer.client.post("/api/meeting/person", data=body, **POST)
    assert answer.get_json()["name"] == "\ufffd"
    until(lambda: viewer.state()["people"][0]["name"] == "\ufffd")
    assert viewer.state()["people"][0]["key"] == key


@pytest.mark.parametrize(
    ("content", "status"),
    [({"key": 99}, 404), ({}, 404), ({"key": "x"}, 400), ({"key": 1, "profile": "boss"}, 400), ({"key": 1, "name": 3}, 400)],
)
def test_wrong_persons_are_refused(row: Place, content: dict[str, Any], status: int) -> None:
    assert row.client.post("/api/meeting/person", json=content, **POST).status_code == status


@pytest.mark.parametrize("content", [{"seconds": 2}, {"seconds": "20"}, {"picture": 1}, {"seconds": 1000}])
def test_wrong_checks_are_refused(row: Place, content: dict[str, Any]) -> None:
    assert row.client.post("/api/meeting/check", json=content, **POST).status_code == 400


def test_a_roster_as_excel_saves_it_names_the_row_in_order(viewer: Place) -> None:
    assert send_roster(viewer, encoding="gb18030").get_json() == {"people": 8}
    until(lambda: [person["name"] for person in viewer.state()["people"]] == [entry.name for entry in NAMED])
    assert viewer.state()["roster"]["name"] == "row.csv"


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "第 1 行"), ("name,profile\n", "1 到 60 人"), ("姓名,性别\n李娜,小孩\n", "第 2 行"), ("a,b\n1,2\n", "name"), ("a\0b", "")],
)
def test_a_wrong_roster_is_told_in_words(row: Place, text: str, said: str) -> None:
    answer = send_roster(row, text)
    assert answer.status_code == 409
    assert said in answer.get_json()["zh"]


def test_a_roster_of_others_names_nobody_and_says_so(viewer: Place) -> None:
    send_roster(viewer, "name\n甲\n乙\n")
    state = viewer.wait_for(lambda state: [notice["id"] for notice in state["notices"]] == ["roster"])
    assert "名单 2 人，队列 8 人" in state["notices"][0]["zh"]
    assert {person["name"] for person in state["people"]} == {None}


def test_who_leaves_keeps_the_place_and_is_not_judged(viewer: Place) -> None:
    keys = [person["key"] for person in viewer.state()["people"]]
    viewer.absent.add(FRAMES[0][1][0].key)
    state = viewer.wait_for(lambda state: "away" in [person["status"] for person in state["people"]])
    (away,) = [person for person in state["people"] if person["status"] == "away"]
    assert [person["key"] for person in state["people"]] == keys
    assert (away["state"], away["box"], away["say"]["zh"]) == ("unjudged", None, "不在位")


def test_who_walks_away_at_the_end_of_a_check_is_still_shown_where_they_stood(viewer: Place) -> None:
    assert viewer.client.post("/api/meeting/check", json={"seconds": 5, "picture": True}, **POST).status_code == 200
    viewer.wait_for(lambda state: (found := state["check"]) and found["phase"] == "judging" and found["left_s"] < 3)
    viewer.absent.update(seen.key for seen in FRAMES[0][1][:6])
    state = viewer.wait_for(lambda state: (state["check"] or {}).get("phase") == "done")
    assert sum(person["box"] is None for person in state["people"]) == 6
    assert all(person["box"] for person in state["check"]["people"])
    result = viewer.row.result
    assert result is not None
    assert None not in result.boxes
    assert result.picture_bgr is not None


def test_the_check_starts_by_itself_when_everybody_stands_and_not_after_it_was_stopped(viewer: Place) -> None:
    assert viewer.client.post("/api/meeting/auto", json={"on": True, "seconds": 5}, **POST).get_json() == {"auto_s": 5}
    until(lambda: viewer.state()["check"])
    viewer.client.delete("/api/meeting/check", **POST)
    stopped = viewer.wait_for(lambda state: state["check"] is None)
    assert stopped["auto_s"] is None
    viewer.told.clear()
    until(lambda: viewer.state()["t_ms"] > stopped["t_ms"] + STEADY_MS + 1000)
    assert not any(state["check"] for state in viewer.told)


def test_pictures_flow_while_a_frame_takes_long(viewer: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def slow(*_: object) -> tuple[()]:
        begun.set()
        may_end.wait(60)
        return ()

    monkeypatch.setattr(viewer.camera, "patience_s", 0.01)
    monkeypatch.setattr(viewer.films[-1], "estimate", slow)
    answer = viewer.client.get("/meeting/stream.mjpg")
    parts: Iterator[bytes] = iter(answer.response)  # type: ignore[arg-type]
    next(parts)
    assert begun.wait(60)
    times = [re.findall(rb"X-T-Ms: ([\d.]+)", next(parts)) for _ in range(12)]
    may_end.set()
    answer.close()
    assert [len(found) for found in times] == [1] * 12
    assert len({found[0] for found in times}) == 12


def test_the_coach_and_the_row_take_turns_with_the_camera(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_module, "LINGER_S", 0.5)
    with row_place(tmp_path) as place:
        until(lambda: place.services.camera.status()["captured"] > 2)
        assert (place.films, place.state()["phase"]) == ([], "off")
        assert place.client.get("/api/state").get_json()["camera"]["state"] != "busy"
        leave = place.row.events.join()
        until(lambda: place.client.get("/api/state").get_json()["camera"]["state"] == "busy")
        until(lambda: place.state()["phase"] == "on")
        until(lambda: place.state()["camera"]["state"] == "ok")
        leave()
        until(lambda: place.films[-1].closed)
        until(lambda: place.client.get("/api/state").get_json()["camera"]["state"] != "busy")
        until(lambda: place.state()["people"] == [])
        with_again = place.row.events.join()
        until(lambda: len(place.films) == 2)
        with_again()


def test_models_that_do_not_run_are_told(tmp_path: Path) -> None:
    from posecoach.errors import EstimatorError

    with row_place(tmp_path) as place:

        def refuse() -> Any:
            raise EstimatorError(Text("没有模型", "no models"))

        place.row._make_row = refuse
        leave = place.row.events.join()
        until(lambda: place.state()["camera"]["state"] == "no_models")
        assert "posecoach doctor" in place.state()["camera"]["zh"]
        leave()


def test_the_pass_phrase_guards_page_and_pictures(tmp_path: Path) -> None:
    with row_place(tmp_path, logins=Logins("secret phrase"), is_loopback=False) as place:
        assert place.client.get("/meeting").headers["Location"] == "/login"
        for address in ("/api/meeting", "/api/meeting/events", "/meeting/stream.mjpg", "/meeting/sheet", "/meeting/sheet.csv"):
            assert place.client.get(address).status_code == 401
        assert place.client.post("/api/meeting/check", json={}, **POST).status_code == 401
    with row_place(tmp_path) as place:
        assert place.client.post("/api/meeting/check", json={}).status_code == 403
        assert place.client.get("/api/meeting", headers={"Host": "elsewhere.example"}).status_code == 403


def test_without_a_row_no_check_begins_and_without_rules_there_is_no_page(tmp_path: Path) -> None:
    with row_place(tmp_path) as place:
        assert place.client.post("/api/meeting/check", json={}, **POST).get_json()["error"] == "nobody"
        assert "晨会" in place.client.get("/meeting").text
        assert 'href="/meeting"' in place.client.get("/").text


def test_every_address_of_the_document_is_there_and_no_other(place: Place) -> None:
    rows = re.findall(r"^\| `(GET|POST|DELETE) ([^`?]*)", DOCS, re.M)
    rules = [rule for rule in place.client.application.url_map.iter_rules() if rule.endpoint.startswith("row")]
    known = {(method, rule.rule) for rule in rules for method in rule.methods or () if method in ("GET", "POST", "DELETE")}
    assert known - {("GET", "/meeting/")} == set(rows)


# --- one check, from all sides ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="class")
def files(tmp_path_factory: pytest.TempPathFactory) -> set[Path]:
    """What there was before."""
    return set(tmp_path_factory.getbasetemp().rglob("*"))


@pytest.fixture(scope="class")
def checked(place: Place, files: set[Path]) -> Iterator[dict[str, Any]]:
    """The state when it is done."""
    with watched(place):
        send_roster(place)
        until(lambda: place.state()["roster"])
        yield check(place, picture=True)


class TestCheck:
    """A check of a row with a roster, a picture asked for."""

    def test_it_counts_down_holds_and_ends(self, place: Place, checked: dict[str, Any]) -> None:
        until(lambda: (check := place.told[-1]["check"]) and check["phase"] == "done")
        phases = [state["check"]["phase"] for state in place.told if state["check"]]
        assert [phase for i, phase in enumerate(phases) if i == 0 or phase != phases[i - 1]] == ["countdown", "judging", "done"]
        people = checked["check"]["people"]
        assert sum(checked["check"]["tally"].values()) == len(people) == 8
        assert all(person["state"] == "pass" for person, true in zip(people, TRUTH, strict=True) if true["fault"] is None)

    def test_its_sheet_says_the_same(self, place: Place, checked: dict[str, Any]) -> None:
        page = place.client.get("/meeting/sheet")
        assert "晨会队列检查单" in page.text
        assert "'unsafe-inline'" not in page.headers["Content-Security-Policy"].split("script-src")[0]
        assert "connect-src 'none'" in page.headers["Content-Security-Policy"]
        rows = list(csv.DictReader(io.StringIO(place.client.get("/meeting/sheet.csv").data.decode("utf-8-sig"))))
        assert [row["name"] for row in rows] == [entry.name for entry in NAMED]
        assert [int(row["failed"]) > 0 for row in rows] == [person["state"] == "fail" for person in checked["check"]["people"]]

    def test_the_saved_sheet_is_a_file_and_has_the_picture_that_was_asked_for(self, place: Place, checked: dict[str, Any]) -> None:
        page = place.client.get("/meeting/sheet?save")
        assert re.fullmatch(r'attachment; filename="lineup-\d{8}-\d{4}\.html"', page.headers["Content-Disposition"])
        assert "data:image/jpeg" in page.text

    def test_the_state_is_as_documented(self, checked: dict[str, Any]) -> None:
        told = json.loads(re.findall(r"```json\n(.*?)```", DOCS, re.S)[0])
        assert checked.keys() == told.keys()
        assert {key for person in checked["people"] for key in person} == told["people"][0].keys()
        assert checked["check"].keys() == told["check"].keys()
        assert checked["roster"].keys() == told["roster"].keys()

    def test_nothing_was_written(self, files: set[Path], checked: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> None:
        assert set(tmp_path_factory.getbasetemp().rglob("*")) == files

    def test_without_it_there_is_no_sheet(self, place: Place, checked: dict[str, Any]) -> None:
        place.client.delete("/api/meeting/check", **POST)
        assert place.client.get("/meeting/sheet").status_code == 404
        assert place.client.get("/meeting/sheet.csv").get_json()["error"] == "no_sheet"


@pytest.mark.parametrize("elsewhere", [{"environ_base": {"REMOTE_ADDR": "10.0.0.7"}}, {"headers": {**OURS, "X-Forwarded-For": "10.0.0.7"}}])
def test_saved_rosters_are_for_the_coach_pc_alone(row: Place, elsewhere: dict[str, Any]) -> None:
    address = "/api/meeting/rosters?name=一组"
    asked = {"headers": OURS, **elsewhere}
    assert len(row.client.post(address, data="name\n甲\n".encode(), headers=OURS).get_json()["rosters"]) == 1
    assert row.client.get(address, **elsewhere).get_json() == {"rosters": []}
    assert row.client.post(address, data="name\n乙\n".encode(), **asked).status_code == 403
    assert row.client.delete(address, **asked).status_code == 403
    assert row.client.get(address).get_json()["rosters"][0]["people"][0]["name"] == "甲"
