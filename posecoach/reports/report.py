"""All reports people read, made at the end from what is stored of each clip: the overview, a page a person, the workbook, the captions."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from posecoach.judging.charts import Charts, Extreme, still_name
from posecoach.judging.results import ClipError, ClipResult, Results, Skipped, TopicResult
from posecoach.judging.together import parts_of, topics_of
from posecoach.reports.captions import write_vtt
from posecoach.reports.overview import Overview, dump_overview
from posecoach.reports.people import Neighbours, Picture, dump_person, dump_sheets
from posecoach.reports.results_xlsx import write_xlsx
from posecoach.reports.rows import ClipRow, Head, PersonEntries, ReportClip, people_of, rows_of
from posecoach.runners.processes import Done, Failed, InlineRunner, Job, OnProgress, Runner, Shared, run_all
from posecoach.storage.clip_records import clip_id_of, load_charts
from posecoach.storage.output_folder import ALL_PEOPLE, CLIPS, REPORT, THUMB, WORKBOOK, OutputFolder
from posecoach.storage.whole_files import write_atomically

_PEOPLE_A_JOB = 16
_LIMIT_S = 900.0
_WORKBOOK = "workbook"


@dataclass(frozen=True, slots=True)
class Report:
    """What a report is made of; ``charts`` gives those of a clip id, None where there are none. It travels to the processes that write."""

    head: Head
    clips: tuple[ReportClip, ...]
    errors: tuple[ClipError, ...]
    charts: Callable[[str], Charts | None]
    skipped: tuple[Skipped, ...] = ()
    topics: tuple[TopicResult, ...] = ()

    @classmethod
    def of(cls, head: Head, results: Results, groups: Mapping[str, str | None], charts: Callable[[str], Charts | None]) -> Report:
        """The report on all clips of a run; ``groups`` by clip id."""
        clips = ((clip_id_of(clip), clip) for clip in results.clips)
        items = tuple(ReportClip(clip_id, groups.get(clip_id), clip) for clip_id, clip in clips)
        parts = (part for item in items for part in parts_of(item.clip, item.group))
        return cls(head, items, results.errors, charts, results.skipped, topics_of(parts, head.rule_sets))


def write_report(out: Path, report: Report, runner: Runner | None = None) -> None:
    """Write `index.html`, `people/*.html`, `people.html` to print them all, `results.xlsx` and the captions of the annotated videos.

    The work is handed to ``runner``, else done here; of the charts only those of one person are in memory at a time in each process. Pages
    of people who are no longer there are removed. When a file cannot be written, such as a workbook open in Excel, the others are, and
    `OutputError` is raised.
    """
    people = people_of(row for item in report.clips for row in rows_of(item))
    head = Shared(report.head)
    jobs = [Job(_WORKBOOK, _write_workbook, (out, head, people, [item.clip for item in report.clips]), _LIMIT_S)]
    starts = range(0, len(people), _PEOPLE_A_JOB)
    jobs += [Job(start, _write_pages, (out, head, _part(report, people, start)), _LIMIT_S) for start in starts]
    ended = {event.key: event for event in run_all(runner or InlineRunner(), jobs)}
    folder = OutputFolder(out)
    folder.forget_pages(f"{person.slug}.html" for person in people)
    sheets = [sheet for start in starts if isinstance(done := ended[start], Done) for sheet in done.value]
    write_atomically(folder.file(ALL_PEOPLE), dump_sheets(report.head, sheets, report.clips).encode())
    thumbs = _Thumbs(folder, frozenset(item.clip_id for item in report.clips if item.clip.annotated is not None))
    overview = dump_overview(report.head, Overview(people, report.errors, report.skipped, report.topics), thumbs)
    write_atomically(folder.file(REPORT), overview.encode())
    for event in ended.values():
        if isinstance(event, Failed):
            raise event.error


@dataclass(frozen=True, slots=True)
class _Part:
    """Some of the people of a report, with whose pages come before and after, and their clips by id."""

    people: tuple[tuple[PersonEntries, Neighbours], ...]
    clips: Mapping[str, ReportClip]
    charts: Callable[[str], Charts | None]


def _part(report: Report, people: Sequence[PersonEntries], start: int) -> _Part:
    end = min(start + _PEOPLE_A_JOB, len(people))
    ends = [None, *people, None]
    wanted = {row.clip_id for person in people[start:end] for row in person.rows}
    return _Part(
        people=tuple((people[i], Neighbours(ends[i], ends[i + 2])) for i in range(start, end)),
        clips={item.clip_id: item for item in report.clips if item.clip_id in wanted},
        charts=report.charts,
    )


def _write_pages(out: Path, head: Shared[Head], part: _Part, _report: OnProgress) -> list[str]:
    """Write the pages of some people; returns their sheets for the page on which all are."""
    sheets = []
    for person, neighbours in part.people:
        clips = [replace(part.clips[row.clip_id], charts=part.charts(row.clip_id)) for row in person.rows]
        for item in clips:
            _write_captions(out, item)
        page, sheet = dump_person(head.value, person, clips, _Stills(out), neighbours)
        write_atomically(out / person.page, page.encode())
        sheets.append(sheet)
    return sheets


def _write_workbook(
    out: Path, head: Shared[Head], people: Sequence[PersonEntries], clips: Sequence[ClipResult], _report: OnProgress
) -> None:
    write_xlsx(OutputFolder(out).file(WORKBOOK), head.value, people, clips)


@dataclass(frozen=True, slots=True)
class RecordedCharts:
    """The charts that were recorded of the clips of a run; ``folder`` says in which folder of ``out``."""

    out: Path
    folder: str = CLIPS

    def __call__(self, clip_id: str) -> Charts | None:
        """Those of a clip; none from an output folder or of charts of another version."""
        data = load_charts(self.out, clip_id, self.folder)
        try:
            return None if data is None else Charts.from_dict(data)
        except (KeyError, TypeError, ValueError):
            return None


def _write_captions(out: Path, item: ReportClip) -> None:
    """Not beside the video: a player would show them over the person, and the video says it already."""
    if item.clip.annotated is None or item.clip.kind != "video" or item.charts is None:
        return
    path = OutputFolder(out).captions(item.clip_id)
    if item.charts.captions:
        path.parent.mkdir(exist_ok=True)
        write_vtt(path, item.charts.captions)
    for old in ((out / item.clip.annotated).with_suffix(".vtt"), *([] if item.charts.captions else [path])):
        with suppress(OSError):
            old.unlink()


class _Stills:
    """The pictures that were kept of the worst and best moments."""

    def __init__(self, out: Path) -> None:
        self._out = OutputFolder(out)

    def __call__(self, clip_id: str, clause_id: str, extreme: Extreme) -> Picture | None:
        path = self._out.stills(clip_id) / still_name(clause_id, extreme)
        inline = _data_url(path)
        return None if inline is None else Picture(inline, quote(self._out.relative(path)))


@dataclass(frozen=True, slots=True)
class _Thumbs:
    """The small picture of a row's person, as a ``data:`` URI, for those ``clips`` that were to be drawn on."""

    folder: OutputFolder
    clips: frozenset[str]

    def __call__(self, row: ClipRow) -> str | None:
        return _data_url(self.folder.stills(row.clip_id) / THUMB) if row.clip_id in self.clips else None


def _data_url(jpeg: Path) -> str | None:
    try:
        return "data:image/jpeg;base64," + base64.b64encode(jpeg.read_bytes()).decode()
    except (OSError, ValueError):
        return None
