"""What a person did in time, for reports: each bow, step or nod with when it was and what was measured of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from posecoach.body.observed import Body
from posecoach.body.timeline import median
from posecoach.judging.results import Event
from posecoach.measures.bows import BOW
from posecoach.measures.catalogue import MEASURES, take
from posecoach.measures.events import Span
from posecoach.measures.gestures import GESTURE
from posecoach.measures.handshakes import HANDSHAKE
from posecoach.measures.service import NOD, SIT_DOWN, STAND_UP, downs, ups
from posecoach.measures.walking import STEP
from posecoach.rulebook.drill_schema import Drill
from posecoach.rulebook.schema import RuleSet

FINDERS: dict[str, Callable[[Body], Sequence[Span]]] = {
    BOW: lambda body: body.bows,
    STEP: lambda body: body.steps,
    NOD: lambda body: body.nods,
    GESTURE: lambda body: body.gestures,
    STAND_UP: ups,
    SIT_DOWN: downs,
    HANDSHAKE: lambda body: body.handshakes,
}
"""What finds the events of each kind."""
_TOLD_BY = {
    "nods_per_min": (NOD,),
    "seat_descent_s": (SIT_DOWN,),
    "times_stood_up": (STAND_UP, SIT_DOWN),
    "visit_phases_share": (BOW, NOD, GESTURE, STAND_UP, SIT_DOWN),
}
"""Kinds of events that measures of a whole clip rest on."""
UNASKED = (BOW, STEP)
"""Kinds that are told where no topic was asked for: those that everyday movements hardly ever look like."""


def kinds_of(rule_sets: Iterable[RuleSet], drill: Drill | None = None) -> tuple[str, ...]:
    """The kinds of events that the checks of rule files and the steps of a drill are about, in the order of `FINDERS`."""
    asked = {MEASURES[check.measure] for rule_set in rule_sets for rule in rule_set.rules for check in rule.checks}
    kinds = {kind for spec in asked for kind in (spec.event, *_TOLD_BY.get(spec.name, ()))}
    for step in drill.steps if drill else ():
        kinds.update(cue.event for cue in (*step.begins, *step.ends) if cue.event)
    return tuple(kind for kind in FINDERS if kind in kinds)


def needs_hands(rule_sets: Iterable[RuleSet]) -> bool:
    """Whether any check of rule files is of the hands, which the estimator looks for only then."""
    return any(MEASURES[check.measure].hands for rule_set in rule_sets for rule in rule_set.rules for check in rule.checks)


def events_of(body: Body, kinds: Iterable[str]) -> tuple[Event, ...]:
    """The events of these kinds in order of time; ``values`` by the names of the measures of their kind that have one."""
    found = [event for kind in kinds if (spans := FINDERS[kind](body)) for event in _events(body, kind, spans)]
    return tuple(sorted(found, key=lambda event: (event.start_s, event.end_s)))


def _events(body: Body, kind: str, spans: Sequence[Span]) -> Iterator[Event]:
    t_s = (body.motion.t_ms - body.motion.t_ms[0]) / 1000
    measured = {name: take(name, body).value for name, spec in MEASURES.items() if spec.event == kind}
    for span in spans:
        seen = {name: value[span.start : span.end] for name, value in measured.items()}
        values = {name: float(median(value)) for name, value in seen.items() if np.isfinite(value).any()}
        yield Event(kind, float(t_s[span.start]), float(t_s[span.end - 1]), values)
