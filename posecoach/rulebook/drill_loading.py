"""The drills of a folder of rules, as strict as its rule files: every problem is one line that says file, line, key, what was expected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from posecoach.errors import RulesError
from posecoach.resources import rules_dir
from posecoach.rulebook.complaints import did_you_mean, expected, same
from posecoach.rulebook.drill_schema import LONGEST_S, Cue, Drill, DrillFile, DrillTopic, Ending, Limit, Step, StepFile
from posecoach.rulebook.loading import ReadFile, load_rule_sets, parse_file, read_folder, refuse
from posecoach.rulebook.problems import Models, schema_problems, topic_problems
from posecoach.rulebook.schema import Bands, Rule, RuleSet
from posecoach.rulebook.yaml_text import Loc, Problem
from posecoach.vocabulary import Text

FOLDER = "drills"
_KEYS = tuple(DrillFile.model_fields)
_MODELS: Models = {"": DrillFile, "steps": StepFile, "begins": Cue, "ends": Ending, "limits": Limit, "bands": Bands}


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All that a folder of rules holds, by name in its order: topics and drills."""

    rule_sets: Mapping[str, RuleSet]
    drills: Mapping[str, Drill]

    @property
    def asked(self) -> tuple[RuleSet | Drill, ...]:
        """What can be asked for, beside leaving it to the posture."""
        return (*self.rule_sets.values(), *self.drills.values())

    @property
    def practised(self) -> dict[str, RuleSet]:
        """What is practised before the camera: the topics, then the drills."""
        return {**self.rule_sets, **{name: DrillTopic.of(drill) for name, drill in self.drills.items()}}

    def without_custom(self) -> Rulebook:
        """The strict rules: only what the material says or what follows from it."""
        rule_sets = {topic: rule_set.without_custom() for topic, rule_set in self.rule_sets.items()}
        drills = {name: drill.without_custom() for name, drill in self.drills.items()}
        return Rulebook(
            {topic: rule_set for topic, rule_set in rule_sets.items() if rule_set.rules},
            {name: drill for name, drill in drills.items() if drill.rule_sets},
        )


def load_rulebook(folder: Path, known_measures: Collection[str] | None = None) -> Rulebook:
    """The topics and drills of a folder. Raises `RulesError`."""
    rule_sets = load_rule_sets(folder, known_measures)
    return Rulebook(rule_sets, load_drills(folder, rule_sets, known_measures))


def load_drills(folder: Path, rule_sets: Mapping[str, RuleSet], known_measures: Collection[str] | None = None) -> dict[str, Drill]:
    """The drills by name in their own order: the shipped ones, and those of ``folder/drills``, which take the place of ones of their name.

    ``rule_sets``: all rules of the folder, as of `load_rule_sets`. Raises `RulesError` naming every problem of every file.
    """
    shipped, problems = read_folder(rules_dir() / FOLDER, _KEYS)
    own, more = read_folder(folder / FOLDER, _KEYS) if folder != rules_dir() else ([], [])
    problems = [_in_folder(words) for words in (*problems, *more)]
    drills: list[Drill] = []
    for file in {file.source.name: file for file in (*shipped, *own)}.values():
        try:
            drills.append(_validated(file, rule_sets, known_measures))
        except RulesError as error:  # noqa: PERF203 - every broken file is reported, not only the first
            problems.append(_in_folder(error.words))
    refuse(problems)
    return {drill.topic: drill for drill in sorted(drills, key=lambda drill: (drill.order, drill.topic))}


def parse_drill(text: str, name: str, rule_sets: Mapping[str, RuleSet], known_measures: Collection[str] | None = None) -> Drill:
    """The drill written in ``text``; ``name`` is the file's name. Raises `RulesError` with one line a problem."""
    return _validated(parse_file(text, name, keys=_KEYS), rule_sets, known_measures)


def _in_folder(words: Text) -> Text:
    """Problems with the folder before the file's name."""
    zh, en = ("\n".join(f"{FOLDER}/{line}" for line in said.splitlines()) for said in (words.zh, words.en))
    return Text(zh, en)


def _validated(file: ReadFile, rule_sets: Mapping[str, RuleSet], known_measures: Collection[str] | None) -> Drill:
    source = file.source
    source.report(topic_problems(file.data, file.stem, "drill"))
    if file.stem in rule_sets:
        what = Text("与各项目（规则文件）不同的名称", "a name that no topic (rule file) has")
        source.report([((), expected(what, same(repr(file.stem))))])
    try:
        parsed = DrillFile.model_validate(file.data, context={"measures": known_measures})
    except ValidationError as error:
        source.report(schema_problems(error, _MODELS))
        raise source.error() from None
    source.report([*_step_problems(parsed), *_clause_problems(parsed, rule_sets)])
    if source.has_problems:
        raise source.error()
    return _Resolver(rule_sets).drill(parsed, file)


