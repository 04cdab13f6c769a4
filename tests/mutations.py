"""Damaged copies of bytes, the same for the same seed, and a process of their own to try them in: what crashes there names its copy."""

from __future__ import annotations

import faulthandler
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
COUNT = int(os.environ.get("POSECOACH_FUZZ", "250"))
"""Copies for each decoder: a twentieth of what a thorough run takes, POSECOACH_FUZZ=5000."""
HANG_S = 60.0
"""Whatever takes longer for one copy hangs."""
_ODD = (0, 1, 0x7F, 0x80, 0xFF)


def mutations(seeds: Sequence[bytes], count: int, seed: int = 1) -> Iterator[bytes]:
    """So many damaged copies: bits turned over, bytes changed, left out, doubled or strange, the end cut off, two files put together."""
    dice = random.Random(seed)
    for number in range(count):
        data = bytearray(seeds[number % len(seeds)])
        for _ in range(dice.choice((1, 1, 2, 5, 20))):
            dice.choice(_WAYS)(data, dice, seeds)
        yield bytes(data)


def crash_of(module: str, kind: str) -> str:
    """Runs ``python -m module kind`` and returns what it said when it did not end well, "" when it did."""
    done = subprocess.run([sys.executable, "-X", "faulthandler", "-m", module, kind], capture_output=True, text=True, cwd=ROOT)
    return "" if done.returncode == 0 else f"ended with {done.returncode}: {done.stdout[-300:]}{done.stderr[-3000:]}"


def try_all(name: str, copies: Iterable[bytes], take: Callable[[bytes], object], refusals: tuple[type[Exception], ...]) -> None:
    """Takes in each copy. Says how many were taken and refused; what raises anything else, crashes or hangs is named."""
    count = taken = 0
    for count, data in enumerate(copies, 1):
        faulthandler.dump_traceback_later(HANG_S, exit=True)
        try:
            take(data)
            taken += 1
        except refusals:
            pass
        except BaseException:
            print(f"copy {count - 1} of {name}, {len(data)} bytes: {data[:200]!r}", flush=True)  # noqa: T201
            raise
    faulthandler.cancel_dump_traceback_later()
    print(f"{count} copies of {name}: {taken} read, {count - taken} refused")  # noqa: T201


def _turn_a_bit(data: bytearray, dice: random.Random, _: Sequence[bytes]) -> None:
    data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)


def _turn_a_bit_in_front(data: bytearray, dice: random.Random, _: Sequence[bytes]) -> None:
    data[dice.randrange(min(len(data), 200))] ^= 1 << dice.randrange(8)


def _make_odd(data: bytearray, dice: random.Random, _: Sequence[bytes]) -> None:
    at = dice.randrange(len(data))
    data[at : at + 4] = bytes([dice.choice(_ODD)]) * dice.choice((1, 2, 4))


def _leave_out(data: bytearray, dice: random.Random, _: Sequence[bytes]) -> None:
    at = dice.randrange(len(data))
    del data[max(1, at) : at + dice.randrange(1, 40)]


def _double(data: bytearray, dice: random.Random, _: Sequence[bytes]) -> None:
    at = dice.randrange(len(data))
    data[at:at] = data[at : at + dice.randrange(1, 400)]


def _cut_off(data: bytearray, dice: random.Random, _: Sequence[bytes]) -> None:
    del data[max(1, dice.randrange(len(data))) :]


def _put_together(data: bytearray, dice: random.Random, seeds: Sequence[bytes]) -> None:
    other = dice.choice(seeds)
    data[max(1, dice.randrange(len(data))) :] = other[dice.randrange(len(other)) :]


_WAYS: tuple[Callable[[bytearray, random.Random, Sequence[bytes]], None], ...] = (
    _turn_a_bit,
    _turn_a_bit,
    _turn_a_bit_in_front,
    _make_odd,
    _leave_out,
    _double,
    _cut_off,
    _put_together,
)
