"""The start and the practice in a real Chromium, without models: what is preselected and asked, what can be broken off and taken back.

The tests run in this order in one window. The grey of the server's pictures says who stands before its camera.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select

from posecoach.webapp.server import LiveServer, ServeOptions
from tests.shipped import RULE_SETS
from tests.waiting import until
from tests.webapp.axe import serious_issues
from tests.webapp.browser import Screen, chromium
from tests.webapp.fakes import RIGHT, SPEED, FakeCamera, GreyEstimator, Unhurried

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.steps]

PHONE = [(390, 844), (844, 390)]
"""Held upright and across."""
SIZES = [(1366, 768), (1920, 1080), (820, 1180), *PHONE]
WITHOUT_CAMERA = "if (location.hash === '#bare') navigator.mediaDevices.enumerateDevices = async () => [];"
# Everything that is shown: how much wider than the window the page is, what is too small to touch, what too small to read.
MISFITS = """
const shown = (node) => node.checkVisibility({visibilityProperty: true}) && !node.closest('.unseen, .sprite, .skip');
const target = (node) => (node.matches('input[type=radio], input[type=checkbox]') ? node.closest('label') : node).getBoundingClientRect();
const small = [...document.querySelectorAll('button, a, select, input')].filter(shown)
  .filter((node) => target(node).width < 44 || target(node).height < 44).map((node) => node.id || node.name || node.textContent);
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), tiny = [];
while (walker.nextNode()) {
  const [words, node] = [walker.currentNode.textContent.trim(), walker.currentNode.parentElement];
  if (words && shown(node) && parseFloat(getComputedStyle(node).fontSize) < 12) tiny.push(words);
}
return [document.documentElement.scrollWidth - document.documentElement.clientWidth, small, tiny];
"""
IN_VIEW = """
const box = document.querySelector(arguments[0]).getBoundingClientRect();
return box.height > 0 && box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth;
"""


@dataclass
class Coach:
    """A server and the camera it looks through."""

    server: LiveServer
    camera: FakeCamera

    @property
    def check(self) -> Any:
        """The check as the server tells it."""
        return self.server.services.camera.state()["check"]


@pytest.fixture(scope="module")
def coach(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Coach]:
    fake = FakeCamera(fps=8.0, speed=SPEED, patience_s=1.0)
    server = LiveServer(
        ServeOptions(camera="0", port=0, folder=tmp_path_factory.mktemp("state")), RULE_SETS, lambda: GreyEstimator(fake.looked)
    )
    camera = server.services.camera
    camera._source, camera._clock, camera._start_s, camera._pace = fake.pictures, fake.clock, fake.now_s, Unhurried()
    server.start()
    yield Coach(server, fake)
    server.stop()


@pytest.fixture(scope="module")
def blind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server without a camera."""
    server = LiveServer(ServeOptions(port=0, folder=tmp_path_factory.mktemp("blind")), RULE_SETS, GreyEstimator)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    with chromium(tmp_path_factory.mktemp("screen") / "profile") as window:
        window.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WITHOUT_CAMERA})
        yield window


def show_at(screen: Screen, size_wh: tuple[int, int]) -> None:
    size = {"width": size_wh[0], "height": size_wh[1], "deviceScaleFactor": 1, "mobile": False}
    screen.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def fits(screen: Screen) -> None:
    """Nothing is wider than the window, too small to touch or too small to read, at any size, and axe-core finds nothing serious."""
    for size_wh in SIZES:
        show_at(screen, size_wh)
        assert screen.js(MISFITS) == [0, [], []], size_wh
    show_at(screen, SIZES[0])
    assert serious_issues(screen) == []


def chosen_camera(screen: Screen) -> str:
    return str(screen.js("return document.querySelector('input[name=camera]:checked')?.value ?? ''"))


def place(screen: Screen) -> str:
    return str(screen.js("return history.state?.place ?? 'start'"))


