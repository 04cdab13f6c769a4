"""What the requests work with."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from flask import current_app

from posecoach.history.database import Records
from posecoach.jobs.trainer import TrainerJobs
from posecoach.live.camera import LiveCamera
from posecoach.live.row import RowSession
from posecoach.live.visitors import Visitors
from posecoach.rulebook.schema import RuleSet
from posecoach.storage.calibrations import CalibrationStore
from posecoach.storage.saved_rosters import SavedRosters
from posecoach.webapp.logins import Logins

MAX_VIEWERS = 32


@dataclass(frozen=True)
class Services:
    """The running parts. ``logins`` None: no pass phrase is asked for. ``hosts``: names this server may be called by, in lower case.

    ``row`` None: no row is judged. ``rosters`` None: no rosters of rows are kept.
    ``trainer`` None: no folders are graded; ``is_trainer_remote``: also from other machines.
    ``authority``: the certificate that other machines have to trust, None where there is a certificate of others, or none.
    ``open_records`` gives the records, which are made when first asked for; None: they are shown to nobody.
    """

    camera: LiveCamera
    visitors: Visitors
    store: CalibrationStore
    rule_sets: Mapping[str, RuleSet]
    hosts: frozenset[str] = frozenset({"localhost"})
    is_loopback: bool = True
    logins: Logins | None = None
    max_viewers: int = MAX_VIEWERS
    row: RowSession | None = None
    rosters: SavedRosters | None = None
    trainer: TrainerJobs | None = None
    is_trainer_remote: bool = False
    open_records: Callable[[], Records] | None = None
    authority: Path | None = None
    stopping: threading.Event = field(default_factory=threading.Event)
    start_s: float = field(default_factory=time.monotonic)


def services() -> Services:
    """The services of the application that answers now."""
    found = current_app.extensions["posecoach"]
    assert isinstance(found, Services)
    return found
