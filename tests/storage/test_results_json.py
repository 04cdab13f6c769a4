"""results.json: the contract's keys and order, the schema, the way back, and what is kept when the work is broken off."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from posecoach import wording
from posecoach.body.records import Segment
from posecoach.errors import OutputError, SourceError
from posecoach.judging.results import ClipError, Results, Seen, Skipped, StepResult, TopicResult, Unseen
from posecoach.storage.results_json import JsonSink, clip_from_dict, clip_to_dict, dump_results, load_results
from posecoach.vocabulary import Posture, Reason, State, Text, View
from tests.reports.fakes import GENERATOR, RULES, clause, clip, person

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "results.schema.json").read_text("utf-8"))
EMPTY = Text("文件是空的", "the file is empty")
STEP = StepResult("greet", Text("问候", "Greeting"), 1.0, 4.5, State.FAIL, (clause("stand.head_up", State.FAIL),))
UNSEEN = replace(STEP, id="handle", start_s=None, end_s=None, state=State.UNJUDGED, clauses=())
ALL = Results(
    GENERATOR,
    RULES,
    (clip("drill.mp4", replace(clip().people[0], steps=(STEP, UNSEEN))), clip("照片.jpg", kind="picture", annotated=None)),
    (ClipError("broken.mp4", Text("不是视频", "not a video")),),
    (Skipped("~$a.docx", "office_lock"),),
    (TopicResult("李", "一组", "standing", (Seen("a.mp4", 1),), 75.0, "improve", (Unseen("stand.neck_forward", Reason.VIEW, ("side",)),)),),
)


def parsed(results: Results) -> Any:
    return json.loads(dump_results(results))


def test_keys_come_in_the_order_of_the_contract() -> None:
    data = parsed(ALL)
    assert list(data) == ["schema", "generator", "rules", "topics", "clips", "errors", "skipped"]
    assert data["schema"] == "posecoach.results/2"
    assert " ".join(data["clips"][0]) == "path kind warnings duration_s fps frames_analysed model drill profile landmarks annotated people"
    assert " ".join(data["clips"][0]["people"][0]) == "id name score outcome segments events steps clauses"
    assert " ".join(data["clips"][0]["people"][0]["segments"][0]) == "start_s end_s posture view"
    assert (
        " ".join(data["clips"][0]["people"][0]["clauses"][0])
        == "id state reason value error_95 unit judged_share pass_share worst_s correction source"
    )


@pytest.mark.parametrize("results", [ALL, Results(GENERATOR, ())], ids=["full", "empty"])
def test_results_follow_the_schema(results: Results) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    Draft202012Validator(SCHEMA).validate(parsed(results))


def test_the_schema_knows_every_word() -> None:
    parts = SCHEMA["properties"]["clips"]["items"]["properties"]["people"]["items"]["properties"]
    of_clause, of_segment = (parts[name]["items"]["properties"] for name in ("clauses", "segments"))
    assert set(of_clause["state"]["enum"]) == {state.word for state in State}
    assert set(of_clause["reason"]["enum"]) == {reason.word for reason in Reason}
    assert set(of_segment["posture"]["enum"]) == {posture.word for posture in Posture}
    assert set(of_segment["view"]["enum"]) == {view.word for view in View}


def test_every_field_of_the_schema_is_described_and_required() -> None:
    pending, seen = [SCHEMA], 0
    while pending:
        part = pending.pop()
        if "properties" in part and part.get("additionalProperties") is False:
            assert set(part["required"]) == set(part["properties"])
            assert all(field.get("description") for field in part["properties"].values())
            seen += 1
        pending += [value for value in part.values() if isinstance(value, dict)]
        pending += [item for value in part.values() if isinstance(value, list) for item in value if isinstance(item, dict)]
    assert seen == 17


@pytest.mark.parametrize("change", [{"extra": 1}, {"state": "failed"}, {"reason": "view"}, {"pass_share": 1.5}])
def test_the_schema_refuses_what_is_not_in_the_contract(change: dict[str, Any]) -> None:
    data = parsed(ALL)
    data["clips"][0]["people"][0]["clauses"][0] |= change
    assert not Draft202012Validator(SCHEMA).is_valid(data)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    (tmp_path / "results.json").write_text(dump_results(ALL), "utf-8")
    assert load_results(tmp_path) == load_results(tmp_path / "results.json") == ALL


def test_results_of_the_first_schema_are_read(tmp_path: Path) -> None:
    data = parsed(ALL) | {"schema": "posecoach.results/1"}
    del data["skipped"], data["topics"], data["errors"][0]["error_zh"]
    (tmp_path / "results.json").write_text(json.dumps(data), "utf-8")
    english = ClipError("broken.mp4", Text("not a video", "not a video"))
    assert load_results(tmp_path) == Results(GENERATOR, RULES, ALL.clips, (english,))


def test_every_reason_to_skip_has_words_in_the_table_and_the_page() -> None:
    codes = SCHEMA["properties"]["skipped"]["items"]["properties"]["reason"]["enum"]
    page = (Path(__file__).parents[2] / "docs" / "results.md").read_text("utf-8")
    assert set(codes) == set(wording.SKIPPED)
    assert [code for code in codes if f"`{code}`" not in page] == []


@pytest.mark.parametrize("posture", Posture)
@pytest.mark.parametrize("view", View)
def test_every_segment_survives(posture: Posture, view: View) -> None:
    given = clip("a.mp4", person().__class__(1, "李", None, "not_judged", (Segment(0.0, 1.0, posture, view),), ()))
    assert clip_from_dict(clip_to_dict(given)) == given


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason is not Reason.NONE])
def test_every_reason_survives(reason: Reason) -> None:
    given = clip("a.mp4", person().__class__(1, None, 50.0, "improve", (), (clause("x.y", State.UNJUDGED, reason=reason),)))
    assert clip_from_dict(clip_to_dict(given)) == given


def test_numbers_are_rounded_and_never_nan() -> None:
    of_clause = clause("x.y", State.PASS, 8.123456)
    data = clip_to_dict(clip("a.mp4", person().__class__(1, None, float("nan"), "improve", (), (of_clause,))))
    assert data["people"][0]["score"] is None
    assert data["people"][0]["clauses"][0]["value"] == 8.123


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "cannot be read"),
        ("{", "not JSON"),
        ("[]", "expected schema"),
        ('{"schema": "posecoach.results/3"}', "results/3"),
        ('{"schema": "posecoach.results/2"}', "damaged"),
        ('{"schema": "posecoach.results/1"}', "damaged"),
    ],
)
def test_what_is_no_result_is_named(tmp_path: Path, text: str | None, message: str) -> None:
    if text is not None:
        (tmp_path / "results.json").write_text(text, "utf-8")
    with pytest.raises(SourceError, match=message):
        load_results(tmp_path)


def test_finished_clips_are_there_before_the_end_and_after_an_interruption(tmp_path: Path) -> None:
    path = tmp_path / "new" / "results.json"
    with pytest.raises(KeyboardInterrupt), JsonSink(path, GENERATOR, RULES) as sink:  # noqa: PT012
        sink.add(clip("b.mp4"))
        assert [done.path for done in load_results(path).clips] == ["b.mp4"]
        sink.add(clip("a.mp4"))
        sink.fail("c.mp4", EMPTY)
        raise KeyboardInterrupt
    results = load_results(path)
    assert [done.path for done in results.clips] == ["a.mp4", "b.mp4"]
    assert results.errors == (ClipError("c.mp4", EMPTY),)
    assert [file.name for file in path.parent.iterdir()] == ["results.json"]
    assert path.read_text("utf-8") == dump_results(results)


def test_two_clips_of_one_name_are_both_kept(tmp_path: Path) -> None:
    with JsonSink(tmp_path / "results.json", GENERATOR, RULES) as sink:
        sink.add(clip("IMG_0001.mp4"))
        sink.add(clip("IMG_0001.mp4"))
    assert len(load_results(tmp_path).clips) == 2


def test_writing_many_clips_does_not_take_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[int] = []
    monkeypatch.setattr("posecoach.storage.results_json.write_atomically", lambda _path, content: written.append(len(content)))
    monkeypatch.setattr("posecoach.storage.results_json.time.monotonic", iter(range(100_000)).__next__)
    with JsonSink(tmp_path / "results.json", GENERATOR, RULES) as sink:
        for i in range(400):
            sink.add(clip(f"{i}.mp4"))
    assert 5 < len(written) < 100


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    sink = JsonSink(tmp_path / "file" / "results.json", "x", ())
    with pytest.raises(OutputError, match=r"results\.json cannot be written"):
        sink.fail("a.mp4", Text("坏了", "broken"))


def test_a_run_that_took_nothing_in_leaves_the_file_of_before(tmp_path: Path) -> None:
    (tmp_path / "results.json").write_text("earlier", "utf-8")
    with JsonSink(tmp_path / "results.json", "x", ()):
        pass
    assert (tmp_path / "results.json").read_text("utf-8") == "earlier"
