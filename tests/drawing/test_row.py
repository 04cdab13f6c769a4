"""The picture of a row as it stands on a group sheet."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from posecoach.drawing.row import SHEET_SIDE_PX, sheet_picture


@pytest.mark.parametrize(
    ("size_wh", "shown_wh"),
    [
        ((2 * SHEET_SIDE_PX, 1200), (SHEET_SIDE_PX, 600)),
        ((1200, 2 * SHEET_SIDE_PX), (600, SHEET_SIDE_PX)),
        ((640, 480), (640, 480)),
    ],
)
def test_no_side_of_a_sheets_picture_is_too_long(size_wh: tuple[int, int], shown_wh: tuple[int, int]) -> None:
    jpeg = sheet_picture(np.zeros((size_wh[1], size_wh[0], 3), np.uint8))
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    assert picture.shape == (shown_wh[1], shown_wh[0], 3)
