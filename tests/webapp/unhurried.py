"""The command line, but nothing is too slow or too late: how fast this machine is must not matter. `tests/live` tests what is said then.

python -m tests.webapp.unhurried LOG serve ...     LOG: a file for what is posted, a line each: path, content type, bytes
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from flask import Flask

from posecoach.body.records import Frame
from posecoach.judging import live as judging_live
from posecoach.live import judges
from posecoach.live.pace import Pace
from posecoach.live.row import RowSession
from posecoach.row.live import LiveRow
from posecoach.rulebook.schema import RuleSet
from posecoach.sources import landmark_posts

PATIENCE_S = 600.0
STEP_MS = 100.0
"""A row's clock goes on by no more from one picture judged to the next: nobody has been away for long who is only seen seldom."""
_judge = judges._judge
_feed = RowSession._feed


def be_patient() -> None:
    """In this process."""
    Pace.note = lambda self, t_ms, lag_ms: None  # type: ignore[method-assign]
    landmark_posts.STALE_S = PATIENCE_S
    RowSession._feed = feed_patiently  # type: ignore[method-assign,assignment]


def feed_patiently(session: RowSession, row: LiveRow, frame: Frame) -> None:
    """Judge a row's frame as if it had come soon after the last one, however long that took."""
    last_ms = frame.t_ms if session._now is None else session._now.t_ms
    _feed(session, row, replace(frame, t_ms=min(frame.t_ms, last_ms + STEP_MS)))


def judge_patiently(pipe: Connection, rule_sets: Mapping[str, RuleSet]) -> None:
    """The life of a judging process, for which nobody is gone who is only seen seldom."""
    be_patient()
    judging_live.LEFT_MS = 1000 * PATIENCE_S
    _judge(pipe, rule_sets)


def note_posts(log: Path) -> None:
    """Write down what comes in with a request."""
    posted, answer = log.open("a", buffering=1, encoding="utf-8"), Flask.wsgi_app

    def noting(app: Flask, environ: Any, start: Any) -> Any:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            print(environ["PATH_INFO"], environ.get("CONTENT_TYPE", ""), environ.get("CONTENT_LENGTH") or 0, sep="\t", file=posted)
        return answer(app, environ, start)

    Flask.wsgi_app = noting  # type: ignore[method-assign,assignment]


if __name__ == "__main__":
    from posecoach.cli.main import main
    from tests.webapp import unhurried

    be_patient()
    judges._judge = unhurried.judge_patiently
    note_posts(Path(sys.argv.pop(1)))
    main(prog_name="posecoach")
