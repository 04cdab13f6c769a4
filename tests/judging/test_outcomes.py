"""What the verdicts on the clauses come to, by hand."""

from __future__ import annotations

import pytest

from posecoach.judging.outcomes import outcome, score
from posecoach.judging.results import ClauseVerdict
from posecoach.vocabulary import Reason, State
from tests.rule_factories import rule, rule_set

WEIGHED = rule_set(rule("stand.a", weight=2.0), rule("stand.b"), rule("stand.c"), rule("stand.d", weight=10.0))
EASY = WEIGHED.model_copy(update={"min_judged": 1, "min_weight_share": 0.0})
EVEN = rule_set(*(rule(f"stand.{name}") for name in "abcdef"))


def said(words: str) -> list[ClauseVerdict]:
    """Verdicts on stand.a, stand.b ...; a word that is no state is the reason why there is none."""
    return [_said_of(f"stand.{name}", word) for name, word in zip("abcdef", words.split(), strict=False)]


def _said_of(rule_id: str, word: str) -> ClauseVerdict:
    if word.upper() in State.__members__:
        return ClauseVerdict(rule_id, State[word.upper()], Reason.NONE, 1.0, "deg", 1.0, 1.0, 0.0, None, "T1 站姿")
    return ClauseVerdict(rule_id, State.UNJUDGED, Reason[word.upper()], None, "deg", 0.0, None, None, None, "T1 站姿")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("pass warn fail view", 62.5),
        ("pass pass pass view", 100.0),
        ("fail fail fail fail", 0.0),
        ("view warn view view", 50.0),
        ("view view view view", None),
        ("fail pass pass warn", 50.0),
    ],
)
def test_the_score_by_hand(words: str, expected: float | None) -> None:
    assert score(said(words), (EASY,)) == expected


def test_a_score_is_as_exact_as_it_is_kept() -> None:
    """A page of what is kept and one of what was just judged show the same."""
    assert score(said("pass pass fail pass pass pass"), (EVEN,)) == 83.3


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("pass pass pass", "meets"),
        ("pass pass warn", "meets"),
        ("pass warn warn", "improve"),
        ("pass pass fail", "improve"),
        ("pass fail fail", "not_met"),
        ("fail view view", "not_enough"),
        ("pass pass view", "not_enough"),
        ("view never occluded", "not_judged"),
        ("", "not_judged"),
    ],
)
def test_the_outcome_by_hand(words: str, expected: str) -> None:
    assert outcome(said(words), (EVEN,)) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param("pass pass pass view view view", "meets", id="what another view would show is not missing"),
        pytest.param("pass pass pass never not_applicable not_applicable", "meets", id="nor what no camera tells, nor what was not done"),
        pytest.param("pass pass pass occluded not_visible unsure", "meets", id="half of the weight is enough"),
        pytest.param("pass pass occluded occluded occluded occluded", "not_enough", id="two clauses are not"),
    ],
)
def test_enough_is_counted_over_what_the_view_can_show(words: str, expected: str) -> None:
    assert outcome(said(words), (EVEN,)) == expected


def test_three_light_clauses_are_not_enough_where_the_heavy_one_is_hidden() -> None:
    heavy = said("pass pass pass occluded")
    assert (outcome(heavy, (WEIGHED,)), score(heavy, (WEIGHED,))) == ("not_enough", None)


def test_how_much_is_enough_is_the_rule_files_to_say() -> None:
    assert outcome(said("pass"), (EASY,)) == "meets"
