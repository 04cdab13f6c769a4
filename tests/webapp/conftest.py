"""A trainer's desk for the tests of the page, and files whose tests build on each other."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from posecoach.jobs.trainer import TrainerJobs
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


FAILED = pytest.StashKey[str]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remembers which step of its file failed first."""
    report = yield
    if report.failed and item.get_closest_marker("steps") and item.parent:
        item.parent.stash.setdefault(FAILED, item.name)
    return report


def pytest_runtest_setup(item: pytest.Item) -> None:
    """What builds on a step that failed would only wait in vain."""
    earlier = item.parent.stash.get(FAILED, None) if item.parent else None
    if earlier:
        pytest.fail(f"not tried: {earlier} failed", pytrace=False)
