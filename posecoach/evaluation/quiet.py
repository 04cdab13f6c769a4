"""Counts the events that are found where people do nothing of the kind: everyday movements, postures held, and real people."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from posecoach.body.motion import Motion
from posecoach.body.posture import observe
from posecoach.judging.events import FINDERS, events_of
from posecoach.measures.handshakes import HANDSHAKE

KINDS = tuple(kind for kind in FINDERS if kind != HANDSHAKE)
"""All that one person alone can do."""


@dataclass
class QuietScore:
    """By set: the seconds looked at, events that are none by kind, and those that the labels say are there."""

    seconds: Counter[str] = field(default_factory=Counter)
    false: dict[str, Counter[str]] = field(default_factory=dict)
    true: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def add(self, dataset: str, case: str, motion: Motion, shown: frozenset[str] = frozenset()) -> None:
        """Look for events of all kinds in what one person does; ``shown``: what is there to be seen, as in `Remarks`."""
        false = self.false.setdefault(dataset, Counter())
        if len(motion) < 2:
            return
        self.seconds[dataset] += (motion.t_ms[-1] - motion.t_ms[0]) / 1000
        for event in events_of(observe(motion), KINDS):
            if event.kind in shown or f"{event.kind}@{event.start_s:.0f}" in shown:
                self.true[dataset] += 1
            else:
                false[event.kind] += 1
                self.notes.append(f"none     {dataset}, {case}: {event.kind} at {event.start_s:.1f}-{event.end_s:.1f} s")

    def figures(self) -> dict[str, Any]:
        """As plain data, by set."""
        return {
            name: {"minutes": self.seconds[name] / 60, "true": self.true[name], "false": {kind: false[kind] for kind in KINDS}}
            for name, false in self.false.items()
        }
