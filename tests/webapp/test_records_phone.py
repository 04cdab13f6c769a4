"""The pages of the records on a phone: whoever reads a result card's code sees the verdicts, without pushing a table aside."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from posecoach.history.database import Records
from posecoach.history.tables import utc_now
from posecoach.webapp import create_app
from tests.record_screens import fill, pages
from tests.webapp.browser import chromium
from tests.webapp.fakes import served, world

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
OVERFLOWING = "return [...document.querySelectorAll('.scroll')].filter((part) => part.scrollWidth > part.clientWidth).length"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[str]:
    """A server with the records of a team."""
    records = Records.open(tmp_path / "state")
    fill(records, utc_now())
    with world(tmp_path, has_camera=False, open_records=lambda: records) as running, served(create_app(running.services)) as url:
        yield url
        running.services.stopping.set()
    records.close()


def test_every_column_is_in_sight_in_both_languages(office: str, tmp_path: Path) -> None:
    cut: list[tuple[str, str]] = []
    with chromium(tmp_path / "profile") as screen:
        screen.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)
        for name, page in pages(office):
            screen.open(page)
            for language in ("zh", "en"):
                if screen.js(OVERFLOWING):
                    cut.append((name, language))
                screen.js("document.getElementById('language').click()")
    assert cut == []
