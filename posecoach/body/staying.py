"""What frames show of a body that do not show it by themselves: it stays where it was, or has moved on from there without a jump."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from posecoach.body.codes import ANKLES, HIPS, KNEES, SHOULDERS, SITTING
from posecoach.body.geometry import distance_px, length_of, midpoint
from posecoach.body.motion import Motion
from posecoach.body.records import Array
from posecoach.body.timeline import median, runs

STAYING_TL = 0.15
"""As `posture.STILL_TL`: who sits down, stands up or crouches moves the hips by more than half a trunk."""
SEATED_STAYING_TL = 0.3
"""Who rises from a seat lifts the hips by more than half a trunk; who bends from it to the floor rolls them up by a quarter."""
BESIDE_S = 1.0
"""Where a body was is the median over the second next to the frames in question, so that nobody who walks is where they were."""
JUMP_TL_PER_S = 4.0
"""Two metres a second. Who drops onto a seat or steps moves hips and feet by half of that; a skeleton that is put onto something else is
there from one frame to the next."""

LASTING_S = 0.5
"""As `posture.POSTURE_HOLD_S`: what lasts for less time is no posture yet, nor a body."""

_PAIRS = (HIPS, KNEES, ANKLES)
_Near = Callable[[int, int, slice], Array]


def prolonged(motion: Motion, posture: Array, is_known: Array, may_be: Array) -> Array:
    """Postures (T,) with each that ``is_known`` (T,) also at frames right before and after it at which the legs lie where they lay then.

    For no longer than it was known, and only at frames that ``may_be`` (T,) of it.
    """
    may_be = may_be & ~is_known
    if not is_known.any() or not may_be.any():
        return posture
    places, trunks = _legs(motion)

    def near(start: int, end: int, frames: slice) -> Array:
        beside = _beside(motion.duration_s[start:end], is_before=frames.start == end) + start
        place, trunk = median(np.moveaxis(places[beside], 0, -1)), median(trunks[start:end])
        return np.asarray((length_of(places[frames] - place) < STAYING_TL * trunk).all(1))

    source = _source(motion.duration_s, np.where(is_known, posture, -1), may_be, near)
    return np.where(source < 0, posture, posture[source])


def seated_between(posture: Array, may_be: Array, heights_tl: Array, seconds: Array) -> Array:
    """Postures (T,) with sitting also between two stretches of it where all frames ``may_be`` (T,) of it and the hips stay on the seat.

    For no longer than it was known before and after; ``heights_tl`` (T,) of the hips in trunk lengths.
    """
    out = posture.copy()
    seats = [(a, b) for a, b in runs(posture) if posture[a] == SITTING and seconds[a:b].sum() + 1e-6 >= LASTING_S]
    for (start, end), (following, last) in pairwise(seats):
        around = heights_tl[start:end], heights_tl[following:last]
        between = slice(end, following)
        stays = all((np.abs(heights_tl[between] - median(heights)) < SEATED_STAYING_TL).all() for heights in around)
        known_s = seconds[start:end].sum() + seconds[following:last].sum()
        if stays and may_be[between].all() and seconds[between].sum() <= known_s + 1e-6:
            out[between] = SITTING
    return out


def linked(motion: Motion, is_on_body: Array, may_be: Array) -> Array:
    """(T,) whether a skeleton that ``may_be`` (T,) on a body has come from, or goes to, one that ``is_on_body`` (T,) without a jump.

    For no longer than it was on the body.
    """
    may_be = may_be & ~is_on_body
    if not is_on_body.any() or not may_be.any():
        return np.zeros(len(motion), bool)
    places, trunks = _legs(motion)
    steps = length_of(places[1:] - places[:-1]).max(1) / median(trunks) / ((motion.t_ms[1:] - motion.t_ms[:-1]) / 1000)
    has_no_jump = steps < JUMP_TL_PER_S

    def near(_start: int, end: int, frames: slice) -> Array:
        return has_no_jump[frames.start - 1 : frames.stop - 1] if frames.start == end else has_no_jump[frames]

    return _source(motion.duration_s, np.where(is_on_body, 1, -1), may_be, near) >= 0


def is_gone(posture: Array, shown: Array, heights_tl: Array) -> Array:
    """(T,) whether a posture (T,) was only kept on through frames that show another, or none, with the hips elsewhere.

    ``shown`` (T,) as each frame shows it; ``heights_tl`` (T,) of the hips in trunk lengths. Whoever squats for less time than a posture
    takes to be believed did not stand all along.
    """
    own = posture == shown
    frames, count = np.arange(len(posture)), len(posture)
    last = np.maximum.accumulate(np.where(own, frames, -1))
    following = np.minimum.accumulate(np.where(own, frames, count)[::-1])[::-1]
    near = np.zeros(count, bool)
    for beside in (last, following):
        inside = (beside >= 0) & (beside < count)
        at = np.where(inside, beside, 0)
        near |= inside & (posture[at] == posture) & ~(np.abs(heights_tl[at] - heights_tl) >= STAYING_TL)
    return ~own & ~near


def _legs(motion: Motion) -> tuple[Array, Array]:
    """Middles of hips, knees and ankles (T, 3, 2) and the lengths of the trunk (T,)."""
    px = motion.px
    places = np.stack([midpoint(px[:, left], px[:, right]) for left, right in _PAIRS], 1)
    return places, distance_px(midpoint(px[:, SHOULDERS[0]], px[:, SHOULDERS[1]]), places[:, 0])


def _beside(seconds: Array, *, is_before: bool) -> Array:
    """The frames of a stretch that lie within `BESIDE_S` of its end, or of its beginning; at least one."""
    ordered = seconds[::-1] if is_before else seconds
    count = max(1, int(np.searchsorted(ordered.cumsum(), BESIDE_S + 1e-6)))
    return np.arange(len(seconds))[-count:] if is_before else np.arange(min(count, len(seconds)))


def _source(seconds: Array, state: Array, may_be: Array, near: _Near) -> Array:
    """(T,) a frame of the stretch of ``state`` (T,), -1 where there is none, that reaches to each frame, else -1; after it comes first."""
    out = np.full(len(state), -1)
    known = [(int(a), int(b)) for a, b in runs(state) if state[a] >= 0]
    stretches = [(a, b) for a, b in known if seconds[a:b].sum() + 1e-6 >= LASTING_S]
    for is_after in (True, False):
        for start, end in stretches:
            frames = slice(end, len(state)) if is_after else slice(0, start)
            reached = may_be[frames] & (out[frames] < 0)
            if not len(reached) or not reached[0 if is_after else -1]:
                continue
            reached = reached & near(start, end, frames)
            ordered, times = (reached, seconds[frames]) if is_after else (reached[::-1], seconds[frames][::-1])
            ordered = ordered & (times.cumsum() <= seconds[start:end].sum() + 1e-6)
            count = int(np.argmin(np.append(ordered, False)))
            if is_after:
                out[end : end + count] = end - 1
            else:
                out[start - count : start] = start
    return out
