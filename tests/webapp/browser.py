"""A real server and a real Chromium for tests: the server's camera is a file that may be swapped, the browser's a fake one."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import av
import pytest
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from tests.waiting import until

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "sample_videos"
FIRST = "smile_none_m4_face.mp4"
"""What the server's camera sees until it is gone."""
ENDS_S = 10
HEADERS = {"X-Posecoach": "test", "Content-Type": "application/json"}

# Watches what a person would see and hear. Voices: one that sends the words over the network, two of this machine.
SPY = """
window.spy = {spoken: [], shown: [], voices: [["Cloud", "zh-CN", false], ["Local", "zh-CN", true], ["Here", "en-US", true]], tell: null};
const synthesis = {
  getVoices: () => window.spy.voices.map(([name, lang, localService]) => ({name, lang, localService})),
  speak: (words) => window.spy.spoken.push({text: words.text, lang: words.lang, voice: words.voice.name, at: performance.now()}),
  cancel: () => {}, addEventListener: (kind, listener) => { window.spy.tell = listener; },
};
Object.defineProperty(window, "speechSynthesis", {value: synthesis});
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
document.addEventListener("DOMContentLoaded", () => {
  const note = () => {
    const [box, words] = [document.getElementById("banner"), document.getElementById("say")];
    if (!box) return;
    const [kind, text, last] = [box.dataset.kind, words.textContent, window.spy.shown.at(-1)];
    if (kind && (!last || last.kind !== kind || last.text !== text)) window.spy.shown.push({kind, text, at: Date.now() / 1000});
  };
  const options = {subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ["data-kind"]};
  new MutationObserver(note).observe(document.body, options);
});
"""


# --- the server ---------------------------------------------------------------------------------------------------------------------------


@dataclass
class Recorder:
    """Reads the server's events all the time: every state with the time it came."""

    port: int
    came: list[tuple[float, dict[str, Any]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        with (
            closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)) as connection,
            suppress(OSError, http.client.HTTPException),
        ):
            connection.request("GET", "/api/events")
            answer = connection.getresponse()
            while line := answer.readline():
                if line.startswith(b"data: "):
                    self.came.append((time.time(), json.loads(line[6:])))

    def join(self) -> None:
        """Wait until the server has ended the stream."""
        self._thread.join(ENDS_S)

    def states(self, first: int = 0) -> list[dict[str, Any]]:
        """All states from the ``first`` on."""
        return [state for _, state in self.came[first:]]

    def wait(self, is_right: Callable[[dict[str, Any]], Any], first: int) -> tuple[float, dict[str, Any]]:
        """The first state from ``first`` on that is right, and when it came."""
        return until(lambda: next((come for come in self.came[first:] if is_right(come[1])), None))


class Posted(NamedTuple):
    """A request that brought something: its path, content type and size in bytes."""

    path: str
    kind: str
    size: int


@dataclass
class Coach:
    """A running `posecoach serve`; ``camera`` is the file it plays."""

    port: int
    camera: Path
    recorder: Recorder

    @property
    def posted(self) -> list[Posted]:
        """What was posted since the server began, in order."""
        lines = (self.camera.parent / "posted.log").read_text("utf-8").splitlines()
        return [Posted(path, kind, int(size)) for path, kind, size in (line.split("\t") for line in lines)]

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://127.0.0.1:{self.port}/"

    def play(self, clip: str) -> None:
        """Let the camera see this clip from its next round on."""
        fresh = self.camera.with_suffix(".new")
        shutil.copyfile(SAMPLES / clip, fresh)
        fresh.replace(self.camera)

    def ask(self, method: str, address: str, body: Any = None) -> tuple[int, Any]:
        """Status and content of the answer."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)) as connection:
            connection.request(method, address, None if body is None else json.dumps(body), HEADERS)
            answer = connection.getresponse()
            content = answer.read()
            return answer.status, json.loads(content) if content else None


@contextmanager
def serve(folder: Path, home: Path | None = None, clip: Path | None = None, rules: Path | None = None) -> Iterator[Coach]:
    """A server whose camera is ``clip``, or a sample that is gone again; one without a camera, of a user with this home.

    ``rules``: a folder of rules instead of the shipped ones.
    """
    camera = folder / "camera.mp4"
    shutil.copyfile(clip or SAMPLES / FIRST, camera)
    options = [*(["--camera", str(camera)] if home is None else []), "--port", "0", "--state-dir", str(folder / "state")]
    options += ["--rules", str(rules)] if rules else []
    command = [sys.executable, "-W", "error", "-m", "tests.webapp.unhurried", str(folder / "posted.log"), "serve", *options]
    log = (folder / "serve.log").open("w+", encoding="utf-8")
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", **({} if home is None else {"HOME": str(home), "USERPROFILE": str(home)})}
    with log, subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, cwd=ROOT, env=environment) as process:

        def port() -> int:
            assert process.poll() is None, (folder / "serve.log").read_text("utf-8")
            found = re.search(r"127\.0\.0\.1:(\d+)", (folder / "serve.log").read_text("utf-8"))
            return int(found[1]) if found else 0

        try:
            recorder = Recorder(until(port, what="the server's address"))
            if clip is None:
                camera.unlink()
            yield Coach(recorder.port, camera, recorder)
        finally:
            process.terminate()
            try:
                process.wait(ENDS_S)
            except subprocess.TimeoutExpired:
                process.kill()
    recorder.join()


# --- the browser --------------------------------------------------------------------------------------------------------------------------


def write_y4m(clip: str, path: Path) -> Path:
    """A clip as the raw video that Chromium's fake camera plays over and over."""
    with av.open(str(SAMPLES / clip)) as container, path.open("wb") as out:
        stream = container.streams.video[0]
        rate = stream.average_rate
        out.write(f"YUV4MPEG2 W{stream.width} H{stream.height} F{rate.numerator}:{rate.denominator} Ip A1:1 C420\n".encode())
        for picture in container.decode(stream):
            out.write(b"FRAME\n" + picture.reformat(format="yuv420p").to_ndarray().tobytes())
    return path


