"""Judges the clips of an earlier grading again, side by side, and writes its reports anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import repeat
from pathlib import Path
from threading import Event as Flag
from typing import Protocol

from posecoach.errors import OutputError, SourceError
from posecoach.jobs.listener import STOPPED, Listener
from posecoach.jobs.regrade import regrade_clip
from posecoach.jobs.rules_asked import head_of, rulebook_of
from posecoach.jobs.unchanged import Keys, Known, Note, code_key, load_note, save_note, side_by_side
from posecoach.judging.charts import Charts
from posecoach.judging.pipeline import GradeOptions
from posecoach.judging.results import ClipError, ClipResult, Results
from posecoach.judging.together import parts_of, topics_of
from posecoach.reports.report import RecordedCharts, Report, write_report
from posecoach.reports.results_csv import dump_csv
from posecoach.reports.rows import Head
from posecoach.rulebook.drill_loading import Rulebook
from posecoach.runners.processes import (
    DEFAULT_LIMIT_S,
    Failed,
    InlineRunner,
    Job,
    LocalRunner,
    OnProgress,
    Runner,
    Shared,
    run_all,
    usable_cores,
)
from posecoach.storage.clip_records import ClipRecord, clip_id_of, load_record, save_record
from posecoach.storage.output_folder import OF_GRADING, REGRADED, RESULTS, TABLE, OutputFolder
from posecoach.storage.output_runs import alone_in
from posecoach.storage.results_json import dump_results, load_results
from posecoach.storage.whole_files import write_atomically
from posecoach.vocabulary import Text

_MANY_FRAMES = 20_000
"""From here on judging again takes longer than starting processes for it."""
_CLIPS_A_JOB = 16
"""Where one trips a library, each gets a job of its own."""


Judge = Callable[[ClipResult, Path, GradeOptions], tuple[ClipResult, Charts]]


@dataclass(frozen=True, slots=True)
class RegradeOptions:
    """What `posecoach regrade` was asked for; ``force``: write beside what posecoach did not write, which stays.

    ``drills``: by what clips are judged from now on, by their paths; the others as before. ``judge`` does it.
    ``all_again``: judge also what has not changed since it was judged again the last time.
    """

    folder: Path
    rules_folder: Path | None = None
    strict: bool = False
    force: bool = False
    drills: Mapping[str, str] = field(default_factory=dict)
    judge: Judge = regrade_clip
    all_again: bool = False


class RegradeListener(Listener, Protocol):
    """Hears how far judging again is."""

    def kept(self, unchanged: Sequence[ClipResult], count: int) -> None:
        """Of ``count`` clips these have not changed and keep their results; `clip_done` tells of the others."""


def regrade_all(options: RegradeOptions, listener: RegradeListener, stop: Flag | None = None) -> int:
    """Judge the clips of an earlier grading again from their landmarks and write its reports anew; returns the exit status.

    What has not changed since the last time stays as it is (`posecoach.jobs.unchanged`). Ctrl-C, or ``stop`` being set, while clips are
    judged leaves all results as they were: some by these rules and some by those of before would be told as made by these.

    Raises `RulesError`, `OutputError`, and `SourceError` when the folder holds no results, or those of a row.
    """
    folder, book = options.folder, rulebook_of(options.rules_folder, options.strict)
    with alone_in(folder):
        earlier = load_results(folder)
        if earlier.is_row:
            raise SourceError(
                Text(
                    f"{folder} 里是一次队列检查的结果；请用 posecoach lineup 和 --rules 重新评",
                    f"{folder} holds a row of people: judge it again with posecoach lineup and --rules",
                )
            )
        if not earlier.clips:
            return _nothing_to_judge(earlier, listener)
        OutputFolder(folder).claim(OF_GRADING, force=options.force)
        clips = tuple(replace(clip, drill=options.drills.get(clip.path, clip.drill)) for clip in earlier.clips)
        return _Regrading(options, replace(earlier, clips=clips), book).run(listener, stop or Flag())


def _nothing_to_judge(earlier: Results, listener: Listener) -> int:
    """Tell why; the folder stays as it is."""
    listener.begin(len(earlier.errors))
    for problem in earlier.errors:
        listener.clip_failed(problem.path, problem.words)
    listener.end((), {}, None, False)
    return 1


_Name = tuple[str, str | None, str]


def _name_of(clip: ClipResult) -> _Name:
    """What judging again does not change, and what is read of a clip hangs on."""
    return clip.path, clip.landmarks, clip.drill


@dataclass(slots=True)
class _Judged:
    """Clips judged, the groups of their rosters by clip id, and those that could not be judged."""

    clips: list[ClipResult] = field(default_factory=list)
    groups: dict[str, str | None] = field(default_factory=dict)
    errors: list[ClipError] = field(default_factory=list)

    def take(self, part: _Judged, listener: Listener) -> None:
        """Take in some more, and tell of them."""
        for error in part.errors:
            listener.clip_failed(error.path, error.words)
        for clip in part.clips:
            listener.clip_done(clip)
        self.clips += part.clips
        self.groups |= part.groups
        self.errors += part.errors


@dataclass(frozen=True, slots=True)
class _Regrading:
    """What is to be judged again by what."""

    asked: RegradeOptions
    earlier: Results
    book: Rulebook

    def run(self, listener: RegradeListener, stop: Flag) -> int:
        """Judge and write what is not as it was; returns the exit status."""
        folder, clips, head = self.asked.folder, self.earlier.clips, head_of(self.book)
        listener.begin(len(clips) + len(self.earlier.errors))
        for problem in self.earlier.errors:
            listener.clip_failed(problem.path, problem.words)
        options = GradeOptions(tuple(self.book.rule_sets.values()), drills=tuple(self.book.drills.values()))
        judge, code = self.asked.judge, code_key()
        keys = Keys.of(folder, f"{judge.__module__} {judge.__qualname__} {code}", options, clips)
        inputs = dict(zip(map(_name_of, clips), side_by_side(keys.inputs, clips) if code else repeat(""), strict=False))
        note = Note() if self.asked.all_again else load_note(folder)
        kept: list[ClipResult] = []
        changed: list[ClipResult] = []
        for clip in clips:
            (kept if _is_as_noted(clip, note, keys, inputs) else changed).append(clip)
        if kept:
            listener.kept(kept, len(clips))
        if changed or not note.reports or note.reports != keys.reports(self.book, head.made, note.clips):
            frames = sum(clip.frames_analysed for clip in clips)
            with LocalRunner(usable_cores()) if frames >= _MANY_FRAMES else InlineRunner() as runner:
                try:
                    judged = _judge_all(_Again(folder, options, judge), changed, runner, listener, stop)
                except KeyboardInterrupt:
                    judged = None
                if judged is None:
                    listener.end((), {}, None, True)
                    return STOPPED
                known = {clip_id_of(clip): note.clips[clip_id_of(clip)] for clip in kept}
                for clip in judged.clips:
                    group = judged.groups[clip_id_of(clip)]
                    known[clip_id_of(clip)] = Known(keys.key(clip, inputs[_name_of(clip)], group), group)
                fresh = tuple(judged.clips)
                results = self._write(head, (*kept, *fresh), known, judged.errors, runner)
            if code and code == code_key():
                save_note(folder, Note(known, keys.reports(self.book, head.made, known)))
        else:
            fresh, results = (), self.earlier
        listener.end(fresh, {**head.names, **head.drills}, folder, False)
        return int(bool(results.errors))

    def _write(
        self, head: Head, clips: Sequence[ClipResult], known: Mapping[str, Known], errors: Sequence[ClipError], runner: Runner
    ) -> Results:
        """Write everything: not before all is judged, so that whoever stops loses nothing."""
        folder, groups = OutputFolder(self.asked.folder), {clip_id: one.group for clip_id, one in known.items()}
        by_path = sorted(clips, key=lambda clip: clip.path)
        parts = (part for clip in by_path for part in parts_of(clip, groups[clip_id_of(clip)]))
        results = Results(
            generator=head.generator,
            rules=head.rules,
            clips=tuple(by_path),
            errors=tuple(sorted((*self.earlier.errors, *errors), key=lambda error: error.path)),
            skipped=self.earlier.skipped,
            topics=topics_of(parts, tuple(self.book.rule_sets.values())),
        )
        write_atomically(folder.file(RESULTS), dump_results(results).encode())
        write_atomically(folder.file(TABLE), dump_csv(results).encode("utf-8-sig"))
        write_report(folder.path, Report.of(head, results, groups, RecordedCharts(folder.path, REGRADED)), runner)
        return results


def _is_as_noted(clip: ClipResult, note: Note, keys: Keys, inputs: Mapping[_Name, str]) -> bool:
    """Whether judging a clip again would say what it said the last time."""
    known = note.clips.get(clip_id_of(clip))
    return known is not None and known.key != "" and known.key == keys.key(clip, inputs[_name_of(clip)], known.group)


@dataclass(frozen=True, slots=True)
class _Again:
    """How clips of a folder are judged."""

    folder: Path
    options: GradeOptions
    judge: Judge


def _judge_all(again: _Again, clips: Sequence[ClipResult], runner: Runner, listener: Listener, stop: Flag) -> _Judged | None:
    """None where ``stop`` is set before the end.

    Raises `OutputError`: what cannot be written is no fault of a clip, and the results stay as they are.
    """
    judged, how = _Judged(), Shared(again)
    parts = [clips[start : start + _CLIPS_A_JOB] for start in range(0, len(clips), _CLIPS_A_JOB)]
    while parts:
        alone: list[Sequence[ClipResult]] = []
        for event in run_all(runner, [Job(i, _judge_some, (part, how), DEFAULT_LIMIT_S) for i, part in enumerate(parts)]):
            part = parts[event.key]
            if not isinstance(event, Failed):
                judged.take(event.value, listener)
            elif isinstance(event.error, OutputError):
                raise event.error
            elif len(part) > 1:
                alone += [(clip,) for clip in part]
            else:
                judged.take(_Judged(errors=[ClipError(part[0].path, event.error.words)]), listener)
            if stop.is_set():
                return None
        parts = alone
    judged.clips.sort(key=lambda clip: clip.path)
    return judged


def _judge_some(clips: Sequence[ClipResult], shared: Shared[_Again], _report: OnProgress) -> _Judged:
    """Judge clips anew and keep their charts for the report."""
    judged, how = _Judged(), shared.value
    for clip in clips:
        clip_id = clip_id_of(clip)
        try:
            again, charts = how.judge(clip, how.folder, how.options.narrowed_to(clip.drill))
        except SourceError as error:
            judged.errors.append(ClipError(clip.path, error.words))
            continue
        before = load_record(how.folder, clip_id)
        judged.groups[clip_id] = before.group if before else None
        judged.clips.append(again)
        save_record(how.folder, clip_id, ClipRecord("", again, judged.groups[clip_id], charts.to_dict()), REGRADED)
    return judged
