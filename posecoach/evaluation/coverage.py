"""docs/coverage.md: every clause with its rule, from where and how it is judged, what was counted, or why no camera can tell.

python -m posecoach.evaluation.coverage EVALUATION.json docs/coverage.md      figures of filmed movements (`posecoach evaluate`)
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
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

*judged by*: the measures ([measures.md](measures.md)) with the band that passes and, in brackets, the band that warns. *measured*:
pass/warn/fail/unjudged of clips in which the clause is met, then of those in which it is not; `moves` are the filmed movements of made-up
people, `clips` the rendered postures of [accuracy.md](accuracy.md), where clauses of one name in several topics are counted together. Few
clips: a hundred per cent of three is no promise. Rules were adjusted while looking at some of these people.
"""


def page(figures: Mapping[str, Any], accuracy: str) -> str:
    """The page, from the figures of an evaluation of filmed movements and the text of accuracy.md."""
    return "\n".join((*_lines(figures, _counted(accuracy)), ""))


def _lines(figures: Mapping[str, Any], counted: Mapping[str, str]) -> Iterator[str]:
    yield INTRO
    yield from _events(figures)
    for rule_set in load_rule_sets(rules_dir(), MEASURES).values():
        yield from (f"## {rule_set.title.zh} {rule_set.title.en} (`{rule_set.file}`)", "", *_table(HEAD))
        for rule in rule_set.rules:
            cells = (f"`{rule.id}`", rule.clause.zh, rule.source, _views(rule), how(rule), _measured(rule, figures, counted))
            yield f"| {' | '.join(cells)} |"
        yield ""


def _table(head: tuple[str, ...]) -> tuple[str, str]:
    return f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"


def _events(figures: Mapping[str, Any]) -> Iterator[str]:
    moves = figures["moves"]
    yield from ("## Events", "", *_table(("event", "found", "missed", "false")))
    for kind, one in moves["events"].items():
        yield f"| {kind} | {one['found']} | {one['missed']} | {one['false']} |"
    yield ""
    for name, one in moves["numbers"].items():
        yield f"`{name}`: {one['count']} cases, mean absolute error {one['mae']:.1f}, mean error {one['bias']:+.1f}."
    yield ""


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


def _measured(rule: Rule, figures: Mapping[str, Any], counted: Mapping[str, str]) -> str:
    if rule.never:
        return "-"
    one = next((clauses[rule.id] for clauses in figures["clauses"].values() if rule.id in clauses), None)
    if one is not None:
        right, wrong = ("/".join(str(one[key][state]) for state in STATES) for key in ("correct", "faulty"))
        return f"moves: {right}, {wrong}"
    return counted.get(rule.id.split(".", 1)[1], "not measured")


def _counted(accuracy: str) -> dict[str, str]:
    """The two counts of each clause of the rendered postures in accuracy.md, by its name without the topic."""
    tables = re.findall(r"^## Clause by clause: \w*clips\n(.*?)(?=^## )", accuracy, re.MULTILINE | re.DOTALL)
    rows = [row for table in tables for row in re.findall(r"^\| (\w+) \| ([\d/]+) \| ([\d/]+) \|", table, re.MULTILINE)]
    found: dict[str, list[list[int]]] = {}
    for name, *cells in rows:
        own = found.setdefault(name, [[0] * len(STATES), [0] * len(STATES)])
        for sums, cell in zip(own, cells, strict=True):
            sums[:] = [a + int(b) for a, b in zip(sums, cell.split("/"), strict=True)]
    return {name: "clips: " + ", ".join("/".join(map(str, sums)) for sums in own) for name, own in found.items()}


def main(evaluation: str, out: str) -> None:
    """Write the page beside accuracy.md."""
    path = Path(out)
    figures = json.loads(Path(evaluation).read_text("utf-8"))
    path.write_text(page(figures, path.with_name("accuracy.md").read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
