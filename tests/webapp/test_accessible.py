"""Every page for everybody: no serious issue by axe-core in light and dark, and everything reached and worked with the keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from posecoach.history.accounts import Role
from posecoach.history.database import Records
from posecoach.history.recording import record
from posecoach.jobs.trainer import TrainerJobs
from posecoach.judging.results import Results
from posecoach.reports.comparison import load_compared, write_comparison
from posecoach.reports.poster import write_posters
from posecoach.reports.report import write_report
from posecoach.reports.rows import ReportClip
from posecoach.storage.results_json import dump_results
from posecoach.vocabulary import State
from posecoach.webapp import create_app
from posecoach.webapp.logins import Logins
from tests.accounts import PASSWORD, made
from tests.history.test_records import agreed, check
from tests.reports.fakes import GENERATOR, RULES, charts, clause, clip, person, report
from tests.shipped import RULE_SETS
from tests.waiting import until
from tests.webapp.axe import COLOURS, serious_issues
from tests.webapp.browser import Screen, chromium
from tests.webapp.fakes import served, world
from tests.webapp.row_fakes import row_place
from tests.webapp.trainer_fakes import FakeWork

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHRASE = "good posture all day"
CARDS = "return document.querySelectorAll('.card').length"
LINES_OF_HEADLINE = """
const words = document.createRange();
words.selectNodeContents(document.getElementById('headline'));
return words.getClientRects().length;
"""
FOCUSED = """
const at = document.activeElement;
if (!at || at === document.body) return null;
at.dataset.visited = '';
const box = at.getBoundingClientRect();
return {html: at.outerHTML.slice(0, 90), seen: box.width > 0 && box.height > 0, ringed: getComputedStyle(at).outlineStyle !== 'none'};
"""
PASSED_BY = """
const scope = document.querySelector('dialog[open]') || document;
const controls = scope.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]');
const groups = new Set([...scope.querySelectorAll('input[type=radio][data-visited]')].map((radio) => radio.name));
return [...controls].filter((part) => part.checkVisibility() && part.getClientRects().length && !part.disabled)
  .filter((part) => part.tabIndex >= 0 && !('visited' in part.dataset)
  && !(part.type === 'radio' && groups.has(part.name)) && getComputedStyle(part).visibility === 'visible')
  .map((part) => part.outerHTML.slice(0, 110));
"""


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    with chromium(tmp_path_factory.mktemp("accessible") / "profile") as window:
        yield window


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[str]:
    """For other machines too, with somebody who stands right before the camera, and an account."""
    records = Records.open(tmp_path / "records")
    made(records, "boss", Role.ADMIN)
    here = world(tmp_path, logins=Logins(PHRASE), is_loopback=False, open_records=lambda: records, speed=1.0)
    with here as running, served(create_app(running.services)) as url:
        yield url
        running.services.stopping.set()
    records.close()


@pytest.fixture(scope="module")
def work() -> FakeWork:
    return FakeWork()


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clips") / "一班"
    folder.mkdir()
    for name in ("李娜.mp4", "bad.mp4", "c.jpg"):
        (folder / name).write_bytes(b"")
    return folder


@pytest.fixture(scope="module")
def furniture(tmp_path_factory: pytest.TempPathFactory, work: FakeWork) -> Iterator[dict[str, Any]]:
    """What a server needs for a trainer's desk and records."""
    folder = tmp_path_factory.mktemp("furniture")
    jobs, records = TrainerJobs(folder / "jobs", work), Records.open(folder / "records")
    agreed(records, "李娜")
    record(records, check("李娜", done_at=datetime.now(timezone.utc), clauses=(clause("stand.shoulders_level", State.FAIL),)), "grade")
    yield {"trainer": jobs, "open_records": lambda: records}
    jobs.close()
    records.close()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, furniture: dict[str, Any]) -> Iterator[str]:
    """A trainer's desk and records, without a camera, which would be looked at all the time."""
    place = world(tmp_path_factory.mktemp("office"), has_camera=False, **furniture)
    with place as running, served(create_app(running.services)) as url:
        yield url
        running.services.stopping.set()


