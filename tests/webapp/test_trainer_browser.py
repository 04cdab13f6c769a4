"""A trainer's evening in a real Chromium, with the real models: from a folder to the opened report, without a terminal."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.waiting import until
from tests.webapp.browser import SAMPLES, Coach, Screen, chromium, serve

pytestmark = [pytest.mark.browser, pytest.mark.model, pytest.mark.slow, pytest.mark.steps]

CLIPS = {"李娜.mp4": "meeting_arms_folded_f4_front.mp4", "第二组/王伟.mp4": "stand_ok_hands_front_f5_front.mp4"}
BROKEN = "坏的.mp4"
WRONG = "文件,姓名,性别,项目\n李娜.mp4,李娜,小孩,晨会\n"
RIGHT = "文件,姓名,性别,项目\n李娜.mp4,李娜,女,晨会\n王伟,王伟,女,站姿\n"
GRADING_S = 120.0


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's folders: an empty one, and one with two clips and a broken file."""
    found = tmp_path_factory.mktemp("home")
    (found / "空文件夹").mkdir()
    for name, sample in CLIPS.items():
        (found / "一班" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(SAMPLES / sample, found / "一班" / name)
    (found / "一班" / BROKEN).write_bytes(b"this is no video")
    return found


@pytest.fixture(scope="module")
def coach(tmp_path_factory: pytest.TempPathFactory, home: Path) -> Iterator[Coach]:
    with serve(tmp_path_factory.mktemp("trainer"), home) as running:
        yield running


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    with chromium(tmp_path_factory.mktemp("screen") / "profile") as window:
        yield window


def rows(screen: Screen) -> list[str]:
    """Names in the folder browser."""
    return list(screen.js("return [...document.querySelectorAll('#folders .name')].map((name) => name.textContent)"))


def press(screen: Screen, key: str) -> None:
    """A key for whatever has the focus."""
    ActionChains(screen.driver).send_keys(key).perform()


def drop(screen: Screen, folder: Path, content: bytes) -> None:
    """Choose a roster as with the file dialog."""
    (folder / "名单.csv").write_bytes(content)
    screen.find("#roster-file").send_keys(str(folder / "名单.csv"))


def test_the_folder_is_found_with_the_keyboard(coach: Coach, screen: Screen, home: Path) -> None:
    screen.open(coach.url)
    screen.click("#to-trainer")
    until(lambda: screen.find("#begin").is_displayed())
    screen.find("#begin").send_keys(Keys.ENTER)
    until(lambda: screen.text("#folder-note") == "请先选择视频文件夹")
    screen.find("#folder-browse").send_keys(Keys.ENTER)
    until(lambda: "一班" in rows(screen), what="the folders of home")
    for _ in range(rows(screen).index("一班")):
        press(screen, Keys.ARROW_DOWN)
    press(screen, Keys.ENTER)
    until(lambda: "第二组" in rows(screen))
    assert screen.text("#browser-count") == "2 个视频"
    screen.find("#browser-choose").send_keys(Keys.ENTER)
    until(lambda: screen.text("#folder-note").startswith("找到 3 个视频"))
    assert screen.find("#out").get_attribute("value") == str(home / "一班-posecoach")
    assert screen.driver.switch_to.active_element.get_attribute("id") == "folder-browse"


def test_a_wrong_roster_is_told_with_its_place_and_holds_the_start(screen: Screen, tmp_path: Path) -> None:
    drop(screen, tmp_path, WRONG.encode("gb18030"))
    until(lambda: "第 2 行、“性别”列" in screen.text("#roster-note"))
    screen.js("document.getElementById('begin').click()")
    until(lambda: screen.text("#form-error") == "请先改好名单，或按“清空”")
    drop(screen, tmp_path, RIGHT.encode("gb18030"))
    until(lambda: "名单 2 行，对上 2 个文件" in screen.text("#roster-note"))


def test_the_grading_is_followed_in_two_windows(coach: Coach, screen: Screen, tmp_path_factory: pytest.TempPathFactory) -> None:
    screen.click("#begin")
    until(lambda: screen.text("#job-title") == "正在评分")
    until(lambda: screen.text("#job-count").startswith("完成"))
    with chromium(tmp_path_factory.mktemp("second") / "profile", size_wh=(820, 1180)) as second:
        second.open(f"{coach.url}trainer")
        until(lambda: second.text("#job-title") in ("正在评分", "评分完成"))
        until(lambda: second.text("#job-title") == "评分完成", GRADING_S)
        until(lambda: screen.text("#job-title") == "评分完成")
        assert second.text("#job-count") == screen.text("#job-count") == "完成 3 / 3，其中 1 个没有成"
    failed = screen.find("#failed-list").text
    assert BROKEN in failed
    assert "请重新拷贝" in failed


def test_the_report_opens_and_plays_what_was_graded(coach: Coach, screen: Screen, home: Path) -> None:
    screen.click("#open-report")
    until(lambda: len(screen.driver.window_handles) == 2)
    screen.driver.switch_to.window(screen.driver.window_handles[-1])
    until(lambda: "李娜" in screen.find("body").text)
    person = screen.driver.find_element(By.CSS_SELECTOR, "a[href^='people/']").get_attribute("href")
    assert person is not None
    screen.open(person)
    until(lambda: screen.js("return [...document.querySelectorAll('video')].some((video) => video.readyState > 0 && video.duration > 1)"))
    assert screen.js("return fetch('/api/trainer').then(() => 'reached', () => 'refused')") == "refused"
    assert screen.js("return window.open('/trainer')") is None
    screen.driver.close()
    screen.driver.switch_to.window(screen.driver.window_handles[0])
    assert (home / "一班-posecoach" / "results.csv").is_file()


def test_the_failed_file_is_tried_again_and_the_rest_is_taken_as_it_is(screen: Screen, home: Path) -> None:
    shutil.copyfile(SAMPLES / CLIPS["李娜.mp4"], home / "一班" / BROKEN)
    before = {path: path.stat().st_mtime_ns for path in (home / "一班-posecoach" / "landmarks").iterdir()}
    screen.click("#resume")
    until(lambda: screen.text("#job-count") == "完成 3 / 3" and screen.text("#job-title") == "评分完成", GRADING_S)
    after = {path: path.stat().st_mtime_ns for path in (home / "一班-posecoach" / "landmarks").iterdir()}
    assert len(after) == 3
    assert {path: after[path] for path in before} == before


def test_rules_that_do_not_load_are_told_and_stay_told(screen: Screen) -> None:
    screen.click("#regrade")
    until(lambda: "一班" in rows(screen))
    screen.click("#browser-choose")
    until(lambda: screen.text("#job-error").startswith("这个文件夹里的规则不能用"))
    assert screen.find("#job-error").is_displayed()
    time.sleep(4.0)
    assert screen.find("#job-error").is_displayed()
    assert screen.text("#job-title") == "评分完成"


def test_the_page_speaks_english_too_and_asked_nobody_else(coach: Coach, screen: Screen) -> None:
    screen.click("#language")
    assert screen.text("#job-title") == "Finished"
    screen.drain()
    assert {url for url in screen.requested if not url.startswith((coach.url, "data:", "blob:", "chrome:", "chrome-untrusted:"))} == set()
    refused = ("/api/trainer", "allow-popups", "Fetch API cannot load")
    assert [complaint for complaint in screen.complaints if not any(word in complaint for word in refused)] == []
