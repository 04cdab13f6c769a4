"""The report in a real browser, opened from disk: sorting, filtering, language, captions, printing, nothing fetched from elsewhere."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np
import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from posecoach.drawing.jpeg import write_jpeg
from posecoach.judging.charts import still_name
from posecoach.judging.results import Results
from posecoach.reports.comparison import Compared, write_comparison
from posecoach.reports.poster import write_posters
from posecoach.reports.report import write_report
from posecoach.reports.rows import ReportClip
from posecoach.storage.video_writer import VideoWriter
from posecoach.vocabulary import Reason, State, Text
from tests.reports.fakes import GENERATOR, RULES, charts, clause, clip, person, report
from tests.shipped import RULE_SETS
from tests.waiting import until
from tests.webapp.browser import Screen, chromium

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PEOPLE = 300
SAID = "return [...document.querySelectorAll('p.caption')].map(line => line.offsetParent ? line.textContent : '')"
UNNAMED = """return [...document.querySelectorAll('svg.plot')]
    .filter(plot => !plot.getAttribute('aria-labelledby').split(' ').every(id => document.getElementById(id)?.textContent)).length"""
TOO_WIDE = """return [...document.querySelectorAll('main *')].filter(part => part.getBoundingClientRect().right > arguments[0] + 1)
    .map(part => part.outerHTML.slice(0, 80))"""
LOADED = """return document.readyState === 'complete'
    && [...document.querySelectorAll('video')].every(video => video.readyState >= 2)
    && [...document.querySelectorAll('track')].every(track => track.readyState === 2 || track.track.mode !== 'showing')"""
EDGE = "return document.querySelector(arguments[0]).getBoundingClientRect()[arguments[1]]"
TIGHT = """return [...document.querySelectorAll('a[href], button, input, select, summary, [role=button]')].map(part => {
    const {width, height} = part.getBoundingClientRect();
    return [width, height, part.outerHTML.slice(0, 80)];
}).filter(([width, height]) => width && height && Math.min(width, height) < 43.5)"""
TINY = """return [...document.querySelectorAll('main *')].filter(part => {
    if (!part.getClientRects().length || ![...part.childNodes].some(node => node.nodeType === 3 && node.textContent.trim())) return false;
    const scale = part.ownerSVGElement ? part.getScreenCTM().d : 1;
    return parseFloat(getComputedStyle(part).fontSize) * scale < 11.9;
}).map(part => part.outerHTML.slice(0, 80))"""
BROKEN = """return [...document.querySelectorAll('th, button')].filter(part => part.checkVisibility()).map(part => {
    const words = document.createRange();
    words.selectNodeContents(part);
    const lines = new Set([...words.getClientRects()].map(box => Math.round(box.top)));
    return [part.innerText, lines.size];
}).filter(([text, lines]) => lines > 1 && text.replace(/\\s/g, '').length < 2 * lines)"""
"""Headings with lines of a single character."""
A4_WIDTH_PX, A4_HEIGHT_PX = round((210 - 2 * 14) / 25.4 * 96), round((297 - 15 - 14) / 25.4 * 96)


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


def opened(screen: Screen, url: str) -> None:
    """Loads a page and waits until its scripts have changed what they change."""
    screen.driver.get(url)
    until(lambda: screen.js("return document.readyState") == "complete", what="the whole page")


@contextmanager
def phone(screen: Screen, width: int) -> Iterator[None]:
    """The window as a phone or a tablet of that width."""
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": True}
    screen.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        yield
    finally:
        screen.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.fixture
def overview(screen: Screen, out: Path) -> Screen:
    opened(screen, (out / "index.html").as_uri())
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


def test_the_video_goes_to_the_moment_and_says_nothing_twice(screen: Screen, out: Path) -> None:
    opened(screen, (out / "people/姓名1.html").as_uri())
    until(lambda: screen.js("return document.querySelector('video').readyState") >= 2, what="the video")
    screen.js("document.querySelector('.evidence [data-seek], .why [data-seek]').click()")
    until(lambda: abs(screen.js("return document.querySelector('video').currentTime") - 2.4) < 0.1, what="2.4 s")
    until(lambda: screen.js("return document.querySelector('track').readyState") == 2, what="the captions")
    assert screen.js("return document.querySelector('video').textTracks[0].mode") == "hidden"
    assert screen.js(SAID) == [""], "the picture says it in Chinese"
    click(screen, "#language")
    until(lambda: screen.js(SAID) == ["Level your shoulders"], what="the English caption")


def test_the_buttons_of_the_video_lie_below_it(screen: Screen, out: Path) -> None:
    opened(screen, (out / "people/姓名1.html").as_uri())
    until(lambda: screen.driver.find_elements(By.CSS_SELECTOR, ".player"), what="the buttons")
    assert screen.js("return document.querySelector('video').controls") is False
    top, bottom = (screen.js(EDGE, css, side) for css, side in ((".player", "top"), ("video", "bottom")))
    assert top >= bottom
    screen.driver.find_element(By.CSS_SELECTOR, ".player button").send_keys("\ue007")
    until(
        lambda: screen.js("return document.querySelector('.player button').getAttribute('aria-label')") == "暂停", what="the video to play"
    )


@pytest.mark.parametrize("width", [390, 820])
@pytest.mark.parametrize("page", ["index.html", "people/姓名1.html", "people.html"])
def test_a_phone_and_a_tablet_show_it_across_with_room_for_fingers(screen: Screen, out: Path, page: str, width: int) -> None:
    with phone(screen, width):
        opened(screen, (out / page).as_uri())
        assert screen.js("return document.documentElement.scrollWidth") <= width
        assert screen.js(TIGHT) == []
        assert screen.js(TINY) == []


def test_no_heading_of_a_comparison_is_broken_into_characters_on_a_phone(screen: Screen, tmp_path: Path) -> None:
    gradings = []
    for states in ((State.PASS, State.FAIL, State.UNJUDGED), (State.FAIL, State.PASS, State.PASS)):
        ids = ("stand.head_up", "stand.shoulders_level", "stand.centred")
        judged = tuple(map(clause, ids, states))
        people = [replace(person(1, name), clauses=judged) for name in ("张敏", "李娜")]
        gradings.append(Results(GENERATOR, RULES, tuple(clip(f"{found.name}.mp4", found) for found in people)))
    page, _ = write_comparison(Compared(gradings[0], gradings[1], ("之前", "之后"), {}), tmp_path)
    with phone(screen, 390):
        for language in ("", "#en"):
            opened(screen, "about:blank")
            opened(screen, page.as_uri() + language)
            assert screen.js("return document.querySelectorAll('.scroll').length") == 2
            assert screen.js(BROKEN) == []
            assert screen.js("return document.documentElement.scrollWidth") <= 390


def test_the_curve_can_be_read_aloud(screen: Screen, out: Path) -> None:
    opened(screen, (out / "people/姓名1.html").as_uri())
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
        opened(screen, (out / page).as_uri())
        for language in ("", "?lang=en"):
            opened(screen, (out / page).as_uri() + language)
            assert screen.js(TOO_WIDE, A4_WIDTH_PX) == []
            assert screen.js("return document.documentElement.scrollWidth") <= A4_WIDTH_PX
    finally:
        screen.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
        screen.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def printed(screen: Screen) -> bytes:
    """The page on paper, as PDF."""
    return base64.b64decode(screen.driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"])


def test_it_prints_on_a4_pages(screen: Screen, out: Path) -> None:
    opened(screen, (out / "people/姓名1.html").as_uri())
    text = printed(screen).decode("latin-1")
    sizes = {tuple(round(float(side)) for side in box.split()) for box in re.findall(r"/MediaBox ?\[([^\]]*)\]", text)}
    assert sizes == {(0, 0, 595, 842)}


@pytest.fixture(scope="module")
def sheets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two people with four clips each; in one of them all of 15 clauses fail, with a picture each."""
    folder = tmp_path_factory.mktemp("paper")
    ids = [f"stand.{letter}" for letter in "abcdefghijklmno"]
    chart, said = charts().clauses[0], Text("右肩低了，请把两肩放平，再轻轻往后收一点", "Level your shoulders")
    all_fail = replace(person(1, "王芳"), clauses=tuple(clause(id_, State.FAIL, said=said) for id_ in ids))
    items = []
    for i, name in enumerate(["王芳", "李娜"] * 4):
        found = all_fail if i == 2 else person(1, name)
        drawn = replace(charts(), clauses=tuple(replace(chart, id=verdict.id) for verdict in found.clauses if verdict.state is State.FAIL))
        items.append(ReportClip(f"c-{i}", None, clip(f"录像/{i}.mp4", found), drawn))
        for shown in drawn.clauses:
            curve = shown.curves[0]
            for extreme in (curve.worst, curve.best):
                write_jpeg(folder / "stills" / f"c-{i}" / still_name(shown.id, extreme), np.full((480, 432, 3), 120, np.uint8), 80)
    write_report(folder, report(items))
    return folder


