"""An estimator that has a real Chromium recognise the pictures, in the worker that the live page uses."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import cv2
import numpy as np

from posecoach.body.records import Frame, Landmarks
from posecoach.sources.landmark_posts import decode_landmarks
from posecoach.webapp import create_app
from tests.webapp.browser import Screen, chromium
from tests.webapp.fakes import served, world

READY_S = 120.0
_OPEN = """
const [done] = arguments;
import("/static/live/recogniser.js").then(async ({ Recogniser }) => {
  if (window.recogniser) window.recogniser.close();
  window.recogniser = new Recogniser();
  await window.recogniser.open();
  done(null);
}).catch((error) => done(String(error)));
"""
_LOOK = """
const [png, t_ms, done] = arguments;
const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
(async () => {
  const { postOf } = await import("/static/live/landmark_post.js");
  const options = { colorSpaceConversion: "none", premultiplyAlpha: "none" };
  const picture = await createImageBitmap(new Blob([bytes(png)], { type: "image/png" }), options);
  const { width, height } = picture;
  const frame = await window.recogniser.look(picture, t_ms);
  return btoa(String.fromCharCode(...postOf([{ bytes: frame, width, height }], t_ms + 1)));
})().then(done, (error) => done(`error ${error}`));
"""


class BrowserEstimator:
    """Landmarks of one clip, found by the worker of a browser's page; another one is opened for each clip, since it follows a body."""

    warnings: tuple[str, ...] = ()
    is_in_company = False
    with_hands = False

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self.took_ms: list[float] = []

    def __enter__(self) -> BrowserEstimator:
        failed = self._screen.driver.execute_async_script(_OPEN)
        assert failed is None, failed
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.took_ms = list(self._screen.js("return window.recogniser.took"))

    def estimate(self, frame: Frame) -> Landmarks:
        """As posecoach/estimators has it, but for hands and others in the picture."""
        png = base64.b64encode(cv2.imencode(".png", np.asarray(frame.image_bgr))[1].tobytes()).decode("ascii")
        found: Any = self._screen.driver.execute_async_script(_LOOK, png, frame.t_ms)
        assert not found.startswith("error"), found
        return decode_landmarks(base64.b64decode(found)).track.at(0)


@contextmanager
def recognising(folder: Path) -> Iterator[Screen]:
    """A window on a server that hands out the recogniser."""
    with (
        world(folder / "state", has_camera=False) as running,
        served(create_app(running.services)) as url,
        chromium(folder / "profile") as screen,
    ):
        screen.driver.set_script_timeout(READY_S)
        screen.open(f"{url}/login")  # a page that asks for nothing by itself
        yield screen
