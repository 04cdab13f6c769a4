"""The one grading a trainer has started from the page: started, followed, stopped, taken up again, also after a restart of the server."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import Any, Protocol

from posecoach.errors import PosecoachError
from posecoach.jobs.own_rules import OwnRules
from posecoach.judging.results import ClipError, ClipResult, Skipped
from posecoach.storage.plain_json import DAMAGE, as_count, as_list, as_mapping, as_number, as_text, as_text_or_none, parse_json
from posecoach.storage.results_json import load_results
from posecoach.storage.roster import Matched
from posecoach.storage.whole_files import write_atomically
from posecoach.vocabulary import State, Text

FILE = "trainer.json"
MOST_SHOWN = 300
"""Failed inputs that are told one by one; the report has all."""
MOST_RECENT = 8
"""Folders remembered."""
STOPS_S = 20.0

logger = logging.getLogger(__name__)


class JobState(Enum):
    """How far a job is. ``interrupted``: the server ended in the middle of it."""

    RUNNING = "running"
    STOPPING = "stopping"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"
    INTERRUPTED = "interrupted"

    @property
    def is_busy(self) -> bool:
        """Whether the job is at work."""
        return self in (JobState.RUNNING, JobState.STOPPING)


@dataclass(frozen=True, slots=True)
class JobRequest:
    """What was asked for. Paths are whole; ``roster`` and ``rules`` are None where there is none; ``jobs`` None: as many as fit."""

    folder: str
    out: str
    drill: str = "auto"
    profile: str = "unspecified"
    roster: str | None = None
    rules: str | None = None
    annotate: bool = True
    blur_faces: bool = False
    jobs: int | None = None
    is_regrade: bool = False
    drills: Mapping[str, str] = field(default_factory=dict)
    """For judging again: by what clips are judged from now on, by their paths."""


AT_WORK = Text("正在评分，请等它完成或先停止", "A grading is at work: wait for it or stop it first")


class GradingBusyError(PosecoachError):
    """Another job is at work."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished clip as the page lists it.

    ``prefixes`` are those of the clauses that were judged, of all that were asked where none was; ``before`` is the outcome before it was
    judged again.
    """

    path: str
    name: str | None
    outcome: str
    score: float | None
    drill: str
    prefixes: tuple[str, ...]
    before: str | None = None

    @classmethod
    def of(cls, clip: ClipResult, before: str | None = None) -> Finished:
        """What is told of a clip: of its first person, who is the only one where clips are graded."""
        if not clip.people:
            return cls(clip.path, None, "not_judged", None, clip.drill, (), before)
        person = clip.people[0]
        judged = [clause.id for clause in person.clauses if clause.state is not State.UNJUDGED]
        prefixes = dict.fromkeys(rule_id.split(".")[0] for rule_id in judged or [clause.id for clause in person.clauses])
        return cls(clip.path, person.name, person.outcome, person.score, clip.drill, tuple(prefixes), before)


@dataclass(slots=True)
class GradingProgress:
    """Hears a batch (`posecoach.jobs.listener.Listener`) and counts. Read and written under the lock of the job."""

    lock: threading.RLock
    clock: Callable[[], float]
    changed: Callable[[], None] = lambda: None
    total: int | None = None
    done: int = 0
    fresh: int = 0
    """Inputs that ended in this run, not taken over from an earlier one."""
    failed: list[ClipError] = field(default_factory=list)
    outcomes: dict[str, int] = field(default_factory=dict)
    current: dict[str, tuple[int, int | None]] = field(default_factory=dict)
    """Inputs at work: frames done, and of how many."""
    waiting: dict[str, None] = field(default_factory=dict)
    """Inputs at work of which nothing is known yet."""
    finished: list[Finished] = field(default_factory=list)
    before: dict[str, str] = field(default_factory=dict)
    """Where clips are judged again, their outcomes of before."""
    begun_s: float | None = None

    def begin(self, count: int) -> None:
        """A batch of ``count`` inputs begins."""
        with self.lock:
            self.total = count
        self.changed()

    def roster_matched(self, matched: Matched) -> None:
        """The page has told before the start."""

    def clip_begun(self, path: str) -> None:
        """A process takes up an input, and may have to load the models first."""
        with self.lock:
            self.waiting[path] = None

    def frames_done(self, path: str, done: int, total: int) -> None:
        """``done`` frames of an input are analysed, of ``total`` (0: not known)."""
        with self.lock:
            self.begun_s = self.clock() if self.begun_s is None else self.begun_s
            self.waiting.pop(path, None)
            self.current[path] = (done, total or None)

    def clip_done(self, clip: ClipResult) -> None:
        """A clip is graded."""
        told = Finished.of(clip, self.before.get(clip.path))
        with self.lock:
            self.outcomes[told.outcome] = self.outcomes.get(told.outcome, 0) + 1
            self.finished.append(told)
        self._ended(clip.path)

    def kept(self, unchanged: Sequence[ClipResult], count: int) -> None:  # noqa: ARG002
        """Clips that need not be judged again are done."""
        for clip in unchanged:
            self.clip_done(clip)

    def clip_failed(self, path: str, why: Text) -> None:
        """An input could not be graded, and why."""
        with self.lock:
            self.failed.append(ClipError(path, why))
        self._ended(path)

    def passed_over(self, skipped: Sequence[Skipped]) -> None:
        """The report tells it."""

    def end(self, clips: Sequence[ClipResult], names: Mapping[str, Text], out: Path | None, stopped: bool) -> None:  # noqa: ARG002
        """The batch is over, or was stopped."""
        with self.lock:
            self.current.clear()
            self.waiting.clear()

    def _ended(self, path: str) -> None:
        with self.lock:
            self.done += 1
            self.total = max(self.total or 0, self.done)  # a regrade announces its clips, and tells of earlier failures too
            self.waiting.pop(path, None)
            self.fresh += self.current.pop(path, None) is not None
        self.changed()

    def left_s(self) -> float | None:
        """How much longer it takes at the speed so far; None before anything is known of it."""
        parts = sum(done / total for done, total in self.current.values() if total)
        if self.total is None or self.begun_s is None or self.fresh + parts < 0.25:
            return None
        speed = (self.fresh + parts) / max(self.clock() - self.begun_s, 1e-3)
        return max(0.0, (self.total - self.done - parts) / speed)


class Work(Protocol):
    """Does a job; returns whether it came to its end, False where it was stopped. Raises `PosecoachError`."""

    def __call__(self, request: JobRequest, listener: GradingProgress, stop: threading.Event) -> bool: ...


class TrainerJobs:
    """The last job, which may be at work; kept in ``folder`` so that it is known after a restart.

    ``own_rules`` are judged by where a job names no others; they start from those in ``rules``, else from the shipped ones.
    """

    def __init__(self, folder: Path, work: Work, clock: Callable[[], float] = time.monotonic, rules: Path | None = None) -> None:
        self.own_rules = OwnRules(folder, rules)
        self._file, self._work, self._clock = folder / FILE, work, clock
        self._lock = threading.RLock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._state = JobState.INTERRUPTED
        self._error: Text | None = None
        self._request: JobRequest | None = None
        self._recent: list[str] = []
        self._progress = self._fresh_progress()
        self._since_s = self._ended_took_s = 0.0
        self._started = 0
        with suppress(*DAMAGE):
            self._load()

    @property
    def request(self) -> JobRequest | None:
        """What the last job was asked for, None where there never was one."""
        return self._request

    @property
    def recent(self) -> tuple[str, ...]:
        """The folders graded lately, the last one first."""
        return tuple(self._recent)

    @property
    def state(self) -> JobState | None:
        """How far the last job is, None where there never was one."""
        return self._state if self._request else None

    def start(self, request: JobRequest) -> None:
        """Begin a job. Raises `GradingBusyError` while another is at work."""
        with self._lock:
            # The thread of a job that has ended may live a moment longer, and one may end without a word.
            if self._state.is_busy and self._thread is not None and self._thread.is_alive():
                raise GradingBusyError(AT_WORK)
            self._request, self._state, self._error = request, JobState.RUNNING, None
            self._recent = [request.folder, *(path for path in self._recent if path != request.folder)][:MOST_RECENT]
            self._stop = threading.Event()
            self._progress = self._fresh_progress()
            self._since_s = self._clock()
            self._started += 1
            self._thread = threading.Thread(target=self._run, args=(request, self._progress, self._stop), name="posecoach_grading")
            self._thread.daemon = True
            self._save()
            self._thread.start()

    def stop(self) -> None:
        """End the job at work; what is finished stays."""
        with self._lock:
            if self._state is JobState.RUNNING:
                self._state = JobState.STOPPING
                self._stop.set()

    def close(self) -> None:
        """Stop, and wait until the workers have ended."""
        self.stop()
        if self._thread is not None:
            self._thread.join(STOPS_S)

    def snapshot(self, after: int = 0) -> dict[str, Any] | None:
        """The last job for the page, of its finished clips those from number ``after`` on; None where there never was one."""
        with self._lock:
            if self._request is None:
                return None
            now = self._progress
            left_s = now.left_s() if self._state is JobState.RUNNING else None
            return {
                **asdict(self._request),
                "state": self._state.value,
                "total": now.total,
                "done": now.done,
                "failed": _told(now.failed),
                "failed_count": len(now.failed),
                "outcomes": dict(now.outcomes),
                "waiting": list(now.waiting),
                "started": self._started,
                "finished": [asdict(clip) for clip in now.finished[after:]],
                "finished_count": len(now.finished),
                "current": [{"path": path, "done": done, "total": total} for path, (done, total) in now.current.items()],
                "took_s": round(self._took_s(), 1),
                "left_s": None if left_s is None else round(left_s),
                "error": None if self._error is None else asdict(self._error),
            }

    def _run(self, request: JobRequest, progress: GradingProgress, stop: threading.Event) -> None:
        state, error = JobState.FAILED, None
        try:
            state = JobState.DONE if self._work(self._with_rules(request), progress, stop) else JobState.STOPPED
        except PosecoachError as known:
            error = known.words
        except Exception as unknown:
            logger.exception("grading %s", request.folder)
            words = f"{type(unknown).__name__}: {unknown}"
            error = Text(f"程序出错，已完成的都保留着：{words}", f"something went wrong, what is finished is kept: {words}")
        with self._lock:
            progress.current.clear()
            progress.waiting.clear()
            self._ended_took_s = self._took_s()
            self._state, self._error = state, error
            self._save()

    def _with_rules(self, request: JobRequest) -> JobRequest:
        own = self.own_rules.folder
        return replace(request, rules=str(own)) if request.rules is None and own is not None else request

    def _took_s(self) -> float:
        return self._clock() - self._since_s if self._state.is_busy else self._ended_took_s

    def _fresh_progress(self) -> GradingProgress:
        return GradingProgress(self._lock, self._clock, self._save)

    def _save(self) -> None:
        """For the next start of the server; a job goes on where this cannot be written."""
        with self._lock:
            request = asdict(self._request) if self._request else None
            content = json.dumps({"request": request, "recent": self._recent, **self._counts()}, ensure_ascii=False)
        with suppress(PosecoachError):
            write_atomically(self._file, content.encode())

    def _counts(self) -> dict[str, Any]:
        now = self._progress
        counts = {"total": now.total, "done": now.done, "failed": _told(now.failed), "outcomes": now.outcomes}
        return {"state": self._state.value, "took_s": self._took_s(), "error": asdict(self._error) if self._error else None, **counts}

    def _load(self) -> None:
        kept = parse_json(self._file.read_bytes())
        progress = replace(
            self._progress, total=_count_or_none(kept["total"]), done=as_count(kept["done"]), outcomes=_counts_of(kept["outcomes"])
        )
        progress.failed = [ClipError(as_text(item["path"]), _text_from(item)) for item in as_list(kept["failed"])]
        state, error = JobState(kept["state"]), kept["error"]
        request, recent = _request_from(kept["request"]), kept.get("recent", [])
        self._recent = [as_text(path) for path in as_list(recent)][:MOST_RECENT]
        self._state = JobState.INTERRUPTED if state.is_busy else state
        self._error = _text_from(error) if error else None
        self._progress, self._ended_took_s, self._request = progress, as_number(kept["took_s"]), request
        with suppress(PosecoachError):
            progress.finished = [Finished.of(clip) for clip in load_results(Path(request.out)).clips]


def _request_from(data: Mapping[str, Any]) -> JobRequest:
    """What was asked for, as it was stored. Raises what is in `DAMAGE`."""
    return JobRequest(
        folder=as_text(data["folder"]),
        out=as_text(data["out"]),
        drill=as_text(data["drill"]),
        profile=as_text(data["profile"]),
        roster=as_text_or_none(data["roster"]),
        rules=as_text_or_none(data["rules"]),
        annotate=data["annotate"] is True,
        blur_faces=data["blur_faces"] is True,
        jobs=_count_or_none(data["jobs"]),
        is_regrade=data["is_regrade"] is True,
        drills={path: as_text(drill) for path, drill in as_mapping(data.get("drills", {})).items()},
    )


def _count_or_none(value: object) -> int | None:
    return None if value is None else as_count(value)


def _counts_of(values: object) -> dict[str, int]:
    return {name: as_count(count) for name, count in as_mapping(values).items()}


def _text_from(data: Mapping[str, Any]) -> Text:
    return Text(as_text(data["zh"]), as_text(data["en"]))


def _told(failed: Sequence[ClipError]) -> list[dict[str, str]]:
    return [{"path": item.path, **asdict(item.words)} for item in failed[:MOST_SHOWN]]


def grade(request: JobRequest, listener: GradingProgress, stop: threading.Event) -> bool:
    """Grade the folder, or judge its results again, as `posecoach grade` and `posecoach regrade` do."""
    from posecoach.jobs import batch, regrade_batch
    from posecoach.jobs.listener import STOPPED

    rules, out = Path(request.rules) if request.rules else None, Path(request.out)
    if request.is_regrade:
        listener.before = {clip.path: Finished.of(clip).outcome for clip in load_results(out).clips}
        again = regrade_batch.RegradeOptions(out, rules, drills=request.drills)
        return regrade_batch.regrade_all(again, listener, stop) != STOPPED
    options = batch.BatchOptions(
        paths=(request.folder,),
        drill=request.drill,
        profile=request.profile,
        rules_folder=rules,
        out=out,
        annotate=request.annotate,
        blur_faces=request.blur_faces,
        roster=Path(request.roster) if request.roster else None,
        jobs=request.jobs,
        resume=True,
    )
    return batch.grade_all(options, listener, stop) != STOPPED
