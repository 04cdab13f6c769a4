"""`index.html`, the report people read: one self-contained file, Chinese first, that opens without a server or a network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape

from posecoach import wording
from posecoach.records import ClauseVerdict, ClipResult, PersonResult, Posture, Reason, Segment, State, Text, View
from posecoach.reports.base import ReportSink, Results, RuleFile, write_atomically
from posecoach.resources import web_dir

_MOST_MISSED = 6
_MANY_CLIPS = 40
"""From here on the page opens a video only once it is scrolled to."""
_FIRST_STILL_S = 0.1
"""Browsers show nothing of a video that they are sent to at 0 s."""


@dataclass(frozen=True, slots=True)
class ClauseNote:
    """What the report says about a clause beside its name: whether it only follows from its source, and what to check oneself and why."""

    is_derived: bool = False
    never: Text | None = None
    self_check: Text | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """One segment on the strip of time; place and width in per cent of the clip."""

    left: float
    width: float
    segment: Segment


@dataclass(frozen=True, slots=True)
class PersonCard:
    """One person of a clip, sorted for reading: clauses by state, the unjudged ones by reason."""

    person: PersonResult
    title: Text | None
    fails: tuple[ClauseVerdict, ...]
    warns: tuple[ClauseVerdict, ...]
    passes: tuple[ClauseVerdict, ...]
    unjudged: tuple[tuple[wording.ReasonWords, tuple[ClauseVerdict, ...]], ...]
    self_checks: tuple[ClauseVerdict, ...]
    bars: tuple[Bar, ...]
    flags: tuple[tuple[float, ClauseVerdict], ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One clip of the report; ``still_s`` is the moment its video shows before it is played."""

    anchor: str
    clip: ClipResult
    media_url: str | None
    still_s: float
    people: tuple[PersonCard, ...]


@dataclass(frozen=True, slots=True)
class Missed:
    """How often a clause failed among the times it was judged."""

    clause_id: str
    fails: int
    judged: int


class HtmlSink(ReportSink):
    """Writes `index.html` when closed.

    ``clause_names`` gives the words of each clause id, without which the id stands for itself; ``notes`` what else is to be said about it.
    """

    def __init__(
        self,
        path: Path,
        generator: str,
        rules: Iterable[RuleFile],
        clause_names: Mapping[str, Text] | None = None,
        notes: Mapping[str, ClauseNote] | None = None,
    ) -> None:
        super().__init__(path, generator, rules)
        self._names, self._notes = dict(clause_names or {}), dict(notes or {})

    def close(self) -> None:
        """Write the report. Raises `OutputError` when it cannot be written."""
        write_atomically(self.path, dump_html(self.results, self._names, self._notes).encode())


def dump_html(results: Results, clause_names: Mapping[str, Text] | None = None, notes: Mapping[str, ClauseNote] | None = None) -> str:
    """The whole page as text."""
    names, notes = clause_names or {}, notes or {}
    return _template().render(
        results=results,
        cards=[_card(i, clip, notes) for i, clip in enumerate(results.clips, 1)],
        outcomes=Counter(person.outcome for clip in results.clips for person in clip.people),
        missed=most_missed(results.clips)[:_MOST_MISSED],
        preload="none" if len(results.clips) > _MANY_CLIPS else "metadata",
        name=lambda clause_id: names.get(clause_id, Text(clause_id, clause_id)),
        source=lambda clause: _source(clause, notes.get(clause.id, ClauseNote())),
        note=lambda clause_id: notes.get(clause_id, ClauseNote()),
        documents=_documents(results.clips),
    )


def most_missed(clips: Iterable[ClipResult]) -> list[Missed]:
    """Clauses that failed at least once, the most frequent first."""
    judged, fails = Counter[str](), Counter[str]()
    for clause in (clause for clip in clips for person in clip.people for clause in person.clauses):
        judged[clause.id] += clause.state is not State.UNJUDGED
        fails[clause.id] += clause.state is State.FAIL
    missed = [Missed(clause, count, judged[clause]) for clause, count in fails.items() if count]
    return sorted(missed, key=lambda item: (-item.fails, item.judged, item.clause_id))


