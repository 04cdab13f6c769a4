"""Whose body is followed: where it stays, how large and how dressed it is, so that nobody else's is taken for it.

Nothing of it outlives the clip. Pure: time is passed in; lengths are in pixels of the working picture unless they end in ``_m``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from posecoach.body.landmarks import Pose
from posecoach.body.records import Array
from posecoach.estimators.crops import to_lab
from posecoach.estimators.regions import SeenPerson

OUTREACH_M = 1.03
"""Radius of the circle round an outstretched body, as the people detector gives it: median of 110 people, nine of ten 0.95 to 1.1."""
OTHER_LOOKS = 8.0
"""Clothes apart by more (`looks_apart`) are somebody else's. Rendered people who stand are at most 2.5 apart from their own mean, and 11.6
or more from 19 of 20 others."""
UNEASY_SHARE = 0.2
"""When so many of the patches look like somebody else's, the picture is searched."""
OTHER_LOOKS_MOVED = 12.0
"""The same after a gap, when the body may have turned or sat down."""
SAME_LOOKS = 5.0
"""Who shows no colours further than this from some that were known (`strangeness`) is the same, wherever on the body they are. Of 116
frames of somebody else before rendered people, some in clothes much alike, all were stranger, and 109 stranger than `OTHER_LOOKS`; of those
in which one person alone got up, bent or walked and half the patches were 12 or more from what they had been, 4 in 100 were that strange.
"""
SUDDEN_MS = 400.0
"""Who is strange so shortly after having been the same is covered by somebody nearer, unless it is a way up or down: hips or shoulders have
moved by this much, and further than sideways."""
SUDDEN_M, SUDDEN_SHOULDERS_M = 0.12, 0.06
NEARER = 1.05
"""Who stands before somebody is larger by this factor at least: a quarter of a metre nearer, five metres from the camera."""
SAME_SCALE = 1.03
STAYED_M = 0.03
"""Hips so near to their mean have not moved."""
OTHER_SCALE = 1.18
"""Nobody grows by this factor while somebody else walks through the picture."""
HOME_M = 0.3
"""Within this of where a body has been it is at home."""
CLEAR_M = 0.75
"""Of two whose hips are further apart than this neither covers the other's trunk."""
HOME_MS = 4000.0
"""Time constant of the slow means of place, scale and clothes."""
ESTABLISHED_MS = 2000.0
"""Who has been followed so long, where the people detector sees somebody, is the one whom the clip is about."""
COMPANY_MS = 3000.0
"""For so long after somebody else was seen, whoever is found may be that other."""
GAP_MS = 500.0
FORGET_MS = 5000.0
"""Who has been away so long is not waited for any more: the next one is followed."""
HIDES = 0.5
"""Somebody nearer to the camera and, sideways, within this share of a body's outreach hides it."""
FRESH_MS = 450.0
"""Where people were seen is known for so long."""

_STEPS = np.stack(np.meshgrid(np.linspace(0.15, 0.85, 9), np.linspace(0.1, 0.9, 12)), axis=-1)
_CHEST = slice(0, 6)
_DOWN = np.linspace(0.15, 0.7, 8)[:, None]


