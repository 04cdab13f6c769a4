"""What every measure and the posture need of a track, computed once: midpoints, body scale, what is in the picture, head pose."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from posecoach.body.bows import Bow, find_bows
from posecoach.body.codes import BACK, CROUCHING, FRONT, HEELS, SIDE_LEFT, SIDE_RIGHT, SITTING, TOES, UNKNOWN_VIEW
from posecoach.body.face_geometry import SHAPE_COLUMNS, FaceColumn
from posecoach.body.geometry import distance_px, is_inside, lean_deg, midpoint, tilt_deg
from posecoach.body.gestures import Gesture, find_gestures
from posecoach.body.handshakes import Handshake, find_handshakes
from posecoach.body.landmarks import MIRROR_PARTNER, POSE_COUNT, Pose
from posecoach.body.motion import VISIBILITY_MIN, Motion
from posecoach.body.nods import Nod, find_nods
from posecoach.body.records import Array
from posecoach.body.rises import Rise, find_rises
from posecoach.body.timeline import median, runs
from posecoach.body.trust import TRUSTED_MIN
from posecoach.body.walks import Step, Walk, find_walks
from posecoach.vocabulary import Posture

EDGE_MARGIN = 0.005
HALF_VISIBILITY_MIN = 0.3
ROLL_MIN_DEG = 3.0
ROLL_AGREEMENT_DEG = 2.5
ROLL_SHOULDERS_AGREEMENT_DEG = 1.5
DESCENT_MARGIN_MS = 500.0
"""The slow beginning and end of sitting down are no transition yet, but part of it."""


@dataclass(frozen=True)
class Neutral:
    """A person's own neutral face, from a calibration, a reference the user names or a roster entry; never from the clip judged."""

    head_pitch_down_deg: float | None = None
    face_shape: tuple[float, ...] | None = None

    @classmethod
    def of(cls, faces: Array) -> Neutral:
        """The neutral shown by faces (T, 17) as of `describe_faces`: their median; fields stay None where no face was seen."""
        seen = faces[np.isfinite(faces[:, SHAPE_COLUMNS]).all(1)]
        if not len(seen):
            return cls()
        typical = np.median(seen, axis=0)
        return cls(float(typical[FaceColumn.PITCH_DOWN_DEG]), tuple(typical[SHAPE_COLUMNS].tolist()))

    def serves(self, measure: str) -> bool:
        """Whether values of this measure are taken against the person's own neutral."""
        if measure.startswith("smile_"):
            return self.face_shape is not None
        return measure == "head_pitch_down_deg" and self.head_pitch_down_deg is not None


