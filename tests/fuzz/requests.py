"""The web's addresses, asked for oddly: ``python -m tests.fuzz.requests``."""

from __future__ import annotations

import json
import random
import re
import tempfile
from collections.abc import Iterator
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.test import create_environ, run_wsgi_app

from posecoach.jobs.trainer import TrainerJobs
from posecoach.webapp import create_app
from tests.fuzz.odd import VALUES, nested
from tests.mutations import COUNT, try_all
from tests.webapp.fakes import jpeg, world
from tests.webapp.row_fakes import row_place
from tests.webapp.trainer_fakes import FakeWork

ENDLESS = ("stream", "events")
"""Addresses that answer without an end; a few bytes of them are read."""
_KEYS = (
    *("topic", "profile", "mirror", "seconds", "roll_deg", "camera", "visitor", "name", "key", "picture", "on", "folder", "out", "roster"),
    *("rules", "jobs", "sends", "drill", "annotate", "blur_faces", "path", "text", "passphrase", "lang", "save", "places", "side"),
)
_PATHS = (
    *("/", "//[x", "//", "/%ff", "/\ud800", "/..", "/static/../..", "/api//status", "/static/%00", "/" + "x" * 3000, "*", ""),
    "/trainer/report/0/%0a",
)
_BODIES = (
    *("{", nested(3000), '{"a":' * 3000, "\x00", "5", '"x"', "null", "[]", '{"seconds": NaN}', '{"seconds": 1e999}'),
    '{"seconds": ' + "9" * 400 + "}",
)
_NAMES = ("Host", "Origin", "Cookie", "Content-Type", "Range", "If-Modified-Since", "Accept-Language", "X-Forwarded-For")
_TEXTS = ("[", "[::1", "a]b", "x" * 2000, "posecoach=\x80", "bytes=9-1", "bytes=a", "text/\xff", "0", "::1", "localhost:x")
_ARGUMENT = re.compile(r"<[^>]+>")
_FAULTS = {500, 501, 502, 504}


class FaultError(Exception):
    """An answer that says something went wrong inside."""


def requests_to(app: Flask, count: int, places: tuple[str, ...]) -> Iterator[bytes]:
    """So many requests as JSON: method, path, query, headers and body."""
    dice = random.Random(6)
    rules = [(rule.rule, sorted((rule.methods or set()) - {"OPTIONS", "HEAD"})) for rule in app.url_map.iter_rules()]
    for _ in range(count):
        path, methods = dice.choice(rules)
        method = dice.choice(methods) if dice.random() < 0.9 else dice.choice(("POST", "PUT", "BREW"))
        path = _ARGUMENT.sub(lambda _: str(dice.choice(("0", "x", "..", "a" * 300, "\x00", "名", "index.html"))), path)
        path = dice.choice(_PATHS) if dice.random() < 0.1 else path
        query = "&".join(f"{dice.choice(_KEYS)}={_odd(dice, places)}" for _ in range(dice.randrange(3)))
        yield json.dumps([method, path, query, _headers(dice), _body(dice, places)]).encode()


def _odd(dice: random.Random, places: tuple[str, ...]) -> Any:
    return dice.choice(places) if dice.random() < 0.3 else dice.choice(VALUES)


def _body(dice: random.Random, places: tuple[str, ...]) -> str:
    way = dice.random()
    if way < 0.1:
        return dice.choice(_BODIES)
    if way < 0.15:
        return jpeg(120).decode("latin-1")
    values = {dice.choice(_KEYS): _odd(dice, places) for _ in range(dice.randrange(6))}
    if dice.random() < 0.3:
        values["roster"] = {key: _odd(dice, places) for key in ("text", "name", "path")}
    if dice.random() < 0.3:
        values |= {"folder": places[0], "out": dice.choice(places)}
    return json.dumps(values)


def _headers(dice: random.Random) -> dict[str, str]:
    headers = {"X-Posecoach": "1"}
    if dice.random() < 0.2:
        headers[dice.choice(_NAMES)] = dice.choice(_TEXTS)
    return headers


def answer_to(app: Flask, data: bytes) -> int:
    """The status of the answer to a request, put together below all that a client would mend. Raises `FaultError`."""
    method, path, query, headers, body = json.loads(data)
    environ = create_environ("/", method="POST", input_stream=BytesIO(body.encode("latin-1", "replace")))
    environ |= {"REQUEST_METHOD": method, "PATH_INFO": _as_wsgi(path), "QUERY_STRING": _as_wsgi(query), "REMOTE_ADDR": "127.0.0.1"}
    environ |= {"RAW_URI": _as_wsgi(path), "REQUEST_URI": _as_wsgi(path), "CONTENT_LENGTH": str(len(body))}
    environ["CONTENT_TYPE"] = _as_wsgi(headers.get("Content-Type", ""))
    environ |= {"HTTP_" + name.upper().replace("-", "_"): value for name, value in headers.items()}
    answer, status, _ = run_wsgi_app(app, environ)
    number = int(status.split()[0])
    if not any(word in path for word in ENDLESS):
        b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    if number in _FAULTS:
        raise FaultError(f"{method} {path[:80]!r}: {status}")
    return number


def _as_wsgi(text: str) -> str:
    return text.encode("utf-8", "replace").decode("latin-1")


def main() -> None:
    """Asks the trainer's and the row's server; an answer of 500 ends it."""
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        (room / "clips").mkdir()
        (room / "clips" / "a.mp4").touch()
        places = (str(room / "clips"), str(room / "out"), str(room / "none"), str(room / ("x" * 300)), "/proc/self/mem", "/dev/null")
        jobs = TrainerJobs(room / "state", FakeWork())
        with world(room / "calibration", has_camera=False, trainer=jobs) as running, row_place(room / "row") as place:
            running.services.stopping.set()
            for name, app in (("trainer", create_app(running.services)), ("row", place.client.application)):
                app.logger.disabled = True
                try_all(f"requests to the {name}", requests_to(app, COUNT // 2, places), partial(answer_to, app), ())
        jobs.close()


if __name__ == "__main__":
    main()
