"""The command line as a person meets it: progress on a terminal, Ctrl-C, help, the table, the rules, the exit status."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

import posecoach
from posecoach.cli.main import main
from posecoach.storage.output_folder import MANIFEST
from tests.fake_estimator import HERE, slow_posecoach
from tests.odd_media import even_times, numbered, write_video
from tests.processes import hear_ctrl_c
from tests.waiting import until

ROOT = Path(__file__).parents[2]
SIZE = (320, 240)


def wait_until(is_so: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    until(lambda: is_so() or process.poll() is not None)
    assert process.poll() is None, "the program ended too early"


# --- Ctrl-C -----------------------------------------------------------------------------------------------------------------------------


def clips_in(results: Path) -> list[str]:
    if not results.is_file():
        return []
    return [clip["path"] for clip in json.loads(results.read_text("utf-8"))["clips"]]


@pytest.mark.slow
def test_ctrl_c_keeps_what_is_finished(tmp_path: Path) -> None:
    folder, out = tmp_path / "clips", tmp_path / "out"
    folder.mkdir()
    write_video(folder / "1.mp4", even_times(6, 12), SIZE)
    write_video(folder / "2.mp4", even_times(600, 12), SIZE, lambda index, size_wh: numbered(index % 40, size_wh))
    command = slow_posecoach("grade", folder, "--out", out, delay_s=0.2)
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=hear_ctrl_c) as process:
        wait_until(lambda: clips_in(out / "results.json") == ["1.mp4"], process)
        process.send_signal(signal.SIGINT)
        said, complained = (text.decode() for text in process.communicate(timeout=60))
    assert process.returncode == 130
    assert clips_in(out / "results.json") == ["1.mp4"]
    assert said.count("Stopped. What was finished is kept: 1 clip.") == 1
    assert "1.mp4" in said
    assert "Traceback" not in complained
    left = sorted(path.name for path in out.rglob("*") if path.is_file())
    assert [name for name in left if (name.startswith(".") and name != MANIFEST) or name.endswith((".tmp", ".part"))] == []
    assert {"index.html", "results.csv", "results.json"} <= set(left)


def test_ctrl_c_before_the_first_clip_is_no_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("posecoach.jobs.rules_asked.load_rulebook", stop)
    done = CliRunner().invoke(main, ["grade", str(tmp_path), "--out", str(tmp_path / "out")], obj=HERE)
    assert done.exit_code == 130
    assert len(done.stderr.splitlines()) == 1


# --- progress ---------------------------------------------------------------------------------------------------------------------------


def on_terminal(command: Sequence[str]) -> str:
    """What a command writes to a terminal of 120 columns."""
    leader, follower = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "120", "LINES": "40"}
    with subprocess.Popen(command, cwd=ROOT, stdin=follower, stdout=follower, stderr=follower, env=environment) as process:
        os.close(follower)
        shown = b""
        while True:
            try:
                data = os.read(leader, 65536)
            except OSError:  # Linux says so when the other side has closed
                break
            if not data:
                break
            shown += data
        assert process.wait(timeout=60) == 0, shown
    os.close(leader)
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode("utf-8", "replace"))


@pytest.mark.slow
def test_a_terminal_shows_a_bar_with_speed_and_time_left(tmp_path: Path) -> None:
    clip = write_video(tmp_path / "练习.mp4", even_times(36, 12), SIZE)
    shown = on_terminal(slow_posecoach("grade", clip, "--out", tmp_path / "out", delay_s=0.05))
    assert re.search(r"练习\.mp4 [━╸╺ ]+ +\d+/3\d +\d+ frames/s +\d+:\d\d", shown), shown
    assert "━" in shown
    assert "Report:" in shown


def test_without_a_terminal_there_is_a_line_for_each_clip(tmp_path: Path) -> None:
    for name in ("a.mp4", "b.mp4"):
        write_video(tmp_path / name, even_times(6, 12), SIZE)
    done = CliRunner().invoke(main, ["grade", str(tmp_path), "--out", str(tmp_path / "out"), "--no-annotate"], obj=HERE)
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == ["graded a.mp4", "graded b.mp4"]
    assert "━" not in done.stderr


# --- what is printed --------------------------------------------------------------------------------------------------------------------


def test_the_table_says_state_clause_value_and_correction(tmp_path: Path) -> None:
    write_video(tmp_path / "clip.mp4", even_times(24, 12), SIZE)
    done = CliRunner().invoke(
        main, ["grade", str(tmp_path), "--drill", "standing", "--out", str(tmp_path / "out"), "--no-annotate"], obj=HERE
    )
    assert done.exit_code == 0
    for text in ("✓ Met", "stand.shoulders_level", "Shoulders level", "0.0 ± ", "17.2 ± ", "Not judged", "Report:", "index.html"):
        assert text in done.stdout


def test_brackets_in_a_name_stay(tmp_path: Path) -> None:
    write_video(tmp_path / "[red]练习.mp4", even_times(24, 12), SIZE)
    done = CliRunner().invoke(
        main, ["grade", str(tmp_path), "--drill", "standing", "--out", str(tmp_path / "out"), "--no-annotate"], obj=HERE
    )
    assert "[red]练习.mp4" in done.stdout
    assert "[red]练习.mp4" in done.stderr


def test_only_a_fail_leads_to_a_correction(tmp_path: Path) -> None:
    write_video(tmp_path / "clip.mp4", even_times(24, 12), SIZE)
    out = tmp_path / "out"
    CliRunner().invoke(main, ["grade", str(tmp_path), "--drill", "standing", "--out", str(out), "--no-annotate"], obj=HERE)
    [clip] = json.loads((out / "results.json").read_text("utf-8"))["clips"]
    for verdict in clip["people"][0]["clauses"]:
        assert (verdict["correction"] is not None) == (verdict["state"] == "fail"), verdict


def test_the_roster_decides_name_profile_and_drill(tmp_path: Path) -> None:
    for name in ("a.mp4", "b.mp4"):
        write_video(tmp_path / name, even_times(24, 12), SIZE)
    roster = tmp_path / "people.csv"
    rows = "\ufefffile,name,profile,drill\r\nA.mp4,张三,female,morning_meeting\r\nc.mp4,李四,,\r\n"
    roster.write_text(rows, "utf-8")
    out = tmp_path / "out"
    arguments = ["grade", str(tmp_path), "--roster", str(roster), "--drill", "standing", "--out", str(out), "--no-annotate"]
    done = CliRunner().invoke(main, arguments, obj=HERE)
    assert done.exit_code == 0
    assert "1 row of the roster matches no clip: c.mp4" in done.output
    assert "1 clip has no row in the roster: b.mp4" in done.output
    first, second = json.loads((out / "results.json").read_text("utf-8"))["clips"]
    assert (first["drill"], first["profile"], first["people"][0]["name"]) == ("morning_meeting", "female", "张三")
    assert (second["drill"], second["profile"], second["people"][0]["name"]) == ("standing", "unspecified", None)


def test_a_roster_of_nothing_but_headings_names_no_clip(tmp_path: Path) -> None:
    write_video(tmp_path / "a.mp4", even_times(24, 12), SIZE)
    (tmp_path / "people.csv").write_text("文件,姓名\n", "utf-8")
    arguments = ["grade", str(tmp_path), "--roster", str(tmp_path / "people.csv"), "--out", str(tmp_path / "out"), "--no-annotate"]
    assert "1 clip has no row in the roster: a.mp4" in CliRunner().invoke(main, arguments, obj=HERE).output


def test_a_drill_that_never_occurs_is_said(tmp_path: Path) -> None:
    write_video(tmp_path / "clip.mp4", even_times(24, 12), SIZE)
    out = tmp_path / "out"
    done = CliRunner().invoke(main, ["grade", str(tmp_path), "--drill", "crouching", "--out", str(out), "--no-annotate"], obj=HERE)
    assert done.exit_code == 0
    [clip] = json.loads((out / "results.json").read_text("utf-8"))["clips"]
    assert clip["warnings"] == ["posture_not_seen"]
    assert {verdict["state"] for verdict in clip["people"][0]["clauses"]} == {"unjudged"}


def test_strict_leaves_out_what_is_not_in_the_training_material(tmp_path: Path) -> None:
    write_video(tmp_path / "clip.mp4", even_times(24, 12), SIZE)
    ids = []
    for extra in ([], ["--strict"]):
        out = tmp_path / f"out{len(extra)}"
        arguments = ["grade", str(tmp_path / "clip.mp4"), "--drill", "standing", "--out", str(out), "--no-annotate", *extra]
        assert CliRunner().invoke(main, arguments, obj=HERE).exit_code == 0
        [clip] = json.loads((out / "results.json").read_text("utf-8"))["clips"]
        ids.append({verdict["id"] for verdict in clip["people"][0]["clauses"]})
    assert ids[1] < ids[0]
    assert "stand.no_fault_arms" in ids[0] - ids[1]


def test_grading_again_into_the_same_folder_replaces_the_results(tmp_path: Path) -> None:
    clips, out = tmp_path / "clips", tmp_path / "clips" / "out"
    clips.mkdir()
    write_video(clips / "a.mp4", even_times(12, 12), SIZE)
    first = CliRunner().invoke(main, ["grade", str(clips), "--out", str(out)], obj=HERE)
    shutil.move(clips / "a.mp4", clips / "b.mp4")
    second = CliRunner().invoke(main, ["grade", str(clips), "--out", str(out)], obj=HERE)
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert clips_in(out / "results.json") == ["b.mp4"]


@pytest.mark.parametrize("arguments", [["--help"], ["grade", "--help"], ["rules", "--help"], ["rules", "check", "-h"], ["doctor", "-h"]])
def test_help_is_there(arguments: list[str]) -> None:
    done = CliRunner().invoke(main, arguments, obj=HERE)
    assert done.exit_code == 0
    assert done.stdout.startswith("Usage: ")


def test_help_loads_nothing_but_what_speaks() -> None:
    """Models, arrays, the schema of rules and workbooks are loaded by the commands that need them: help is there at once."""
    code = (
        "import sys; before = set(sys.modules); from posecoach.cli.main import main; main(['--help'], standalone_mode=False);"
        "print('\\n', *{name.partition('.')[0] for name in set(sys.modules) - before} - sys.stdlib_module_names)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert set(told.splitlines()[-1].split()) == {"posecoach", "click", "rich"}


def test_the_help_of_grade_names_the_exit_statuses_and_examples() -> None:
    shown = CliRunner().invoke(main, ["grade", "--help"], obj=HERE).stdout
    assert "Exit status: 0 all graded, 1 some inputs failed, 2" in shown
    assert "posecoach grade drill.mp4 --drill standing" in shown


def test_the_version_is_said() -> None:
    assert posecoach.__version__ in CliRunner().invoke(main, ["--version"]).stdout


def test_the_shipped_rules_are_listed_and_check_out() -> None:
    listed = CliRunner().invoke(main, ["rules", "list"])
    checked = CliRunner().invoke(main, ["rules", "check"])
    assert (listed.exit_code, checked.exit_code) == (0, 0)
    assert "crouch.hips_down" in listed.stdout
    assert re.search(r"\d+ rule files with \d+ clauses, and \d+ drills load without a mistake", checked.stdout)
