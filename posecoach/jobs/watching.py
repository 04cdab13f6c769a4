"""Judges an earlier grading again whenever a rule file is saved, and says what changed."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from posecoach.errors import OutputError, PosecoachError, RulesError
from posecoach.jobs.listener import STOPPED
from posecoach.jobs.regrade_batch import RegradeListener, RegradeOptions, regrade_all
from posecoach.judging.comparing import Comparison, compare
from posecoach.resources import rules_dir
from posecoach.rulebook.drill_loading import FOLDER as DRILLS
from posecoach.storage.output_folder import ForeignFilesError
from posecoach.storage.output_runs import FolderTakenError
from posecoach.storage.results_json import load_results

POLL_S = 0.5
"""How often the rule files are looked at."""

Stamps = dict[Path, tuple[int, int]]

Regrade = Callable[[RegradeOptions, RegradeListener], int]


class WatchListener(RegradeListener, Protocol):
    """Hears each grading, and what came of it."""

    def changed(self, comparison: Comparison) -> None:
        """The clips were judged again; what is different from the last time."""

    def not_regraded(self, error: PosecoachError) -> None:
        """The rules do not load, or another run is at work; the results are as before."""

    def not_written(self, error: PosecoachError) -> None:
        """All is judged, but a report cannot be written; `changed` follows, of `results.json`."""

    def waiting(self, rules_folder: Path) -> None:
        """Nothing to do until a file in this folder is saved."""

    def stopped(self) -> None:
        """Ctrl-C while nothing was being done."""


def watch(
    options: RegradeOptions, listener: WatchListener, regrade: Regrade = regrade_all, sleep: Callable[[float], None] = time.sleep
) -> int:
    """Judge the clips of an output folder again, and once more whenever a rule file changes, until Ctrl-C; returns the exit status.

    0 when it is stopped while waiting, as is the way to end it; `STOPPED` after Ctrl-C while judging. A rule file with a mistake is
    reported, and the next save waited for. Raises `SourceError` when the folder holds no results, `ForeignFilesError`
    as ``regrade``, which does the work.
    """
    folder, rules = options.folder, options.rules_folder or rules_dir()
    while True:
        stamps = stamps_of(rules)
        before = load_results(folder)
        try:
            if (status := regrade(options, listener)) == STOPPED:
                return status
        except ForeignFilesError:
            raise
        except (RulesError, FolderTakenError) as error:
            listener.not_regraded(error)
        except OutputError as error:
            listener.not_written(error)
            listener.changed(compare(before.clips, load_results(folder).clips))
        else:
            listener.changed(compare(before.clips, load_results(folder).clips))
        try:
            listener.waiting(rules)
            wait_for_save(rules, stamps, sleep)
        except KeyboardInterrupt:
            listener.stopped()
            return 0


def wait_for_save(rules_folder: Path, seen: Stamps, sleep: Callable[[float], None] = time.sleep) -> None:
    """Return once the rule files differ from ``seen`` and have been left alone for `POLL_S`: editors save in several steps."""
    last = seen
    while True:
        sleep(POLL_S)
        now = stamps_of(rules_folder)
        if now == last != seen:
            return
        last = now


def stamps_of(rules_folder: Path) -> Stamps:
    """Time of change and size of each rule file in a folder, drills included."""
    stamps: Stamps = {}
    for path in (*rules_folder.glob("*.y*ml"), *(rules_folder / DRILLS).glob("*.y*ml")):
        with suppress(FileNotFoundError):
            found = path.stat()
            stamps[path] = found.st_mtime_ns, found.st_size
    return stamps
