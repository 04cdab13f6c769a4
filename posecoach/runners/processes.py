"""Runs jobs in processes of their own, so that a crash or a hang takes down one job only. Nothing here knows what the jobs are."""

from __future__ import annotations

import gc
import logging
import multiprocessing
import os
import pickle
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import islice
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, Protocol, TypeVar

import cv2

from posecoach.errors import PosecoachError, WorkerError
from posecoach.vocabulary import Text

OnProgress = Callable[[int, int], None]
"""Called by a job with how much is done, and of how much (0: not known)."""

DEFAULT_LIMIT_S = 900.0
"""What a job may take where nobody says otherwise."""

_REPORT_S = 0.2
_GIVING_BACK = {"MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": str(8 << 20), "MALLOC_TRIM_THRESHOLD_": str(32 << 20)}
"""How glibc gives freed memory back. Left alone it keeps pools for every thread of a model that is gone, 0.2 GB, and learns from the first
model it frees to keep the room of the next ones too. Below 8 MB, a picture of 1080p in colours, is what is made anew all the time: asked
of the system each time, and cleared by it, that would cost a quarter of the time.
"""
_SPAWN = multiprocessing.get_context("spawn")
_STARTING = threading.Lock()
"""The environment is one for all threads."""

_KILLED = 9  # SIGKILL, which Windows does not have
_NO_MEMORY_LEFT = Text(
    "被系统终止，多半是内存不够：请减少 --jobs，或关掉别的程序",
    "signal SIGKILL: ended by the system, mostly for lack of memory; use fewer --jobs or close other programs",
)

logger = logging.getLogger(__name__)

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Job:
    """A call ``function(*arguments, report)``, all of it picklable. ``key`` tells it from other jobs; it may take ``limit_s`` seconds.

    It may be done in a process that was started in another folder: paths in ``arguments`` are absolute. ``files`` are those it reads.
    """

    key: Any
    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    limit_s: float
    files: tuple[Path, ...] = ()


class Shared(Generic[_T]):
    """What many jobs are handed alike, such as the rules: made ready to travel once, and taken in once by each process."""

    def __init__(self, value: _T) -> None:
        self.value = value

    @cached_property
    def _packed(self) -> bytes:
        return pickle.dumps(self.value)

    def __reduce__(self) -> tuple[Any, ...]:
        return _taken_in, (self._packed,)


