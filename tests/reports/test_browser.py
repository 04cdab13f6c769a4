"""The report in a real browser, opened from disk: sorting, filtering, language, captions, printing, nothing fetched from elsewhere."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np
import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from posecoach.reports.report import write_report
from posecoach.reports.rows import ReportClip
from posecoach.storage.video_writer import VideoWriter
from posecoach.vocabulary import Reason, State
from tests.reports.fakes import charts, clause, clip, person, report
from tests.waiting import until
from tests.webapp.browser import Screen, chromium

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PEOPLE = 300
SHOWN_NAMES = """return [...document.querySelectorAll('#rows tbody tr')].filter(row => row.offsetParent)
    .map(row => row.querySelector('a').textContent)"""
CLAUSE_NUMBER = "return [...document.querySelectorAll('#f-clause option')].find(option => option.textContent === arguments[0]).value"
CUES = """return [...document.querySelector('video').textTracks].filter(track => track.mode === 'showing')
    .flatMap(track => [...track.activeCues].map(cue => cue.text))"""
UNNAMED = """return [...document.querySelectorAll('svg.plot')]
    .filter(plot => !plot.getAttribute('aria-labelledby').split(' ').every(id => document.getElementById(id)?.textContent)).length"""
TOO_WIDE = """return [...document.querySelectorAll('main *')].filter(part => part.getBoundingClientRect().right > arguments[0] + 1)
    .map(part => part.outerHTML.slice(0, 80))"""
LOADED = """return document.readyState === 'complete'
    && [...document.querySelectorAll('video')].every(video => video.readyState >= 2)
    && [...document.querySelectorAll('track')].every(track => track.readyState === 2 || track.track.mode !== 'showing')"""
A4_WIDTH_PX = round((210 - 2 * 14) / 25.4 * 96)


def _person(name: str, i: int) -> Any:
    """Every third meets the standard; scores are all different."""
    states = [State.PASS, State.PASS if i % 3 == 0 else State.FAIL, State.WARN]
    ids = ["stand.head_up", "stand.shoulders_level", "stand.centred"]
    clauses = [clause(id_, state) for id_, state in zip(ids, states, strict=True)]
    clauses.append(clause("stand.trunk_upright", State.UNJUDGED, reason=Reason.VIEW))
    found = person(1, name, 20 + i / 5)
    return type(found)(1, name, found.score, "meets" if i % 3 == 0 else "improve", found.segments, tuple(clauses))


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("报告 report")
    with VideoWriter(folder / "annotated/a.mp4", (320, 240), 10) as writer:
        for i in range(80):
            writer.write(np.full((240, 320, 3), i, np.uint8), 100.0 * i)
    items = [
        ReportClip(f"c-{i}", f"第{i % 4}组", clip(f"录像/{i}.mp4", _person(f"姓名{i}", i), annotated="annotated/a.mp4"), charts())
        for i in range(PEOPLE)
    ]
    write_report(folder, report(items))
    return folder


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    with chromium(tmp_path_factory.mktemp("profile")) as found:
        yield found


@pytest.fixture
def overview(screen: Screen, out: Path) -> Screen:
    screen.driver.get((out / "index.html").as_uri())
    return screen


def names(screen: Screen) -> list[str]:
    """The rows shown, from the top."""
    return list(
        screen.js(
            "return [...document.querySelectorAll('#rows tbody tr')].filter(r => r.offsetParent).map(r => r.querySelector('a').textContent)"
        )
    )


def click(screen: Screen, css: str) -> None:
    screen.driver.find_element(By.CSS_SELECTOR, css).click()


def choose(screen: Screen, field: str, value: str) -> None:
    Select(screen.driver.find_element(By.ID, field)).select_by_value(value)


def test_the_overview_of_300_people_is_one_light_page(overview: Screen, out: Path) -> None:
    until(lambda: overview.js("return document.readyState") == "complete")
    assert len(names(overview)) == PEOPLE
    assert overview.js("return performance.getEntriesByType('resource').length") == 0, "no picture or video before it is asked for"
    assert (out / "index.html").stat().st_size < 2000 * PEOPLE
    assert overview.js("return document.querySelectorAll('*').length") < 50 * PEOPLE


def test_a_column_sorts_both_ways(overview: Screen) -> None:
    click(overview, "#rows th.number [role=button]")
    assert names(overview)[:2] == ["姓名299", "姓名298"]
    overview.driver.find_element(By.CSS_SELECTOR, "#rows th.number [role=button]").send_keys("\ue007")
    assert names(overview)[:2] == ["姓名0", "姓名1"]
    assert overview.js("return document.querySelector('#rows th.number').getAttribute('aria-sort')") == "ascending"
    click(overview, "#rows th:first-child [role=button]")
    assert names(overview)[9:12] == ["姓名9", "姓名10", "姓名11"]


def test_rows_are_filtered_by_text_group_outcome_and_clause(overview: Screen) -> None:
    overview.driver.find_element(By.ID, "f-text").send_keys("姓名29 录像")
    assert names(overview) == ["姓名29", *(f"姓名29{i}" for i in range(10))]
    assert "11" in overview.text("#count")
    choose(overview, "f-group", "第1组")
    assert names(overview) == ["姓名29", "姓名293", "姓名297"]
    choose(overview, "f-outcome", "meets")
    assert names(overview) == ["姓名297"]
    click(overview, "#filters button[type=reset]")
    until(lambda: len(names(overview)) == PEOPLE)
    choose(
        overview,
        "f-clause",
        overview.js("return [...document.querySelectorAll('#f-clause option')].find(o => o.textContent === '肩平').value"),
    )
    assert len(names(overview)) == 2 * PEOPLE / 3
    choose(overview, "f-state", "p")
    assert len(names(overview)) == PEOPLE / 3
    choose(overview, "f-state", "u")
    assert names(overview) == []


def test_a_clause_often_missed_leads_to_those_who_missed_it(overview: Screen) -> None:
    click(overview, ".missed button")
    assert len(names(overview)) == 2 * PEOPLE / 3
    assert "姓名0" not in names(overview)


def test_the_language_goes_along_to_the_person_and_back(overview: Screen) -> None:
    click(overview, "#language")
    assert overview.driver.find_element(By.TAG_NAME, "h1").text == "Grading report"
    click(overview, "#rows tbody tr:nth-child(2) a")
    assert unquote(overview.driver.current_url).endswith("people/姓名1.html?lang=en#c-1")
    assert "Timeline" in overview.driver.find_element(By.TAG_NAME, "main").text
    assert "时间轴" not in overview.driver.find_element(By.TAG_NAME, "main").text
    click(overview, "nav a")
    assert overview.driver.find_element(By.TAG_NAME, "h1").text == "Grading report"


def test_the_video_plays_with_captions_and_goes_to_the_moment(screen: Screen, out: Path) -> None:
    screen.driver.get((out / "people/姓名1.html").as_uri())
    until(lambda: screen.js("return document.querySelector('video').readyState") >= 2, what="the video")
    screen.js("document.querySelector('.evidence [data-seek], .why [data-seek]').click()")
    until(lambda: abs(screen.js("return document.querySelector('video').currentTime") - 2.4) < 0.1, what="2.4 s")
    until(lambda: screen.js("return document.querySelector('track').readyState") == 2, what="the captions")
    until(lambda: screen.js(CUES) == ["右肩低了，请把两肩放平"], what="the caption")
    click(screen, "#language")
    until(lambda: screen.js(CUES) == ["Level your shoulders"], what="the English caption")


def test_the_curve_can_be_read_aloud(screen: Screen, out: Path) -> None:
    screen.driver.get((out / "people/姓名1.html").as_uri())
    plot = screen.driver.find_element(By.CSS_SELECTOR, "svg.plot")
    assert plot.aria_role in ("image", "img")
    assert "肩平" in plot.accessible_name
    assert screen.js(UNNAMED) == 0


@pytest.mark.parametrize("page", ["index.html", "people/姓名1.html"])
def test_a4_holds_everything_across(screen: Screen, out: Path, page: str) -> None:
    screen.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    screen.driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": A4_WIDTH_PX, "height": 1000, "deviceScaleFactor": 1, "mobile": False}
    )
    try:
        screen.driver.get((out / page).as_uri())
        for language in ("", "?lang=en"):
            screen.driver.get((out / page).as_uri() + language)
            assert screen.js(TOO_WIDE, A4_WIDTH_PX) == []
            assert screen.js("return document.documentElement.scrollWidth") <= A4_WIDTH_PX
    finally:
        screen.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
        screen.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_it_prints_on_a4_pages(screen: Screen, out: Path) -> None:
    screen.driver.get((out / "people/姓名1.html").as_uri())
    printed = screen.driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})
    text = base64.b64decode(printed["data"]).decode("latin-1")
    sizes = {tuple(round(float(side)) for side in box.split()) for box in re.findall(r"/MediaBox ?\[([^\]]*)\]", text)}
    assert sizes == {(0, 0, 595, 842)}


def test_nothing_is_asked_of_the_network_and_nothing_goes_wrong(screen: Screen, out: Path) -> None:
    screen.drain()
    screen.requested.clear()
    screen.complaints.clear()
    for page in ("index.html", "people/姓名1.html"):
        screen.driver.get((out / page).as_uri())
        until(lambda: screen.js(LOADED), what="all of the page")
    screen.drain()
    assert {url.split(":")[0] for url in screen.requested} <= {"file", "data"}
    assert screen.complaints == []
