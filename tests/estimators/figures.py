"""Made-up bodies and faces, and models that say what a test tells them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from posecoach.body.landmarks import Face, Pose
from posecoach.body.records import Array
from posecoach.estimators.bodies import SeenBody
from posecoach.estimators.regions import SeenPerson

HEIGHT_M = 1.7
_UPRIGHT = {
    Pose.NOSE: (0.0, -0.62), Pose.LEFT_EYE: (0.03, -0.65), Pose.RIGHT_EYE: (-0.03, -0.65), Pose.LEFT_EAR: (0.07, -0.63),
    Pose.RIGHT_EAR: (-0.07, -0.63), Pose.LEFT_SHOULDER: (0.18, -0.5), Pose.RIGHT_SHOULDER: (-0.18, -0.5), Pose.LEFT_HIP: (0.1, 0.0),
    Pose.RIGHT_HIP: (-0.1, 0.0), Pose.LEFT_ANKLE: (0.1, 0.8), Pose.RIGHT_ANKLE: (-0.1, 0.8),
}  # fmt: skip


def body_at(x: float, y: float, px_per_m: float = 100.0) -> SeenBody:
    """An upright body with its hips at (x, y); the points not named above lie at the middle of the shoulders."""
    flat = np.tile((0.0, -0.5), (len(Pose), 1))
    for joint in range(Pose.MOUTH_RIGHT + 1):
        flat[joint] = (0.0, -0.62)
    for joint, place in _UPRIGHT.items():
        flat[joint] = place
    world = np.concatenate([flat, np.zeros((len(Pose), 1))], axis=1)
    return SeenBody(px=flat * px_per_m + (x, y), world_m=world, visibility=np.ones(len(Pose)))


def person_at(x: float, y: float, radius: float = 90.0) -> SeenPerson:
    """What the search says of such a body."""
    return SeenPerson(x, y, radius)


def face_at(body: SeenBody, shift_m: float = 0.0) -> Array:
    """A mesh (478, 2) whose eyes lie on those of the body, but for a shift to the side."""
    mesh = np.tile(body.px[Pose.NOSE], (478, 1))
    left, right = body.px[Pose.LEFT_EYE], body.px[Pose.RIGHT_EYE]
    half = np.array((0.015 * body.scale, 0.0))
    mesh[Face.LEFT_EYE_OUTER], mesh[Face.LEFT_EYE_INNER] = left + half, left - half
    mesh[Face.RIGHT_EYE_OUTER], mesh[Face.RIGHT_EYE_INNER] = right - half, right + half
    return mesh + np.array((shift_m * body.scale, 0.0))


class ScriptedPeople:
    """A search that finds who is said to be there."""

    def __init__(self, *people: SeenPerson) -> None:
        self.people = list(people)
        self.calls = 0
        self.is_closed = False

    def find(self, picture: Array) -> list[SeenPerson]:
        self.calls += 1
        return self.people

    def close(self) -> None:
        self.is_closed = True


class ScriptedTracker:
    """A tracker that sees a body where the picture is not blank at its hips; it keeps the one it follows, else takes the first."""

    def __init__(self, *bodies: SeenBody) -> None:
        self.bodies = list(bodies)
        self.following: int | None = None
        self.is_closed = False

    def find(self, picture: Array, t_ms: float) -> SeenBody | None:
        seen = [i for i, body in enumerate(self.bodies) if _is_lit(picture, body.hips)]
        if self.following not in seen:
            lost = self.following is not None
            self.following = None if lost or not seen else seen[0]
        return None if self.following is None else self.bodies[self.following]

    def close(self) -> None:
        self.is_closed = True


class ScriptedFace:
    """A face model that answers with a function of the crop; the last crop is kept."""

    def __init__(self, answer: Callable[[Array], Array | None]) -> None:
        self.answer = answer
        self.crops: list[Array] = []
        self.is_closed = False

    def find(self, crop: Array) -> Array | None:
        self.crops.append(crop)
        return self.answer(crop)

    def close(self) -> None:
        self.is_closed = True


def lit(width: int, height: int) -> Array:
    """A white picture."""
    return np.full((height, width, 3), 255, np.uint8)


def _is_lit(picture: Array, place: tuple[float, float]) -> bool:
    x, y = round(place[0]), round(place[1])
    return 0 <= x < picture.shape[1] and 0 <= y < picture.shape[0] and bool(picture[y, x, 0] == 255)
