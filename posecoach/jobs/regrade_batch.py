"""Judges the clips of an earlier grading again, side by side, and writes its reports anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from posecoach.errors import OutputError, SourceError
from posecoach.jobs.batch import DEFAULT_LIMIT_S, Listener, head_of, rulebook_of
from posecoach.jobs.regrade import regrade_clip
from posecoach.judging.charts import Charts
from posecoach.judging.pipeline import GradeOptions
from posecoach.judging.results import ClipError, ClipResult, Results
from posecoach.judging.together import parts_of, topics_of
from posecoach.reports.report import RecordedCharts, Report, write_report
from posecoach.reports.results_csv import dump_csv
from posecoach.rulebook.drill_loading import Rulebook
from posecoach.runners.processes import Failed, InlineRunner, Job, LocalRunner, OnProgress, Runner, run_all, usable_cores
from posecoach.storage.clip_records import ClipRecord, clip_id_of, load_record, save_record
from posecoach.storage.output_folder import OF_GRADING, REGRADED, RESULTS, TABLE, OutputFolder
from posecoach.storage.output_runs import alone_in
from posecoach.storage.results_json import dump_results, load_results
from posecoach.storage.whole_files import write_atomically
from posecoach.vocabulary import Text

_MANY_FRAMES = 20_000
"""From here on judging again takes longer than starting processes for it."""
_CLIPS_A_JOB = 16
"""To judge a clip again takes hardly longer than to hand over the rules; where one trips a library, each gets a job of its own."""


Judge = Callable[[ClipResult, Path, GradeOptions], tuple[ClipResult, Charts]]


@dataclass(frozen=True, slots=True)
class RegradeOptions:
    """What `posecoach regrade` was asked for; ``force``: write beside what posecoach did not write, which stays.

    ``drills``: by what clips are judged from now on, by their paths; the others as before. ``judge`` does it.
    """

    folder: Path
    rules_folder: Path | None = None
    strict: bool = False
    force: bool = False
    drills: Mapping[str, str] = field(default_factory=dict)
    judge: Judge = regrade_clip


def regrade_all(options: RegradeOptions, listener: Listener) -> int:
    """Judge all clips of an earlier grading again from their landmarks and write its reports anew; returns the exit status.

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
        return _regrade(OutputFolder(folder), replace(earlier, clips=clips), book, options.judge, listener)


def _nothing_to_judge(earlier: Results, listener: Listener) -> int:
    """Tell why; the folder stays as it is."""
    listener.begin(len(earlier.errors))
    for problem in earlier.errors:
        listener.clip_failed(problem.path, problem.words)
    listener.end((), {}, None, False)
    return 1


def _regrade(folder: OutputFolder, earlier: Results, book: Rulebook, judge: Judge, listener: Listener) -> int:
    listener.begin(len(earlier.clips) + len(earlier.errors))
    for problem in earlier.errors:
        listener.clip_failed(problem.path, problem.words)
    frames = sum(clip.frames_analysed for clip in earlier.clips)
    with LocalRunner(usable_cores()) if frames >= _MANY_FRAMES else InlineRunner() as runner:
        options = GradeOptions(tuple(book.rule_sets.values()), drills=tuple(book.drills.values()))
        judged = _judge_all(_Again(folder.path, options, judge), earlier.clips, runner, listener)
        errors = (*earlier.errors, *judged.errors)
        head = head_of(book)
        parts = (part for clip in judged.clips for part in parts_of(clip, judged.groups[clip_id_of(clip)]))
        results = Results(
            generator=head.generator,
            rules=head.rules,
            clips=tuple(judged.clips),
            errors=tuple(sorted(errors, key=lambda error: error.path)),
            skipped=earlier.skipped,
            topics=topics_of(parts, options.rule_sets),
        )
        write_atomically(folder.file(RESULTS), dump_results(results).encode())  # not before all is judged: whoever stops loses nothing
        write_atomically(folder.file(TABLE), dump_csv(results).encode("utf-8-sig"))
        write_report(folder.path, Report.of(head, results, judged.groups, RecordedCharts(folder.path, REGRADED)), runner)
    listener.end(results.clips, {**head.names, **head.drills}, folder.path, False)
    return int(bool(results.errors))


@dataclass(slots=True)
class _Judged:
    """Clips judged anew, the groups of their rosters by clip id, and those that could not be judged."""

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
class _Again:
    """How clips of a folder are judged."""

    folder: Path
    options: GradeOptions
    judge: Judge


def _judge_all(again: _Again, clips: Sequence[ClipResult], runner: Runner, listener: Listener) -> _Judged:
    """Raises `OutputError`: what cannot be written is no fault of a clip, and the results stay as they are."""
    judged = _Judged()
    parts = [clips[start : start + _CLIPS_A_JOB] for start in range(0, len(clips), _CLIPS_A_JOB)]
    while parts:
        alone: list[Sequence[ClipResult]] = []
        for event in run_all(runner, [Job(i, _judge_some, (part, again), DEFAULT_LIMIT_S) for i, part in enumerate(parts)]):
            part = parts[event.key]
            if not isinstance(event, Failed):
                judged.take(event.value, listener)
            elif isinstance(event.error, OutputError):
                raise event.error
            elif len(part) > 1:
                alone += [(clip,) for clip in part]
            else:
                judged.take(_Judged(errors=[ClipError(part[0].path, event.error.words)]), listener)
        parts = alone
    judged.clips.sort(key=lambda clip: clip.path)
    return judged


def _judge_some(clips: Sequence[ClipResult], how: _Again, _report: OnProgress) -> _Judged:
    """Judge clips anew and keep their charts for the report."""
    judged = _Judged()
    for clip in clips:
        clip_id = clip_id_of(clip)
        try:
            again, charts = how.judge(clip, how.folder, how.options)
        except SourceError as error:
            judged.errors.append(ClipError(clip.path, error.words))
            continue
        before = load_record(how.folder, clip_id)
        judged.groups[clip_id] = before.group if before else None
        judged.clips.append(again)
        save_record(how.folder, clip_id, ClipRecord("", again, judged.groups[clip_id], charts.to_dict()), REGRADED)
    return judged
