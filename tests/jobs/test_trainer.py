"""The one job: its states, what it counts, how it outlives a restart."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from posecoach.jobs.trainer import FILE, Finished, GradingBusyError, GradingProgress, JobRequest, JobState, TrainerJobs
from posecoach.judging.results import PersonResult
from posecoach.vocabulary import State, Text
from tests.reports.fakes import clause
from tests.waiting import until
from tests.webapp.trainer_fakes import NO_VIDEO, FakeWork, TrainerError, clip


@pytest.fixture
def request_(tmp_path: Path) -> JobRequest:
    clips = tmp_path / "clips"
    clips.mkdir()
    for name in ("a.mp4", "bad.mp4", "c.jpg"):
        (clips / name).write_bytes(b"")
    return JobRequest(str(clips), str(tmp_path / "out"))


@pytest.fixture
def work() -> FakeWork:
    return FakeWork()


@pytest.fixture
def jobs(tmp_path: Path, work: FakeWork) -> Iterator[TrainerJobs]:
    found = TrainerJobs(tmp_path / "state", work)
    yield found
    found.close()


def wait_for(jobs: TrainerJobs, state: JobState) -> dict[str, Any]:
    until(lambda: jobs.state is state)
    found = jobs.snapshot()
    assert found is not None
    return found


def test_there_is_no_job_at_first(jobs: TrainerJobs) -> None:
    assert (jobs.snapshot(), jobs.state, jobs.request) == (None, None, None)


def test_a_job_is_followed_to_its_end(jobs: TrainerJobs, work: FakeWork, request_: JobRequest) -> None:
    jobs.start(request_)
    until(lambda: (jobs.snapshot() or {})["current"] == [{"path": "a.mp4", "done": 5, "total": 10}])
    work.release()
    until(lambda: (jobs.snapshot() or {})["done"] == 1)
    work.release(2)
    end = wait_for(jobs, JobState.DONE)
    assert (end["total"], end["done"], end["failed_count"], end["current"]) == (3, 3, 1, [])
    assert end["failed"] == [{"path": "bad.mp4", **asdict(NO_VIDEO)}]
    assert end["outcomes"] == {"not_judged": 2}
    assert end["left_s"] is None


def test_a_job_that_has_ended_stands_in_no_ones_way(
    jobs: TrainerJobs, work: FakeWork, request_: JobRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner, may_go = jobs._run, threading.Event()
    monkeypatch.setattr(jobs, "_run", lambda *arguments: (inner(*arguments), may_go.wait(60)))
    jobs.start(request_)
    work.release(6)
    wait_for(jobs, JobState.DONE)
    jobs.start(request_)
    may_go.set()
    until(lambda: jobs.state is JobState.DONE and len(work.requests) == 2)


def test_one_job_at_a_time(jobs: TrainerJobs, work: FakeWork, request_: JobRequest) -> None:
    jobs.start(request_)
    with pytest.raises(GradingBusyError):
        jobs.start(request_)
    until(lambda: work.requests)
    assert len(work.requests) == 1


def test_stopping_keeps_what_is_finished_and_the_next_start_works(jobs: TrainerJobs, work: FakeWork, request_: JobRequest) -> None:
    jobs.start(request_)
    work.release()
    until(lambda: (jobs.snapshot() or {})["done"] == 1)
    jobs.stop()
    assert wait_for(jobs, JobState.STOPPED)["done"] == 1
    jobs.start(request_)
    work.release(3)
    assert wait_for(jobs, JobState.DONE)["done"] == 3


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (TrainerError(Text("rules/a.yaml:3：界限", "rules/a.yaml:3: limits")), "rules/a.yaml:3: limits"),
        (ValueError("odd"), "ValueError: odd"),
    ],
    ids=["one of ours", "one nobody expected"],
)
def test_an_error_ends_the_job_and_is_told(jobs: TrainerJobs, work: FakeWork, request_: JobRequest, error: Exception, words: str) -> None:
    work.error = error
    jobs.start(request_)
    assert words in wait_for(jobs, JobState.FAILED)["error"]["en"]


def test_a_restart_knows_the_last_job_and_that_it_was_interrupted(
    tmp_path: Path, jobs: TrainerJobs, work: FakeWork, request_: JobRequest
) -> None:
    jobs.start(request_)
    work.release(2)
    after = until(lambda: (found := TrainerJobs(tmp_path / "state", work).snapshot()) and found["done"] == 2 and found)
    assert (after["state"], after["folder"], after["done"], after["total"]) == ("interrupted", request_.folder, 2, 3)
    assert after["failed"] == [{"path": "bad.mp4", **asdict(NO_VIDEO)}]


def test_a_restart_knows_a_job_that_ended(tmp_path: Path, jobs: TrainerJobs, work: FakeWork, request_: JobRequest) -> None:
    jobs.start(request_)
    work.release(3)
    before = wait_for(jobs, JobState.DONE)
    jobs.close()
    again = TrainerJobs(tmp_path / "state", work)
    gone = {"started": 0, "finished": [], "finished_count": 0}  # these come from the results, of which the fake has none
    assert again.snapshot() == before | gone
    assert again.recent == (request_.folder,)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"request": null}', '{"request": {"what": 1}, "state": "done"}'])
def test_a_damaged_memory_is_no_memory(tmp_path: Path, work: FakeWork, content: str) -> None:
    (tmp_path / FILE).write_text(content, "utf-8")
    assert TrainerJobs(tmp_path, work).snapshot() is None


def test_what_failed_before_and_is_told_again_counts_too() -> None:
    progress = GradingProgress(threading.RLock(), lambda: 0.0)
    progress.begin(1)
    progress.clip_failed("bad.mp4", NO_VIDEO)
    progress.clip_done(clip("a.mp4"))
    assert (progress.done, progress.total) == (2, 2)


def test_what_becomes_of_each_clip_is_told_while_the_rest_runs(jobs: TrainerJobs, work: FakeWork, request_: JobRequest) -> None:
    jobs.start(request_)
    work.release(1)
    now = until(lambda: (found := jobs.snapshot()) and found["finished_count"] == 1 and found)
    assert [(row["path"], row["outcome"]) for row in now["finished"]] == [("a.mp4", "not_judged")]
    later = jobs.snapshot(after=1)
    assert later is not None
    assert (later["finished"], later["finished_count"]) == ([], 1)
    work.release(2)


def test_a_clip_is_told_as_what_it_was_judged() -> None:
    said = [clause("sit.head_up", State.PASS), clause("desk.wrist", State.UNJUDGED), clause("smile.level", State.FAIL)]
    told = Finished.of(replace(clip("a.mp4"), people=(PersonResult(1, "李娜", 50.0, "improve", (), tuple(said)),)))
    assert (told.name, told.outcome, told.drill, told.prefixes) == ("李娜", "improve", "auto", ("sit", "smile"))


def test_folders_graded_lately_are_remembered_the_last_one_first(
    tmp_path: Path, jobs: TrainerJobs, work: FakeWork, request_: JobRequest
) -> None:
    for name in ("一班", "二班", "一班"):
        (tmp_path / name).mkdir(exist_ok=True)
        work.release(9)
        jobs.start(replace(request_, folder=str(tmp_path / name)))
        wait_for(jobs, JobState.DONE)
    assert TrainerJobs(tmp_path / "state", work).recent[:2] == (str(tmp_path / "一班"), str(tmp_path / "二班"))


def test_the_time_left_comes_from_what_was_done_in_this_run() -> None:
    now = [100.0]
    progress = GradingProgress(threading.RLock(), lambda: now[0])
    progress.begin(10)
    for kept in "abcd":
        progress.clip_done(clip(kept))
    assert progress.left_s() is None
    progress.frames_done("e", 0, 0)
    progress.frames_done("f", 0, 0)
    now[0] += 30.0
    progress.clip_done(clip("e"))
    progress.frames_done("f", 5, 10)
    assert progress.done == 5
    assert progress.left_s() == pytest.approx(30.0 / 1.5 * 4.5)


def test_clips_that_are_kept_are_done() -> None:
    progress = GradingProgress(threading.RLock(), lambda: 0.0)
    progress.begin(2)
    progress.kept([clip("a.mp4")], 2)
    assert (progress.done, progress.total, len(progress.finished)) == (1, 2, 1)
