"""Grades many inputs side by side and writes the reports as it goes."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event as Flag
from typing import Any, Literal, NamedTuple

import posecoach
from posecoach.body.observed import Neutral
from posecoach.body.records import AS_IT_IS, Turn
from posecoach.errors import OutputError, PosecoachError, WorkerError
from posecoach.estimators.mediapipe_models import check_installed
from posecoach.jobs.clips import DEFAULT_FPS, data_sinks
from posecoach.jobs.grading import ClipWork, OutputOptions, Pieces, grade_clip, join_pieces, neutral_of, read_piece
from posecoach.jobs.listener import STOPPED, Listener
from posecoach.jobs.rules_asked import head_of, rulebook_of
from posecoach.jobs.tools import USUAL, Tools, by_model
from posecoach.judging.pipeline import GradeOptions
from posecoach.judging.results import ClipError, ClipResult
from posecoach.reports.report import RecordedCharts, Report, write_report
from posecoach.reports.rows import drills_of
from posecoach.rulebook.drill_loading import Rulebook
from posecoach.rulebook.schema import AUTO
from posecoach.runners.processes import DEFAULT_LIMIT_S, Event, Failed, Job, Progress, Runner, overdue, run_all, usable_cores
from posecoach.sources.inputs import FoundInputs, Input, find_inputs
from posecoach.storage.output_folder import ANNOTATED, CLIPS, DEFAULT, LANDMARKS, OF_GRADING, OutputFolder
from posecoach.storage.output_runs import writing_into
from posecoach.storage.report_sink import ReportSink
from posecoach.storage.roster import RosterEntry, drill_names, find_entry, match_roster, parse_roster
from posecoach.storage.tables import read_table
from posecoach.vocabulary import PoseModel, Profile, Text

LIMIT_OF_LENGTH = 4.0

_POLL_S = 0.2

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """What `posecoach grade` was asked for.

    ``jobs``: how many clips are worked on at a time, None for one a core. ``limit_s``: seconds of work a clip may take, a
    long one with all its pieces; None for `DEFAULT_LIMIT_S` or, where that is more, four times its length.
    ``resume``: clips that an earlier run into the same folder finished with the same content, options and rules are taken as they are.
    ``force``: write beside what posecoach did not write, which stays. ``turn``: what is done to pictures of which the roster says nothing.
    ``model``: that of the pose.
    """

    paths: tuple[str, ...]
    drill: str = AUTO
    profile: str = "unspecified"
    rules_folder: Path | None = None
    strict: bool = False
    out: Path = Path(DEFAULT)
    fps: float = DEFAULT_FPS
    annotate: bool = True
    blur_faces: bool = False
    reference: str | None = None
    roster: Path | None = None
    jobs: int | None = None
    limit_s: float | None = None
    turn: Turn = AS_IT_IS
    resume: bool = False
    force: bool = False
    model: PoseModel = "full"


def grade_all(options: BatchOptions, listener: Listener, stop: Flag | None = None, tools: Tools = USUAL) -> int:
    """Grade every input; returns the exit status of `posecoach grade`.

    Where there is nothing to grade, or nothing was finished before a stop, the output folder keeps the results of before. Ctrl-C, or
    ``stop`` being set, ends it with what is finished. ``tools`` do the work.
    Raises `RulesError`, `RosterError`, `OutputError`, `EstimatorError` where ``model`` is not installed, and what is wrong with ``drill``
    or ``reference``.
    """
    check_installed(options.model)
    tools = replace(tools, estimator=by_model(tools.estimator, options.model))
    book = rulebook_of(options.rules_folder, options.strict)
    drills = drills_of(book.asked)
    if options.drill not in drills:
        raise PosecoachError(_no_drill(options.drill, list(drills)))
    roster = parse_roster(read_table(options.roster), drill_names(book.asked)) if options.roster else ()
    plan = _Plan(options, book, roster, find_inputs(options.paths), tools)
    if not plan.found.inputs:
        return _nothing_to_grade(plan.found, listener)
    with writing_into(options.out, OF_GRADING, force=options.force, of_row=False) as folder:
        folder.make_folders(LANDMARKS, ANNOTATED, CLIPS)
        listener.begin(len(plan.found.inputs) + len(plan.found.problems))
        if options.roster:
            listener.roster_matched(match_roster(roster, [item.path for item in plan.found.inputs]))
        runner = tools.runner(options.jobs or usable_cores())
        return _grade_inputs(plan, folder, runner, listener, stop or Flag())


def _nothing_to_grade(found: FoundInputs, listener: Listener) -> int:
    """Tell why; what an earlier run left in the output folder stays as it is."""
    listener.begin(len(found.problems))
    for problem in found.problems:
        listener.clip_failed(problem.path, problem.words)
    listener.passed_over(found.skipped)
    listener.end((), {}, None, False)
    return 1


def _grade_inputs(plan: _Plan, folder: OutputFolder, runner: Runner, listener: Listener, stop: Flag) -> int:
    options, head = plan.options, head_of(plan.book)
    with ExitStack() as stack:
        stack.enter_context(runner)
        neutral = _reference(options.reference, plan.tools.estimator, runner) if options.reference else None
        if not options.resume:
            folder.forget_pieces()
        sinks = [stack.enter_context(sink) for sink in data_sinks(folder, head.generator, head.rules, head.rule_sets)]
        problems = plan.found.problems
        for sink in sinks:
            sink.skip(plan.found.skipped, [ClipError(problem.path, problem.words) for problem in problems])
        for problem in problems:
            listener.clip_failed(problem.path, problem.words)
        works = [plan.for_input(item, neutral) for item in plan.found.inputs]
        stopped = _Batch(works, options.limit_s, sinks, listener).run(runner, stop)
        results, has_report = sinks[0].results, sinks[0].has_news
    if has_report:
        groups = {work.item.clip_id: work.group for work in works}
        write_report(folder.path, Report.of(head, results, groups, RecordedCharts(folder.path)))
    listener.passed_over(results.skipped)
    listener.end(results.clips, {**head.names, **head.drills}, folder.path if has_report else None, stopped)
    return STOPPED if stopped else int(bool(results.errors))


def _no_drill(asked: str, known: Sequence[str]) -> Text:
    listed = ", ".join(known)
    return Text(f"没有项目 {asked!r}；--drill 只能是 {listed} 之一", f"there is no topic {asked!r}; --drill is one of {listed}")


@dataclass(frozen=True, slots=True)
class _Plan:
    """What was asked for, once it is read."""

    options: BatchOptions
    book: Rulebook
    roster: tuple[RosterEntry, ...]
    found: FoundInputs
    tools: Tools

    def for_input(self, item: Input, neutral: Neutral | None) -> ClipWork:
        """What is to be done with one input."""
        entry = find_entry(self.roster, item.path) or RosterEntry(item.path)
        drill, profile = entry.drill or self.options.drill, entry.profile or Profile(self.options.profile)
        steps = self.book.drills.get(drill)
        rule_sets = tuple(self.book.rule_sets.values())
        grade = GradeOptions(rule_sets, drill, profile, neutral, entry.name, () if steps is None else (steps,))
        output = OutputOptions(self.options.out, self.options.fps, self.options.annotate, self.options.blur_faces)
        reference = None if entry.reference is None else str(Path(str(self.options.roster)).parent / entry.reference)
        rotate_deg = self.options.turn.rotate_deg if entry.rotate_deg is None else entry.rotate_deg
        is_mirrored = self.options.turn.is_mirrored if entry.is_mirrored is None else entry.is_mirrored
        item = replace(item, turn=Turn(rotate_deg, is_mirrored))
        work = ClipWork(item, grade, output, reference, entry.group, resume=self.options.resume, model=self.options.model)
        return replace(work, asked=_asked(work), estimator=self.tools.estimator, cutting=self.tools.cutting)


def _asked(work: ClipWork) -> str:
    """All options that matter to the result of a clip, and the version that makes it."""
    rules: list[tuple[str, str, int]] = [(s.file, s.sha256, len(s.rules)) for s in work.options.rule_sets]
    rules += [(drill.file, drill.sha256, len(drill.steps)) for drill in work.options.drills]
    grade = work.options
    who = (work.item.turn, grade.drill, grade.profile.value, grade.name, work.group, grade.neutral, work.reference)
    output = (work.output.fps, work.output.annotate, work.output.blur_faces)
    return repr((posecoach.__version__, work.item.path, *output, work.model, *who, rules))


def _reference(path: str, estimator: Callable[..., Any], runner: Runner) -> Neutral:
    """The neutral of the picture or clip given by ``--reference``."""
    file = Path(path).absolute()
    (event,) = run_all(runner, [Job(path, neutral_of, (str(file), estimator), DEFAULT_LIMIT_S, (file,))])
    if isinstance(event, Failed):
        raise event.error
    neutral: Neutral = event.value
    return neutral


class _Key(NamedTuple):
    """What a job is about."""

    clip_id: str
    stage: Literal["grade", "piece", "join"]
    number: int = 0


@dataclass(slots=True)
class _Long:
    """A clip in pieces: of each the frames done, pieces to be read yet, seconds of work it may take and has taken."""

    frames: dict[int, int]
    to_read: int
    limit_s: float
    spent_s: float = 0.0


class _Batch:
    """The clips of a run, from the first job handed in to the last result."""

    def __init__(self, works: Sequence[ClipWork], limit_s: float | None, sinks: Sequence[ReportSink], listener: Listener) -> None:
        self._works = {work.item.clip_id: work.anywhere() for work in works}
        self._limit_s = limit_s
        self._sinks, self._listener = sinks, listener
        # Or one process works on the last long clip while the others wait.
        largest_first = sorted(self._works.values(), key=_bytes_of, reverse=True)
        first_s = limit_s or DEFAULT_LIMIT_S
        self._todo = deque(Job(_Key(work.item.clip_id, "grade"), grade_clip, (work,), first_s, work.files) for work in largest_first)
        self._long: dict[str, _Long] = {}
        self._begun_s: dict[_Key, float] = {}

    def run(self, runner: Runner, stop: Flag) -> bool:
        """Work until all is done; returns whether it was stopped before."""
        running = 0
        try:
            while (self._todo or running) and not stop.is_set():
                while self._todo and running < runner.capacity:
                    running += self._hand_in(self._todo.popleft(), runner)
                for event in runner.events(_POLL_S):
                    running -= not isinstance(event, Progress)
                    self._take(event)
        except KeyboardInterrupt:
            return True
        return bool(self._works)

    def _take(self, event: Event) -> None:
        key: _Key = event.key
        if not isinstance(event, Progress):
            self._spend(key)
        work = self._works.get(key.clip_id)
        if work is None:  # another piece of it has failed before
            return
        if isinstance(event, Progress):
            self._tell(key, work, event.done, event.total)
        elif isinstance(event, Failed):
            self._give_up(key, work, event.error)
        elif isinstance(event.value, Pieces):
            self._cut(key, work, event.value)
        elif key.stage == "piece":
            self._join(key, work)
        else:
            self._finish(key, event.value)

    def _cut(self, key: _Key, work: ClipWork, pieces: Pieces) -> None:
        limit_s = self._limit_s or max(DEFAULT_LIMIT_S, LIMIT_OF_LENGTH * pieces.length_s)
        self._long[key.clip_id] = _Long(dict.fromkeys(range(pieces.count), 0), pieces.count, limit_s)
        for number in reversed(range(pieces.count)):
            arguments = (work, number, pieces.count)
            self._todo.appendleft(Job(_Key(key.clip_id, "piece", number), read_piece, arguments, limit_s, work.files))

    def _join(self, key: _Key, work: ClipWork) -> None:
        """Another piece is read; the last one is followed by the joining of all."""
        clip = self._long[key.clip_id]
        clip.to_read -= 1
        if not clip.to_read:
            self._todo.appendleft(Job(_Key(key.clip_id, "join"), join_pieces, (work, len(clip.frames)), clip.limit_s, work.files))

    def _hand_in(self, job: Job, runner: Runner) -> bool:
        """Have a job done in the time that is left to its clip; False where there is none, and the clip is given up."""
        clip = self._long.get(job.key.clip_id)
        if clip is not None:
            if clip.spent_s >= clip.limit_s:
                self._give_up(job.key, self._works[job.key.clip_id], overdue(clip.limit_s))
                return False
            job = replace(job, limit_s=clip.limit_s - clip.spent_s)
        self._begun_s[job.key] = time.monotonic()
        runner.submit(job)
        if job.key.stage == "grade":
            self._listener.clip_begun(self._works[job.key.clip_id].item.path)
        return True

    def _spend(self, key: _Key) -> None:
        clip = self._long.get(key.clip_id)
        if clip is not None:
            clip.spent_s += time.monotonic() - self._begun_s[key]

    def _tell(self, key: _Key, work: ClipWork, done: int, total: int) -> None:
        clip = self._long.get(key.clip_id)
        if clip is not None:
            clip.frames[key.number] = done
            done, total = sum(clip.frames.values()), total * len(clip.frames)
        self._listener.frames_done(work.item.path, done, total)

    def _give_up(self, key: _Key, work: ClipWork, error: PosecoachError) -> None:
        if isinstance(error, OutputError):
            raise error
        clip = self._long.get(key.clip_id)
        if clip is not None and clip.spent_s >= clip.limit_s:
            error = overdue(clip.limit_s)
        self._drop(key)
        _fail(self._sinks, self._listener, work.item.path, _advised(error))

    def _finish(self, key: _Key, clip: ClipResult) -> None:
        group = self._works[key.clip_id].group
        self._drop(key)
        for sink in self._sinks:
            sink.add(clip, group)
        self._listener.clip_done(clip)

    def _drop(self, key: _Key) -> None:
        del self._works[key.clip_id]
        if self._long.pop(key.clip_id, None):
            self._todo = deque(job for job in self._todo if job.key.clip_id != key.clip_id)


def _bytes_of(work: ClipWork) -> int:
    try:
        return work.item.file.stat().st_size
    except OSError:  # it is told when its turn comes
        return 0


def _advised(error: PosecoachError) -> Text:
    """What a clip failed of; where it was its process, what may help."""
    if not isinstance(error, WorkerError):
        return error.words
    return Text(
        f"{error.words.zh}；请用 --resume 和更长的 --time-limit 重新评分，或转成 MP4",
        f"{error.words.en}; grade it again with --resume and a longer --time-limit, or convert it to MP4",
    )


def _fail(sinks: Sequence[ReportSink], listener: Listener, path: str, words: Text) -> None:
    for sink in sinks:
        sink.fail(path, words)
    listener.clip_failed(path, words)
