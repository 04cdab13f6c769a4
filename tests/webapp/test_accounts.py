"""Signing in with an account: who gets in, what ends it, how guessing is slowed, and where a phone comes to that reads a card's code."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from ipaddress import IPv4Address
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from posecoach.history.accounts import Role, accounts, find_account, set_disabled, set_password, set_role
from posecoach.history.audit import audit_of
from posecoach.history.database import Records
from posecoach.history.passwords import hashed
from posecoach.history.recording import record
from posecoach.judging.live import Settings
from posecoach.live.session import LiveSession
from posecoach.webapp import access, addresses, create_app, streams
from posecoach.webapp.login import is_ours
from posecoach.webapp.logins import Logins
from posecoach.webapp.sessions import IDLE_S, SESSION_S
from posecoach.webapp.tries import ACCOUNT_WINDOW_S, TRIES_ACCOUNT, TRIES_EACH, WINDOW_S, Tries
from tests.accounts import PASSWORD, hash_cheaply, made
from tests.history.test_records import agreed, check
from tests.reports.fakes import person
from tests.shipped import RULE_SETS
from tests.webapp.clock import Clock
from tests.webapp.fakes import World, world

PHRASE = "good posture all day"
NEW = "another good phrase"
OURS = {"X-Posecoach": "1"}
BROWSER = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Records with somebody called 李娜, her account, a trainer's and an admin's."""
    folder = tmp_path_factory.mktemp("filled")
    with pytest.MonkeyPatch.context() as patch:
        hash_cheaply(patch)
        opened = Records.open(folder)
        number = agreed(opened, "李娜", "一组")
        record(opened, check("李娜"), "grade")
        made(opened, "li.na", Role.STAFF, number)
        made(opened, "coach", Role.TRAINER, None, ["一组"])
        made(opened, "boss", Role.ADMIN)
        opened.close()
    return folder


@pytest.fixture
def records(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Records]:
    hash_cheaply(monkeypatch)
    shutil.copytree(filled, tmp_path / "state")
    opened = Records.unprepared(tmp_path / "state")
    yield opened
    opened.close()


@pytest.fixture
def hall(records: Records, tmp_path: Path, clock: Clock) -> Iterator[World]:
    more: dict[str, Any] = {"logins": Logins(PHRASE, clock), "is_loopback": False, "open_records": lambda: records}
    with world(tmp_path, has_camera=False, hosts=frozenset({"localhost", "hall-pc"}), **more) as running:
        yield running


@pytest.fixture
def client(hall: World) -> FlaskClient:
    return create_app(hall.services).test_client()


def sign_in(client: FlaskClient, name: str, password: str = PASSWORD, address: str = "10.0.0.1") -> TestResponse:
    given = {"name": name, "passphrase": password}
    return client.post("/login", json=given, headers=OURS, environ_base={"REMOTE_ADDR": address})


def is_in(client: FlaskClient) -> bool:
    return client.get("/records/people.json").status_code == 200


def test_an_account_opens_practice_and_the_own_record(client: FlaskClient) -> None:
    cookie = sign_in(client, " li.na ").headers["Set-Cookie"]
    assert "HttpOnly; Path=/; SameSite=Strict" in cookie
    assert client.get("/api/status").status_code == 200
    assert client.get("/records/").headers["Location"] == "/records/person/1"
    assert "李娜" in client.get("/records/person/1").text
    under_tls = client.post("/login", json={"name": "li.na", "passphrase": PASSWORD}, headers=OURS, base_url="https://localhost")
    assert under_tls.headers["Set-Cookie"].startswith("__Host-posecoach=")
    assert "Secure" in under_tls.headers["Set-Cookie"]


def test_a_wrong_password_an_unknown_name_and_a_disabled_account_are_answered_alike(client: FlaskClient, records: Records) -> None:
    with records.writing() as session:
        set_disabled(session, find_account(session, "coach").id, is_disabled=True, who="boss")
    answers = [sign_in(client, "li.na", "wrong"), sign_in(client, "nobody"), sign_in(client, "coach"), sign_in(client, "a\x00b")]
    assert {(answer.status_code, answer.text) for answer in answers} == {(403, answers[0].text)}
    assert not is_in(client)


def test_sessions_end_by_signing_out_by_time_and_by_being_left_alone(client: FlaskClient, clock: Clock) -> None:
    sign_in(client, "li.na")
    token = client.get_cookie("posecoach")
    client.post("/logout", headers=OURS)
    assert token is not None
    client.set_cookie("posecoach", token.value)
    assert not is_in(client)
    sign_in(client, "li.na")
    for _ in range(int(SESSION_S / (IDLE_S - 60))):
        clock.now += IDLE_S - 60
        assert is_in(client)
    clock.now += IDLE_S - 60
    assert not is_in(client)
    sign_in(client, "li.na")
    clock.now += IDLE_S + 1
    assert not is_in(client)