def test_where_there_is_no_camera_none_is_chosen_and_words_say_what_to_do(blind: LiveServer, screen: Screen) -> None:
    screen.open(f"{blind.url}#bare")
    until(screen.find("#no-camera").is_displayed, what="words about the camera")
    assert chosen_camera(screen) == ""
    fits(screen)
    screen.click("input[name=profile][value=female]")
    screen.click("#begin")
    assert screen.js("return document.activeElement.id") == "no-camera"
    assert screen.js(IN_VIEW, "#no-camera")
    assert screen.find("#start").is_displayed()


def test_the_browsers_camera_is_chosen_where_only_that_is_there(blind: LiveServer, screen: Screen) -> None:
    screen.open("about:blank")
    screen.open(blind.url)
    until(lambda: chosen_camera(screen) == "own", what="the browser's camera")
    assert not screen.find("input[name=camera][value=server]").is_enabled()
    assert not screen.find("#no-camera").is_displayed()


def test_the_servers_camera_is_chosen_where_it_opens_and_the_profile_is_asked_for_once(coach: Coach, screen: Screen) -> None:
    screen.open(coach.server.url)
    until(lambda: chosen_camera(screen) == "server", what="the server's camera")
    screen.js("localStorage.clear()")
    screen.driver.refresh()
    until(lambda: screen.driver.find_elements("css selector", "input[name=topic]"), what="the topics")
    assert screen.js("return document.querySelectorAll('input[name=profile]:checked').length") == 0
    screen.find("#begin").send_keys(Keys.ENTER)
    assert screen.find("#profile-missing").is_displayed()
    assert screen.js(IN_VIEW, "#profile-missing")
    ActionChains(screen.driver).send_keys(Keys.ARROW_RIGHT, Keys.ENTER).perform()
    until(screen.find("#live").is_displayed, what="the practice, begun with the keyboard alone")
    screen.driver.back()
    until(screen.find("#start").is_displayed, what="the start")
    screen.driver.refresh()
    until(lambda: screen.js("return document.querySelector('input[name=profile]:checked')?.value") == "male", what="the same profile")


def test_the_person_fills_the_stage(coach: Coach, screen: Screen) -> None:
    screen.begin("standing", "female")
    screen.wait_for("good")
    top, bottom = coach.server.services.camera.state()["box"][1::2]

    def share() -> float:
        heights = screen.js("return ['mirror', 'stage'].map((id) => document.getElementById(id).getBoundingClientRect().height)")
        return float((bottom - top) * heights[0] / heights[1])

    until(lambda: 0.85 <= share() <= 1.0, what="a person as high as the stage")
    fits(screen)
    until(lambda: 0.85 <= share() <= 1.0, what="a person as high as the stage again")
    until(lambda: coach.server.services.camera.viewers == 1, what="one stream, whatever sizes were asked for")


def test_on_a_phone_nobody_scrolls_to_see_the_person_or_press_a_button(screen: Screen) -> None:
    for size_wh in PHONE:
        show_at(screen, size_wh)
        for part in ("#banner", "#stage", "#check", "#calibrate"):
            assert screen.js(IN_VIEW, part), (size_wh, part)
    show_at(screen, SIZES[0])


def test_a_check_is_cancelled_by_the_button_and_by_escape(coach: Coach, screen: Screen) -> None:
    for key in (None, Keys.ESCAPE):
        screen.click("#check")
        until(lambda: coach.check and screen.find("#count").is_displayed(), what="a check")
        if key is None:
            screen.click("#check")
        else:
            ActionChains(screen.driver).send_keys(key).perform()
        until(lambda: coach.check is None, what="no check")
        until(lambda: not screen.find("#count").is_displayed())
    assert not screen.find("#result").is_displayed()


def test_a_check_ends_with_its_session_and_is_not_shown_to_the_next(coach: Coach, screen: Screen) -> None:
    screen.click("#check")
    until(lambda: coach.check, what="a check")
    screen.click("#leave")
    until(lambda: coach.check is None, what="no check")
    coach.server.services.camera.session.start_check(3.0)
    screen.click("#begin")
    until(lambda: (now := coach.check) and now["phase"] == "done", what="the end of a check that another page asked for")
    screen.wait_for("good")
    assert not screen.find("#count").is_displayed()
    assert not screen.find("#result").is_displayed()


