"""The door to sign in by and all that lies behind it, filled in oddly by nobody and by every role: ``python -m tests.fuzz.signing_in``."""

from __future__ import annotations

import json
import random
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask

from posecoach.history.accounts import Role, account_of
from posecoach.history.database import Records
from posecoach.history.recording import record
from posecoach.webapp import create_app
from posecoach.webapp.logins import Logins
from posecoach.webapp.sessions import Session
from tests.accounts import PASSWORD, hash_cheaply, made
from tests.fuzz.odd import VALUES
from tests.fuzz.requests import answer_to
from tests.history.test_records import agreed, check
from tests.mutations import COUNT, try_all
from tests.webapp.fakes import world

_FORM = "application/x-www-form-urlencoded"
_BEHIND = ("/login", "/logout", "/account", "/records")
_KEYS = (
    *("name", "passphrase", "next", "current", "new", "again", "password", "role", "groups", "group", "person", "consent", "note", "days"),
    *("from", "middle", "to", "values", "visitor"),
)
_LIKELY = (
    "yes",
    "admin",
    "staff",
    "trainer",
    "一组",
    "一组、二组",
    "1",
    "30",
    "2026-01-01",
    PASSWORD,
    "boss",
    "/records/",
    "//x",
    "名\ud800",
)
_NUMBERS = ("1", "2", "3", "99", str(2**31), str(10**30), "-1", "x", "0")
_ACCOUNTS = (None, 1, 2, 3)


def forms(app: Flask, count: int) -> Iterator[bytes]:
    """So many requests as JSON: method, path, query, headers and body; ``account`` among the headers says who asks."""
    dice = random.Random(8)
    rules = [(rule.rule, sorted((rule.methods or set()) - {"OPTIONS", "HEAD"})) for rule in app.url_map.iter_rules()]
    rules = [rule for rule in rules if rule[0].startswith(_BEHIND)]
    for _ in range(count):
        path, methods = dice.choice(rules)
        path = re.sub(r"<[^>]+>", lambda _: dice.choice(_NUMBERS), path)
        given = {dice.choice(_KEYS): dice.choice(_LIKELY) if dice.random() < 0.6 else dice.choice(VALUES) for _ in range(dice.randrange(7))}
        is_form = dice.random() < 0.8
        written = "&".join(f"{key}={quote(str(value), errors='replace')}" for key, value in given.items())
        headers: dict[str, Any] = {"X-Posecoach": "1"} if dice.random() < 0.5 else {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
        headers |= {"Content-Type": _FORM if is_form else "application/json", "account": dice.choice(_ACCOUNTS)}
        yield json.dumps([dice.choice(methods), path, written, headers, written if is_form else json.dumps(given)]).encode()


def main() -> None:
    """Asks a server with three accounts; an answer of 500 ends it."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        hash_cheaply(patch)
        records, logins = Records.open(Path(folder) / "state"), Logins(PASSWORD)
        for name in ("李娜", "王强", "石磊"):
            agreed(records, name, "一组")
            record(records, check(name), "grade")
        made(records, "boss", Role.ADMIN)
        made(records, "coach", Role.TRAINER, None, ["一组"])
        made(records, "li.na", Role.STAFF, 1)
        more: dict[str, Any] = {"logins": logins, "is_loopback": False, "open_records": lambda: records}
        with world(Path(folder) / "calibration", has_camera=False, **more) as running:
            app = create_app(running.services)
            app.logger.disabled = True

            def answered(data: bytes) -> int:
                method, path, query, headers, body = json.loads(data)
                number = headers.pop("account")
                with records.reading() as session:
                    account = None if number is None else account_of(session, number)
                if account is not None:
                    headers["Cookie"] = f"posecoach={logins.sessions.begin(Session(account.id, account.generation))}"
                return answer_to(app, json.dumps([method, path, query, headers, body]).encode())

            try_all("forms", forms(app, COUNT // 2), answered, ())
        records.close()


if __name__ == "__main__":
    main()
