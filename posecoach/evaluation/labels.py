"""Label files -> cases. Formats (docs/evaluate.md): a folder of rendered clips with JSON truth, `manifest.csv` and `segments.csv` of photos
and videos, `labels.csv` of smiling faces, and a trainer's sheet with one row for each clip and rater.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, nan
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from posecoach.body.face_geometry import SHAPE_COLUMNS
from posecoach.errors import SourceError, reason_of
from posecoach.evaluation.mapping import Labelling
from posecoach.evaluation.observations import LandmarkStore
from posecoach.evaluation.smiles import LabelledFaces
from posecoach.rulebook.encodings import decode_text
from posecoach.storage.plain_json import DAMAGE
from posecoach.vocabulary import Text

YES, NO = frozenset({"yes", "y", "1", "true", "ok", "是", "对"}), frozenset({"no", "n", "0", "false", "fault", "否", "错"})
_UNSAID = frozenset({"", "na", "n/a"})
DRILL_OF_POSTURE = {"standing": "standing", "sitting": "sitting", "crouching": "crouching"}


@dataclass(frozen=True, slots=True)
class Label:
    """What one rater says about one clause of a case; with ``worse_of`` it is about the worse of the two clauses."""

    clause: str
    is_met: bool
    drill: str
    rater: str = ""
    worse_of: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A picture, or a part of a clip (seconds, None: all of it), with what is known of it; ``source`` names where it comes from."""

    file: Path
    source: str
    profile: str
    labels: tuple[Label, ...]
    start_s: float | None = None
    end_s: float | None = None
    view: str | None = None
    posture: str | None = None
    has_legs: bool | None = None

    @property
    def name(self) -> str:
        """The file, and the start of the part."""
        return self.file.name if self.start_s is None else f"{self.file.name}@{self.start_s:g}"


@dataclass(frozen=True, slots=True, eq=False)
class RenderedClip:
    """A rendered clip with its truth, and what the folder's list of faults says."""

    file: Path
    truth: Mapping[str, Any]
    faults: Mapping[str, Any]

    @property
    def person(self) -> Mapping[str, Any]:
        """The only person's truth."""
        only: Mapping[str, Any] = self.truth["people"][0]
        return only

    @property
    def kind(self) -> tuple[str, str]:
        """View and topic."""
        return self.truth["view"], self.truth["topic"]

    @property
    def drill(self) -> str:
        """The drill it shows."""
        topic = self.truth["topic"]
        return str(self.truth.get("drill") or self.faults["drill_of_topic"].get(topic, topic))


AnyClip = TypeVar("AnyClip", bound=RenderedClip)


def load_rendered(folder: Path) -> list[RenderedClip]:
    """The clips with one person in a folder. Raises `SourceError`."""
    return [clip for clip in load_clips(folder, "faults.json", RenderedClip) if len(clip.truth.get("people", ())) == 1]


def load_clips(folder: Path, faults_name: str, kind: type[AnyClip]) -> list[AnyClip]:
    """All clips of a folder that have a truth beside them, with the list of faults of that name. Raises `SourceError`."""
    try:
        faults = json.loads((folder / faults_name).read_text("utf-8"))
        truths = [(path, json.loads(path.read_text("utf-8"))) for path in sorted(folder.glob("*.json")) if path.name != faults_name]
    except DAMAGE as error:
        raise SourceError(Text(f"{folder} 不是合成视频的文件夹：{error}", f"{folder}: not a folder of rendered clips: {error}")) from error
    return [kind(path.with_suffix(".mp4"), truth, faults) for path, truth in truths]


def load_photos(manifest: Path, mapping: Labelling) -> list[Case]:
    """The cases of `manifest.csv` and of `segments.csv` beside it. Raises `SourceError`."""
    rows = read_rows(manifest, "kind")
    if (segments := manifest.with_name("segments.csv")).exists() and segments != manifest:
        rows = [row for row in rows if row.get("kind") != "video"] + read_rows(segments)
    return [_photo(manifest.parent, row, mapping) for row in rows]


def _photo(folder: Path, row: Mapping[str, str], mapping: Labelling) -> Case:
    view, posture = row.get("view", "").replace("-", "_"), row.get("posture", "")
    labels = [
        Label(c.clause, row[c.column] in c.yes, c.drill or DRILL_OF_POSTURE.get(posture, ""), worse_of=c.worse_of)
        for c in mapping.columns
        if row.get(c.column) in {*c.yes, *c.no} and c.applies(posture, view)
    ]
    legs = row.get("lower_body_visible")
    source = row["file"].split("_")[0]
    return Case(
        folder / row["file"], source, "unspecified", tuple(labels), _seconds(row, "start_s"), _seconds(row, "end_s"),
        view or None, posture or None, {"yes": True, "no": False}.get(legs or ""),
    )  # fmt: skip