@dataclass(frozen=True, eq=False)
class Body:
    """A person's motion with what is derived from it. All arrays have the leading axis T; points are (T, 2) pixels.

    ``view`` and ``posture`` (T,) hold `View` and `Posture` values, ``legs_seen`` (T,) whether the legs are really in the picture and not
    guessed, ``lies`` (T,) whether the body lies or hangs in the picture, and
    ``trust`` (T,) how sure it is that the skeleton lies on a body (`body.trust`, NaN without one); all come from `posture.observe`.
    ``partner``: whom they do something with, seen at the same times.
    """

    motion: Motion
    view: Array
    posture: Array
    legs_seen: Array
    lies: Array
    trust: Array
    neutral: Neutral | None = None
    partner: Motion | None = None

    @property
    def px(self) -> Array:
        """Body points (T, 33, 2) in double precision."""
        return self.motion.px

    def point(self, joint: Pose) -> Array:
        """One body point (T, 2)."""
        return np.asarray(self.px[:, joint])

    @cached_property
    def seen(self) -> Array:
        """(T, 33) whether each body point lies in the picture and the model does not call it hidden."""
        return self._seen_from(VISIBILITY_MIN)

    @cached_property
    def half_seen(self) -> Array:
        """(T, 33) as `seen`, for points that the other leg may partly hide."""
        return self._seen_from(HALF_VISIBILITY_MIN)

    def _seen_from(self, visibility_min: float) -> Array:
        with np.errstate(invalid="ignore"):
            return np.asarray(self.inside & (self.motion.pose_visibility >= visibility_min))

    @cached_property
    def hidden(self) -> Array:
        """(34, T) of each body point: 0 where it is `seen`, 1 where it is hidden, 2 where it is not in the picture; at the end 0."""
        return self._hidden(self.seen)

    @cached_property
    def half_hidden(self) -> Array:
        """(34, T) as `hidden`, by `half_seen`."""
        return self._hidden(self.half_seen)

    def _hidden(self, seen: Array) -> Array:
        out = np.zeros((POSE_COUNT + 1, len(self.motion)), np.int8)
        out[:-1] = np.where(seen, 0, np.where(self.inside, 1, 2)).T
        return out

    @cached_property
    def inside(self) -> Array:
        """(T, 33) whether each body point lies in the picture, hidden or not."""
        return is_inside(self.px, self.motion.size_wh, EDGE_MARGIN)

    @cached_property
    def is_astray(self) -> Array:
        """(T,) whether there is a skeleton that is not trusted to lie on a body that stands or sits upright in the picture."""
        return np.asarray(~self.lies & (self.trust < TRUSTED_MIN))

    @cached_property
    def is_unsure(self) -> Array:
        """(T,) whether what is measured tells nothing of the person: the body lies in the picture, or the skeleton is astray."""
        return np.asarray(self.lies | self.is_astray)

    @cached_property
    def mid_shoulder(self) -> Array:
        """Middle of the shoulders."""
        return np.asarray(midpoint(self.point(Pose.LEFT_SHOULDER), self.point(Pose.RIGHT_SHOULDER)))

    @cached_property
    def mid_hip(self) -> Array:
        """Middle of the hips."""
        return np.asarray(midpoint(self.point(Pose.LEFT_HIP), self.point(Pose.RIGHT_HIP)))

    @cached_property
    def trunk_px(self) -> Array:
        """Distance from mid-hip to mid-shoulder, (T,)."""
        return distance_px(self.mid_shoulder, self.mid_hip)

    @cached_property
    def shoulder_px(self) -> Array:
        """Distance between the shoulder joints in the picture, (T,); a body measure only from the front or from behind."""
        return distance_px(self.point(Pose.LEFT_SHOULDER), self.point(Pose.RIGHT_SHOULDER))

    @cached_property
    def left_x(self) -> Array:
        """Picture direction of the person's left, (T,): +1 right edge (seen from the front), -1 left edge (from behind)."""
        return np.where(self.view == BACK, -1.0, 1.0)

    @cached_property
    def forward_x(self) -> Array:
        """Picture direction the person faces, (T,): +1 right edge, -1 left edge; NaN where they face neither."""
        toes = (self.px[:, TOES] - self.px[:, HEELS])[..., 0].sum(1)
        nose = self.point(Pose.NOSE)[:, 0] - midpoint(self.point(Pose.LEFT_EAR), self.point(Pose.RIGHT_EAR))[:, 0]
        by_view = np.where(self.view == SIDE_RIGHT, 1.0, np.where(self.view == SIDE_LEFT, -1.0, np.sign(nose + 0.5 * toes)))
        return np.where((by_view == 0) | ~np.isfinite(by_view), np.nan, by_view)

    @cached_property
    def is_left_near(self) -> Array:
        """(T,) whether the person's left side is the one nearer to the camera."""
        return np.where(np.isfinite(self.forward_x), self.forward_x < 0, False)

    def near(self, left_joint: Pose) -> Array:
        """The point of this name (given for the left) on the side nearer to the camera, (T, 2)."""
        return np.where(self.is_left_near[:, None], self.point(left_joint), self.point(MIRROR_PARTNER[left_joint]))

    @cached_property
    def is_left_foot_front(self) -> Array:
        """(T,) whether the left foot is further forward than the right one, by the ankles; False where unknown."""
        gap = (self.point(Pose.LEFT_ANKLE) - self.point(Pose.RIGHT_ANKLE))[:, 0] * self.forward_x
        with np.errstate(invalid="ignore"):
            return np.asarray(gap > 0)

    def front(self, left_joint: Pose) -> Array:
        """The point of this name (given for the left) on the leg whose foot is in front, (T, 2)."""
        return np.where(self.is_left_foot_front[:, None], self.point(left_joint), self.point(MIRROR_PARTNER[left_joint]))

    def rear(self, left_joint: Pose) -> Array:
        """The point of this name (given for the left) on the leg whose foot is behind, (T, 2)."""
        return np.where(self.is_left_foot_front[:, None], self.point(MIRROR_PARTNER[left_joint]), self.point(left_joint))

    @cached_property
    def camera_roll_deg(self) -> float:
        """How far the camera seems tilted over the whole time; positive: the person's left side is shown higher. 0 when it cannot be told.

        A tilted camera turns everything alike: shoulders, hips, eyes and the line from the feet to the shoulders, which balance keeps
        upright. So three of these must agree on at least 3 degrees; without the eyes (seen from behind) the shoulders closely, since
        shifted hips turn two of the others. One fault of posture moves one or two of the four.
        """
        frontal = (self.view == FRONT) | (self.view == BACK)
        if not frontal.any():
            return 0.0
        lines = [_median_where(line, frontal) for line in self._level_lines_deg()]
        shoulders, eyes = lines[0], lines[2]
        known = np.array([line for line in lines if np.isfinite(line)])
        if len(known) < 3:
            return 0.0
        roll = float(median(known))
        agree = int((np.abs(known - roll) <= ROLL_AGREEMENT_DEG).sum())
        certain = agree >= 3 and (np.isfinite(eyes) or abs(shoulders - roll) <= ROLL_SHOULDERS_AGREEMENT_DEG)
        return roll if certain and abs(roll) >= ROLL_MIN_DEG else 0.0

    def _level_lines_deg(self) -> list[Array]:
        """What a level camera shows level, as tilts (T,) with the person's left side up: shoulders, hips, eyes, and the upright line."""
        feet = midpoint(self.point(Pose.LEFT_ANKLE), self.point(Pose.RIGHT_ANKLE))
        upright = np.where(self.legs_seen, -lean_deg(feet, self.mid_shoulder, self.left_x), np.nan)
        turned = np.abs(self.face(FaceColumn.YAW_LEFT_DEG)) > 20
        return [
            tilt_deg(self.point(Pose.LEFT_SHOULDER), self.point(Pose.RIGHT_SHOULDER)),
            tilt_deg(self.point(Pose.LEFT_HIP), self.point(Pose.RIGHT_HIP)),
            np.where(turned | self.is_back, np.nan, self.face(FaceColumn.ROLL_DEG)),
            upright,
        ]

    def face(self, column: FaceColumn) -> Array:
        """One number of the face, (T,); NaN without a face."""
        return self.motion.column(column)

    def face_is_large(self, eye_gap_px: float) -> Array:
        """(T,) whether the eyes are at least so far apart in the picture."""
        return np.asarray(self.face(FaceColumn.EYE_GAP_PX) >= eye_gap_px)

    @property
    def face_shape(self) -> Array:
        """Shape of mouth and eyes, (T, 12), the columns of `FaceColumn` from LIFT_LEFT on."""
        return np.asarray(self.motion.face[:, SHAPE_COLUMNS])

    @property
    def duration_s(self) -> Array:
        """How long each frame stands for, (T,) seconds."""
        return self.motion.duration_s

    @cached_property
    def is_side(self) -> Array:
        """(T,) whether the person is seen from either side."""
        return np.asarray((self.view == SIDE_LEFT) | (self.view == SIDE_RIGHT))

    @cached_property
    def is_back(self) -> Array:
        """(T,) whether the person is seen from behind."""
        return np.asarray(self.view == BACK)

    @cached_property
    def bows(self) -> tuple[Bow, ...]:
        """The bows, in order (`bows.find_bows`)."""
        with np.errstate(invalid="ignore", divide="ignore"):
            found = find_bows(self.motion.t_ms, self.px, self._view_upright, self.posture, self.forward_x)
        return tuple(bow for bow in found if not self._is_mostly_astray(bow))

    @cached_property
    def walks(self) -> tuple[Walk, ...]:
        """The walks, in order (`walks.find_walks`)."""
        with np.errstate(invalid="ignore", divide="ignore"):
            view = np.where(self.legs_seen & (self.posture != SITTING), self._view_upright, UNKNOWN_VIEW)
            found = find_walks(self.motion.t_ms, self.px, view, self.forward_x)
        return tuple(walk for walk in found if not self._is_mostly_astray(walk))

    @cached_property
    def nods(self) -> tuple[Nod, ...]:
        """The nods, in order (`nods.find_nods`)."""
        with np.errstate(invalid="ignore", divide="ignore"):
            found = find_nods(self.motion.t_ms, self.px, self._view_upright)
        others: tuple[Bow | Rise | Walk, ...] = (*self.bows, *self.rises, *self.walks)
        alone = (nod for nod in found if not any(nod.start < other.end and other.start < nod.end for other in others))
        return tuple(nod for nod in alone if not self._is_mostly_astray(nod))

    @cached_property
    def gestures(self) -> tuple[Gesture, ...]:
        """The guiding gestures, in order (`gestures.find_gestures`)."""
        with np.errstate(invalid="ignore", divide="ignore"):
            found = find_gestures(self.motion.t_ms, self.px, self._view_upright)
        return tuple(gesture for gesture in found if not self._is_mostly_astray(gesture))

    @cached_property
    def rises(self) -> tuple[Rise, ...]:
        """Getting up and sitting down, in order (`rises.find_rises`)."""
        with np.errstate(invalid="ignore", divide="ignore"):
            found = find_rises(self.motion.t_ms, self.px, self.posture)
        crouched = self.lies | (self.posture == CROUCHING)
        return tuple(rise for rise in found if not self._is_mostly_astray(rise) and not crouched[rise.start : rise.end + 5].any())

    @cached_property
    def handshakes(self) -> tuple[Handshake, ...]:
        """The handshakes with the partner, in order (`handshakes.find_handshakes`)."""
        return () if self.partner is None else find_handshakes(self.motion.t_ms, self.px, self.partner.px)

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps of all walks, in order."""
        return tuple(step for walk in self.walks for step in walk.steps)

    @cached_property
    def _view_upright(self) -> Array:
        """(T,) `View`, UNKNOWN where the body lies in the picture."""
        return np.where(self.lies, UNKNOWN_VIEW, self.view)

    def _is_mostly_astray(self, span: Bow | Walk | Nod | Gesture | Rise) -> bool:
        """Whether the skeleton is not trusted for most of a stretch of frames."""
        return bool(self.is_astray[span.start : span.end].mean() > 0.5)

    @property
    def descents(self) -> list[tuple[int, int]]:
        """Stretches of frames (start, end) in which the person goes from standing to sitting, with half a second on either side."""
        found = []
        t_ms = self.motion.t_ms
        stretches = [(int(a), int(b)) for a, b in runs(self.posture)]
        for before, (start, end), after in zip(stretches, stretches[1:], stretches[2:], strict=False):
            names = [Posture(int(self.posture[stretch[0]])) for stretch in (before, (start, end), after)]
            if names == [Posture.STANDING, Posture.TRANSITION, Posture.SITTING]:
                first, last = np.searchsorted(t_ms, [t_ms[start] - DESCENT_MARGIN_MS, t_ms[end - 1] + DESCENT_MARGIN_MS])
                found.append((max(int(first), before[0]), min(int(last), after[1])))
        return found


def _median_where(values: Array, frames: Array) -> float:
    return float(median(np.where(frames & np.isfinite(values), values, np.nan)))
