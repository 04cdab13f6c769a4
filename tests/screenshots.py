"""The pictures of the READMEs, in both languages: `python -m tests.screenshots [FOLDER]` drives Chromium over a real server.

The camera plays the sample clips, so that nobody real is in a picture; what is shown is what the models find in them.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image as Pillow

from posecoach.body.records import Frame
from posecoach.estimators.mediapipe_row import RowModels
from posecoach.estimators.row import RowEstimator
from posecoach.live.camera import LiveCamera
from posecoach.live.row import RowSession
from posecoach.resources import font_path
from posecoach.row.live import LiveRow
from posecoach.row.places import Sighting
from posecoach.sources.camera import CameraAddress
from posecoach.sources.upright import Image
from posecoach.webapp import create_app
from tests.rows import FEMALE, FOLDED, MALE, row_pictures
from tests.shipped import RULE_SETS
from tests.waiting import until
from tests.webapp.browser import ROOT, SAMPLES, Screen, chromium, serve
from tests.webapp.fakes import GreyEstimator, served, world

SCREEN_WH = (1366, 768)
WALL_WH = (1920, 1080)
ROW_WH = (1280, 720)
LOOKS = 8
WIDTH = 1200
QUALITY = 80
ROW = (FEMALE, MALE, FOLDED, MALE, FEMALE)
LEANS = "stand_lean_forward_m4_side.mp4"
CLIPS = {
    "张敏 站姿.mp4": "stand_ok_hands_front_f5_front.mp4",
    "李强 站姿侧面.mp4": LEANS,
    "王芳 晨会.mp4": "meeting_arms_folded_f4_front.mp4",
    "赵磊 坐姿.mp4": "sit_knees_apart_m4_front.mp4",
}
ROSTER = """文件,姓名,性别,项目,小组
张敏 站姿.mp4,张敏,女,站姿,一组
李强 站姿侧面.mp4,李强,男,站姿,一组
王芳 晨会.mp4,王芳,女,晨会站姿,二组
赵磊 坐姿.mp4,赵磊,男,窗口坐姿,二组
"""
GRADING_S = 300.0
ONE_DAY = """
const Real = Date;
window.Date = class extends Real { constructor(...given) { super(...(given.length ? given : [2026, 10, 30, 8, 30])); } };
"""
"""The pages tell the same day and hour whenever the pictures are made."""
SETTLES_S = 0.6
LABELS_COME_S = 5.0
"""The server draws the labels into its next pictures, in the new language."""


class Album:
    """Takes a picture of what is shown, in Chinese and in English."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, screen: Screen, name: str, settles_s: float = SETTLES_S) -> None:
        """``name.zh.webp`` and ``name.en.webp``, each after so long; the page speaks Chinese before and after."""
        for language in ("zh", "en"):
            time.sleep(settles_s)
            self._save(screen, f"{name}.{language}.webp")
            screen.js("document.getElementById('language').click()")  # it may lie under a dialog

    def _save(self, screen: Screen, file: str) -> None:
        picture = Pillow.open(io.BytesIO(screen.driver.get_screenshot_as_png())).convert("RGB")
        height = round(picture.height * WIDTH / picture.width)
        picture.resize((WIDTH, height), Pillow.Resampling.LANCZOS).save(self._folder / file, quality=QUALITY, method=6)
        sys.stdout.write(f"{file}: {(self._folder / file).stat().st_size // 1024} KB\n")


@contextmanager
def stage(folder: Path, size_wh: tuple[int, int] = SCREEN_WH) -> Iterator[Screen]:
    """A window without the bars of a browser, in light colours."""
    with chromium(folder / "profile", size_wh=size_wh) as screen:
        measures = {"width": size_wh[0], "height": size_wh[1], "deviceScaleFactor": 1, "mobile": False}
        screen.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", measures)
        screen.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "light"}]})
        screen.driver.execute_cdp_cmd("Emulation.setScrollbarsHidden", {"hidden": True})
        screen.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": ONE_DAY})
        yield screen


def practice(album: Album, folder: Path) -> None:
    """The start page, one correction, and the result of a check."""
    with serve(folder) as coach, stage(folder) as screen:
        coach.play(LEANS)
        screen.open(coach.url)
        until(lambda: screen.driver.find_elements("css selector", "input[name=topic][value=standing]"))
        album.take(screen, "start")
        screen.begin("standing", "male")
        until(lambda: screen.shown()[0] == "fix", 60)
        album.take(screen, "live", LABELS_COME_S)
        screen.click("#check")
        until(lambda: screen.find("#result").is_displayed(), 90)
        album.take(screen, "check")


