"""`compare.html` and `compare.csv`: what changed between two gradings, for people and for the office."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from posecoach import wording
from posecoach.judging.comparing import (
    ClauseChange,
    Comparison,
    Pair,
    RulesDifference,
    Standing,
    Take,
    compare,
    mean_score,
    rules_difference,
)
from posecoach.judging.results import Results, RuleFileUsed
from posecoach.reports.pages import render
from posecoach.reports.rows import drills_of, labels_of
from posecoach.resources import rules_dir
from posecoach.rulebook.drill_loading import load_rulebook
from posecoach.storage.output_folder import COMPARISON_PAGE, COMPARISON_TABLE
from posecoach.storage.results_json import load_results
from posecoach.storage.tables import harmless
from posecoach.storage.whole_files import write_atomically
from posecoach.vocabulary import Change, State, Text

COLUMNS = (
    *("name", "path_before", "path_after", "person_id", "score_before", "score_after"),
    *("id", "clause_zh", "clause_en", "change", "before", "after", "value_before", "value_after", "unit"),
)
"""Of `compare.csv`: a row for each pair and clause, and one without a clause for what has no counterpart (``change``: unmatched)."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Two results and what changed from one to the other.

    ``titles`` is what people call them; ``names`` has the words of clauses, ``drills`` those of what clips were judged by.
    """

    before: Results
    after: Results
    titles: tuple[str, str]
    names: Mapping[str, Text]
    drills: Mapping[str, Text] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    """The rule file of each clause."""

    @property
    def rules(self) -> RulesDifference:
        """The rule files that differ."""
        return rules_difference(_hashes(self.before.rules), _hashes(self.after.rules))

    def comparison(self) -> Comparison:
        """The pairs."""
        differing = {*self.rules.changed, *self.rules.only_before, *self.rules.only_after}
        return compare(self.before.clips, self.after.clips, {key for key, file in self.files.items() if file in differing})

    def name(self, clause_id: str) -> Text:
        """The words of a clause, or its id."""
        return self.names.get(clause_id, Text(clause_id, clause_id))


def load_compared(before: Path, after: Path) -> Compared:
    """The results of two output folders; clauses and topics have the words of the shipped rules.

    Raises `SourceError` where there are no results.
    """
    book = load_rulebook(rules_dir())
    rule_sets = tuple(book.rule_sets.values())
    names = {rule.id: rule.clause for rule_set in rule_sets for rule in rule_set.rules} | labels_of(rule_sets)
    files = {rule.id: rule_set.file for rule_set in rule_sets for rule in rule_set.rules}
    return Compared(load_results(before), load_results(after), (str(before), str(after)), names, drills_of(book.asked), files)


def write_comparison(compared: Compared, folder: Path) -> tuple[Path, Path]:
    """Write `compare.html` and `compare.csv` into a folder; returns their paths. Raises `OutputError`."""
    page, table = folder / COMPARISON_PAGE, folder / COMPARISON_TABLE
    write_atomically(page, dump_comparison_html(compared).encode())
    write_atomically(table, dump_comparison_csv(compared).encode("utf-8-sig"))
    return page, table


def dump_comparison_html(compared: Compared) -> str:
    """The whole page as text; it fetches nothing."""
    comparison = compared.comparison()
    changed = comparison.changed()
    return render(
        "compare.html",
        Change=Change,
        lines_of=lines_of,
        shown=_shown,
        compared=compared,
        pairs=comparison.pairs,
        people=len({pair.name for pair in comparison.pairs if pair.name}),
        tally=comparison.tally(),
        changed=changed,
        columns=[change for change in Change if change is not Change.NOT_JUDGED and any(counts[change] for counts in changed.values())],
        unmatched=[(compared.titles[i], takes) for i, takes in enumerate((comparison.only_before, comparison.only_after)) if takes],
        failed=[(compared.titles[i], side.errors) for i, side in enumerate((compared.before, compared.after)) if side.errors],
    )


def dump_comparison_csv(compared: Compared) -> str:
    """The table as text, with its header."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    comparison = compared.comparison()
    for row in (row for pair in comparison.pairs for row in _rows(pair, compared)):
        writer.writerow({key: harmless(cell) for key, cell in row.items()})
    for side, takes in (("before", comparison.only_before), ("after", comparison.only_after)):
        for take in takes:
            row = _sides(take.name, **{side: (take,)}) | {"person_id": take.person_id, "change": "unmatched"}
            writer.writerow({key: harmless(cell) for key, cell in row.items()})
    return buffer.getvalue()


def _rows(pair: Pair, compared: Compared) -> Iterator[dict[str, Any]]:
    shared = _sides(pair.name, pair.before, pair.after) | {"person_id": pair.after[0].person_id if pair.path else ""}
    for clause in pair.clauses:
        words = compared.name(clause.clause_id)
        cells: dict[str, Any] = {"id": clause.clause_id, "clause_zh": words.zh, "clause_en": words.en, "change": clause.change.value}
        for side, standing in (("before", clause.before), ("after", clause.after)):
            if standing is not None:
                cells |= {side: standing.state.word, f"value_{side}": standing.value, "unit": standing.unit}
        yield shared | cells


def _sides(name: str | None, before: tuple[Take, ...] = (), after: tuple[Take, ...] = ()) -> dict[str, Any]:
    cells: dict[str, Any] = {"name": name}
    for side, takes in (("before", before), ("after", after)):
        score = mean_score(takes)
        cells[f"path_{side}"] = " | ".join(take.path for take in takes)
        cells[f"score_{side}"] = None if score is None else round(score, 1)
    return cells


def _hashes(rules: tuple[RuleFileUsed, ...]) -> dict[str, str]:
    return {rule.file: rule.sha256 for rule in rules}


def _is_shown(clause: ClauseChange) -> bool:
    """Whether a clause is worth a line: it changed, or it is still to be corrected."""
    still = clause.change is Change.SAME and clause.after is not None and clause.after.state is State.FAIL
    return still or clause.change not in (Change.SAME, Change.NOT_JUDGED)


def lines_of(pair: Pair) -> list[ClauseChange]:
    """The clauses of a pair that are worth a line: worse, better, still to correct, then what was judged one time only."""
    order = (Change.WORSE, Change.IMPROVED, Change.BY_RULES, Change.SAME, Change.NEWLY_JUDGED, Change.NO_LONGER_JUDGED)
    return sorted(filter(_is_shown, pair.clauses), key=lambda clause: order.index(clause.change))


def _shown(standing: Standing | None) -> Text:
    """State and value as both languages have them."""
    if standing is None:
        return Text("未评", "Not asked for")
    state = wording.STATES[standing.state]
    value = [wording.format_value(standing.value, standing.unit, language) for language in ("zh", "en")]
    return Text(f"{state.zh} {value[0]}".strip(), f"{state.en} {value[1]}".strip())
