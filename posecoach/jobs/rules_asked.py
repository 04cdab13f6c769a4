"""The rules that a grading or a judging again was asked to use, and what its reports say of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import posecoach
from posecoach.judging.results import RuleFileUsed
from posecoach.measures.catalogue import MEASURES
from posecoach.reports.figures import models_of
from posecoach.reports.rows import ClauseNote, Head, labels_of
from posecoach.resources import rules_dir
from posecoach.rulebook.drill_loading import Rulebook, load_rulebook
from posecoach.rulebook.schema import RuleSet


def rules_of(folder: Path | None, strict: bool) -> tuple[RuleSet, ...]:
    """The rule files of a folder, else the shipped ones; ``strict``: only clauses of the material. Raises `RulesError`."""
    return tuple(rulebook_of(folder, strict).rule_sets.values())


def rulebook_of(folder: Path | None, strict: bool) -> Rulebook:
    """The topics and drills of a folder, as `rules_of`."""
    book = load_rulebook(folder or rules_dir(), MEASURES)
    return book.without_custom() if strict else book


def head_of(book: Rulebook) -> Head:
    """What the reports say of the rules."""
    rule_sets = tuple(book.rule_sets.values())
    rules = [rule for rule_set in rule_sets for rule in rule_set.rules]
    return Head(
        generator=f"posecoach {posecoach.__version__}",
        rules=tuple(RuleFileUsed(found.file, found.sha256) for found in book.asked),
        names={rule.id: rule.clause for rule in rules},
        choices={group.words: group.title for rule_set in rule_sets for group in rule_set.groups},
        made=date.today().isoformat(),
        notes={rule.id: ClauseNote(rule.origin == "derived", rule.never, rule.self_check) for rule in rules},
        rule_sets=rule_sets,
        plans=tuple(book.drills.values()),
        labels=labels_of(rule_sets),
        models=models_of(rule_sets),
    )
