"""The rules and drills that are shipped, read once for all tests; nothing changes them."""

from __future__ import annotations

from posecoach.measures.catalogue import MEASURES
from posecoach.resources import rules_dir
from posecoach.rulebook.drill_loading import load_rulebook

BOOK = load_rulebook(rules_dir(), MEASURES)
RULE_SETS = dict(BOOK.rule_sets)
ALL_RULES = tuple(RULE_SETS.values())
