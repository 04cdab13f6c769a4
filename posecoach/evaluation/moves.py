"""Scores filmed movements against their exact truth: events found in time, numbers measured, clauses of right and of faulty clips."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from posecoach.body.motion import Motion
from posecoach.body.records import Track
from posecoach.evaluation.drill_steps import WINDOW, StepScore
from posecoach.evaluation.labels import RenderedClip, load_clips
from posecoach.evaluation.scoring import FaultOutcome, Outcome, Score, worst
from posecoach.evaluation.statistics import agreement
from posecoach.judging.pipeline import GradeOptions, grade_motion
from posecoach.judging.results import ClauseVerdict, Event
from posecoach.rulebook.drill_schema import Drill
from posecoach.rulebook.schema import Bands, Rule, RuleSet
from posecoach.vocabulary import Profile, State

FAULTS = "moves_faults.json"
DIALOGUE, EVERYDAY = "dialogue", "everyday"
TOPICS_OF = {
    "bow": ("bow",),
    "gesture": ("gesture",),
    "walking": ("walking",),
    "nod": ("soften",),
    "handshake": ("handshake",),
    DIALOGUE: (DIALOGUE,),
    "window": ("service_flow", "soften", "gesture", "sitting"),
}
"""The topics that judge what a clip shows."""
NAMED = (DIALOGUE, "window")
"""Clips that show several topics: only the clauses that their truth names count."""
KIND_OF = {kind: kind for kind in ("bow", "nod", "gesture", "handshake", "stand_up", "sit_down")} | {"walk": "step"}
UNSEEN_FROM = {"side": {"nod", "gesture"}}
"""Events that a view cannot show are not counted as missed."""
NEAR_S = 0.3
_SIDES = ("side_left", "side_right")


@dataclass(frozen=True, slots=True, eq=False)
class MoveClip(RenderedClip):
    """A filmed movement with its truth, and what `moves_faults.json` says."""

    @property
    def topic(self) -> str:
        """What it shows: a key of `TOPICS_OF`, or everyday movements."""
        return str(self.truth["topic"])

    @property
    def people(self) -> Sequence[Mapping[str, Any]]:
        """The truth of each person, from left to right."""
        found: Sequence[Mapping[str, Any]] = self.truth["people"]
        return found

    @property
    def asked_degrees(self) -> float | None:
        """The depth a bow was asked for; None of other clips."""
        return next((float(s["asked_degrees"]) for s in self.people[0]["segments"] if "asked_degrees" in s), None)

    def fault_of(self, person: Mapping[str, Any]) -> Mapping[str, Any]:
        """What is said of somebody's fault; empty when there is none, or one that this view cannot show.

        Of two people who shake hands only one looks away.
        """
        if self.topic == "handshake" and person["fault"] == "looks_away" and not person["moves"][0]["looking_away_s"]:
            return {}
        found: Mapping[str, Any] = self.faults["faults"].get(self.topic, {}).get(person["fault"] or "", {})
        return found if self.truth["view"] in found.get("views", ()) else {}


@dataclass
class MoveScore:
    """What was counted of movements: by set and kind (found, missed, false) events, and (measured, true) depths of bows and cadences."""

    events: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    numbers: dict[str, dict[str, list[tuple[float, float]]]] = field(default_factory=dict)
    steps: dict[str, StepScore] = field(default_factory=dict)

    def figures(self) -> dict[str, Any]:
        """As plain data, by set."""
        return {
            dataset: {"events": self._events(dataset), "numbers": self._numbers(dataset), "steps": self._steps(dataset)}
            for dataset in sorted(self.events)
        }

    def _steps(self, dataset: str) -> dict[str, Any] | None:
        return self.steps[dataset].figures() if dataset in self.steps else None

    def _events(self, dataset: str) -> dict[str, dict[str, int]]:
        kinds = sorted(self.events[dataset].items())
        return {kind: dict(zip(("found", "missed", "false"), counts, strict=True)) for kind, counts in kinds}

    def _numbers(self, dataset: str) -> dict[str, dict[str, float]]:
        pairs = sorted(self.numbers.get(dataset, {}).items())
        return {name: agreement(*map(list, zip(*own, strict=True))) for name, own in pairs}


def load_moves(folder: Path) -> list[MoveClip]:
    """The clips in a folder of filmed movements. Raises `SourceError`."""
    return load_clips(folder, FAULTS, MoveClip)


class MovesScorer:
    """Adds the outcomes of filmed movements to a score."""

    def __init__(self, score: Score, moves: MoveScore, rule_sets: Sequence[RuleSet], visit: Drill) -> None:
        """``visit``: the drill by whose steps visits at the window are judged too."""
        self._visit = visit
        self._score = score
        self._moves = moves
        self._rule_sets = {rule_set.topic: rule_set for rule_set in rule_sets}
        self._rule_sets[DIALOGUE] = _dialogue(rule_sets)

    def add(self, dataset: str, clip: MoveClip, motions: Sequence[Motion]) -> None:
        """Grade everybody in a clip, ``motions`` from left to right, by each of its topics and count."""
        for i, person in enumerate(clip.people):
            motion = motions[i] if i < len(motions) else Motion.of(Track.from_landmarks([], [], _size_wh(clip)))
            partner = motions[1 - i] if len(clip.people) == len(motions) == 2 else None
            self._add_person(_Shown(dataset, clip, person, i), motion, partner)

    def _add_person(self, shown: _Shown, motion: Motion, partner: Motion | None) -> None:
        said: dict[str, ClauseVerdict] = {}
        rules: dict[str, Rule] = {}
        events: dict[str, tuple[Event, ...]] = {}
        for topic in TOPICS_OF[shown.clip.topic]:
            rule_set = _asked(self._rule_sets[topic], shown.clip.asked_degrees)
            person = grade_motion(motion, GradeOptions((rule_set,), topic, Profile(shown.person["gender"])), partner).person
            said |= {verdict.id: verdict for verdict in person.clauses}
            rules |= {rule.id: rule for rule in rule_set.rules}
            events |= {kind: tuple(e for e in person.events if e.kind == kind) for kind in {e.kind for e in person.events}}
        self._count_events(shown, events)
        self._count_clauses(shown, said, rules)
        if shown.clip.topic == WINDOW:
            steps = self._moves.steps.setdefault(shown.dataset, StepScore())
            steps.add(self._visit, shown.case, shown.person, shown.fault.get("faulty", ()), motion)

    def _count_clauses(self, shown: _Shown, said: Mapping[str, ClauseVerdict], rules: Mapping[str, Rule]) -> None:
        faulty, tolerated = (set(shown.fault.get(key, ())) for key in ("faulty", "tolerated"))
        named = shown.named if shown.clip.topic in NAMED else set(said)
        wrong = {}
        for rule_id, verdict in said.items():
            name = rule_id.split(".", 1)[1]
            if name in faulty:
                wrong[rule_id] = verdict
            elif name not in tolerated and rule_id in named and _shows(rules[rule_id], shown.clip.truth["view"]):
                self._note(shown, verdict, is_met=True)
        if wrong:
            state = worst(wrong.values())
            self._score.faults.append(FaultOutcome(shown.dataset, shown.case, shown.person["fault"], False, state.word))
            for verdict in wrong.values():
                self._note(shown, verdict, is_met=False)

    def _note(self, shown: _Shown, verdict: ClauseVerdict, *, is_met: bool) -> None:
        told = verdict.state.word, verdict.reason.word, verdict.value
        self._score.outcomes.append(Outcome(shown.dataset, shown.case, shown.dataset, verdict.id, is_met, *told))
        if verdict.state is not (State.PASS if is_met else State.FAIL):
            why = f"{verdict.id} {verdict.value} {verdict.reason.word or ''}"
            self._score.notes.append(f"{'' if is_met else 'fault '}{verdict.state.word:8s} {shown.case}: {why}")

    def _count_events(self, shown: _Shown, events: Mapping[str, tuple[Event, ...]]) -> None:
        truth: dict[str, list[tuple[float, float]]] = {}
        for kind, span in shown.true_events():
            if kind not in UNSEEN_FROM.get(shown.clip.truth["view"], ()):
                truth.setdefault(kind, []).append(span)
        matched = []
        for kind in sorted(truth.keys() | events.keys()):
            counts = self._moves.events.setdefault(shown.dataset, {}).setdefault(kind, [0, 0, 0])
            left = list(events.get(kind, ()))
            for span in truth.get(kind, []):
                match = next((event for event in left if _matches(event, span)), None)
                counts[0 if match else 1] += 1
                if match is None:
                    self._score.notes.append(f"missed   {shown.case}: {kind} at {span[0]:.1f}-{span[1]:.1f} s")
                else:
                    left.remove(match)
                    matched.append(match)
            counts[2] += len(left)
            self._score.notes += [f"false    {shown.case}: {e.kind} at {e.start_s:.1f}-{e.end_s:.1f} s" for e in left]
        self._compare(shown, matched)

    def _compare(self, shown: _Shown, events: Sequence[Event]) -> None:
        """Note each number once a clip, beside the true one where that is the same thing: a rounded back has no one depth."""
        values = {name: value for event in reversed(events) for name, value in event.values.items()}
        for name, key in (("bow_depth_deg", "peak_trunk_deg"), ("walk_cadence_per_min", "cadence_per_min")):
            true = shown.person["moves"][0].get(key) if shown.person["moves"] else None
            is_same = shown.person["fault"] != "back_rounded" and (name == "bow_depth_deg" or shown.clip.truth["view"] == "side")
            if name in values and true is not None and is_same:
                self._moves.numbers.setdefault(shown.dataset, {}).setdefault(name, []).append((values[name], true))


@dataclass(frozen=True, slots=True, eq=False)
class _Shown:
    """One person in a clip of a set; ``number`` counts from 0, from the left."""

    dataset: str
    clip: MoveClip
    person: Mapping[str, Any]
    number: int

    @property
    def case(self) -> str:
        return self.clip.file.stem + (f" {self.number + 1}" if len(self.clip.people) > 1 else "")

    @property
    def fault(self) -> Mapping[str, Any]:
        return self.clip.fault_of(self.person)

    @property
    def named(self) -> set[str]:
        return {name for segment in self.person["segments"] for name in segment.get("clauses", {})}

    def true_events(self) -> Iterator[tuple[str, tuple[float, float]]]:
        """Kind and span of each true event; of one that the truth names by its moment, that moment twice."""
        for move in self.person["moves"]:
            kind = KIND_OF.get(move["move"])
            if kind == "step":
                yield from (("step", (at, at)) for at in move["step_times"])
            elif kind == "gesture":
                yield "gesture", (move["hold_start"], move["hold_end"])
            elif kind is not None:
                yield kind, (move["at"], move["at"]) if "at" in move else (move["start"], move["end"])


def _size_wh(clip: MoveClip) -> tuple[int, int]:
    return clip.truth["width"], clip.truth["height"]


def _dialogue(rule_sets: Sequence[RuleSet]) -> RuleSet:
    """What counts while somebody talks and listens: the clauses of SOFTEN, and those that are judged in a dialogue only."""
    soften = next(rule_set for rule_set in rule_sets if rule_set.topic == "soften")
    only = tuple(rule for rule_set in rule_sets for rule in rule_set.rules if rule.needs_drill == DIALOGUE)
    return soften.model_copy(update={"topic": DIALOGUE, "rules": soften.rules + only})


def _asked(rule_set: RuleSet, degrees: float | None) -> RuleSet:
    """A bow judged by the depth asked for, as its drill does."""
    if degrees is None or rule_set.topic != "bow":
        return rule_set
    pass_, warn = [degrees - 5, degrees + 5], [degrees - 10, degrees + 10]
    bands = Bands.model_validate({"pass": tuple(pass_), "warn": tuple(warn)})
    rules = tuple(
        rule
        if rule.id != "bow.angle"
        else rule.model_copy(update={"checks": (rule.checks[0].model_copy(update={"measure": "bow_depth_deg", "bands": bands}),)})
        for rule in rule_set.rules
    )
    return rule_set.model_copy(update={"rules": rules})


def _shows(rule: Rule, view: str) -> bool:
    return any({view} & set(check.views) or (view == "side" and set(_SIDES) & set(check.views)) for check in rule.checks)


def _matches(event: Event, span: tuple[float, float]) -> bool:
    """Whether an event is a true one: its ends near the true ones, or where only a moment or a hold is known, round it."""
    if span[0] == span[1] or event.kind == "gesture":
        return event.start_s - NEAR_S <= span[0] and span[1] <= event.end_s + NEAR_S
    return abs(event.start_s - span[0]) <= NEAR_S and abs(event.end_s - span[1]) <= NEAR_S
