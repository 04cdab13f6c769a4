"""Judging again: what has not changed keeps its results, and whatever is changed, is judged again."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from click.testing import CliRunner

import posecoach
from posecoach.cli.main import main
from posecoach.cli.terminal import Console
from posecoach.jobs import regrade_batch, unchanged
from posecoach.jobs.listener import STOPPED
from posecoach.jobs.regrade import regrade_clip
from posecoach.jobs.regrade_batch import RegradeOptions, regrade_all
from posecoach.jobs.rules_asked import rulebook_of
from posecoach.judging.charts import Charts
from posecoach.judging.pipeline import GradeOptions
from posecoach.judging.results import ClipResult, Results
from posecoach.resources import rules_dir
from posecoach.storage.clip_records import ClipRecord, save_record
from posecoach.storage.output_folder import THUMB, OutputFolder
from posecoach.storage.results_json import dump_results, load_results
from posecoach.vocabulary import Profile, Text
from tests.factories import STANDING, still
from tests.jobs.test_regrade import stored

DRILLS = {"a.mp4": "auto", "s.mp4": "standing", "t.mp4": "sitting"}
NARROW, WIDE = "bands: {pass: [-3, 5], warn: [-8, 10]}", "bands: {pass: [-3, 25], warn: [-8, 30]}"


class Heard(Console):
    """Which clips were judged, and which were kept."""

    def __init__(self) -> None:
        super().__init__()
        self.judged: list[str] = []
        self.unchanged: list[str] = []

    def clip_done(self, clip: ClipResult) -> None:
        """Judged."""
        self.judged.append(clip.path)

    def kept(self, unchanged: Sequence[ClipResult], count: int) -> None:
        """Not judged."""
        assert count == len(DRILLS)
        self.unchanged += [clip.path for clip in unchanged]

    def end(self, clips: Sequence[ClipResult], names: Mapping[str, Text], out: Path | None, stopped: bool) -> None:
        """No tables."""


def id_of(path: str) -> str:
    return f"{Path(path).stem}-{ord(path[0]):08x}"


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three clips graded and judged again once."""
    out = tmp_path_factory.mktemp("done")
    (out / "landmarks").mkdir()
    clips = []
    for path, drill in DRILLS.items():
        clip_id = id_of(path)
        stored(still(STANDING, 4.0), out / "landmarks" / f"{clip_id}.npz")
        clips.append(ClipResult(path, "video", (), 4.0, 10.0, 40, drill, Profile.MALE, f"landmarks/{clip_id}.npz", None))
        save_record(out, clip_id, ClipRecord("", clips[-1], "group 1"))
    (out / "results.json").write_text(dump_results(Results("posecoach", (), tuple(clips))), "utf-8")
    assert judged_again(out) == list(DRILLS)
    return out


@pytest.fixture
def folder(done: Path, tmp_path: Path) -> Path:
    return shutil.copytree(done, tmp_path / "out")


