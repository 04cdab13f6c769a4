"""What the commands do to a folder that holds something already."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from posecoach.cli.main import main
from posecoach.judging.results import ClipError, Results
from posecoach.storage.output_folder import OF_GRADING, OutputFolder
from posecoach.storage.results_json import dump_results
from posecoach.vocabulary import Text
from tests.odd_media import even_times, write_video
from tests.reports.fakes import GENERATOR, RULES, clip


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def write_results(out: Path, results: Results) -> None:
    OutputFolder(out).claim(OF_GRADING)
    (out / "results.json").write_text(dump_results(results), "utf-8")
    (out / "people").mkdir()
    for name in ("index.html", "people/a.html"):
        (out / name).write_text('<meta name="generator" content="posecoach report">', "utf-8")


def run(arguments: list[str], out: Path) -> tuple[int, str]:
    done = CliRunner().invoke(main, [*arguments, *([] if arguments[0] in ("regrade", "compare") else ["--out"]), str(out)])
    return done.exit_code, done.output


@pytest.mark.parametrize("arguments", [["grade", "/nonexist"], ["lineup", "/nonexist"], ["grade", "/nonexist", "--force"]])
def test_a_run_with_nothing_to_grade_changes_nothing(arguments: list[str], tmp_path: Path) -> None:
    write_results(tmp_path / "out", Results(GENERATOR, RULES, (clip(),)))
    before = contents(tmp_path / "out")
    status, said = run(arguments, tmp_path / "out")
    assert (status, "Report:" in said, "no such file or folder" in said) == (1, False, True)
    assert contents(tmp_path / "out") == before


def test_a_regrading_of_nothing_changes_nothing(tmp_path: Path) -> None:
    write_results(tmp_path / "out", Results(GENERATOR, RULES, (), (ClipError("a.mp4", Text("不是视频", "not a video")),)))
    before = contents(tmp_path / "out")
    status, said = run(["regrade"], tmp_path / "out")
    assert (status, "not a video" in said) == (1, True)
    assert contents(tmp_path / "out") == before


@pytest.mark.parametrize(
    "arguments",
    [["grade", "CLIP"], ["lineup", "CLIP"], ["regrade"], ["compare", "OUT"], ["evaluate", "gone.csv"]],
    ids=lambda words: words[0],
)
def test_a_folder_with_anything_else_in_it_is_refused_and_stays(arguments: list[str], tmp_path: Path) -> None:
    out, video = tmp_path / "out", write_video(tmp_path / "a.mp4", even_times(6, 12))
    write_results(out, Results(GENERATOR, RULES, (clip(),)))
    (out / "pieces").mkdir(parents=True)
    (out / "pieces" / "notes.txt").write_text("mine", "utf-8")
    before = contents(out)
    status, said = run([{"CLIP": str(video), "OUT": str(out)}.get(word, word) for word in arguments], out)
    assert (status, "pieces/notes.txt" in said, "posecoach did not write" in said) == (2, True, True)
    assert contents(out) == before
