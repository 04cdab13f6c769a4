"""Rosters of rows kept on this computer."""

from __future__ import annotations

from pathlib import Path

import pytest

from posecoach.row.places import RowEntry
from posecoach.storage import saved_rosters
from posecoach.storage.saved_rosters import SavedRosterError, SavedRosters
from posecoach.vocabulary import Profile

PEOPLE = (RowEntry("李娜", Profile.FEMALE), RowEntry("=王伟", Profile.MALE), RowEntry("赵敏"))


def test_what_is_kept_is_there_the_next_time_and_gone_once_deleted(tmp_path: Path) -> None:
    SavedRosters(tmp_path).save("早班 一组", PEOPLE)
    SavedRosters(tmp_path).save("早班 一组", PEOPLE[:2])
    kept = SavedRosters(tmp_path)
    assert kept.load() == {"早班 一组": PEOPLE[:2]}
    assert "李娜,女" in (tmp_path / "rosters" / "早班 一组.csv").read_text("utf-8-sig")
    kept.delete("早班 一组")
    kept.delete("早班 一组")
    assert kept.load() == {}


@pytest.mark.parametrize("name", ["", " ", "../x", "a/b", "a\\b", ".x", "x.", "con", "a\0", "x" * 41, "a\nb", "a:b"])
def test_a_name_that_is_no_file_name_is_refused(tmp_path: Path, name: str) -> None:
    kept = SavedRosters(tmp_path / "state")
    with pytest.raises(SavedRosterError):
        kept.save(name, PEOPLE)
    with pytest.raises(SavedRosterError):
        kept.delete(name)
    assert list(tmp_path.rglob("*")) == []


def test_there_is_an_end_to_them_and_damaged_ones_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_rosters, "MOST_ROSTERS", 2)
    kept = SavedRosters(tmp_path)
    kept.save("一", PEOPLE)
    (tmp_path / "rosters" / "二.csv").write_bytes(b"\xff\xff\xff")
    kept.save("一", PEOPLE[:1])
    assert kept.load() == {"一": PEOPLE[:1]}
    with pytest.raises(SavedRosterError):
        kept.save("三", PEOPLE)