def _source(clause: ClauseVerdict, note: ClauseNote) -> Text:
    """Where a clause comes from; the material is never cited for what it does not say."""
    if clause.source == "custom":
        return Text("一般礼仪，不在培训材料中", "general manners, not in the training material")
    return Text(f"由 {clause.source} 引申", f"follows from {clause.source}") if note.is_derived else Text(clause.source, clause.source)


def _documents(clips: Iterable[ClipResult]) -> list[tuple[str, Text]]:
    """The documents that are cited, with their words."""
    cited = {clause.source.split(" ")[0] for clip in clips for person in clip.people for clause in person.clauses}
    return [(code, words) for code, words in wording.SOURCES.items() if code in cited]


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(web_dir() / "templates"),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "wording": wording,
        "State": State,
        "Posture": Posture,
        "View": View,
        "both": lambda value, unit: Text(wording.format_value(value, unit, "zh"), wording.format_value(value, unit, "en")),
    }
    return environment.get_template("report.html")


def _card(number: int, clip: ClipResult, notes: Mapping[str, ClauseNote]) -> Card:
    media = None if clip.annotated is None else quote(clip.annotated)
    return Card(f"clip-{number}", clip, media, _still_s(clip), tuple(_person_card(person, clip, notes) for person in clip.people))


def _still_s(clip: ClipResult) -> float:
    """When there is most to see: the clearest moment of the first fault, else the middle of the longest steady stretch."""
    for state in (State.FAIL, State.WARN):
        for clause in (clause for person in clip.people for clause in person.clauses):
            if clause.state is state and clause.worst_s is not None:
                return round(max(_FIRST_STILL_S, min(clause.worst_s, clip.duration_s - 0.1)), 2)
    steady = [s for person in clip.people for s in person.segments if s.posture not in (Posture.ABSENT, Posture.TRANSITION)]
    last = max(steady, key=lambda s: (s.end_s - s.start_s, s.start_s), default=None)
    return _FIRST_STILL_S if last is None else round((last.start_s + last.end_s) / 2, 2)


def _person_card(person: PersonResult, clip: ClipResult, notes: Mapping[str, ClauseNote]) -> PersonCard:
    by_state = {state: tuple(clause for clause in person.clauses if clause.state is state) for state in State}
    checks = tuple(c for c in by_state[State.UNJUDGED] if c.reason is Reason.NEVER and c.id in notes and notes[c.id].self_check)
    alone = len(clip.people) == 1
    title = Text(person.name, person.name) if person.name else None if alone else Text(f"第 {person.id} 人", f"Person {person.id}")
    return PersonCard(
        person=person,
        title=title,
        fails=by_state[State.FAIL],
        warns=by_state[State.WARN],
        passes=by_state[State.PASS],
        unjudged=tuple(_by_reason(tuple(c for c in by_state[State.UNJUDGED] if c not in checks))),
        self_checks=checks,
        bars=tuple(_bars(person.segments, clip.duration_s)),
        flags=tuple(_flags(by_state[State.FAIL], clip.duration_s)),
    )


def _by_reason(clauses: tuple[ClauseVerdict, ...]) -> Iterable[tuple[wording.ReasonWords, tuple[ClauseVerdict, ...]]]:
    """The clauses of each reason, with its words; reasons that something can be done about come first."""
    for reason in Reason:
        of_reason = tuple(clause for clause in clauses if clause.reason is reason)
        if of_reason and reason in wording.REASONS:
            yield wording.REASONS[reason], of_reason


def _bars(segments: tuple[Segment, ...], duration_s: float) -> Iterable[Bar]:
    if duration_s <= 0:
        return
    for segment in segments:
        left, right = (min(100.0, max(0.0, 100 * at / duration_s)) for at in (segment.start_s, segment.end_s))
        yield Bar(round(left, 2), round(max(0.0, right - left), 2), segment)


def _flags(fails: tuple[ClauseVerdict, ...], duration_s: float) -> Iterable[tuple[float, ClauseVerdict]]:
    for clause in fails:
        if clause.worst_s is not None and duration_s > 0:
            yield round(min(99.0, max(1.0, 100 * clause.worst_s / duration_s)), 2), clause
