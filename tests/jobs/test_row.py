"""`posecoach lineup` from file to files, with real models on rows put together from the sample clips."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from click.testing import CliRunner

from posecoach.cli.main import main
from posecoach.drawing.row import RowAnnotator, RowCard
from posecoach.history.database import Records
from posecoach.jobs.recording import record_results
from posecoach.resources import font_path
from posecoach.storage.output_runs import alone_in
from posecoach.storage.results_json import load_results
from posecoach.storage.video_writer import VideoWriter
from posecoach.vocabulary import State
from tests.history.test_records import agreed
from tests.rows import FEMALE, FOLDED, MALE, row_pictures
from tests.shipped import ALL_RULES
from tests.tracks import load_track

ROW = (FEMALE, MALE, FOLDED, MALE)
ROSTER = "name,profile\n李娜,female\n王强,male\n=刘洋,female\n陈军,male\n"
SIZE_WH = (1280, 720)


def video(path: Path, names: tuple[str | None, ...] = ROW, frames: int = 25) -> Path:
    with VideoWriter(path, SIZE_WH, 10.0) as writer:
        for i, picture in enumerate(row_pictures(names, frames, SIZE_WH)):
            writer.write(picture, 100.0 * i)
    return path


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["lineup", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("lineup")
    (folder / "row.csv").write_text(ROSTER, "utf-8")
    status, said = run(video(folder / "row.mp4"), "--roster", folder / "row.csv", "--out", folder / "out")
    assert status == 0, said
    return folder / "out", said


@pytest.mark.model
def test_results_hold_everybody_from_left_to_right(graded: tuple[Path, str]) -> None:
    results = load_results(graded[0])
    (clip,) = results.clips
    assert [(person.id, person.name) for person in clip.people] == [(1, "李娜"), (2, "王强"), (3, "=刘洋"), (4, "陈军")]
    assert clip.drill == "morning_meeting"
    assert clip.warnings == ()
    assert clip.frames_analysed == 25
    states = [{clause.id.removeprefix("meeting."): clause.state for clause in person.clauses} for person in clip.people]
    assert states[2]["no_fault_arms"] is State.FAIL
    assert [states[i]["no_fault_arms"] for i in (0, 1, 3)] == [State.PASS] * 3
    assert "hands_front" in states[0]
    assert "hands_front" not in states[1], "a man is judged by the men's form"


@pytest.mark.model
def test_who_agreed_is_recorded_from_the_sheet_or_the_folder_once(graded: tuple[Path, str], tmp_path: Path) -> None:
    records = Records.open(tmp_path)
    agreed(records, "王强")
    first = record_results(records, graded[0] / "index.html", ALL_RULES, "import")
    assert (first.new, len(first.without_consent)) == (1, 3)
    assert record_results(records, graded[0], ALL_RULES, "import").known == 1
    records.close()


@pytest.mark.model
def test_each_person_has_landmarks_of_their_own(graded: tuple[Path, str]) -> None:
    out = graded[0]
    files = sorted((out / "landmarks").glob("*.npz"))
    assert [path.stem[-2:] for path in files] == ["01", "02", "03", "04"]
    hips = []
    for path in files:
        track, meta = load_track(path)
        assert len(track) == 25
        assert meta["path"] == "row.mp4"
        hips.append(float(np.nanmedian(track.pose_px[:, [23, 24], 0])))
    assert hips == sorted(hips)
    assert np.diff(hips).min() > 200


@pytest.mark.model
def test_the_table_is_harmless_and_cites_the_clause(graded: tuple[Path, str]) -> None:
    rows = list(csv.DictReader((graded[0] / "lineup.csv").read_text("utf-8-sig").splitlines()))
    assert [row["name"] for row in rows] == ["李娜", "王强", "'=刘洋", "陈军"]
    assert rows[2]["correction_zh"] == "请把抱着的手臂放下来"
    assert rows[2]["source"] == "general manners, not in the training material"
    assert {row["status"] for row in rows} == {"judged"}


@pytest.mark.model
def test_the_sheet_is_one_file_in_row_order(graded: tuple[Path, str]) -> None:
    page = (graded[0] / "index.html").read_text("utf-8")
    names = [page.index(f"{i}  {name}") for i, name in enumerate(("李娜", "王强", "=刘洋", "陈军"), 1)]
    assert names == sorted(names)
    assert "请把抱着的手臂放下来" in page
    assert "data:image/jpeg;base64," in page
    assert not re.search(r"""(?:src|href)=["'](?!data:)""", page), "nothing is loaded from elsewhere"


@pytest.mark.model
def test_what_is_judged_of_nobody_is_said_once(graded: tuple[Path, str]) -> None:
    page = (graded[0] / "index.html").read_text("utf-8")
    assert page.count("挺胸（头颈不前探）") == 1, "from the front it shows of nobody"
    cards, _, footer = page.partition("<footer>")
    assert "挺胸（头颈不前探）" in footer
    assert "双手合起放在腹后" in cards, "open for the men alone"


@pytest.mark.model
def test_the_annotated_copy_has_every_frame_and_a_strip_above(graded: tuple[Path, str]) -> None:
    out = graded[0]
    data: dict[str, Any] = json.loads((out / "results.json").read_text("utf-8"))
    with av.open(str(out / data["clips"][0]["annotated"])) as container:
        frames = [frame.to_ndarray(format="bgr24") for frame in container.decode(video=0)]
    assert len(frames) == 25
    assert frames[0].shape[1] == SIZE_WH[0]
    assert frames[0].shape[0] > SIZE_WH[1]


