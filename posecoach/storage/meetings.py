"""A morning meeting as its group sheet carries it: who stood where and each verdict, so that a saved sheet can be taken into the records.

It is JSON in a script of the page that no browser runs: ``schema``, ``made_at`` (when, with the zone), ``seen_key`` (the same meeting has
the same one, however often it is saved) and ``results`` as of `results.json`, with a clip for each person.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from posecoach.errors import SourceError
from posecoach.judging.results import ClipResult, Results, RuleFileUsed
from posecoach.storage.plain_json import DAMAGE, as_mapping, as_text, parse_json
from posecoach.storage.results_json import dump_results, results_from_dict
from posecoach.vocabulary import Text

SCHEMA = "posecoach.meeting/1"
_BEGIN, _END = b'<script type="application/json" id="meeting">', b"</script>"
_MOST_BYTES = 64_000_000
"""A sheet of sixty people with a picture has 3 million."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """Everybody in a row at one moment; of each a clip with this one person in it."""

    results: Results
    made_at: datetime
    seen_key: str


def meeting_of(generator: str, rules: RuleFileUsed, clips: Sequence[ClipResult], made_at: datetime, seen_key: str = "") -> Meeting:
    """A meeting; without a ``seen_key`` it is known by its moment: names may be given after it was judged."""
    key = seen_key or hashlib.sha256(f"meeting {made_at.astimezone(timezone.utc).isoformat()}".encode()).hexdigest()
    return Meeting(Results(generator, (rules,), tuple(clips)), made_at, key)


def dump_meeting(meeting: Meeting) -> str:
    """As it stands in a page: nothing in it can end the script."""
    head = {"schema": SCHEMA, "made_at": meeting.made_at.isoformat(), "seen_key": meeting.seen_key}
    text = json.dumps(head | {"results": json.loads(dump_results(meeting.results))}, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")


def load_meeting(sheet: Path) -> Meeting:
    """The meeting in a saved group sheet. Raises `SourceError` for another page, a sheet of an earlier version, and a damaged one."""
    try:
        with sheet.open("rb") as file:
            page = file.read(_MOST_BYTES)
        data = as_mapping(parse_json(page.partition(_BEGIN)[2].partition(_END)[0]))
        if data["schema"] != SCHEMA:
            raise ValueError(f"expected schema {SCHEMA}")
        made_at = datetime.fromisoformat(as_text(data["made_at"]))
        if made_at.tzinfo is None:
            raise ValueError("made_at has no zone")
        return Meeting(results_from_dict(as_mapping(data["results"])), made_at, as_text(data["seen_key"])[:64])
    except DAMAGE as error:
        raise SourceError(
            Text(
                f"{sheet} 不是能记入的晨会检查单（{error}）；请用页面上的“存网页”，或 lineup 写的 index.html",
                f"{sheet} is no group sheet that can be recorded ({error}); save the page of the meeting, or give index.html of lineup",
            )
        ) from error