class Owner:
    """The one whom a clip is about: tell it whom the search sees (`meet`) and ask of every body found whether it is theirs (`owns`)."""

    def __init__(self) -> None:
        self.unsure_ms = 0.0
        """For how long bodies were found that may be somebody else's."""
        self.company_ms = 0.0
        """For how long somebody else was in the picture."""
        self._people: Sequence[SeenPerson] = ()
        self._met_ms = self._company_at_ms = self._asked_ms = -np.inf
        self._forget()

    def begin_anew(self) -> None:
        """Nobody seen so far is known any more: pictures of another size follow, in which no place is what it was."""
        self._people = ()
        self._met_ms = self._company_at_ms = -np.inf
        self._forget()

    def _forget(self) -> None:
        self._home = np.full(2, np.nan)
        self._looks: Array | None = None
        self._scale = self._followed_ms = self._seen_ms = 0.0
        self._owned_ms = self._calm_ms = -np.inf
        self._calm_hips = np.full(2, np.nan)
        self._calm_shoulders_y = np.nan
        self._in_doubt = False

    @property
    def home(self) -> tuple[float, float] | None:
        """The slow mean of where the hips have been, None before anybody was followed."""
        return None if np.isnan(self._home).any() else (float(self._home[0]), float(self._home[1]))

    @property
    def is_established(self) -> bool:
        """Whether it is known whom the clip is about."""
        return self._followed_ms >= ESTABLISHED_MS

    @property
    def sees_somebody(self) -> bool:
        """Whether the last search found anybody."""
        return bool(self._people)

    def is_in_company(self, t_ms: float) -> bool:
        """Whether somebody else was seen a moment ago."""
        return t_ms - self._company_at_ms <= COMPANY_MS

    def meet(self, people: Sequence[SeenPerson], t_ms: float) -> None:
        """Take in whom the search of the whole picture found."""
        if len(people) > 1:
            self.company_ms += t_ms - self._company_at_ms if self.is_in_company(t_ms) else 0.0
            self._company_at_ms = t_ms
        self._people, self._met_ms = people, t_ms

    def owns(self, hips: tuple[float, float], scale: float, looks: Array, t_ms: float, shoulders_y: float = np.nan) -> bool:
        """Whether a body with these hips (pixels), scale (pixels a metre) and clothes (`looks_of`) is theirs and hidden by nobody.

        ``shoulders_y``: how low the shoulders are, pixels; NaN where that is not known.

        Until somebody is established everybody is; who has been away for `FORGET_MS` is forgotten.
        """
        if self.is_established and t_ms - self._owned_ms > FORGET_MS:
            self._forget()
        step_ms = min(t_ms - self._asked_ms, GAP_MS)
        self._asked_ms = t_ms
        self._in_doubt = self.is_established and self._is_other(np.asarray(hips), scale, looks, t_ms, shoulders_y)
        if self._in_doubt:
            self.unsure_ms += step_ms
        else:
            self._remember(np.asarray(hips), scale, looks, step_ms)
            self._owned_ms = t_ms
        return not self._in_doubt

    def is_uneasy(self, looks: Array) -> bool:
        """Whether a part of the one followed looks so different that somebody may be walking by."""
        return self.is_established and looks_apart(looks, self._looks, UNEASY_SHARE) > OTHER_LOOKS

    def _is_other(self, hips: Array, scale: float, looks: Array, t_ms: float, shoulders_y: float) -> bool:
        is_home = bool(np.linalg.norm(hips - self._home) <= HOME_M * self._scale)
        is_as_large = scale > 0 and 1 / OTHER_SCALE < scale / self._scale < OTHER_SCALE
        strange = strangeness(looks, self._looks)
        apart = looks_apart(looks, self._looks) if strange > SAME_LOOKS else 0.0
        if strange <= SAME_LOOKS:
            self._calm_ms, self._calm_hips, self._calm_shoulders_y = t_ms, hips, shoulders_y
        elif t_ms - self._calm_ms <= SUDDEN_MS and self._is_covered(strange, hips, scale, shoulders_y):
            self._company_at_ms = t_ms
        if self.is_in_company(t_ms):
            left_home = not is_home and self._is_home_taken(hips, t_ms)
            return apart > self._most_apart(hips, scale, t_ms) or not is_as_large or left_home or self._is_hidden(t_ms)
        if self._in_doubt or t_ms - self._owned_ms > GAP_MS:
            return apart > OTHER_LOOKS_MOVED and not (is_home and is_as_large)
        return False

    def _most_apart(self, hips: Array, scale: float, t_ms: float) -> float:
        """How much the clothes may change beside others: more where body and size have stayed, or everybody else stands clear."""
        has_stayed = np.linalg.norm(hips - self._home) <= STAYED_M * self._scale and 1 / SAME_SCALE < scale / self._scale < SAME_SCALE
        return OTHER_LOOKS_MOVED if has_stayed or self._stands_clear(hips, t_ms) else OTHER_LOOKS

    def _stands_clear(self, hips: Array, t_ms: float) -> bool:
        """Whether several were seen a moment ago, these hips are those of the one nearest home, and nobody else is near them."""
        if t_ms - self._met_ms > FRESH_MS or len(self._people) < 2:
            return False
        own = min(self._people, key=lambda person: person.distance(*self._home))
        others = [person.distance(*hips) for person in self._people if person is not own]
        return own.distance(*hips) < min(others) and min(others) > CLEAR_M * self._scale

    def _is_covered(self, strange: float, hips: Array, scale: float, shoulders_y: float) -> bool:
        """Whether a body that looks strange at once is that of somebody nearer to the camera, and no way up or down."""
        has_stayed = abs(hips[0] - self._home[0]) <= STAYED_M * self._scale
        sideways, way = np.abs(hips - self._calm_hips)
        shoulders_way = abs(shoulders_y - self._calm_shoulders_y)
        rises = way > SUDDEN_M * self._scale or shoulders_way > SUDDEN_SHOULDERS_M * self._scale
        is_strange = strange > (OTHER_LOOKS_MOVED if has_stayed else OTHER_LOOKS)
        return is_strange and scale > NEARER * self._scale and not (rises and max(way, shoulders_way) > sideways)

    def _is_hidden(self, t_ms: float) -> bool:
        """Whether one of those seen a moment ago stands before the place where this one has been."""
        if t_ms - self._met_ms > FRESH_MS or len(self._people) < 2:
            return False
        reach, (x, y) = OUTREACH_M * self._scale, self._home
        own = min(self._people, key=lambda person: person.distance(x, y))
        return any(p is not own and p.radius >= max(reach, own.radius) and abs(p.x - x) < HIDES * reach for p in self._people)

    def _is_home_taken(self, hips: Array, t_ms: float) -> bool:
        """Whether somebody stands where this one has been, and it is not the one with these hips."""
        if t_ms - self._met_ms > FRESH_MS or not self._people:
            return False
        x, y = self._home
        nearest = min(self._people, key=lambda person: person.distance(x, y))
        return nearest.distance(x, y) <= HOME_M * self._scale < nearest.distance(*hips)

    def _remember(self, hips: Array, scale: float, looks: Array, step_ms: float) -> None:
        if self.home is None or self._looks is None:
            self._home, self._scale, self._looks = hips, scale, looks
            return
        self._seen_ms += step_ms
        if not self._seen_ms:  # two frames of one time: there is nothing between them to learn
            return
        share = min(1.0, step_ms / min(HOME_MS, self._seen_ms))
        self._home = self._home + (hips - self._home) * share
        self._scale += (scale - self._scale) * share
        self._looks = np.where(
            np.isnan(looks), self._looks, np.where(np.isnan(self._looks), looks, self._looks + (looks - self._looks) * share)
        )
        if any(person.distance(*hips) <= HIDES * person.radius for person in self._people):
            self._followed_ms += step_ms


