"""Scores rendered clips against their exact truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from posecoach.body.motion import Motion
from posecoach.body.records import Array
from posecoach.evaluation.alarms import watch
from posecoach.evaluation.labels import RenderedClip
from posecoach.evaluation.mapping import Labelling
from posecoach.evaluation.scoring import FaultOutcome, Outcome, Score, worst
from posecoach.evaluation.sureness import leanings
from posecoach.evaluation.true_values import value_outcomes
from posecoach.judging.pipeline import Graded, GradeOptions, grade_motion
from posecoach.judging.results import ClauseVerdict
from posecoach.rulebook.schema import RuleSet
from posecoach.vocabulary import Posture, Profile, Reason, State, View


class RenderedScorer:
    """Adds the outcomes of rendered clips to a score."""

    def __init__(self, score: Score, mapping: Labelling, rule_sets: Sequence[RuleSet], *, with_alarms: bool = False) -> None:
        self._score = score
        self._mapping = mapping
        self._rule_sets = tuple(rule_sets)
        self._with_alarms = with_alarms

    def add(self, dataset: str, clip: RenderedClip, motion: Motion, brightness: float | None = None) -> Graded:
        """Grade a clip and count; ``brightness`` of its pictures, 0..1, is only passed on."""
        options = GradeOptions(self._rule_sets, clip.drill, Profile(clip.person["gender"]))
        graded = grade_motion(motion, options)
        before = len(self._score.outcomes)
        self._count_posture(dataset, clip, motion, graded.body.posture)
        self._count_view(dataset, clip, graded.body.view)
        values = value_outcomes(clip, graded.body, self._mapping, brightness)
        self._score.values += [replace(value, dataset=dataset) for value in values]
        fault = self.fault_of(clip)
        touched = {*fault.get("faulty", ()), *fault.get("tolerated", ())}
        said = {v.id.split(".", 1)[1]: v for v in graded.judgement.verdicts}
        for clause, verdict in said.items():
            self._note_wrong(clip, clause, verdict, clause in touched)
            if clause not in touched and self._is_true(clause, clip):
                self._count_correct(dataset, clip, verdict)
        if fault and clip.truth["view"] in fault["views"]:
            self._count_fault(dataset, clip, {c: said[c] for c in fault["faulty"] if c in said})
        leaning = leanings(graded.judgement)
        self._score.outcomes[before:] = [replace(one, leaning=leaning.get(one.clause)) for one in self._score.outcomes[before:]]
        if self._with_alarms:
            shown = bool(fault) and clip.truth["view"] in fault["views"]
            watch(self._score.alarms, motion, options, set(fault.get("faulty", ())) if shown else set(), touched)
        return graded

    def fault_of(self, clip: RenderedClip) -> Mapping[str, Any]:
        """What `faults.json` says of the clip's fault; empty when it has none, or none in this drill and profile."""
        fault: Mapping[str, Any] = clip.faults["faults"].get(clip.person["fault"] or "", {})
        only, gender = fault.get("only", {}), clip.person["gender"]
        is_fault = only.get("drill", clip.drill) == clip.drill and only.get("profile", gender) == gender
        return fault if is_fault else {}

    def _count_posture(self, dataset: str, clip: RenderedClip, motion: Motion, posture: Array) -> None:
        t_s = motion.t_ms / 1000
        for segment in clip.person["segments"]:
            if segment["posture"] == "transition" or (clip.person["fault"] == "bent_over" and segment["posture"] == "crouching"):
                continue
            inside = (t_s >= segment["start"]) & (t_s < segment["end"])
            words = Counter(Posture(int(p)).word for p in np.asarray(posture)[inside])
            label = segment["posture"] if not self.legs_hidden(clip) else f"{segment['posture']}, legs hidden"
            for word, count in words.items():
                self._score.saw("posture", dataset, label, word, count)
            if set(words) - {segment["posture"], "unknown"}:
                self._score.notes.append(f"posture {clip.file.stem}: {dict(words)} for {segment['posture']}")

    def _count_view(self, dataset: str, clip: RenderedClip, view: Array) -> None:
        words = Counter(_plain_view(int(v)) for v in view)
        for word, count in words.items():
            self._score.saw("view", dataset, clip.truth["view"], word, count)
        if set(words) != {clip.truth["view"]}:
            self._score.notes.append(f"view   {clip.file.stem}: {sorted(words)} for {clip.truth['view']}")

    def legs_hidden(self, clip: RenderedClip) -> bool:
        """Whether the legs are hidden in a clip."""
        hidden = clip.truth.get("legs_hidden")
        return bool(clip.truth["topic"] in clip.faults["legs_hidden_topics"] if hidden is None else hidden)

    def hidden_clauses(self, clip: RenderedClip) -> set[str]:
        """The clauses that no honest verdict can be given on in this clip."""
        hidden = set(clip.faults["never_judged_from"].get(clip.truth["view"], ())) | set(clip.faults["never_judged_from"]["any"])
        return hidden | (set(clip.faults["never_judged_from"]["legs_hidden"]) if self.legs_hidden(clip) else set())

    def _note_wrong(self, clip: RenderedClip, clause: str, verdict: ClauseVerdict, touched: bool) -> None:
        faults, view, name = clip.faults, clip.truth["view"], clip.file.stem
        hidden = self.hidden_clauses(clip)
        if clause in hidden and verdict.state is not State.UNJUDGED:
            self._score.notes.append(f"HIDDEN {name}: {clause} {verdict.state.word} {verdict.value}")
        if clause in faults["never_pass_from"].get(view, ()) and verdict.state is State.PASS:
            self._score.notes.append(f"NEVER  {name}: {clause} pass")
        if verdict.state is State.FAIL and not touched:
            self._score.notes.append(f"FALSE  {name}: {clause} fail {verdict.value}")

    def _count_correct(self, dataset: str, clip: RenderedClip, verdict: ClauseVerdict) -> None:
        clause = verdict.id.split(".", 1)[1]
        other = clause in self._mapping.rendered["grouped"] and verdict.reason is Reason.NOT_APPLICABLE
        if other or not self._mapping.shown_from(clip.truth["view"], clause):
            return
        self._score.outcomes.append(_outcome(dataset, clip, verdict, is_met=True))
        if verdict.state in (State.WARN, State.UNJUDGED):
            self._score.notes.append(f"{verdict.state.word:6s} {clip.file.stem}: {clause} {verdict.value} {verdict.reason.word or ''}")

    def _count_fault(self, dataset: str, clip: RenderedClip, faulty: Mapping[str, ClauseVerdict]) -> None:
        state = worst(faulty.values())
        self._score.faults.append(FaultOutcome(dataset, clip.file.stem, clip.person["fault"], self.is_strong(clip), state.word))
        for verdict in faulty.values():
            self._score.outcomes.append(_outcome(dataset, clip, verdict, is_met=False))
        if state is not State.FAIL:
            told = {c: (v.state.word, v.value) for c, v in faulty.items()}
            self._score.notes.append(f"MISS   {clip.file.stem}: {clip.person['fault']} {state.word} {told}")

    def is_strong(self, clip: RenderedClip) -> bool:
        """Whether a fault is at least twice the pass limit, by the true angles, and one that the rules let fail."""
        limit = self._mapping.rendered["fault_limits"].get(clip.person["fault"])
        if limit is None or not self._can_fail(clip, limit[0]):
            return False
        _, name, middle, reach = limit
        true = np.median([frame["angles"][name] for frame in clip.person["frames"]])
        return bool(abs(true - middle) >= 2 * reach)

    def _can_fail(self, clip: RenderedClip, measure: str) -> bool:
        """Whether a clause that the clip's fault breaks may fail by a measure in its drill."""
        rules = next(rule_set.rules for rule_set in self._rule_sets if rule_set.topic == clip.drill)
        broken = self.fault_of(clip)["faulty"]
        checks = [check for rule in rules if rule.id.split(".", 1)[1] in broken for check in rule.checks]
        return any(check.measure == measure and check.cap(State.FAIL) is State.FAIL for check in checks)

    def _is_true(self, clause: str, clip: RenderedClip) -> bool:
        """Whether the truth says that this clause is met, in all segments of the drill's posture that know it."""
        tables = self._mapping.rendered
        group = tables["clauses_of_drill"].get(clip.drill)
        if clause in ("present", "eyes_join", "held", "symmetric"):
            group = "smile" if clip.truth["topic"] == "smile" else None
        if group is None:
            return False
        names = [f"{group}.{name}" for name in tables["true_by"].get(clause, ())]
        found = [segment["clauses"].get(name) for segment in clip.person["segments"] for name in names]
        found = [value for value in found if value not in (None, "na")]
        return bool(found) and all(value is True for value in found)


def _outcome(dataset: str, clip: RenderedClip, verdict: ClauseVerdict, *, is_met: bool) -> Outcome:
    return Outcome(dataset, clip.file.stem, dataset, verdict.id, is_met, verdict.state.word, verdict.reason.word, verdict.value)


def _plain_view(code: int) -> str:
    return View(code).word.removesuffix("_left").removesuffix("_right")
