"""Judges everybody in a row by one rule file, and says plainly who cannot be judged and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from posecoach.body.motion import Motion
from posecoach.body.posture import observe, segments
from posecoach.body.records import Array
from posecoach.judging.pipeline import SIDEWAYS, Graded, GradeOptions, grade_motion
from posecoach.judging.results import ClauseVerdict, PersonResult
from posecoach.row.camera import RowCamera
from posecoach.row.places import SMALL_PX, TALL_M, Place, RowEntry, Status
from posecoach.row.record import PersonRecord, RowRecord
from posecoach.rulebook.schema import RuleSet
from posecoach.vocabulary import Reason, State

REASONS = {
    Status.HIDDEN: Reason.OCCLUDED,
    Status.EDGE: Reason.NOT_VISIBLE,
    Status.BENT: Reason.VIEW,
    Status.TURNED: Reason.VIEW,
    Status.SIDEWAYS: Reason.VIEW,
    Status.AWAY: Reason.NOT_VISIBLE,
    Status.MOVING: Reason.TOO_SHORT,
}
"""Why nothing is judged of somebody who is not to be judged."""

PEOPLE_HIDDEN, PEOPLE_CUT, PEOPLE_SMALL = "people_hidden", "people_cut", "people_small"
BYSTANDERS, ROSTER_MISMATCH = "bystanders", "roster_mismatch"


@dataclass(frozen=True, slots=True, eq=False)
class RowPerson:
    """One person of a row as judged.

    ``result`` is what reports show: all its clauses are unjudged unless ``status`` is judged; its segments tell of all frames. ``graded``
    holds the verdicts over time, on landmarks with the camera's slant taken out and none in the frames in which the person could not be
    judged; those of ``record`` are as they were seen.
    """

    place: Place
    entry: RowEntry
    status: Status
    record: PersonRecord
    graded: Graded
    result: PersonResult

    @property
    def is_small(self) -> bool:
        """Whether the person is too small in the picture for most clauses."""
        return TALL_M * self.place.scale_px_m < SMALL_PX


def row_rules(rule_sets: Iterable[RuleSet]) -> RuleSet | None:
    """The rule file that a row is judged by: the first that is for rows; None where there is none."""
    return next((rule_set for rule_set in rule_sets if rule_set.row), None)


def grade_row(
    record: RowRecord, places: Sequence[Place], entries: Sequence[RowEntry], rule_set: RuleSet, *, in_turns: bool = False
) -> tuple[RowPerson, ...]:
    """Judge the people at ``places``, from left to right; names and profiles as of `entries_for`.

    ``in_turns``: not everybody was looked at in each frame. Frames in which somebody could not be judged count for no clause, nor for what
    the row tells of the camera.
    """
    records = [record.of(place, only_seen=in_turns) for place in places]
    motions = [replace(Motion.of(item.track), is_known_body=True) for item in records]
    camera = RowCamera.of([_where_judged(motion, item) for item, motion in zip(records, motions, strict=True) if len(motion)])
    named = entries_for(entries, len(places))
    return tuple(
        _person(item, camera.straightened(motion), entry, rule_set) for item, motion, entry in zip(records, motions, named, strict=True)
    )


def entries_for(entries: Sequence[RowEntry], count: int) -> tuple[RowEntry, ...]:
    """Name and profile of each of ``count`` people. Where the roster counts others nobody is named: all after a gap would be misnamed."""
    return tuple(entries) if len(entries) == count else (RowEntry(),) * count


def _person(record: PersonRecord, motion: Motion, entry: RowEntry, rule_set: RuleSet) -> RowPerson:
    graded = grade_motion(_where_judged(motion, record), GradeOptions((rule_set,), rule_set.topic, entry.profile, name=entry.name))
    result = replace(graded.person, id=record.place.id, segments=segments(observe(motion)))
    if record.status is not Status.JUDGED:
        result = _unjudged(result, REASONS[record.status])
    return RowPerson(record.place, entry, record.status, record, graded, result)


def _where_judged(motion: Motion, record: PersonRecord) -> Motion:
    """A motion in which nobody is there in the frames in which the person could not be judged: what is measured then means nothing."""
    unsure = np.array([status is not Status.JUDGED for status in record.statuses], bool)

    def without(values: Array) -> Array:
        return np.where(unsure.reshape(-1, *(1,) * (values.ndim - 1)), np.nan, values)

    return replace(
        motion,
        pose_px=without(motion.pose_px),
        pose_world_m=without(motion.pose_world_m),
        pose_visibility=without(motion.pose_visibility),
        face=without(motion.face),
    )


def _unjudged(person: PersonResult, reason: Reason) -> PersonResult:
    return replace(person, score=None, outcome="not_judged", clauses=tuple(_silenced(clause, reason) for clause in person.clauses))


def _silenced(clause: ClauseVerdict, reason: Reason) -> ClauseVerdict:
    own = clause.reason if clause.reason is Reason.NEVER else reason
    return ClauseVerdict(clause.id, State.UNJUDGED, own, None, clause.unit, 0.0, None, None, None, clause.source)


def warnings_of(people: Sequence[RowPerson], bystanders: int, entries: Sequence[RowEntry]) -> tuple[str, ...]:
    """Codes of what a person should know about the row as a whole."""
    found = {
        SIDEWAYS: any(person.status is Status.SIDEWAYS for person in people),
        PEOPLE_HIDDEN: any(person.status is Status.HIDDEN for person in people),
        PEOPLE_CUT: any(person.status is Status.EDGE for person in people),
        PEOPLE_SMALL: any(person.is_small for person in people),
        BYSTANDERS: bystanders > 0,
        ROSTER_MISMATCH: bool(entries) and len(entries) != len(people),
    }
    return tuple(code for code, is_so in found.items() if is_so)
