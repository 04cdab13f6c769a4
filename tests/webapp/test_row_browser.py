"""A morning meeting in a real Chromium with the real models: the server's camera shows a rendered row of five, whose faults are known."""

from __future__ import annotations

import csv
import io
import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from tests.waiting import until
from tests.webapp.browser import Coach, Screen, chromium, serve
from tests.webapp.unhurried import PATIENCE_S

pytestmark = [pytest.mark.browser, pytest.mark.model, pytest.mark.slow, pytest.mark.steps]
FAULT_CLAUSES = {"shoulder_tilt": "Shoulders level", "feet_wide": "Legs together"}
CHECK_S = 10
WALL_WH = (1920, 1223)
"""A window whose page is 1920x1080, as on a wall screen: Chromium takes 143 px itself."""
OVERLAPS = """
const boxes = [...document.querySelectorAll('.card')].map((card) => card.getBoundingClientRect());
const lie = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
return boxes.filter((a, i) => boxes.some((b, j) => j < i && lie(a, b))).length;
"""
SMALLEST = """
const words = [...document.querySelectorAll('.card p, .card b')].filter((words) => words.offsetParent && words.textContent);
return Math.min(...words.map((words) => parseFloat(getComputedStyle(words).fontSize)));
"""
PICTURE = """
const to = document.createElement('canvas');
[to.width, to.height] = [320, 180];
to.getContext('2d').drawImage(document.getElementById('stream'), 0, 0, 320, 180);
return to.toDataURL();
"""
SHARE = """
const [picture, stage] = ['picture', 'stage'].map((id) => document.getElementById(id).getBoundingClientRect());
return (Math.min(picture.right, stage.right) - Math.max(picture.left, stage.left)) / stage.width;
"""
CORRECTIONS = "return [...document.querySelectorAll('article')].map((c) => c.querySelector('.corrections')?.textContent ?? '')"


@pytest.fixture(scope="module")
def clip(shared_data: Path) -> Path:
    """A rendered row of five."""
    return shared_data / "clips" / "lineup_5_front.mp4"


@pytest.fixture(scope="module")
def people(clip: Path) -> list[dict[str, str]]:
    """Who stands in the clip from left to right."""
    return list(json.loads(clip.with_suffix(".json").read_text("utf-8"))["people"])


@pytest.fixture(scope="module")
def coach(clip: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Coach]:
    with serve(tmp_path_factory.mktemp("row"), clip=clip) as running:
        yield running


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    with chromium(tmp_path_factory.mktemp("screen") / "profile", size_wh=WALL_WH) as window:
        yield window


def titles(screen: Screen) -> list[str]:
    """What the cards are called, in the order they stand on the wall."""
    script = "return [...document.querySelectorAll('.card')].map((c) => [c.getBoundingClientRect().left, c.querySelector('b').textContent])"
    return [title for _, title in sorted(screen.js(script))]


def test_five_cards_stand_over_five_people_in_order(coach: Coach, screen: Screen) -> None:
    screen.open(coach.url)
    screen.click("#to-row")
    until(lambda: titles(screen) == [f"{number} 号" for number in range(1, 6)], what="five cards")
    until(lambda: screen.js(OVERLAPS) == 0, what="cards apart")
    until(lambda: not screen.driver.find_elements("css selector", ".card.unjudged"), what="everybody's verdict")
    assert screen.js(SMALLEST) >= 26
    assert len(set(screen.js("return [...document.querySelectorAll('#cards li')].map((card) => card.getBoundingClientRect().top)"))) == 1
    until(lambda: screen.js(SHARE) >= 0.7, what="the picture to take 70 % of the width")
    until(lambda: screen.js("return document.getElementById('stream').naturalWidth") == 1280)