class Screen:
    """One Chromium window on the page."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver
        self.requested: set[str] = set()
        self.complaints: list[str] = []

    def open(self, url: str) -> None:
        """Load the page."""
        self.driver.get(url)

    def find(self, css: str) -> WebElement:
        """The first element."""
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def click(self, css: str) -> None:
        """Click it once it can be clicked; a radio button is clicked by its label, as people do."""
        until(lambda: self._is_clicked(css), what=f"{css} to be shown")

    def _is_clicked(self, css: str) -> bool:
        """Clicks it if it can be clicked now; the page may be drawing it anew."""
        try:
            found = next((e for e in self.driver.find_elements(By.CSS_SELECTOR, css) if e.is_enabled()), None)
            if found is not None and found.get_attribute("type") == "radio":
                found = found.find_element(By.XPATH, "./ancestor::label")
            if found is None or not found.is_displayed():
                return False
            found.click()
        except StaleElementReferenceException:
            return False
        return True

    def js(self, script: str, *arguments: Any) -> Any:
        """The value of a script that returns one."""
        return self.driver.execute_script(script, *arguments)

    def text(self, css: str) -> str:
        """The words of an element, shown or not."""
        return str(self.js("return document.querySelector(arguments[0]).textContent", css))

    def shown(self) -> tuple[str, str]:
        """Kind and words of the banner."""
        found = self.js("return [document.getElementById('banner').dataset.kind, document.getElementById('say').textContent]")
        return found[0], found[1]

    def wait_for(self, kind: str) -> str:
        """The words of the banner once it is of this kind."""
        return str(until(lambda: (shown := self.shown())[0] == kind and shown[1], what=f"a banner of kind {kind}"))

    def history(self) -> list[dict[str, Any]]:
        """What the banner has shown since the page was loaded: kind, text, at (s)."""
        return list(self.js("return window.spy.shown"))

    def spoken(self) -> list[dict[str, Any]]:
        """What was spoken since the page was loaded."""
        return list(self.js("return window.spy.spoken"))

    def begin(self, topic: str, profile: str, camera: str = "server") -> None:
        """Choose on the start screen and begin."""
        for name, value in (("topic", topic), ("profile", profile), ("camera", camera)):
            self.click(f"input[name={name}][value={value}]")
        self.click("#begin")

    def drain(self) -> None:
        """Take in the browser's logs: what was requested and what went wrong."""
        for entry in self.driver.get_log("performance"):  # type: ignore[no-untyped-call]
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                self.requested.add(message["params"]["request"]["url"])
            elif message["method"] == "Network.webSocketCreated":
                self.requested.add(message["params"]["url"])
        self.complaints += [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]  # type: ignore[no-untyped-call]


@contextmanager
def chromium(folder: Path, camera: Path | None = None, size_wh: tuple[int, int] = (1366, 768)) -> Iterator[Screen]:
    """A window; ``camera``: the video its fake camera plays."""
    browser, driver_path = shutil.which("chromium") or shutil.which("google-chrome"), shutil.which("chromedriver")
    if browser is None or driver_path is None:
        pytest.skip("needs Chromium and chromedriver")
    options = Options()
    options.binary_location = browser
    options.page_load_strategy = "eager"  # a page is loaded only when its first picture has come, and a lost camera sends none
    media = [f"--use-file-for-fake-video-capture={camera}"] if camera else []
    quiet = ["--disable-background-networking", "--disable-component-update", "--no-first-run", "--disable-dev-shm-usage", "--mute-audio"]
    fake = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", *media]
    size = f"--window-size={size_wh[0]},{size_wh[1]}"
    for argument in ("--headless=new", "--no-sandbox", size, f"--user-data-dir={folder}", *quiet, *fake):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(driver_path))
    try:
        driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": SPY})
        yield Screen(driver)
    finally:
        driver.quit()
