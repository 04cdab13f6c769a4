"""Signing in and out in a real Chromium: only a browser knows what it sends along with a form."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from posecoach.webapp import create_app
from posecoach.webapp.logins import Logins
from tests.waiting import until
from tests.webapp.browser import Screen, chromium
from tests.webapp.fakes import served, world

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHRASE = "good posture all day"


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[str]:
    """The address of a server for a whole hall, behind a pass phrase."""
    with (
        world(tmp_path, has_camera=False, logins=Logins(PHRASE), is_loopback=False) as running,
        served(create_app(running.services)) as url,
    ):
        yield url
        running.services.stopping.set()


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
