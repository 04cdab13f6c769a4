"""The 95 % interval of a measure: how far a value may lie from the truth.

Rendered people, whose truth is known, say how large errors are (`error_table`). Most of an error is the same in every frame of a clip
(where the model puts a joint under cloth), so time helps little: a single picture is somewhat wider than a few seconds. Real cloth, skin
and lenses are not rendered: `REAL_PEOPLE` widens all intervals. A body that is small in the picture widens them as its pixels do, a
skeleton that is hardly trusted as well.
"""

from __future__ import annotations

import numpy as np

from posecoach.body.face_geometry import FaceColumn
from posecoach.body.observed import Body
from posecoach.body.records import Array
from posecoach.measures.error_table import ERRORS, REAL_PEOPLE
from posecoach.vocabulary import View

FULL_TRUNK_PX = 50.0
"""The pose model looks at 256 pixels for an outstretched body, of which the trunk is about 50: larger pictures show it no more."""
FULL_EYE_GAP_PX = 10.0
"""The clips fitted on show faces of 9 to 14 pixels between the eyes; below 10 nothing of the face is judged but the smallest."""
SETTLED_S = 3.0
"""A measure has two half widths, in its unit: over so many seconds or more, and of a single picture."""
SURE = 0.87
"""Of a skeleton trusted less than this the interval grows, to twice its width at even odds."""


def error_95(measure: str, body: Body, frames: Array) -> float | None:
    """Half the width of the 95 % interval of a measure's median over ``frames`` (T,) bool, in its unit; None where nothing is known.

    The view is the one that most of these frames show.
    """
    views = np.bincount(body.view[frames], minlength=len(View))
    law = ERRORS.get(measure, {}).get(_word(View(int(views.argmax()))))
    if law is None:
        return None
    seconds = float(body.duration_s[frames].sum()) if len(body.motion) > 1 else 0.0
    settled = min(seconds / SETTLED_S, 1.0)
    half = law[0] * settled + law[1] * (1 - settled)
    return float(half * REAL_PEOPLE * _for_size(measure, body, frames) * _for_trust(body, frames))


def _word(view: View) -> str:
    return "side" if view in (View.SIDE_LEFT, View.SIDE_RIGHT) else view.word


def _for_size(measure: str, body: Body, frames: Array) -> float:
    of_face = measure.startswith(("head_", "face_"))
    size, full = (body.face(FaceColumn.EYE_GAP_PX), FULL_EYE_GAP_PX) if of_face else (body.trunk_px, FULL_TRUNK_PX)
    seen = size[frames & np.isfinite(size)]
    return max(1.0, full / float(np.median(seen))) if len(seen) else 1.0


def _for_trust(body: Body, frames: Array) -> float:
    seen = body.trust[frames & np.isfinite(body.trust)]
    return 1.0 + float(np.clip((SURE - np.median(seen)) / (SURE - 0.5), 0, 1)) if len(seen) else 1.0
