"""The report: self-contained, escaped, Chinese without scripts, complete."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from posecoach.records import PersonResult, Posture, Reason, Segment, State, Text, View
from posecoach.reports.base import ClipError, Results
from posecoach.reports.html import ClauseNote, HtmlSink, dump_html, most_missed
from posecoach.wording import REASONS
from tests.reports.fakes import GENERATOR, NAMES, RULES, clause, clip, person

EVIL = '<script>alert("x")</script> & 站姿.mp4'


def page(*clips_: object, errors: tuple[ClipError, ...] = ()) -> str:
    return dump_html(Results(GENERATOR, RULES, clips_, errors), NAMES)  # type: ignore[arg-type]


class Balance(HTMLParser):
    """Checks that every element that was opened is closed."""

    VOID = frozenset({"meta", "img", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_well_formed() -> None:
    balance = Balance()
    balance.feed(page(clip(), clip("b.jpg", person(1), person(2, "李"), kind="picture"), errors=(ClipError(EVIL, EVIL),)))
    assert balance.open == []


def test_nothing_is_fetched_from_elsewhere() -> None:
    text = page(clip())
    assert not re.search(r"(?:https?:)?//[a-z]|<link|@import|url\(", text)
    assert set(re.findall(r'src="([^"]*)"', text)) == {"annotated/drill.mp4#t=2.4"}


def test_names_are_escaped_and_paths_are_quoted() -> None:
    text = page(clip(EVIL, person(1, EVIL), annotated='annotated/a "b"#?%.mp4'), errors=(ClipError(EVIL, EVIL),))
    assert "<script>alert" not in text
    assert 'src="annotated/a%20%22b%22%23%3F%25.mp4#t=2.4"' in text


def test_it_is_chinese_first_and_without_scripts() -> None:
    text = page(clip())
    assert '<html lang="zh-CN">' in text
    assert "html:not(.english) .en" in text
    assert '<button type="button" id="language" lang="en" hidden>' in text


def test_the_card_says_what_to_correct_first() -> None:
    text = page(clip())
    assert text.index("右肩低了，请把两肩放平") < text.index("抬头")
    assert "Level your shoulders" in text
    assert '<a href="annotated/drill.mp4#t=2.4" data-seek="2.4">' in text


@pytest.mark.parametrize("reason", [Reason.VIEW, Reason.NEVER])
def test_unjudged_clauses_come_with_a_reason_and_advice(reason: Reason) -> None:
    text = page(clip())
    assert all(words in text for words in (REASONS[reason].why.zh, REASONS[reason].advice.zh, REASONS[reason].advice.en))


def test_unknown_codes_are_shown_as_they_are() -> None:
    text = page(clip().__class__("a.mp4", "video", ("new_code",), 1.0, 1.0, 1, "new_drill", clip().profile, None, None))
    assert "new_code" in text
    assert "new_drill" in text
    assert "画面里没有看到人" in text


def test_the_material_is_not_cited_for_what_it_does_not_say() -> None:
    text = dump_html(Results(GENERATOR, RULES, (clip(),)), NAMES, {"stand.head_up": ClauseNote(is_derived=True)})
    assert "由 T1 站姿 引申" in text
    custom = replace(clause("stand.no_fault_arms", State.PASS), source="custom")
    text = page(clip("a.mp4", PersonResult(1, None, 100.0, "meets", (), (custom,))))
    assert "一般礼仪，不在培训材料中" in text
    assert "custom" not in text


def test_what_no_camera_sees_is_asked_of_the_person() -> None:
    note = ClauseNote(never=Text("摄像头看不到", "not seen"), self_check=Text("腹部收住了吗？", "Belly in?"))
    text = dump_html(Results(GENERATOR, RULES, (clip(),)), NAMES, {"stand.abdomen_in": note})
    assert "腹部收住了吗？" in text
    assert REASONS[Reason.NEVER].advice.zh not in text


def test_a_video_waits_at_its_clearest_moment() -> None:
    steady = PersonResult(
        1, None, None, "not_judged", (Segment(0.0, 2.0, Posture.TRANSITION, View.FRONT), Segment(2.0, 3.0, Posture.SITTING, View.FRONT)), ()
    )
    assert 'src="annotated/drill.mp4#t=2.4"' in page(clip())
    assert 'src="annotated/drill.mp4#t=2.5"' in page(clip("a.mp4", steady))


def test_a_person_without_clauses_gets_a_way_out() -> None:
    assert "没有看清是站、坐还是蹲" in page(clip("a.mp4", PersonResult(1, None, None, "not_judged", (), ())))


def test_segments_outside_the_clip_stay_on_the_strip() -> None:
    wild = PersonResult(1, None, None, "not_judged", (Segment(-1.0, 99.0, Posture.STANDING, View.FRONT),), ())
    assert '<svg x="0.0%" width="100.0%"' in page(clip("a.mp4", wild))


def test_most_missed_counts_judged_clauses_only() -> None:
    failing, passing, silent = (
        PersonResult(1, None, None, "improve", (), (clause("x.y", state),)) for state in (State.FAIL, State.PASS, State.UNJUDGED)
    )
    (item,) = most_missed([clip("a", failing, passing, silent), clip("b", failing)])
    assert (item.clause_id, item.fails, item.judged) == ("x.y", 2, 3)


def test_four_hundred_clips_still_make_a_page(tmp_path: Path) -> None:
    with HtmlSink(tmp_path / "index.html", GENERATOR, RULES, NAMES) as sink:
        for i in range(400):
            sink.add(clip(f"{i}.mp4"))
    text = (tmp_path / "index.html").read_text("utf-8")
    assert text.count("<article") == 400
    assert 'preload="none"' in text
