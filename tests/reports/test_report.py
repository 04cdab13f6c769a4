"""The pages: complete, escaped, self-contained, Chinese without scripts, linked with each other."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from posecoach.body.records import Segment
from posecoach.errors import OutputError
from posecoach.judging.charts import still_name
from posecoach.judging.results import ClipError, ClipResult, PersonResult, Results
from posecoach.reports.overview import Overview, bar_of, counted, dump_overview
from posecoach.reports.people import Neighbours, Picture, dump_person
from posecoach.reports.report import RecordedCharts, Report, write_report
from posecoach.reports.rows import ClauseNote, Head, Missed, ReportClip, labels_of, people_of, rows_of
from posecoach.storage.clip_records import ClipRecord, save_record
from posecoach.vocabulary import Posture, Reason, State, Text, View
from posecoach.wording import REASONS
from tests.reports.fakes import GENERATOR, HEAD, RULES, charts, clause, clip, person, report
from tests.shipped import ALL_RULES, RULE_SETS

EVIL = '<script>alert("x")</script> & 站姿'


def item(found: ClipResult | None = None, clip_id: str = "drill-1", group: str | None = None) -> ReportClip:
    return ReportClip(clip_id, group, found or clip(), charts())


def overview(*items: ReportClip, errors: tuple[ClipError, ...] = ()) -> str:
    return dump_overview(HEAD, Overview(people_of([row for one in items for row in rows_of(one)]), errors))


def page(one: ReportClip, head: Head = HEAD, picture: Picture | None = None) -> str:
    (found,) = people_of(rows_of(one))
    return dump_person(head, found, [one], lambda *_: picture, Neighbours()).page


class Balance(HTMLParser):
    """Checks that every element that was opened is closed, and that no id comes twice."""

    VOID = frozenset({"meta", "img", "br", "input", "track", "link"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append(tag)
        self.handle_startendtag(tag, attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            assert name != "id" or value not in self.ids, value
            if name == "id" and value:
                self.ids.add(value)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@cache
def pages() -> tuple[str, ...]:
    evil = item(clip(f"{EVIL}.mp4", person(1, EVIL), annotated='annotated/a "b"#?%.mp4'), "evil-1", EVIL)
    errors = (ClipError(EVIL, Text(EVIL, EVIL)),)
    return (
        overview(item(), evil, errors=errors),
        page(item()),
        page(evil, picture=Picture("data:image/jpeg;base64,AA", "stills/a.jpg")),
        overview(),
    )


@pytest.mark.parametrize("text", pages(), ids=["overview", "person", "evil person", "nobody"])
def test_a_page_is_well_formed_escaped_and_self_contained(text: str) -> None:
    balance = Balance()
    balance.feed(text)
    assert balance.open == []
    assert "<script>alert" not in text
    assert not re.search(r"https?://|<link rel=\"stylesheet|@import|url\(", text)
    fetched = re.findall(r'(?<![\w-])(?:src|href)="([^"]*)"', text)
    assert all(re.match(r"data:|#|\.\./(?:annotated/|index)|people/|[^/:]+\.html", url) for url in fetched), fetched


def test_paths_of_videos_are_quoted() -> None:
    text = page(item(clip(annotated='annotated/a "b"#?%.mp4')))
    assert 'src="../annotated/a%20%22b%22%23%3F%25.mp4#t=2.4"' in text


@pytest.mark.parametrize("text", pages()[:2], ids=["overview", "person"])
def test_it_is_chinese_first_and_without_scripts(text: str) -> None:
    assert '<html lang="zh-CN">' in text
    assert "html:not(.english) .en" in text
    assert '<button type="button" id="language" lang="en" hidden>' in text
    assert 'id="filters" role="search" hidden' in text or "filters" not in text.split("</style>")[1]


# --- the overview -------------------------------------------------------------------------------------------------------------------------


def test_the_overview_counts_clips_people_and_outcomes() -> None:
    text = overview(
        item(clip("a.mp4", person(1, "张三")), "a-1"), item(clip("b.mp4", person(1, "张三")), "b-2"), item(clip("c.mp4"), "c-3")
    )
    tiles = re.findall(r"<dd>(\d+)", text.split('class="tiles"')[1].split("</dl>")[0])
    assert tiles == ["2", "3", "3"]
    assert text.count('<tr data-group="') == 3


def test_rows_carry_what_they_are_filtered_by() -> None:
    text = overview(item(clip("a.mp4", person(1, "张三")), "a-1", "一组"))
    assert '<tr data-group="一组" data-drill="auto" data-outcome="improve" data-s="fpwuu"' in text
    assert '<a href="people/%E5%BC%A0%E4%B8%89.html#a-1">' in text


def test_what_could_not_be_judged_comes_with_a_remedy() -> None:
    text = overview(item())
    assert all(words in text for words in (REASONS[Reason.VIEW].why.zh, REASONS[Reason.VIEW].advice.zh, REASONS[Reason.VIEW].advice.en))


def test_broken_files_are_named_with_the_reason() -> None:
    text = overview(errors=(ClipError("坏.mp4", Text("不是视频：这是文字", "not a video: it is text")),))
    assert "坏.mp4" in text
    assert all(words in text for words in ("不是视频：这是文字", "not a video: it is text"))


def test_a_row_shows_its_person_where_pictures_were_drawn(tmp_path: Path) -> None:
    for clip_id in ("drill-1", "b-2"):
        (tmp_path / "stills" / clip_id).mkdir(parents=True)
        (tmp_path / "stills" / clip_id / "person.jpg").write_bytes(b"jpeg")
    write_report(tmp_path, report([item(), item(clip("b.mp4", annotated=None), "b-2"), item(clip("c.mp4"), "c-3")]))
    assert (tmp_path / "index.html").read_text("utf-8").count('<img class="thumb" alt="" src="data:image/jpeg;base64,anBlZw==">') == 1


def test_a_clause_judged_once_has_a_short_bar() -> None:
    assert bar_of([Missed("a", 1, 1)])(1) == 10
    assert [bar_of([Missed("a", 30, 40), Missed("b", 1, 1)])(times) for times in (40, 30, 1)] == [100, 75, 2.5]


@pytest.mark.parametrize(
    ("rows", "clips", "zh", "one", "more"),
    [(7, 7, "段", "clip", "clips"), (5, 1, "人", "person", "people"), (7, 3, "份", "result", "results")],
)
def test_outcomes_are_counted_in_what_they_are_of(rows: int, clips: int, zh: str, one: str, more: str) -> None:
    unit = counted(rows, clips)
    assert [unit(number).zh.strip() for number in (0, 1, 2)] == [zh] * 3
    assert [unit(number).en.strip() for number in (0, 1, 2)] == [more, one, more]


def test_a_name_that_two_topics_have_carries_its_topic_where_all_topics_stand_together() -> None:
    names = {rule.id: rule.clause for rule_set in ALL_RULES for rule in rule_set.rules}
    head = replace(HEAD, names=names, rule_sets=ALL_RULES, labels=labels_of(ALL_RULES))
    labels = [head.label(clause_id).zh for clause_id in names]
    assert len(set(labels)) == len(labels)
    assert head.label("stand.shoulders_level").zh == "站姿：肩平"
    assert head.name_in("stand.shoulders_level", "standing").zh == "肩平"
    assert head.name_in("stand.shoulders_level", "auto").zh == "站姿：肩平"


# --- paper --------------------------------------------------------------------------------------------------------------------------------


def test_everybody_is_on_the_page_that_is_printed(tmp_path: Path) -> None:
    names = ["张三", "李四", "张三"]
    write_report(tmp_path, report([item(clip(f"{i}.mp4", person(1, name)), f"c-{i}", "一组") for i, name in enumerate(names)]))
    text = (tmp_path / "people.html").read_text("utf-8")
    Balance().feed(text)
    assert re.findall(r'<section class="sheet" data-name="([^"]*)"', text) == ["张三 · 一组", "李四 · 一组"]
    assert re.findall(r'<p class="paper who">([^<]*)</p>', text) == ["张三 · 一组", "张三 · 一组", "李四 · 一组"]
    assert "<video" not in text
    assert text.count("本人签字") == 2


@pytest.mark.parametrize("text", pages()[:2], ids=["overview", "person"])
def test_hashes_of_files_are_no_words(text: str) -> None:
    assert RULES[0].sha256[:8] not in re.sub(r"<[^>]*>", "", text)


def test_the_overview_stays_light_and_has_no_pictures() -> None:
    items = [item(clip(f"{i}.mp4", person(1, f"姓名{i}")), f"c-{i}", "一组") for i in range(600)]
    text = overview(*items)
    assert text.count('<tr data-group="') == 600
    assert "<img" not in text
    assert "data:image" not in text
    assert len(text.encode()) < 1_500_000


def test_unknown_codes_are_shown_as_they_are() -> None:
    odd = replace(clip(), warnings=("new_code",), drill="new_drill", people=())
    for text in (overview(item(odd)), page(item(odd))):
        assert "new_code" in text
        assert "new_drill" in text


# --- a person's page ----------------------------------------------------------------------------------------------------------------------


def test_the_page_says_what_to_correct_first_and_cites_the_clause() -> None:
    text = page(item())
    assert text.index("右肩低了，请把两肩放平") < text.index("抬头")
    assert "Level your shoulders" in text
    assert "T1 站姿" in text
    assert '<a href="../annotated/drill.mp4#t=2.4" data-seek="2.4">' in text


def test_every_judged_clause_with_charts_has_a_strip_and_every_fault_a_curve() -> None:
    text = page(item())
    assert len(re.findall(r'class="strip(?: \w+)?"><span class="label"', text)) == 3  # posture, movements, and the shoulders
    assert text.count('<svg class="plot"') == 1
    assert re.search(r'<title id="drill-1-stand.shoulders_level-1-t">肩平 Shoulders level</title>', text)
    assert "最差 11.0°（2.4 秒）" in text
    assert "worst 11.0° at 2.4 s" in text


def test_a_fault_is_shown_at_its_worst_and_at_its_best() -> None:
    asked = []

    def picture(clip_id: str, clause_id: str, extreme: object) -> Picture:
        asked.append((clip_id, clause_id, extreme))
        return Picture("data:image/jpeg;base64,AAAA", "stills/drill-1/a.jpg")

    (found,) = people_of(rows_of(item()))
    text, sheet = dump_person(HEAD, found, [item()], picture, Neighbours())
    curve = charts().clauses[0].curves[0]
    assert asked == [("drill-1", "stand.shoulders_level", curve.worst), ("drill-1", "stand.shoulders_level", curve.best)]
    assert text.count('<img src="data:image/jpeg;base64,AAAA"') == sheet.count('<img src="stills/drill-1/a.jpg"') == 2


def test_only_the_language_that_is_not_in_the_picture_has_captions() -> None:
    text = page(item())
    assert re.findall(r'<track kind="captions" srclang="(\w+)" label="[^"]*" src="data:text/vtt', text) == ["en"]


def test_unjudged_clauses_come_with_a_reason_and_advice() -> None:
    text = page(item())
    for reason in (Reason.VIEW, Reason.NEVER):
        assert all(words in text for words in (REASONS[reason].why.zh, REASONS[reason].advice.zh, REASONS[reason].advice.en))


def test_without_charts_the_page_still_says_all_it_knows() -> None:
    text = page(replace(item(), charts=None))
    assert "右肩低了，请把两肩放平" in text
    assert '<svg class="plot"' not in text


def test_the_material_is_not_cited_for_what_it_does_not_say() -> None:
    assert "由 T1 站姿 引申" in page(item(), replace(HEAD, notes={"stand.head_up": ClauseNote(is_derived=True)}))
    custom = replace(clause("stand.no_fault_arms", State.PASS), source="custom")
    text = page(item(clip("a.mp4", PersonResult(1, None, 100.0, "meets", (), (custom,)))))
    assert "一般礼仪，不在培训材料中" in text
    assert "custom" not in text


def test_what_no_camera_sees_is_asked_of_the_person() -> None:
    note = ClauseNote(never=Text("摄像头看不到", "not seen"), self_check=Text("腹部收住了吗？", "Belly in?"))
    text = page(item(), replace(HEAD, notes={"stand.abdomen_in": note}))
    assert "腹部收住了吗？" in text
    assert REASONS[Reason.NEVER].advice.zh not in text


def test_a_video_waits_at_its_clearest_moment() -> None:
    segments = (Segment(0.0, 2.0, Posture.TRANSITION, View.FRONT), Segment(2.0, 3.0, Posture.SITTING, View.FRONT))
    steady = PersonResult(1, None, None, "not_judged", segments, ())
    assert 'src="../annotated/drill.mp4#t=2.4"' in page(item())
    assert 'src="../annotated/drill.mp4#t=2.5"' in page(item(clip("a.mp4", steady)))


def test_a_person_without_clauses_gets_a_way_out() -> None:
    assert "没有看清是站、坐还是蹲" in page(item(clip("a.mp4", PersonResult(1, None, None, "not_judged", (), ()))))
    assert "画面里没有看到人" in page(item(replace(clip(), people=())))


def test_a_person_of_whom_all_was_seen_and_too_little_applies_is_told_so() -> None:
    smile = RULE_SETS["smile"]
    fails = clause(smile.rules[0].id, State.FAIL)
    apart = [clause(rule.id, State.UNJUDGED, reason=Reason.NOT_APPLICABLE) for rule in smile.rules[1:]]
    found = replace(clip("smile.mp4", replace(person(), clauses=(fails, *apart))), drill="smile")
    text = page(item(found), replace(HEAD, rule_sets=(smile,)))
    assert "评得上的条款太少" in text
    assert ">都看到了" not in text


def test_a_picture_has_no_timeline() -> None:
    text = page(item(clip("a.jpg", kind="picture", annotated="annotated/a.jpg")))
    assert 'class="times"' not in text
    assert '<img src="../annotated/a.jpg"' in text


def test_who_meets_none_of_several_forms_is_told_of_the_choice() -> None:
    choice, title = Text("请选一种站法", "Choose one stance"), Text("任选一种站法", "either stance")
    failing = replace(clause("stand.shoulders_level", State.FAIL), correction=choice)
    found = item(clip("a.mp4", replace(person(), clauses=(failing,))))
    own = HEAD.name("stand.shoulders_level").zh
    assert own in page(found)
    told = page(found, replace(HEAD, choices={choice: title}))
    assert own not in told
    assert choice.zh in told
    assert title.zh in told


# --- the files ----------------------------------------------------------------------------------------------------------------------------


def test_all_files_are_written_and_lead_to_each_other(tmp_path: Path) -> None:
    items = [
        item(clip(f"{i}.mp4", person(1, name), annotated=f"annotated/{i}.mp4"), f"c-{i}") for i, name in enumerate(["张三", "李四", "张三"])
    ]
    write_report(tmp_path, report(items, ClipError("x.mp4", Text("坏了", "broken"))))
    text = (tmp_path / "index.html").read_text("utf-8")
    links = {unquote(link) for link in re.findall(r'href="(people/[^"#]+)#', text)}
    assert links == {"people/张三.html", "people/李四.html"}
    assert all((tmp_path / link).is_file() for link in links)
    mine = (tmp_path / "people/张三.html").read_text("utf-8")
    assert mine.count("<article") == 2
    assert 'href="../index.html"' in mine
    assert 'href="李四.html" rel="next"' in mine
    assert (tmp_path / "results.xlsx").is_file()
    assert "Level your shoulders" in (tmp_path / "captions/c-0.vtt").read_text("utf-8")


def test_no_captions_lie_where_a_player_would_show_them_over_the_person(tmp_path: Path) -> None:
    (tmp_path / "annotated").mkdir()
    (tmp_path / "annotated/drill.vtt").write_text("of an earlier version", "utf-8")
    write_report(tmp_path, report([item()]))
    assert list((tmp_path / "annotated").iterdir()) == []


def test_a_workbook_that_is_open_costs_no_other_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OutputError(Text("写不了 results.xlsx", "results.xlsx cannot be written"))

    monkeypatch.setattr("posecoach.reports.report.write_xlsx", refuse)
    with pytest.raises(OutputError, match=r"results\.xlsx"):
        write_report(tmp_path, report([item()]))
    assert (tmp_path / "index.html").is_file()
    assert (tmp_path / "people/drill-1.html").is_file()


def test_pages_of_an_earlier_run_go_and_other_files_stay(tmp_path: Path) -> None:
    write_report(tmp_path, report([item(clip("a.mp4", person(1, "旧")))]))
    (tmp_path / "people/mine.html").write_text("my own notes", "utf-8")
    write_report(tmp_path, report([item(clip("a.mp4", person(1, "新")))]))
    assert sorted(file.name for file in (tmp_path / "people").iterdir()) == ["mine.html", "新.html"]


def test_stills_are_put_into_the_page_of_a_clip_that_was_to_be_annotated(tmp_path: Path) -> None:
    curve = charts().clauses[0].curves[0]
    for clip_id in ("drill-1", "b-2"):
        (tmp_path / "stills" / clip_id).mkdir(parents=True)
        (tmp_path / "stills" / clip_id / still_name("stand.shoulders_level", curve.worst)).write_bytes(b"jpeg")
    write_report(tmp_path, report([item(), item(clip("b.mp4", annotated=None), "b-2")]))
    assert (tmp_path / "people/drill-1.html").read_text("utf-8").count("data:image/jpeg;base64,anBlZw==") == 1
    assert "data:image" not in (tmp_path / "people/b-2.html").read_text("utf-8")


def test_what_was_recorded_of_a_clip_is_in_the_report(tmp_path: Path) -> None:
    found = replace(clip(), landmarks="landmarks/drill-1.npz")
    save_record(tmp_path, "drill-1", ClipRecord("key", found, "一组", charts().to_dict()))
    recorded = Report.of(HEAD, Results(GENERATOR, RULES, (found,)), {"drill-1": "一组"}, RecordedCharts(tmp_path))
    assert recorded.clips == (ReportClip("drill-1", "一组", found),)
    assert recorded.charts("drill-1") == charts()


@pytest.mark.parametrize("stored", [None, {"clauses": 3}, {}])
def test_charts_of_another_version_are_left_out(tmp_path: Path, stored: dict[str, int] | None) -> None:
    found = replace(clip(), landmarks="landmarks/drill-1.npz")
    save_record(tmp_path, "drill-1", ClipRecord("key", found, None, stored))
    assert RecordedCharts(tmp_path)("drill-1") is None
