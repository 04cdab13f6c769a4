"""The hands of a body: each that is held out or up is cut out of the picture, enlarged and shown to the hand model.

At 3 m a hand is 40 pixels long: in the whole picture the model finds none, in the enlarged cut it finds them down to 25 pixels. A hand that
hangs is not looked at, so that somebody who stands costs nothing.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from posecoach.body.landmarks import HAND_COUNT, MIRROR_PARTNER, Pose
from posecoach.body.records import Array
from posecoach.estimators.bodies import SeenBody
from posecoach.estimators.crops import cut
from posecoach.estimators.regions import Square

CROP_PX = 256
CROP_M = 0.42
"""Side of the cut: a hand of 0.18 m with its wrist, wherever the fingers point."""
CROP_MIN_PX = 55
"""A cut that has to be enlarged further shows no fingers."""
OUT_MIN_M, RAISED_MIN_M = 0.12, 0.05
"""A hand is looked at when its wrist is so far out beyond the shoulder, or so far above the hips."""
SEEN_MIN = 0.5


class HandModel(Protocol):
    """Finds the surest hand in a square RGB picture: (21, 3) metres from its middle, x and y as in the picture; None when there is none."""

    def find(self, crop: Array) -> Array | None: ...

    def close(self) -> None: ...


class Hands:
    """Finds the hands of a body in a picture; ``model`` remembers nothing."""

    def __init__(self, model: HandModel) -> None:
        self._model = model

    def find(self, picture: Array, body: SeenBody) -> Array:
        """(2, 21, 3) metres, the left hand first, in an RGB picture (h, w, 3); NaN for a hand that hangs, is hidden or too small."""
        found = np.full((2, HAND_COUNT, 3), np.nan)
        for i, left_joint in enumerate((Pose.LEFT_WRIST, Pose.RIGHT_WRIST)):
            square = self._square(body, is_left=left_joint is Pose.LEFT_WRIST)
            hand = None if square is None else self._model.find(cut(picture, square, CROP_PX, continued=True))
            if hand is not None:
                found[i] = hand
        return found

    def _square(self, body: SeenBody, *, is_left: bool) -> Square | None:
        def joint(left: Pose) -> Pose:
            return left if is_left else MIRROR_PARTNER[left]

        wrist, shoulder = body.px[joint(Pose.LEFT_WRIST)], body.px[joint(Pose.LEFT_SHOULDER)]
        across = shoulder[0] - body.px[MIRROR_PARTNER[joint(Pose.LEFT_SHOULDER)]][0]
        out_m = (wrist - shoulder)[0] * np.sign(across) / body.scale
        raised_m = (body.hips[1] - wrist[1]) / body.scale
        side = CROP_M * body.scale
        is_shown = out_m >= OUT_MIN_M or raised_m >= RAISED_MIN_M
        if not is_shown or side < CROP_MIN_PX or not body.visibility[joint(Pose.LEFT_WRIST)] >= SEEN_MIN:
            return None
        fingers = body.px[[joint(Pose.LEFT_PINKY), joint(Pose.LEFT_INDEX), joint(Pose.LEFT_THUMB)]].mean(axis=0)
        return Square.around(fingers, side)

    def close(self) -> None:
        """Free the model."""
        self._model.close()
