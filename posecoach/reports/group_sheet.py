"""The group sheet of a row: a card for each person in row order, as a page to read or print and as a table for the office."""

from __future__ import annotations

import base64
import csv
import io
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from markupsafe import Markup

import posecoach
from posecoach import wording
from posecoach.judging.outcomes import overall_state
from posecoach.judging.results import ClauseVerdict, ClipResult, RuleFileUsed
from posecoach.reports.pages import render
from posecoach.row.judging import RowPerson
from posecoach.row.places import Status
from posecoach.rulebook.schema import RuleSet
from posecoach.storage.meetings import Meeting, dump_meeting, meeting_of
from posecoach.storage.output_folder import REPORT, ROW_TABLE
from posecoach.storage.tables import harmless
from posecoach.storage.whole_files import write_atomically
from posecoach.vocabulary import Reason, State, Text

COLUMNS = (
    *("id", "name", "profile", "status", "outcome", "score", "judged", "failed"),
    *("correction_zh", "correction_en", "clause_zh", "clause_en", "source", "also_zh", "also_en"),
)
"""Of `lineup.csv`: a row for each person from left to right; ``also`` are corrections after the first."""

_AGAIN = frozenset({Reason.NEVER, Reason.NOT_APPLICABLE})


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a group sheet says: ``title`` of the clip, its people from left to right, warnings by code, an annotated picture as JPEG.

    ``meeting`` is the same as data, for the records; None: the page carries none.
    """

    title: str
    generator: str
    people: tuple[RowPerson, ...]
    warnings: tuple[str, ...]
    rule_set: RuleSet
    picture_jpeg: bytes | None = None
    meeting: Meeting | None = None


@dataclass(frozen=True, slots=True)
class SheetCorrection:
    """One thing to correct, and the clause it comes from."""

    words: Text
    clause: Text
    source: Text


@dataclass(frozen=True, slots=True)
class SheetCard:
    """One person on the sheet."""

    person: RowPerson
    title: Text
    state: State
    verdict: Text
    corrections: tuple[SheetCorrection, ...]
    close: tuple[Text, ...]
    open: tuple[tuple[Text, Text], ...] = field(default=())


def write_sheet(sheet: Sheet, folder: Path) -> tuple[Path, Path]:
    """Write `index.html` and `lineup.csv` into a folder; returns their paths. Raises `OutputError`."""
    page, table = folder / REPORT, folder / ROW_TABLE
    write_atomically(page, dump_sheet_html(sheet).encode())
    write_atomically(table, dump_sheet_csv(sheet).encode("utf-8-sig"))
    return page, table


def as_meeting(clip: ClipResult, people: Sequence[RowPerson], rule_set: RuleSet, made_at: datetime, seen_key: str = "") -> Meeting:
    """A row as the records take it in: of each person a clip, judged as their profile asks; ``seen_key`` as of `meeting_of`."""
    clips = [replace(clip, people=(person.result,), profile=person.entry.profile) for person in people]
    return meeting_of(f"posecoach {posecoach.__version__}", RuleFileUsed(rule_set.file, rule_set.sha256), clips, made_at, seen_key)


def dump_sheet_html(sheet: Sheet) -> str:
    """The page: one file, nothing loaded from elsewhere."""
    cards = cards_of(sheet)
    counts = Counter(card.state for card in cards)
    faults = Counter(correction.clause for card in cards for correction in card.corrections)
    picture = None if sheet.picture_jpeg is None else base64.b64encode(sheet.picture_jpeg).decode()
    return render(
        "group_sheet.html",
        sheet=sheet,
        cards=cards,
        open_for_all=_open_for_all(sheet),
        counts={"pass": counts[State.PASS], "fail": counts[State.FAIL], "unjudged": counts[State.UNJUDGED]},
        faults=faults.most_common(),
        notices=[wording.words_for(wording.WARNINGS, code) for code in sheet.warnings],
        picture=picture,
        meeting=None if sheet.meeting is None else Markup(dump_meeting(sheet.meeting)),  # noqa: S704
        never=[rule for rule in sheet.rule_set.rules if rule.self_check is not None],
    )


def dump_sheet_csv(sheet: Sheet) -> str:
    """The table as text, with its header."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for card in cards_of(sheet):
        writer.writerow({name: harmless(cell) for name, cell in _row(card).items()})
    return buffer.getvalue()


def cards_of(sheet: Sheet) -> tuple[SheetCard, ...]:
    """The cards from left to right; the most important correction comes first on each."""
    common = _common(sheet.people)
    return tuple(_card(person, sheet.rule_set, common) for person in sheet.people)


