"""Jobs in processes of their own: what they return, how far they are, and that a crash or a hang costs one job only."""

from __future__ import annotations

import os
import signal
import threading
import time
from typing import Any

import pytest

from posecoach.errors import SourceError, WorkerError
from posecoach.runners import processes
from posecoach.runners.processes import Done, Event, Failed, InlineRunner, Job, LocalRunner, OnProgress, Progress, Runner, Shared, run_all
from tests.runners.errands import complain, double, ends, hang, job, stumble


def note_itself(shared: Shared[list[str]], name: str, _report: OnProgress) -> list[str]:
    shared.value.append(name)
    return list(shared.value)


def die(how: str, _report: OnProgress) -> None:
    os.kill(os.getpid(), signal.Signals[how])


def leave(status: int, _report: OnProgress) -> None:
    os._exit(status)


def tell_and_hang(report: OnProgress) -> None:
    report(os.getpid(), 0)
    time.sleep(600)


def run(jobs: list[Job], count: int = 2) -> dict[str, Event]:
    """The last event of every job."""
    with LocalRunner(count) as runner:
        return ends(runner, jobs)


def test_jobs_return_values_whatever_their_number() -> None:
    done = run([job(str(i), double, i) for i in range(7)], 3)
    assert done == {str(i): Done(str(i), 2 * i) for i in range(7)}


def test_progress_is_told() -> None:
    with LocalRunner(1) as runner:
        runner.submit(job("a", double, 4))
        told: list[Event] = []
        while not any(isinstance(event, Done) for event in told):
            told += runner.events(1.0)
    assert told == [Progress("a", 4, 10), Done("a", 8)]


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_crash_costs_one_job_only() -> None:
    done = run([job("crash", die, "SIGSEGV"), job("leave", leave, 3), *(job(str(i), double, i) for i in range(4))])
    assert [done[str(i)] for i in range(4)] == [Done(str(i), 2 * i) for i in range(4)]
    assert "signal SIGSEGV" in message(done["crash"])
    assert "exit status 3" in message(done["leave"])


def devour(_report: OnProgress) -> None:
    raise MemoryError


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_lack_of_memory_is_told_as_such() -> None:
    """The system kills without a word whoever takes too much; what is refused in time raises."""
    done = run([job("killed", die, "SIGKILL"), job("refused", devour), job("1", double, 1)])
    assert "mostly for lack of memory; use fewer --jobs" in message(done["killed"])
    assert "out of memory; use fewer --jobs" in message(done["refused"])
    assert done["1"] == Done("1", 2)


def test_a_hang_ends_at_its_limit() -> None:
    done = run([job("hang", hang, limit_s=1), job("1", double, 1)], 1)
    assert "took longer than the 1 s allowed" in message(done["hang"])
    assert done["1"] == Done("1", 2)


def test_what_a_job_says_on_purpose_comes_through_and_surprises_are_named(capfd: pytest.CaptureFixture[str]) -> None:
    done = run([job("a", complain), job("b", stumble)])
    assert isinstance(done["a"], Failed)
    assert isinstance(done["a"].error, SourceError)
    assert message(done["a"]) == "not a video: a.mp4"
    assert message(done["b"]) == "could not be graded: ZeroDivisionError: nothing to divide by"
    assert "ZeroDivisionError" in capfd.readouterr().err


def message(event: Event) -> str:
    assert isinstance(event, Failed)
    assert isinstance(event.error, SourceError | WorkerError)
    return str(event.error)


@pytest.mark.skipif(os.name != "posix", reason="signals")
def blocked_signals(_report: OnProgress) -> list[int]:
    return sorted(signal.pthread_sigmask(signal.SIG_BLOCK, ()))


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="signals are not blocked here")
def test_a_worker_never_hears_of_an_interrupt_from_its_first_moment_on() -> None:
    """Ctrl-C reaches all processes of a terminal; one that is still loading would show a traceback."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    with LocalRunner(2) as runner:
        done = [event.value for event in run_all(runner, [Job(i, blocked_signals, (), 60.0) for i in range(2)]) if isinstance(event, Done)]
    assert [signal.SIGINT in blocked for blocked in done] == [True, True]
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == before


def test_leaving_kills_what_still_runs() -> None:
    with LocalRunner(1) as runner:
        runner.submit(job("hang", tell_and_hang))
        told = next(filter(None, (runner.events(1.0) for _ in range(120))))
    assert isinstance(told[0], Progress)
    with pytest.raises(ProcessLookupError):
        os.kill(told[0].done, 0)


def setting(name: str, _report: OnProgress) -> str | None:
    return os.environ.get(name)


def test_processes_give_memory_back_as_is_set_unless_the_user_has_set_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MALLOC_ARENA_MAX", "7")
    names = ("MALLOC_ARENA_MAX", "MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_")
    before = dict(os.environ)
    last = run([Job(name, setting, (name,), 60.0) for name in names], count=1)
    assert [last[name] for name in names] == [Done(names[0], "7"), Done(names[1], str(8 << 20)), Done(names[2], str(32 << 20))]
    assert dict(os.environ) == before


@pytest.mark.parametrize("runner", [LocalRunner(1), InlineRunner()])
def test_what_jobs_share_is_taken_in_once_by_each_process(runner: Runner) -> None:
    shared: Shared[list[str]] = Shared([])
    jobs = [Job(name, note_itself, (shared, name), 60.0) for name in "ab"]
    with runner:
        told = [event.value for event in run_all(runner, jobs) if isinstance(event, Done)]
    assert told == [["a"], ["a", "b"]]


def test_two_threads_that_start_processes_both_start_them_as_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the live coach and a grading in one server: the first would take the settings back while the second starts its own."""
    has_first, has_second = threading.Event(), threading.Event()
    seen: list[str | None] = []

    class Starting:
        def __init__(self, **_more: Any) -> None:
            pass

        def start(self) -> None:
            if threading.current_thread() is first:
                has_first.set()
                has_second.wait(0.3)
            else:
                has_second.set()
                first.join(2.0)
            seen.append(os.environ.get("MALLOC_ARENA_MAX"))

    monkeypatch.delenv("MALLOC_ARENA_MAX", raising=False)
    monkeypatch.setattr(processes._SPAWN, "Process", Starting)
    first, second = (threading.Thread(target=processes.start_process, args=(print,)) for _ in range(2))
    first.start()
    assert has_first.wait(5.0)
    second.start()
    first.join()
    second.join()
    assert seen == ["2", "2"]
    assert "MALLOC_ARENA_MAX" not in os.environ
