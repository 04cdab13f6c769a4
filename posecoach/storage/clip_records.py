"""What is kept of each finished clip beside the reports, so that a grading that was broken off can go on where it was.

`OUT/clips/<clip id>.json`, and `OUT/regraded/<clip id>.json` for what `posecoach regrade` made of it, apart because with `--resume` the
clips as graded count. Each has: ``key`` (of the content of the file and all that was asked for, the rules included: a clip with the same
key need not be graded again), ``content`` (of the file alone: the same film under any name), ``group`` of the roster, ``clip`` as in
`results.json`, ``charts`` for the report.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from posecoach.errors import SourceError, reason_of
from posecoach.judging.results import ClipResult
from posecoach.storage.output_folder import CLIPS, OutputFolder
from posecoach.storage.plain_json import DAMAGE, as_text, as_text_or_none, parse_json
from posecoach.storage.results_json import clip_from_dict, clip_to_dict
from posecoach.storage.whole_files import write_atomically
from posecoach.vocabulary import Text

SCHEMA = "posecoach.clip/1"

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class ClipRecord:
    """A finished clip."""

    key: str
    clip: ClipResult
    group: str | None = None
    charts: dict[str, Any] | None = None
    content: str = ""


def save_record(out: Path, clip_id: str, record: ClipRecord, folder: str = CLIPS) -> None:
    """Write a record into a folder of the output folder. Raises `OutputError`."""
    data = {
        "schema": SCHEMA,
        "key": record.key,
        "content": record.content,
        "group": record.group,
        "clip": clip_to_dict(record.clip),
        "charts": record.charts,
    }
    write_atomically(OutputFolder(out).record(clip_id, folder), json.dumps(data, ensure_ascii=False).encode())


def load_record(out: Path, clip_id: str, folder: str = CLIPS) -> ClipRecord | None:
    """The record of a clip, or None when there is none that can be read."""
    try:
        data = _load(out, clip_id, folder)
        clip, group = clip_from_dict(data["clip"]), as_text_or_none(data["group"])
        return ClipRecord(as_text(data["key"]), clip, group, data["charts"], as_text(data.get("content", "")))
    except DAMAGE:
        return None


def load_charts(out: Path, clip_id: str, folder: str = CLIPS) -> dict[str, Any] | None:
    """The charts of a record, or None when there are none that can be read."""
    try:
        charts: dict[str, Any] | None = _load(out, clip_id, folder)["charts"]
    except DAMAGE:
        return None
    return charts


def _load(out: Path, clip_id: str, folder: str) -> dict[str, Any]:
    """Raises what is in `DAMAGE` for what is no record of this version."""
    data: dict[str, Any] = parse_json(OutputFolder(out).record(clip_id, folder).read_bytes())
    if data["schema"] != SCHEMA:
        raise ValueError(f"expected schema {SCHEMA}")
    return data


def clip_id_of(clip: ClipResult) -> str:
    """The id its artefacts are named by."""
    return Path(clip.landmarks or "").stem


def content_key(file: Path, asked: str = "") -> str:
    """A key of the bytes of a file and of ``asked``, the text of all options that matter. Raises `SourceError`."""
    digest = hashlib.sha256(asked.encode())
    try:
        with file.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    except OSError as error:
        why = reason_of(error)
        raise SourceError(
            Text(f"读不了：{file.name}：{why.zh}；请检查权限", f"cannot be read: {file.name}: {why.en}; check the permissions")
        ) from error
    return digest.hexdigest()
