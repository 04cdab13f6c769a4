"""What browsers get to recognise people themselves, and how far the policy is loosened for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from posecoach.resources import RECOGNISER_FILES
from posecoach.webapp import create_app, recogniser
from tests.webapp.fakes import world


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    with world(tmp_path_factory.mktemp("calibration"), has_camera=False) as running:
        yield create_app(running.services).test_client()


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """npm packages in which every file holds its own name."""
    for name in (*RECOGNISER_FILES, "@mediapipe/pose/package.json"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, "utf-8")
    monkeypatch.setattr(recogniser, "npm_file", lambda name: found if (found := tmp_path / name).is_file() else None)
    return tmp_path


def test_functions_are_made_of_text_in_the_worker_and_nowhere_else(client: FlaskClient, installed: Path) -> None:
    with client.get("/recogniser/worker.js") as worker:
        policy = worker.headers["Content-Security-Policy"]
    assert policy == "default-src 'none'; script-src 'self' 'unsafe-eval'; connect-src 'self'"
    for address in ("/", "/recogniser/face_mesh.js", "/static/recogniser/worker.js", "/static/live/page.js"):
        with client.get(address) as found:
            assert found.status_code == 200
            assert "unsafe-eval" not in found.headers["Content-Security-Policy"], address


def test_the_files_lie_side_by_side_and_are_kept_by_the_browser(client: FlaskClient, installed: Path) -> None:
    types = {"face_mesh.js": "text/javascript", "vision_bundle.mjs": "text/javascript", "vision_wasm_internal.wasm": "application/wasm"}
    for name in RECOGNISER_FILES:
        last = name.rpartition("/")[2]
        with client.get(f"/recogniser/{last}") as found:
            assert (found.status_code, found.get_data(as_text=True)) == (200, name)
            assert found.mimetype == types.get(last, found.mimetype)
            assert "no-cache" in found.headers["Cache-Control"]
        with client.get(f"/recogniser/{last}", headers={"If-None-Match": found.headers["ETag"]}) as again:
            assert again.status_code == 304


@pytest.mark.parametrize("name", ["package.json", "@mediapipe/pose/package.json", "..%2Fdeno.lock", "nothing.js"])
def test_nothing_else_of_the_packages_is_handed_out(client: FlaskClient, installed: Path, name: str) -> None:
    assert client.get(f"/recogniser/{name}").status_code == 404


def test_the_page_offers_it_only_where_all_files_are_there(client: FlaskClient, installed: Path) -> None:
    assert "data-recognises" in client.get("/").text
    (installed / RECOGNISER_FILES[-1]).unlink()
    page = client.get("/").text
    assert "data-recognises" not in page
    assert "画面只在教练机上处理" in page
