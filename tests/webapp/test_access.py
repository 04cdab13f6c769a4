"""Role x address x outcome: nobody is given another person's data by any address of the server, and no change is made by another page."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from posecoach.history.accounts import Role
from posecoach.history.database import Records
from posecoach.history.recording import record
from posecoach.jobs.trainer import TrainerJobs
from posecoach.webapp import create_app
from posecoach.webapp.logins import Logins
from tests.accounts import PASSWORD, hash_cheaply, made
from tests.history.test_records import agreed, check
from tests.webapp.fakes import world
from tests.webapp.trainer_fakes import FakeWork

PHRASE = "good posture all day"
OURS = {"X-Posecoach": "1"}
BROWSER = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
ELSEWHERE = {"REMOTE_ADDR": "192.168.1.9"}

MINE, BESIDE, OTHER = 1, 2, 3
"""Numbers of people: 李娜 and 王强 of group 1, 石磊 of group 2; each has one check of the same number."""
NAMES = {MINE: "李娜", BESIDE: "王强", OTHER: "石磊"}
SEEN: dict[str, set[int]] = {"stranger": set(), "phrase": set(), "staff": {MINE}, "coach": {MINE, BESIDE}, "admin": {MINE, BESIDE, OTHER}}
ROLES = tuple(SEEN)

ALL, HALL, STAFF, COACH, ADMIN, HERE = (set(ROLES[i:]) for i in range(6))
"""``HERE``: nobody who comes from another machine."""
SELF_OR_ADMIN = {"staff", "admin"}
"""Of their own record."""

# Who gets in, by method and address. A number in an address stands for whose it is: {1} of 李娜 herself, {2} of her group, {3} of another.
TABLE: dict[str, set[str] | dict[int, set[str]]] = {
    "GET /static/<path:filename>": ALL,
    "GET /login": ALL,
    "GET /office-ca.crt": ALL,
    "POST /login": ALL,
    "POST /logout": HALL,
    "GET /": HALL,
    "POST /api/meeting/rosters": HERE,
    "DELETE /api/meeting/rosters": HERE,
    "GET /account": STAFF,
    "POST /account/password": STAFF,
    "GET /accounts/": ADMIN,
    "POST /accounts/": ADMIN,
    "POST /accounts/<int:number>/password": ADMIN,
    "POST /accounts/<int:number>/role": ADMIN,
    "POST /accounts/<int:number>/disable": ADMIN,
    "POST /accounts/<int:number>/enable": ADMIN,
    "GET /records/": STAFF,
    "GET /records/people.json": STAFF,
    "POST /records/people": COACH,
    "POST /records/retention": ADMIN,
    "GET /records/person/<int:number>": {1: STAFF, 2: COACH, 3: ADMIN},
    "GET /records/person/<int:number>/export": {1: STAFF, 2: COACH, 3: ADMIN},
    "POST /records/person/<int:number>/checks": {1: STAFF, 2: COACH, 3: ADMIN},
    "POST /records/person/<int:number>/forget": {3: ADMIN, 2: ADMIN, 1: SELF_OR_ADMIN},
    "GET /records/check/<int:number>": {1: STAFF, 2: COACH, 3: ADMIN},
    "POST /records/check/<int:number>/review": {1: COACH, 2: COACH, 3: ADMIN},
    "POST /records/check/<int:number>/withdraw": {1: COACH, 2: COACH, 3: ADMIN},
    "GET /records/meeting.json": COACH,
    "POST /records/meeting.json": COACH,
    "GET /records/rules": COACH,
    "GET /records/table/<name>": ADMIN,
    "POST /records/table": ADMIN,
    "GET /records/check/<int:number>/qr.svg": {1: STAFF, 2: COACH, 3: ADMIN},
    "GET /records/group/<int:number>": {1: COACH, 2: ADMIN},
    # to practise
    "DELETE /api/calibration": HALL,
    "GET /api/calibration": HALL,
    "POST /api/calibration": HALL,
    "DELETE /api/check": HALL,
    "POST /api/check": HALL,
    "POST /api/drill": HALL,
    "GET /api/events": HALL,
    "GET /api/meeting": HALL,
    "POST /api/meeting/auto": HALL,
    "DELETE /api/meeting/check": HALL,
    "POST /api/meeting/check": HALL,
    "GET /api/meeting/events": HALL,
    "POST /api/meeting/person": HALL,
    "POST /api/meeting/reset": HALL,
    "DELETE /api/meeting/roster": HALL,
    "POST /api/meeting/roster": HALL,
    "GET /api/meeting/rosters": HALL,
    "GET /api/meeting/status": HALL,
    "GET /api/pictures/<rule_id>/<word>.svg": HALL,
    "POST /api/session": HALL,
    "GET /api/state": HALL,
    "GET /api/status": HALL,
    "GET /api/topics": HALL,
    "POST /api/visitor": HALL,
    "DELETE /api/visitor/<visitor_id>": HALL,
    "DELETE /api/visitor/<visitor_id>/check": HALL,
    "POST /api/visitor/<visitor_id>/check": HALL,
    "POST /api/visitor/<visitor_id>/drill": HALL,
    "POST /api/visitor/<visitor_id>/frame": HALL,
    "POST /api/visitor/<visitor_id>/landmarks": HALL,
    "GET /meeting": HALL,
    "GET /meeting/": HALL,
    "GET /meeting/sheet": HALL,
    "GET /meeting/sheet.csv": HALL,
    "GET /meeting/stream.mjpg": HALL,
    "GET /phone.svg": HALL,
    "GET /recogniser/<name>": HALL,
    "GET /recogniser/pose.task": HALL,
    "GET /recogniser/worker.js": HALL,
    "GET /stream.mjpg": HALL,
    # the trainer's, which shows this machine's folders and everybody in them
    "GET /api/trainer": ADMIN,
    "GET /api/trainer/choices": ADMIN,
    "GET /api/trainer/clips": ADMIN,
    "POST /api/trainer/compare": ADMIN,
    "GET /api/trainer/folder": ADMIN,
    "POST /api/trainer/regrade": ADMIN,
    "POST /api/trainer/resume": ADMIN,
    "POST /api/trainer/roster": ADMIN,
    "GET /api/trainer/roster-template": ADMIN,
    "GET /api/trainer/rules": ADMIN,
    "POST /api/trainer/rules": ADMIN,
    "POST /api/trainer/rules/reset": ADMIN,
    "POST /api/trainer/rules/undo": ADMIN,
    "POST /api/trainer/start": ADMIN,
    "POST /api/trainer/stop": ADMIN,
    "GET /api/trainer/table": ADMIN,
    "POST /api/trainer/table": ADMIN,
    "GET /trainer": ADMIN,
    "GET /trainer/": ADMIN,
    "GET /trainer/report/<key>/<path:name>": ADMIN,
}
"""An address that is not named here is a mistake."""
ENDLESS = ("/api/events", "/api/meeting/events", "/stream.mjpg", "/meeting/stream.mjpg", "/recogniser/pose.task")
LAST = ("/disable", "/logout", "/forget")
"""What takes away something that others need, in the order it is asked for."""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with records of three people, and an account for each role."""
    folder = tmp_path_factory.mktemp("filled")
    with pytest.MonkeyPatch.context() as patch:
        hash_cheaply(patch)
        records = Records.open(folder)
        for number, group in ((MINE, "一组"), (BESIDE, "一组"), (OTHER, "二组")):
            assert agreed(records, NAMES[number], group) == number
            record(records, check(NAMES[number], seen_key=f"{number:064d}"), "grade")
        made(records, "staff", Role.STAFF, MINE)
        made(records, "coach", Role.TRAINER, None, ["一组"])
        made(records, "admin", Role.ADMIN)
        made(records, "spare", Role.TRAINER)
        records.close()
    return folder


