"""Whether two results say the same, number for number: what a change of the house must not change.

    python -m tests.same_results BEFORE AFTER     two results.json, or the folders they lie in; exit status 1 where they differ

Not compared: which version wrote them, the hashes of the rule files, whether and where a copy was drawn, and what only the later one
has a place for.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

NOT_COMPARED = frozenset({"schema", "generator", "rules", "annotated"})
_NAMES = ("path", "id", "name")
_SHOWN = 40


def differences(before: Any, after: Any, where: str = "") -> Iterator[str]:
    """One line for each value of ``before`` that ``after`` does not have in the same place, as parsed from JSON."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in before.keys() - NOT_COMPARED:
            yield from differences(before[key], after.get(key), f"{where}.{key}" if where else key)
    elif isinstance(before, Sequence) and isinstance(after, Sequence) and not isinstance(before, str):
        if len(before) != len(after):
            yield f"{where}: {len(before)} -> {len(after)} entries"
        for i, (one, other) in enumerate(zip(before, after, strict=False)):
            yield from differences(one, other, f"{where}[{_name(one, i)}]")
    elif json.dumps(before) != json.dumps(after):
        yield f"{where}: {json.dumps(before, ensure_ascii=False)} -> {json.dumps(after, ensure_ascii=False)}"


def _name(entry: Any, i: int) -> str:
    return next((str(entry[key]) for key in _NAMES if entry.get(key) is not None), str(i)) if isinstance(entry, Mapping) else str(i)


def load(path: Path) -> dict[str, Any]:
    """The parsed results.json of a folder, or a file of that kind."""
    data: dict[str, Any] = json.loads((path / "results.json" if path.is_dir() else path).read_text("utf-8"))
    return data


def main() -> None:
    """Compare and say."""
    before, after = (load(Path(argument)) for argument in sys.argv[1:3])
    found = sorted(differences(before, after))
    for line in found[:_SHOWN]:
        print(line)  # noqa: T201
    print(f"{len(before['clips'])} clips, {len(found)} differences")  # noqa: T201
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
