"""docs/coverage.md: every clause with its rule, from where and how it is judged, what was counted, or why no camera can tell.

python -m posecoach.evaluation.coverage EVALUATION.json docs/coverage.md      figures of filmed movements (`posecoach evaluate`)
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from posecoach.measures.catalogue import MEASURES
from posecoach.resources import rules_dir
from posecoach.rulebook.loading import load_rule_sets
from posecoach.rulebook.schema import Bands, Interval, Rule

STATES = ("pass", "warn", "fail", "unjudged")
HEAD = ("rule", "clause", "source", "from", "judged by", "measured")
INTRO = """# What is judged, and what is not

Made by `python -m posecoach.evaluation.coverage`; do not edit. Every clause of the training material and of general manners (`custom`)
has a rule; this page says from where it is judged and how, or why no camera can tell. What a camera cannot tell is asked of the person on
the sheet that is printed (`self_check` of the rule files).

*judged by*: the measures ([measures.md](measures.md)) with the band that passes and, in brackets, the band that warns. *measured*: by
set, pass/warn/fail/unjudged of clips in which the clause is met, then of those in which it is not; what the sets are, which of them are
new, and how often events are found, says [accuracy.md](accuracy.md). *as*: no set of that topic shows the clause; another topic judges it
by the same measures and bands, and was measured. Few clips: a hundred per cent of three is no promise.
"""


def page(figures: Mapping[str, Any]) -> str:
    """The page, from the figures of `posecoach evaluate`."""
    return "\n".join((*_lines(figures), ""))


def _lines(figures: Mapping[str, Any]) -> Iterator[str]:
    yield INTRO
    rule_sets = load_rule_sets(rules_dir(), MEASURES).values()
    twins: dict[str, list[Rule]] = {}
    for rule in (rule for rule_set in rule_sets for rule in rule_set.rules if rule.checks):
        twins.setdefault(how(rule), []).append(rule)
    for rule_set in rule_sets:
        yield from (f"## {rule_set.title.zh} {rule_set.title.en} (`{rule_set.file}`)", "", *_table(HEAD))
        for rule in rule_set.rules:
            measured = _measured(rule, twins.get(how(rule), ()), figures)
            yield f"| {' | '.join((f'`{rule.id}`', rule.clause.zh, rule.source, _views(rule), how(rule), measured))} |"
        yield ""


def _table(head: tuple[str, ...]) -> tuple[str, str]:
    return f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"


def _views(rule: Rule) -> str:
    return ", ".join(dict.fromkeys(view.replace("_", "-") for check in rule.checks for view in check.views)) or "never"


def how(rule: Rule) -> str:
    """The measures of a rule with their bands, or why it is never judged."""
    if rule.never:
        return f"{rule.never.zh} / {rule.never.en}"
    told = dict.fromkeys(f"`{check.measure}` {_bands(check.bands)}" for check in rule.checks)
    return "; ".join(told) + ("; only in a dialogue" if rule.needs_drill else "")


def _bands(bands: Bands) -> str:
    return f"{_ends(bands.pass_)} ({_ends(bands.warn)})"


def _ends(band: Interval) -> str:
    if band.low == -float("inf"):
        return f"≤ {band.high:g}"
    return f"≥ {band.low:g}" if band.high == float("inf") else f"{band.low:g} to {band.high:g}"


def _measured(rule: Rule, twins: Sequence[Rule], figures: Mapping[str, Any]) -> str:
    if rule.never:
        return "-"
    if own := _counts(rule.id, figures):
        return own
    others = ((twin.id, counts) for twin in twins if (counts := _counts(twin.id, figures)))
    return next((f"as `{name}`: {counts}" for name, counts in others), "not measured")


def _counts(rule_id: str, figures: Mapping[str, Any]) -> str:
    """The two counts of a rule in each set that has any."""
    found = {name: clauses[rule_id] for name, clauses in figures["clauses"].items() if rule_id in clauses}
    return "; ".join(f"{name} {', '.join(_states(one[key]) for key in ('correct', 'faulty'))}" for name, one in found.items())


def _states(counts: Mapping[str, int]) -> str:
    return "/".join(str(counts[state]) for state in STATES)


def main(evaluation: str, out: str) -> None:
    """Write the page."""
    Path(out).write_text(page(json.loads(Path(evaluation).read_text("utf-8"))), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
