"""Sessions of browsers that recognise people themselves and post landmarks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from posecoach.body.records import Track
from posecoach.live import landmark_visitor
from posecoach.webapp import create_app
from tests.factories import times_ms
from tests.landmark_posts import post_of
from tests.webapp.fakes import FAULT, FIGURES, RIGHT, WRONG, World, jpeg, landmarks_of, world

OURS = {"X-Posecoach": "1"}
SIZE_WH = (300, 300)
FILM = [landmarks_of(FIGURES[grey], SIZE_WH) for grey, count in ((RIGHT, 40), (WRONG, 30)) for _ in range(count)]
STANDS = Track.from_landmarks(times_ms(len(FILM)).tolist(), FILM, SIZE_WH)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with pytest.MonkeyPatch.context() as patch, world(tmp_path_factory.mktemp("state"), has_camera=False) as running:
        patch.setattr(landmark_visitor, "BURST", 1000.0)
        yield running


@pytest.fixture
def client(place: World) -> Iterator[FlaskClient]:
    client = create_app(place.services).test_client()
    yield client
    for visitor in list(place.services.visitors._visitors):
        client.delete(f"/api/visitor/{visitor}", headers=OURS)


def visit(client: FlaskClient, sends: str = "landmarks") -> str:
    answer = client.post("/api/visitor", headers=OURS, json={"sends": sends})
    assert answer.status_code == 200
    return str(answer.get_json()["id"])


def part(first: int, last: int) -> Track:
    """Some frames of the film."""
    arrays = ("t_ms", "pose_px", "pose_world_m", "pose_visibility", "face_px")
    return Track(**{name: getattr(STANDS, name)[first:last] for name in arrays}, size_wh=STANDS.size_wh)


def send(client: FlaskClient, visitor: str, data: bytes, query: str = "") -> Any:
    return client.post(f"/api/visitor/{visitor}/landmarks{query}", headers=OURS, data=data, content_type="application/octet-stream")


def told(client: FlaskClient, visitor: str, first: int = 0) -> list[dict[str, Any]]:
    """What is answered to the film from a frame on, posted five frames at a time."""
    answers = [send(client, visitor, post_of(part(i, i + 5))) for i in range(first, len(STANDS), 5)]
    assert {answer.status_code for answer in answers} == {200}
    return [answer.get_json() for answer in answers]


def test_somebody_is_judged_and_corrected_by_landmarks_alone(client: FlaskClient) -> None:
    states = told(client, visit(client))
    assert states[5]["placement"]["ready"]
    assert states[5]["correction"] is None
    assert states[-1]["correction"]["id"] == FAULT
    assert states[-1]["t_ms"] == pytest.approx(STANDS.t_ms[-1], abs=0.1)
    assert states[-1]["sketch"]["shapes"]
    assert states[-1]["landmarks"] is None
    assert states[-1]["post_ms"] >= 100


def test_two_visitors_are_told_of_themselves_alone(client: FlaskClient) -> None:
    one, other = visit(client), visit(client)
    assert told(client, one)[-1]["correction"]["id"] == FAULT
    first = send(client, other, post_of(part(0, 5)), "?topic=smile").get_json()
    assert (first["topic"], first["correction"], first["score"]) == ("smile", None, None)


def test_a_session_takes_what_it_was_opened_for(client: FlaskClient) -> None:
    landmarks, pictures = visit(client), visit(client, "pictures")
    assert send(client, pictures, post_of(part(0, 5))).get_json()["error"] == "other_kind"
    answer = client.post(f"/api/visitor/{landmarks}/frame", headers=OURS, data=jpeg(RIGHT))
    assert (answer.status_code, answer.get_json()["error"]) == (409, "other_kind")


def test_landmarks_open_more_sessions_than_pictures_may(client: FlaskClient) -> None:
    assert len({visit(client) for _ in range(5)}) == 5


def test_what_cannot_be_taken_is_refused_and_the_session_goes_on(client: FlaskClient) -> None:
    visitor, good = visit(client), post_of(part(0, 5))
    wrong = {b"": "bad_landmarks", good[:-1]: "bad_landmarks", jpeg(RIGHT): "bad_landmarks", bytes(70_000): "too_large"}
    for data, error in wrong.items():
        answer = send(client, visitor, data).get_json()
        assert (answer["error"], "\n" in answer["zh"] + answer["en"]) == (error, False)
    assert send(client, visitor, good).status_code == 200
    assert send(client, visitor, good).get_json()["error"] == "stale"
    assert send(client, visitor, post_of(part(5, 10), sent_s=60.0)).get_json()["error"] == "stale"
    assert send(client, visitor, post_of(part(5, 10))).status_code == 200
    assert send(client, "x" * 24, good).get_json()["error"] == "no_session"


def test_who_posts_too_much_is_told_to_wait(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landmark_visitor, "BURST", 8.0)
    monkeypatch.setattr(landmark_visitor, "MOST_FRAMES_PER_S", 0.01)
    visitor = visit(client)
    assert send(client, visitor, post_of(part(0, 5))).status_code == 200
    refused = send(client, visitor, post_of(part(5, 10)))
    assert (refused.status_code, refused.get_json()["error"]) == (429, "too_fast")
    assert 100 < refused.get_json()["wait_s"] <= 200


def test_a_check_is_judged_as_it_is_before_a_camera(client: FlaskClient) -> None:
    visitor = visit(client)
    send(client, visitor, post_of(part(0, 1)))
    assert client.post(f"/api/visitor/{visitor}/check", headers=OURS, json={"seconds": 3}).status_code == 200
    done = told(client, visitor, first=1)[-1]["check"]
    assert done["phase"] == "done"
    assert {clause["id"]: clause["state"] for clause in done["result"]["clauses"]}[FAULT] == "fail"


def test_a_session_ends_with_its_process_and_the_next_one_has_another(client: FlaskClient, place: World) -> None:
    visitor = visit(client)
    judge = place.services.visitors.get(visitor)._judge  # type: ignore[union-attr]
    judge._process.kill()
    assert send(client, visitor, post_of(part(0, 5))).get_json()["error"] == "no_session"
    assert send(client, visit(client), post_of(part(0, 5))).status_code == 200


def test_nobody_is_let_in_whom_there_is_no_time_to_judge(client: FlaskClient, place: World, monkeypatch: pytest.MonkeyPatch) -> None:
    visitors = [visit(client) for _ in range(3)]
    assert send(client, visitors[0], post_of(part(0, 5))).get_json()["post_ms"] == 100
    for judge in place.services.visitors._judges._judges:
        monkeypatch.setattr(judge, "cost_s", 0.08)
    monkeypatch.setattr(place.services.visitors._judges, "_most", 1)
    assert send(client, visitors[0], post_of(part(5, 10))).get_json()["post_ms"] > 300
    visit(client)
    refused = client.post("/api/visitor", headers=OURS, json={"sends": "landmarks"})
    assert (refused.status_code, refused.get_json()["error"]) == (503, "busy")
    assert refused.get_json()["wait_s"] >= 5


def test_nobody_is_let_in_while_those_inside_wait_long(client: FlaskClient) -> None:
    visitor = visit(client)
    for i in (0, 5):
        assert send(client, visitor, post_of(part(i, i + 5)), "?took=900").status_code == 200
    client.delete(f"/api/visitor/{visit(client)}", headers=OURS)  # the first answers wait for the process
    assert send(client, visitor, post_of(part(10, 15)), "?took=900").status_code == 200
    assert client.post("/api/visitor", headers=OURS, json={"sends": "landmarks"}).status_code == 503
    assert send(client, visitor, post_of(part(15, 20)), "?took=90").status_code == 200
    visit(client)
