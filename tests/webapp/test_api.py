"""The addresses of docs/live.md, one by one, on Flask's test client."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from posecoach.body.observed import Neutral
from posecoach.errors import OutputError
from posecoach.live.picture_visitor import PictureVisitor
from posecoach.live.session import LiveSession
from posecoach.vocabulary import Text
from posecoach.webapp import create_app
from tests.shipped import RULE_SETS
from tests.waiting import until
from tests.webapp.fakes import FAULT, NOBODY, RIGHT, WRONG, World, jpeg, world

DOCS = (Path(__file__).parents[2] / "docs" / "live.md").read_text("utf-8")
OURS = {"X-Posecoach": "1"}
STATE_KEYS = {
    *("t_ms", "topic", "profile", "camera", "person", "posture", "view", "placement"),
    *("correction", "praise", "score", "clauses", "check", "drill", "box", "landmarks", "slow", "company", "size_changed"),
}
CLAUSE_KEYS = {"id", "state", "reason", "value", "unit", "limits", "correction", "advice"}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as running:
        yield running


@pytest.fixture
def client(place: World) -> FlaskClient:
    return create_app(place.services).test_client()


@pytest.fixture
def no_camera(tmp_path: Path) -> Iterator[FlaskClient]:
    with world(tmp_path, has_camera=False) as running:
        yield create_app(running.services).test_client()


def state_of(client: FlaskClient) -> dict[str, Any]:
    found = client.get("/api/state").get_json()
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("word", ["right", "wrong"])
def test_a_clause_has_its_picture_which_needs_nothing_else(client: FlaskClient, word: str) -> None:
    answer = client.get(f"/api/pictures/stand.head_up/{word}.svg")
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    drawn = ElementTree.fromstring(answer.get_data(as_text=True))
    assert drawn.tag == "{http://www.w3.org/2000/svg}svg"
    assert not re.search(r"href|url\(|@import", answer.get_data(as_text=True))


@pytest.mark.parametrize("name", ["stand.abdomen_in/right", "stand.no_such/right", "stand.head_up/other"])
def test_what_cannot_be_drawn_has_no_picture(client: FlaskClient, name: str) -> None:
    assert client.get(f"/api/pictures/{name}.svg").status_code == 404


def visit(client: FlaskClient, **body: str) -> str:
    answer = client.post("/api/visitor", headers=OURS, json=body)
    assert answer.status_code == 200
    return str(answer.get_json()["id"])


def post_frame(client: FlaskClient, visitor: str, data: bytes, query: str = "") -> Any:
    return client.post(f"/api/visitor/{visitor}/frame{query}", headers=OURS, data=data)


def test_every_address_of_the_document_is_there_and_no_other(client: FlaskClient) -> None:
    told = set()
    for row in re.findall(r"^\| (`[^|]*) \|", DOCS, re.M):
        path = re.search(r"/[^`?]*", row)
        assert path is not None
        told |= {
            (method, path[0].replace("ID", "<visitor_id>").replace("NAME", "<name>"))
            for method in re.findall(r"\b(GET|POST|DELETE)\b", row)
        }
    rules = [
        rule
        for rule in client.application.url_map.iter_rules()
        if not rule.endpoint.startswith(("static", "trainer", "row", "records", "account"))
    ]
    assert {(method, rule.rule) for rule in rules for method in rule.methods or () if method not in ("HEAD", "OPTIONS")} == told


def test_topics_have_all_clauses(client: FlaskClient) -> None:
    found = client.get("/api/topics").get_json()
    alone = {name: rules for name, rules in RULE_SETS.items() if rules.people == 1 and not rules.lasts_s}
    assert [topic["id"] for topic in found["topics"]] == list(alone)
    clauses = {clause["id"]: clause for topic in found["topics"] for clause in topic["clauses"]}
    assert set(clauses) == {rule.id for rules in alone.values() for rule in rules.rules}
    assert clauses[FAULT]["source"] == "T1 站姿"
    assert {topic["id"]: topic["need"] for topic in found["topics"]}["smile"] == "face"
    assert [profile["id"] for profile in found["profiles"]] == ["female", "male", "unspecified"]


def test_the_state_has_the_documented_keys(client: FlaskClient) -> None:
    state = until(lambda: (found := state_of(client)) and found["placement"]["ready"] and found)
    assert set(state) == STATE_KEYS
    assert all(set(clause) == CLAUSE_KEYS for clause in state["clauses"])
    assert all(f'"{key}"' in DOCS for key in STATE_KEYS | CLAUSE_KEYS)
    assert [item["id"] for item in state["placement"]["items"]] == ["person", "light", "distance", "whole_body", "view", "tilt"]


def test_a_fault_leads_to_its_correction_and_mending_it_to_praise(place: World, client: FlaskClient) -> None:
    until(lambda: state_of(client)["placement"]["ready"])
    assert not any(state["correction"] for state in place.told)
    place.camera.grey = WRONG
    state = until(lambda: (found := state_of(client))["correction"] and found)
    assert state["correction"]["id"] == FAULT
    assert state["correction"]["zh"]
    clause = next(clause for clause in state["clauses"] if clause["id"] == FAULT)
    assert clause["state"] == "fail"
    place.camera.grey = RIGHT
    praised = until(lambda: [state for state in place.told if state["praise"]])[0]
    assert praised["praise"]["id"] == FAULT
    assert praised["correction"] is None


def test_a_person_who_leaves_pauses_judging(place: World, client: FlaskClient) -> None:
    until(lambda: state_of(client)["placement"]["ready"])
    place.camera.grey = NOBODY
    state = until(lambda: not (found := state_of(client))["placement"]["ready"] and found)
    assert not state["person"]
    assert {clause["state"] for clause in state["clauses"]} == {"unjudged"}


def test_the_topic_and_the_profile_are_chosen(client: FlaskClient) -> None:
    chosen = client.post("/api/session", headers=OURS, json={"topic": "smile", "profile": "male", "mirror": False}).get_json()
    assert chosen == {"topic": "smile", "profile": "male", "mirror": False, "rotate": 0}
    assert client.post("/api/session", headers=OURS, json={}).get_json() == chosen
    state = until(lambda: (found := state_of(client))["topic"] == "smile" and found)
    assert {clause["id"] for clause in state["clauses"]} == {rule.id for rule in RULE_SETS["smile"].rules}


@pytest.mark.parametrize(
    "body",
    [
        {"topic": "dancing"},
        {"profile": "x"},
        {"topic": 3},
        {"mirror": "yes"},
        {"rotate": 45},
        {"rotate": True},
        {"rotate": 360},
        {"topic": "x" * 300},
    ],
)
def test_wrong_choices_are_refused(client: FlaskClient, body: dict[str, Any]) -> None:
    answer = client.post("/api/session", headers=OURS, json=body)
    assert answer.status_code == 400
    assert set(answer.get_json()) == {"error", "zh", "en"}


@pytest.mark.parametrize("data", [b"[]", b"{", b"\xff\xfe", b"3"])
def test_what_is_no_json_object_is_refused(client: FlaskClient, data: bytes) -> None:
    assert client.post("/api/session", headers=OURS, data=data).status_code == 400


def test_a_check_counts_down_judges_and_shows_a_result_until_it_is_hidden(place: World, client: FlaskClient) -> None:
    until(lambda: state_of(client)["placement"]["ready"])
    assert client.post("/api/check", headers=OURS, json={"seconds": 3}).get_json() == {"seconds": 3.0}
    result = until(lambda: (check := state_of(client)["check"]) and check["result"])
    until(lambda: (check := place.told[-1]["check"]) and check["phase"] == "done")
    phases = [state["check"]["phase"] for state in place.told if state["check"]]
    assert list(dict.fromkeys(phases)) == ["countdown", "judging", "done"]
    assert phases == sorted(phases, key=["countdown", "judging", "done"].index)
    assert set(result) == {"score", "outcome", "clauses", "practise_first", "steps", "warnings"}
    assert {clause["id"] for clause in result["clauses"]} >= {FAULT}
    assert all(set(first) == {"id", "limits", "zh", "en"} and first["zh"] for first in result["practise_first"])
    client.delete("/api/check", headers=OURS)
    until(lambda: state_of(client)["check"] is None)


def test_a_check_can_be_broken_off(client: FlaskClient) -> None:
    until(lambda: state_of(client)["placement"]["ready"])
    client.post("/api/check", headers=OURS, json={"seconds": 60})
    until(lambda: state_of(client)["check"])
    client.delete("/api/check", headers=OURS)
    until(lambda: state_of(client)["check"] is None)


@pytest.mark.parametrize("seconds", [0, 1000, "20", True])
def test_a_check_takes_a_sensible_time(client: FlaskClient, seconds: Any) -> None:
    assert client.post("/api/check", headers=OURS, json={"seconds": seconds}).status_code == 400


def test_status_has_the_documented_keys(client: FlaskClient) -> None:
    found = until(lambda: (status := client.get("/api/status").get_json())["camera"]["fps"] and status)
    assert set(found) == {
        *("camera", "viewers", "viewer_limit", "visitors", "visitor_limit", "uptime_s", "inference_ms", "rss_mb"),
    }
    assert set(found["camera"]) == {"name", "state", "zh", "en", "fps", "captured", "dropped", "reconnected"}
    assert found["camera"]["state"] == "ok"
    assert all(f'"{key}"' in DOCS or f"`{key}`" in DOCS for key in [*found, *found["camera"]])


def test_without_a_camera_the_server_says_so_and_still_answers(no_camera: FlaskClient) -> None:
    state = state_of(no_camera)
    assert state["camera"]["state"] == "none"
    assert state["camera"]["zh"]
    assert no_camera.get("/stream.mjpg").status_code == 409
    assert no_camera.post("/api/check", headers=OURS, json={}).get_json()["error"] == "no_camera"
    assert post_frame(no_camera, visit(no_camera), jpeg(RIGHT)).status_code == 200


# --- the camera ---------------------------------------------------------------------------------------------------------------------------


def test_a_lost_camera_is_named_and_comes_back_by_itself(place: World, client: FlaskClient) -> None:
    until(lambda: state_of(client)["placement"]["ready"])
    place.camera.grey = None
    state = until(lambda: (found := state_of(client))["camera"]["state"] == "lost" and found)
    assert "连线" in state["camera"]["zh"]
    assert not state["placement"]["ready"]
    assert not state["person"]
    place.camera.grey = RIGHT
    until(lambda: state_of(client)["placement"]["ready"])
    assert client.get("/api/status").get_json()["camera"]["reconnected"] == 1


def test_a_black_picture_is_told(place: World, client: FlaskClient) -> None:
    place.camera.grey = 0
    assert until(lambda: (found := state_of(client))["camera"]["state"] == "black" and found)["camera"]["zh"]
    place.camera.grey = RIGHT
    until(lambda: state_of(client)["camera"]["state"] == "ok")


# --- visitors -----------------------------------------------------------------------------------------------------------------------------


def test_a_visitor_posts_pictures_and_gets_states_with_landmarks(client: FlaskClient) -> None:
    visitor = visit(client)
    state = post_frame(client, visitor, jpeg(RIGHT), "?topic=standing&profile=female").get_json()
    assert set(state) == STATE_KEYS | {"sketch"}
    assert state["profile"] == "female"
    assert state["landmarks"]["size"] == [300, 300]
    assert len(state["landmarks"]["pose"]) == 33
    assert state["sketch"]["size"] == [300, 300]
    assert {shape["kind"] for shape in state["sketch"]["shapes"]} >= {"line", "disc"}
    nobody = post_frame(client, visitor, jpeg(NOBODY)).get_json()
    assert nobody["landmarks"]["pose"] == [None] * 33
    assert nobody["sketch"]["shapes"] == []


def test_a_drawing_is_as_the_visitor_is_shown_it(client: FlaskClient) -> None:
    visitor = visit(client)
    until(lambda: post_frame(client, visitor, jpeg(RIGHT)).get_json()["placement"]["ready"])

    def words(query: str) -> list[dict[str, Any]]:
        shapes = post_frame(client, visitor, jpeg(WRONG), query).get_json()["sketch"]["shapes"]
        return [shape for shape in shapes if shape["kind"] == "words"]

    until(lambda: words(""))
    assert re.search(r"[\u4e00-\u9fff]", words("?lang=zh")[0]["words"])
    assert words("?lang=en")[0]["words"].isascii()
    large = until(lambda: words("?font=40"), what="large words: only of what is amiss do they lie over the body")
    assert max(shape["size"] for shape in large) == 40
    assert max(shape["size"] for shape in until(lambda: words("?font=40&seen=0,0.1,1,0.9"))) == 40
    assert words("?mirror=0") != words("?mirror=1")


@pytest.mark.parametrize(
    "query",
    ["?lang=fr", "?mirror=2", "?font=-1", "?font=1000", "?font=nan", "?font=large", "?seen=0,0,1", "?seen=0.5,0,0.5,1", "?seen=0,0,nan,1"],
)
def test_a_look_that_there_is_not_is_refused(client: FlaskClient, query: str) -> None:
    assert post_frame(client, visit(client), jpeg(RIGHT), query).status_code == 400


def test_a_visitor_is_corrected(client: FlaskClient) -> None:
    visitor = visit(client)
    until(lambda: post_frame(client, visitor, jpeg(RIGHT)).get_json()["placement"]["ready"])
    assert until(lambda: post_frame(client, visitor, jpeg(WRONG)).get_json()["correction"])["id"] == FAULT


def test_visitors_do_not_disturb_each_other(client: FlaskClient) -> None:
    one, other = visit(client), visit(client)
    assert one != other
    assert len(one) >= 20
    assert post_frame(client, one, jpeg(RIGHT), "?topic=smile").get_json()["topic"] == "smile"
    assert post_frame(client, other, jpeg(RIGHT)).get_json()["topic"] == "standing"


def test_the_fourth_visitor_waits_until_a_place_is_free(client: FlaskClient) -> None:
    visitors = [visit(client) for _ in range(3)]
    refused = client.post("/api/visitor", headers=OURS)
    assert refused.status_code == 503
    assert refused.get_json() == refused.get_json() | {"error": "busy", "limit": 3}
    assert client.delete(f"/api/visitor/{visitors[0]}", headers=OURS).status_code == 204
    visit(client)
    assert post_frame(client, visitors[0], jpeg(RIGHT)).status_code == 404


def test_an_idle_visitor_ends(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posecoach.live.visitor.IDLE_S", 0.2)
    visitor = visit(client)
    until(lambda: client.get("/api/status").get_json()["visitors"] == 0)
    assert post_frame(client, visitor, jpeg(RIGHT)).get_json()["error"] == "no_session"


BAD_PICTURES = {
    "nothing": b"",
    "text": b"hello",
    "cut short": jpeg(RIGHT)[:200],
    "bmp": jpeg(RIGHT, kind=".bmp"),
    "png": jpeg(RIGHT, kind=".png"),
    "webp": jpeg(RIGHT, kind=".webp"),
    "too wide": jpeg(RIGHT, (1930, 20)),
    "too high": jpeg(RIGHT, (20, 1930)),
}


@pytest.mark.parametrize("data", BAD_PICTURES.values(), ids=BAD_PICTURES)
def test_a_bad_picture_is_told_and_the_session_goes_on(client: FlaskClient, data: bytes) -> None:
    visitor = visit(client)
    answer = post_frame(client, visitor, data)
    assert answer.status_code == 400
    assert answer.get_json()["error"] == "bad_picture"
    assert post_frame(client, visitor, jpeg(RIGHT)).status_code == 200


def test_a_body_over_two_megabytes_is_refused(client: FlaskClient) -> None:
    answer = post_frame(client, visit(client), b"\xff\xd8" + bytes(2_100_000))
    assert answer.status_code == 413
    assert answer.get_json()["error"] == "too_large"


# --- calibration --------------------------------------------------------------------------------------------------------------------------


def test_a_calibration_that_cannot_be_stored_is_told(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_self: object, _camera: str, _calibration: object) -> None:
        raise OutputError(Text("磁盘已满", "No space left on device"))

    monkeypatch.setattr("posecoach.storage.calibrations.CalibrationStore.save", full)
    answer = client.post("/api/calibration?camera=0", headers=OURS, json={"roll_deg": 1})
    assert (answer.status_code, answer.get_json()["en"]) == (507, "No space left on device")


@pytest.mark.parametrize(
    "body",
    ['{"seconds": ' + "9" * 400 + "}", "[" * 3000, '{"seconds": NaN}', '{"topic": "\\ud800"}', '{"seconds": 1e999}', "\xff", "5"],
    ids=lambda text: text[:14],
)
@pytest.mark.parametrize("address", ["session", "check", "calibration?camera=x", "visitor"])
def test_odd_bodies_are_refused_or_answered(address: str, body: str, client: FlaskClient) -> None:
    answer = client.post(f"/api/{address}", headers=OURS, data=body.encode("latin-1"))
    assert answer.status_code in (200, 400)
    assert answer.get_json()


def test_a_calibration_is_made_shown_used_and_deleted(place: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LiveSession, "neutral", lambda _self, _seconds: Neutral(2.0, (0.1,) * 7))
    assert client.get("/api/calibration?camera=0").get_json() == {"camera": "server:0", "calibration": None}
    made = client.post("/api/calibration?camera=0", headers=OURS, json={"seconds": 1, "roll_deg": 2.5}).get_json()["calibration"]
    assert made["roll_deg"] == 2.5
    assert made["neutral"]["head_pitch_down_deg"] == 2.0
    assert client.get("/api/calibration").get_json()["calibration"] == made
    settings = place.services.camera.session.settings
    assert settings.roll_deg == 2.5
    assert settings.neutral == Neutral(2.0, (0.1,) * 7)
    client.delete("/api/calibration?camera=0", headers=OURS)
    assert client.get("/api/calibration").get_json()["calibration"] is None
    assert place.services.camera.session.settings.roll_deg == 0.0
    back = client.post("/api/calibration?camera=0", headers=OURS, json={"undo": True}).get_json()
    assert back["calibration"] == made == client.get("/api/calibration").get_json()["calibration"]
    assert place.services.camera.session.settings.roll_deg == 2.5
    assert client.post("/api/calibration?camera=0", headers=OURS, json={"undo": True}).get_json()["error"] == "too_late"


def test_the_stored_file_holds_numbers_only(client: FlaskClient, tmp_path: Path) -> None:
    client.post("/api/calibration?camera=0", headers=OURS, json={"roll_deg": -3})
    (file,) = (tmp_path / "calibration").iterdir()
    assert file.stat().st_size < 500
    assert '"roll_deg": -3.0' in file.read_text("utf-8")


def test_without_a_face_there_is_no_neutral(client: FlaskClient) -> None:
    answer = client.post("/api/calibration?camera=0", headers=OURS, json={"seconds": 1})
    assert answer.status_code == 409
    assert answer.get_json()["error"] == "no_face"


def test_a_visitors_calibration_is_kept_for_the_next_session(place: World, client: FlaskClient) -> None:
    first = visit(client)
    post_frame(client, first, jpeg(RIGHT))
    client.post(f"/api/calibration?visitor={first}&camera=mine", headers=OURS, json={"roll_deg": 4})
    second = place.services.visitors.get(visit(client, camera="mine"))
    assert isinstance(second, PictureVisitor)
    assert second._live.settings.roll_deg == 4.0
    assert place.services.camera.session.settings.roll_deg == 0.0


@pytest.mark.parametrize("body", [{}, {"seconds": 60}, {"roll_deg": 90}, {"roll_deg": "2"}])
def test_senseless_calibrations_are_refused(client: FlaskClient, body: dict[str, Any]) -> None:
    assert client.post("/api/calibration?camera=0", headers=OURS, json=body).status_code == 400