@pytest.mark.parametrize("end", ["signed out", "shut out", "another password", "left alone"])
def test_what_is_sent_without_an_end_stops_with_its_session(
    client: FlaskClient, records: Records, clock: Clock, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    monkeypatch.setattr(access, "WATCH_S", 0.0)
    monkeypatch.setattr(streams, "LOOK_S", 0.01)
    sign_in(client, "coach")
    sent = client.get("/api/events").iter_encoded()
    assert next(sent) == b": beat\n\n"
    assert next(sent) is not None, "it goes on"
    with records.writing() as session:
        number = find_account(session, "coach").id
        if end == "shut out":
            set_disabled(session, number, is_disabled=True, who="boss")
        elif end == "another password":
            set_password(session, number, hashed(NEW, "coach"), who="boss")
    if end == "signed out":
        client.post("/logout", headers=OURS)
    elif end == "left alone":
        clock.now += IDLE_S + 1
    assert len(list(islice(sent, 50))) < 3


def test_what_an_admin_does_holds_from_the_next_request_on(client: FlaskClient, records: Records) -> None:
    number = 3
    sign_in(client, "boss")
    with records.writing() as session:
        set_role(session, number, Role.TRAINER, ["二组"], who="other")
    assert (client.get("/records/person/1").status_code, client.get("/accounts/", headers=BROWSER).status_code) == (404, 403)
    with records.writing() as session:
        set_disabled(session, number, is_disabled=True, who="other")
    assert not is_in(client)
    with records.writing() as session:
        set_disabled(session, number, is_disabled=False, who="other")
    assert not is_in(client)
    sign_in(client, "boss")
    assert is_in(client)
    changed = hashed(NEW, "boss")
    with records.writing() as session:
        set_password(session, number, changed, who="other")
    assert not is_in(client)


def test_a_new_password_ends_all_other_sessions(client: FlaskClient, hall: World) -> None:
    other = create_app(hall.services).test_client()
    sign_in(other, "li.na")
    sign_in(client, "li.na")

    def change(current: str, new: str, again: str) -> TestResponse:
        return client.post("/account/password", data={"current": current, "new": new, "again": again}, headers=BROWSER)

    for given in ((PASSWORD, NEW, NEW + "x"), ("wrong", NEW, NEW), (PASSWORD, "short", "short"), (PASSWORD, PASSWORD, PASSWORD)):
        refused = change(*given)
        assert (refused.status_code, 'role="alert"' in refused.text) == (400, True)
    assert is_in(other)
    assert change(PASSWORD, NEW, NEW).status_code == 303
    assert (is_in(client), is_in(other)) == (True, False)
    assert (sign_in(other, "li.na").status_code, sign_in(other, "li.na", NEW).status_code) == (403, 200)


def test_who_was_given_a_password_chooses_their_own_first(client: FlaskClient, hall: World, records: Records) -> None:
    sign_in(client, "boss")
    assert client.post("/accounts/1/password", data={"password": NEW}, headers=BROWSER).status_code == 303
    given = create_app(hall.services).test_client()
    assert sign_in(given, "li.na", NEW).status_code == 200
    assert [given.get(path, headers=BROWSER).headers["Location"] for path in ("/", "/records/person/1")] == ["/account"] * 2
    assert given.get("/api/status").get_json()["error"] == "password"
    assert "别人设的" in given.get("/account").text
    own = {"current": NEW, "new": PASSWORD, "again": PASSWORD}
    assert given.post("/account/password", data=own, headers=BROWSER).headers["Location"] == "/"
    assert given.get("/records/person/1").status_code == 200


def test_an_admin_makes_changes_and_shuts_out_accounts_but_not_the_own(client: FlaskClient, records: Records) -> None:
    sign_in(client, "boss")
    good = {"name": "新教练", "role": "trainer", "groups": "一组，二组", "password": NEW}
    for wrong in ({"name": "boss"}, {"role": "king"}, {"role": "staff"}, {"person": "99"}, {"person": "x"}, {"password": "short"}):
        refused = client.post("/accounts/", data={**good, **wrong}, headers=BROWSER)
        assert (refused.status_code, 'role="alert"' in refused.text) == (400, True), wrong
    assert client.post("/accounts/", data=good, headers=BROWSER).status_code == 303
    assert client.post("/accounts/4/role", data={"role": "trainer", "groups": "二组"}, headers=BROWSER).status_code == 303
    assert client.post("/accounts/4/disable", headers=BROWSER).status_code == 303
    page = client.get("/accounts/").text
    assert [word in page for word in ("新教练", "二组", "已停用", "/accounts/4/enable")] == [True] * 4
    for path in ("/accounts/3/disable", "/accounts/3/role"):
        assert client.post(path, data={"role": "staff"}, headers=BROWSER).status_code == 409
    for path in ("/accounts/99/disable", f"/accounts/{10**30}/disable"):
        assert client.post(path, headers=BROWSER).status_code == 404
    with records.reading() as session:
        assert {item.account.name: item.account.is_disabled for item in accounts(session)}["新教练"]


def test_a_trainer_takes_people_into_own_groups_only(client: FlaskClient) -> None:
    sign_in(client, "coach")
    given = {"name": "新人", "consent": "yes", "group": "一组"}
    for group, status in (("二组", 400), ("", 400), ("一组", 303)):
        assert client.post("/records/people", data={**given, "group": group}, headers=BROWSER).status_code == status


def test_a_trainer_takes_back_what_they_said_themselves_and_nothing_else(client: FlaskClient) -> None:
    for name in ("boss", "coach"):
        sign_in(client, name)
        assert client.post("/records/check/1/review", data={"comment": "好"}, headers=OURS).status_code == 303
    assert client.post("/records/check/1/withdraw", data={"rater": "boss"}, headers=OURS).status_code == 403
    assert client.post("/records/check/1/withdraw", data={"rater": "coach"}, headers=OURS).status_code == 303
    sign_in(client, "boss")
    assert client.post("/records/check/1/withdraw", headers=OURS).status_code == 303, "what boss said is still there"


def test_people_are_told_who_looked_at_their_records(client: FlaskClient, records: Records) -> None:
    for name in ("li.na", "coach", "coach"):
        sign_in(client, name)
        client.get("/records/person/1")
        client.get("/records/check/1")
    with records.reading() as session:
        assert [(entry.who, entry.action) for entry in audit_of(session, 1) if entry.action == "look"] == [("coach", "look")]
    sign_in(client, "li.na")
    page = client.get("/records/person/1").text
    assert re.search("<td>coach</td><td>[^/]*查看", page)


# --- guessing -----------------------------------------------------------------------------------------------------------------


def test_guesses_at_an_account_are_slowed_for_an_address_and_for_the_account(clock: Clock) -> None:
    tries = Tries(clock)
    assert [tries.begin("a", "boss") for _ in range(TRIES_EACH)] == [0.0] * TRIES_EACH
    assert 0 < tries.begin("a", "boss") <= WINDOW_S
    assert 0 < tries.begin("a", "other") <= WINDOW_S
    for i in range(TRIES_ACCOUNT - TRIES_EACH):
        assert tries.begin(f"b{i}", "boss") == 0
    assert 0 < tries.begin("c", "boss") <= ACCOUNT_WINDOW_S
    assert tries.begin("c", "other") == 0
    clock.now += ACCOUNT_WINDOW_S
    assert tries.begin("c", "boss") == 0


def test_no_stranger_keeps_a_colleague_out_where_they_have_signed_in_before(clock: Clock) -> None:
    tries = Tries(clock)
    assert tries.begin("desk", "li.na") == 0
    tries.succeed("desk", "li.na")
    for hour in range(3):
        for i in range(TRIES_ACCOUNT + 5):
            tries.begin(f"{hour}-{i}", "li.na")
            clock.now += 3
        assert tries.begin("new phone", "li.na") > 0
        assert tries.begin("desk", "li.na") == 0
        clock.now += 3600


def test_signing_in_with_the_own_account_gives_no_more_guesses_at_another(client: FlaskClient) -> None:
    said = []
    for _ in range(TRIES_EACH):
        said += [sign_in(client, "boss", "a guess").status_code, sign_in(client, "li.na").status_code]
    assert said.count(403) < TRIES_EACH + 1
    assert sign_in(client, "boss", "a guess").status_code == 429
    assert sign_in(client, "boss", "a guess").get_json()["retry_s"] <= WINDOW_S + 1


def test_who_guesses_at_the_present_password_of_an_open_session_is_slowed_too(client: FlaskClient) -> None:
    sign_in(client, "li.na")
    given = {"current": "a guess", "new": NEW, "again": NEW}
    pages = [client.post("/account/password", data=given, headers=BROWSER).text for _ in range(TRIES_EACH + 1)]
    assert ["试得太多了" in page for page in pages] == [False] * TRIES_EACH + [True]


# --- where one goes after signing in, and how a phone comes to a result -------------------------------------------------------------


@pytest.mark.parametrize(
    "then",
    [
        *("//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "/records//evil.example", "javascript:alert(1)"),
        *(
            "/records/../login",
            "/logout",
            "",
            "/records/\n",
            "/records/person/1?x=//evil",
            "/records/@evil",
            "/records" + "/a" * 200,
            "/recordsx",
        ),
    ],
)
def test_other_places_are_not_ours(then: str) -> None:
    assert not is_ours(then)


def test_nobody_is_led_elsewhere_after_signing_in(client: FlaskClient) -> None:
    then = "//evil.example"
    given = {"name": "li.na", "passphrase": PASSWORD, "next": then}
    assert client.post("/login", data=given, headers=BROWSER).headers["Location"] == "/"
    assert 'name="next" value=""' in client.get("/login", query_string={"next": then}).text


def test_a_phone_reads_the_code_signs_in_and_is_at_the_result(
    client: FlaskClient, hall: World, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, "coach")
    shown = (person(1, None), Settings(next(iter(RULE_SETS.values()))))
    monkeypatch.setattr(LiveSession, "checked", property(lambda _: shown))
    kept = client.post("/records/person/1/checks", json={"values": [clause.value for clause in shown[0].clauses]}, headers=OURS).get_json()
    assert kept == {"new": 1, "page": "/records/check/2", "code": "/records/check/2/qr.svg"}
    drawn: list[str] = []
    monkeypatch.setattr(addresses, "own_addresses", lambda: (IPv4Address("10.0.0.5"),))
    monkeypatch.setattr("segno.make_qr", lambda text, **_: _Code(text, drawn))
    token, other = client.get_cookie("posecoach"), create_app(hall.services).test_client(use_cookies=False)
    assert token is not None
    for host in ("192.168.1.7:8000", "127.0.0.1:8000", "localhost"):
        answer = other.get(kept["code"], headers={"Host": host, "Cookie": f"posecoach={token.value}"})
        assert answer.mimetype == "image/svg+xml"
    assert drawn == [f"http://{host}/records/check/2" for host in ("192.168.1.7:8000", "10.0.0.5:8000", "10.0.0.5")]

    phone = create_app(hall.services).test_client()
    led = phone.get("/records/check/2", headers=BROWSER).headers["Location"]
    form = phone.get(led).text
    then = re.search('name="next" value="([^"]+)"', form)
    assert then is not None
    wrong = phone.post("/login", data={"name": "li.na", "passphrase": "x", "next": then[1]}, headers=BROWSER)
    assert (wrong.status_code, f'value="{then[1]}"' in wrong.text) == (403, True)
    right = phone.post("/login", data={"name": "li.na", "passphrase": PASSWORD, "next": then[1]}, headers=BROWSER)
    page = phone.get(right.headers["Location"])
    assert (right.headers["Location"], page.status_code, "李娜" in page.text) == ("/records/check/2", 200, True)


class _Code:
    """Notes what is drawn instead of drawing it."""

    def __init__(self, text: str, drawn: list[str]) -> None:
        drawn.append(text)

    def save(self, out: Any, **_: object) -> None:
        out.write(b"<svg/>")


def test_the_code_is_a_drawing_that_a_page_can_show(client: FlaskClient) -> None:
    sign_in(client, "li.na")
    answer = client.get("/records/check/1/qr.svg")
    assert answer.data.startswith(b"<?xml")
    assert b"<script" not in answer.data


# --- pages answer as pages ------------------------------------------------------------------------------------------------------


def test_a_page_that_fails_is_a_page(client: FlaskClient) -> None:
    sign_in(client, "boss")
    for path in ("/records/person/99", "/records/check/99", "/records/group/99", "/records/nothing", "/accounts/99", "/nowhere"):
        answer = client.get(path, headers=BROWSER)
        assert (answer.status_code, answer.mimetype, "这一页打不开" in answer.text) == (404, "text/html", True), path
        assert client.get(path, headers=OURS).mimetype == "application/json"


def test_what_scripts_ask_for_fails_as_json(client: FlaskClient) -> None:
    sign_in(client, "boss")
    for answer in (client.get("/api/nothing", headers=BROWSER), client.post("/records/person/99/checks", json={}, headers=OURS)):
        assert set(answer.get_json()) == {"error", "zh", "en"}
