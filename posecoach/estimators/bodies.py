"""Which body is followed through a clip or taken from a picture. The models come in as objects."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import cycle
from typing import Protocol

import numpy as np

from posecoach.body.landmarks import Pose
from posecoach.body.records import Array
from posecoach.estimators import regions
from posecoach.estimators.crops import blank_outside, size_wh_of, with_margin
from posecoach.estimators.owner import Owner, looks_of
from posecoach.estimators.regions import KNOWN_FACTOR, STAY_FACTOR, Box, SeenPerson

LOOK_MS = 2000.0
"""How often the whole picture is searched for others than the followed person,"""
AWAY_LOOK_MS = 400.0
"""and how often while that person is not where it has been: somebody may have walked in between."""
AWAY_M = 0.4
JUMP_M = 0.3
"""A body whose hips move this far from one frame to the next may be somebody else's."""
COMPANY_LOOK_MS = 200.0
"""How often the picture is searched while somebody else is in it."""
MARGINS = (0.0, 0.2, 0.5)
"""Room added round the picture, in long sides, where somebody is seen but no body found. Of two real clips in which a person of 180 pixels
fills the height of the picture none of 44 frames gave a body without, and 39 with it."""
SEVERAL_PEOPLE = "several_people"
PERSON_UNSURE = "person_unsure"
TOLD_MS = 300.0
"""What lasts shorter is not told."""


@dataclass(frozen=True, slots=True, eq=False)
class SeenBody:
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

    def find(self, picture: Array) -> list[SeenPerson]: ...

    def close(self) -> None: ...


class BodyModel(Protocol):
    """Finds one body in an RGB picture, or follows it from call to call (then ``t_ms`` never falls)."""

    def find(self, picture: Array, t_ms: float) -> SeenBody | None: ...

    def close(self) -> None: ...


class StillBodies:
    """Finds the main person in pictures that have nothing to do with each other.

    ``warnings``: what is to be told of the pictures so far, codes of `results.json`; ``is_in_company``: of the last one.
    """

    def __init__(self, model: BodyModel, search: PeopleModel) -> None:
        self._model = model
        self._search = search
        self.warnings: tuple[str, ...] = ()
        self.is_in_company = False

    def find(self, picture: Array, t_ms: float) -> SeenBody | None:
        """The main person in an RGB picture (h, w, 3), or None."""
        people = self._search.find(picture)
        self.is_in_company = len(people) > 1
        if self.is_in_company:
            self.warnings = (SEVERAL_PEOPLE,)
            main = regions.main_person(people, size_wh_of(picture), None, STAY_FACTOR)
            body = self._model.find(blank_outside(picture, regions.start_region(main, people)), t_ms)
            if body is not None:
                return body
        margins = MARGINS if people else MARGINS[:1]
        return next((body for body in (find_with_margin(self._model, picture, t_ms, m) for m in margins) if body is not None), None)

    def close(self) -> None:
        """Free the models."""
        self._model.close()
        self._search.close()


