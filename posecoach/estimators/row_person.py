"""Somebody followed in a row: where body and face were seen last, smoothed over real time. Lengths are in pixels of the working picture."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from posecoach.body.records import Array, Frame, Landmarks
from posecoach.body.smoothing import OneEuro
from posecoach.estimators.bodies import SeenBody
from posecoach.estimators.faces import Faces
from posecoach.estimators.people import HEAD_M, Head, Region, SeenPeople, head_of
from posecoach.row.places import Sighting
from posecoach.vocabulary import PoseModel

SPEED_M_S = 2.5
JUMP_M = 0.25
"""A body may have moved so far since it was seen last: a step, and a brisk walk for the time between."""
CUTOFF_HZ = 1.5
BETA = 2.0
UNIT_M = 0.09
"""Smoothing of the body over real time, as that of the face."""
ANCHOR_SHARE = 0.1
"""By so much of the way the place where somebody stands follows them each time they are seen."""


@dataclass(eq=False)
class Followed:
    """One person. ``seen_ms`` is when they were found last, ``tried_ms`` when they were looked for; ``anchor`` where they stand.

    A mere face has no ``body``; a body not looked for again since it was first found has no ``anchor``.
    """

    key: int
    head: Head
    faces: Faces
    seen_ms: float
    region: Region | None = None
    body: SeenBody | None = None
    face: Array | None = None
    tried_ms: float = -np.inf
    face_head: Head | None = None
    anchor: tuple[float, float] | None = None
    _smooth_px: OneEuro = field(default_factory=lambda: OneEuro(CUTOFF_HZ, BETA))
    _smooth_m: OneEuro = field(default_factory=lambda: OneEuro(CUTOFF_HZ, BETA))

    @property
    def scale(self) -> float:
        """Pixels a metre."""
        return self.head.side / HEAD_M if self.body is None else self.body.scale

    @property
    def strayed(self) -> float:
        """How far the body has come from where it stood; infinite where that is not known yet."""
        if self.body is None or self.anchor is None:
            return float("inf")
        return float(np.linalg.norm(np.subtract(self.body.hips, self.anchor)))

    def distance(self, head: Head) -> float:
        """From the head to another, pixels."""
        return float(np.hypot(self.head.x - head.x, self.head.y - head.y))

    def is_near(self, head: Head, metres: float) -> bool:
        """Whether a head is as near to this one's."""
        return self.distance(head) <= metres * max(self.scale, head.side / HEAD_M)

    def is_within_reach(self, body: SeenBody, t_ms: float) -> bool:
        """Whether a body found may be this one's at this time; never one of unknown scale."""
        if self.body is None or body.scale <= 0:
            return body.scale > 0
        way = np.linalg.norm(np.subtract(body.hips, self.body.hips))
        return bool(way <= (JUMP_M + SPEED_M_S * (t_ms - self.seen_ms) / 1000) * body.scale)

    def take(self, found: SeenPeople, t_ms: float) -> SeenBody:
        """Take over a body found at this time; as smoothed."""
        raw = found.body
        self.body = SeenBody(
            px=self._smooth_px(raw.px, t_ms, unit=max(UNIT_M * raw.scale, 1.0)),
            world_m=self._smooth_m(raw.world_m, t_ms, unit=UNIT_M),
            visibility=raw.visibility,
        )
        self.region, self.head, self.seen_ms = found.region, head_of(self.body), t_ms
        self.anchor = _moved(self.anchor, self.body.hips)
        return self.body

    def lose_body(self) -> None:
        """Go back to being a mere face."""
        self.body = self.region = self.face = self.anchor = None
        self.head = self.face_head or self.head
        self._smooth_px.reset()
        self._smooth_m.reset()

    def sighting(self, frame: Frame, ratio: float, model: PoseModel) -> Sighting:
        """What is told of this person at a frame whose pixels are ``ratio`` times as small as the working picture's, by a pose model."""
        absent, body, face = Landmarks.absent(frame.size_wh), self.body, self.face
        landmarks = absent
        if body is not None:
            face_px = absent.face_px if face is None else face * ratio
            landmarks = Landmarks(body.px * ratio, body.world_m, body.visibility, face_px, frame.size_wh, model=model)
        return Sighting(self.key, frame.t_ms, landmarks, (self.head.x * ratio, self.head.y * ratio), self.scale * ratio)


def _moved(anchor: tuple[float, float] | None, hips: tuple[float, float]) -> tuple[float, float]:
    if anchor is None:
        return hips
    x, y = np.asarray(anchor) * (1 - ANCHOR_SHARE) + np.asarray(hips) * ANCHOR_SHARE
    return float(x), float(y)