@pytest.mark.model
def test_the_terminal_says_who_should_correct_what(graded: tuple[Path, str]) -> None:
    said = graded[1]
    assert "Please unfold your arms" in said
    assert "4 people" in said
    assert "Check sheet:" in said


@pytest.mark.model
def test_a_picture_and_a_roster_of_others(tmp_path: Path) -> None:
    (tmp_path / "row.csv").write_text("name\n李娜\n王强\n", "utf-8")
    cv2.imwrite(str(tmp_path / "row.jpg"), next(iter(row_pictures((FEMALE, None, MALE, FEMALE), 1, SIZE_WH))))
    status, said = run(tmp_path / "row.jpg", "--roster", tmp_path / "row.csv", "--out", tmp_path / "out", "--no-annotate")
    assert status == 0
    (clip,) = load_results(tmp_path / "out").clips
    assert [person.name for person in clip.people] == [None, None, None]
    assert "roster_mismatch" in clip.warnings
    assert clip.annotated is None
    assert "The roster and the row count different people" in said


@pytest.mark.model
def test_a_row_in_a_picture_on_its_side_is_not_judged_and_told_to_turn_it(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "row.jpg"), np.rot90(next(iter(row_pictures((FEMALE, MALE, FOLDED, FEMALE), 1, SIZE_WH)))))
    _, said = run(tmp_path / "row.jpg", "--out", tmp_path / "out", "--no-annotate")
    (clip,) = load_results(tmp_path / "out").clips
    assert "sideways" in clip.warnings
    assert {clause.state for person in clip.people for clause in person.clauses} <= {State.UNJUDGED}
    assert "--rotate" in said


@pytest.mark.model
def test_an_empty_room(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "empty.jpg"), next(iter(row_pictures((None, None), 1, SIZE_WH))))
    status, said = run(tmp_path / "empty.jpg", "--out", tmp_path / "out")
    assert status == 0
    (clip,) = load_results(tmp_path / "out").clips
    assert clip.people == ()
    assert "no_person" in clip.warnings
    assert "0 people" in said
    assert (tmp_path / "out" / "index.html").exists()


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        pytest.param(["nothing.mp4"], 1, "no such file or folder", id="no file"),
        pytest.param(["broken.mp4"], 1, "broken.mp4", id="not a video"),
        pytest.param(["two"], 1, "failed two: expected one video or picture, found 2", id="several files"),
        pytest.param(["row.jpg", "--roster", "none.csv"], 2, "no such roster file", id="no roster"),
        pytest.param(["row.jpg", "--roster", "wrong.csv"], 2, "wrong.csv:1: unknown column", id="a wrong roster"),
        pytest.param(["row.jpg", "--rules", "empty"], 2, "rules", id="no rules"),
    ],
)
def test_mistakes_are_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], status: int, message: str) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("two", "empty"):
        Path(folder).mkdir()
    for name in ("row.jpg", "two/a.jpg", "two/b.jpg"):
        cv2.imwrite(name, np.zeros((64, 64, 3), np.uint8))
    Path("broken.mp4").write_bytes(b"no video")
    Path("wrong.csv").write_text("file\na.mp4\n", "utf-8")
    code, said = run(*arguments)
    assert code == status
    assert message in said
    assert "Traceback" not in said


@pytest.mark.model
def test_a_row_never_replaces_a_grading_but_its_own_results(tmp_path: Path) -> None:
    out = tmp_path / "out"
    cv2.imwrite(str(tmp_path / "row.jpg"), np.full((64, 64, 3), 90, np.uint8))
    assert run(tmp_path / "row.jpg", "--out", out)[0] == 0
    assert run(tmp_path / "row.jpg", "--out", out)[0] == 0, "a row judged again"
    graded = json.loads((out / "results.json").read_text("utf-8"))
    graded["clips"][0] |= {"drill": "auto", "landmarks": "landmarks/drill.npz"}
    kept = json.dumps(graded)
    (out / "results.json").write_text(kept, "utf-8")
    status, said = run(tmp_path / "row.jpg", "--out", out)
    assert status == 2
    assert "choose another folder with --out" in said
    assert (out / "results.json").read_text("utf-8") == kept


def test_two_runs_do_not_write_into_one_folder(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "row.jpg"), np.zeros((64, 64, 3), np.uint8))
    out = tmp_path / "out"
    out.mkdir()
    with alone_in(out):
        status, said = run(tmp_path / "row.jpg", "--out", out)
    assert status == 2
    assert "another run of posecoach" in said


def test_cards_never_cover_the_picture_and_do_not_change_it() -> None:
    picture = np.full((720, 1280, 3), 90, np.uint8)
    annotator = RowAnnotator((1280, 720), font_path(), 12)
    cards = [
        RowCard(f"{i} 欧阳娜娜", State.FAIL, "请把双手合起，放到身后，再往右站一点点", (i * 100.0, 200.0, i * 100.0 + 80, 700.0))
        for i in range(12)
    ]
    out = annotator.annotate(picture, cards)
    width, height = annotator.output_size_wh
    assert out.shape == (height, width, 3)
    assert width % 2 == height % 2 == 0
    assert (picture == 90).all()
    strip = height - 720
    inside = out[strip : strip + 720].copy()
    for i in range(12):
        inside[194:706, i * 100 - 6 if i else 0 : i * 100 + 86] = 90
    assert (inside == 90).mean() > 0.97, "but for frames and thin lines the picture is as it was"
