"""What a person should practise first after a check: the clauses that are off, each with the words that mend it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from posecoach.body.records import Array
from posecoach.judging.checks import CheckTrack
from posecoach.judging.judge import ClauseTrack
from posecoach.judging.pipeline import Graded
from posecoach.judging.results import ClauseVerdict
from posecoach.rulebook.schema import RuleSet
from posecoach.vocabulary import State, Text


@dataclass(frozen=True, slots=True)
class Practice:
    """A clause to practise: what to do about it, and the band its value should lie in, None for an open end (both None: no value)."""

    id: str
    words: Text
    limits: tuple[float | None, float | None]


def practise_first(graded: Graded, rule_set: RuleSet) -> tuple[Practice, ...]:
    """The clauses that fail, then those that are close, the more important ones first."""
    priority = {rule.id: rule.priority for rule in rule_set.rules}
    tracks = {track.rule.id: track for track in graded.judgement.tracks}
    off = [verdict for verdict in graded.person.clauses if verdict.state in (State.FAIL, State.WARN)]
    off.sort(key=lambda verdict: (-int(verdict.state), -priority.get(verdict.id, 0)))
    return tuple(_practice(verdict, tracks[verdict.id]) for verdict in off)


def _practice(verdict: ClauseVerdict, track: ClauseTrack) -> Practice:
    check = _check_off(track)
    low, high = check.bands.pass_.low, check.bands.pass_.high
    words = verdict.correction or track.rule.correction_for(check.check, _is_mostly_below(check)) or track.rule.clause
    return Practice(verdict.id, words, (low if np.isfinite(low) else None, high if np.isfinite(high) else None))


def _check_off(track: ClauseTrack) -> CheckTrack:
    """The check that was off for the most frames; where none was, the one most often measured."""
    return max(track.checks, key=lambda check: (_off(check).sum(), np.isfinite(check.value).sum()))


def _is_mostly_below(check: CheckTrack) -> bool:
    """On which side of the band the value lay while it was off, or where it never was, nearer to which end."""
    asked = _off(check) if _off(check).any() else np.isfinite(check.value)
    return bool(2 * check.is_below[asked].sum() > asked.sum())


def _off(check: CheckTrack) -> Array:
    return np.asarray(check.shown & np.isin(check.state, (State.WARN, State.FAIL)))
