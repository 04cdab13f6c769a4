"""Shared data, and the rule for skips: in CI a test may be skipped for one reason only."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest

os.environ["POSECOACH_LANG"] = "en"  # the terminal speaks the language of the system otherwise

SHARED_DATA = Path(__file__).parents[2] / "shared" / "data"
NO_SHARED_DATA = "needs ../shared/data, which is not here"


LONGEST = (
    *("test_shared_clips", "test_start_browser", "test_accessible", "test_cluster", "test_batch", "test_doors", "test_bad_input"),
    *("test_samples", "test_memory", "test_group_pictures", "test_packaging", "test_face_blur"),
)
"""Files that go first where several processes share the tests: begun last, one of them keeps a process busy alone at the end."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, the others in their order."""
    items.sort(key=lambda item: LONGEST.index(item.path.stem) if item.path.stem in LONGEST else len(LONGEST))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The labelled data beside the checkout; the test is skipped where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip(NO_SHARED_DATA)
    return SHARED_DATA


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI, a skip for any other reason is a failure."""
    report = yield
    _fail_other_skips(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a whole file that skips itself."""
    report = yield
    _fail_other_skips(report)
    return report


def _fail_other_skips(report: pytest.TestReport | pytest.CollectReport) -> None:
    is_expected_failure = hasattr(report, "wasxfail")
    if os.environ.get("CI") and report.skipped and not is_expected_failure and NO_SHARED_DATA not in str(report.longrepr):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI, where only '{NO_SHARED_DATA}' is allowed: {report.longrepr}"