@lru_cache(maxsize=4)
def _taken_in(packed: bytes) -> Shared[Any]:
    return Shared(pickle.loads(packed))  # noqa: S301  it came through the pipe that everything here comes through


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is."""

    key: Any
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Done:
    """What a job returned."""

    key: Any
    value: Any


@dataclass(frozen=True, slots=True)
class Failed:
    """What a job raised, or a `WorkerError` when its process died or ran out of time."""

    key: Any
    error: PosecoachError


Event = Progress | Done | Failed


class Runner(Protocol):
    """Where jobs run: the processes of this machine, or a cluster. Leaving the context ends what still runs."""

    @property
    def capacity(self) -> int:
        """How many jobs it is worth handing in at a time."""

    def submit(self, job: Job) -> None:
        """Hand in a job; its events come from `events`, with exactly one `Done` or `Failed`."""

    def events(self, wait_s: float) -> Sequence[Event]:
        """What has happened since the last call; waits up to ``wait_s`` seconds for something to happen."""

    def __enter__(self) -> Runner: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: ...


class LocalRunner:
    """Up to ``count`` processes on this machine, started when they are needed, each with a pipe of its own."""

    def __init__(self, count: int) -> None:
        self.capacity = count
        self._waiting: deque[Job] = deque()
        self._workers: list[_Worker] = []

    def submit(self, job: Job) -> None:
        """Hand in a job."""
        self._waiting.append(job)
        self._hand_out()

    def events(self, wait_s: float) -> Sequence[Event]:
        """What has happened since the last call."""
        busy = {worker.pipe: worker for worker in self._workers if worker.job is not None}
        if busy:
            wait(busy, wait_s)
        events = [event for worker in busy.values() for event in worker.events()]
        self._workers = [worker for worker in self._workers if worker.is_usable]
        self._hand_out()
        return events

    def _hand_out(self) -> None:
        while self._waiting:
            free = next((worker for worker in self._workers if worker.job is None), None)
            if free is None and len(self._workers) < self.capacity:
                free = _Worker()
                self._workers.append(free)
            if free is None:
                return
            free.begin(self._waiting.popleft())

    def __enter__(self) -> LocalRunner:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._waiting.clear()
        for worker in self._workers:
            worker.end()
        self._workers.clear()


class InlineRunner:
    """Does the jobs in this process, one after the other: for what is done sooner than processes are started."""

    capacity = 1

    def __init__(self, _count: int = 1) -> None:
        self._jobs: deque[Job] = deque()

    def submit(self, job: Job) -> None:
        """Keep it for `events`."""
        self._jobs.append(job)

    def events(self, _wait_s: float) -> Sequence[Event]:
        """Do the next job."""
        told: list[Event] = []
        if self._jobs:
            told.append(run_job(self._jobs.popleft(), told.append))
        return told

    def __enter__(self) -> InlineRunner:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._jobs.clear()


def run_all(runner: Runner, jobs: Iterable[Job]) -> Iterator[Done | Failed]:
    """The last event of every job, as they end; no more jobs are drawn than the runner can take."""
    waiting, running = iter(jobs), 0
    while True:
        for job in islice(waiting, max(0, runner.capacity - running)):
            runner.submit(job)
            running += 1
        if not running:
            return
        for event in runner.events(_REPORT_S):
            if not isinstance(event, Progress):
                running -= 1
                yield event


@dataclass(eq=False)
class _Worker:
    """One process, and the job it has in hand."""

    job: Job | None = None
    is_usable: bool = True
    _deadline_s: float = 0.0
    pipe: Connection = field(init=False)

    def __post_init__(self) -> None:
        self._process, self.pipe = start_process(_serve)

    def begin(self, job: Job) -> None:
        """Give it a job."""
        self.job, self._deadline_s = job, time.monotonic() + job.limit_s
        try:
            self.pipe.send((job.key, job.function, job.arguments))
        except OSError:
            logger.debug("a worker is gone before its job")  # `events` finds out

    def events(self) -> list[Event]:
        """What it has said, without waiting."""
        found: list[Event] = []
        try:
            while self.job is not None and self.pipe.poll():
                event: Event = self.pipe.recv()
                found.append(event)
                if not isinstance(event, Progress):
                    self.job = None
        except (EOFError, OSError):
            way = self._way_out()
            found.append(
                self._lost(
                    WorkerError(Text(f"处理它的程序意外退出（{way.zh}）", f"the process that worked on it ended without a word ({way.en})"))
                )
            )
        if self.job is not None and time.monotonic() > self._deadline_s:
            found.append(self._lost(overdue(self.job.limit_s)))
        return found

    def _way_out(self) -> Text:
        self._process.join(5)
        code = self._process.exitcode
        if code == -_KILLED:
            return _NO_MEMORY_LEFT
        if code is not None and code < 0:
            way = f"signal {signal.Signals(-code).name}" if -code in signal.valid_signals() else f"signal {-code}"
        else:
            way = f"exit status {code}"
        return Text(way, way)

    def _lost(self, error: WorkerError) -> Failed:
        assert self.job is not None
        failed = Failed(self.job.key, error)
        self.end()
        return failed

    def end(self) -> None:
        """Kill it; it cannot be used again."""
        self.job, self.is_usable = None, False
        self._process.kill()
        self._process.join()
        self.pipe.close()


def start_process(life: Callable[..., None], *arguments: Any) -> tuple[SpawnProcess, Connection]:
    """A process that lives ``life(pipe, *arguments)`` and never hears of Ctrl-C, with the other end of its pipe. It ends with this one."""
    pipe, theirs = _SPAWN.Pipe()
    process = _SPAWN.Process(target=life, args=(theirs, *arguments), daemon=True)
    with _STARTING, _giving_back(), _no_interrupt():
        process.start()
    theirs.close()
    return process, pipe


@contextmanager
def _giving_back() -> Iterator[None]:
    """A process started here gives freed memory back, unless the user has set otherwise."""
    ours = {name: value for name, value in _GIVING_BACK.items() if name not in os.environ}
    os.environ.update(ours)
    try:
        yield
    finally:
        for name in ours:
            del os.environ[name]


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """A process started here never hears of Ctrl-C, not even while it is still loading; it is for this one to end it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # starting it lets interrupts through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def usable_cores() -> int:
    """Cores this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def ungraded(error: BaseException | None) -> WorkerError:
    """What nobody expected, as an error of ours."""
    if isinstance(error, MemoryError):
        return WorkerError(Text("内存不够，请减少 --jobs，或关掉别的程序", "out of memory; use fewer --jobs or close other programs"))
    what = f"{type(error).__name__}: {error}"
    return WorkerError(Text(f"处理时出错：{what}", f"could not be graded: {what}"))


def overdue(limit_s: float) -> WorkerError:
    """A job has had its ``limit_s`` seconds."""
    return WorkerError(Text(f"花的时间超过了 {limit_s:.0f} 秒，已经放弃", f"took longer than the {limit_s:.0f} s allowed"))


def run_job(job: Job, send: Callable[[Event], None]) -> Event:
    """Do a job here and now; its progress goes to ``send``, a few times a second. Returns its last event."""
    next_s = 0.0

    def report(done: int, total: int) -> None:
        nonlocal next_s
        if time.monotonic() >= next_s:
            next_s = time.monotonic() + _REPORT_S
            send(Progress(job.key, done, total))

    try:
        return Done(job.key, job.function(*job.arguments, report))
    except PosecoachError as error:
        return Failed(job.key, error)
    except Exception as error:  # a clip that trips a library must not stop the others
        logger.exception("%s", job.key)
        return Failed(job.key, ungraded(error))


def _serve(pipe: Connection) -> None:
    """The life of a worker; it ends with the process that started it, which alone hears Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cv2.setNumThreads(1)

    def send(event: Event) -> None:
        try:
            pipe.send(event)
        except OSError:
            raise SystemExit from None

    with suppress(EOFError, OSError):
        job = pipe.recv()
        gc.freeze()  # what has been loaded for it is no garbage, and looking through it takes four times as long as through all the rest
        while True:
            key, function, arguments = job
            send(run_job(Job(key, function, arguments, 0.0), send))
            job = pipe.recv()
