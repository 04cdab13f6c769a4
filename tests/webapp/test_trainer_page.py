"""The trainer's page in a real Chromium over work that needs no model: the table, what is told and where, and how it fits a screen."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from posecoach.jobs.trainer import TrainerJobs
from posecoach.judging.results import ClipResult, PersonResult
from posecoach.vocabulary import State
from posecoach.webapp import create_app
from tests.reports.fakes import clause
from tests.waiting import until
from tests.webapp.browser import Screen, chromium
from tests.webapp.fakes import world
from tests.webapp.trainer_fakes import FakeWork, clip

pytestmark = [pytest.mark.browser, pytest.mark.steps]

PASTED = "李娜\t女\t工位\n王伟\t小孩\t\t二组\n"
PRESSED = "button, a[href], input:not([type=radio], [type=checkbox], .unseen), select, summary, .tick, .option"
SMALL = f"""return [...document.querySelectorAll("{PRESSED}")].filter((e) => e.offsetParent && !e.matches(".skip"))
  .filter((e) => e.getBoundingClientRect().height < 43.5).map((e) => e.id || e.className)"""
TINY = """return [...document.querySelectorAll("body *")].filter((e) => e.offsetParent && e.innerText)
  .filter((e) => parseFloat(getComputedStyle(e).fontSize) < 12).map((e) => e.id || e.className)"""
LATIN = """return [...document.querySelectorAll("main *")].filter((e) => e.offsetParent && !e.children.length).map((e) => e.textContent)
  .concat([...document.querySelectorAll("main [placeholder]")].map((e) => e.placeholder))
  .filter((words) => /[A-Za-z]/.test(words.replaceAll(/[^\\s：、，]*[.\\/][^\\s：、，]*/g, "")))"""


def seated(path: str) -> ClipResult:
    """Somebody who sat, judged by what the posture tells."""
    person = PersonResult(1, None, 83.0, "improve", (), (clause("sit.head_up", State.WARN),))
    return replace(clip(path), people=(person,))


@dataclass
class Office:
    """The page of a server of this process, the work behind it, and a folder with three clips."""

    url: str
    work: FakeWork
    clips: Path


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    clips = folder / "一班"
    clips.mkdir()
    for name in ("李娜_坐姿.mp4", "王伟.mp4", "赵敏.jpg"):
        (clips / name).write_bytes(b"")
    work = FakeWork(result=seated)
    jobs = TrainerJobs(folder / "state", work)
    with world(folder / "calibration", has_camera=False, trainer=jobs) as running:
        server = make_server("127.0.0.1", 0, create_app(running.services), threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield Office(f"http://127.0.0.1:{server.server_port}/trainer", work, clips)
        server.shutdown()
        thread.join()
    jobs.close()


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory, office: Office) -> Iterator[Screen]:
    with chromium(tmp_path_factory.mktemp("screen") / "profile") as window:
        window.open(office.url)
        until(lambda: window.find("#begin").is_displayed())
        yield window


def fits(screen: Screen) -> None:
    """Nothing is wider than a phone or a tablet, too small to press or to read."""
    for width, height in ((390, 844), (820, 1180)):
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": True}
        screen.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        until(partial(is_wide, screen, width))
        assert screen.js("return document.documentElement.scrollWidth") == width
        assert (screen.js(SMALL), screen.js(TINY)) == ([], [])
    screen.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def is_wide(screen: Screen, width: int) -> bool:
    return bool(screen.js("return document.documentElement.clientWidth") == width)


def type_out(screen: Screen, path: str) -> None:
    """Another folder for the results."""
    screen.js("const out = document.getElementById('out'); out.value = arguments[0]; out.dispatchEvent(new Event('input'))", path)


def in_sight(screen: Screen, css: str) -> bool:
    """Whether the middle of an element is what a person sees there."""
    at = "const e = document.querySelector(arguments[0]), r = e.getBoundingClientRect();"
    return bool(screen.js(f"{at} return e.contains(document.elementFromPoint(r.left + 9, r.top + r.height / 2))", css))


def press(screen: Screen, css: str) -> None:
    """Press a button wherever it stands."""
    screen.js("document.querySelector(arguments[0]).click()", css)


def paste(screen: Screen, css: str, text: str) -> None:
    """Paste into a field."""
    screen.js(
        "const data = new DataTransfer(); data.setData('text', arguments[1]);"
        "const event = new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true});"
        "document.querySelector(arguments[0]).dispatchEvent(event)",
        css,
        text,
    )


def test_what_is_missing_is_told_beside_its_field_in_the_language_of_now_until_it_is_there(screen: Screen, office: Office) -> None:
    screen.js("window.scrollTo(0, document.body.scrollHeight)")
    screen.click("#begin")
    until(lambda: screen.text("#folder-note") == "请先选择视频文件夹")
    assert in_sight(screen, "#folder-note")
    assert screen.driver.switch_to.active_element.get_attribute("id") == "folder"
    press(screen, "#language")
    assert screen.text("#folder-note") == "Choose the folder with the videos first"
    press(screen, "#language")
    screen.find("#folder").send_keys(str(office.clips))
    until(lambda: screen.text("#folder-note").startswith("找到 2 个视频、1 张照片"))
    screen.js(
        "const out = document.getElementById('out'); out.value = arguments[0]; out.dispatchEvent(new Event('input'))", str(office.clips)
    )
    press(screen, "#begin")
    until(lambda: screen.text("#out-note").startswith("结果不能放在视频所在的文件夹里"))
    assert in_sight(screen, "#out-note")
    type_out(screen, f"{office.clips}-结果")
    assert screen.text("#out-note") == ""


def test_the_table_is_filled_by_pasting_and_kept_beside_the_clips(screen: Screen, office: Office) -> None:
    until(lambda: screen.js("return document.querySelectorAll('#table tbody tr').length") == 3)
    paste(screen, "[data-row='0'][data-column=name]", PASTED)
    values = screen.js("return [...document.querySelectorAll('#table [data-column]')].slice(0, 8).map((field) => field.value)")
    assert values == ["李娜", "female", "desk", "", "王伟", "", "", "二组"]
    assert "“小孩”" in screen.text("#roster-note")
    fits(screen)
    press(screen, "#roster-save")
    until(lambda: screen.text("#roster-note").startswith("名单已存在视频旁边（roster.csv）"))
    assert "李娜_坐姿.mp4,李娜,女,工位坐姿" in (office.clips / "roster.csv").read_text("utf-8-sig")
    paste(screen, "#roster-hint", "文件\t姓名\n王伟\t王小伟\n")
    until(lambda: "名单 1 行，对上 1 个文件" in screen.text("#roster-note"))
    assert screen.js("return document.querySelector('[data-row=\"1\"]').value") == "王小伟"


def test_the_folder_and_the_thresholds_fit_a_phone_and_speak_chinese(screen: Screen) -> None:
    press(screen, "#folder-browse")
    until(lambda: "赵敏.jpg" in screen.text("#files"))
    fits(screen)
    press(screen, "#browser-cancel")
    press(screen, "#limits-open")
    until(lambda: screen.js("return document.querySelectorAll('#limits-list input').length") > 3)
    fits(screen)
    screen.js("document.querySelector('#limits-list .pass input').value = '-99'")
    press(screen, "#limits-save")
    until(lambda: screen.text("#limits-list .error") == "“接近”的范围要包住“达标”的范围")
    screen.js("const topic = document.getElementById('limits-topic'); topic.selectedIndex = 1; topic.dispatchEvent(new Event('change'))")
    assert screen.text("#limits-note") == "先保存或关闭，再换项目"
    assert screen.js("return document.querySelector('#limits-list .pass input').value") == "-99"
    press(screen, "#limits-close")
    assert screen.js(LATIN) == []


def test_the_work_is_told_at_once_and_each_result_while_the_rest_runs(screen: Screen, office: Office) -> None:
    press(screen, "#begin")
    until(lambda: screen.text("#job-current").startswith("李娜_坐姿.mp4"))
    office.work.release()
    until(lambda: "自动 → 窗口坐姿" in screen.text("#finished-list"))
    assert screen.text("#job-title") == "正在评分"
    assert screen.driver.title.startswith("(1/3)")
    office.work.release(2)
    until(lambda: screen.text("#job-title") == "评分完成")
    until(lambda: screen.driver.title.startswith("✓ 评分完成"))
    until(lambda: screen.find("#instead").is_displayed())
    fits(screen)
    assert screen.js(LATIN) == []


def test_clips_are_judged_again_by_the_other_topic_at_one_press(screen: Screen, office: Office) -> None:
    press(screen, "#instead button")
    office.work.release(3)
    until(lambda: screen.text("#job-title") == "评分完成" and len(office.work.requests) == 2)
    assert set(office.work.requests[1].drills.values()) == {"desk"}
    assert (office.clips / "roster.csv").read_text("utf-8-sig").count("工位坐姿") == 3
    press(screen, "#again")
    until(lambda: screen.text("#recent").endswith("一班"))
