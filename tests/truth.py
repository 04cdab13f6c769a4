"""Scores verdicts on rendered clips: `posecoach.evaluation` as a test wants it.

python -m tests.truth CLIPS LANDMARKS     prints the counts per clause and every miss; LANDMARKS holds NAME.npz
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from posecoach.body.motion import Motion
from posecoach.evaluation.labels import RenderedClip, load_rendered
from posecoach.evaluation.mapping import load_mapping
from posecoach.evaluation.rendered import RenderedScorer
from posecoach.evaluation.report import clause_rows
from posecoach.evaluation.run import by_clause
from posecoach.evaluation.scoring import Score as Scored
from posecoach.storage.landmark_files import load_blocks
from tests.shipped import ALL_RULES

MAPPING = load_mapping()
SHOWN_FROM = {
    clause: {view for view, shown in MAPPING.rendered["shown_from"].items() if clause in shown}
    for clauses in MAPPING.rendered["shown_from"].values()
    for clause in clauses
}


class Score:
    """Counts over many clips; ``notes`` tells every miss in a line."""

    def __init__(self, scored: Scored) -> None:
        self.scored = scored
        self.notes = scored.notes
        self.faults = Counter(fault.state for fault in scored.faults)
        self.posture_s = self._postures()

    def _postures(self) -> Counter[str]:
        out: Counter[str] = Counter()
        for counts in self.scored.posture.values():
            for (label, said), count in counts.items():
                word = label.partition(",")[0]
                out["right" if said == word else "unknown" if said == "unknown" else "wrong"] += count
        return out

    def totals(self) -> Counter[str]:
        """Correct (clip, clause) pairs that the view can show, by state."""
        return Counter(outcome.state for outcome in self.scored.outcomes if outcome.is_met)


def pairs(clips: Path, landmarks: Path) -> Iterator[tuple[str, dict[str, Any], Motion]]:
    """Name, truth and stored landmarks of the clips with one person."""
    for clip in load_rendered(clips):
        stored = landmarks / f"{clip.file.stem}.npz"
        if stored.exists():
            yield clip.file.stem, dict(clip.truth), Motion.join([Motion.of(block) for block in load_blocks(stored)])


def score_clips(items: Iterable[tuple[str, Mapping[str, Any], Motion]], faults: Mapping[str, Any]) -> Score:
    """Grade every clip and compare with its truth."""
    scored = Scored()
    scorer = RenderedScorer(scored, MAPPING, ALL_RULES)
    for name, truth, motion in items:
        scorer.add("clips", RenderedClip(Path(f"{name}.mp4"), truth, faults), motion)
    return Score(scored)


def main() -> None:
    """Print the score of a folder of clips whose landmarks are stored."""
    clips, landmarks = Path(sys.argv[1]), Path(sys.argv[2])
    score = score_clips(pairs(clips, landmarks), load_rendered(clips)[0].faults)
    print("\n".join(sorted(score.notes)))
    for row in clause_rows(by_clause(score.scored.outcomes)):
        print("  ".join(row))
    totals = score.totals()
    judged = totals.total() - totals["unjudged"]
    print("posture", dict(score.posture_s), "faults", dict(score.faults))
    shares = {state: f"{totals[state] / judged:.1%}" for state in ("pass", "warn", "fail")}
    print(f"correct pairs {totals.total()}, judged {judged / totals.total():.1%}, of these {shares}")


if __name__ == "__main__":
    main()
