"""Grades many inputs one after the other and writes the reports as it goes."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import posecoach
from posecoach.body import Neutral
from posecoach.errors import OutputError, PosecoachError, SourceError
from posecoach.grading import OutputOptions, grade_input, neutral_of
from posecoach.measures import MEASURES
from posecoach.pipeline import GradeOptions
from posecoach.records import ClipResult, Frame, Profile, Text
from posecoach.regrade import regrade_clip
from posecoach.reports.base import ReportSink, RuleFile
from posecoach.reports.html import ClauseNote, HtmlSink
from posecoach.reports.results_csv import CsvSink
from posecoach.reports.results_json import JsonSink, load_results
from posecoach.resources import rules_dir
from posecoach.roster import RosterEntry, RosterError, find_entry, parse_roster
from posecoach.rule_schema import RuleSet
from posecoach.rules import load_rule_sets
from posecoach.sources.base import Source
from posecoach.sources.inputs import Input, find_inputs

STOPPED = 130

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """What `posecoach grade` was asked for."""

    paths: tuple[str, ...]
    drill: str = "auto"
    profile: str = "unspecified"
    rules_folder: Path | None = None
    strict: bool = False
    out: Path = Path("posecoach-out")
    fps: float = 10.0
    annotate: bool = True
    reference: str | None = None
    roster: Path | None = None


class Listener(Protocol):
    """Hears how far a batch is."""

    def begin(self, count: int) -> None:
        """A batch of ``count`` inputs begins."""

    def clip_begins(self, path: str) -> None:
        """The input called ``path`` is being read."""

    def frame_done(self, source: Source, frame: Frame) -> None:
        """A frame was analysed."""

    def clip_done(self, clip: ClipResult) -> None:
        """A clip is graded and written."""

    def clip_failed(self, path: str, error: str) -> None:
        """An input could not be graded."""

    def end(self, clips: Sequence[ClipResult], names: Mapping[str, Text], out: Path, stopped: bool) -> None:
        """The batch is over, or was stopped."""


def grade_all(options: BatchOptions, listener: Listener) -> int:
    """Grade every input; returns the exit status of `posecoach grade`. Raises `RulesError`, `RosterError`, `OutputError`."""
    rule_sets = _rule_sets(options.rules_folder, options.strict)
    roster = _load_roster(options.roster, [*(s.topic for s in rule_sets), "auto"])
    neutral = neutral_of(options.reference) if options.reference else None
    base = GradeOptions(rule_sets, options.drill, Profile(options.profile), neutral)
    _make_folder(options.out)
    inputs, problems = find_inputs(options.paths)
    listener.begin(len(inputs))
    with ExitStack() as stack:
        sinks = [stack.enter_context(sink) for sink in _sinks(options.out, rule_sets)]
        for problem in problems:
            _fail(sinks, listener, problem.path, problem.message)
        stopped = _grade_each(inputs, _Plan(base, roster, options), sinks, listener)
        results = sinks[0].results
    listener.end(results.clips, _names(rule_sets), options.out, stopped)
    return STOPPED if stopped else int(bool(results.errors))


def regrade_all(folder: Path, rules_folder: Path | None, strict: bool, listener: Listener) -> int:
    """Judge all clips of an earlier grading again from their landmarks and write its reports anew; returns the exit status.

    Raises `RulesError`, `OutputError`, and `SourceError` when ``folder`` holds no results.
    """
    rule_sets = _rule_sets(rules_folder, strict)
    earlier = load_results(folder)
    listener.begin(len(earlier.clips))
    with ExitStack() as stack:
        sinks = [stack.enter_context(sink) for sink in _sinks(folder, rule_sets)]
        for problem in earlier.errors:
            _fail(sinks, listener, problem.path, problem.error)
        for clip in earlier.clips:
            try:
                again = regrade_clip(clip, folder, GradeOptions(rule_sets))
            except SourceError as error:
                _fail(sinks, listener, clip.path, str(error))
                continue
            for sink in sinks:
                sink.add(again)
            listener.clip_done(again)
        results = sinks[0].results
    listener.end(results.clips, _names(rule_sets), folder, False)
    return int(bool(results.errors))


def _rule_sets(folder: Path | None, strict: bool) -> tuple[RuleSet, ...]:
    found = load_rule_sets(folder or rules_dir(), MEASURES).values()
    return tuple(rule_set.without_custom() if strict else rule_set for rule_set in found)


def _names(rule_sets: Sequence[RuleSet]) -> dict[str, Text]:
    return {rule.id: rule.clause for rule_set in rule_sets for rule in rule_set.rules}


@dataclass(frozen=True, slots=True)
class _Plan:
    base: GradeOptions
    roster: tuple[RosterEntry, ...]
    options: BatchOptions

    def for_input(self, path: str) -> GradeOptions:
        entry = find_entry(self.roster, path)
        if entry is None:
            return self.base
        neutral = _neutral_beside(str(self.options.roster), entry.reference) if entry.reference else self.base.neutral
        return replace(
            self.base,
            drill=entry.drill or self.base.drill,
            profile=entry.profile or self.base.profile,
            name=entry.name,
            neutral=neutral,
        )


@lru_cache(maxsize=64)
def _neutral_beside(roster: str, reference: str) -> Neutral:
    """The neutral of a roster's reference, a path relative to the roster."""
    return neutral_of(str(Path(roster).parent / reference))


