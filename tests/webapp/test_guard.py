"""Who may ask and from where, the pass phrase, and the headers of every answer."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from posecoach.webapp import create_app
from posecoach.webapp.logins import Logins
from posecoach.webapp.sessions import SESSION_S
from posecoach.webapp.tries import TRIES_EACH, WINDOW_S
from tests.webapp.clock import Clock
from tests.webapp.fakes import World, world

PHRASE = "good posture all day"
OURS = {"X-Posecoach": "1"}
BROWSER = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[FlaskClient]:
    with world(tmp_path, has_camera=False) as running:
        yield create_app(running.services).test_client()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hall(tmp_path: Path, clock: Clock) -> Iterator[World]:
    """A server for a whole hall, behind a pass phrase."""
    names = frozenset({"localhost", "hall-pc"})
    with world(tmp_path, has_camera=False, logins=Logins(PHRASE, clock), is_loopback=False, hosts=names) as running:
        yield running


@pytest.fixture
def visitor(hall: World) -> FlaskClient:
    return create_app(hall.services).test_client()


def status(client: FlaskClient, host: str) -> int:
    return client.get("/api/status", headers={"Host": host}).status_code


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8000", "127.0.0.5", "[::1]:8000", "LOCALHOST:1"])
def test_names_of_this_machine_are_taken(client: FlaskClient, host: str) -> None:
    assert status(client, host) == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "192.168.1.7:8000", "127.0.0.1.nip.io", "0.0.0.0", "hall-pc"])
def test_other_names_are_refused(client: FlaskClient, host: str) -> None:
    assert status(client, host) in (400, 403)


@pytest.mark.parametrize(
    ("host", "wanted"), [("192.168.1.7:8000", 401), ("hall-pc", 401), ("evil.example", 403), ("hall-pc.evil.example", 403)]
)
def test_a_hall_server_takes_numbers_and_its_own_name(visitor: FlaskClient, host: str, wanted: int) -> None:
    assert status(visitor, host) == wanted


@pytest.mark.parametrize(
    ("headers", "wanted"),
    [
        ({"Origin": "http://localhost"}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        (OURS, 200),
        ({}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost:1"}, 403),
        ({"Origin": "http://evil.example", **OURS}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
    ids=str,
)
def test_changes_come_from_our_own_page(client: FlaskClient, headers: dict[str, str], wanted: int) -> None:
    assert client.post("/api/session", json={}, headers=headers).status_code == wanted


@pytest.mark.parametrize(
    ("headers", "wanted"),
    [
        ({}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}, 200),
        ({"Origin": "http://evil.example"}, 403),
    ],
    ids=str,
)
def test_other_pages_may_link_here_but_not_look(client: FlaskClient, headers: dict[str, str], wanted: int) -> None:
    assert client.get("/api/status", headers=headers).status_code == wanted


@pytest.mark.parametrize("path", ["/", "/api/status", "/nowhere", "/static/live/page.js", "/static/", "/api/session"])
def test_every_answer_has_the_strict_headers(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Permissions-Policy"].startswith("camera=(self)")
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cache-Control"] in ("no-store", "no-cache")


@pytest.mark.parametrize("path", ["/static/", "/static/live/", "/static/../templates/live.html", "/static/%2e%2e/templates/live.html"])
def test_no_folder_is_listed_and_nothing_beside_it_is_served(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("wanted", ["bytes=999999999-", "x" * 2000])
def test_a_part_that_no_file_has_is_the_askers_fault(client: FlaskClient, wanted: str) -> None:
    answer = client.get("/static/live/page.js", headers={"Range": wanted})
    assert (answer.status_code, answer.get_json()["error"]) == (416, "bad_request")


def test_errors_are_json_in_both_languages(client: FlaskClient) -> None:
    for answer in (client.get("/nowhere"), client.get("/api/session"), client.delete("/login", headers=OURS)):
        assert set(answer.get_json()) == {"error", "zh", "en"}


def test_a_mistake_of_ours_shows_no_details(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_self: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("posecoach.live.camera.LiveCamera.state", fail)
    answer = client.get("/api/state")
    assert answer.status_code == 500
    assert b"secret" not in answer.data


# --- the pass phrase ----------------------------------------------------------------------------------------------------------------------


def log_in(client: FlaskClient, phrase: str, address: str = "10.0.0.1") -> Any:
    return client.post("/login", json={"passphrase": phrase}, headers=BROWSER, environ_base={"REMOTE_ADDR": address})


@pytest.mark.parametrize("path", ["/api/status", "/api/state", "/stream.mjpg", "/api/events", "/api/calibration?camera=0"])
def test_nothing_is_told_before_the_pass_phrase(visitor: FlaskClient, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status_code == 401
    assert answer.get_json()["error"] == "login"


def test_the_page_leads_to_the_login(visitor: FlaskClient) -> None:
    assert visitor.get("/").headers["Location"] == "/login"
    assert "passphrase" in visitor.get("/login").get_data(as_text=True)


def test_the_right_pass_phrase_opens_everything_for_twelve_hours(visitor: FlaskClient, clock: Clock) -> None:
    cookie = log_in(visitor, PHRASE).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert PHRASE not in cookie
    assert visitor.get("/api/status").status_code == 200
    clock.now += SESSION_S + 1
    assert visitor.get("/api/status").status_code == 401


def test_under_tls_the_cookie_is_secure(visitor: FlaskClient) -> None:
    answer = visitor.post("/login", json={"passphrase": PHRASE}, headers=BROWSER, base_url="https://localhost")
    assert "Secure" in answer.headers["Set-Cookie"]


def test_the_form_works_without_scripts(visitor: FlaskClient) -> None:
    wrong = visitor.post("/login", data={"passphrase": "wrong phrase"}, headers=BROWSER)
    assert wrong.status_code == 403
    assert wrong.mimetype == "text/html"
    right = visitor.post("/login", data={"passphrase": PHRASE}, headers=BROWSER)
    assert right.headers["Location"] == "/"


def test_a_made_up_cookie_opens_nothing(visitor: FlaskClient) -> None:
    visitor.set_cookie("posecoach", "A" * 43)
    assert visitor.get("/api/status").status_code == 401


def test_five_wrong_tries_lock_an_address_for_a_minute(visitor: FlaskClient, clock: Clock) -> None:
    assert [log_in(visitor, "wrong phrase").status_code for _ in range(5)] == [403] * 5
    refused = log_in(visitor, PHRASE)
    assert refused.status_code == 429
    assert refused.get_json()["retry_s"] <= WINDOW_S + 1
    assert log_in(visitor, PHRASE, "10.0.0.2").status_code == 200
    clock.now += WINDOW_S + 1
    assert log_in(visitor, PHRASE).status_code == 200


def test_many_addresses_together_are_slowed_too(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posecoach.webapp.tries.TRIES_ALL", 6)
    logins = Logins(PHRASE, clock)
    for i in range(6):
        assert logins.open(f"10.0.0.{i}", "wrong") is None
    assert isinstance(logins.open("10.0.1.1", PHRASE), float)


def test_many_tries_at_once_are_no_more_than_one_after_another(clock: Clock) -> None:
    logins = Logins(PHRASE, clock)
    with ThreadPoolExecutor(16) as pool:
        said = list(pool.map(lambda _: logins.open("10.0.0.1", "wrong"), range(16)))
    assert said.count(None) == TRIES_EACH


def test_the_addresses_of_one_network_have_their_tries_together(visitor: FlaskClient) -> None:
    for i in range(TRIES_EACH):
        assert log_in(visitor, "wrong phrase", f"2001:db8::{i}").status_code == 403
    assert log_in(visitor, PHRASE, "2001:db8::ff").status_code == 429


def test_the_pass_phrase_is_not_kept(clock: Clock) -> None:
    logins = Logins(PHRASE, clock)
    assert PHRASE not in repr(vars(logins))


def test_a_cross_site_login_is_refused(visitor: FlaskClient) -> None:
    assert visitor.post("/login", data={"passphrase": PHRASE}, headers={"Origin": "http://evil.example"}).status_code == 403


# --- sessions -----------------------------------------------------------------------------------------------------------------------------


def secret(client: FlaskClient, name: str = "posecoach") -> str:
    found = client.get_cookie(name)
    assert found is not None
    return found.value


def opens(hall: World, token: str) -> bool:
    client = create_app(hall.services).test_client()
    client.set_cookie("posecoach", token)
    return client.get("/api/status").status_code == 200


def test_logging_out_ends_the_session_and_not_only_the_cookie(hall: World, visitor: FlaskClient) -> None:
    log_in(visitor, PHRASE)
    token = secret(visitor)
    answer = visitor.post("/logout", headers=BROWSER)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login")
    assert "cookies" in answer.headers["Clear-Site-Data"]
    assert visitor.get_cookie("posecoach") is None
    assert not opens(hall, token)


def test_other_pages_cannot_log_out(hall: World, visitor: FlaskClient) -> None:
    log_in(visitor, PHRASE)
    assert visitor.post("/logout", headers={"Origin": "http://evil.example"}).status_code == 403
    assert opens(hall, secret(visitor))


def test_a_new_session_of_a_browser_ends_its_last_one_and_no_other(hall: World, visitor: FlaskClient) -> None:
    other = create_app(hall.services).test_client()
    log_in(other, PHRASE)
    log_in(visitor, PHRASE)
    first = secret(visitor)
    log_in(visitor, PHRASE)
    assert not opens(hall, first)
    assert opens(hall, secret(visitor))
    assert opens(hall, secret(other))


def test_the_page_offers_to_log_out_where_there_is_a_login(visitor: FlaskClient, client: FlaskClient) -> None:
    log_in(visitor, PHRASE)
    assert "/logout" in visitor.get("/").get_data(as_text=True)
    assert "/logout" not in client.get("/").get_data(as_text=True)
    assert client.post("/logout", headers=BROWSER).status_code == 404


def test_under_tls_browsers_hold_name_and_cookie_to_tls(visitor: FlaskClient, client: FlaskClient) -> None:
    answer = visitor.post("/login", json={"passphrase": PHRASE}, headers=BROWSER, base_url="https://localhost")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-posecoach=")
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    assert "Strict-Transport-Security" not in visitor.get("/login").headers
    assert "Strict-Transport-Security" not in client.get("/", base_url="https://localhost").headers