@dataclass
class Hall:
    """A server for other machines, and its records."""

    app: Flask
    records: Records


@pytest.fixture
def hall(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hall]:
    hash_cheaply(monkeypatch)
    shutil.copytree(filled, tmp_path / "state")
    records, jobs = Records.unprepared(tmp_path / "state"), TrainerJobs(tmp_path / "state", FakeWork())
    more: dict[str, Any] = {"logins": Logins(PHRASE), "is_loopback": False, "trainer": jobs, "is_trainer_remote": True}
    with world(tmp_path, has_camera=False, open_records=lambda: records, **more) as running:
        yield Hall(create_app(running.services), records)
        running.services.stopping.set()
    jobs.close()
    records.close()


def signed_in(hall: Hall, role: str) -> FlaskClient:
    client = hall.app.test_client()
    given = {} if role == "stranger" else {"passphrase": PHRASE} if role == "phrase" else {"name": role, "passphrase": PASSWORD}
    if given:
        assert client.post("/login", json=given, headers=OURS, environ_base=ELSEWHERE).status_code == 200
    return client


def addresses(app: Flask) -> list[tuple[str, str]]:
    """Method and address of all there is, those last that take something away."""
    found = [(method, rule.rule) for rule in app.url_map.iter_rules() for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})]
    return sorted(found, key=lambda each: next((i + 1 for i, end in enumerate(LAST) if each[1].endswith(end)), 0))


