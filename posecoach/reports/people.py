"""A page a person: every clip with its timeline, curves with their limits, pictures of the worst and best moment, corrections.

The same on paper for everybody at once, without videos and curves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import quote

from posecoach import wording
from posecoach.judging.charts import ClauseChart, Extreme
from posecoach.judging.results import ClauseVerdict, ClipResult, PersonResult, TopicResult
from posecoach.judging.together import Part, put_together
from posecoach.reports.captions import vtt_url
from posecoach.reports.overview import anchor_of
from posecoach.reports.pages import documents_of, render, source_of
from posecoach.reports.plots import (
    BAR_HEIGHTS,
    Bar,
    CurvePlot,
    Strip,
    Tick,
    curve_plot,
    event_strip,
    is_yes_or_no,
    posture_strip,
    step_strip,
    strips,
    time_ticks,
)
from posecoach.reports.rows import ClipRow, Head, PersonEntries, ReportClip
from posecoach.reports.strokes import path_of
from posecoach.vocabulary import Posture, Reason, State, Text

_FIRST_STILL_S = 0.1
"""Browsers show nothing of a video that they are sent to at 0 s."""
_MOST_CURVES = 2
"""Of one clause: a person who turns is measured in one way from the front and in another from the side."""


class Picture(NamedTuple):
    """A picture as ``data:`` URI, and where it lies in the output folder: on one page for everybody the first would weigh too much."""

    inline: str
    address: str


Pictures = Callable[[str, str, Extreme], Picture | None]
"""From a clip id, a clause id and a moment to its picture, if there is one."""


@dataclass(frozen=True, slots=True)
class Still:
    """A picture of the worst or the best moment."""

    picture: Picture
    words: Text
    extreme: Extreme
    unit: str


@dataclass(frozen=True, slots=True)
class ClauseItem:
    """One judged clause with what is drawn of it."""

    clause: ClauseVerdict
    plots: tuple[CurvePlot, ...] = ()
    stills: tuple[Still, ...] = ()


@dataclass(frozen=True, slots=True)
class ClipCard:
    """One person in one clip; ``still_s`` is the moment the video shows before it is played.

    ``media_url`` is relative to the output folder. ``captions_url``: what is said in English; in Chinese the copy itself says it.
    """

    anchor: str
    clip: ClipResult
    person: PersonResult
    media_url: str | None
    still_s: float
    captions_url: str | None
    fails: tuple[ClauseItem, ...]
    warns: tuple[ClauseItem, ...]
    passes: tuple[ClauseItem, ...]
    unjudged: tuple[tuple[wording.ReasonWords, tuple[ClauseVerdict, ...]], ...]
    self_checks: tuple[ClauseVerdict, ...]
    strips: tuple[tuple[Strip, ClauseVerdict], ...]
    postures: tuple[Bar, ...]
    events: tuple[Bar, ...]
    steps: tuple[Bar, ...]
    ticks: tuple[Tick, ...]

    @property
    def states(self) -> dict[str, State]:
        """The state of each clause that was asked for."""
        return {clause.id: clause.state for clause in self.person.clauses}

    @property
    def judged(self) -> int:
        """How many clauses were judged."""
        return len(self.fails) + len(self.warns) + len(self.passes)

    @property
    def has_passed_plots(self) -> bool:
        """Whether any clause that is met has a curve."""
        return any(item.plots for item in self.passes)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Whose pages come before and after, in the order of the overview."""

    before: PersonEntries | None = None
    after: PersonEntries | None = None


class PersonPages(NamedTuple):
    """The page of a person as text, and what is printed of the person, as a part of the page that `dump_sheets` makes."""

    page: str
    sheet: str


def dump_person(head: Head, person: PersonEntries, clips: Sequence[ReportClip], pictures: Pictures, neighbours: Neighbours) -> PersonPages:
    """What is shown of a person, and printed; ``clips`` are those of the person's rows, in the same order."""
    documents = documents_of(item.clip for item in clips)
    shown = _shown(head, person, clips, pictures)
    page = render("report_person.html", before=neighbours.before, after=neighbours.after, documents=documents, is_paper=False, **shown)
    return PersonPages(page, render("report_people_sheet.html", is_paper=True, **shown))


def dump_sheets(head: Head, sheets: Iterable[str], clips: Iterable[ReportClip]) -> str:
    """The page from which everybody's sheets are printed."""
    return render("report_people.html", head=head, parts=sheets, documents=documents_of(item.clip for item in clips))


def _shown(head: Head, person: PersonEntries, clips: Sequence[ReportClip], pictures: Pictures) -> dict[str, Any]:
    """What the page and the sheet of a person show alike."""
    cards = [card_of(head, row, item, pictures) for row, item in zip(person.rows, clips, strict=True)]
    parts = [Part(card.clip.path, card.person, person.group) for card in cards]
    return {
        "head": head,
        "person": person,
        "cards": cards,
        "topics": [(topic, ways_to_see(topic)) for topic in put_together(parts, head.rule_sets)],
        "source": lambda clause: source_of(clause, head.note(clause.id)),
        "name_of": lambda card, clause: head.name_of(clause, card.clip.drill),
        "heights": BAR_HEIGHTS,
        "model_of": lambda clause: head.models.get(clause.id),
        "path_of": path_of,
    }


