"""The code on the start page that leads a phone to the same practice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Response
from flask.testing import FlaskClient

from posecoach.webapp import create_app, phones
from tests.webapp.fakes import world

SECURE = "https://192.168.1.20:8000"


@pytest.fixture
def client(tmp_path: Path) -> Iterator[FlaskClient]:
    with world(tmp_path, has_camera=False, is_loopback=False) as running:
        yield create_app(running.services).test_client()


@pytest.fixture
def led(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths that codes were made of."""
    paths: list[str] = []
    plain = phones.code_of

    def note(path: str) -> Response:
        paths.append(path)
        return plain(path)

    monkeypatch.setattr(phones, "code_of", note)
    return paths


def test_the_start_page_shows_a_code_of_what_is_chosen(client: FlaskClient, led: list[str]) -> None:
    assert 'id="phone-code"' in client.get("/", base_url=SECURE).get_data(as_text=True)
    answer = client.get("/phone.svg?topic=sitting&profile=female", base_url=SECURE)
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert client.get("/phone.svg?topic=sitting&profile=", base_url=SECURE).status_code == 200
    assert led == ["/#practise=sitting,female", "/#practise=sitting,"]


@pytest.mark.parametrize("query", ["", "?topic=x", "?topic=sitting&profile=x", "?topic=../etc"])
def test_a_code_leads_to_nothing_else(client: FlaskClient, query: str) -> None:
    assert client.get(f"/phone.svg{query}", base_url=SECURE).status_code == 400


def test_there_is_no_code_where_a_phone_would_have_no_camera(client: FlaskClient) -> None:
    plain = SECURE.replace("https", "http")
    assert 'id="phone-code"' not in client.get("/", base_url=plain).get_data(as_text=True)
    assert client.get("/phone.svg?topic=sitting", base_url=plain).get_json()["error"] == "no_phones"