@pytest.mark.parametrize(("page", "most"), [("people/王芳.html", 4), ("people.html", 8)])
def test_four_clips_take_four_pages_none_broken_each_with_the_name(screen: Screen, sheets: Path, page: str, most: int) -> None:
    opened(screen, (sheets / page).as_uri())
    pages = len(re.findall(rb"/Type ?/Page\b", printed(screen)))
    assert 2 <= pages <= most
    assert screen.js("return document.querySelectorAll('article').length") == most
    assert screen.js("return [...document.querySelectorAll('article')].every(part => part.querySelector('.who').textContent)")
    on_every_page = screen.js("return [...document.styleSheets].flatMap(sheet => [...sheet.cssRules]).map(rule => rule.cssText).join()")
    assert '@page sheet-0 { @top-left { content: "王芳"; }' in re.sub(r"\s+", " ", on_every_page)
    screen.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    size = {"width": A4_WIDTH_PX, "height": 1000, "deviceScaleFactor": 1, "mobile": False}
    screen.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        tallest = screen.js(
            "return Math.max(...[...document.querySelectorAll('article')].map(part => part.getBoundingClientRect().height))"
        )
        assert tallest <= A4_HEIGHT_PX
    finally:
        screen.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
        screen.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.parametrize(("paper", "width"), [("A3", 842), ("A4", 595)])
