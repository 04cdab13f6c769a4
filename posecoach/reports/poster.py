"""A page a topic to hang on the wall, and the list of all clauses: what the rule files ask for, with right and wrong."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from posecoach import wording
from posecoach.errors import OutputError
from posecoach.measures.catalogue import MEASURES
from posecoach.reports.figures import figures_of, posture_of
from posecoach.reports.looks import Figure
from posecoach.reports.pages import render
from posecoach.reports.strokes import path_of
from posecoach.rulebook.schema import MeasureCheck, Rule, RuleSet
from posecoach.storage.output_folder import PAGE_MARK
from posecoach.storage.whole_files import write_atomically
from posecoach.vocabulary import Posture, State, Text

_HEAD_BYTES = 2000
_FEW = 10
"""So many clauses stand in two columns."""
_PAGE_MM, _LARGEST_MM, _LARGEST_OF_THREE_MM = 385.0, 6.2, 4.7
"""Height of an A3 page, and sizes of text at which a column is as wide as its figures and words."""
_ROW_EM, _PLAIN_EM, _REST_EM, _CHECK_EM = 12.0, 5.0, 14.0, 1.9


@dataclass(frozen=True, slots=True)
class PosterClause:
    """One clause as shown: met and not met where that can be drawn, and what to say to who does not meet it."""

    rule: Rule
    right: Figure | None
    wrong: Figure | None
    say: tuple[Text, ...]
    limits: tuple[Text, ...]

    @property
    def whose(self) -> Text | None:
        """Whose clause it is, where it is not everybody's."""
        return wording.PROFILES[self.rule.profiles[0]] if len(self.rule.profiles) == 1 else None


@dataclass(frozen=True, slots=True)
class Poster:
    """One topic: its clauses, those that can be drawn first, and what everybody checks themselves."""

    topic: RuleSet
    clauses: tuple[PosterClause, ...]
    self_checks: tuple[Rule, ...]

    @property
    def columns(self) -> int:
        """In how many columns the clauses stand on paper."""
        return 2 if len(self.clauses) <= _FEW else 3

    @property
    def text_mm(self) -> float:
        """Size of the text with which the topic fills an A3 page; all else grows with it."""
        drawn = sum(clause.right is not None for clause in self.clauses)
        rows = math.ceil(drawn / self.columns) * _ROW_EM + math.ceil((len(self.clauses) - drawn) / self.columns) * _PLAIN_EM
        most = _LARGEST_MM if self.columns == 2 else _LARGEST_OF_THREE_MM
        return round(min(most, _PAGE_MM / (rows + _REST_EM + _CHECK_EM * len(self.self_checks))), 2)


def poster_of(rule_set: RuleSet) -> Poster:
    """The poster of a topic, in the order of its file."""
    judged = [_clause(rule, posture_of(rule_set)) for rule in rule_set.rules if rule.never is None]
    drawn = sorted(judged, key=lambda clause: clause.right is None)
    return Poster(rule_set, tuple(drawn), tuple(rule for rule in rule_set.rules if rule.self_check is not None))


def dump_posters(rule_sets: Iterable[RuleSet], *, is_list: bool = False) -> str:
    """A page a topic as one HTML page that needs nothing else; ``is_list``: to look something up, with ids, limits and sources."""
    posters = [poster_of(rule_set) for rule_set in rule_sets]
    return render("poster.html", posters=posters, is_list=is_list, path_of=path_of)


def dump_picture(rule_set: RuleSet, rule_id: str, *, is_right: bool) -> str | None:
    """A clause of a topic met or not met, as an SVG that needs nothing else; None where it cannot be drawn."""
    pair = figures_of(rule_set.rule(rule_id), posture_of(rule_set))
    if pair is None:
        return None
    return render("figure_alone.svg", person=pair[0 if is_right else 1], state=State.PASS if is_right else State.FAIL, path_of=path_of)


def write_posters(path: Path, rule_sets: Sequence[RuleSet], *, is_list: bool = False) -> None:
    """Write the page; a file that posecoach did not write is never replaced. Raises `OutputError`."""
    if path.exists() and not _is_ours(path):
        kept = Text(f"{path} 不是 posecoach 写的，没有改动：请换一个文件名", f"{path} is not one that posecoach wrote: choose another name")
        raise OutputError(kept)
    write_atomically(path, dump_posters(rule_sets, is_list=is_list).encode())


def _is_ours(path: Path) -> bool:
    try:
        with path.open("rb") as page:
            return PAGE_MARK.encode() in page.read(_HEAD_BYTES)
    except OSError as error:
        raise OutputError.at(path, error) from error


def _clause(rule: Rule, posture: Posture) -> PosterClause:
    right, wrong = figures_of(rule, posture) or (None, None)
    said = (rule.correction_for(check, is_below) for check in rule.checks[:1] for is_below in _failing(check))
    say = tuple(dict.fromkeys(words for words in said if words is not None))
    return PosterClause(rule, right, wrong, say, tuple(dict.fromkeys(limits_of(check) for check in rule.checks)))


def _failing(check: MeasureCheck) -> tuple[bool, ...]:
    """The sides on which it can fail; True: below."""
    warn = check.bands.warn
    return tuple(is_below for is_below, edge in ((False, warn.high), (True, warn.low)) if math.isfinite(edge))


def limits_of(check: MeasureCheck) -> Text:
    """What passes, in words with the unit of the measure."""
    low, high, unit = check.bands.pass_.low, check.bands.pass_.high, MEASURES[check.measure].unit

    def said(language: wording.Language) -> str:
        ends = [wording.format_value(end, unit, language) or f"{end:g}" for end in (low, high) if math.isfinite(end)]
        if len(ends) == 2:
            return f"{ends[0]} – {ends[1]}"
        return f"{'≥' if math.isfinite(low) else '≤'} {ends[0]}" if ends else ""

    return Text(said("zh"), said("en"))