def looks_of(picture: Array, pose_px: Array) -> Array:
    """What a body (33, 2) wears: mean CIE Lab colours (16, 3) of twelve patches of the trunk and four of the thighs.

    ``picture`` (h, w, 3) in RGB. NaN where a patch lies beyond the picture.
    """
    left, right = pose_px[Pose.LEFT_SHOULDER], pose_px[Pose.RIGHT_SHOULDER]
    left_hip, right_hip = pose_px[Pose.LEFT_HIP], pose_px[Pose.RIGHT_HIP]
    across, down = _STEPS[..., :1], _STEPS[..., 1:]
    trunk = (left + (right - left) * across) * (1 - down) + (left_hip + (right_hip - left_hip) * across) * down
    thighs = [hip + (pose_px[knee] - hip) * _DOWN for hip, knee in ((left_hip, Pose.LEFT_KNEE), (right_hip, Pose.RIGHT_KNEE))]
    patches = (
        _colours(picture, trunk).reshape(4, 3, 3, 3, 3).mean(axis=(1, 3)),
        _colours(picture, np.array(thighs)).reshape(2, 2, 4, 3).mean(axis=2),
    )
    return np.concatenate([patch.reshape(-1, 3) for patch in patches])


def _colours(picture: Array, places: Array) -> Array:
    """Lab colours at ``places`` (..., 2), NaN beyond the picture."""
    height, width = picture.shape[:2]
    x, y = np.nan_to_num(places[..., 0], nan=-1.0), np.nan_to_num(places[..., 1], nan=-1.0)
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    columns, rows = np.clip(x, 0, width - 1).astype(int), np.clip(y, 0, height - 1).astype(int)
    return np.where(inside[..., None], to_lab(picture[rows, columns]).astype(np.float64), np.nan)


def looks_apart(one: Array, other: Array | None, share: float = 0.5) -> float:
    """How far the colours of two bodies are apart in ``share`` of the patches at least: the median of the distances for a half.

    0 where no patch was seen of both, since nothing then tells them apart.
    """
    distances = np.linalg.norm(one - other, axis=1) if other is not None else np.full(1, np.nan)
    seen = distances[np.isfinite(distances)]
    return float(np.quantile(seen, 1.0 - share)) if len(seen) else 0.0


def strangeness(one: Array, other: Array | None) -> float:
    """How far the colours of a body are from the nearest that another has anywhere: those of half the patches, or of half the chest's.

    Whoever stands before a body hides the chest as well. Who gets up behind a counter or bends shows other patches, but the chest is as it
    was. 0 where no patch was seen of both.
    """
    if other is None or not (known := np.isfinite(other).all(axis=1)).any():
        return 0.0
    nearest = np.linalg.norm(one[:, None] - other[None, known], axis=2).min(axis=1)
    parts = [part[np.isfinite(part)] for part in (nearest, nearest[_CHEST])]
    return min(float(np.median(part)) if len(part) else 0.0 for part in parts)
