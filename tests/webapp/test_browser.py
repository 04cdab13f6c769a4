"""The page in a real Chromium, with the real models: what somebody practising sees and hears.

The tests run in this order on one server and two windows. The first window practises with a fault, then with its own camera; the second one
looks on, and while the first is busy it watches a right posture for a minute.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select

from posecoach.history.database import Records
from posecoach.history.people import add_person
from posecoach.sources.landmark_posts import MOST_FRAMES
from posecoach.webapp.recogniser import has_recogniser
from tests.waiting import until
from tests.webapp.browser import Coach, Screen, chromium, serve, write_y4m

pytestmark = [pytest.mark.browser, pytest.mark.model, pytest.mark.slow, pytest.mark.steps]

FOLDED, RIGHT = "meeting_arms_folded_f4_front.mp4", "stand_ok_hands_front_f5_front.mp4"
FAULT = "meeting.no_fault_arms"
UNFOLD = "请把抱着的手臂放下来"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
MINUTE_MS = 60_000


@dataclass
class Minute:
    """Since when the right posture is watched."""

    first: int = 0
    since_s: float = 0.0


@pytest.fixture(scope="module")
def coach(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Coach]:
    with serve(tmp_path_factory.mktemp("coach")) as running:
        yield running


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    folder = tmp_path_factory.mktemp("screen")
    with chromium(folder / "profile", write_y4m(FOLDED, folder / "camera.y4m")) as window:
        yield window


@pytest.fixture(scope="module")
def onlooker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    with chromium(tmp_path_factory.mktemp("onlooker") / "profile", size_wh=(820, 1180)) as window:
        yield window


@pytest.fixture(scope="module")
def minute() -> Minute:
    return Minute()


def is_painted(screen: Screen, css: str) -> bool:
    """Whether a picture or canvas holds more than one colour."""
    script = """
        const from = document.querySelector(arguments[0]), to = document.createElement("canvas");
        [to.width, to.height] = [64, 48];
        const pen = to.getContext("2d");
        try { pen.drawImage(from, 0, 0, 64, 48); } catch { return false; }
        return new Set(new Uint32Array(pen.getImageData(0, 0, 64, 48).data.buffer)).size > 20;"""
    return bool(screen.js(script, css))


def test_a_camera_that_is_missing_is_named_and_a_fault_is_corrected_when_it_appears(coach: Coach, screen: Screen) -> None:
    screen.open(coach.url)
    screen.begin("morning_meeting", "female")
    first = len(coach.recorder.came)
    _, lost = coach.recorder.wait(lambda state: state["camera"]["state"] == "lost", 0)
    until(lambda: screen.shown() == ("trouble", lost["camera"]["zh"]))
    coach.play(FOLDED)
    _, told = coach.recorder.wait(lambda state: state["correction"], first)
    assert (told["topic"], told["profile"], told["correction"]["id"]) == ("morning_meeting", "female", FAULT)
    assert screen.wait_for("fix") == told["correction"]["zh"]
    assert screen.text("#spoken") == told["correction"]["zh"], "readers of the screen are told the same"
    row = f"#side li[data-id='{FAULT}'][data-state='fail']"
    until(lambda: screen.driver.find_elements(By.CSS_SELECTOR, row), what="the failed clause in the list")
    assert screen.text(row).strip()
    until(lambda: is_painted(screen, "#stream"), what="pictures of the server's camera")


def test_one_correction_stays_as_long_as_the_fault(coach: Coach, screen: Screen) -> None:
    first = len(coach.recorder.came)
    until(lambda: len(coach.recorder.came) > first + 15)
    told = {(state["correction"]["id"], state["correction"]["since_ms"]) for state in coach.recorder.states(first)}
    assert len(told) == 1
    assert [note["text"] for note in screen.history() if note["kind"] == "fix"] == [UNFOLD]


def test_nothing_is_spoken_while_the_voice_is_off_then_each_correction_once(coach: Coach, screen: Screen) -> None:
    assert screen.spoken() == []
    assert screen.find("#voice").get_attribute("aria-pressed") == "false"
    screen.find("body").send_keys("m")
    assert screen.find("#voice").get_attribute("aria-pressed") == "true"
    until(screen.spoken)
    first = len(coach.recorder.came)
    until(lambda: len(coach.recorder.came) > first + 40)
    spoken = screen.spoken()
    assert {(word["voice"], word["lang"]) for word in spoken} == {("Local", "zh-CN")}
    assert spoken[0]["text"] == next(note["text"] for note in screen.history() if note["kind"] == "fix")
    for earlier, later in pairwise(spoken):
        assert later["at"] - earlier["at"] > (15_000 if later["text"] == earlier["text"] else 6_000) - 100
    screen.find("body").send_keys("m")
    assert screen.find("#voice").get_attribute("aria-pressed") == "false"


def test_a_voice_that_would_send_the_words_away_is_refused(screen: Screen) -> None:
    before = len(screen.spoken())
    screen.js("window.spy.kept = window.spy.voices; window.spy.voices = [['Cloud', 'zh-CN', false]]; window.spy.tell()")
    screen.click("#voice")
    assert screen.find("#voice-why").is_displayed()
    assert screen.find("#voice").get_attribute("aria-pressed") == "false"
    assert len(screen.spoken()) == before
    screen.js("window.spy.voices = window.spy.kept; window.spy.tell()")
    screen.find("body").click()


def test_language_switches_everything_at_once(coach: Coach, screen: Screen) -> None:
    correction = coach.recorder.states()[-1]["correction"]
    screen.click("#language")
    until(lambda: screen.shown() == ("fix", correction["en"]))
    assert screen.find("html").get_attribute("lang") == "en"
    for css in ("header.top", "#side", "#actions"):
        words = screen.find(css).text.replace("中文", "")
        assert not CHINESE.search(words), words
    screen.click("#language")
    until(lambda: screen.shown() == ("fix", correction["zh"]))


def test_topic_and_profile_are_switched_for_all_viewers(coach: Coach, screen: Screen, onlooker: Screen) -> None:
    onlooker.open(coach.url)
    onlooker.begin("morning_meeting", "female")
    assert onlooker.wait_for("fix") == screen.wait_for("fix")
    until(lambda: coach.ask("GET", "/api/status")[1]["viewers"] == 2, what="two viewers")
    until(lambda: is_painted(onlooker, "#stream"))
    first = len(coach.recorder.came)
    Select(screen.find("#bar-topic")).select_by_value("standing")
    coach.recorder.wait(lambda state: state["topic"] == "standing" and state["clauses"][0]["id"].startswith("stand."), first)
    screen.find("#bar-profile").send_keys(Keys.ARROW_DOWN)
    coach.recorder.wait(lambda state: state["profile"] == "male", first)
    for window in (screen, onlooker):
        until(lambda w=window: w.driver.find_elements(By.CSS_SELECTOR, "#side li[data-id^='stand.']"))  # type: ignore[misc]
        until(lambda w=window: w.find("#bar-profile").get_attribute("value") == "male")  # type: ignore[misc]


def test_reload_keeps_the_choice_and_goes_on(coach: Coach, screen: Screen) -> None:
    screen.click("#language")
    screen.driver.refresh()
    until(lambda: screen.driver.find_elements(By.CSS_SELECTOR, "#side li[data-id^='stand.']"))
    assert screen.find("#bar-topic").get_attribute("value") == "standing"
    assert screen.find("#bar-profile").get_attribute("value") == "male"
    assert screen.find("html").get_attribute("lang") == "en"
    assert coach.recorder.states()[-1]["profile"] == "male"
    screen.click("#language")


def test_camera_lost_and_back(coach: Coach, screen: Screen) -> None:
    first = len(coach.recorder.came)
    coach.camera.unlink()
    _, lost = coach.recorder.wait(lambda state: state["camera"]["state"] == "lost", first)
    assert lost["correction"] is None
    until(lambda: screen.shown() == ("trouble", lost["camera"]["zh"]))
    until(lambda: screen.find("#use-own").is_displayed(), what="the offer of the own camera")
    assert not screen.find("#check").get_attribute("hidden")
    first = len(coach.recorder.came)
    coach.play(RIGHT)
    coach.recorder.wait(lambda state: state["camera"]["state"] == "ok" and state["person"], first)
    until(lambda: screen.shown()[0] != "wait")
    until(lambda: not screen.find("#use-own").is_displayed(), what="the camera to be back")
    assert coach.ask("GET", "/api/status")[1]["camera"]["reconnected"] >= 1


def test_a_right_posture_is_praised_by_both_windows(coach: Coach, screen: Screen, onlooker: Screen, minute: Minute) -> None:
    Select(screen.find("#bar-topic")).select_by_value("standing")
    screen.find("#bar-profile").send_keys(Keys.ARROW_UP)
    coach.recorder.wait(lambda state: state["profile"] == "female" and state["topic"] == "standing", len(coach.recorder.came))
    for window in (screen, onlooker):
        window.wait_for("good")
    minute.first, minute.since_s = len(coach.recorder.came), time.time()


# --- meanwhile the onlooker watches the right posture -------------------------------------------------------------------------------------


def test_calibration_is_made_shown_kept_and_deleted(coach: Coach, screen: Screen) -> None:
    screen.click("#calibrate")
    until(lambda: is_painted(screen, "#cal-canvas"))
    assert not screen.find("#cal-delete").is_displayed()
    slider = screen.find("#cal-slider")
    slider.send_keys(*[Keys.ARROW_RIGHT] * 3)
    assert screen.text("#cal-degrees") == "+0.3°"
    slider.send_keys(*[Keys.ARROW_LEFT] * 3)
    screen.click("#cal-go")
    until(lambda: screen.find("#cal-delete").is_displayed(), what="a calibration")
    assert screen.find("#cal-have").get_attribute("class") == "have"
    kept = coach.ask("GET", f"/api/calibration?camera={coach.camera.name}")[1]["calibration"]
    assert kept["roll_deg"] == 0
    screen.click("#cal-close")
    screen.click("#calibrate")
    until(lambda: screen.find("#cal-delete").is_displayed(), what="what was kept")
    screen.click("#cal-delete")
    until(lambda: not screen.find("#cal-delete").is_displayed())
    assert coach.ask("GET", f"/api/calibration?camera={coach.camera.name}")[1]["calibration"] is None
    screen.find("#calibration").send_keys(Keys.ESCAPE)
    until(lambda: not screen.find("#calibration").is_displayed())


def test_the_main_buttons_are_reached_by_keyboard(screen: Screen) -> None:
    screen.js("document.activeElement.blur()")
    reached: list[str] = []
    for _ in range(40):
        ActionChains(screen.driver).send_keys(Keys.TAB).perform()
        focused = screen.js("""
            const at = document.activeElement, style = getComputedStyle(at);
            return {id: at.id || at.name || at.tagName, ring: style.outlineStyle !== "none" || at.matches("label.option > input")};""")
        assert focused["ring"] or focused["id"] == "BODY", f"the focus on {focused['id']} is not seen"
        reached.append(focused["id"])
    for name in ("leave", "bar-topic", "bar-profile", "voice", "theme", "full", "language", "check", "calibrate"):
        assert name in reached, (name, reached)


def test_visitors_over_the_limit_wait_and_get_in_when_a_place_is_free(coach: Coach, screen: Screen) -> None:
    answers = [coach.ask("POST", "/api/visitor", {}) for _ in range(4)]
    assert [code for code, _ in answers] == [200, 200, 200, 503]
    assert answers[3][1]["limit"] == 3
    screen.click("#leave")
    screen.js("import('/static/live/recogniser.js').then(({LIMITS}) => Object.assign(LIMITS, {slowMs: Infinity, opensMs: 600000}))")
    screen.begin("gesture", "female", "own")
    until(lambda: screen.shown()[0] == "wait" and "3" in screen.shown()[1], what="told to wait")
    Select(screen.find("#bar-topic")).select_by_value("morning_meeting")
    for _, answer in answers[:3]:
        coach.ask("DELETE", f"/api/visitor/{answer['id']}")
    until(lambda: screen.shown()[0] != "wait")


def test_the_own_camera_is_judged_and_drawn_on(coach: Coach, screen: Screen) -> None:
    assert screen.wait_for("fix") == UNFOLD
    assert screen.find("#video").is_displayed()
    assert not screen.find("#stream").is_displayed()
    until(lambda: is_painted(screen, "#overlay"), what="the skeleton")
    where = "画面不离开本机" if has_recogniser() else "画面送到教练机，不保存"
    until(lambda: screen.text("#where-words") == where, what=where)
    assert coach.ask("GET", "/api/status")[1]["visitors"] == 1


def test_a_check_counts_down_and_ends_in_a_result_card(coach: Coach, screen: Screen) -> None:
    with closing(Records.open(coach.camera.parent / "state")) as records, records.writing() as session:
        add_person(session, "李娜", who="test")
    screen.js("""
        const count = document.getElementById("count");
        window.seenPhases = [];
        new MutationObserver(() => count.checkVisibility() && seenPhases.push(count.dataset.phase)).observe(count, {attributes: true});""")
    screen.click("#stills")
    screen.click("#check")
    until(lambda: screen.shown()[0] == "check", what="the words of the check")
    until(lambda: screen.find("#result").is_displayed(), what="the result card")
    assert list(dict.fromkeys(screen.js("return seenPhases")))[:2] == ["countdown", "judging"]
    assert screen.find(f"#result-clauses [data-id='{FAULT}']").get_attribute("data-state") == "fail"
    assert screen.driver.find_elements(By.CSS_SELECTOR, "#result-first li")
    assert re.search(r"\d", screen.text("#result-score"))
    assert screen.find("#result-outcome").get_attribute("class") in ("warn", "fail")
    until(lambda: is_painted(screen, "#result-pictures canvas"), what="its picture")
    until(lambda: screen.find("#keep").is_displayed(), what="the offer to keep the result")
    assert Select(screen.find("#keep-who")).first_selected_option.text == "不记"
    Select(screen.find("#keep-who")).select_by_visible_text("李娜")
    screen.click("#keep-save")
    until(lambda: screen.text("#keep-said") == "已记入 李娜 的练习记录", what="the result to be kept")
    screen.click("#close-result")
    until(lambda: not screen.find("#result").is_displayed())


def test_no_picture_leaves_the_browser_that_says_so(coach: Coach, screen: Screen) -> None:
    """The server's own log: before and after a check of twenty seconds, small posts of landmarks came in and no picture."""
    judged = [post for post in coach.posted if post.path.endswith(("/frame", "/landmarks"))]
    if screen.text("#where-words") != "画面不离开本机":
        assert {post.kind for post in judged} == {"image/jpeg"}
        return
    assert judged
    assert {(post.path.rpartition("/")[2], post.kind) for post in judged} == {("landmarks", "application/octet-stream")}
    sizes = [post.size for post in judged]
    assert max(sizes) <= 16 + MOST_FRAMES * 2736
    assert sorted(sizes)[len(sizes) // 2] < 10_000, "a few kilobytes a post"
    assert max(post.size for post in coach.posted if post not in judged) < 500


def test_a_right_posture_is_never_corrected_in_a_minute(coach: Coach, onlooker: Screen, minute: Minute) -> None:
    start_ms = coach.recorder.states(minute.first)[0]["t_ms"]
    until(lambda: coach.recorder.states()[-1]["t_ms"] - start_ms > MINUTE_MS, 2 * MINUTE_MS / 1000)
    states = coach.recorder.states(minute.first)
    assert [state["correction"] for state in states if state["correction"]] == []
    assert sum(state["placement"]["ready"] for state in states) > 0.9 * len(states)
    notes = [note for note in onlooker.history() if note["at"] > minute.since_s]
    assert [note for note in notes if note["kind"] == "fix"] == []
    onlooker.wait_for("good")


def test_nothing_goes_wrong_and_nothing_leaves_this_machine(coach: Coach, screen: Screen, onlooker: Screen) -> None:
    for window in (screen, onlooker):
        window.drain()
        assert window.requested
        outside = [
            url
            for url in window.requested
            if not url.startswith((coach.url, "data:", "blob:", "chrome://", "chrome-untrusted://", "about:"))
        ]
        assert outside == []
    assert onlooker.complaints == []
    unexpected = [words for words in screen.complaints if "503" not in words]
    assert unexpected == []
