"""Signing in and out in a real Chromium: only a browser knows what it sends along with a form."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from selenium.webdriver.common.keys import Keys
from werkzeug.serving import make_server

from posecoach.webapp import create_app
from posecoach.webapp.passphrase import Logins
from tests.waiting import until
from tests.webapp.browser import Screen, chromium
from tests.webapp.fakes import world

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHRASE = "good posture all day"


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[str]:
    """The address of a server for a whole hall, behind a pass phrase."""
    with world(tmp_path, has_camera=False, logins=Logins(PHRASE), is_loopback=False) as running:
        server = make_server("127.0.0.1", 0, create_app(running.services), threaded=True)
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        running.services.stopping.set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    with chromium(tmp_path / "profile") as window:
        yield window


def test_the_form_lets_in_whoever_has_the_phrase_and_the_button_ends_it(hall: str, screen: Screen) -> None:
    def at(path: str) -> None:
        until(lambda: screen.driver.current_url == f"{hall}{path}", what=path)

    screen.open(f"{hall}/")
    at("/login")
    screen.find("input[name=passphrase]").send_keys("something else", Keys.ENTER)
    until(lambda: screen.driver.find_elements("css selector", ".error"), what="the word that it is wrong")
    screen.find("input[name=passphrase]").send_keys(PHRASE, Keys.ENTER)
    at("/")
    screen.click("#logout")
    at("/login")
    screen.open(f"{hall}/")
    at("/login")
