"""results.csv: opens right in a spreadsheet and does nothing there."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from posecoach.judging.results import Results
from posecoach.reports.results_csv import COLUMNS, CsvSink, dump_csv
from posecoach.vocabulary import State, Text
from tests.reports.fakes import GENERATOR, RULES, clause, clip, person


def rows(results: Results) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(dump_csv(results), newline="")))


def test_bytes_are_those_excel_and_wps_expect(tmp_path: Path) -> None:
    with CsvSink(tmp_path / "results.csv", GENERATOR, RULES) as sink:
        sink.add(clip("站姿.mp4"))
    content = (tmp_path / "results.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfpath,kind,")
    assert content.count(b"\r\n") == content.count(b"\n") == 6
    assert "站姿.mp4" in content.decode("utf-8-sig")


def test_one_row_a_clip_person_and_clause() -> None:
    table = rows(Results(GENERATOR, RULES, (clip("a.mp4", person(1), person(2)), clip("b.mp4"))))
    assert [(row["path"], row["person_id"]) for row in table] == [("a.mp4", "1")] * 5 + [("a.mp4", "2")] * 5 + [("b.mp4", "1")] * 5
    assert tuple(table[0]) == COLUMNS


def test_cells_are_those_of_the_json() -> None:
    first, *_, last = rows(Results(GENERATOR, RULES, (clip(),)))
    assert (first["id"], first["state"], first["value"], first["unit"]) == ("stand.shoulders_level", "fail", "8.1", "deg")
    assert (first["correction_zh"], first["source"], first["warnings"]) == ("右肩低了，请把两肩放平", "T1 站姿", "damaged")
    assert (last["state"], last["reason"], last["value"], last["pass_share"]) == ("unjudged", "never", "", "")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_formulas_are_made_harmless(text: str) -> None:
    failed = clause("x.y", State.FAIL, -3.5, said=Text(text, text))
    row = rows(Results(GENERATOR, RULES, (clip(text, person(1, text).__class__(1, text, 0.0, "improve", (), (failed,))),)))[0]
    assert row["path"] == row["name"] == row["correction_zh"] == f"'{text}"
    assert row["value"] == "-3.5"
