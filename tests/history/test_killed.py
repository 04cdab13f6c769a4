"""Writers that are killed in the middle: no half of a check is kept, and none that was confirmed is lost."""

from __future__ import annotations

import multiprocessing
import os
import signal
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from sqlalchemy import select

from posecoach.history.database import Records
from posecoach.history.people import add_person
from posecoach.history.recording import record
from posecoach.history.tables import CheckRow
from posecoach.history.upkeep import faults, stock
from tests.history.test_records import MONDAY, check
from tests.mutations import COUNT

WRITERS = 4
SAVES, KILLS = (1000, 50) if COUNT >= 5000 else (160, 8)


def write(folder: str, address: str, first: int, confirmed: Connection) -> None:
    """Save one check after the other, and say so of each that is kept."""
    records = Records.open(Path(folder), address)
    for number in range(first, first + SAVES):
        record(records, check(seen_key=f"{number:064d}"), "grade")
        confirmed.send(number)


@dataclass
class Writers:
    """Processes that write, each with a pipe of its own: who is killed while it speaks must not silence the others."""

    arguments: tuple[str, str]
    at_work: list[tuple[ForkServerProcess, Connection]] = field(default_factory=list)
    heard: set[int] = field(default_factory=set)
    numbers: count[int] = field(default_factory=lambda: count(0, SAVES))

    def start(self) -> None:
        """Let another begin."""
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["tests.history.test_records", "psycopg"])
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=write, args=(*self.arguments, next(self.numbers), theirs), daemon=True)
        process.start()
        theirs.close()
        self.at_work.append((process, ours))

    def listen(self, saves: int) -> None:
        """Until so many saves are confirmed."""
        while len(self.heard) < saves:
            pipes = [pipe for _, pipe in self.at_work]
            ready = wait(pipes)
            self.heard.update(pipe.recv() for pipe in pipes if pipe in ready)

    def kill(self) -> None:
        """End the longest at work, and hear what it confirmed before."""
        process, pipe = self.at_work.pop(0)
        os.kill(process.pid or 0, signal.SIGKILL)
        process.join()
        with pipe, suppress(EOFError):
            while True:
                self.heard.add(pipe.recv())


def test_no_confirmed_check_is_lost_when_writers_are_killed(address: str, tmp_path: Path) -> None:
    records = Records.open(tmp_path, address)
    with records.writing() as session:
        add_person(session, "李娜", who="trainer")
    writers = Writers((str(tmp_path), address))
    for _ in range(WRITERS):
        writers.start()
    for kills in range(1, KILLS + 1):
        writers.listen(kills * SAVES // KILLS)
        writers.kill()
        writers.start()
    while writers.at_work:
        writers.kill()
    with records.reading() as session:
        kept = {int(key) for key in session.scalars(select(CheckRow.seen_key))}
    assert writers.heard <= kept
    assert len(kept - writers.heard) <= KILLS + WRITERS
    assert list(faults(records)) == []
    assert stock(records, MONDAY).results == 2 * len(kept)
    records.close()
