"""Scores verdicts on rendered clips against the renderer's truth, with the mapping of `faults.json`.

    python -m tests.truth CLIPS [--landmarks DIR]     prints the counts per clause and every miss

For each clip the drill follows from its topic and the profile from the person's sex. A fault counts as found when one of its faulty
clauses is fail or warn; every other clause that is fail is a false fail.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from posecoach.judge import Judgement
from posecoach.landmark_store import load_blocks
from posecoach.measures import MEASURES
from posecoach.motion import Motion
from posecoach.pipeline import GradeOptions, grade_motion
from posecoach.records import Array, ClauseVerdict, Posture, Profile, Reason, State, View
from posecoach.resources import rules_dir
from posecoach.rules import load_rule_sets

CLIPS = Path(__file__).resolve().parents[2] / "shared" / "data" / "clips"

# Which of the renderer's clause names tell about which clause; only these say that a clause is true.
TRUE_BY = {
    "head_up": ("head_up",),
    "head_level": ("head_up",),
    "face_forward": ("face_forward",),
    "gaze_level": ("head_up", "face_forward"),
    "trunk_upright": ("trunk_straight", "trunk_upright"),
    "trunk": ("trunk_upright",),
    "trunk_lateral": ("weight_centred", "trunk_straight", "trunk_upright"),
    "neck_forward": ("trunk_straight", "head_up"),
    "shoulders_level": ("shoulders_level",),
    "arms_down": ("arms_placed",),
    "hands_front": ("arms_placed",),
    "hands_back": ("arms_placed",),
    "no_fault_arms": ("arms_placed",),
    "legs_straight": ("legs_straight",),
    "legs_together": ("feet_stance",),
    "feet_apart": ("feet_stance",),
    "toes_v": ("toes_v", "feet_stance"),
    "centred": ("weight_centred",),
    "knees": ("knees_ok",),
    "shins_vertical": ("shins_vertical",),
    "legs_forward": ("shins_vertical",),
    "hands_on_desk": ("hands_on_desk",),
    "gentle": ("sit_gently",),
    "staggered": ("foot_ahead",),
    "front_foot_flat": ("front_foot_flat",),
    "front_shin_vertical": ("front_shin_vertical",),
    "rear_heel_up": ("rear_heel_raised",),
    "hips_down": ("hips_down",),
    "present": ("corners_up",),
    "eyes_join": ("cheeks_raised",),
    "held": ("smile_held",),
}
# The views in which `clauses.md` lets a clause be judged; "side" is either side.
FRONT, TURNED, SIDE, BACK = "front", "three_quarter", "side", "back"
_SHOWN_FROM = (
    ("head_up gaze_level no_fault_arms present eyes_join held symmetric", {FRONT, TURNED}),
    ("head_level face_forward hands_front toes_v centred knees legs_together feet_apart", {FRONT}),
    ("trunk_lateral shoulders_level", {FRONT, BACK}),
    ("trunk_upright trunk neck_forward legs_straight shins_vertical legs_forward front_foot_flat front_shin_vertical rear_heel_up", {SIDE}),
    ("staggered hips_down", {SIDE, TURNED}),
    ("arms_down hands_on_desk gentle", {FRONT, SIDE}),
    ("hands_back", {SIDE, BACK}),
)
SHOWN_FROM = {clause: views for clauses, views in _SHOWN_FROM for clause in clauses.split()}
GROUPED = ("arms_down", "hands_front", "hands_back", "legs_together", "toes_v", "feet_apart")
SMILE_CLAUSES = ("present", "eyes_join", "held", "symmetric")


@dataclass
class Score:
    """Counts over many clips; ``notes`` tells every miss in a line."""

    correct: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    faulty: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    faults: Counter[str] = field(default_factory=Counter)
    posture_s: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def totals(self) -> Counter[str]:
        """Correct (clip, clause) pairs that the view can show, by state."""
        return sum(self.correct.values(), Counter())


def pairs(clips: Path, landmarks: Path) -> Iterator[tuple[str, dict[str, Any], Motion]]:
    """Name, truth and stored landmarks of the clips with one person."""
    for path in sorted(clips.glob("*.json")):
        truth = json.loads(path.read_text("utf-8"))
        stored = landmarks / f"{path.stem}.npz"
        if len(truth.get("people", ())) == 1 and stored.exists():
            yield path.stem, truth, Motion.join([Motion.of(block) for block in load_blocks(stored)])


def score_clips(items: Iterator[tuple[str, dict[str, Any], Motion]], faults: Mapping[str, Any]) -> Score:
    """Grade every clip and compare with its truth."""
    rule_sets = tuple(load_rule_sets(rules_dir(), MEASURES).values())
    score = Score()
    for name, truth, motion in items:
        drill = faults["drill_of_topic"].get(truth["topic"], truth["topic"])
        profile = Profile(truth["people"][0]["gender"])
        graded = grade_motion(motion, GradeOptions(rule_sets, drill, profile))
        _score_posture(score, name, truth, motion, graded.body.posture)
        _score_clauses(score, name, truth, drill, graded.judgement, faults)
        views = {View(int(v)).word.split("_left")[0].split("_right")[0] for v in np.unique(graded.body.view)}
        if views != {truth["view"]}:
            score.notes.append(f"view   {name}: {sorted(views)} for {truth['view']}")
    return score


def _score_posture(score: Score, name: str, truth: Mapping[str, Any], motion: Motion, posture: Array) -> None:
    t_s = motion.t_ms / 1000
    for segment in truth["people"][0]["segments"]:
        if segment["posture"] == "transition" or (truth["people"][0]["fault"] == "bent_over" and segment["posture"] == "crouching"):
            continue
        inside = (t_s >= segment["start"]) & (t_s < segment["end"])
        words = Counter(Posture(int(p)).word for p in np.asarray(posture)[inside])
        right, unknown = words[segment["posture"]], words["unknown"]
        wrong = sum(words.values()) - right - unknown
        score.posture_s.update(right=right, unknown=unknown, wrong=wrong)
        if wrong:
            score.notes.append(f"posture {name}: {dict(words)} for {segment['posture']}")


def _score_clauses(score: Score, name: str, truth: Mapping[str, Any], drill: str, judgement: Judgement, faults: Mapping[str, Any]) -> None:
    person = truth["people"][0]
    fault = faults["faults"].get(person["fault"] or "", {})
    if not _is_fault_for(fault, drill, person["gender"]):
        fault = {}
    said = {v.id.split(".", 1)[1]: v for v in judgement.verdicts}
    touched = {*fault.get("faulty", ()), *fault.get("tolerated", ())}
    for clause, verdict in said.items():
        _note_wrong(score, name, truth, clause, verdict, clause in touched, faults)
        if clause not in touched and _is_true(clause, person, drill, truth["topic"]):
            _score_correct(score, name, truth["view"], clause, verdict)
    if fault and truth["view"] in fault["views"]:
        _score_fault(score, name, person["fault"], {c: said[c] for c in fault["faulty"] if c in said})


def _note_wrong(
    score: Score, name: str, truth: Mapping[str, Any], clause: str, verdict: ClauseVerdict, touched: bool, faults: Mapping[str, Any]
) -> None:
    hidden = set(faults["never_judged_from"].get(truth["view"], ())) | set(faults["never_judged_from"]["any"])
    if truth["topic"] in faults["legs_hidden_topics"] or truth.get("legs_hidden"):
        hidden |= set(faults["never_judged_from"]["legs_hidden"])
    if clause in hidden and verdict.state is not State.UNJUDGED:
        score.notes.append(f"HIDDEN {name}: {clause} {verdict.state.word} {verdict.value}")
    if clause in faults["never_pass_from"].get(truth["view"], ()) and verdict.state is State.PASS:
        score.notes.append(f"NEVER  {name}: {clause} pass")
    if verdict.state is State.FAIL and not touched:
        score.notes.append(f"FALSE  {name}: {clause} fail {verdict.value}")


def _score_correct(score: Score, name: str, view: str, clause: str, verdict: ClauseVerdict) -> None:
    other_alternative = clause in GROUPED and verdict.reason is Reason.NOT_APPLICABLE
    if view not in SHOWN_FROM[clause] or other_alternative:
        return
    score.correct[clause][verdict.state.word] += 1
    if verdict.state in (State.WARN, State.UNJUDGED):
        score.notes.append(f"{verdict.state.word:6s} {name}: {clause} {verdict.value} {verdict.reason.word or ''}")


def _score_fault(score: Score, name: str, fault: str, faulty: Mapping[str, ClauseVerdict]) -> None:
    worst = max((v.state for v in faulty.values() if v.state is not State.UNJUDGED), default=State.UNJUDGED)
    score.faults[worst.word] += 1
    for clause, verdict in faulty.items():
        score.faulty[clause][verdict.state.word] += 1
    if worst is not State.FAIL:
        score.notes.append(f"MISS   {name}: {fault} {worst.word} " + str({c: (v.state.word, v.value) for c, v in faulty.items()}))


def _is_fault_for(fault: Mapping[str, Any], drill: str, gender: str) -> bool:
    only = fault.get("only", {})
    return bool(only.get("drill", drill) == drill and only.get("profile", gender) == gender)


def _is_true(clause: str, person: Mapping[str, Any], drill: str, topic: str) -> bool:
    """Whether the truth says that this clause is met, in all segments of the drill's posture that know it."""
    group = {"standing": "standing", "morning_meeting": "standing", "sitting": "sitting", "desk": "sitting", "crouching": "crouching"}.get(
        drill
    )
    if clause in SMILE_CLAUSES:
        group = "smile" if topic == "smile" else None
    names = TRUE_BY.get(clause)
    if group is None or names is None:
        return False
    found = [s["clauses"].get(f"{group}.{n}") for s in person["segments"] for n in names]
    found = [value for value in found if value not in (None, "na")]
    return bool(found) and all(value is True for value in found)


def main() -> None:
    """Print the score of a folder of clips whose landmarks are stored."""
    clips, landmarks = Path(sys.argv[1]), Path(sys.argv[2])
    faults = json.loads((CLIPS / "faults.json").read_text("utf-8"))
    score = score_clips(pairs(clips, landmarks), faults)
    for note in sorted(score.notes):
        print(note)
    print("posture", dict(score.posture_s))
    for clause in sorted(set(score.correct) | set(score.faulty)):
        print(f"{clause:20s} correct {dict(score.correct[clause])}  faulty {dict(score.faulty[clause])}")
    totals = score.totals()
    count = sum(totals.values())
    judged = count - totals["unjudged"]
    print("faults", dict(score.faults))
    shares = {state: f"{totals[state] / judged:.1%}" for state in ("pass", "warn", "fail")}
    print(f"correct pairs {count}, judged {judged / count:.1%}, of these {shares}")


if __name__ == "__main__":
    main()