def rows_of(method: str, rule: str) -> dict[int, set[str]]:
    """Who gets in, by number; an address that this table does not know is a mistake."""
    outcome = TABLE.get(f"{method} {rule}")
    assert outcome is not None, f"say in TABLE who gets in: {method} {rule}"
    return outcome if isinstance(outcome, dict) else {4: outcome}


def asked(client: FlaskClient, method: str, rule: str, number: int, headers: dict[str, str]) -> TestResponse:
    path = re.sub(r"<int:number>", str(number), rule).replace("<path:filename>", "shared/base.css").replace("<name>", "people.csv")
    return client.open(re.sub(r"<[^>]+>", "x", path), method=method, headers=headers, environ_base=ELSEWHERE)


def is_in(answer: TestResponse, rule: str) -> bool:
    """Whether who asked was let in, whatever became of the request then."""
    if answer.status_code in (401, 403) and b"wrong_pass" not in answer.data:
        return False
    if answer.status_code == 303 and answer.headers["Location"].startswith("/login") and rule not in ("/logout", "/login"):
        return False
    return not (answer.status_code == 404 and rule.startswith("/records"))


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_in_where_the_table_says_and_sees_nobody_else(hall: Hall, role: str) -> None:
    client, wrong, told = signed_in(hall, role), [], []
    for method, rule in addresses(hall.app):
        for number, let_in in rows_of(method, rule).items():
            if rule in ENDLESS and role in let_in:
                continue
            answer = asked(client, method, rule, number, OURS)
            wrong += [f"{method} {rule} {number}"] if is_in(answer, rule) != (role in let_in) else []
            told += [f"{name}: {method} {rule}" for who, name in NAMES.items() if name.encode() in answer.data and who not in SEEN[role]]
            answer.close()
            if rule == "/logout":
                client = signed_in(hall, role)
    assert (wrong, told) == ([], [])


def test_a_browser_is_led_to_sign_in_and_no_further(hall: Hall) -> None:
    for role in ("stranger", "phrase"):
        client = signed_in(hall, role)
        for path in ("/records/", "/records/person/1", "/records/check/1", "/records/group/1", "/account", "/accounts/"):
            assert client.get(path, headers=BROWSER).headers["Location"] == f"/login?next={path}"


def test_what_is_not_there_and_what_is_not_to_be_seen_look_the_same(hall: Hall) -> None:
    client = signed_in(hall, "staff")
    for kind, codes in (("person", {"nobody"}), ("check", {"no_such_check"}), ("group", {"no_group"})):
        answers = [client.get(f"/records/{kind}/{number}", headers=BROWSER) for number in (OTHER, 99, 10**30)]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.text for answer in answers}) == 1, codes


def test_no_other_page_makes_a_change_in_an_admins_name(hall: Hall) -> None:
    client = signed_in(hall, "admin")
    for method, rule in addresses(hall.app):
        if method != "GET":
            for headers in ({}, {"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
                assert asked(client, method, rule, OTHER, headers).status_code == 403, (method, rule, headers)
    assert client.get(f"/records/person/{OTHER}").status_code == 200