class ClipBodies:
    """Follows one person through a clip.

    A tracking model follows whom it finds first. So the whole picture is searched at the start, after a loss or jump and every `LOOK_MS`,
    oftener in company; where more than one person is in it, everything but the main person's surroundings is blanked for the tracker.
    Blanking, unlike cropping, leaves the coordinates alone, so the tracker need not start again. A body that may be somebody else's is
    not handed out.
    """

    def __init__(self, tracker: BodyModel, search: PeopleModel) -> None:
        self._tracker = tracker
        self._search = search
        self._owner = Owner()
        self._looked_at_ms = self._look_at_ms = -np.inf
        self._region: Box | None = None
        self._body: SeenBody | None = None
        self._margins = cycle(MARGINS)
        self._margin = next(self._margins)
        self._has_begun = False
        self._misses = 0
        self._t_ms = 0.0
        self._size_wh: tuple[int, int] | None = None

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is to be told of the clip so far: codes of `results.json`."""
        said = ((SEVERAL_PEOPLE, self._owner.company_ms), (PERSON_UNSURE, self._owner.unsure_ms))
        return tuple(code for code, span_ms in said if span_ms >= TOLD_MS)

    @property
    def is_in_company(self) -> bool:
        """Whether somebody else was in the picture a moment ago."""
        return self._owner.is_in_company(self._t_ms)

    def find(self, picture: Array, t_ms: float) -> SeenBody | None:
        """The person followed in an RGB picture (h, w, 3), or None; None also for a body that may be somebody else's."""
        self._t_ms = t_ms
        if self._size_wh not in (None, size_wh_of(picture)):
            self._begin_anew(picture)
        self._size_wh = size_wh_of(picture)
        if t_ms >= self._look_at_ms:
            self._look(picture, t_ms)
        shown = picture if self._region is None else blank_outside(picture, self._region)
        body = self._tracked(shown, t_ms)
        if _is_lost(self._body, body):
            self._look_at_ms = t_ms
        self._region = None if body is None or self._region is None else regions.follow_region(body.px)
        self._body = body
        if body is None:
            self._try_another_margin()
            return None
        self._misses = 0
        looks = looks_of(picture, body.px)
        self._look_soon(body, picture, looks, t_ms)
        return body if self._owner.owns(body.hips, body.scale, looks, t_ms, _shoulders_y(body)) else None

    def _begin_anew(self, picture: Array) -> None:
        """A picture of another size, as when a phone is turned: no place in the last ones is one in this."""
        self._tracker.find(np.zeros_like(picture), self._t_ms)
        self._owner.begin_anew()
        self._looked_at_ms = self._look_at_ms = -np.inf
        self._region = self._body = None
        self._has_begun = False

    def _tracked(self, shown: Array, t_ms: float) -> SeenBody | None:
        """What the tracker finds; in the first picture that shows somebody with more and more room, as in a picture of its own."""
        body = find_with_margin(self._tracker, shown, t_ms, self._margin)
        if not self._has_begun and self._owner.sees_somebody:
            self._has_begun = True
            while body is None and self._margin != MARGINS[-1]:
                self._margin = next(self._margins)
                body = find_with_margin(self._tracker, shown, t_ms, self._margin)
            self._margin = next(self._margins) if body is None else self._margin
        return body

    def _try_another_margin(self) -> None:
        """For every frame in vain while somebody is seen, but for the first two: the tracker may find the body again by itself."""
        self._misses += 1
        if self._misses > 2 and self._owner.sees_somebody:
            self._margin = next(self._margins)

    def _look(self, picture: Array, t_ms: float) -> None:
        """Search the picture, set the region for the tracker, and make the tracker drop a person who is not the main one."""
        people = self._search.find(picture)
        self._owner.meet(people, t_ms)
        self._looked_at_ms, self._look_at_ms = t_ms, t_ms + (COMPANY_LOOK_MS if self._owner.is_in_company(t_ms) else LOOK_MS)
        if len(people) < 2:
            self._region = None
            return
        stay_factor = KNOWN_FACTOR if self._owner.is_established else STAY_FACTOR
        main = regions.main_person(people, size_wh_of(picture), self._owner.home, stay_factor)
        if self._body is not None and regions.nearest(people, self._body.hips) is main:
            self._region = regions.follow_region(self._body.px)
            return
        if self._body is not None:
            self._tracker.find(np.zeros_like(picture), t_ms)
            self._body = None
        self._region = regions.start_region(main, people)

    def _look_soon(self, body: SeenBody, picture: Array, looks: Array, t_ms: float) -> None:
        """Look sooner while the body is away from home, and at once when it may be somebody else's."""
        if self._owner.home is not None and np.hypot(*np.subtract(body.hips, self._owner.home)) > AWAY_M * body.scale:
            self._look_at_ms = min(self._look_at_ms, self._looked_at_ms + AWAY_LOOK_MS)
        if self._owner.is_uneasy(looks) and t_ms >= self._looked_at_ms + COMPANY_LOOK_MS:
            self._owner.meet(self._search.find(picture), t_ms)
            self._looked_at_ms, self._look_at_ms = t_ms, t_ms + COMPANY_LOOK_MS

    def close(self) -> None:
        """Free the models."""
        self._tracker.close()
        self._search.close()


def find_with_margin(model: BodyModel, picture: Array, t_ms: float, margin: float) -> SeenBody | None:
    """The body a model finds where the picture has room round it, ``margin`` in long sides; in pixels of the picture itself."""
    margin_px = round(margin * max(size_wh_of(picture)))
    body = model.find(with_margin(picture, margin_px), t_ms)
    return body if body is None or not margin_px else SeenBody(body.px - margin_px, body.world_m, body.visibility)


def _is_lost(before: SeenBody | None, now: SeenBody | None) -> bool:
    """Whether the body followed is gone or has moved further than a body can."""
    if before is None or now is None:
        return before is not None
    way = np.subtract(now.hips, before.hips)
    return bool(np.linalg.norm(way) > JUMP_M * now.scale)


def _shoulders_y(body: SeenBody) -> float:
    """How low the shoulders are in the picture, pixels."""
    return float(body.px[[Pose.LEFT_SHOULDER, Pose.RIGHT_SHOULDER], 1].mean())
