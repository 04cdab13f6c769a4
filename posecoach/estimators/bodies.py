"""Which body is followed through a clip or taken from a picture. The models come in as objects."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from posecoach.body.records import Array
from posecoach.estimators import regions
from posecoach.estimators.crops import blank_outside, size_wh_of
from posecoach.estimators.regions import Box, Person

LOOK_MS = 2000.0
"""How often the whole picture is searched for others than the followed person,"""
AWAY_LOOK_MS = 400.0
"""and how often while that person is not where it has been: somebody may have walked in between."""
AWAY_M = 0.4
JUMP_M = 0.3
"""A body whose hips move this far from one frame to the next may be somebody else's."""
HOME_MS = 4000.0
"""Time constant of the slow mean of where the followed person has been."""


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """A body found by a model: ``px`` (33, 2) pixels, ``world_m`` (33, 3) metres, ``visibility`` (33,).

    ``scale`` pixels a metre and ``hips`` their middle in pixels follow from these.
    """

    px: Array
    world_m: Array
    visibility: Array
    scale: float = field(init=False)
    hips: tuple[float, float] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "scale", regions.px_per_m(self.px, self.world_m))
        object.__setattr__(self, "hips", regions.hips(self.px))


class PeopleModel(Protocol):
    """Finds everybody in an RGB picture, roughly and quickly."""

    def find(self, picture: Array) -> list[Person]: ...

    def close(self) -> None: ...


class BodyModel(Protocol):
    """Finds one body in an RGB picture, or follows it from call to call (then ``t_ms`` never falls)."""

    def find(self, picture: Array, t_ms: float) -> Body | None: ...

    def close(self) -> None: ...


class StillBodies:
    """Finds the main person in pictures that have nothing to do with each other."""

    def __init__(self, model: BodyModel, search: PeopleModel) -> None:
        self._model = model
        self._search = search

    def find(self, picture: Array, t_ms: float) -> Body | None:
        """The main person in an RGB picture (h, w, 3), or None."""
        people = self._search.find(picture)
        if len(people) > 1:
            main = regions.main_person(people, size_wh_of(picture), None)
            body = self._model.find(blank_outside(picture, regions.start_region(main, people)), t_ms)
            if body is not None:
                return body
        return self._model.find(picture, t_ms)

    def close(self) -> None:
        """Free the models."""
        self._model.close()
        self._search.close()


class ClipBodies:
    """Follows one person through a clip.

    A tracking model follows whom it finds first. So the whole picture is searched at the start, after a loss or jump and every `LOOK_MS`;
    where more than one person is in it, everything but the main person's surroundings is blanked for the tracker. Blanking, unlike
    cropping, leaves the coordinates alone, so the tracker need not start again.
    """

    def __init__(self, tracker: BodyModel, search: PeopleModel) -> None:
        self._tracker = tracker
        self._search = search
        self._looked_at_ms = self._look_at_ms = -np.inf
        self._region: Box | None = None
        self._body: Body | None = None
        self._home: tuple[float, float] | None = None
        self._home_ms = 0.0

    def find(self, picture: Array, t_ms: float) -> Body | None:
        """The person followed in an RGB picture (h, w, 3), or None."""
        if t_ms >= self._look_at_ms:
            self._look(picture, t_ms)
        body = self._tracker.find(picture if self._region is None else blank_outside(picture, self._region), t_ms)
        if _is_lost(self._body, body):
            self._look_at_ms = t_ms
        if body is not None:
            self._remember(body, t_ms)
        self._region = None if body is None or self._region is None else regions.follow_region(body.px)
        self._body = body
        return body

    def _look(self, picture: Array, t_ms: float) -> None:
        """Search the picture, set the region for the tracker, and make the tracker drop a person who is not the main one."""
        self._looked_at_ms, self._look_at_ms = t_ms, t_ms + LOOK_MS
        people = self._search.find(picture)
        if len(people) < 2:
            self._region = None
            return
        main = regions.main_person(people, size_wh_of(picture), self._home)
        if self._body is not None and regions.nearest(people, self._body.hips) is main:
            self._region = regions.follow_region(self._body.px)
            return
        if self._body is not None:
            self._tracker.find(np.zeros_like(picture), t_ms)
            self._body = None
        self._region = regions.start_region(main, people)

    def _remember(self, body: Body, t_ms: float) -> None:
        """Move home slowly to where the body is, and look sooner while the body is away from it."""
        old = np.asarray(body.hips if self._home is None else self._home)
        way = np.asarray(body.hips) - old
        if np.linalg.norm(way) > AWAY_M * body.scale:
            self._look_at_ms = min(self._look_at_ms, self._looked_at_ms + AWAY_LOOK_MS)
        x, y = old + way * min(1.0, (t_ms - self._home_ms) / HOME_MS)
        self._home, self._home_ms = (float(x), float(y)), t_ms

    def close(self) -> None:
        """Free the models."""
        self._tracker.close()
        self._search.close()


def _is_lost(before: Body | None, now: Body | None) -> bool:
    """Whether the body followed is gone or has moved further than a body can."""
    if before is None or now is None:
        return before is not None
    way = np.subtract(now.hips, before.hips)
    return bool(np.linalg.norm(way) > JUMP_M * now.scale)
