"""Runs jobs on the workers of a Dask cluster, which see the clips and the output folder under the same paths as this machine.

Dask hands a job of a worker that dies to another one, and gives it up when that has happened too often (its own setting
``distributed.scheduler.allowed-failures``, 3 unless the scheduler is told otherwise).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import pickle
import queue
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import cv2

import posecoach
from posecoach.errors import ClusterError, WorkerError
from posecoach.runners.processes import Event, Failed, Job, Progress, overdue, run_job, ungraded
from posecoach.vocabulary import Text

_INSTALL = "pip install --no-deps --require-hashes -r requirements-cluster.lock"

_CONNECT_S = 15.0
_WORKERS_S = 15.0
"""So long is waited for a first worker, and for another one once the last is gone."""
_RESTART_S = 60.0
_LOOK_S = 1.0
"""How often the scheduler is asked which workers there are."""
_BEGUN = -1
_MARKER = ".posecoach-cluster-"


@dataclass(frozen=True, slots=True)
class _Order:
    """A job as it travels: with what the worker must see before it begins."""

    job: Job
    marker: Path
    files: tuple[tuple[Path, int], ...]


@dataclass(frozen=True, slots=True)
class _Blind:
    """A worker's answer that it does not see a path, or not with the same content."""

    worker: str
    path: Path


@dataclass(slots=True)
class _Handed:
    """A job that was handed in: its future, whether for the second time, how often it was begun, where it runs and until when it may."""

    job: Job
    future: Any
    is_second: bool = False
    begun: int = 0
    worker: str | None = None
    deadline_s: float = float("inf")


