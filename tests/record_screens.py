"""Pages of the records as people see them: `python -m tests.record_screens FOLDER` fills records, takes pictures and PDFs of their pages.

Three months of one person who improves and slips once, and a team of twelve before and after a training, some of whom were not
checked since; the same numbers each time. Nobody in them is real, and nothing was filmed.
"""

from __future__ import annotations

import base64
import math
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from posecoach.history.database import Records
from posecoach.history.opinions import Review, say
from posecoach.history.people import add_person
from posecoach.history.recording import NewCheck, record
from posecoach.history.tables import utc_now
from posecoach.judging.outcomes import outcome, score
from posecoach.judging.results import ClauseVerdict
from posecoach.rulebook.schema import Rule
from posecoach.vocabulary import Reason, State
from posecoach.webapp import create_app
from tests.shipped import RULE_SETS
from tests.webapp.browser import Screen, chromium
from tests.webapp.fakes import served, world

DAYS = 90
TRAINING_AGO = 30
TEAM = ("李娜", "王强", "赵磊", "陈静", "刘洋", "杨帆", "黄敏", "周杰", "吴婷", "徐亮", "孙悦", "马超")
GROUP = "窗口一组"
_BAND = {State.PASS: 0.5, State.WARN: 1.05, State.FAIL: 1.8}
"""How far values lie, in thresholds."""
PAGES = {"all": "", "person": "person/1", "group": "group/1", "check": "check/1", "rules": "rules"}
SIZES = {"": (1366, 768), ".phone": (390, 844)}


def fill(records: Records, now: datetime) -> None:
    """A person checked every second day, and a team checked in the month before a training and after it."""
    with records.writing() as session:
        for name in TEAM:
            add_person(session, name, GROUP, note="签字表 2026-08", who="page")
    for day in range(0, DAYS, 2):
        for topic in ("standing", "smile") if day % 6 == 0 else ("standing",):
            slips = 0.35 if 50 <= day < 58 else 0.0
            record(records, _check(TEAM[0], topic, now - timedelta(days=DAYS - day), day / DAYS - slips, day), "live")
    for number, name in enumerate(TEAM[1:-2], 1):
        for ago, skill in ((TRAINING_AGO + 20, 0.25), (TRAINING_AGO + 9, 0.35), (12, 0.75), (3, 0.85)):
            record(records, _check(name, "standing", now - timedelta(days=ago), skill, number + ago), "grade")
    record(records, _check(TEAM[-2], "standing", now - timedelta(days=TRAINING_AGO + 15), 0.3, 5), "grade")
    failed = next(rule for rule in RULE_SETS["standing"].rules if rule.self_check is None)
    review = Review("王老师", {failed.id: (State.PASS, "衣服皱了，人是正的")}, agrees=True, comment="开头不错。\n下次请从正面再拍一段。")
    with records.writing() as session:
        say(session, 1, review, who="page")


def _check(name: str, topic: str, at: datetime, skill: float, seed: int) -> NewCheck:
    rule_set = RULE_SETS[topic]
    clauses = tuple(_verdict(rule, n, skill, seed) for n, rule in enumerate(rule_set.rules))
    total, came_to = score(clauses, (rule_set,)), outcome(clauses, (rule_set,))
    path = None if seed % 3 else f"{name} {at:%m-%d}.mp4"
    return NewCheck(
        name, GROUP, topic, topic, "female", rule_set.file, rule_set.sha256, path, f"{name}{topic}{seed}", at, total, came_to, clauses
    )


def _verdict(rule: Rule, number: int, skill: float, seed: int) -> ClauseVerdict:
    """The better somebody is, the fewer clauses fail; some are never seen from the front."""
    luck = (math.sin(number * 12.9898 + seed * 78.233) + 1) / 2
    if rule.self_check is not None or number % 7 == 6:
        reason = Reason.NEVER if rule.self_check is not None else Reason.VIEW
        return ClauseVerdict(rule.id, State.UNJUDGED, reason, None, "deg", 0.0, None, None, None, rule.source)
    state = State.PASS if luck < skill else State.WARN if luck < skill + 0.15 else State.FAIL
    said = None if state is State.PASS else rule.clause
    return ClauseVerdict(rule.id, state, Reason.NONE, round(4 * _BAND[state] + luck, 1), "deg", 1.0, 0.9, 2.0, said, rule.source, 1.2)


def take(screen: Screen, address: str, file: Path) -> None:
    """The whole page as a picture, whatever its height."""
    screen.open(address)
    height = screen.js("return document.documentElement.scrollHeight")
    width = screen.js("return window.innerWidth")
    clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
    found = screen.driver.execute_cdp_cmd("Page.captureScreenshot", {"clip": clip, "captureBeyondViewport": True})
    file.write_bytes(base64.b64decode(found["data"]))


def printed(screen: Screen) -> bytes:
    """The page on paper."""
    return base64.b64decode(screen.driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"])


def pages(address: str) -> Iterator[tuple[str, str]]:
    """Name and address of each page."""
    for name, path in PAGES.items():
        yield name, f"{address}/records/{path}"


def main() -> None:
    """Fill, show, take."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        records = Records.open(Path(place) / "state")
        fill(records, utc_now())
        with world(Path(place), has_camera=False, open_records=lambda: records) as running, served(create_app(running.services)) as address:
            for ending, size_wh in SIZES.items():
                with chromium(Path(place) / f"profile{ending}", size_wh=size_wh) as screen:
                    for name, page in pages(address):
                        take(screen, page, folder / f"{name}{ending}.png")
                        if not ending:
                            (folder / f"{name}.pdf").write_bytes(printed(screen))
        records.close()


if __name__ == "__main__":
    main()
