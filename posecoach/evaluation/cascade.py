"""OpenCV's smile cascade, to compare with: how many smiles it sees in the lower half of the face."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from posecoach.body.records import Array
from posecoach.sources.picture import PictureSource

LEAST_PX = 256


class SmileCascade:
    """Counts raw hits of `haarcascade_smile.xml` (scale step 1.1) in the lower half of the largest face, or of the picture without one."""

    def __init__(self) -> None:
        folder = Path(cv2.__file__).with_name("data")
        self._face = cv2.CascadeClassifier(str(folder / "haarcascade_frontalface_default.xml"))
        self._smile = cv2.CascadeClassifier(str(folder / "haarcascade_smile.xml"))

    def count(self, file: Path) -> float:
        """Hits in a picture. Raises `SourceError` when it cannot be read."""
        (frame,) = PictureSource(file)
        grey = cv2.cvtColor(frame.image_bgr, cv2.COLOR_BGR2GRAY)
        enlarge = max(1.0, LEAST_PX / min(grey.shape))
        grey = cv2.resize(grey, None, fx=enlarge, fy=enlarge, interpolation=cv2.INTER_CUBIC)
        x, y, w, h = max(self._face.detectMultiScale(grey, 1.1, 5), key=lambda box: box[2], default=(0, 0, grey.shape[1], grey.shape[0]))
        return float(len(self._smile.detectMultiScale(np.ascontiguousarray(grey[y + h // 2 : y + h, x : x + w]), 1.1, 0)))


def cascade_scores(folder: Path, files: Array) -> Array:
    """The cascade's count (N,) for pictures in a folder."""
    cascade = SmileCascade()
    return np.array([cascade.count(folder / str(file)) for file in files])