class ClusterRunner:
    """The workers of the scheduler at ``address`` (such as ``tcp://192.168.1.5:8786``); ``out`` is the output folder they write into.

    No other address is contacted. Entering raises `ClusterError` where nobody answers, there is no worker, or a worker has another
    version or does not see ``out``; `events` raises it when the scheduler or the last worker is lost. A job that runs out of time has its
    worker restarted, which needs Dask's nanny (workers have one unless it is switched off).
    """

    def __init__(self, address: str, out: Path) -> None:
        self._address = address
        self._token = uuid.uuid4().hex
        self._marker = out.absolute() / f"{_MARKER}{self._token}"
        self._handed: dict[str, _Handed] = {}
        self._said: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._threads = 0
        self._looked_s = self._seen_s = 0.0

    @property
    def capacity(self) -> int:
        """The threads of all workers; 0 while there are none."""
        return self._threads

    def __enter__(self) -> ClusterRunner:
        self._client = _connect(self._address)
        try:
            _remove_markers(self._marker.parent)
            self._marker.write_text(self._token)
            self._client.subscribe_topic(self._token, lambda event: self._said.put(event[1]))
            _check_workers(self._client, self._marker, self._address)
            self._look()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        with contextlib.suppress(OSError):
            self._marker.unlink()  # what still runs sees it gone, and ends
        with contextlib.suppress(Exception):  # a scheduler that is gone needs no goodbye
            self._client.cancel([handed.future for handed in self._handed.values()], force=True)
        with contextlib.suppress(Exception):
            self._client.close(timeout=5)
        self._handed.clear()

    def submit(self, job: Job) -> None:
        """Hand in a job."""
        self._hand_in(job)

    def _hand_in(self, job: Job, is_second: bool = False) -> None:
        key = f"posecoach-{uuid.uuid4().hex}"
        order = pickle.dumps(_order(job, self._marker))
        with _lost(self._address):
            future = self._client.submit(_work_off, order, key=key, pure=False)
        self._handed[key] = _Handed(job, future, is_second)
        self._listen(self._handed[key])

    def events(self, wait_s: float) -> Sequence[Event]:
        """What has happened since the last call. Raises `ClusterError`."""
        found = [event for said in self._hear(wait_s) if (event := self._event_of(said)) is not None]
        found += [self._give_up(key) for key, handed in [*self._handed.items()] if time.monotonic() > handed.deadline_s]
        self._look()
        return found

    def _hear(self, wait_s: float) -> Iterator[Any]:
        with contextlib.suppress(queue.Empty):
            yield self._said.get(timeout=wait_s)
            while True:
                yield self._said.get_nowait()

    def _event_of(self, said: Any) -> Event | None:
        if isinstance(said, str):
            return self._ended(said)
        key, worker, done, total = said
        handed = self._handed.get(key)
        if handed is None:
            return None
        if done != _BEGUN:
            return Progress(handed.job.key, done, total)
        handed.begun += 1
        handed.worker, handed.deadline_s = worker, time.monotonic() + handed.job.limit_s
        return None

    def _ended(self, key: str) -> Event | None:
        handed = self._handed.get(key)
        if handed is None:
            return None
        status = handed.future.status
        if status in ("pending", "lost"):  # done once, and lost with its worker before it got here
            self._listen(handed)
            return None
        if status == "error":
            return self._broken(key, handed.future.exception())
        if status != "finished":
            raise ClusterError(_gone(self._address, status))
        try:
            value = handed.future.result(timeout=_CONNECT_S)
        except (TimeoutError, asyncio.TimeoutError):
            self._listen(handed)
            return None
        except Exception as error:
            return self._broken(key, error)
        del self._handed[key]
        if isinstance(value, _Blind):
            raise ClusterError(_blind(value))
        event: Event = value
        return event

    def _listen(self, handed: _Handed) -> None:
        handed.future.add_done_callback(lambda ended: self._said.put(ended.key))

    def _broken(self, key: str, error: BaseException | None) -> Failed | None:
        """A job without a result. One that only waited its turn where workers died is handed in again, once."""
        handed = self._handed.pop(key)
        if type(error).__name__ != "KilledWorker":
            return Failed(handed.job.key, ungraded(error))
        died = getattr(error, "allowed_failures", 0) + 1
        if handed.begun >= died or handed.is_second:
            return Failed(handed.job.key, _deadly(died))
        self._hand_in(handed.job, is_second=True)
        return None

    def _give_up(self, key: str) -> Failed:
        """End a job that takes too long, by a restart of its worker: a thread cannot be ended."""
        handed = self._handed.pop(key)
        with _lost(self._address):
            handed.future.cancel(force=True)
        try:
            self._client.restart_workers([handed.worker], timeout=_RESTART_S)
        except Exception as error:
            raise ClusterError(_hanging(handed.worker, error)) from error
        return Failed(handed.job.key, overdue(handed.job.limit_s))

    def _look(self) -> None:
        """Ask which workers there are."""
        if time.monotonic() < self._looked_s + _LOOK_S:
            return
        with _lost(self._address):
            self._threads = sum(self._client.nthreads().values())
        self._looked_s = time.monotonic()
        if self._threads:
            self._seen_s = self._looked_s
        elif self._looked_s > self._seen_s + _WORKERS_S:
            raise ClusterError(
                Text(
                    f"集群 {self._address} 一个 worker 也没有了；请启动 worker，再用 --resume 继续",
                    f"the cluster at {self._address} has lost its last worker; start workers and go on with --resume",
                )
            )


