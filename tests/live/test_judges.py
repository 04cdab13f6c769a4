"""Questions to a judging process: each gets its own answer, in turn, and the next one is there before it is asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any

import pytest

from posecoach.live import judges
from posecoach.live.judges import GoneError, Judge


class NoProcess:
    """What stands for a process that is a thread here."""

    def kill(self) -> None:
        """Nothing to end."""

    def join(self) -> None:
        """Nothing to wait for."""


def judge_that(answers: Callable[[Connection], None], monkeypatch: pytest.MonkeyPatch) -> Judge:
    """A judge whose process does that with its end of the pipe."""
    ours, theirs = Pipe()
    monkeypatch.setattr(judges, "start_process", lambda *_: (NoProcess(), ours))
    threading.Thread(target=answers, args=(theirs,), daemon=True).start()
    return Judge({})


def test_everybody_gets_their_own_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def echo(pipe: Connection) -> None:
        for _ in range(400):
            key, name, _arguments = pipe.recv()
            pipe.send((None, (key, name)))

    judge = judge_that(echo, monkeypatch)
    with ThreadPoolExecutor(8) as pool:
        asked = [(str(i % 8), str(i)) for i in range(400)]
        assert list(pool.map(lambda each: judge.ask(*each), asked)) == asked


def test_the_next_question_is_there_while_one_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    def look(pipe: Connection) -> None:
        for _ in range(2):
            pipe.recv()
            is_there = pipe.poll(5)
            pipe.send((None, is_there))

    judge = judge_that(look, monkeypatch)
    monkeypatch.setattr(judges, "ANSWER_S", 30.0)
    with ThreadPoolExecutor(3) as pool:
        first, second, last = (pool.submit(judge.ask, "one", "see") for _ in range(3))
        assert first.result(10)
        assert second.result(10)
        judge.end()
        with pytest.raises(GoneError):
            last.result(30)


def test_a_late_answer_is_nobody_elses(monkeypatch: pytest.MonkeyPatch) -> None:
    is_over, is_said = threading.Event(), threading.Event()

    def late(pipe: Connection) -> None:
        pipe.recv()
        is_over.wait(10)
        pipe.send((None, "of the first"))
        is_said.set()

    def answer(judge: Judge) -> Any:
        try:
            return judge.ask("one", "see")
        except GoneError:
            return "gone"

    judge = judge_that(late, monkeypatch)
    monkeypatch.setattr(judges, "ANSWER_S", 0.05)
    monkeypatch.setattr(judge, "end", is_over.set)
    with ThreadPoolExecutor(2) as pool:
        assert {found.result(10) for found in [pool.submit(answer, judge) for _ in range(2)]} == {"gone"}
    assert is_said.wait(10), "the pipe goes with the judge"
