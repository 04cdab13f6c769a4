"""All that is said of the golden clips and rows, as results have it.

`results.json` was written before the modules moved into their rooms, and says that nothing changed by it. What changed on purpose since
stands in `changes.txt`, a line a value: whoever changes a verdict writes it anew and looks at what `git diff` says.

    python -m tests.golden.results     writes changes.txt anew
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from posecoach.body.motion import Motion
from posecoach.judging.pipeline import GradeOptions, grade_motion
from posecoach.judging.results import ClipResult
from posecoach.row.judging import grade_row, warnings_of
from posecoach.row.places import RowEntry, RowPlaces
from posecoach.row.record import RowRecord
from posecoach.storage.results_json import clip_to_dict
from posecoach.vocabulary import Profile
from tests import golden, golden_rows
from tests.same_results import differences
from tests.shipped import ALL_RULES, RULE_SETS

FILE, CHANGES = golden.FOLDER / "results.json", golden.FOLDER / "changes.txt"
BARE = ClipResult("", "video", (), 0.0, 0.0, 0, "", Profile.UNSPECIFIED, None, None, ())


def results() -> dict[str, Any]:
    """The results now."""
    return {"clips": [clip_to_dict(clip) for clip in (*_clips(), *_rows())]}


def _clips() -> Iterator[ClipResult]:
    for name, asked in golden.expected().items():
        options = GradeOptions(ALL_RULES, asked["drill"], Profile(asked["profile"]))
        motion = Motion.of(golden.unpack(golden.FOLDER / f"{name}.npz"))
        graded = grade_motion(motion, options)
        yield _clip(name, options.drill, options.profile, graded.warnings, (graded.person,), len(motion))


def _rows() -> Iterator[ClipResult]:
    for path in sorted(golden_rows.FOLDER.glob("*.npz")):
        frames = golden_rows.unpack(path)
        row, record = RowPlaces(), RowRecord(frames[0][1][0].landmarks.size_wh)
        for t_ms, seen in frames:
            row.update(t_ms, seen)
            record.add(t_ms, row.cleared())
        row.finish()
        entries = [RowEntry(None, Profile(person["profile"])) for person in golden_rows.truth_of(path.stem)]
        people = grade_row(record, row.places(), entries, RULE_SETS["morning_meeting"])
        warnings = warnings_of(people, record.outsiders(row.places()), entries)
        yield _clip(path.stem, "morning_meeting", Profile.UNSPECIFIED, warnings, [p.result for p in people], len(frames))


def _clip(name: str, drill: str, profile: Profile, warnings: Any, people: Any, frames: int) -> ClipResult:
    return replace(BARE, path=name, drill=drill, profile=profile, warnings=tuple(warnings), people=tuple(people), frames_analysed=frames)


def changes() -> list[str]:
    """What is said now and was not when `FILE` was written, or the other way round."""
    return sorted(differences(json.loads(FILE.read_text("utf-8")), results()))


def write_anew() -> None:
    """Both files, for other landmarks; a person and a clause a line."""
    text = json.dumps(results(), ensure_ascii=False)
    FILE.write_text(text.replace('{"id"', '\n{"id"').replace('{"path"', '\n{"path"') + "\n", "utf-8")
    CHANGES.write_text("", "utf-8")


if __name__ == "__main__":
    CHANGES.write_text("".join(f"{line}\n" for line in changes()), "utf-8")
