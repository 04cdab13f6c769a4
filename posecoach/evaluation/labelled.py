"""Scores pictures and parts of clips that people labelled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from posecoach.body.motion import Motion
from posecoach.body.observed import Body
from posecoach.body.posture import observe
from posecoach.body.records import Array
from posecoach.errors import SourceError
from posecoach.evaluation.labels import Case, Label
from posecoach.evaluation.mapping import Labelling
from posecoach.evaluation.scoring import Outcome, Score
from posecoach.evaluation.sureness import leanings
from posecoach.judging.judge import Judgement, judge
from posecoach.judging.results import ClauseVerdict
from posecoach.rulebook.schema import RuleSet
from posecoach.vocabulary import Posture, Profile, State, Text, View

KNOWN_POSTURES = frozenset({"standing", "sitting", "crouching"})
KNOWN_VIEWS = frozenset({"front", "three_quarter", "side", "back"})
_RANK = {State.UNJUDGED: 0, State.PASS: 1, State.WARN: 2, State.FAIL: 3}


class LabelledScorer:
    """Adds the outcomes of labelled cases to a score. Alternatives are not settled: each labelled clause is judged by itself."""

    def __init__(self, score: Score, mapping: Labelling, rule_sets: Sequence[RuleSet]) -> None:
        self._score = score
        self._mapping = mapping
        self._upright = [s.topic for s in rule_sets if not s.row and {"standing", "sitting"}.intersection(s.postures)]
        self._rule_sets = {rule_set.topic: rule_set.model_copy(update={"groups": ()}) for rule_set in rule_sets}

    def check(self, cases: Sequence[Case]) -> None:
        """Raises `SourceError` for labels with a drill or a profile that there is not."""
        for case in cases:
            _is_one_of(case, "drill", [label.drill for label in case.labels if label.drill], sorted(self._rule_sets))
            _is_one_of(case, "profile", [case.profile], [profile.value for profile in Profile])

    def add(self, dataset: str, case: Case, motion: Motion) -> None:
        """Judge a case and count."""
        inside = _inside(motion, case)
        if not inside.any():
            self._score.notes.append(f"EMPTY  {case.name}")
            return
        self._count_posture_and_view(dataset, case, observe(motion), inside)
        part = motion.where(inside)
        said = {drill: self._judged(part, drill, case.profile) for drill in {label.drill for label in case.labels if label.drill}}
        for label in case.labels:
            if label.drill in said:
                self._count(dataset, case, label, said[label.drill])
        if case.has_legs is False:
            self._count_hidden_legs(case, part)

    def _count_posture_and_view(self, dataset: str, case: Case, body: Body, inside: Array) -> None:
        """Of a part of a film what is said of its frames when the whole film is graded, as it always is."""
        if case.posture in KNOWN_POSTURES:
            label = case.posture + {True: "", False: ", legs hidden", None: ", legs not labelled"}[case.has_legs]
            said = _most(Posture, body.posture[inside])
            self._score.saw("posture", dataset, label, said)
            if said not in (case.posture, "unknown") or (case.has_legs is not False and said != case.posture):
                self._score.notes.append(f"posture {case.name}: {said} for {label}")
        if case.view in KNOWN_VIEWS:
            said = _most(View, body.view[inside]).removesuffix("_left").removesuffix("_right")
            self._score.saw("view", dataset, case.view, said)
            if said != case.view:
                self._score.notes.append(f"view   {case.name}: {said} for {case.view}")

    def _judged(self, motion: Motion, drill: str, profile: str) -> Judgement:
        return judge(observe(motion), (self._rule_sets[drill],), Profile(profile), drill)

    def _count(self, dataset: str, case: Case, label: Label, judgement: Judgement) -> None:
        said = _by_clause(judgement)
        verdict = said.get(label.clause)
        if verdict is None:
            return
        if label.worse_of in said and verdict.state is not State.UNJUDGED:
            verdict = max(verdict, said[label.worse_of], key=lambda v: _RANK[v.state])
        told = verdict.state.word, verdict.reason.word, verdict.value, label.rater, leanings(judgement).get(_clause_of(verdict))
        outcome = Outcome(dataset, case.name, case.source, said[label.clause].id, label.is_met, *told)
        self._score.outcomes.append(outcome)
        if (verdict.state is State.FAIL) == label.is_met or (verdict.state is State.PASS) != label.is_met:
            wanted = "met" if label.is_met else "not met"
            self._score.notes.append(
                f"{verdict.state.word:7s}{case.name}: {label.clause} {verdict.value} {verdict.reason.word or ''} ({wanted})"
            )

    def _count_hidden_legs(self, case: Case, motion: Motion) -> None:
        self._score.legs_hidden_cases += 1
        for drill in self._upright:
            for clause, verdict in _by_clause(self._judged(motion, drill, case.profile)).items():
                if clause in self._mapping.leg_clauses and verdict.state is not State.UNJUDGED:
                    self._score.legs_judged_hidden.append(f"{case.name}: {drill} {clause} {verdict.state.word}")


def _is_one_of(case: Case, column: str, words: Sequence[str], known: Sequence[str]) -> None:
    for word in words:
        if word not in known:
            raise SourceError(
                Text(
                    f"{case.file}：{column} 只能是 {'、'.join(known)} 之一，现在是“{word}”",
                    f"{case.file}: {column} is one of {', '.join(known)}, not {word!r}",
                )
            )


def _clause_of(verdict: ClauseVerdict) -> str:
    return verdict.id.split(".", 1)[1]


def _by_clause(judgement: Judgement) -> dict[str, ClauseVerdict]:
    return {_clause_of(verdict): verdict for verdict in judgement.verdicts}


def _most(kind: type[Posture] | type[View], codes: Array) -> str:
    return kind(Counter(int(code) for code in codes).most_common(1)[0][0]).word


def _inside(motion: Motion, case: Case) -> Array:
    t_s = motion.t_ms / 1000
    return np.asarray((t_s >= (case.start_s or 0.0)) & (t_s < (np.inf if case.end_s is None else case.end_s)))
