"""Pictures of the worst and best moments: which, where cut, named by what they show."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest

from posecoach.body.motion import Motion
from posecoach.body.records import Frame
from posecoach.drawing.stills import LONG_SIDE_PX, THUMB_SIDE_PX, Stills, drawn, moments, telling_frame
from posecoach.drawing.text import Picture, TextPainter
from posecoach.errors import OutputError
from posecoach.judging.charts import charts_of, still_name
from posecoach.judging.describe import scene_of_clause
from posecoach.judging.pipeline import Graded, GradeOptions, grade_motion
from posecoach.resources import font_path
from posecoach.storage.output_folder import THUMB
from posecoach.vocabulary import Profile, State
from tests.golden import FOLDER, expected, unpack
from tests.shipped import ALL_RULES

NAME = next(name for name in expected() if name.startswith("stand_lean_forward"))
CLAUSE = "stand.trunk_upright"


@cache
def graded() -> Graded:
    clip = expected()[NAME]
    return grade_motion(Motion.of(unpack(FOLDER / f"{NAME}.npz")), GradeOptions(ALL_RULES, clip["drill"], Profile(clip["profile"])))


def picture(value: int = 120) -> Picture:
    width, height = graded().body.motion.size_wh
    return np.full((height, width, 3), value, np.uint8)


def test_only_what_is_not_met_is_pictured() -> None:
    amiss = {v.id for v in graded().person.clauses if v.state in (State.FAIL, State.WARN)}
    assert CLAUSE in amiss
    assert {clause for clause, _ in moments(graded(), charts_of(graded()))} == amiss


def test_the_worst_moment_is_that_of_the_verdict() -> None:
    (verdict,) = (v for v in graded().person.clauses if v.id == CLAUSE)
    worst, *rest = (extreme for clause, extreme in moments(graded(), charts_of(graded())) if clause == CLAUSE)
    assert worst.at_s == pytest.approx(verdict.worst_s, abs=0.001)
    assert all(extreme.value <= worst.value for extreme in rest)


def test_the_files_are_those_the_report_asks_for(tmp_path: Path) -> None:
    charts = charts_of(graded())
    (tmp_path / "stills").mkdir()
    (tmp_path / "stills/old.jpg").write_bytes(b"from an earlier run")
    stills = Stills(tmp_path / "stills", graded(), charts, font_path())
    for i in range(len(graded().body.motion)):
        stills.take(Frame(picture(), i, 100.0 * i, "a"), i + 1)
    expected_names = {THUMB, *(still_name(clause, extreme) for clause, extreme in moments(graded(), charts))}
    assert {file.name for file in (tmp_path / "stills").iterdir()} == expected_names
    for file in (tmp_path / "stills").iterdir():
        found = cv2.imdecode(np.fromfile(file, np.uint8), cv2.IMREAD_COLOR)
        assert max(found.shape[:2]) == (THUMB_SIDE_PX if file.name == THUMB else LONG_SIDE_PX)


def test_the_small_picture_is_from_the_longest_steady_stretch() -> None:
    found = graded()
    longest = max(found.person.segments, key=lambda segment: segment.end_s - segment.start_s)
    t_s = (found.body.motion.t_ms - found.body.motion.t_ms[0]) / 1000
    assert t_s[telling_frame(found)] == pytest.approx((longest.start_s + longest.end_s) / 2, abs=0.06)


def test_nothing_is_made_where_nothing_is_amiss(tmp_path: Path) -> None:
    stills = Stills(tmp_path / "stills", graded(), charts_of(graded()), font_path())
    del stills
    assert not (tmp_path / "stills").exists()


def test_the_marks_are_drawn_on_the_person_cut_out() -> None:
    scene = scene_of_clause(graded(), 20, CLAUSE)
    assert [mark.state for mark in scene.marks] == [State.FAIL]
    out = drawn(picture(), scene, TextPainter(font_path()))
    assert max(out.shape[:2]) == LONG_SIDE_PX
    changed = np.abs(out.astype(int) - 120).max(2) > 20
    assert 0.01 < changed.mean() < 0.5
    assert changed[:, : out.shape[1] // 2].any()
    assert changed[:, out.shape[1] // 2 :].any()


def test_the_given_picture_is_left_as_it_is() -> None:
    given = picture()
    drawn(given, scene_of_clause(graded(), 20, CLAUSE), TextPainter(font_path()))
    assert (given == 120).all()


def test_a_full_disk_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    charts = charts_of(graded())
    stills = Stills(tmp_path / "stills", graded(), charts, font_path())
    worst = next(extreme for _, extreme in moments(graded(), charts))
    t_s = (graded().body.motion.t_ms - graded().body.motion.t_ms[0]) / 1000
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OutputError, match=r"No space left on device.*choose another folder"):
        stills.take(Frame(picture(), int(np.abs(t_s - worst.at_s).argmin()), 0.0, "a"), len(t_s))
