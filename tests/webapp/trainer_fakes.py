"""Work for the trainer's page that needs no model: a clip ends when the test says so."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path

from posecoach.errors import PosecoachError
from posecoach.records import ClipResult, Profile
from posecoach.sources.inputs import find_inputs
from posecoach.trainer_job import JobRequest, Progress

WAIT_S = 5.0


def clip(path: str) -> ClipResult:
    """A clip in which nobody was seen."""
    return ClipResult(path, "video", (), 1.0, 10.0, 10, "auto", Profile.UNSPECIFIED, None, None)


@dataclass
class FakeWork:
    """Grades a folder one clip for each `release`; clips whose name holds ``bad`` fail. Writes what a report has."""

    requests: list[JobRequest] = field(default_factory=list)
    error: Exception | None = None
    released: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def release(self, count: int = 1) -> None:
        """Let so many clips end."""
        self.released.release(count)

    def __call__(self, request: JobRequest, listener: Progress, stop: threading.Event) -> bool:
        self.requests.append(request)
        if self.error is not None:
            raise self.error
        items, _ = find_inputs([request.folder])
        listener.begin(len(items))
        for item in items:
            listener.frames_done(item.path, 5, 10)
            while not self.released.acquire(timeout=0.01):
                if stop.is_set():
                    return False
            if "bad" in item.path:
                listener.clip_failed(item.path, "not a video")
            else:
                listener.clip_done(clip(item.path))
        write_report(Path(request.out))
        return True


def write_report(out: Path) -> None:
    """Files as a grading leaves them, and one that is none of the report's."""
    for name in ("index.html", "people/李娜.html", "annotated/a-1234.mp4", "results.json", "results.csv", "landmarks/a.npz", "notes.txt"):
        file = out / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(f"content of {name}".encode())


class TrainerError(PosecoachError):
    """What a job may raise."""
