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
from dataclasses import dataclass
from functools import cached_property
from math import hypot, sqrt
from typing import NamedTuple

import numpy as np

from posecoach.body.codes import ANKLES
from posecoach.body.face_geometry import FaceColumn
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


@dataclass(frozen=True, eq=False)
class Part:
    """Some ``frames`` (T,) bool of a body, and what most of them show, each worked out once: most clauses are judged in the same frames."""

    body: Body
    frames: Array

    @cached_property
    def seconds(self) -> float:
        """How long they last; 0 of a picture."""
        return float(self.body.duration_s[self.frames].sum()) if len(self.body.motion) > 1 else 0.0

    @cached_property
    def view(self) -> View:
        """The usual view."""
        return View(int(np.bincount(self.body.view[self.frames]).argmax()))

    @cached_property
    def is_standing(self) -> bool:
        """Whether the usual posture is standing."""
        return bool(np.bincount(self.body.posture[self.frames]).argmax() == Posture.STANDING)

    @cached_property
    def has_feet(self) -> bool:
        """Whether an ankle is seen."""
        return bool(self.body.seen[:, ANKLES][self.frames].any(1).mean() > 0.5)

    @cached_property
    def is_turned(self) -> bool:
        """Whether the face is turned away."""
        return bool((np.abs(self.body.face(FaceColumn.YAW_LEFT_DEG)[self.frames]) > TURNED_DEG).mean() > 0.5)

    @cached_property
    def trunk_px(self) -> float | None:
        """The usual size of the trunk."""
        return self._usual(self.body.trunk_px)

    @cached_property
    def eye_gap_px(self) -> float | None:
        """The usual size of the face."""
        return self._usual(self.body.face(FaceColumn.EYE_GAP_PX))

    @cached_property
    def trust(self) -> float | None:
        """How far the skeleton is usually trusted."""
        return self._usual(self.body.trust)

    @cached_property
    def uneven_deg(self) -> float:
        """How far the mouth is usually tilted against the rest of the face."""
        rise = self.body.face(FaceColumn.LIFT_LEFT) - self.body.face(FaceColumn.LIFT_RIGHT)
        return self._usual(np.abs(np.degrees(np.arctan2(rise, self.body.face(FaceColumn.MOUTH_WIDTH))))) or 0.0

    def _usual(self, values: Array) -> float | None:
        """The median of values (T,), None where there is none."""
        usual = float(median(values[self.frames]))
        return None if np.isnan(usual) else usual


def interval_95(measure: str, part: Part, value: float) -> Interval | None:
    """The 95 % interval of a measure whose median over a part is ``value``, in its unit; None where nothing is known."""
    if measure in SMILES:
        return _of_smile(measure, part, value)
    half = half_width(measure, part)
    return None if half is None else (value - half, value + half)


def half_width(measure: str, part: Part) -> float | None:
    """Half the width of the 95 % interval of a measure's median over a part; None where none is known, and for smiles.

    The view and the posture are those that most of its frames show.
    """
    law = law_of(TABLES[part.body.motion.model].errors.get(measure, {}), condition_of(measure, part))
    if law is None:
        return None
    settled = min(part.seconds / SETTLED_S, 1.0)
    half = law[0] * settled + law[1] * (1 - settled)
    if measure in FEET_UNSEEN_DEG and not part.has_feet:
        half = hypot(half, FEET_UNSEEN_DEG[measure])
    return half * _for_size(measure, part) * _for_trust(part) + uneven_face_deg(measure, part)


def law_of(laws: Mapping[str, Law], condition: str) -> Law | None:
    """The law for a condition, or the one that does not tell its second half apart; None where there is none."""
    return laws.get(condition, laws.get(condition.split(" ")[0]))


def condition_of(measure: str, part: Part) -> str:
    """The key of `ERRORS` for a part of a film: the view, and `APART` of a measure of the body where the person stands, of one of the face
    where it is turned away. Who stands with both feet out of sight is not told apart.
    """
    word = "side" if part.view in (View.SIDE_LEFT, View.SIDE_RIGHT) else part.view.word
    is_apart = part.is_turned if is_of_face(measure) else part.is_standing and part.has_feet
    return word + APART if is_apart else word


def is_of_face(measure: str) -> bool:
    """Whether a measure is one of the face, whose size is that between the eyes; else it is the trunk's."""
    return measure.startswith(("head_", "face_"))


def _for_size(measure: str, part: Part) -> float:
    table = TABLES[part.body.motion.model]
    size, lost_px = (part.eye_gap_px, table.eye_gap_px) if is_of_face(measure) else (part.trunk_px, table.trunk_px)
    return 1.0 if size is None else wider(size, lost_px)


def wider(px: float, lost_px: float) -> float:
    """How many times as wide an interval is of a body of ``px`` pixels as of one that fills the picture: with fewer pixels a further error
    is added, of the same size at ``lost_px``.
    """
    return sqrt(1 + (lost_px / px) ** 2)


def _for_trust(part: Part) -> float:
    return 1.0 if part.trust is None else 1.0 + min(max((SURE - part.trust) / (SURE - 0.5), 0.0), 1.0)


def uneven_face_deg(measure: str, part: Part) -> float:
    """What a mouth tilted against the rest of the face adds to the half width of a measure, in degrees.

    Nothing of measures that an uneven face leaves alone, nor of faces turned away, whose errors are large anyway.
    """
    if measure not in OF_AN_EVEN_FACE or part.is_turned:
        return 0.0
    return part.uneven_deg if part.uneven_deg > UNEVEN_DEG else 0.0


def _of_smile(measure: str, part: Part, value: float) -> Interval | None:
    body = part.body
    if body.neutral is not None and body.neutral.serves(measure):
        return None
    if measure == "smile_strength":
        least, most = _shifted(np.array([value]))
        return float(least[0]), float(most[0])
    strength = take("smile_strength", body).value
    seen = part.frames & np.isfinite(strength)
    seconds = np.maximum(body.duration_s[seen], 1e-9)
    low, high = _shifted(strength[seen])
    return float(np.average(low >= SMILE_ON, weights=seconds)), float(np.average(high >= SMILE_TOLD, weights=seconds))


def _shifted(strength: Array) -> tuple[Array, Array]:
    """The strengths (N,) if this face at rest had the least, and the most, of what faces at rest show."""
    certain = 1e-9
    odds = np.log(np.clip(strength, certain, 1 - certain) / np.clip(1 - strength, certain, 1))
    low, high = (1 / (1 + np.exp(-(odds + shift))) for shift in (-RESTING_FACES, RESTING_FACES))
    return low, high
