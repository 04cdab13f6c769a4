"""Scores filmed movements against their exact truth: events found in time, numbers measured, clauses of right and of faulty clips."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from posecoach.body.motion import Motion
from posecoach.errors import SourceError
from posecoach.evaluation.scoring import FaultOutcome, Outcome, Score, worst
from posecoach.evaluation.statistics import agreement
from posecoach.judging.pipeline import GradeOptions, grade_motion
from posecoach.judging.results import ClauseVerdict, Event
from posecoach.rulebook.schema import Bands, Rule, RuleSet
from posecoach.storage.plain_json import DAMAGE
from posecoach.vocabulary import Profile, State, Text

FAULTS = "moves_faults.json"
TOPICS_OF = {
    "bow": ("bow",),
    "gesture": ("gesture",),
    "walking": ("walking",),
    "nod": ("soften",),
    "window": ("service_flow", "soften", "gesture", "sitting"),
}
"""The rule files that judge what a clip shows; clips of two people are left out."""
KIND_OF = {"bow": "bow", "walk": "step", "nod": "nod", "gesture": "gesture", "stand_up": "stand_up", "sit_down": "sit_down"}
NEAR_S = 0.3
_SIDES = ("side_left", "side_right")


@dataclass(frozen=True, slots=True, eq=False)
class MoveClip:
    """A filmed movement with its truth, and the folder's `moves_faults.json`."""

    file: Path
    truth: Mapping[str, Any]
    faults: Mapping[str, Any]

    @property
    def person(self) -> Mapping[str, Any]:
        """The person's truth."""
        only: Mapping[str, Any] = self.truth["people"][0]
        return only

    @property
    def topic(self) -> str:
        """What it shows: bow, gesture, walking, nod or window."""
        return str(self.truth["topic"])

    @property
    def asked_degrees(self) -> float | None:
        """The depth a bow was asked for; None of other clips."""
        return next((float(s["asked_degrees"]) for s in self.person["segments"] if "asked_degrees" in s), None)

    @property
    def fault(self) -> Mapping[str, Any]:
        """What is said of its fault; empty when it has none, or one that this view cannot show."""
        found: Mapping[str, Any] = self.faults["faults"].get(self.topic, {}).get(self.person["fault"] or "", {})
        return found if self.truth["view"] in found.get("views", ()) else {}


@dataclass
class MoveScore:
    """What was counted of movements: by kind (found, missed, false) events, and (measured, true) depths of bows and cadences."""

    events: dict[str, list[int]] = field(default_factory=dict)
    bow_depth: list[tuple[float, float]] = field(default_factory=list)
    cadence: list[tuple[float, float]] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        """As plain data."""
        kinds = {kind: dict(zip(("found", "missed", "false"), counts, strict=True)) for kind, counts in sorted(self.events.items())}
        pairs = {"bow_depth_deg": self.bow_depth, "walk_cadence_per_min": self.cadence}
        return {"events": kinds, "numbers": {name: agreement(*map(list, zip(*own, strict=True))) for name, own in pairs.items() if own}}


def load_moves(folder: Path) -> list[MoveClip]:
    """The clips of one person in a folder of filmed movements. Raises `SourceError`."""
    try:
        faults = json.loads((folder / FAULTS).read_text("utf-8"))
        truths = [(path, json.loads(path.read_text("utf-8"))) for path in sorted(folder.glob("*.json")) if path.name != FAULTS]
    except DAMAGE as error:
        raise SourceError(
            Text(f"{folder} 不是动作视频的文件夹：{error}", f"{folder}: not a folder of filmed movements: {error}")
        ) from error
    return [MoveClip(path.with_suffix(".mp4"), truth, faults) for path, truth in truths if truth["topic"] in TOPICS_OF]