def test_every_poster_fits_on_one_page(screen: Screen, tmp_path: Path, paper: str, width: int) -> None:
    write_posters(tmp_path / "poster.html", tuple(RULE_SETS.values()))
    opened(screen, (tmp_path / "poster.html").as_uri())
    Select(screen.driver.find_element(By.ID, "paper")).select_by_visible_text(paper)
    pages = printed(screen)
    assert len(re.findall(rb"/Type ?/Page\b", pages)) == len(RULE_SETS.values())
    assert {round(float(box.split()[2])) for box in re.findall(rb"/MediaBox ?\[([^\]]*)\]", pages)} == {width}


def test_what_is_listed_is_what_is_printed_with_the_unit_that_was_typed(overview: Screen, out: Path) -> None:
    overview.driver.find_element(By.ID, "unit").send_keys("政务大厅")
    overview.driver.find_element(By.ID, "f-text").send_keys("姓名29 录像")
    link = overview.driver.find_element(By.ID, "print-all")
    assert link.text == "打印所列 11 人"
    opened(overview, str(link.get_attribute("href")).replace("print&", ""))
    assert len(overview.driver.find_elements(By.CSS_SELECTOR, ".sheet")) == 11
    assert {line.text for line in overview.driver.find_elements(By.CSS_SELECTOR, ".unit-line")} == {"政务大厅"}


def test_nothing_is_asked_of_the_network_and_nothing_goes_wrong(screen: Screen, out: Path) -> None:
    screen.drain()
    screen.requested.clear()
    screen.complaints.clear()
    for page in ("index.html", "people/姓名1.html"):
        opened(screen, (out / page).as_uri())
        until(lambda: screen.js(LOADED), what="its films")
    screen.drain()
    assert {url.split(":")[0] for url in screen.requested} <= {"file", "data"}
    assert screen.complaints == []