def load_sheet(path: Path, clauses: Collection[str]) -> list[Case]:
    """A trainer's sheet: columns file, rater, drill, profile, start_s, end_s, and one for each id of ``clauses`` with yes, no or na.

    Raises `SourceError`, also for ids that are none of them and for cells that say anything else: they would silently not count.
    """
    cases, rows = [], list(_rows(path, ("file",)))
    for key in (key for key in (rows[0][1] if rows else ()) if key and "." in key and key not in clauses):
        raise SourceError(
            Text(f"{path}：没有条款 {key}；用 posecoach rules list 查看", f"{path}: there is no clause {key!r}; see posecoach rules list")
        )
    for line, row in rows:
        drill, labels = row.get("drill") or "standing", []
        for clause_id in (key for key in row if key in clauses):
            is_met = _is_met(row[clause_id], f"{path}:{line}", clause_id)
            if is_met is not None:
                labels.append(Label(clause_id.split(".", 1)[1], is_met, drill, row.get("rater", "")))
        times = _seconds(row, "start_s"), _seconds(row, "end_s")
        cases.append(Case(path.parent / row["file"], path.stem, row.get("profile") or "unspecified", tuple(labels), *times))
    return cases


def _is_met(cell: str, place: str, column: str) -> bool | None:
    said = cell.strip().lower()
    if said not in YES | NO | _UNSAID:
        raise SourceError(
            Text(
                f"{place}：{column} 列只能写 yes（是）、no（否）、na，或留空，现在是“{cell}”",
                f"{place}: column {column} has yes, no, na or nothing, not {cell!r}",
            )
        )
    return None if said in _UNSAID else said in YES


def load_smiles(path: Path, landmarks: LandmarkStore) -> dict[str, LabelledFaces]:
    """Faces of `labels.csv` (file, smile, person, set) by set. Raises `SourceError`."""
    sets: dict[str, list[Mapping[str, str]]] = {}
    for row in read_rows(path, "smile", "person", "set"):
        if row["smile"] not in ("0", "1"):
            raise SourceError(Text(f"{path}：{row['file']} 的 smile 只能是 0 或 1", f"{path}: {row['file']}: smile is 0 or 1"))
        sets.setdefault(row["set"], []).append(row)
    return {name: _faces(path.parent, rows, landmarks) for name, rows in sets.items()}


def _faces(folder: Path, rows: list[Mapping[str, str]], landmarks: LandmarkStore) -> LabelledFaces:
    shape = np.stack([landmarks.motion(folder / row["file"]).face[0, SHAPE_COLUMNS] for row in rows])
    columns = {name: np.array([row[name] for row in rows]) for name in ("smile", "person", "file")}
    return LabelledFaces(shape, columns["smile"].astype(int), columns["person"], columns["file"])


def read_rows(path: Path, *columns: str) -> list[dict[str, str]]:
    """The rows of a CSV file with a ``file`` column and these, also as Excel writes it. Raises `SourceError`."""
    return [row for _, row in _rows(path, ("file", *columns))]


def _rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Each with the line of the file it ends in."""
    try:
        text = decode_text(path.read_bytes())
        if text is None:
            raise SourceError(Text(f"{path} 里读不出文字；请存成 CSV UTF-8", f"{path} cannot be read as text: save it as CSV UTF-8"))
        reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline=""), restval="")
        for column in columns:
            if column not in (reader.fieldnames or ()):
                raise SourceError(
                    Text(f"{path} 没有 {column} 列；见 docs/evaluate.md", f"{path}: no column {column!r}; see docs/evaluate.md")
                )
        yield from ((reader.line_num, row) for row in reader if row["file"])
    except OSError as error:
        why = reason_of(error)
        raise SourceError(Text(f"读不了 {path}（{why.zh}）", f"{path} cannot be read ({why.en})")) from error
    except csv.Error as error:
        raise SourceError(Text(f"{path} 不是标注表：{error}", f"{path} is no sheet of labels: {error}")) from error


def _seconds(row: Mapping[str, str], name: str) -> float | None:
    cell = row.get(name, "").strip()
    try:
        seconds = float(cell or 0)
    except ValueError:
        seconds = nan
    if not isfinite(seconds):
        raise SourceError(Text(f"{row['file']}：{name} 要写秒数，现在是“{cell}”", f"{row['file']}: {name} is in seconds, not {cell!r}"))
    return seconds if cell else None