def ways_to_see(topic: TopicResult) -> tuple[tuple[Text, tuple[str, ...]], ...]:
    """What would show the clauses that no clip of a topic shows, and which these are; first what another view would show."""
    ways: dict[Text, list[str]] = {}
    for unseen in sorted(topic.unseen, key=lambda unseen: unseen.reason is not Reason.VIEW):
        way = wording.film_from(unseen.views) if unseen.reason is Reason.VIEW else wording.REASONS[unseen.reason].advice
        ways.setdefault(way, []).append(unseen.id)
    return tuple((way, tuple(ids)) for way, ids in ways.items())


def card_of(head: Head, row: ClipRow, item: ReportClip, pictures: Pictures) -> ClipCard:
    """What the page shows of one clip."""
    clip, charts = item.clip, item.charts
    person = next((p for p in clip.people if p.id == row.person_id), PersonResult(0, None, None, "not_judged", (), ()))
    duration_s = charts.duration_s if charts is not None else clip.duration_s
    lasts = clip.kind == "video" and duration_s > 0
    by_id = {chart.id: chart for chart in charts.clauses} if charts is not None and lasts else {}
    shown: Pictures = pictures if clip.annotated is not None else lambda *_: None

    def items(state: State) -> tuple[ClauseItem, ...]:
        wanted = (clause for clause in person.clauses if clause.state is state)
        return tuple(_item(item.clip_id, clause, by_id.get(clause.id), duration_s, shown) for clause in wanted)

    fails, warns, passes = items(State.FAIL), items(State.WARN), items(State.PASS)
    unjudged = [clause for clause in person.clauses if clause.state is State.UNJUDGED]
    checks = [c for c in unjudged if c.reason is Reason.NEVER and head.note(c.id).self_check]
    judged = {found.clause.id: found.clause for found in (*fails, *warns, *passes)}
    return ClipCard(
        anchor=anchor_of(row),
        clip=clip,
        person=person,
        media_url=None if clip.annotated is None else quote(clip.annotated),
        still_s=_still_s(clip, person),
        captions_url=vtt_url(charts.captions, "en") if charts and charts.captions else None,
        fails=fails,
        warns=warns,
        passes=passes,
        unjudged=tuple(_by_reason([c for c in unjudged if c not in checks])),
        self_checks=tuple(checks),
        strips=tuple((strip, judged[strip.id]) for strip in strips(charts, list(judged))) if charts is not None and lasts else (),
        postures=posture_strip(person.segments, duration_s) if lasts else (),
        events=event_strip(person.events, duration_s) if lasts else (),
        steps=step_strip(person.steps, duration_s) if lasts else (),
        ticks=time_ticks(duration_s),
    )


def _item(clip_id: str, clause: ClauseVerdict, chart: ClauseChart | None, duration_s: float, pictures: Pictures) -> ClauseItem:
    if chart is None or not chart.curves:
        return ClauseItem(clause)
    plots = tuple(curve_plot(curve, duration_s) for curve in chart.curves[:_MOST_CURVES] if not is_yes_or_no(curve))
    if clause.state is State.PASS:
        return ClauseItem(clause, plots)
    first = chart.curves[0]
    moments = [(Text("最差", "Worst"), first.worst)]
    if first.best.at_s != first.worst.at_s:
        moments.append((Text("最好", "Best"), first.best))
    found = [(pictures(clip_id, clause.id, extreme), words, extreme) for words, extreme in moments]
    stills = tuple(Still(picture, words, extreme, first.unit) for picture, words, extreme in found if picture is not None)
    return ClauseItem(clause, plots, stills)


def _still_s(clip: ClipResult, person: PersonResult) -> float:
    """When there is most to see: the clearest moment of the first fault, else the middle of the longest steady stretch."""
    for state in (State.FAIL, State.WARN):
        for clause in person.clauses:
            if clause.state is state and clause.worst_s is not None:
                return round(max(_FIRST_STILL_S, min(clause.worst_s, clip.duration_s - 0.1)), 2)
    steady = [s for s in person.segments if s.posture not in (Posture.ABSENT, Posture.TRANSITION)]
    last = max(steady, key=lambda s: (s.end_s - s.start_s, s.start_s), default=None)
    return _FIRST_STILL_S if last is None else round((last.start_s + last.end_s) / 2, 2)


def _by_reason(clauses: Sequence[ClauseVerdict]) -> Iterable[tuple[wording.ReasonWords, tuple[ClauseVerdict, ...]]]:
    """The clauses of each reason, with its words; reasons that something can be done about come first."""
    for reason in Reason:
        of_reason = tuple(clause for clause in clauses if clause.reason is reason)
        if of_reason and reason in wording.REASONS:
            yield wording.REASONS[reason], of_reason