class MovesScorer:
    """Adds the outcomes of filmed movements to a score."""

    def __init__(self, score: Score, moves: MoveScore, rule_sets: Sequence[RuleSet]) -> None:
        self._score = score
        self._moves = moves
        self._rule_sets = {rule_set.topic: rule_set for rule_set in rule_sets}

    def add(self, dataset: str, clip: MoveClip, motion: Motion) -> None:
        """Grade a clip by each of its topics and count."""
        said: dict[str, ClauseVerdict] = {}
        rules: dict[str, Rule] = {}
        events: dict[str, tuple[Event, ...]] = {}
        for topic in TOPICS_OF[clip.topic]:
            rule_set = _asked(self._rule_sets[topic], clip.asked_degrees)
            person = grade_motion(motion, GradeOptions((rule_set,), topic, Profile(clip.person["gender"]))).person
            said |= {verdict.id: verdict for verdict in person.clauses}
            rules |= {rule.id: rule for rule in rule_set.rules}
            events |= {kind: tuple(e for e in person.events if e.kind == kind) for kind in {e.kind for e in person.events}}
        self._count_events(clip, events)
        self._count_clauses(dataset, clip, said, rules)

    def _count_clauses(self, dataset: str, clip: MoveClip, said: Mapping[str, ClauseVerdict], rules: Mapping[str, Rule]) -> None:
        faulty, tolerated = set(clip.fault.get("faulty", ())), set(clip.fault.get("tolerated", ()))
        named = (
            {name for segment in clip.person["segments"] for name in segment.get("clauses", {})} if clip.topic == "window" else set(said)
        )
        wrong = {}
        for rule_id, verdict in said.items():
            name = rule_id.split(".", 1)[1]
            if name in faulty:
                wrong[rule_id] = verdict
            elif name not in tolerated and rule_id in named and _shows(rules[rule_id], clip.truth["view"]):
                self._note(dataset, clip, rule_id, verdict, is_met=True)
        if wrong:
            state = worst(wrong.values())
            self._score.faults.append(FaultOutcome(dataset, clip.file.stem, clip.person["fault"], False, state.word))
            for rule_id, verdict in wrong.items():
                self._note(dataset, clip, rule_id, verdict, is_met=False)

    def _note(self, dataset: str, clip: MoveClip, rule_id: str, verdict: ClauseVerdict, *, is_met: bool) -> None:
        case = clip.file.stem
        outcome = Outcome(dataset, case, dataset, rule_id, is_met, verdict.state.word, verdict.reason.word, verdict.value)
        self._score.outcomes.append(outcome)
        if verdict.state is not (State.PASS if is_met else State.FAIL):
            told = f"{rule_id} {verdict.value} {verdict.reason.word or ''}"
            self._score.notes.append(f"{'' if is_met else 'fault '}{verdict.state.word:8s} {case}: {told}")

    def _count_events(self, clip: MoveClip, events: Mapping[str, tuple[Event, ...]]) -> None:
        truth: dict[str, list[tuple[float, float]]] = {}
        for kind, span in _true_events(clip):
            truth.setdefault(kind, []).append(span)
        for kind in truth.keys() | events.keys():
            counts = self._moves.events.setdefault(kind, [0, 0, 0])
            left = list(events.get(kind, ()))
            for span in truth.get(kind, []):
                match = next((event for event in left if _matches(event, span)), None)
                counts[0 if match else 1] += 1
                if match is None:
                    self._score.notes.append(f"missed   {clip.file.stem}: {kind} at {span[0]:.1f}-{span[1]:.1f} s")
                else:
                    left.remove(match)
                    self._compare(clip, match)
            counts[2] += len(left)
            self._score.notes += [f"false    {clip.file.stem}: {e.kind} at {e.start_s:.1f}-{e.end_s:.1f} s" for e in left]

    def _compare(self, clip: MoveClip, event: Event) -> None:
        move = clip.person["moves"][0]
        if "bow_depth_deg" in event.values and "peak_trunk_deg" in move and clip.person["fault"] != "back_rounded":
            self._moves.bow_depth.append((event.values["bow_depth_deg"], move["peak_trunk_deg"]))
        if "walk_cadence_per_min" in event.values and clip.truth["view"] == "side":
            self._moves.cadence.append((event.values["walk_cadence_per_min"], move["cadence_per_min"]))


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


def _true_events(clip: MoveClip) -> Iterator[tuple[str, tuple[float, float]]]:
    """Kind and span of each true event; of one that the truth names by its moment, that moment twice."""
    for move in clip.person["moves"]:
        kind = KIND_OF.get(move["move"])
        if kind == "step":
            yield from (("step", (at, at)) for at in move["step_times"])
        elif kind == "gesture":
            yield "gesture", (move["hold_start"], move["hold_end"])
        elif kind is not None:
            yield kind, (move["at"], move["at"]) if "at" in move else (move["start"], move["end"])


def _matches(event: Event, span: tuple[float, float]) -> bool:
    """Whether an event is a true one: its ends near the true ones, or where only a moment or a hold is known, round it."""
    if span[0] == span[1] or event.kind == "gesture":
        return event.start_s - NEAR_S <= span[0] and span[1] <= event.end_s + NEAR_S
    return abs(event.start_s - span[0]) <= NEAR_S and abs(event.end_s - span[1]) <= NEAR_S