def judged_again(folder: Path, **options: object) -> list[str]:
    """The paths of clips that are judged; all others are kept."""
    heard = Heard()
    assert regrade_all(RegradeOptions(folder, **options), heard) == 0  # type: ignore[arg-type]
    assert sorted([*heard.judged, *heard.unchanged]) == list(DRILLS)
    return sorted(heard.judged)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def swap(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


# --- nothing has changed ----------------------------------------------------------------------------------------------------------------


def test_nothing_is_written_where_nothing_has_changed(folder: Path) -> None:
    times = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")}
    before = contents(folder)
    assert judged_again(folder) == []
    assert contents(folder) == before
    assert {path: path.stat().st_mtime_ns for path in times} == times


def test_judging_all_writes_the_same_bytes(folder: Path) -> None:
    before = contents(folder)
    assert judged_again(folder, all_again=True) == list(DRILLS)
    assert contents(folder) == before


def test_the_command_says_it_in_plain_words(folder: Path) -> None:
    result = CliRunner().invoke(main, ["regrade", str(folder)], env={"POSECOACH_LANG": "en"})
    assert "0 of 3 clips judged again, 3 unchanged" in result.output
    result = CliRunner().invoke(main, ["regrade", "--all", str(folder)], env={"POSECOACH_LANG": "en"})
    assert "unchanged" not in result.output


# --- stopped ----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by_hand", [False, True])
def test_who_stops_keeps_the_results_of_before_and_is_told(
    by_hand: bool, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(regrade_batch, "_CLIPS_A_JOB", 1)
    monkeypatch.setenv("POSECOACH_LANG", "en")
    stop, judged = Event(), []

    def judge(clip: ClipResult, folder: Path, options: GradeOptions) -> tuple[ClipResult, Charts]:
        judged.append(clip.path)
        if by_hand:
            raise KeyboardInterrupt
        stop.set()
        return regrade_clip(clip, folder, options)

    before = contents(folder)
    assert regrade_all(RegradeOptions(folder, judge=judge), Console(), stop) == STOPPED
    assert (len(judged), contents(folder)) == (1, before)
    assert "No results were changed" in capsys.readouterr().out
    assert judged_again(folder) == []


# --- one thing has changed --------------------------------------------------------------------------------------------------------------


def lean(folder: Path) -> None:
    stored(still(replace(STANDING, lean_forward_deg=20.0), 4.0), folder / "landmarks" / f"{id_of('s.mp4')}.npz")


def put_a_second_person(folder: Path) -> None:
    stored(still(STANDING, 4.0), folder / "landmarks" / f"{id_of('s.mp4')}-02.npz")


def change_group(folder: Path) -> None:
    swap(folder / "clips" / f"{id_of('s.mp4')}.json", "group 1", "group 2")


def lose_grading(folder: Path) -> None:
    (folder / "clips" / f"{id_of('s.mp4')}.json").unlink()


def change_curves(folder: Path) -> None:
    swap(folder / "regraded" / f"{id_of('s.mp4')}.json", '"duration_s": 4.0', '"duration_s": 4.5')


def lose_curves(folder: Path) -> None:
    (folder / "regraded" / f"{id_of('s.mp4')}.json").unlink()


def edit(**changes: object) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        results = load_results(folder)
        clips = [replace(clip, **changes) if clip.path == "s.mp4" else clip for clip in results.clips]  # type: ignore[arg-type]
        (folder / "results.json").write_text(dump_results(replace(results, clips=tuple(clips))), "utf-8")

    return change


def edit_a_person(**changes: object) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        (person,) = next(clip for clip in load_results(folder).clips if clip.path == "s.mp4").people
        edit(people=(replace(person, **changes),))(folder)  # type: ignore[arg-type]

    return change


def edit_a_verdict(folder: Path) -> None:
    (person,) = next(clip for clip in load_results(folder).clips if clip.path == "s.mp4").people
    clause = replace(person.clauses[0], value=99.0)
    edit(people=(replace(person, clauses=(clause, *person.clauses[1:])),))(folder)


def edit_the_note(folder: Path) -> None:
    note = unchanged.load_note(folder)
    clips = {**note.clips, id_of("s.mp4"): note.clips[id_of("s.mp4")]._replace(group="group 9")}
    unchanged.save_note(folder, replace(note, clips=clips))


def no_key(folder: Path) -> None:
    note = unchanged.load_note(folder)
    unchanged.save_note(folder, replace(note, clips={**note.clips, id_of("s.mp4"): unchanged.Known("", "group 1")}))


@pytest.mark.parametrize(
    "change",
    [
        lean,
        put_a_second_person,
        change_group,
        lose_grading,
        change_curves,
        lose_curves,
        edit(profile=Profile.FEMALE),
        edit(drill="sitting"),
        edit(warnings=("damaged",)),
        edit(duration_s=5.0),
        edit(model="heavy"),
        edit(people=()),
        edit_a_person(name="Li"),
        edit_a_person(score=1.0),
        edit_a_person(outcome="pass"),
        edit_a_verdict,
        edit_the_note,
        no_key,
    ],
)
def test_one_clip_changed_is_judged_again_alone(change: Callable[[Path], None], folder: Path) -> None:
    change(folder)
    assert judged_again(folder) == ["s.mp4"]
    assert judged_again(folder) == []


@pytest.mark.parametrize("change", [lean, change_group, edit(drill="sitting"), edit_a_verdict])
def test_what_is_kept_beside_what_is_judged_is_as_if_all_were_judged(change: Callable[[Path], None], folder: Path, tmp_path: Path) -> None:
    change(folder)
    other = shutil.copytree(folder, tmp_path / "other")
    assert judged_again(folder) == ["s.mp4"]
    assert judged_again(other, all_again=True) == list(DRILLS)
    assert contents(folder) == contents(other)


@pytest.mark.parametrize("content", [None, b"", b"{", b'{"schema": "posecoach.judged/0"}', b'{"schema": "posecoach.judged/1", "clips": 1}'])
def test_without_a_note_that_can_be_read_all_are_judged(content: bytes | None, folder: Path) -> None:
    if content is None:
        (folder / unchanged.NOTE).unlink()
    else:
        (folder / unchanged.NOTE).write_bytes(content)
    assert judged_again(folder) == list(DRILLS)


def test_a_rule_counts_for_the_clips_of_its_topic_and_those_left_to_the_posture(folder: Path, tmp_path: Path) -> None:
    rules = shutil.copytree(rules_dir(), tmp_path / "rules")
    swap(rules / "standing.yaml", NARROW, WIDE)
    assert judged_again(folder, rules_folder=rules) == ["a.mp4", "s.mp4"]
    swap(rules / "standing.yaml", WIDE, f"{WIDE}  # as it should be")
    assert judged_again(folder, rules_folder=rules) == ["a.mp4", "s.mp4"]


def test_strict_rules_are_other_rules(folder: Path) -> None:
    assert judged_again(folder, strict=True) == [path for path in DRILLS if _has_custom(DRILLS[path])]
    assert judged_again(folder, strict=True) == []


def _has_custom(drill: str) -> bool:
    books = [rulebook_of(None, strict) for strict in (False, True)]
    return len({repr(GradeOptions(tuple(book.rule_sets.values())).narrowed_to(drill)) for book in books}) == 2


def test_another_drill_asked_for_counts(folder: Path) -> None:
    assert judged_again(folder, drills={"s.mp4": "auto"}) == ["s.mp4"]


def other_judge(clip: ClipResult, folder: Path, options: GradeOptions) -> tuple[ClipResult, Charts]:
    return regrade_clip(clip, folder, options)


def test_another_judge_counts(folder: Path) -> None:
    assert judged_again(folder, judge=other_judge) == list(DRILLS)


@pytest.mark.parametrize("key", ["other code", None])
def test_other_code_counts_and_code_in_doubt_is_not_noted(key: str | None, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regrade_batch, "code_key", lambda: key)
    assert judged_again(folder) == list(DRILLS)
    assert judged_again(folder) == (list(DRILLS) if key is None else [])


def test_code_that_changes_meanwhile_is_not_noted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = iter(["before", "after", "after", "after"])
    monkeypatch.setattr(regrade_batch, "code_key", lambda: next(keys))
    assert judged_again(folder) == list(DRILLS)
    assert judged_again(folder) == list(DRILLS)


# --- the reports ------------------------------------------------------------------------------------------------------------------------


def change(name: str) -> Callable[[Path], None]:
    def alter(folder: Path) -> None:
        (folder / name).write_bytes((folder / name).read_bytes() + b" ")

    return alter


def lose_a_page(folder: Path) -> None:
    next((folder / "people").glob("*.html")).unlink()


def leave_an_old_page(folder: Path) -> None:
    page = next((folder / "people").glob("*.html"))
    page.with_name("old.html").write_bytes(page.read_bytes())


@pytest.mark.parametrize(
    "alter",
    [*map(change, ("results.csv", "results.xlsx", "index.html", "people.html", "results.json")), lose_a_page, leave_an_old_page],
)
def test_reports_that_are_not_as_they_were_are_written_again(alter: Callable[[Path], None], folder: Path) -> None:
    before = contents(folder)
    alter(folder)
    assert judged_again(folder) == []
    assert contents(folder) == before


def test_a_picture_that_came_or_went_counts_for_the_reports(folder: Path) -> None:
    still_of_it = OutputFolder(folder).stills(id_of("s.mp4")) / THUMB
    still_of_it.parent.mkdir(parents=True)
    still_of_it.write_bytes(b"a picture")
    before = unchanged.load_note(folder)
    assert judged_again(folder) == []
    after = unchanged.load_note(folder)
    assert (after.clips, after.reports != before.reports) == (before.clips, True)


def test_a_rule_that_no_clip_is_judged_by_is_told_in_the_reports(folder: Path, tmp_path: Path) -> None:
    rules = shutil.copytree(rules_dir(), tmp_path / "rules")
    file = rules / "smile.yaml"
    file.write_text(file.read_text("utf-8") + "# changed\n", "utf-8")
    (before,) = (used.sha256 for used in load_results(folder).rules if used.file == "smile.yaml")
    judged_again(folder, rules_folder=rules)
    (after,) = (used.sha256 for used in load_results(folder).rules if used.file == "smile.yaml")
    assert before != after


# --- keys -------------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program of a few files, older than this process, with one library."""
    files = ("posecoach/__init__.py", "posecoach/data.npz", "web/page.html", "lib/numpy-1.dist-info/METADATA")
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name, "utf-8")
    monkeypatch.setattr(posecoach, "__file__", str(tmp_path / files[0]))
    monkeypatch.setattr(posecoach, "STARTED_S", time.time() + 1000)
    monkeypatch.setattr(unchanged, "web_dir", lambda: tmp_path / "web")
    monkeypatch.setattr("sys.path", [str(tmp_path / "lib")])
    return tmp_path


@pytest.mark.parametrize("name", ["posecoach/__init__.py", "posecoach/data.npz", "posecoach/new.py", "web/page.html"])
def test_every_file_of_the_program_counts(name: str, program: Path) -> None:
    before = unchanged.code_key()
    assert before == unchanged.code_key()
    (program / name).write_text("changed", "utf-8")
    assert before != unchanged.code_key()


def test_the_version_of_a_library_counts(program: Path) -> None:
    before = unchanged.code_key()
    (program / "lib" / "numpy-1.dist-info").rename(program / "lib" / "numpy-2.dist-info")
    assert before != unchanged.code_key()


@pytest.mark.parametrize("name", ["posecoach/data.npz", "web/page.html", "lib/numpy-1.dist-info"])
def test_files_younger_than_the_process_leave_it_in_doubt(name: str, program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posecoach, "STARTED_S", time.time() + 1000)
    assert unchanged.code_key() is not None
    os.utime(program / name, (time.time() + 2000,) * 2)
    assert unchanged.code_key() is None


def test_rules_are_written_out_whole() -> None:
    """What stands in a key as `...` or as an address would hide a change, or feign one."""
    book = rulebook_of(None, strict=False)
    text = repr(book)
    assert all(found not in text for found in ("...", " at 0x", "set("))
    options = GradeOptions(tuple(book.rule_sets.values()), drills=tuple(book.drills.values()))
    for drill in ("auto", *book.rule_sets, *book.drills):
        narrowed, whole = options.narrowed_to(drill), replace(options, drill=drill)
        assert (narrowed.active_rule_sets, narrowed.steps_of) == (whole.active_rule_sets, whole.steps_of)
