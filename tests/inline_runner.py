"""Jobs done in the process of the test itself, one after the other: quick, and what the test replaces is replaced for them too."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from types import TracebackType

from posecoach.workers import Event, Job, run_job


class InlineRunner:
    """Stands in for `LocalRunner`."""

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
