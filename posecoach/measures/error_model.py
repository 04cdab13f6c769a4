"""The 95 % interval of a measure: how far a value may lie from the truth.

Rendered people, whose truth is known, say how large errors are (`error_table`): by measure and view, apart for whoever stands and for faces
that are turned away. Most of an error is the same in every frame of a clip (where the model puts a joint under cloth), so time helps
little: a single picture is somewhat wider than a few seconds. Real cloth, skin and lenses are not rendered, and little is known of what
they add: of real heads held level six in ten lie inside the interval of pitch. A body that is small in the picture widens them, a skeleton
that is hardly trusted as well.

Whether a mouth smiles is a doubt between people, not of the landmarks: faces at rest differ. It is an interval of log odds, and goes away
where the person's own neutral face is known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import hypot, sqrt
from typing import NamedTuple

import numpy as np

from posecoach.body.face_geometry import FaceColumn
from posecoach.body.landmarks import Pose
from posecoach.body.observed import Body
from posecoach.body.records import Array
from posecoach.body.timeline import median
from posecoach.measures import error_table, error_table_heavy
from posecoach.measures.catalogue import take
from posecoach.measures.error_table import RESTING_FACES
from posecoach.measures.face import SMILE_ON
from posecoach.vocabulary import PoseModel, Posture, View

Interval = tuple[float, float]

Law = tuple[float, float]
"""Half widths of a clip of `SETTLED_S` and of a picture, in a measure's unit."""


class Table(NamedTuple):
    """The errors of one pose model, as its module tells them, and the rendered people that they were fitted on."""

    errors: Mapping[str, Mapping[str, Law]]
    trunk_px: float
    eye_gap_px: float
    people: Sequence[str]


TABLES: Mapping[PoseModel, Table] = {
    "full": Table(error_table.ERRORS, error_table.SIZE_TRUNK_PX, error_table.SIZE_EYE_GAP_PX, error_table.PEOPLE),
    "heavy": Table(error_table_heavy.ERRORS, error_table_heavy.SIZE_TRUNK_PX, error_table_heavy.SIZE_EYE_GAP_PX, error_table_heavy.PEOPLE),
}

SMILES = ("smile_strength", "smile_held_share")
"""The measures that differ between people at rest."""
SMILE_TOLD = 0.75
"""From here on the rules call it a smile where the person's own neutral face is not known."""
APART = " apart"
TURNED_DEG = 20.0
"""Of a face turned further than this the errors of its pose are larger."""
SETTLED_S = 3.0
"""A measure has two half widths, in its unit: over so many seconds or more, and of a single picture."""
FEET_UNSEEN_DEG = {"trunk_lean_forward_deg": 6.2}
"""What it adds from the side when feet are out of sight and the hips are guessed with them: half width of 95 % of the changes, when 26 real
people in 87 pictures were cut off between thighs and shins and looked at again."""
OF_AN_EVEN_FACE, UNEVEN_DEG = ("head_roll_deg", "face_away_deg"), 4.5
"""Three standard deviations of what the line of the mouth and the rest of the mesh differ by on 1,000 real faces. Where it is more, a smile
is one-sided or hair over an eye tips the mesh: either looks like a head that is tilted or turned, and by about as much."""
SURE = 0.87
"""Of a skeleton trusted less than this the interval grows, to twice its width at even odds."""


def interval_95(measure: str, body: Body, frames: Array, value: float) -> Interval | None:
    """The 95 % interval of a measure whose median over ``frames`` (T,) bool is ``value``, in its unit; None where nothing is known."""
    if measure in SMILES:
        return _of_smile(measure, body, frames, value)
    half = half_width(measure, body, frames)
    return None if half is None else (value - half, value + half)


def half_width(measure: str, body: Body, frames: Array) -> float | None:
    """Half the width of the 95 % interval of a measure's median over ``frames`` (T,) bool; None where none is known, and for smiles.

    The view and the posture are those that most of these frames show.
    """
    law = law_of(TABLES[body.motion.model].errors.get(measure, {}), condition_of(measure, body, frames))
    if law is None:
        return None
    seconds = float(body.duration_s[frames].sum()) if len(body.motion) > 1 else 0.0
    settled = min(seconds / SETTLED_S, 1.0)
    half = law[0] * settled + law[1] * (1 - settled)
    if measure in FEET_UNSEEN_DEG and not _has_feet(body, frames):
        half = hypot(half, FEET_UNSEEN_DEG[measure])
    half = float(half * _for_size(measure, body, frames) * _for_trust(body, frames))
    return half + uneven_face_deg(measure, body, frames)


