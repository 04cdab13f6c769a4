"""Processes that judge those whom browsers recognise: each session stays in the one where it began, and costs what is new in it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from posecoach.errors import PosecoachError
from posecoach.live.landmark_session import LandmarkSession
from posecoach.rulebook.schema import RuleSet
from posecoach.runners.processes import start_process
from posecoach.vocabulary import Text

log = logging.getLogger(__name__)

ANSWER_S = 20.0
"""The first answer waits for the process to load."""
BUSY, MOST_BUSY = 0.6, 0.8
"""The share of its time that a process shall be busy, and may be before nobody more is let in. None has a core to itself: who receives the
posts needs a sixth of what judging needs, and where little is left waiting grows without end."""
POST_MS = (100, 450)
"""The least and the longest time between two posts of a session, on the average: a post waits for a picture, of ten a second."""
FIRST_COST_S = 0.006
"""What a post is taken to cost before any was measured."""
_LEARNS = 0.05
AHEAD = 2
"""So many questions are on their way at a time: the next one lies there when a process has answered, or the process would sleep while those
who ask it wake each other."""
FEW = 6
"""A process is begun only when those there are have more sessions than this."""


class GoneError(PosecoachError):
    """The process of a session has ended, and the session with it."""


class Judge:
    """One process and the sessions in it; it answers one question after the other."""

    def __init__(self, rule_sets: Mapping[str, RuleSet]) -> None:
        self.count = 0
        """Sessions in it."""
        self.cost_s = FIRST_COST_S
        """The processor's time for a post, lately."""
        self.is_gone = False
        self._room = threading.Semaphore(AHEAD)
        self._sending = threading.RLock()
        self._newest = threading.Event()
        self._newest.set()
        self._process, self._pipe = start_process(_judge, dict(rule_sets))

    @property
    def post_ms(self) -> int:
        """The time to leave between two posts of a session."""
        least, longest = POST_MS
        return min(max(round(1000 * self.count * self.cost_s / BUSY), least), longest)

    @property
    def has_room(self) -> bool:
        """Whether one more could be judged as often as is asked at least: more than twice a second."""
        return 1000 * (self.count + 1) * self.cost_s <= MOST_BUSY * POST_MS[1]

    def see(self, key: str, *arguments: Any) -> bytes:
        """Have a session see a post, and learn what that costs. Raises `GoneError` and what the session raises."""
        answer, cost_s = self.ask(key, "see", *arguments)
        self.cost_s += _LEARNS * (cost_s - self.cost_s)
        return bytes(answer)

    def ask(self, key: str, name: str, *arguments: Any) -> Any:
        """What the method ``name`` of a session returns, or the value of that name. Raises `GoneError` and what the session raises."""
        try:
            with self._room:
                error, value = self._answer_to((key, name, arguments))
        except (EOFError, OSError) as lost:
            log.error("a judging process is gone: %s", type(lost).__name__)
            self.end()
            raise GoneError(Text("练习已结束，请重新开始", "The session has ended: start again")) from lost
        if error is not None:
            raise error
        return value

    def _answer_to(self, question: Any) -> Any:
        """The answer, taken from the pipe when those who asked before have theirs."""
        answered = threading.Event()
        try:
            with self._sending:
                before = self._newest
                self._pipe.send(question)
                self._newest = answered
            before.wait()
            if self.is_gone or not self._pipe.poll(ANSWER_S):
                raise TimeoutError
            return self._pipe.recv()
        except (EOFError, OSError):
            self.is_gone = True  # before the next one looks: a late answer is nobody else's
            raise
        finally:
            answered.set()

    def end(self) -> None:
        """End the process and all its sessions."""
        self.is_gone = True
        self._process.kill()
        self._process.join()
        with self._sending:
            self._pipe.close()


class Judges:
    """Up to ``most`` processes, begun as they are needed."""

    def __init__(self, rule_sets: Mapping[str, RuleSet], most: int) -> None:
        self._rule_sets = rule_sets
        self._most = most
        self._judges: list[Judge] = []

    def take(self) -> Judge | None:
        """The process for one more session, which is counted; None where all are as busy as they can be. For one thread at a time."""
        self._judges = [judge for judge in self._judges if not judge.is_gone]
        least = min(self._judges, key=lambda judge: judge.count, default=None)
        if (least is None or least.count >= FEW) and len(self._judges) < self._most:
            least = Judge(self._rule_sets)
            self._judges.append(least)
        if least is None or not least.has_room:
            return None
        least.count += 1
        return least

    def stop(self) -> None:
        """End all."""
        for judge in self._judges:
            judge.end()
        self._judges = []


def _judge(pipe: Connection, rule_sets: Mapping[str, RuleSet]) -> None:
    """The life of a process: a session begins with what is first asked of it, and goes on until its ``end``."""
    sessions: dict[str, LandmarkSession] = {}
    with suppress(EOFError, OSError):
        while True:
            pipe.send(_answer(sessions, rule_sets, *pipe.recv()))


def _answer(sessions: dict[str, LandmarkSession], rule_sets: Mapping[str, RuleSet], key: str, name: str, arguments: Any) -> tuple[Any, Any]:
    """The error, or None and the answer; of a post with what it has cost, in seconds."""
    if name == "end":
        return None, sessions.pop(key, None) and None
    if key not in sessions:
        sessions[key] = LandmarkSession(rule_sets)
    try:
        begun_s = time.process_time()
        found = getattr(sessions[key], name)
        value = found(*arguments) if callable(found) else found
        return None, (value, time.process_time() - begun_s) if name == "see" else value
    except (PosecoachError, ValueError) as error:
        return error, None
    except Exception as error:  # whatever one session meets ends no other
        log.exception("judging failed")
        return RuntimeError(f"{type(error).__name__}: {error}"), None
