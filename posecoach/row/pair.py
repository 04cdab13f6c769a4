"""Two people who do something together: both are found as in a row, and each is judged with the other as partner."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from posecoach.body.motion import Motion
from posecoach.body.records import Frame, Track
from posecoach.judging.pipeline import NO_PERSON, POSTURE_NOT_SEEN, Graded, GradeOptions, grade_motion
from posecoach.judging.protocols import Source
from posecoach.row.record import Finder, follow_row

PAIR = 2


def is_for_two(options: GradeOptions) -> bool:
    """Whether the topic asked for is of two people."""
    return any(rule_set.people == PAIR for rule_set in options.active_rule_sets)


def follow_pair(source: Source, finder: Finder, on_frame: Callable[[Frame], None] = lambda _: None) -> tuple[Track, ...]:
    """The tracks of the two people who were seen for longest, from left to right; fewer where fewer were there."""
    record, row = follow_row(source, finder, on_frame)
    found = [record.of(place) for place in row.places()]
    longest = sorted(found, key=lambda one: -sum(status.value != "away" for status in one.statuses))[:PAIR]
    return tuple(one.track for one in found if one in longest)


def grade_pair(motions: Sequence[Motion], options: GradeOptions) -> tuple[Graded, ...]:
    """Each judged with the other as partner; somebody alone has none."""
    graded = []
    for i, motion in enumerate(motions):
        partner = motions[1 - i] if len(motions) == PAIR else None
        one = grade_motion(motion, replace(options, name=None), partner)
        graded.append(replace(one, person=replace(one.person, id=i + 1)))
    return tuple(graded)


def told_of_pair(graded: Sequence[Graded]) -> tuple[str, ...]:
    """The warnings of what was judged: of both people, or that there are not two."""
    if not graded:
        return (NO_PERSON,)
    alone = (POSTURE_NOT_SEEN,) if len(graded) < PAIR else ()
    return tuple(dict.fromkeys([code for one in graded for code in one.warnings] + list(alone)))
