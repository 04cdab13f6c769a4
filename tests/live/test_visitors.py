"""When a visitor's session is over."""

from __future__ import annotations

import pytest

from posecoach.live.visitor import IDLE_S, Visitor


def test_a_session_is_over_when_nothing_is_posted_and_not_while_an_answer_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first one waits for the models, on a slow computer longer than a session may be idle."""
    now_s = [100.0]
    monkeypatch.setattr("posecoach.live.visitor.time.monotonic", lambda: now_s[0])
    visitor = Visitor()
    with visitor._posting():
        now_s[0] += 2 * IDLE_S
        assert not visitor.is_over
    assert not visitor.is_over
    now_s[0] += IDLE_S + 1
    assert visitor.is_over
