"""Two whole drills in a real Chromium with the real models, hands-free: somebody steps in, does as asked, and sees the result card."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select

from posecoach.resources import rules_dir
from posecoach.rulebook.drill_loading import load_rulebook
from tests.waiting import until
from tests.webapp.browser import SAMPLES, Coach, Screen, chromium, serve
from tests.webapp.films import write_film

pytestmark = [pytest.mark.browser, pytest.mark.model, pytest.mark.slow, pytest.mark.steps, pytest.mark.walk]

VISIT = Path(__file__).parents[2].parent / "shared" / "data" / "moves" / "window_ok_f1_upper.mp4"
FRONT, CROUCH, SMILE = (SAMPLES / name for name in ("stand_ok_hands_front_f5_front.mp4", "crouch_ok_f4_side.mp4", "smile_open_f5_face.mp4"))
APPEARANCE = [(None, 0, 1), (FRONT, 0, 10), (CROUCH, 0, 1.6), (CROUCH, 0, 1.6), (CROUCH, 0, 5.5), (CROUCH, 3.5, 5.5), (SMILE, 0, 5)]
AT_THE_WINDOW = [(None, 0, 2), (VISIT, 0, 1.8), (VISIT, 0, 9.2), (VISIT, 10.4, 14.6), (VISIT, 21.6, 23.8), (VISIT, 27.6, 31.8)]
"""Cut where the person keeps still: waiting for the visitor twice, the hand shown for a second, little handling, one bow at the end."""
MOST_S = 90.0


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped rules, with drills whose steps take three seconds."""
    folder = tmp_path_factory.mktemp("own") / "rules"
    shutil.copytree(rules_dir(), folder)
    for name in ("appearance", "window"):
        path = folder / "drills" / f"{name}.yaml"
        text = path.read_text("utf-8")
        for seconds in ("{seconds: 6}", "{seconds: 5}", "{seconds: 4}", "[{seconds: 8}]"):
            text = text.replace(seconds, seconds.translate({ord(digit): "3" for digit in "4568"}))
        path.write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The films of both drills."""
    folder = tmp_path_factory.mktemp("films")
    write_film(folder / "appearance.mp4", APPEARANCE)
    if VISIT.exists():
        write_film(folder / "window.mp4", AT_THE_WINDOW, speed=1.1)
    return folder


@pytest.fixture(scope="module")
def coach(tmp_path_factory: pytest.TempPathFactory, rules: Path) -> Iterator[Coach]:
    with serve(tmp_path_factory.mktemp("coach"), clip=SMILE, rules=rules) as running:
        yield running


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    with chromium(tmp_path_factory.mktemp("screen") / "profile") as window:
        yield window


def prompts(rules: Path, drill: str) -> list[str]:
    return [step.prompt.zh for step in load_rulebook(rules).drills[drill].steps]


def result(screen: Screen) -> dict[str, str]:
    """The state of each step on the card, once it has opened by itself."""
    until(lambda: screen.find("#result").get_attribute("open"), seconds=MOST_S, what="the result card")
    return {
        str(row.get_attribute("data-id")): str(row.get_attribute("data-state"))
        for row in screen.driver.find_elements(By.CSS_SELECTOR, "#result-steps li")
    }


def said_in_order(screen: Screen, wanted: list[str]) -> bool:
    """Whether all of this was spoken, in this order, whatever else was."""
    spoken = iter(word["text"] for word in screen.spoken())
    return all(text in spoken for text in wanted)


def test_the_full_check_goes_from_stepping_in_to_the_card_without_a_hand(coach: Coach, screen: Screen, rules: Path, films: Path) -> None:
    coach.play(str(films / "appearance.mp4"))
    screen.open(coach.url)
    screen.begin("appearance", "female")
    coach.recorder.wait(lambda state: state["drill"] and state["drill"]["phase"] == "step", 0)
    if VISIT.exists():
        coach.play(str(films / "window.mp4"))  # from the next round on
    states = result(screen)
    assert list(states) == ["front", "side", "crouch", "smile"]
    assert "fail" not in states.values()
    assert "pass" in states.values()
    assert "没有看到" not in screen.text("#result-steps")
    assert said_in_order(screen, ["3", "2", "1", *prompts(rules, "appearance"), "演练完成，请看结果"])
    assert prompts(rules, "appearance")[0] in [note["text"] for note in screen.history()]
    assert "仪容全套检查" in screen.text("#result-what")


def test_a_visit_is_received_at_the_window_without_a_hand(screen: Screen, rules: Path) -> None:
    if not VISIT.exists():
        pytest.skip("needs the rendered movements in ../shared/data/moves")
    screen.js("document.getElementById('result').close()")  # the next person may have closed it by standing there
    Select(screen.find("#bar-topic")).select_by_value("window")
    until(lambda: screen.text("#drill-steps").startswith("问候"), what="the steps of the visit")
    states = result(screen)
    assert list(states) == ["greet", "prepare", "handle", "farewell"]
    assert "fail" not in states.values()
    assert "pass" in states.values()
    assert said_in_order(screen, prompts(rules, "window"))
