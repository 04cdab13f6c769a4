"""Scores the steps of the window drill on filmed visits: where each begins, and whether each fault is given to the step it was made in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from posecoach.body.motion import Motion
from posecoach.judging.pipeline import GradeOptions, grade_motion
from posecoach.judging.results import StepResult
from posecoach.rulebook.drill_schema import Drill
from posecoach.vocabulary import Profile, State

WINDOW = "window"
NEAR_S = 0.5
STEPS_OF = {
    "look_once": ("greet",),
    "no_pointing": ("prepare", "farewell"),
    "fingers_together": ("prepare", "farewell"),
    "gentle": ("prepare",),
    "farewell_look": ("farewell",),
}
"""The steps in which a fault of a visit is made, by the clause that names it; what is judged over the whole visit is left out."""


@dataclass
class StepScore:
    """What was counted of steps: (found, true) beginnings in seconds, those not found, and pairs of step and clause with a fault: told
    where it was made, not told there, told elsewhere.
    """

    begins: list[tuple[float, float]] = field(default_factory=list)
    missed: int = 0
    given: int = 0
    not_given: int = 0
    elsewhere: int = 0
    notes: list[str] = field(default_factory=list)

    def add(self, drill: Drill, case: str, person: Mapping[str, Any], faulty: Sequence[str], motion: Motion) -> None:
        """Grade somebody's visit and count; ``faulty``: the names of clauses that are not met."""
        options = GradeOptions(drill.rule_sets, drill.topic, Profile(person["gender"]), drills=(drill,))
        steps = {step.id: step for step in grade_motion(motion, options).person.steps}
        for step_id, true_s in true_begins(person["segments"]).items():
            start_s = steps[step_id].start_s
            self.missed += start_s is None
            if start_s is not None:
                self.begins.append((start_s, true_s))
            if start_s is None or abs(start_s - true_s) > NEAR_S:
                self.notes.append(f"boundary {case}: {step_id} begins at {true_s:.1f} s, found {start_s}")
        for step in steps.values():
            self._count_faults(case, step, faulty)

    def _count_faults(self, case: str, step: StepResult, faulty: Sequence[str]) -> None:
        for verdict in step.clauses:
            name = verdict.id.split(".", 1)[1]
            if name not in STEPS_OF or verdict.state is State.UNJUDGED:
                continue
            is_off, is_here = verdict.state in (State.FAIL, State.WARN), name in faulty and step.id in STEPS_OF[name]
            self.given += is_off and is_here
            self.not_given += is_here and not is_off
            self.elsewhere += is_off and not is_here
            if is_off != is_here:
                self.notes.append(f"step     {case}: {step.id} {verdict.id} {verdict.state.word}")

    def figures(self) -> dict[str, Any]:
        """As plain data; the largest and the mean distance of the beginnings found in seconds, None without any."""
        away = [abs(found - true) for found, true in self.begins]
        return {
            "boundaries": len(away) + self.missed,
            "near": sum(distance <= NEAR_S for distance in away),
            "missed": self.missed,
            "mean_s": sum(away) / len(away) if away else None,
            "largest_s": max(away, default=None),
            "faults_given": self.given,
            "faults_not_given": self.not_given,
            "faults_elsewhere": self.elsewhere,
        }


def true_begins(segments: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """When each step of a visit begins, s: with getting up, showing the seat, when sitting down is over, and getting up again."""
    ups = [float(segment["start"]) for segment in segments if segment["move"] == "stand_up"]
    seats = [float(segment["start"]) for segment in segments if segment["move"] == "show_seat"]
    downs = [float(segment["end"]) for segment in segments if segment["move"] == "sit_down"]
    found = {"greet": ups[:1], "prepare": seats[:1], "handle": downs[:1], "farewell": ups[1:2]}
    return {step: begins[0] for step, begins in found.items() if begins}