def _connect(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError as error:
        raise ClusterError(
            Text(
                f"--cluster 需要 Dask，这里没有安装（{error}）；请运行 {_INSTALL}（或 pip install 'posecoach[cluster]'）",
                f"--cluster needs Dask, which is not installed ({error}); install it with: {_INSTALL}"
                " (or pip install 'posecoach[cluster]')",
            )
        ) from error
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters is raised
    try:
        return Client(address, timeout=_CONNECT_S, set_as_default=False, direct_to_workers=False)
    except (OSError, ValueError, RuntimeError) as error:
        why = _first_line(error)
        raise ClusterError(
            Text(
                f"{address} 没有 Dask scheduler 应答（{why}）；请在那里启动：dask scheduler",
                f"no Dask scheduler answers at {address} ({why}); start one there with: dask scheduler",
            )
        ) from error


def _check_workers(client: Any, marker: Path, address: str) -> None:
    """All workers have this version and see the output folder."""
    try:
        client.wait_for_workers(1, timeout=_WORKERS_S)
    except (TimeoutError, asyncio.TimeoutError) as error:  # two classes until Python 3.11
        start = f"dask worker {address} --nworkers 4 --nthreads 1"
        raise ClusterError(Text(f"{address} 没有 worker；请启动：{start}", f"no worker at {address}; start some with: {start}")) from error
    for worker, answer in client.run(_look_round, marker, on_error="return").items():
        if isinstance(answer, BaseException):
            raise ClusterError(_unfit(worker, answer))
        version, sees = answer
        if version != posecoach.__version__:
            raise ClusterError(
                Text(
                    f"worker {worker} 上是 posecoach {version}，这台机器上是 {posecoach.__version__}；请装同一个版本",
                    f"the worker {worker} has posecoach {version}, this machine {posecoach.__version__}; install the same version",
                )
            )
        if not sees:
            raise ClusterError(_blind(_Blind(worker, marker.parent)))


def _look_round(marker: Path) -> tuple[str, bool]:
    """On a worker: its version, and whether it sees the output folder."""
    return posecoach.__version__, marker.is_file()


def _work_off(order: bytes) -> Event | _Blind:
    """On a worker: do a job."""
    from distributed import get_worker

    asked: _Order = pickle.loads(order)  # noqa: S301  Dask pickles whatever travels
    worker = get_worker()
    key, topic = worker.get_current_task(), asked.marker.name.removeprefix(_MARKER)
    for path, size in ((asked.marker, len(topic)), *asked.files):
        if not path.is_file() or path.stat().st_size != size:
            return _Blind(worker.address, path)
    cv2.setNumThreads(1)
    worker.log_event(topic, (key, worker.address, _BEGUN, 0))

    def send(event: Event) -> None:
        if not asked.marker.exists():
            raise WorkerError(Text("评分已停止", "the grading was stopped"))
        if isinstance(event, Progress):
            worker.log_event(topic, (key, worker.address, event.done, event.total))

    return run_job(asked.job, send)


def _order(job: Job, marker: Path) -> _Order:
    """The job, and the files it reads with their sizes."""
    return _Order(job, marker, tuple((file, file.stat().st_size) for file in job.files if file.is_file()))


@contextlib.contextmanager
def _lost(address: str) -> Iterator[None]:
    """Whatever a client that has lost its scheduler raises, as a `ClusterError`."""
    try:
        yield
    except ClusterError:
        raise
    except Exception as error:
        raise ClusterError(_gone(address, type(error).__name__)) from error


def _gone(address: str, why: str) -> Text:
    return Text(
        f"Dask scheduler {address} 不见了（{why}）；请重新启动它，再用 --resume 继续",
        f"the Dask scheduler at {address} is gone ({why}); start it again and go on with --resume",
    )


def _blind(found: _Blind) -> Text:
    return Text(
        f"worker {found.worker} 看到的 {found.path} 和这台机器不同；视频和结果文件夹要放在各台机器以同一路径共享的文件夹里",
        f"the worker {found.worker} does not see {found.path} as this machine does; clips and output folder must lie in a folder that all"
        " machines share under the same path",
    )


def _hanging(worker: str | None, error: Exception) -> Text:
    return Text(
        f"worker {worker} 卡住了，也重启不了（{error}）；请结束它，启动 worker 时不要带 --no-nanny，再用 --resume 继续",
        f"the worker {worker} hangs and cannot be restarted ({error}); end it, start workers without --no-nanny, and go on with --resume",
    )


def _unfit(worker: str, answer: BaseException) -> Text:
    version, why = posecoach.__version__, _first_line(answer)
    return Text(
        f"worker {worker} 运行不了 posecoach {version}（{why}）；请在那里安装",
        f"the worker {worker} cannot work for posecoach {version} ({why}); install it there",
    )


def _deadly(died: int) -> WorkerError:
    return WorkerError(Text(f"处理它时有 {died} 个 worker 相继退出", f"{died} workers died one after the other while they worked on it"))


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _remove_markers(folder: Path) -> None:
    """Those of runs that were killed; what still runs for them ends."""
    for path in folder.glob(f"{_MARKER}*"):
        path.unlink(missing_ok=True)
