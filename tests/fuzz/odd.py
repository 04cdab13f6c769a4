"""Odd values and objects with odd values in them, the same for the same dice."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 10**400, -(10**30), 1.5, 1e308, -1e308, float("nan"), float("inf"), "", " ", "0", "x" * 5000),
    *("\ud800", "\x1b[2J\x07", "\0", "../../etc/passwd", "//[x", "nan", "\u202egnp.exe", "名" * 300),
    *([], [[]], {}, {"": None}, [1, "a", None]),
)


def nested(depth: int) -> str:
    """JSON with brackets in brackets."""
    return "[" * depth + "]" * depth


def with_odd_values(value: Any, dice: random.Random, times: int = 1) -> Any:
    """The object with some of its parts replaced, left out or doubled."""
    out = copy.deepcopy(value)
    for _ in range(times):
        _change(out, dice)
    return out


def _change(value: Any, dice: random.Random) -> None:
    while isinstance(value, dict | list) and value:
        key: Any = dice.choice(list(value)) if isinstance(value, dict) else dice.randrange(len(value))
        if dice.random() < 0.3 or not isinstance(value[key], dict | list) or not value[key]:
            _replace(value, key, dice)
            return
        value = value[key]


def _replace(value: Any, key: Any, dice: random.Random) -> None:
    way = dice.random()
    if way < 0.15:
        del value[key]
    elif way < 0.25 and isinstance(value, list):
        value.append(copy.deepcopy(value[key]))
    else:
        value[key] = copy.deepcopy(dice.choice(VALUES))


def odd_json(value: Any, dice: random.Random) -> bytes:
    """An object as JSON with odd values in it, now and then nested too deeply."""
    text = json.dumps(with_odd_values(value, dice, dice.choice((1, 1, 2, 4))))
    if dice.random() < 0.02:
        text = text.replace("null", nested(3000), 1)
    return text.encode()
