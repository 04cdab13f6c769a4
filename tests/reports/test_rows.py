"""Who has a page, what it is called, and the tallies of the overview."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from posecoach.jobs.rules_asked import head_of
from posecoach.judging.results import PersonResult
from posecoach.reports.rows import ClipRow, ReportClip, clause_order, most_missed, not_judged, people_of, rows_of
from posecoach.vocabulary import Reason, State
from tests.reports.fakes import HEAD, clause, clip, person
from tests.shipped import BOOK


def row(name: str | None = None, clip_id: str = "a-1", group: str | None = None, states: Mapping[str, State] | None = None) -> ClipRow:
    found = rows_of(ReportClip(clip_id, group, clip(f"{clip_id}.mp4", person(1, name))))[0]
    return replace(found, states=states, reasons={c: Reason.VIEW for c, s in states.items() if s is State.UNJUDGED}) if states else found


def test_clips_of_one_name_are_one_person() -> None:
    (found,) = people_of([row("张三", "a-1"), row("张三", "b-2")])
    assert [r.clip_id for r in found.rows] == ["a-1", "b-2"]
    assert found.page == "people/张三.html"


def test_one_name_in_two_groups_is_two_people() -> None:
    found = people_of([row("张三", "a-1", "一组"), row("张三", "b-2", "二组")])
    assert len({p.page for p in found}) == 2
    assert [p.group for p in found] == ["一组", "二组"]


def test_without_a_name_every_person_of_a_clip_has_a_page() -> None:
    found = people_of(rows_of(ReportClip("a-1", None, clip("a.mp4", person(1), person(2)))))
    assert [p.slug for p in found] == ["a-1", "a-1-2"]
    assert found[1].title.zh == "a.mp4 · 第 2 人"


def test_a_clip_without_anybody_has_a_row() -> None:
    (found,) = rows_of(ReportClip("a-1", None, replace(clip(), people=())))
    assert (found.outcome, found.states, found.person_id) == ("not_judged", {}, 0)
    assert people_of([found])[0].slug == "a-1"


@pytest.mark.parametrize(("one", "two"), [("Anna", "anna"), ("a/b", "a b"), ("<b>", "b")])
def test_names_that_would_share_a_file_get_files_of_their_own(one: str, two: str) -> None:
    found = people_of([row(one, "a-1"), row(two, "b-2")])
    assert len({p.slug.casefold() for p in found}) == 2


@pytest.mark.parametrize("name", ["CON", "nul", "com1", "..", "///", "*?"])
def test_no_name_is_one_a_file_system_refuses(name: str) -> None:
    (found,) = people_of([row(name)])
    assert found.slug.strip("._-")
    assert found.slug.casefold() not in ("con", "nul", "com1")
    assert not set(found.slug) & set('<>:"/\\|?*. ')


def test_a_long_name_still_makes_a_file() -> None:
    (found,) = people_of([row("长" * 300)])
    assert len(found.page.encode()) < 255


def test_a_person_is_as_good_as_the_worst_clip() -> None:
    (found,) = people_of(
        [
            row("李四", "a-1", states={"x.a": State.PASS, "x.b": State.UNJUDGED, "x.c": State.UNJUDGED}),
            row("李四", "b-2", states={"x.a": State.FAIL, "x.b": State.WARN}),
        ]
    )
    assert [found.worst(c) for c in ("x.a", "x.b", "x.c", "x.d")] == [State.FAIL, State.WARN, State.UNJUDGED, None]
    assert found.outcome == "improve"
    assert found.mean_score == pytest.approx(83.3)


def test_most_missed_counts_judged_clauses_only() -> None:
    rows = [row(None, str(i), states={"x.y": state}) for i, state in enumerate((State.FAIL, State.PASS, State.UNJUDGED, State.FAIL))]
    (item,) = most_missed(rows)
    assert (item.clause_id, item.fails, item.judged) == ("x.y", 2, 3)


def test_what_could_not_be_judged_is_told_by_reason() -> None:
    states = (clause("x.a", State.UNJUDGED, reason=Reason.VIEW), clause("x.b", State.UNJUDGED, reason=Reason.NOT_APPLICABLE))
    rows = rows_of(ReportClip("a", None, clip("a", PersonResult(1, None, None, "not_judged", (), states))))
    (found,) = not_judged(rows * 2)
    assert (found.reason, found.count, found.clauses) == (Reason.VIEW, 2, (("x.a", 2),))


def test_clauses_come_in_the_order_of_the_rules_and_unknown_ones_last() -> None:
    rows = [row(None, states={"new.one": State.PASS, "stand.head_up": State.PASS, "stand.shoulders_level": State.FAIL})]
    assert clause_order(rows, HEAD) == ["stand.shoulders_level", "stand.head_up", "new.one"]


def test_what_was_left_open_is_told_by_what_it_was_judged() -> None:
    head = head_of(BOOK)
    states = {"sit.head_up": State.PASS, "smile.level": State.UNJUDGED, "stand.head_up": State.UNJUDGED}
    assert head.judged_as("auto", states).zh == "自动 → 窗口坐姿"
    assert head.judged_as("auto", {"stand.head_up": State.UNJUDGED}).zh == "自动 → 站姿"
    assert head.judged_as("auto", {}).zh == "自动"
    assert head.judged_as("desk", states).zh == "工位坐姿"
