"""Fitting the table of errors: what small copies tell of the size that matters, and what is kept where they tell nothing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from posecoach.evaluation.fit_errors import Case, Errors, table_text
from posecoach.evaluation.mapping import load_mapping
from posecoach.evaluation.scoring import ValueOutcome
from posecoach.measures import error_table, error_table_heavy
from posecoach.measures.error_model import TABLES, is_of_face

MAPPING = load_mapping()
MEASURES = {name: truth.views[0] for name, truth in MAPPING.truths.items()}
CLIPS, CLIP_PX, COPY_PX = 40, 1000.0, 50.0
MADE_UP_PX = 20.0
"""At so many pixels of the trunk the copies made up here err as much again as their clips."""


def case(clip: int, measure: str, error: float, px: float) -> Case:
    value = ValueOutcome(f"{clip}", measure, 0.0, error, 0.0, 3.0, None, person=f"{clip % 8}", condition=MEASURES[measure])
    return Case(value, px)


def made_up() -> Errors:
    """Clips that err by one unit, pictures by the same, and small copies of bodies, and of two faces."""
    rng, errors = np.random.default_rng(5), Errors([], [], [])
    for measure in MEASURES:
        for clip in range(CLIPS):
            error = rng.normal()
            errors.clips.append(case(clip, measure, error, CLIP_PX))
            errors.pictures.append(case(clip, measure, error, CLIP_PX))
            if not is_of_face(measure) or clip < 2:
                errors.small.append(case(clip, measure, error + rng.normal() * MADE_UP_PX / COPY_PX, COPY_PX))
    return errors


def test_small_copies_tell_the_size_and_what_they_do_not_show_stays_as_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    before = TABLES["full"]
    text = table_text(made_up(), MAPPING, 1.0, before)
    found = re.search(r"SIZE_TRUNK_PX, SIZE_EYE_GAP_PX = (\S+), (\S+)", text)
    assert found is not None
    assert float(found[1]) == pytest.approx(MADE_UP_PX, rel=0.1)
    assert float(found[2]) == pytest.approx(before.eye_gap_px, rel=0.01)
    assert capsys.readouterr().err == f"too few small copies show a face large enough: {before.eye_gap_px:g} px stays as it was\n"
    compile(text, "error_table.py", "exec")


def test_faces_at_rest_are_told_in_the_table_of_the_full_model_alone() -> None:
    tables = [table_text(made_up(), MAPPING, resting, TABLES["full"]) for resting in (3.1, None)]
    assert ["RESTING_FACES = 3.1" in table for table in tables] == [True, False]
    assert [table.count("RESTING_FACES") for table in tables] == [2, 0]
    for name, table, written in zip(("error_table", "error_table_heavy"), tables, (error_table, error_table_heavy), strict=True):
        head = table[: table.index("from __future__")]
        assert Path(str(written.__file__)).read_text("utf-8").startswith(head), name


def test_only_new_measures_are_added_and_the_others_stay(capsys: pytest.CaptureFixture[str]) -> None:
    full = TABLES["full"]
    before = full._replace(errors={name: laws for name, laws in full.errors.items() if name != "rear_heel_pitch_deg"})
    found: dict[str, Any] = {}
    exec(table_text(made_up(), MAPPING, 1.0, before, only_new=True), found)
    assert found["SIZE_TRUNK_PX"] == full.trunk_px
    assert set(found["PEOPLE"]) == {*full.people, *map(str, range(8))}
    assert {name: laws for name, laws in found["ERRORS"].items() if name != "rear_heel_pitch_deg"} == before.errors
    assert found["ERRORS"]["rear_heel_pitch_deg"] != full.errors["rear_heel_pitch_deg"]
    assert capsys.readouterr().err == ""