def test_a_roster_names_the_row_and_a_person_is_renamed_with_the_keyboard(
    coach: Coach, screen: Screen, people: list[dict[str, str]], tmp_path: Path
) -> None:
    rows = [f"{person['character']},{person['gender']}\n" for person in people]
    (tmp_path / "row.csv").write_text("name,profile\n" + "".join(rows), "utf-8")
    screen.find("body").send_keys("r")
    screen.find("#roster-file").send_keys(str(tmp_path / "row.csv"))
    named = [f"{number} {person['character']}" for number, person in enumerate(people, 1)]
    until(lambda: titles(screen) == named, what="the names")
    until(lambda: screen.js("return document.querySelector('#roster-list input').value") == people[0]["character"])
    screen.find("#roster-name").send_keys("早班")
    screen.click("#roster-keep")
    until(lambda: screen.text("#roster-kept") == "早班")
    assert screen.js("return document.documentElement.scrollWidth <= innerWidth")
    screen.find("#roster-pick").send_keys(Keys.ESCAPE)
    screen.find("body").send_keys("2")
    until(lambda: screen.find("#person-name").is_displayed())
    assert screen.find("#person-name").get_attribute("value") == people[1]["character"]
    screen.find("#person-name").send_keys(Keys.BACKSPACE * 5, "李娜", Keys.ENTER)
    until(lambda: titles(screen)[1] == "2 李娜", what="the new name")


def test_the_shoulders_are_corrected_on_the_right_card(screen: Screen, people: list[dict[str, str]]) -> None:
    at = [person["fault"] for person in people].index("shoulder_tilt")

    def said() -> list[str]:
        return list(screen.js("return [...document.querySelectorAll('.card')].map((card) => card.querySelector('p').textContent)"))

    until(lambda: "肩" in said()[at], what="the shoulders")
    assert not any("肩" in words for i, words in enumerate(said()) if i != at)


def test_pictures_flow(coach: Coach, screen: Screen) -> None:
    first = screen.js(PICTURE)
    until(lambda: screen.js(PICTURE) != first, what="another picture")
    until(lambda: coach.ask("GET", "/api/meeting/status")[1]["shown_fps"] > 0, what="pictures to be counted")
    assert coach.ask("GET", "/api/meeting/status")[1]["at_work"]


def test_the_hold_ends_with_the_sheet_and_faults_are_the_right_persons(coach: Coach, screen: Screen, people: list[dict[str, str]]) -> None:
    screen.js(f"document.getElementById('seconds').value = '{CHECK_S}'")
    screen.find("body").send_keys("s")
    until(lambda: screen.find("#count").is_displayed(), what="the countdown")
    assert screen.js("return document.getElementById('count').closest('#stage')") is None, "it covers nobody"
    until(lambda: screen.text("#headline").startswith("保持站姿，还有"), what="the hold timer")
    until(lambda: screen.text("#headline").startswith("检查完成"), PATIENCE_S, what="the end")
    with urllib.request.urlopen(f"{coach.url}meeting/sheet.csv") as answer:
        rows = list(csv.DictReader(io.StringIO(answer.read().decode("utf-8-sig"))))
    assert [row["name"] for row in rows] == [people[0]["character"], "李娜", *(person["character"] for person in people[2:])]
    tally = [sum(row["outcome"] != "not_judged" and (int(row["failed"]) > 0) is fails for row in rows) for fails in (False, True)]
    until(lambda: screen.text("#tally").startswith(f"{tally[0]}所见部分达标{tally[1]}需改正"), what="the tally")
    state = coach.ask("GET", "/api/meeting")[1]
    assert [person["state"] for person in state["check"]["people"]] == ["fail" if int(row["failed"]) else "pass" for row in rows]
    until(lambda: screen.find("#still").is_displayed(), what="the picture of the last moment")
    until(lambda: len(screen.driver.find_elements("css selector", ".frame")) == len(people), what="their frames")
    screen.click("#sheet")
    until(lambda: len(screen.driver.window_handles) == 2)
    screen.driver.switch_to.window(screen.driver.window_handles[-1])
    until(lambda: screen.driver.find_elements("css selector", ".card"))
    cards = screen.js(CORRECTIONS)
    for person, card in zip(people, cards, strict=True):
        for fault, clause in FAULT_CLAUSES.items():
            assert (clause in card) == (person["fault"] == fault), (person["character"], fault)
    screen.driver.close()
    screen.driver.switch_to.window(screen.driver.window_handles[0])


def test_the_models_go_when_the_page_is_left_and_nobody_else_was_asked(coach: Coach, screen: Screen) -> None:
    screen.drain()
    screen.open(coach.url)
    until(lambda: not coach.ask("GET", "/api/meeting/status")[1]["at_work"], what="the camera to be the coach's again")
    assert coach.ask("GET", "/api/meeting")[1]["people"] == []
    assert {url for url in screen.requested if not url.startswith((coach.url, "data:", "blob:", "chrome:", "chrome-untrusted:"))} == set()
    assert screen.complaints == []
