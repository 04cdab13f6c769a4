"""What is said of somebody from moment to moment: the state of each clause, steadied, and the one correction. A row is many of these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from posecoach.body.observed import Body
from posecoach.judging.coach import Advice, Coach, Fault
from posecoach.judging.judge import Moment, judge_moment, waiting_moments
from posecoach.judging.outcomes import score
from posecoach.rulebook.schema import RuleSet
from posecoach.vocabulary import Profile, State

CLOSE_CALL_MS = 600.0


@dataclass(frozen=True, slots=True, eq=False)
class SaidNow:
    """What is said of somebody at a moment: all clauses, the one correction or praise, and the score.

    ``score`` is 0..100, None where too little is judged.
    """

    moments: tuple[Moment, ...] = ()
    advice: Advice = field(default_factory=Advice)
    score: float | None = None


class VerdictsNow:
    """Judges one person again and again and remembers what was said. Belongs to one thread."""

    def __init__(self) -> None:
        self._coach = Coach()
        self._shown: dict[str, tuple[State, float]] = {}

    def judge(self, body: Body, rule_set: RuleSet, profile: Profile) -> SaidNow:
        """Judge the last moment of a body's recent past."""
        t_ms = float(body.motion.t_ms[-1])
        moments = tuple(self._steadied(t_ms, moment) for moment in judge_moment(body, rule_set, profile))
        return SaidNow(moments, self._advise(t_ms, moments), score(moments, (rule_set,)))

    def wait(self, rule_set: RuleSet, profile: Profile) -> SaidNow:
        """What is said of somebody who cannot be judged now; a correction that was given goes on afterwards."""
        self._shown.clear()
        return SaidNow(waiting_moments(rule_set, profile))

    def forget(self) -> None:
        """Begin afresh, with another person or something else to do."""
        self._coach.reset()
        self._shown.clear()

    def _steadied(self, t_ms: float, moment: Moment) -> Moment:
        """A clause at the border of pass and warn keeps its state until the other has lasted; faults are told at once."""
        shown, since_ms = self._shown.get(moment.id, (moment.state, t_ms))
        if moment.state is shown:
            self._shown[moment.id] = (shown, t_ms)
            return moment
        is_close_call = {moment.state, shown} == {State.PASS, State.WARN}
        if is_close_call and t_ms - since_ms < CLOSE_CALL_MS:
            return replace(moment, state=shown)
        self._shown[moment.id] = (moment.state, t_ms)
        return moment

    def _advise(self, t_ms: float, moments: Sequence[Moment]) -> Advice:
        faults = [Fault(m.id, m.rule.priority, m.correction) for m in moments if m.correction is not None]
        return self._coach.update(t_ms, faults, {m.id: m.rule.praise for m in moments if m.state in (State.PASS, State.WARN)})
