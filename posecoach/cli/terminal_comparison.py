"""What changed between two gradings, as a person sees it in the terminal."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console as RichConsole
from rich.table import Table
from rich.text import Text as Styled

from posecoach import wording
from posecoach.cli import words
from posecoach.cli.language import spoken
from posecoach.cli.terminal import longest, rich_console
from posecoach.cli.words import filled
from posecoach.judging.comparing import Comparison, Pair, RulesDifference, Standing, Take
from posecoach.judging.results import Results
from posecoach.reports.comparison import Compared, lines_of
from posecoach.vocabulary import Change, State, Text

_STYLES = {
    Change.IMPROVED: "green",
    Change.WORSE: "bold red",
    Change.BY_RULES: "dim",
    Change.SAME: "",
    Change.NEWLY_JUDGED: "cyan",
    Change.NO_LONGER_JUDGED: "dim",
}

Name = Callable[[str], Text]


def print_compared(compared: Compared) -> None:
    """All of a comparison: the tally of each clause and each person, what has no counterpart, which rule files differ."""
    out = rich_console()
    comparison = compared.comparison()
    _print_rules(out, compared.rules)
    if comparison.pairs:
        print_changes(comparison, compared.name, out)
        out.print(_people_table(comparison, compared.name))
    else:
        out.print(spoken(words.NOTHING_SHARED), highlight=False)
    for title, takes, side in zip(
        compared.titles, (comparison.only_before, comparison.only_after), (compared.before, compared.after), strict=True
    ):
        _print_unmatched(out, title, takes, side)


def print_changes(comparison: Comparison, name: Name, out: RichConsole | None = None) -> None:
    """How often each clause changed, and in which way; one line where none did."""
    out = out or rich_console()
    tally = comparison.tally()
    out.print("  ".join(f"{spoken(wording.CHANGES[c])} {tally[c]}" for c in Change if tally[c]), highlight=False)
    table = Table()
    table.add_column(spoken(words.CLAUSE), overflow="fold", min_width=longest(comparison.changed()))
    for change in _STYLES:
        table.add_column(spoken(wording.CHANGES[change]), justify="right")
    for clause_id, counts in comparison.changed().items():
        cells = [Styled(str(counts[change] or "–"), style=style if counts[change] else "dim") for change, style in _STYLES.items()]
        table.add_row(f"{clause_id}  {spoken(name(clause_id))}", *cells)
    out.print(table if table.row_count else spoken(words.NO_CHANGE), highlight=False)


def _people_table(comparison: Comparison, name: Name) -> Table:
    table = Table()
    for heading in (words.PERSON, words.SCORE, words.CHANGES):
        table.add_column(spoken(heading), overflow="fold")
    for pair in comparison.pairs:
        table.add_row(Styled(_label(pair)), f"{_points(pair.score_before)} → {_points(pair.score_after)}", _changes_of(pair, name))
    return table


def _changes_of(pair: Pair, name: Name) -> Styled:
    said = Styled()
    for clause in lines_of(pair):
        if clause.change is not Change.SAME:
            line = f"{_sign(clause.before)}→{_sign(clause.after)} {clause.clause_id}  {spoken(name(clause.clause_id))}"
            said.append(line if not said else f"\n{line}", style=_STYLES[clause.change])
    return said or Styled("–", style="dim")


def _label(pair: Pair) -> str:
    number = f" #{pair.after[0].person_id}" if pair.after[0].person_id > 1 else ""
    clips = pair.path or f"{_clips(pair.before)} → {_clips(pair.after)}"
    return f"{pair.name}  {clips}" if pair.name else f"{clips}{number}"


def _clips(takes: tuple[Take, ...]) -> str:
    return takes[0].path if len(takes) == 1 else spoken(filled(words.SOME_CLIPS, n=len(takes)))


def _sign(standing: Standing | None) -> str:
    return wording.STATE_SIGNS[State.UNJUDGED if standing is None else standing.state]


def _points(score: float | None) -> str:
    return "–" if score is None else f"{score:.0f}"


def _print_rules(out: RichConsole, rules: RulesDifference) -> None:
    if not rules:
        return
    parts = ((words.RULES_CHANGED, rules.changed), (words.ONLY_BEFORE, rules.only_before), (words.ONLY_AFTER, rules.only_after))
    said = "; ".join(f"{spoken(what)}: {', '.join(files)}" for what, files in parts if files)
    out.print(Styled(spoken(filled(words.RULES_DIFFER, said=said)), style="yellow"), highlight=False, soft_wrap=True)


def _print_unmatched(out: RichConsole, title: str, takes: tuple[Take, ...], side: Results) -> None:
    for said, paths in (
        (words.ONLY_IN, [f"{take.path} ({take.name})" if take.name else take.path for take in takes]),
        (words.NOT_GRADED_IN, [error.path for error in side.errors]),
    ):
        if paths:
            out.print(Styled(spoken(filled(said, title=title, paths=", ".join(paths))), style="dim"), highlight=False, soft_wrap=True)
