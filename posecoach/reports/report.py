"""All reports people read, made at the end from what is stored of each clip: the overview, a page a person, the workbook, the captions."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from posecoach.charts import Charts, Extreme, still_name
from posecoach.clip_record import FOLDER, clip_id_of, load_record
from posecoach.records import ClipResult
from posecoach.reports.base import ClipError, Results, write_atomically
from posecoach.reports.captions import write_vtt
from posecoach.reports.overview import dump_overview
from posecoach.reports.people import Neighbours, dump_person
from posecoach.reports.results_xlsx import write_xlsx
from posecoach.reports.rows import Clips, Head, Person, ReportClip, Row, people_of, rows_of
from posecoach.stills import STILLS

PEOPLE = "people"
_OURS = b'content="posecoach report"'


def write_report(out: Path, head: Head, clips: Clips, errors: Sequence[ClipError]) -> None:
    """Write `index.html`, `people/*.html`, `results.xlsx` and the captions beside the annotated videos.

    At most the clips of one person are in memory at a time. Pages of people who are no longer there are removed.
    Raises `OutputError` when a file cannot be written, such as a workbook that is open in Excel.
    """
    rows: list[Row] = []
    for item in clips:
        rows += rows_of(item)
        _write_captions(out, item)
    people = people_of(rows)
    for i, person in enumerate(people):
        neighbours = Neighbours(people[i - 1] if i else None, people[i + 1] if i + 1 < len(people) else None)
        page = dump_person(head, person, [clips.load(row.clip_id) for row in person.rows], _Stills(out), neighbours)
        write_atomically(out / person.page, page.encode())
    _remove_others(out / PEOPLE, people)
    write_atomically(out / "index.html", dump_overview(head, people, errors).encode())
    write_xlsx(out / "results.xlsx", head, people, _results(clips))


class RecordedClips:
    """The clips of a run, each with the group and the charts of its record; ``folder`` says in which folder the records are.

    A clip without a record (an output folder of an earlier version) comes without charts.
    """

    def __init__(self, out: Path, results: Results, folder: str = FOLDER) -> None:
        self._out, self._folder = out, folder
        self._clips = {clip_id_of(clip): clip for clip in results.clips}

    def __iter__(self) -> Iterator[ReportClip]:
        return map(self.load, self._clips)

    def load(self, clip_id: str) -> ReportClip:
        """The clip with this id."""
        clip = self._clips[clip_id]
        record = load_record(self._out, clip_id, self._folder)
        if record is None:
            return ReportClip(clip_id, None, clip)
        return ReportClip(clip_id, record.group, clip, _charts(record.charts))


def _charts(data: dict[str, Any] | None) -> Charts | None:
    try:
        return None if data is None else Charts.from_dict(data)
    except (KeyError, TypeError, ValueError):  # charts of another version: the report goes without
        return None


def _results(clips: Clips) -> Iterator[ClipResult]:
    for item in clips:
        yield item.clip


def _write_captions(out: Path, item: ReportClip) -> None:
    if item.clip.annotated is None or item.clip.kind != "video" or item.charts is None:
        return
    path = (out / item.clip.annotated).with_suffix(".vtt")
    if item.charts.captions:
        write_vtt(path, item.charts.captions)
    else:
        with suppress(OSError):
            path.unlink()


def _remove_others(folder: Path, people: Sequence[Person]) -> None:
    """Remove the pages of an earlier run that nothing leads to any more, and no file that is not such a page."""
    kept = {f"{person.slug}.html" for person in people}
    for file in folder.glob("*.html"):
        if file.name not in kept:
            with suppress(OSError):
                with file.open("rb") as page:
                    is_ours = _OURS in page.read(1000)
                if is_ours:
                    file.unlink()


class _Stills:
    """The pictures that were kept of the worst and best moments, as ``data:`` URIs."""

    def __init__(self, out: Path) -> None:
        self._folder = out / STILLS

    def __call__(self, clip_id: str, clause_id: str, extreme: Extreme) -> str | None:
        try:
            data = (self._folder / clip_id / still_name(clause_id, extreme)).read_bytes()
        except (OSError, ValueError):
            return None
        return "data:image/jpeg;base64," + base64.b64encode(data).decode()