def grading(album: Album, folder: Path) -> None:
    """A folder with its table of names, the report, and the page of a person."""
    clips = folder / "home" / "一班"
    clips.mkdir(parents=True)
    for name, sample in CLIPS.items():
        shutil.copyfile(SAMPLES / sample, clips / name)
    (clips / "名单.csv").write_text(ROSTER, "utf-8-sig")
    with serve(folder, folder / "home") as coach, stage(folder, (1366, 1100)) as screen:
        screen.open(f"{coach.url}trainer")
        until(lambda: screen.find("#folder").is_displayed())
        screen.find("#folder").send_keys(str(clips))
        until(lambda: "4" in screen.text("#folder-note"), 60)
        until(lambda: screen.find("#table").is_displayed(), 60)
        screen.js("document.activeElement.blur(); scrollTo(0, 0)")
        album.take(screen, "grading")
        screen.click("#begin")
        until(lambda: screen.find("#open-report").is_displayed() and not screen.find("#stop").is_displayed(), GRADING_S)
        report = str(screen.find("#open-report").get_attribute("href"))
        screen.open(report)
        until(lambda: screen.driver.find_elements("css selector", "#rows a"))
        album.take(screen, "report")
        person = next(link for link in screen.driver.find_elements("css selector", "#rows a") if "李强" in str(link.text))
        screen.open(str(person.get_attribute("href")).split("#", maxsplit=1)[0])
        until(lambda: screen.js("return [...document.querySelectorAll('video')].every((video) => video.readyState >= 2)"), 60)
        album.take(screen, "person")


def meeting(album: Album, folder: Path) -> None:
    """A row of five on the wall, who stand still: the models look once, so that a slow machine makes the same picture."""
    picture = np.asarray(next(row_pictures(ROW, 1, ROW_WH)), np.uint8)
    row = StillRow(picture)
    camera = LiveCamera(CameraAddress("device", "0", "0"), RULE_SETS, GreyEstimator, font_path(), row.pictures)
    rules = RULE_SETS["morning_meeting"]
    session = RowSession(camera, rules, lambda: LiveRow(row, rules, time.monotonic))
    with world(folder / "state", has_camera=False) as running, stage(folder, WALL_WH) as screen:
        camera.start()
        session.start()
        with served(create_app(replace(running.services, camera=camera, row=session))) as url:
            photograph_row(album, screen, url)
            running.services.stopping.set()
        session.stop()
        camera.stop()


def photograph_row(album: Album, screen: Screen, url: str) -> None:
    """Once everybody is judged."""
    screen.open(f"{url}/meeting")
    until(lambda: screen.js("return document.querySelectorAll('.card.pass, .card.fail').length") == len(ROW), GRADING_S)
    album.take(screen, "meeting")


class StillRow:
    """What the models see of a picture, said again of each of its repetitions. A `RowFinder`, and a camera."""

    waiting: frozenset[int] = frozenset()

    def __init__(self, picture: Image) -> None:
        self._picture = picture
        with RowEstimator(RowModels()) as found:
            for i in range(LOOKS):
                self._seen = found.estimate(Frame(picture, i, 100.0 * i, "row"))

    def pictures(self, _address: CameraAddress, wait: Callable[[float], bool]) -> Generator[Image, None, None]:
        """Ten a second."""
        while not wait(0.1):
            yield self._picture

    def estimate(self, frame: Frame, _has_time: Callable[[], bool]) -> Sequence[Sighting]:
        """Everybody."""
        return [replace(seen, t_ms=frame.t_ms) for seen in self._seen]

    def close(self) -> None:
        """Nothing to free."""


def main(arguments: Sequence[str]) -> None:
    """All pictures, or those of the parts that are named after the folder."""
    album = Album(Path(arguments[0]) if arguments else ROOT / "docs" / "img")
    parts: dict[str, Callable[[Album, Path], None]] = {"practice": practice, "grading": grading, "meeting": meeting}
    for name in arguments[1:] or parts:
        folder = Path(tempfile.gettempdir()) / "posecoach-pictures"  # it is to be read on a page
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        parts[name](album, folder)
        shutil.rmtree(folder)


if __name__ == "__main__":
    main(sys.argv[1:])