def test_back_leads_from_the_result_to_the_practice_to_the_start(coach: Coach, screen: Screen) -> None:
    screen.click("#stills")
    screen.click("#check")
    until(screen.find("#result").is_displayed, what="the result card")
    assert place(screen) == "result"
    assert len(screen.driver.find_elements("css selector", "#result-pictures canvas")) == 1, "they do not differ"
    fits(screen)
    screen.driver.back()
    until(lambda: not screen.find("#result").is_displayed())
    assert screen.find("#live").is_displayed()
    until(lambda: coach.check is None, what="a result that is put away")
    screen.driver.back()
    until(screen.find("#start").is_displayed, what="the start")
    screen.driver.forward()
    until(screen.find("#live").is_displayed, what="the practice again")


def test_what_was_not_judged_because_of_the_profile_is_said(coach: Coach, screen: Screen) -> None:
    Select(screen.find("#bar-topic")).select_by_value("sitting")
    Select(screen.find("#bar-profile")).select_by_value("unspecified")
    until(lambda: coach.server.services.camera.state()["topic"] == "sitting")
    screen.click("#check")
    until(screen.find("#result").is_displayed, what="the result card")
    ids = screen.js("return [...document.querySelectorAll('#result-left-out-list li')].map((item) => item.dataset.id)")
    assert set(ids) == {rule.id for rule in RULE_SETS["sitting"].rules if len(rule.profiles) < 3}
    screen.click("#close-result")
    until(lambda: place(screen) == "live")
    Select(screen.find("#bar-topic")).select_by_value("standing")


def test_a_deleted_calibration_can_be_had_back(coach: Coach, screen: Screen) -> None:
    screen.js(
        "return fetch('/api/calibration', {method: 'POST', body: '{\"roll_deg\": 0.5}', headers: {'Content-Type': 'application/json'}})"
    )
    screen.click("#calibrate")
    screen.click("#cal-delete")
    until(screen.find("#cal-undo").is_displayed, what="a way back")
    assert coach.server.services.store.load("server:0") is None
    fits(screen)
    ActionChains(screen.driver).send_keys(Keys.ENTER).perform()
    until(screen.find("#cal-delete").is_displayed, what="the calibration")
    assert screen.text("#cal-degrees") == "+0.5°"
    known = coach.server.services.store.load("server:0")
    assert known is not None
    assert known.roll_deg == 0.5
    screen.find("#calibration").send_keys(Keys.ESCAPE)
    until(lambda: place(screen) == "live")


def test_a_reload_goes_on_practising_and_one_step_leads_out_of_it(coach: Coach, screen: Screen) -> None:
    screen.click("#calibrate")
    until(lambda: place(screen) == "calibration")
    screen.driver.refresh()
    until(lambda: place(screen) == "live", what="the practice")
    screen.wait_for("good")
    screen.click("#leave")
    until(screen.find("#start").is_displayed, what="the start")
    screen.click("#begin")
    screen.wait_for("good")


def test_a_camera_that_is_gone_is_said_where_the_eye_is(coach: Coach, screen: Screen) -> None:
    coach.camera.grey = None
    screen.wait_for("trouble")
    until(screen.find("#trouble").is_displayed, what="what to do")
    assert screen.js("return document.querySelectorAll('#trouble-steps li').length") > 1
    assert screen.js(IN_VIEW, "#trouble")
    assert screen.find("#use-own").is_displayed()
    assert not screen.find("#check").is_enabled()
    fits(screen)
    coach.camera.grey = RIGHT
    screen.wait_for("good")
    assert not screen.find("#trouble").is_displayed()


def test_nothing_goes_wrong(screen: Screen) -> None:
    screen.drain()
    assert screen.complaints == []
