"""Takes what a grading wrote into the records: `grade --record`, and the import of earlier results."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path

from posecoach.history.database import Records, RecordsError
from posecoach.history.recording import Recorded, checks_of, key_without_content, record
from posecoach.judging.results import ClipResult
from posecoach.rulebook.schema import RuleSet
from posecoach.storage.clip_records import clip_id_of, load_record
from posecoach.storage.output_folder import RESULTS
from posecoach.storage.results_json import load_results
from posecoach.vocabulary import Text


def record_results(records: Records, out: Path, rule_sets: Sequence[RuleSet], origin: str, done_at: datetime | None = None) -> Recorded:
    """Record all that the output folder ``out`` holds of people who agreed. ``done_at`` None: when the results were written.

    Each check is kept whole before the next: what is recorded when it is stopped stays. Raises `SourceError` for a folder without
    results, `RecordsError`.
    """
    results = load_results(out)
    when = done_at or written_at(out)
    total = Recorded(without_name=sum(1 for clip in results.clips for person in clip.people if not person.name))
    for check in checks_of(results, rule_sets, lambda clip: seen_key(out, clip), when):
        total += record(records, check, origin)
    return total


def seen_key(out: Path, clip: ClipResult) -> str:
    """Stands for a film: its content where the grading noted it, else what was seen in it."""
    noted = load_record(out, clip_id_of(clip)) if clip.landmarks else None
    return noted.content if noted is not None and noted.content else key_without_content(clip)


def written_at(out: Path) -> datetime:
    """When the results of a folder were written. Raises `RecordsError`."""
    file = out / RESULTS if out.is_dir() else out
    try:
        return datetime.fromtimestamp(file.stat().st_mtime, timezone.utc)
    except OSError as error:
        raise RecordsError(Text(f"读不了 {file}", f"{file} cannot be read")) from error
