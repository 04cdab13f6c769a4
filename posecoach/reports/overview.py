"""`index.html`: everybody at a glance, what is missed most, what could not be judged, and a table to sort and filter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from posecoach import wording
from posecoach.judging.results import ClipError, Skipped, TopicResult
from posecoach.reports.pages import render
from posecoach.reports.rows import ClipRow, Head, Missed, PersonEntries, clause_order, most_missed, not_judged
from posecoach.vocabulary import State, Text

_MOST_MISSED = 8
_SHORTEST_SCALE = 10
"""So many times fill a bar at least, or one of one would look like a rule that nobody keeps."""
_LETTERS = {state: state.word[0] for state in State}


@dataclass(frozen=True, slots=True)
class Overview:
    """What the page tells: everybody, and what could not be graded or was passed over. Of ``topics`` those of several clips are shown."""

    people: Sequence[PersonEntries]
    errors: Sequence[ClipError] = ()
    skipped: Sequence[Skipped] = ()
    topics: Sequence[TopicResult] = ()


def dump_overview(head: Head, overview: Overview, thumb: Callable[[ClipRow], str | None] = lambda _: None) -> str:
    """The whole page as text; it links to the pages of the people. ``thumb`` gives the ``data:`` URI of a row's small picture, if any."""
    people = overview.people
    rows = [row for person in people for row in person.rows]
    clauses = clause_order(rows, head)
    drills = {row.drill for row in rows}
    missed = most_missed(rows)[:_MOST_MISSED]
    clip_count = len({row.clip_id for row in rows})
    return render(
        "report_index.html",
        head=head,
        people=people,
        errors=overview.errors,
        skipped=overview.skipped,
        together=[(_page_of(topic, people), topic) for topic in overview.topics if len(topic.clips) > 1],
        clauses=clauses,
        clip_count=clip_count,
        counted=counted(len(rows), clip_count),
        outcomes=Counter(row.outcome for row in rows),
        missed=missed,
        bar=bar_of(missed),
        unjudged=not_judged(rows),
        groups=sorted({row.group for row in rows if row.group}),
        drills=[drill for drill in head.drills if drill in drills] + sorted(drills - head.drills.keys()),
        letters=lambda row: letters(row, clauses),
        link=link,
        rank=list(wording.OUTCOMES).index,
        thumb=thumb,
    )


def counted(rows: int, clips: int) -> Callable[[int], Text]:
    """The unit that stands behind a number of rows, of so many rows of so many clips: a row is a clip as long as each has one person."""
    if rows == clips:
        one, more = Text(" 段", " clip"), Text(" 段", " clips")
    elif clips == 1:
        one, more = Text(" 人", " person"), Text(" 人", " people")
    else:
        one, more = Text(" 份", " result"), Text(" 份", " results")
    return lambda number: one if number == 1 else more


def bar_of(missed: Sequence[Missed]) -> Callable[[int], float]:
    """How long the bar of so many times is, per cent, on the scale that all bars share: the most often judged clause fills it."""
    most = max(_SHORTEST_SCALE, *(item.judged for item in missed), 0)
    return lambda times: round(100 * times / most, 1)


def _page_of(topic: TopicResult, people: Sequence[PersonEntries]) -> str:
    """The link to the page of whose topic it is."""
    first = topic.clips[0]
    owner = next(p for p in people if any((row.path, row.person_id) == (first.path, first.person_id) for row in p.rows))
    return f"{quote(owner.page)}#together"


def letters(row: ClipRow, clauses: Sequence[str]) -> str:
    """The verdicts of a row as one letter a clause, ``p w f u``, and ``.`` where a clause was not asked."""
    return "".join(_LETTERS[row.states[clause]] if clause in row.states else "." for clause in clauses)


def anchor_of(row: ClipRow) -> str:
    """The place of a row on its person's page."""
    return f"{row.clip_id}-{row.person_id}" if row.person_id > 1 else row.clip_id


def link(person: PersonEntries, row: ClipRow) -> str:
    """From the overview to a row on its person's page."""
    return f"{quote(person.page)}#{quote(anchor_of(row))}"
