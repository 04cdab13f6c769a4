"""How many calibrations are kept."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from posecoach.body.observed import Neutral
from posecoach.storage import calibrations
from posecoach.storage.calibrations import SERVER, Calibration, CalibrationStore
from tests.storage.test_whole_files import hold


def test_the_visitors_longest_not_seen_make_room_and_the_servers_own_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibrations, "MOST_VISITORS", 3)
    store = CalibrationStore(tmp_path)
    names = [SERVER + "0", *(f"visitor:{i}" for i in range(6))]
    for second, name in enumerate(names):
        store.save(name, Calibration(roll_deg=float(second)))
        os.utime(store._file(name), (second, second))
    assert [name for name in names if store.load(name)] == [SERVER + "0", "visitor:3", "visitor:4", "visitor:5"]


def test_a_deletion_is_undone_for_a_while_and_never_over_something_newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, mine, at = CalibrationStore(tmp_path), "visitor:mine", [100.0]
    monkeypatch.setattr("posecoach.storage.calibrations.time.monotonic", lambda: at[0])
    store.save(mine, Calibration(roll_deg=2.0))
    store.delete(mine)
    assert not list((tmp_path / "calibration").iterdir()), "the file is gone at once"
    at[0] += 10
    assert store.undelete(mine) == store.load(mine) == Calibration(roll_deg=2.0)
    store.delete(mine)
    store.save(mine, Calibration(roll_deg=3.0))
    assert store.undelete(mine) is None
    store.delete(mine)
    at[0] += 13
    assert store.undelete(mine) is None
    assert store.load(mine) is None


def test_a_file_that_is_held_for_a_moment_is_written_and_the_folder_is_its_owners_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(monkeypatch, 2)
    CalibrationStore(tmp_path).save("visitor:mine", Calibration(roll_deg=2.0))
    assert CalibrationStore(tmp_path).load("visitor:mine") == Calibration(roll_deg=2.0)
    if os.name == "posix":
        assert (tmp_path / "calibration").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("shape", [[0.1, None, 0.5], [0.1] * 13, ["0.1"]], ids=["a gap", "numbers we do not know", "words"])
def test_a_face_that_cannot_be_read_is_no_neutral_one(tmp_path: Path, shape: list[object]) -> None:
    """A gap taken for 0 would judge smiles by a face that nobody has."""
    store = CalibrationStore(tmp_path)
    store.save("visitor:mine", Calibration(neutral=Neutral(3.0, (0.1, 0.2))))
    assert store.load("visitor:mine") == Calibration(neutral=Neutral(3.0, (0.1, 0.2)))
    file = store._file("visitor:mine")
    kept = json.loads(file.read_text("utf-8"))
    kept["neutral"]["face_shape"] = shape
    file.write_text(json.dumps(kept), "utf-8")
    assert store.load("visitor:mine") is None
