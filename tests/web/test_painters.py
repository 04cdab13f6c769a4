"""The browser's canvas and the server's picture show the same drawing: the stored one, painted by both."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import cv2
import numpy as np
import pytest

from posecoach.body.records import Array
from posecoach.drawing.painter import paint
from posecoach.drawing.text import Picture, TextPainter
from posecoach.judging.shapes import Words
from posecoach.resources import font_path
from tests.drawing.sketches import SIZE, example, stored
from tests.webapp.browser import chromium

WEB = Path(__file__).parents[2] / "web"
GREY = 128
PAINTED = """
const [sketch, grey, done] = arguments;
import("/static/live/painter.js").then(({paint}) => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = sketch.size;
  const pen = canvas.getContext("2d");
  pen.fillStyle = `rgb(${grey}, ${grey}, ${grey})`;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  paint(pen, sketch, "sans-serif");
  done(canvas.toDataURL("image/png").split(",")[1]);
}, (error) => done(String(error)));
"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(WEB))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/static/live/"
        server.shutdown()


def without_words(difference: Array) -> Array:
    """The difference outside the rooms kept for words, whose fonts differ."""
    for shape in example().shapes:
        if isinstance(shape, Words):
            (x, y), size = shape.at, shape.size
            difference[round(y - 1.2 * size) : round(y + 0.5 * size), round(x) - 2 : round(x + shape.width) + 3] = 0
    return difference


@pytest.mark.browser
def test_both_paint_the_same_picture(address: str, tmp_path: Path) -> None:
    mine: Picture = np.full((SIZE[1], SIZE[0], 3), GREY, np.uint8)
    paint(mine, example().shapes, TextPainter(font_path()))
    with chromium(tmp_path / "profile") as window:
        window.open(address)
        told = window.driver.execute_async_script(PAINTED, stored(), GREY)
    theirs = cv2.imdecode(np.frombuffer(base64.b64decode(told), np.uint8), cv2.IMREAD_COLOR)
    drawn = (mine != GREY).any(axis=2).sum()
    difference = without_words(np.abs(mine.astype(int) - theirs).max(axis=2))
    assert (theirs != GREY).any(axis=2).sum() == pytest.approx(drawn, rel=0.1)
    assert (difference > 100).sum() < 0.02 * drawn, "but for the softness of edges"
