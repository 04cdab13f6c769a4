"""JSON that others may have written or damaged: read with bounds, and values that are what they should be."""

from __future__ import annotations

import json
import math
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

DAMAGE: tuple[type[Exception], ...] = (
    *(OSError, EOFError, LookupError, ValueError, TypeError, AttributeError, ArithmeticError, RuntimeError, MemoryError, SyntaxError),
    *(struct.error, zipfile.BadZipFile, zlib.error),
)
"""What parsers of the standard library and numpy raise for bytes that are not what they should be."""

MOST_DEPTH = 50
_LONGEST_WHOLE_NUMBER = 18
_LARGEST = 1e12


def parse_json(data: bytes) -> Any:
    """The value written in UTF-8 ``data``. Halves of characters become U+FFFD, whole numbers too long for any use become floats.

    Raises ValueError for everything else that is not JSON as others read it: NaN, brackets nested deeper than `MOST_DEPTH`.
    """
    text = data.decode("utf-8-sig")
    try:
        found = json.loads(text, parse_constant=_refused, parse_int=_whole_number)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return _bounded(found, MOST_DEPTH)


def _refused(constant: str) -> None:
    raise ValueError(f"{constant} is no number")


def _whole_number(digits: str) -> int | float:
    return int(digits) if len(digits) <= _LONGEST_WHOLE_NUMBER else float(digits)


def _bounded(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return whole(value)
    if isinstance(value, dict | list) and depth == 0:
        raise ValueError("nested too deeply")
    if isinstance(value, dict):
        return {whole(key): _bounded(item, depth - 1) for key, item in value.items()}
    if isinstance(value, list):
        if {float}.issuperset(map(type, value)):  # as most of what is read, curves
            return value
        return [_bounded(item, depth - 1) for item in value]
    return value


def whole(text: str) -> str:
    """Text without halves of characters, which JSON can hold and files cannot."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def as_text(value: object) -> str:
    """A text. Raises TypeError for anything else."""
    if not isinstance(value, str):
        raise TypeError(f"expected text, got {value!r:.60}")
    return value


def as_text_or_none(value: object) -> str | None:
    """A text or nothing. Raises TypeError for anything else."""
    return None if value is None else as_text(value)


def as_number(value: object) -> float:
    """A number of this world. Raises TypeError or ValueError for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"expected a number, got {value!r:.60}")
    if not math.isfinite(value) or abs(value) > _LARGEST:
        raise ValueError(f"expected a number of a usual size, got {value!r:.60}")
    return value


def as_number_or_none(value: object) -> float | None:
    """A number or nothing. Raises as `as_number`."""
    return None if value is None else as_number(value)


def as_count(value: object) -> int:
    """A whole number. Raises as `as_number`."""
    number = as_number(value)
    if number != int(number):
        raise ValueError(f"expected a whole number, got {value!r:.60}")
    return int(number)


def as_list(value: object) -> list[Any]:
    """A list. Raises TypeError for anything else."""
    if not isinstance(value, list):
        raise TypeError(f"expected a list, got {value!r:.60}")
    return value


def as_mapping(value: object) -> Mapping[str, Any]:
    """An object. Raises TypeError for anything else."""
    if not isinstance(value, dict):
        raise TypeError(f"expected an object, got {value!r:.60}")
    return value


def as_path_within(value: object) -> str:
    """A path that stays in the folder it is taken from. Raises TypeError or ValueError for anything else."""
    path = as_text(value)
    posix, windows = PurePosixPath(path), PureWindowsPath(path)
    if not posix.name or ".." in windows.parts or posix.is_absolute() or windows.drive or windows.root or "\0" in path:
        raise ValueError(f"expected a path inside the folder, got {path!r:.60}")
    return path
