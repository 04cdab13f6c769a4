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
from posecoach.records import ClauseVerdict, ClipResult, PersonResult, Posture, Reason, Segment, State, Text
from posecoach.reports.base import ReportSink, Results, RuleFile, write_atomically
from posecoach.resources import web_dir

_MOST_MISSED = 6
_MANY_CLIPS = 40
"""From here on the page does not open every video to show its first picture."""


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
    bars: tuple[Bar, ...]
    flags: tuple[tuple[float, ClauseVerdict], ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One clip of the report."""

    anchor: str
    clip: ClipResult
    media_url: str | None
    people: tuple[PersonCard, ...]


@dataclass(frozen=True, slots=True)
class Missed:
    """How often a clause failed among the times it was judged."""

    clause_id: str
    fails: int
    judged: int


class HtmlSink(ReportSink):
    """Writes `index.html` when closed. ``clause_names`` gives the words of each clause id; without them the id stands for itself."""

    def __init__(self, path: Path, generator: str, rules: Iterable[RuleFile], clause_names: Mapping[str, Text] | None = None) -> None:
        super().__init__(path, generator, rules)
        self._names = dict(clause_names or {})

    def close(self) -> None:
        """Write the report. Raises `OutputError` when it cannot be written."""
        write_atomically(self.path, dump_html(self.results, self._names).encode())


def dump_html(results: Results, clause_names: Mapping[str, Text] | None = None) -> str:
    """The whole page as text."""
    names = clause_names or {}
    return _template().render(
        results=results,
        cards=[_card(i, clip) for i, clip in enumerate(results.clips, 1)],
        outcomes=Counter(person.outcome for clip in results.clips for person in clip.people),
        missed=most_missed(results.clips)[:_MOST_MISSED],
        preload="none" if len(results.clips) > _MANY_CLIPS else "metadata",
        name=lambda clause_id: names.get(clause_id, Text(clause_id, clause_id)),
    )


def most_missed(clips: Iterable[ClipResult]) -> list[Missed]:
    """Clauses that failed at least once, the most frequent first."""
    judged, fails = Counter[str](), Counter[str]()
    for clause in (clause for clip in clips for person in clip.people for clause in person.clauses):
        judged[clause.id] += clause.state is not State.UNJUDGED
        fails[clause.id] += clause.state is State.FAIL
    missed = [Missed(clause, count, judged[clause]) for clause, count in fails.items() if count]
    return sorted(missed, key=lambda item: (-item.fails, item.judged, item.clause_id))


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
        "both": lambda value, unit: Text(wording.format_value(value, unit, "zh"), wording.format_value(value, unit, "en")),
    }
    return environment.get_template("report.html")


def _card(number: int, clip: ClipResult) -> Card:
    media = None if clip.annotated is None else quote(clip.annotated)
    return Card(f"clip-{number}", clip, media, tuple(_person_card(person, clip) for person in clip.people))


def _person_card(person: PersonResult, clip: ClipResult) -> PersonCard:
    by_state = {state: tuple(clause for clause in person.clauses if clause.state is state) for state in State}
    alone = len(clip.people) == 1
    title = Text(person.name, person.name) if person.name else None if alone else Text(f"第 {person.id} 人", f"Person {person.id}")
    return PersonCard(
        person=person,
        title=title,
        fails=by_state[State.FAIL],
        warns=by_state[State.WARN],
        passes=by_state[State.PASS],
        unjudged=tuple(_by_reason(by_state[State.UNJUDGED])),
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
