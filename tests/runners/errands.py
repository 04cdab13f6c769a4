"""Small jobs for runners of any kind, and what becomes of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

from posecoach.errors import SourceError
from posecoach.runners.processes import Event, Job, OnProgress, Progress, Runner
from posecoach.vocabulary import Text
from tests.waiting import until


def double(number: int, report: OnProgress) -> int:
    report(number, 10)
    return 2 * number


def hang(_report: OnProgress) -> None:
    time.sleep(600)


def complain(_report: OnProgress) -> None:
    raise SourceError(Text("不是视频：a.mp4", "not a video: a.mp4"))


def stumble(_report: OnProgress) -> None:
    raise ZeroDivisionError("nothing to divide by")


def job(key: str, function: Callable[..., Any], *arguments: Any, limit_s: float = 60) -> Job:
    return Job(key, function, arguments, limit_s)


def ends(runner: Runner, jobs: Iterable[Job]) -> dict[str, Event]:
    """The last event of every job; there is but one that ends it."""
    waiting = {each.key for each in jobs}
    last: dict[str, Event] = {}

    def hear() -> bool:
        for event in runner.events(0.1):
            if not isinstance(event, Progress):
                assert event.key not in last
                last[event.key] = event
        return last.keys() >= waiting

    for each in jobs:
        runner.submit(each)
    until(hear)
    return last
