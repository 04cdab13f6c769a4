"""The limits that a trainer has changed on this machine: kept as steps that can be taken back, written out as a folder of rules.

The rules they start from are never touched. The folder is ours: what somebody else has changed in it is not written over.
"""

from __future__ import annotations

import hashlib
import json
import logging
import math
import shutil
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from posecoach.errors import OutputError, PosecoachError, RulesError
from posecoach.measures.catalogue import MEASURES
from posecoach.resources import rules_dir
from posecoach.rulebook.drill_loading import FOLDER as DRILLS
from posecoach.rulebook.drill_loading import Rulebook, load_rulebook
from posecoach.rulebook.limits import Limits, limits_of, replace_limits
from posecoach.rulebook.loading import load_rule_sets, text_of
from posecoach.rulebook.schema import Interval
from posecoach.storage.plain_json import DAMAGE, as_count, as_list, as_mapping, as_number_or_none, as_text, parse_json
from posecoach.storage.whole_files import write_atomically
from posecoach.vocabulary import Text

FILE = "limits.json"
RULES = "rules"
SCHEMA = "posecoach.limits/1"

logger = logging.getLogger(__name__)

Step = Limits | None
"""A change of limits; None: back to those the rules came with."""


class OwnRules:
    """The rules of this machine: those of ``base`` (else the shipped ones) with the changed limits, both kept in ``folder``."""

    def __init__(self, folder: Path, base: Path | None = None) -> None:
        self._file, self._written_to, self._base = folder / FILE, folder / RULES, base
        self._lock = threading.RLock()
        self._steps: list[Step] = []
        self._hashes: dict[str, str] = {}
        self._book: Rulebook | None = None
        with suppress(*DAMAGE):
            self._load()

    @property
    def base(self) -> Path:
        """The rules that the changes start from."""
        return self._base or rules_dir()

    @property
    def folder(self) -> Path | None:
        """The folder of the rules to judge by; None for the shipped ones."""
        return self._written_to if self.changed else self._base

    @property
    def changed(self) -> dict[tuple[str, int, str], Limits]:
        """The limits that are changed, by their place."""
        found: dict[tuple[str, int, str], Limits] = {}
        for step in self._steps:
            if step is None:
                found.clear()
            else:
                found[step.place] = step
        return found

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._steps)

    def rulebook(self) -> Rulebook:
        """The rules to judge by, and the drills. Raises `RulesError`."""
        with self._lock:
            if self._book is None:
                self._book = load_rulebook(self.folder or self.base, MEASURES)
            return self._book

    def change(self, limits: Limits) -> None:
        """Judge by other limits from now on. Raises `RulesError` for what makes no sense, `OutputError`; then all stays as it was."""
        known = {found.place for rule_set in load_rule_sets(self.base).values() for found in limits_of(rule_set)}
        if limits.place not in known:
            raise RulesError(Text("规则里没有这一条", "the rules have no such limits"))
        with self._lock:
            self._take([*self._steps, limits])

    def undo(self) -> None:
        """Take the last step back."""
        with self._lock:
            self._take(self._steps[:-1])

    def reset(self) -> None:
        """Back to the limits the rules came with; this too can be taken back."""
        with self._lock:
            self._take([*self._steps, None] if self.changed else self._steps)

    def _take(self, steps: list[Step]) -> None:
        """Under the lock: of two changes at once none is lost."""
        before = self._steps
        self._steps = steps
        try:
            self._write()
        except PosecoachError:
            self._steps = before
            raise
        self._book = None

    def _write(self) -> None:
        """Write the rules out, once all of them load."""
        texts = _texts(self.base, list(self.changed.values()))
        draft = self._written_to.with_name(f"{RULES}.draft")
        try:
            for name, text in texts.items():
                write_atomically(draft / name, text.encode())
            load_rulebook(draft, MEASURES)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        self._refuse_foreign()
        for name, text in texts.items():
            write_atomically(self._written_to / name, text.encode())
        self._hashes = {name: _hash(text.encode()) for name, text in texts.items()}
        steps = [None if step is None else _to_dict(step) for step in self._steps]
        content = {"schema": SCHEMA, "steps": steps, "written": self._hashes}
        write_atomically(self._file, json.dumps(content, ensure_ascii=False).encode())

    def _refuse_foreign(self) -> None:
        for path in self._written_to.rglob("*") if self._written_to.is_dir() else ():
            if path.is_dir() and path == self._written_to / DRILLS:
                continue
            name = path.relative_to(self._written_to).as_posix()
            if not path.is_file() or self._hashes.get(name) != _hash(path.read_bytes()):
                raise OutputError(
                    Text(
                        f"{path} 是别的程序改过或放进来的；请先把它移走",
                        f"{path} was changed or put there by something else: move it away first",
                    )
                )

    def _load(self) -> None:
        kept = parse_json(self._file.read_bytes())
        if kept["schema"] != SCHEMA:
            return
        self._hashes = {as_text(name): as_text(found) for name, found in as_mapping(kept["written"]).items()}
        self._steps = [None if step is None else _from_dict(step) for step in as_list(kept["steps"])]
        try:
            if self._hashes != {name: _hash(text.encode()) for name, text in _texts(self.base, list(self.changed.values())).items()}:
                self._write()  # the rules they start from are newer
        except PosecoachError as error:
            logger.warning("the changed limits do not fit the rules any more: %s", error)
            self._steps = []


def _texts(base: Path, changes: Sequence[Limits]) -> dict[str, str]:
    """The rule files by name, changed; changes of what the rules no longer hold are left out. Raises `RulesError`."""
    files = (*sorted(base.glob("*.yaml")), *sorted((base / DRILLS).glob("*.yaml")))
    texts = {path.relative_to(base).as_posix(): text_of(path)[0] for path in files}
    for name, text in texts.items():
        for limits in changes:
            if limits.rule in text:
                with suppress(KeyError):
                    texts[name] = replace_limits(texts[name], name, limits)
    return texts


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _to_dict(limits: Limits) -> dict[str, Any]:
    return {"rule": limits.rule, "check": limits.check, "form": limits.form, "pass": _ends(limits.pass_), "warn": _ends(limits.warn)}


def _from_dict(data: Mapping[str, Any]) -> Limits:
    """Raises what is in `DAMAGE`."""
    rule, form = as_text(data["rule"]), as_text(data["form"])
    return Limits(rule, as_count(data["check"]), form, _interval(data["pass"]), _interval(data["warn"]))


def _ends(interval: Interval) -> list[float | None]:
    return [value if math.isfinite(value) else None for value in (interval.low, interval.high)]


def _interval(data: object) -> Interval:
    low, high = (as_number_or_none(value) for value in as_list(data))
    return Interval(-math.inf if low is None else low, math.inf if high is None else high)