# --- what is wrong beyond the schema ------------------------------------------------------------------------------------------------------


def _step_problems(drill: DrillFile) -> Iterator[Problem]:
    for name, count in Counter(step.id for step in drill.steps).items():
        if count > 1:
            words = Text(f"步骤的 id 重复：{name!r} 应只写一次", f"duplicate id: expected {name!r} once, got it again")
            yield ("steps", next(i for i, step in reversed(list(enumerate(drill.steps))) if step.id == name), "id"), words
    total = sum(step.at_most_s for step in drill.steps)
    if total > LONGEST_S:
        what = Text(f"各步 at_most_s 之和不超过 {LONGEST_S:g}", f"at_most_s of all steps together to be at most {LONGEST_S:g}")
        yield ("steps",), expected(what, same(f"{total:g}"))
    for i, step in enumerate(drill.steps):
        seconds = next((ending.seconds for ending in step.ends if ending.seconds), None)
        if seconds is not None and seconds > step.at_most_s:
            what = Text(f"不小于 seconds（{seconds:g}）的数", f"a number not below its seconds ({seconds:g})")
            yield ("steps", i, "at_most_s"), expected(what, same(f"{step.at_most_s:g}"))


def _clause_problems(drill: DrillFile, rule_sets: Mapping[str, RuleSet]) -> Iterator[Problem]:
    known = {rule.id for rule_set in rule_sets.values() for rule in rule_set.rules}
    lists: list[tuple[Loc, Sequence[str]]] = [(("clauses",), drill.clauses)]
    lists += [(("steps", i, "clauses"), step.clauses) for i, step in enumerate(drill.steps)]
    what = Text("条款的 id，或项目（规则文件）的名称", "the id of a clause, or the name of a topic (rule file)")
    for loc, names in lists:
        for i, name in enumerate(names):
            if name not in known and name not in rule_sets:
                yield (*loc, i), expected(what, same(repr(name)), did_you_mean(name, {*known, *rule_sets}))
    for i, step in enumerate(drill.steps):
        own = {rule.id for name in step.clauses for rule in _rules(name, rule_sets) if rule.checks}
        for j, limit in enumerate(step.limits):
            if limit.clause not in own:
                listed = Text("本步 clauses 里能评判的条款", "a clause that is judged, among those of the step")
                yield ("steps", i, "limits", j, "clause"), expected(listed, same(repr(limit.clause)), did_you_mean(limit.clause, own))


def _rules(name: str, rule_sets: Mapping[str, RuleSet]) -> tuple[Rule, ...]:
    """The rules that a name in a list of clauses means: one, or all of a topic."""
    if name in rule_sets:
        return rule_sets[name].rules
    return tuple(rule for rule_set in rule_sets.values() for rule in rule_set.rules if rule.id == name)


# --- from names to rules ------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Resolver:
    """Finds the rules that a drill names."""

    rule_sets: Mapping[str, RuleSet]

    def drill(self, parsed: DrillFile, file: ReadFile) -> Drill:
        everywhere = [name for step in parsed.steps for name in step.clauses]
        return Drill(
            topic=parsed.drill,
            title=parsed.title,
            order=parsed.order,
            needs=parsed.needs,
            icon=parsed.icon,
            steps=tuple(map(self.step, parsed.steps)),
            whole=self.sets(parsed.clauses),
            rule_sets=self.sets((*everywhere, *parsed.clauses)),
            file=f"{FOLDER}/{file.source.name}",
            sha256=file.sha256,
        )

    def step(self, step: StepFile) -> Step:
        limits = {limit.clause: limit for limit in step.limits}
        rule_sets = tuple(_with_limits(rule_set, limits) for rule_set in self.sets(step.clauses))
        return Step(step.id, step.title, step.prompt, step.begins, step.ends, step.at_most_s, rule_sets)

    def sets(self, names: Sequence[str]) -> tuple[RuleSet, ...]:
        """The rules of these names, each topic's in one set."""
        ids = {rule.id for name in names for rule in _rules(name, self.rule_sets)}
        found = (rule_set.only(ids) for rule_set in self.rule_sets.values())
        return tuple(rule_set for rule_set in found if rule_set.rules)


def _with_limits(rule_set: RuleSet, limits: Mapping[str, Limit]) -> RuleSet:
    rules = tuple(_limited(rule, limits[rule.id]) if rule.id in limits else rule for rule in rule_set.rules)
    return rule_set.model_copy(update={"rules": rules})


def _limited(rule: Rule, limit: Limit) -> Rule:
    """The rule with the measure and bands of a step in its first check; its words stay."""
    changed: dict[str, Any] = {"measure": limit.measure, "bands": limit.bands, "bands_for": {}, "bands_without_neutral": None}
    return rule.model_copy(update={"checks": (rule.checks[0].model_copy(update=changed), *rule.checks[1:])})
