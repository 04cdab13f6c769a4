"""`results.json`, the result other programs read: written after every clip, and read back for regrading and comparing.

The keys and their order are those of `docs/results.schema.json`; change them only with the number in `SCHEMA`.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from textwrap import indent
from typing import Any

from posecoach.body.records import Segment
from posecoach.errors import SourceError, reason_of
from posecoach.judging.results import (
    ClauseVerdict,
    ClipError,
    ClipResult,
    Event,
    PersonResult,
    Results,
    RuleFileUsed,
    Seen,
    Skipped,
    StepResult,
    TopicResult,
    Unseen,
)
from posecoach.judging.together import parts_of, topics_of
from posecoach.rulebook.schema import RuleSet
from posecoach.storage.output_folder import RESULTS
from posecoach.storage.plain_json import (
    DAMAGE,
    as_count,
    as_list,
    as_mapping,
    as_number,
    as_number_or_none,
    as_path_within,
    as_text,
    as_text_or_none,
    parse_json,
)
from posecoach.storage.report_sink import ReportSink
from posecoach.storage.whole_files import write_atomically
from posecoach.vocabulary import POSE_MODELS, PoseModel, Posture, Profile, Reason, State, Text, View

SCHEMA = "posecoach.results/2"
_READ = ("posecoach.results/1", SCHEMA)
"""Files of these are read; what the first did not know yet is left empty."""

_REST_AFTER_WRITING = 20.0
"""The file is written again only after this many times the last writing took: at most 5 % of the time goes into it."""


class JsonSink(ReportSink):
    """Writes `results.json` after each clip (more rarely once it is long) and when closed."""

    def __init__(self, path: Path, generator: str, rules: Iterable[RuleFileUsed], rule_sets: Sequence[RuleSet] = ()) -> None:
        """``rule_sets``: the rules by which the clips of each topic are put together; without them nothing is."""
        super().__init__(path, generator, rules)
        self._rule_sets = tuple(rule_sets)
        self._texts: dict[int, str] = {}
        self._next_s = 0.0

    def add(self, clip: ClipResult, group: str | None = None) -> None:
        """Take in a graded clip, and write."""
        super().add(clip, group)
        self._texts[id(clip)] = _entry(clip)
        self._write_if_due()

    def fail(self, path: str, words: Text) -> None:
        """Take in an input that could not be graded, and write."""
        super().fail(path, words)
        self._write_if_due()

    def close(self) -> None:
        """Write all that was taken in. Raises `OutputError` when it cannot be written."""
        write_atomically(self.path, self._content())

    def _write_if_due(self) -> None:
        start = time.monotonic()
        if start >= self._next_s:
            self.close()
            self._next_s = time.monotonic() + _REST_AFTER_WRITING * (time.monotonic() - start)

    def _content(self) -> bytes:
        parts = (part for clip in self._clips for part in parts_of(clip, self._groups[clip.path]))
        results = replace(self.results, topics=topics_of(parts, self._rule_sets))
        return _document(results, [self._texts[id(clip)] for clip in self._clips]).encode()


def dump_results(results: Results) -> str:
    """The text of `results.json`, ending in a line feed; numbers are rounded to what they are worth."""
    return _document(results, [_entry(clip) for clip in results.clips])


def load_results(path: Path) -> Results:
    """Read `results.json` (or the one in a folder) back. Raises `SourceError` when it is not there or not such a file."""
    file = path / RESULTS if path.is_dir() else path
    try:
        data = parse_json(file.read_bytes())
    except OSError as error:
        why = reason_of(error)
        raise SourceError(
            Text(
                f"读不了 {file}（{why.zh}）；请给出评分写结果的文件夹（--out）",
                f"{file} cannot be read ({why.en}); name the folder a grading wrote with --out",
            )
        ) from error
    except ValueError as error:
        raise SourceError(Text(f"{file} 不是 JSON（{error}）", f"{file} is not JSON ({error})")) from error
    found = data.get("schema") if isinstance(data, dict) else None
    if found not in _READ:
        raise SourceError(
            Text(
                f"{file} 不是这个版本的结果：schema 应为 {SCHEMA}，实为 {found}",
                f"{file} is not a result of this version: expected schema {SCHEMA}, found {found}",
            )
        )
    try:
        return results_from_dict(data)
    except DAMAGE as error:
        what = " ".join(f"{type(error).__name__} {error}".split())[:120]
        raise SourceError(Text(f"{file} 已损坏：{what}", f"{file} is damaged: {what}")) from error


def results_from_dict(data: Mapping[str, Any]) -> Results:
    """Records from the parsed JSON. Raises what is in `DAMAGE` where it is not as the schema says."""
    return Results(
        as_text(data["generator"]),
        tuple(RuleFileUsed(as_text(rule["file"]), as_text(rule["sha256"])) for rule in as_list(data["rules"])),
        tuple(clip_from_dict(as_mapping(clip)) for clip in as_list(data["clips"])),
        tuple(_error_from_dict(as_mapping(error)) for error in as_list(data["errors"])),
        tuple(Skipped(as_text(item["path"]), as_text(item["reason"])) for item in as_list(data.get("skipped", []))),
        tuple(_topic_from_dict(as_mapping(topic)) for topic in as_list(data.get("topics", []))),
    )


def _error_from_dict(data: Mapping[str, Any]) -> ClipError:
    said = as_text(data["error"])
    return ClipError(as_text(data["path"]), Text(as_text(data.get("error_zh", said)), said))  # earlier versions wrote English alone


def clip_to_dict(clip: ClipResult) -> dict[str, Any]:
    """One entry of ``clips``."""
    return {
        "path": clip.path,
        "kind": clip.kind,
        "warnings": list(clip.warnings),
        "duration_s": _rounded(clip.duration_s),
        "fps": _rounded(clip.fps),
        "frames_analysed": int(clip.frames_analysed),
        "model": clip.model,
        "drill": clip.drill,
        "profile": clip.profile.value,
        "landmarks": clip.landmarks,
        "annotated": clip.annotated,
        "people": [_person_to_dict(person) for person in clip.people],
    }


def clip_from_dict(data: Mapping[str, Any]) -> ClipResult:
    """The clip of one entry of ``clips``. Raises what is in `DAMAGE`."""
    landmarks, annotated = data["landmarks"], data["annotated"]
    return ClipResult(
        path=as_text(data["path"]),
        kind=as_text(data["kind"]),
        warnings=tuple(map(as_text, as_list(data["warnings"]))),
        duration_s=as_number(data["duration_s"]),
        fps=as_number(data["fps"]),
        frames_analysed=as_count(data["frames_analysed"]),
        model=_model(data.get("model", "full")),  # earlier versions had one model
        drill=as_text(data["drill"]),
        profile=Profile(data["profile"]),
        landmarks=None if landmarks is None else as_path_within(landmarks),
        annotated=None if annotated is None else as_path_within(annotated),
        people=tuple(_person_from_dict(as_mapping(person)) for person in as_list(data["people"])),
    )


def _model(value: object) -> PoseModel:
    for model in POSE_MODELS:
        if value == model:
            return model
    raise ValueError(f"model is {value!r}")


def as_written(clip: ClipResult) -> ClipResult:
    """The clip with its numbers rounded as they are written: what reports say does not depend on whether it was stored in between."""
    return clip_from_dict(clip_to_dict(clip))


def _person_to_dict(person: PersonResult) -> dict[str, Any]:
    return {
        "id": int(person.id),
        "name": person.name,
        "score": _rounded(person.score, 1),
        "outcome": person.outcome,
        "segments": [
            {"start_s": _rounded(part.start_s), "end_s": _rounded(part.end_s), "posture": part.posture.word, "view": part.view.word}
            for part in person.segments
        ],
        "events": [_event_to_dict(event) for event in person.events],
        "steps": [_step_to_dict(step) for step in person.steps],
        "clauses": [clause_to_dict(clause) for clause in person.clauses],
    }


def _person_from_dict(data: Mapping[str, Any]) -> PersonResult:
    return PersonResult(
        id=as_count(data["id"]),
        name=as_text_or_none(data["name"]),
        score=as_number_or_none(data["score"]),
        outcome=as_text(data["outcome"]),
        segments=tuple(
            Segment(as_number(part["start_s"]), as_number(part["end_s"]), Posture[part["posture"].upper()], View[part["view"].upper()])
            for part in as_list(data["segments"])
        ),
        clauses=tuple(_clause_from_dict(as_mapping(clause)) for clause in as_list(data["clauses"])),
        events=tuple(_event_from_dict(as_mapping(event)) for event in as_list(data.get("events", []))),
        steps=tuple(_step_from_dict(as_mapping(step)) for step in as_list(data.get("steps", []))),
    )


def _step_to_dict(step: StepResult) -> dict[str, Any]:
    return {
        "id": step.id,
        "title": {"zh": step.title.zh, "en": step.title.en},
        "start_s": _rounded(step.start_s),
        "end_s": _rounded(step.end_s),
        "state": step.state.word,
        "clauses": [clause_to_dict(clause) for clause in step.clauses],
    }


def _step_from_dict(data: Mapping[str, Any]) -> StepResult:
    return StepResult(
        id=as_text(data["id"]),
        title=_text_from_dict(data["title"]),
        start_s=as_number_or_none(data["start_s"]),
        end_s=as_number_or_none(data["end_s"]),
        state=State[as_text(data["state"]).upper()],
        clauses=tuple(_clause_from_dict(as_mapping(clause)) for clause in as_list(data["clauses"])),
    )


def _text_from_dict(data: Mapping[str, Any]) -> Text:
    return Text(as_text(data["zh"]), as_text(data["en"]))


def _event_to_dict(event: Event) -> dict[str, Any]:
    values = {name: _rounded(value) for name, value in event.values.items()}
    return {"kind": event.kind, "start_s": _rounded(event.start_s), "end_s": _rounded(event.end_s), "values": values}


def _event_from_dict(data: Mapping[str, Any]) -> Event:
    values = {as_text(name): as_number(value) for name, value in as_mapping(data["values"]).items()}
    return Event(as_text(data["kind"]), as_number(data["start_s"]), as_number(data["end_s"]), values)


def clause_to_dict(clause: ClauseVerdict) -> dict[str, Any]:
    """One entry of ``clauses``."""
    return {
        "id": clause.id,
        "state": clause.state.word,
        "reason": clause.reason.word,
        "value": _rounded(clause.value),
        "error_95": _rounded(clause.error_95),
        "unit": clause.unit,
        "judged_share": _rounded(clause.judged_share),
        "pass_share": _rounded(clause.pass_share),
        "worst_s": _rounded(clause.worst_s),
        "correction": None if clause.correction is None else {"zh": clause.correction.zh, "en": clause.correction.en},
        "source": clause.source,
    }


def _clause_from_dict(data: Mapping[str, Any]) -> ClauseVerdict:
    said = data["correction"]
    return ClauseVerdict(
        id=as_text(data["id"]),
        state=State[as_text(data["state"]).upper()],
        reason=Reason.NONE if data["reason"] is None else Reason[as_text(data["reason"]).upper()],
        value=as_number_or_none(data["value"]),
        unit=as_text(data["unit"]),
        judged_share=as_number(data["judged_share"]),
        pass_share=as_number_or_none(data["pass_share"]),
        worst_s=as_number_or_none(data["worst_s"]),
        correction=None if said is None else _text_from_dict(said),
        source=as_text(data["source"]),
        error_95=as_number_or_none(data.get("error_95")),
    )


def _topic_to_dict(topic: TopicResult) -> dict[str, Any]:
    return {
        "name": topic.name,
        "group": topic.group,
        "topic": topic.topic,
        "clips": [{"path": seen.path, "person_id": seen.person_id} for seen in topic.clips],
        "score": _rounded(topic.score, 1),
        "outcome": topic.outcome,
        "unseen": [{"id": unseen.id, "reason": unseen.reason.word, "views": list(unseen.views)} for unseen in topic.unseen],
    }


def _topic_from_dict(data: Mapping[str, Any]) -> TopicResult:
    return TopicResult(
        name=as_text_or_none(data["name"]),
        group=as_text_or_none(data["group"]),
        topic=as_text(data["topic"]),
        clips=tuple(Seen(as_text(seen["path"]), as_count(seen["person_id"])) for seen in as_list(data["clips"])),
        score=as_number_or_none(data["score"]),
        outcome=as_text(data["outcome"]),
        unseen=tuple(_unseen_from_dict(as_mapping(item)) for item in as_list(data["unseen"])),
    )


def _unseen_from_dict(data: Mapping[str, Any]) -> Unseen:
    return Unseen(as_text(data["id"]), Reason[as_text(data["reason"]).upper()], tuple(map(as_text, as_list(data["views"]))))


def _rounded(value: float | None, digits: int = 3) -> float | None:
    """A plain float JSON can hold; a number that is none becomes null."""
    if value is None or not math.isfinite(value):
        return None
    return round(float(value), digits) + 0.0


def _document(results: Results, clips: list[str]) -> str:
    """The whole text; the clips come rendered, so that one more clip does not mean rendering all of them again."""
    rules = [{"file": rule.file, "sha256": rule.sha256} for rule in results.rules]
    head: dict[str, Any] = {"schema": SCHEMA, "generator": results.generator, "rules": rules}
    tail = {
        "errors": [{"path": error.path, "error": error.words.en, "error_zh": error.words.zh} for error in results.errors],
        "skipped": [{"path": item.path, "reason": item.reason} for item in results.skipped],
    }
    head["topics"] = [_topic_to_dict(topic) for topic in results.topics]
    body = "[]" if not clips else "[\n" + ",\n".join(clips) + "\n  ]"
    return _pretty(head)[:-2] + ',\n  "clips": ' + body + ",\n" + _pretty(tail)[2:] + "\n"


def _entry(clip: ClipResult) -> str:
    return indent(_pretty(clip_to_dict(clip)), "    ")


def _pretty(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False)
