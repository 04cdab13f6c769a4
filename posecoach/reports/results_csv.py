"""`results.csv`, for the office: one row a clip, person and clause; UTF-8 with a byte order mark and CRLF, as Excel and WPS like it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from posecoach.judging.results import ClipResult, Results
from posecoach.storage.report_sink import ReportSink
from posecoach.storage.results_json import clip_to_dict
from posecoach.storage.tables import harmless
from posecoach.storage.whole_files import write_atomically

_CLIP = ("path", "kind", "warnings", "duration_s", "fps", "frames_analysed", "drill", "profile", "landmarks", "annotated")
_PERSON = ("person_id", "name", "score", "outcome")
_CLAUSE = (
    "id",
    "state",
    "reason",
    "value",
    "error_95",
    "unit",
    "judged_share",
    "pass_share",
    "worst_s",
    "correction_zh",
    "correction_en",
    "source",
)

COLUMNS = (*_CLIP, *_PERSON, *_CLAUSE)
"""Named as in `results.json`; ``person_id`` is the person's ``id``, ``id`` the clause's. Several warnings are joined by spaces."""


class CsvSink(ReportSink):
    """Writes `results.csv` when closed."""

    def close(self) -> None:
        """Write the table. Raises `OutputError` when it cannot be written (on Windows: while Excel has it open)."""
        write_atomically(self.path, dump_csv(self.results).encode("utf-8-sig"))


def dump_csv(results: Results) -> str:
    """The table as text, with its header."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for clip in results.clips:
        writer.writerows(csv_rows(clip))
    return buffer.getvalue()


def csv_rows(clip: ClipResult) -> Iterator[dict[str, Any]]:
    """The cells of each row of a clip by column, None where there is nothing."""
    data = clip_to_dict(clip)
    shared = {name: data[name] for name in _CLIP} | {"warnings": " ".join(clip.warnings)}
    for person in data["people"]:
        of_person = {"person_id": person["id"]} | {name: person[name] for name in _PERSON[1:]}
        for clause in person["clauses"]:
            said = clause.pop("correction") or {"zh": None, "en": None}
            cells = shared | of_person | clause | {"correction_zh": said["zh"], "correction_en": said["en"]}
            yield {name: harmless(cell) for name, cell in cells.items()}