@pytest.fixture
def meeting(tmp_path: Path, furniture: dict[str, Any]) -> Iterator[str]:
    """The same with a row before the camera."""
    with row_place(tmp_path, **furniture) as place, served(create_app(place.services)) as url:
        yield url
        place.services.stopping.set()


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of three people and a comparison, as they lie on the disk."""
    folder = tmp_path_factory.mktemp("results")
    write_report(
        folder, report([ReportClip(f"c-{i}", f"第{i % 2}组", clip(f"{i}.mp4", person(1, f"姓名{i}")), charts()) for i in range(3)])
    )
    for name, state in (("before", State.FAIL), ("after", State.PASS)):
        (folder / name).mkdir()
        who = replace(person(1, "李娜"), clauses=(clause("stand.shoulders_level", state),))
        (folder / name / "results.json").write_text(dump_results(Results(GENERATOR, RULES, (clip("a.mp4", who),))), "utf-8")
    write_comparison(load_compared(folder / "before", folder / "after"), folder)
    write_posters(folder / "poster.html", [RULE_SETS["smile"]])
    return folder


# --- what fits ----------------------------------------------------------------------------------------------------------------


def is_as_wide(screen: Screen, width: int) -> bool:
    """Whether the window shows so many pixels: a phone shows more where a page is wider."""
    return bool(screen.js("return innerWidth") == width)


def test_the_end_of_a_meetings_check_fits_in_english(screen: Screen, meeting: str) -> None:
    screen.open(f"{meeting}/meeting")
    until(lambda: screen.js(CARDS) > 0 and screen.find("#start").is_enabled())
    screen.js("document.getElementById('seconds').value = '10'; document.getElementById('start').click()")
    until(lambda: screen.js("return document.body.dataset.phase") == "done", 60)
    screen.js("document.getElementById('language').click()")
    try:
        for width, height in ((1280, 720), (390, 844)):
            size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width == 390}
            screen.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
            until(partial(is_as_wide, screen, width), what="nothing wider than the page")
            assert screen.js(LINES_OF_HEADLINE) == 1, width
    finally:
        screen.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        screen.js("document.getElementById('language').click()")


# --- what axe says ------------------------------------------------------------------------------------------------------------


def looked_at(screen: Screen) -> list[str]:
    """The serious issues of what is shown now, in light and dark, which differ in nothing but colours."""
    found = []
    for scheme, rules in (("light", None), ("dark", COLOURS)):
        features = [{"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"}]
        screen.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        found += [f"{scheme} {issue}" for issue in serious_issues(screen, rules)]
    return found


def sign_in(screen: Screen, hall: str) -> None:
    screen.open(f"{hall}/")
    if screen.driver.current_url.endswith("/login"):
        screen.find("input[name=name]").send_keys("boss")
        screen.find("input[name=passphrase]").send_keys(PASSWORD, Keys.ENTER)
    until(lambda: screen.driver.find_elements("css selector", "#begin"), what="the start page")


def test_the_clerks_pages(screen: Screen, hall: str) -> None:
    screen.open(f"{hall}/login")
    issues = {"login": looked_at(screen)}
    sign_in(screen, hall)
    issues["start"] = looked_at(screen)
    screen.open(f"{hall}/account")
    issues["account"] = looked_at(screen)
    screen.open(f"{hall}/")
    screen.begin("standing", "female")
    until(lambda: screen.find("#verdicts").is_displayed(), what="verdicts")
    issues["live"] = looked_at(screen)
    screen.click("#calibrate")
    until(lambda: screen.find("#calibration").is_displayed(), what="the calibration")
    issues["calibration"] = looked_at(screen)
    assert {page: found for page, found in issues.items() if found} == {}


def test_the_trainers_pages(screen: Screen, office: str, work: FakeWork, clips: Path) -> None:
    screen.open(f"{office}/trainer")
    until(lambda: screen.find("#begin").is_displayed(), what="the form")
    issues = {"trainer": looked_at(screen)}
    screen.find("#folder").send_keys(str(clips))
    screen.click("#folder-browse")
    until(lambda: screen.driver.find_elements("css selector", "dialog[open]"), what="the folders")
    issues["folders"] = looked_at(screen)
    ActionChains(screen.driver).send_keys(Keys.ESCAPE).perform()
    until(lambda: screen.driver.find_elements("css selector", "#table select"), what="the table")
    issues["table"] = looked_at(screen)
    screen.js("document.getElementById('limits-open').click()")
    until(lambda: screen.driver.find_elements("css selector", "#limits-list input"), what="the thresholds")
    issues["thresholds"] = looked_at(screen)
    ActionChains(screen.driver).send_keys(Keys.ESCAPE).perform()
    until(lambda: screen.find("#begin").is_enabled(), what="the folder to be counted")
    screen.click("#begin")
    until(lambda: screen.text("#job-title") == "正在评分", what="the grading")
    issues["grading"] = looked_at(screen)
    work.release(9)
    until(lambda: screen.text("#job-title") == "评分完成", what="its end")
    issues["graded"] = looked_at(screen)
    assert {page: found for page, found in issues.items() if found} == {}


def test_the_meetings_pages(screen: Screen, meeting: str) -> None:
    screen.open(f"{meeting}/meeting")
    until(lambda: screen.js(CARDS), what="cards")
    issues = {"meeting": looked_at(screen)}
    screen.click("#roster-open")
    until(lambda: screen.driver.find_elements("css selector", "dialog[open]"), what="the roster")
    issues["roster"] = looked_at(screen)
    assert {page: found for page, found in issues.items() if found} == {}


def test_records_and_reports(screen: Screen, office: str, results: Path) -> None:
    pages = [f"{office}/{path}" for path in ("records/", "records/person/1", "records/check/1", "records/check/99", "accounts/")]
    pages += [(results / "index.html").as_uri(), (results / "compare.html").as_uri(), (results / "poster.html").as_uri()]
    pages += [path.as_uri() for path in sorted((results / "people").glob("*.html"))[:1]]
    issues = {}
    for page in pages:
        screen.open(page)
        screen.js("document.querySelectorAll('details').forEach((part) => (part.open = true))")
        issues[page] = looked_at(screen)
    assert {page: found for page, found in issues.items() if found} == {}


# --- the keyboard alone -------------------------------------------------------------------------------------------------------


def press(screen: Screen, *keys: str) -> None:
    """Keys for whatever has the focus."""
    ActionChains(screen.driver).send_keys(*keys).perform()


def tab_to(screen: Screen, css: str, most: int = 60) -> None:
    """Go there with the tab key."""
    for _ in range(most):
        press(screen, Keys.TAB)
        if screen.js("return document.activeElement.matches(arguments[0])", css):
            return
    raise AssertionError(f"the tab key does not come to {css}")


def goes_round(screen: Screen, most: int = 80) -> list[str]:
    """What is wrong on a way round the page with the tab key: what is focused unseen or without a ring, and what is passed by."""
    wrong, ends = [], 0
    screen.js("document.querySelectorAll('[data-visited]').forEach((part) => delete part.dataset.visited); document.activeElement.blur()")
    for _ in range(most):
        press(screen, Keys.TAB)
        at = screen.js(FOCUSED)
        if at is None:  # between the last control and the first, or a control is gone that had the focus
            ends += 1
            if ends > 2:
                break
            continue
        wrong += [f"unseen: {at['html']}"] if not at["seen"] else []
        wrong += [f"no ring: {at['html']}"] if not at["ringed"] else []
    return [*dict.fromkeys(wrong), *(f"passed by: {part}" for part in screen.js(PASSED_BY))]


@pytest.mark.parametrize(
    ("place", "page"),
    [
        ("meeting", ""),
        ("meeting", "meeting"),
        ("office", "trainer"),
        ("office", "records/"),
        ("office", "accounts/"),
        ("results", "index.html"),
        ("results", "compare.html"),
    ],
)
def test_the_tab_key_comes_to_every_control(place: str, page: str, screen: Screen, request: pytest.FixtureRequest) -> None:
    found = request.getfixturevalue(place)
    screen.open(f"{found.as_uri() if isinstance(found, Path) else found}/{page}")
    until(lambda: screen.js("return document.readyState") != "loading")
    until(lambda: not screen.driver.find_elements("css selector", "#form[hidden] ~ #job[hidden]"), what="the form or the last grading")
    assert goes_round(screen) == []


def test_a_clerk_checks_with_the_keyboard_alone(screen: Screen, hall: str) -> None:
    sign_in(screen, hall)
    if screen.find("#leave").is_displayed():
        tab_to(screen, "#leave")
        press(screen, Keys.ENTER)
    tab_to(screen, "input[name=topic]")
    press(screen, Keys.ARROW_RIGHT)
    tab_to(screen, "input[name=profile]")
    press(screen, Keys.ARROW_RIGHT)
    tab_to(screen, "#begin")
    press(screen, Keys.ENTER)
    until(lambda: screen.find("#live").is_displayed(), what="the live page")
    until(lambda: screen.find("#check").is_enabled(), what="the check")
    assert goes_round(screen) == []
    tab_to(screen, "#check")
    words = screen.text("#check-words")
    press(screen, Keys.ENTER)
    until(lambda: screen.text("#check-words") != words, what="a check that can be cancelled")
    press(screen, Keys.ESCAPE)
    until(lambda: screen.text("#check-words") == words, what="no check")


def test_a_trainer_grades_with_the_keyboard_alone(screen: Screen, office: str, work: FakeWork, clips: Path) -> None:
    screen.open(f"{office}/trainer")
    until(lambda: screen.find("#begin").is_displayed() or screen.find("#again").is_displayed(), what="the page")
    if screen.find("#again").is_displayed():
        tab_to(screen, "#again")
        press(screen, Keys.ENTER)
    tab_to(screen, "#folder")
    press(screen, str(clips))
    tab_to(screen, "#begin")
    until(lambda: screen.text("#folder-note"), what="the folder to be counted")
    press(screen, Keys.ENTER)
    until(lambda: screen.text("#job-title") == "正在评分", what="the grading")
    work.release(9)
    until(lambda: screen.text("#job-title") == "评分完成", what="its end")
    tab_to(screen, "#open-report")


def test_a_meeting_is_held_with_the_keyboard_alone(screen: Screen, meeting: str) -> None:
    screen.open(f"{meeting}/meeting")
    until(lambda: screen.js(CARDS), what="cards")
    press(screen, "r")
    until(lambda: screen.driver.find_elements("css selector", "dialog[open]"), what="the roster")
    press(screen, Keys.ESCAPE)
    tab_to(screen, "#start")
    press(screen, Keys.ENTER)
    until(lambda: screen.find("#during").is_displayed(), what="the check")
    tab_to(screen, "#cancel")
    press(screen, Keys.ENTER)
    until(lambda: screen.find("#before").is_displayed(), what="the start again")
