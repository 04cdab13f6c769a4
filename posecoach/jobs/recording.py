"""Takes what a grading wrote into the records: `grade --record`, and the import of earlier results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path

from posecoach.history.database import Records, RecordsError
from posecoach.history.recording import Recorded, checks_of, key_without_content, record
from posecoach.judging.results import ClipResult
from posecoach.rulebook.schema import RuleSet
from posecoach.storage.clip_records import clip_id_of, load_record
from posecoach.storage.meetings import Meeting, load_meeting
from posecoach.storage.output_folder import REPORT, RESULTS, ROW_TABLE
from posecoach.storage.results_json import load_results
from posecoach.vocabulary import Text

MEETING = "meeting"
"""Where a check of a row comes from, as the records say it."""


def record_results(records: Records, out: Path, rule_sets: Sequence[RuleSet], origin: str, done_at: datetime | None = None) -> Recorded:
    """Record all that the output folder ``out``, or a saved group sheet, holds of people who agreed.

    ``done_at`` None: when the results were written.

    Each check is kept whole before the next: what is recorded when it is stopped stays. Raises `SourceError` for a folder without
    results, `RecordsError`.
    """
    if (sheet := _sheet_of(out)) is not None:
        return record_meeting(records, load_meeting(sheet), rule_sets)
    results = load_results(out)
    when = done_at or written_at(out)
    total = Recorded(without_name=sum(1 for clip in results.clips for person in clip.people if not person.name))
    for check in checks_of(results, rule_sets, lambda clip: seen_key(out, clip), when):
        total += record(records, check, origin)
    return total


def record_meeting(records: Records, meeting: Meeting, rule_sets: Sequence[RuleSet], numbers: Mapping[str, int] | None = None) -> Recorded:
    """Record a morning meeting: of each person by name who agreed; ``numbers`` says whose each name is, None: whom the records know by it.

    Nobody is recorded whose name stands twice in the row: nothing tells which of them stood where. Raises `RecordsError`.
    """
    stood = [person for clip in meeting.results.clips for person in clip.people]
    counts = Counter(person.name for person in stood if person.name)
    twice = {name for name, count in counts.items() if count > 1}
    total = Recorded(without_name=sum(1 for person in stood if not person.name), ambiguous=tuple(sorted(twice)))
    for check in checks_of(meeting.results, rule_sets, lambda _: meeting.seen_key, meeting.made_at):
        if check.name not in twice and (numbers is None or check.name in numbers):
            total += record(records, check, MEETING, None if numbers is None else numbers[check.name])
    return total


def seen_key(out: Path, clip: ClipResult) -> str:
    """Stands for a film: its content where the grading noted it, else what was seen in it."""
    noted = load_record(out, clip_id_of(clip)) if clip.landmarks else None
    return noted.content if noted is not None and noted.content else key_without_content(clip)


def _sheet_of(out: Path) -> Path | None:
    """The group sheet that is meant: the file itself, or the one in the folder of a row."""
    if out.suffix.lower() in (".html", ".htm"):
        return out
    page = out / REPORT
    return page if out.is_dir() and (out / ROW_TABLE).is_file() and page.is_file() else None


def written_at(out: Path) -> datetime:
    """When the results of a folder were written. Raises `RecordsError`."""
    file = out / RESULTS if out.is_dir() else out
    try:
        return datetime.fromtimestamp(file.stat().st_mtime, timezone.utc)
    except OSError as error:
        raise RecordsError(Text(f"读不了 {file}", f"{file} cannot be read")) from error