def _open_for_all(sheet: Sheet) -> tuple[tuple[Text, Text], ...]:
    """What was judged of nobody for one reason; said once, or it would be on every card."""
    first = next((person for person in sheet.people if person.status is Status.JUDGED), None)
    common = _common(sheet.people)
    verdicts = [verdict for verdict in first.result.clauses if (verdict.id, verdict.reason) in common] if first else []
    return _open(verdicts, {rule.id: rule.clause for rule in sheet.rule_set.rules})


def _common(people: Sequence[RowPerson]) -> frozenset[tuple[str, Reason]]:
    """Clauses that are open for all who were judged, two at least, with the reason."""
    judged = [person for person in people if person.status is Status.JUDGED]
    opens = [frozenset((v.id, v.reason) for v in person.result.clauses if v.state is State.UNJUDGED) for person in judged]
    return frozenset.intersection(*opens) if len(opens) > 1 else frozenset()


def _card(person: RowPerson, rule_set: RuleSet, common: Collection[tuple[str, Reason]]) -> SheetCard:
    priority = {rule.id: rule.priority for rule in rule_set.rules}
    clauses = {rule.id: rule.clause for rule in rule_set.rules}
    choices = {group.words: group.title for group in rule_set.groups}
    verdicts = sorted(person.result.clauses, key=lambda verdict: -priority.get(verdict.id, 0))
    state = state_of(person)
    return SheetCard(
        person=person,
        title=title_of(person),
        state=state,
        verdict=_verdict(person, state),
        corrections=tuple(_correction(v, clauses[v.id], choices) for v in verdicts if v.state is State.FAIL),
        close=tuple(clauses[v.id] for v in verdicts if v.state is State.WARN),
        open=_open([v for v in verdicts if (v.id, v.reason) not in common], clauses) if person.status is Status.JUDGED else (),
    )


def title_of(person: RowPerson) -> Text:
    """Number and name."""
    name = person.entry.name
    return Text(f"{person.place.id} 号", f"No. {person.place.id}") if name is None else Text(*2 * (f"{person.place.id}  {name}",))


def state_of(person: RowPerson) -> State:
    """What the clauses come to (`overall_state`)."""
    return overall_state([clause.state for clause in person.result.clauses])


def first_correction(person: RowPerson, rule_set: RuleSet) -> Text | None:
    """The most important thing to correct; None when there is none."""
    priority = {rule.id: rule.priority for rule in rule_set.rules}
    failed = [clause for clause in person.result.clauses if clause.state is State.FAIL and clause.correction is not None]
    return max(failed, key=lambda clause: priority.get(clause.id, 0)).correction if failed else None


def _verdict(person: RowPerson, state: State) -> Text:
    if person.status is not Status.JUDGED:
        return wording.ROW_STATUSES[person.status.value]
    if state is State.UNJUDGED:
        return wording.OUTCOMES["not_judged"]
    return Text("需改正", "To correct") if state is State.FAIL else Text("所见部分达标", "Met, of what is seen")


def _correction(verdict: ClauseVerdict, clause: Text, choices: Mapping[Text, Text]) -> SheetCorrection:
    """``choices`` by the words of a group its title: of who meets neither form the clause of one form would be misleading."""
    if verdict.correction is not None:
        clause = choices.get(verdict.correction, clause)
    source = Text("一般礼仪，不在培训材料中", "general manners, not in the training material")
    return SheetCorrection(
        verdict.correction or clause, clause, source if verdict.source == "custom" else Text(verdict.source, verdict.source)
    )


def _open(verdicts: Sequence[ClauseVerdict], clauses: Mapping[str, Text]) -> tuple[tuple[Text, Text], ...]:
    """What was not judged, by the reason; what never can be is said once for all."""
    by_reason: dict[Reason, list[Text]] = {}
    for verdict in verdicts:
        if verdict.state is State.UNJUDGED and verdict.reason not in _AGAIN:
            by_reason.setdefault(verdict.reason, []).append(clauses[verdict.id])
    return tuple(
        (Text("、".join(c.zh for c in named), ", ".join(c.en for c in named)), wording.REASONS[reason].why)
        for reason, named in by_reason.items()
    )


def _row(card: SheetCard) -> dict[str, Any]:
    person, result = card.person, card.person.result
    judged = [clause for clause in result.clauses if clause.state is not State.UNJUDGED]
    first, rest = (card.corrections[0], card.corrections[1:]) if card.corrections else (None, ())
    return {
        "id": result.id,
        "name": result.name,
        "profile": person.entry.profile.value,
        "status": person.status.value,
        "outcome": result.outcome,
        "score": None if result.score is None else round(result.score, 1),
        "judged": len(judged),
        "failed": len(card.corrections),
        "correction_zh": first and first.words.zh,
        "correction_en": first and first.words.en,
        "clause_zh": first and first.clause.zh,
        "clause_en": first and first.clause.en,
        "source": first and first.source.en,
        "also_zh": "；".join(item.words.zh for item in rest),
        "also_en": "; ".join(item.words.en for item in rest),
    }
