"""A trainer's desk for the tests of the page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from posecoach.trainer_job import TrainerJobs
from posecoach.webapp import create_app
from tests.webapp.fakes import world
from tests.webapp.trainer_fakes import Desk, FakeWork


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    clips = tmp_path / "一班"
    clips.mkdir()
    for name in ("李娜.mp4", "bad.mp4", "c.jpg"):
        (clips / name).write_bytes(b"")
    work = FakeWork()
    jobs = TrainerJobs(tmp_path / "state", work)
    with world(tmp_path / "calibration", has_camera=False, trainer=jobs) as running:
        yield Desk(create_app(running.services).test_client(), work, jobs, clips)
    jobs.close()