def _grade_each(inputs: Sequence[Input], plan: _Plan, sinks: Sequence[ReportSink], listener: Listener) -> bool:
    output = OutputOptions(plan.options.out, plan.options.fps, plan.options.annotate)
    try:
        for item in inputs:
            listener.clip_begins(item.path)
            try:
                clip = grade_input(item, plan.for_input(item.path), output, listener.frame_done)
            except OutputError:
                raise
            except PosecoachError as error:
                _fail(sinks, listener, item.path, str(error))
                continue
            except Exception as error:  # a clip that trips a library must not stop the folder
                logger.exception("%s", item.path)
                _fail(sinks, listener, item.path, f"could not be graded: {type(error).__name__}: {error}")
                continue
            for sink in sinks:
                sink.add(clip)
            listener.clip_done(clip)
    except KeyboardInterrupt:
        return True
    return False


def _fail(sinks: Sequence[ReportSink], listener: Listener, path: str, error: str) -> None:
    for sink in sinks:
        sink.fail(path, error)
    listener.clip_failed(path, error)


def _sinks(out: Path, rule_sets: Sequence[RuleSet]) -> list[ReportSink]:
    generator = f"posecoach {posecoach.__version__}"
    rules = [RuleFile(rule_set.file, rule_set.sha256) for rule_set in rule_sets]
    notes = {
        rule.id: ClauseNote(rule.origin == "derived", rule.never, rule.self_check) for rule_set in rule_sets for rule in rule_set.rules
    }
    return [
        JsonSink(out / "results.json", generator, rules),
        CsvSink(out / "results.csv", generator, rules),
        HtmlSink(out / "index.html", generator, rules, _names(rule_sets), notes),
    ]


def _make_folder(out: Path) -> None:
    try:
        for folder in (out, out / "landmarks", out / "annotated"):
            folder.mkdir(parents=True, exist_ok=True)
        probe = out / ".posecoach-probe"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise OutputError(f"cannot write to {out}: {error.strerror}; choose another folder with --out") from error


def _load_roster(path: Path | None, drills: Sequence[str]) -> tuple[RosterEntry, ...]:
    if path is None:
        return ()
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError as error:
        raise RosterError(f"{path}: no such roster file") from error
    except (OSError, UnicodeDecodeError) as error:
        raise RosterError(f"{path}: cannot be read as UTF-8 text: {error}; save it as CSV UTF-8") from error
    return parse_roster(text, path.name, drills)