def law_of(laws: Mapping[str, Law], condition: str) -> Law | None:
    """The law for a condition, or the one that does not tell its second half apart; None where there is none."""
    return laws.get(condition, laws.get(condition.split(" ")[0]))


def condition_of(measure: str, body: Body, frames: Array) -> str:
    """The key of `ERRORS` for most of the ``frames`` (T,) bool: the view, and `APART` of a measure of the body where the person stands, of
    one of the face where it is turned away. Who stands with both feet out of sight is not told apart.
    """
    view = View(int(np.bincount(body.view[frames]).argmax()))
    word = "side" if view in (View.SIDE_LEFT, View.SIDE_RIGHT) else view.word
    if is_of_face(measure):
        return word + APART if _is_turned(body, frames) else word
    is_standing = np.bincount(body.posture[frames]).argmax() == Posture.STANDING
    return word + APART if is_standing and _has_feet(body, frames) else word


def _is_turned(body: Body, frames: Array) -> bool:
    """Whether the face is turned away in most of the frames."""
    return bool((np.abs(body.face(FaceColumn.YAW_LEFT_DEG)[frames]) > TURNED_DEG).mean() > 0.5)


def _has_feet(body: Body, frames: Array) -> bool:
    """Whether an ankle is seen in most of the frames."""
    return bool(body.seen[frames][:, [Pose.LEFT_ANKLE, Pose.RIGHT_ANKLE]].any(1).mean() > 0.5)


def is_of_face(measure: str) -> bool:
    """Whether a measure is one of the face, whose size is that between the eyes; else it is the trunk's."""
    return measure.startswith(("head_", "face_"))


def _for_size(measure: str, body: Body, frames: Array) -> float:
    table = TABLES[body.motion.model]
    by_eyes = body.face(FaceColumn.EYE_GAP_PX), table.eye_gap_px
    size, lost_px = by_eyes if is_of_face(measure) else (body.trunk_px, table.trunk_px)
    seen = size[frames & np.isfinite(size)]
    return wider(float(median(seen)), lost_px) if len(seen) else 1.0


def wider(px: float, lost_px: float) -> float:
    """How many times as wide an interval is of a body of ``px`` pixels as of one that fills the picture: with fewer pixels a further error
    is added, of the same size at ``lost_px``.
    """
    return sqrt(1 + (lost_px / px) ** 2)


def _for_trust(body: Body, frames: Array) -> float:
    seen = body.trust[frames & np.isfinite(body.trust)]
    return 1.0 + min(max((SURE - float(median(seen))) / (SURE - 0.5), 0.0), 1.0) if len(seen) else 1.0


def uneven_face_deg(measure: str, body: Body, frames: Array) -> float:
    """What a mouth tilted against the rest of the face adds to the half width of a measure over ``frames`` (T,) bool, in degrees.

    Nothing of measures that an uneven face leaves alone, nor of faces turned away, whose errors are large anyway.
    """
    if measure not in OF_AN_EVEN_FACE or _is_turned(body, frames):
        return 0.0
    rise = body.face(FaceColumn.LIFT_LEFT) - body.face(FaceColumn.LIFT_RIGHT)
    tilt = np.abs(np.degrees(np.arctan2(rise, body.face(FaceColumn.MOUTH_WIDTH))))
    seen = tilt[frames & np.isfinite(tilt)]
    uneven_deg = float(median(seen)) if len(seen) else 0.0
    return uneven_deg if uneven_deg > UNEVEN_DEG else 0.0


def _of_smile(measure: str, body: Body, frames: Array, value: float) -> Interval | None:
    if body.neutral is not None and body.neutral.serves(measure):
        return None
    if measure == "smile_strength":
        least, most = _shifted(np.array([value]))
        return float(least[0]), float(most[0])
    strength = take("smile_strength", body).value
    seen = frames & np.isfinite(strength)
    seconds = np.maximum(body.duration_s[seen], 1e-9)
    low, high = _shifted(strength[seen])
    return float(np.average(low >= SMILE_ON, weights=seconds)), float(np.average(high >= SMILE_TOLD, weights=seconds))


def _shifted(strength: Array) -> tuple[Array, Array]:
    """The strengths (N,) if this face at rest had the least, and the most, of what faces at rest show."""
    certain = 1e-9
    odds = np.log(np.clip(strength, certain, 1 - certain) / np.clip(1 - strength, certain, 1))
    low, high = (1 / (1 + np.exp(-(odds + shift))) for shift in (-RESTING_FACES, RESTING_FACES))
    return low, high
