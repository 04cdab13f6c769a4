"""What was said about each labelled clause, and the counts of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from posecoach.evaluation.statistics import balanced_accuracy, balanced_interval, kappa, kappa_interval
from posecoach.judging.results import ClauseVerdict
from posecoach.judging.shares import wilson
from posecoach.vocabulary import State

STATES = ("pass", "warn", "fail", "unjudged")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One clause of one case: what the label says and what posecoach said; ``leaning`` as of `sureness.leanings`."""

    dataset: str
    case: str
    source: str
    rule_id: str
    is_met: bool
    state: str
    reason: str | None
    value: float | None
    rater: str = ""
    leaning: float | None = None

    @property
    def clause(self) -> str:
        """The rule's id without the topic's prefix."""
        return self.rule_id.split(".", 1)[-1]


@dataclass(frozen=True, slots=True)
class FaultOutcome:
    """A rendered fault that the view can show, with the worst state among the clauses it makes wrong."""

    dataset: str
    case: str
    fault: str
    is_strong: bool
    state: str


@dataclass(frozen=True, slots=True)
class ValueOutcome:
    """A measured value against the true one, with what may explain the error; ``condition`` as of `error_model.condition_of`."""

    case: str
    measure: str
    true: float
    measured: float
    turn_deg: float
    distance_m: float
    brightness: float | None
    person: str = ""
    error_95: float | None = None
    condition: str = ""
    dataset: str = ""


@dataclass
class Alarms:
    """Live alarms on clips: seconds watched, false alarms, and the seconds until a fault was told (None: never)."""

    seconds: float = 0.0
    false: int = 0
    waited_s: list[float | None] = field(default_factory=list)


@dataclass
class Score:
    """All that was counted. ``posture`` and ``view`` count (label, said) in seconds or cases by data set; ``notes`` tell every miss."""

    outcomes: list[Outcome] = field(default_factory=list)
    faults: list[FaultOutcome] = field(default_factory=list)
    values: list[ValueOutcome] = field(default_factory=list)
    posture: dict[str, Counter[tuple[str, str]]] = field(default_factory=dict)
    view: dict[str, Counter[tuple[str, str]]] = field(default_factory=dict)
    alarms: Alarms = field(default_factory=Alarms)
    legs_judged_hidden: list[str] = field(default_factory=list)
    legs_hidden_cases: int = 0
    notes: list[str] = field(default_factory=list)

    def saw(self, table: str, dataset: str, label: str, said: str, amount: int = 1) -> None:
        """Count one (label, said) of the ``posture`` or ``view`` table."""
        counts: dict[str, Counter[tuple[str, str]]] = getattr(self, table)
        counts.setdefault(dataset, Counter())[label, said] += amount


def worst(verdicts: Iterable[ClauseVerdict]) -> State:
    """The worst state that was judged; UNJUDGED when none was."""
    return max((v.state for v in verdicts if v.state is not State.UNJUDGED), default=State.UNJUDGED)


def clause_figures(outcomes: Iterable[Outcome]) -> dict[str, object]:
    """Counts and figures of one clause; a warning counts half to the balanced accuracy on either side."""
    cases = list(outcomes)
    correct = Counter(o.state for o in cases if o.is_met)
    faulty = Counter(o.state for o in cases if not o.is_met)
    right, wrong = correct.total() - correct["unjudged"], faulty.total() - faulty["unjudged"]
    found = faulty["fail"] + faulty["warn"]
    hits, clean = faulty["fail"] + faulty["warn"] / 2, correct["pass"] + correct["warn"] / 2
    said = [(o.state in ("fail", "warn"), not o.is_met) for o in cases if o.state != "unjudged"]
    ours, theirs = [s for s, _ in said], [t for _, t in said]
    return {
        "correct": {state: correct[state] for state in STATES},
        "faulty": {state: faulty[state] for state in STATES},
        "judged": share(right + wrong, len(cases)),
        "sensitivity": share(found, wrong),
        "false_fails": share(correct["fail"], right),
        "balanced_accuracy": balanced_accuracy(hits, wrong, clean, right),
        "balanced_interval": balanced_interval(hits, wrong, clean, right),
        "kappa": kappa(ours, theirs),
        "kappa_interval": kappa_interval(ours, theirs),
    }


def share(hits: int, count: int) -> dict[str, object]:
    """A share with its counts and 95 % interval."""
    return {"hits": hits, "count": count, "share": hits / count if count else None, "interval": wilson(hits, count)}


def rater_agreement(outcomes: Iterable[Outcome]) -> dict[str, object] | None:
    """Kappa between the first two raters over the clauses both labelled; None without two raters."""
    by_rater: dict[str, dict[tuple[str, str], bool]] = {}
    for outcome in outcomes:
        by_rater.setdefault(outcome.rater, {})[outcome.case, outcome.rule_id] = not outcome.is_met
    raters = sorted(rater for rater in by_rater if rater)
    if len(raters) < 2:
        return None
    first, second = by_rater[raters[0]], by_rater[raters[1]]
    both = sorted(first.keys() & second.keys())
    a, b = [first[key] for key in both], [second[key] for key in both]
    return {"raters": raters[:2], "count": len(both), "kappa": kappa(a, b), "interval": kappa_interval(a, b)}
