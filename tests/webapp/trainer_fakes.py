"""Work for the trainer's page that needs no model: a clip ends when the test says so."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from posecoach.errors import PosecoachError
from posecoach.jobs.trainer import GradingProgress, JobRequest, TrainerJobs
from posecoach.judging.results import ClipResult
from posecoach.sources.inputs import find_inputs
from posecoach.storage.output_folder import OF_GRADING, PAGE_MARK, OutputFolder
from posecoach.vocabulary import Profile, Text
from tests.waiting import until

OURS = {"X-Posecoach": "1"}
NO_VIDEO = Text("不是视频", "not a video")


def clip(path: str) -> ClipResult:
    """A clip in which nobody was seen."""
    return ClipResult(path, "video", (), 1.0, 10.0, 10, "auto", Profile.UNSPECIFIED, None, None)


@dataclass
class FakeWork:
    """Grades a folder one clip for each `release`; clips whose name holds ``bad`` fail. Writes what a report has."""

    requests: list[JobRequest] = field(default_factory=list)
    error: Exception | None = None
    result: Callable[[str], ClipResult] = clip
    released: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def release(self, count: int = 1) -> None:
        """Let so many clips end."""
        self.released.release(count)

    def __call__(self, request: JobRequest, listener: GradingProgress, stop: threading.Event) -> bool:
        self.requests.append(request)
        if self.error is not None:
            raise self.error
        items = find_inputs([request.folder]).inputs
        listener.begin(len(items))
        for item in items:
            listener.frames_done(item.path, 5, 10)
            while not self.released.acquire(timeout=0.01):
                if stop.is_set():
                    return False
            if "bad" in item.path:
                listener.clip_failed(item.path, NO_VIDEO)
            else:
                listener.clip_done(self.result(item.path))
        write_report(Path(request.out))
        return True


def write_report(out: Path) -> None:
    """Files as a grading leaves them."""
    OutputFolder(out).claim(OF_GRADING)
    pages, pictures = ("index.html", "people.html", "people/李娜.html"), ("annotated/a-1234abcd.mp4", "stills/a-1234abcd/person.jpg")
    for name in (*pages, *pictures, "results.json", "results.csv", "landmarks/a-1234abcd.npz"):
        file = out / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(f"content of {name}{PAGE_MARK if name.startswith('people/') else ''}".encode())


class TrainerError(PosecoachError):
    """What a job may raise."""


@dataclass
class Desk:
    """A trainer's browser, the work behind it and a folder with two clips and a broken one."""

    client: FlaskClient
    work: FakeWork
    jobs: TrainerJobs
    clips: Path

    @property
    def out(self) -> Path:
        return self.clips.with_name("一班-posecoach")

    def get(self, address: str, **query: str) -> Any:
        return self.client.get(f"/api/trainer{address}", query_string=query)

    def post(self, address: str, **body: Any) -> TestResponse:
        return self.client.post(f"/api/trainer/{address}", json=body, headers=OURS)

    def report(self, address: str, **headers: str) -> TestResponse:
        return self.client.get(address, headers=headers, buffered=True)

    def start(self, **more: Any) -> TestResponse:
        return self.post("start", **{"folder": str(self.clips), "out": str(self.out), **more})

    def job(self) -> dict[str, Any]:
        found = self.get("").get_json()["job"]
        assert isinstance(found, dict)
        return found

    def wait_for(self, state: str) -> dict[str, Any]:
        return dict(until(lambda: (found := self.job())["state"] == state and found))

    def done(self) -> dict[str, Any]:
        assert self.start().status_code == 200
        self.work.release(3)
        return self.wait_for("done")
