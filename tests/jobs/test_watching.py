"""Rule files watched: judged again on each save, what changed is said, a typo is survived, Ctrl-C ends it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Timer

import pytest
from click.testing import CliRunner

from posecoach.cli.main import main
from posecoach.cli.terminal_watch import WatchConsole
from posecoach.errors import OutputError, SourceError
from posecoach.jobs.listener import STOPPED, Listener
from posecoach.jobs.regrade_batch import RegradeOptions
from posecoach.jobs.watching import POLL_S, Regrade, stamps_of, wait_for_save, watch
from posecoach.judging.results import ClipResult, Results
from posecoach.measures.catalogue import MEASURES
from posecoach.resources import rules_dir
from posecoach.rulebook.loading import load_rule_sets
from posecoach.storage.results_json import dump_results, load_results
from posecoach.vocabulary import State, Text
from tests.judging.test_comparing import take
from tests.processes import hear_ctrl_c
from tests.reports.fakes import GENERATOR, RULES
from tests.waiting import until

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "sample_videos" / "stand_lean_forward_m4_side.mp4"
NARROW, WIDE = "bands: {pass: [-3, 5], warn: [-8, 10]}", "bands: {pass: [-3, 25], warn: [-8, 30]}"

Steps = Sequence[Callable[[], object]]


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return shutil.copytree(rules_dir(), tmp_path / "规则")


def save(file: Path, old: str, new: str) -> None:
    """Save with a new time of change, however coarse the file system's clock is."""
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")
    stat = file.stat()
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1_000_000_000))


def clock(steps: Steps) -> Callable[[float], None]:
    """A sleep that does one of the steps at a time; then Ctrl-C is pressed."""
    remaining = iter(steps)

    def sleep(seconds: float) -> None:
        assert seconds == POLL_S
        step = next(remaining, None)
        if step is None:
            raise KeyboardInterrupt
        step()

    return sleep


def nothing() -> None:
    """Half a second in which nobody saves."""


# --- waiting ----------------------------------------------------------------------------------------------------------------------------


def polls(rules: Path, *steps: Callable[[], object]) -> int:
    """How often the files were looked at before the save was believed; the steps happen before each look."""
    done: list[int] = []
    clocked = clock([*steps, *[nothing] * 3])

    def sleep(seconds: float) -> None:
        done.append(1)
        clocked(seconds)

    wait_for_save(rules, stamps_of(rules), sleep)
    return len(done)


def test_a_save_is_seen_once_the_file_is_left_alone(rules: Path) -> None:
    file = rules / "standing.yaml"
    assert polls(rules, nothing, nothing, lambda: save(file, NARROW, WIDE)) == 4


def test_an_editor_that_saves_in_steps_is_waited_for(rules: Path) -> None:
    file = rules / "standing.yaml"
    text = file.read_text("utf-8")

    def whole() -> None:
        file.write_text(text.replace(NARROW, WIDE), "utf-8")

    assert polls(rules, file.unlink, lambda: file.write_text("half", "utf-8"), whole) == 4


def test_a_save_of_the_same_size_is_seen_by_its_time(rules: Path) -> None:
    assert polls(rules, lambda: save(rules / "standing.yaml", "[-3, 5]", "[-3, 9]")) == 2


def test_files_that_are_no_rules_are_not_watched(rules: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        polls(rules, lambda: (rules / ".standing.yaml.swp").write_text("x"), lambda: (rules / "notes.txt").write_text("x"))


def test_a_new_rule_file_is_seen(rules: Path) -> None:
    assert polls(rules, lambda: (rules / "extra.yml").write_text("x")) == 2


def test_a_save_of_a_drill_is_seen(rules: Path) -> None:
    assert polls(rules, lambda: save(rules / "drills" / "bows.yaml", "at_most_s: 20", "at_most_s: 25")) == 2


def test_the_first_drill_of_a_folder_is_seen(rules: Path) -> None:
    drills = shutil.move(rules / "drills", rules / "aside")
    assert polls(rules, lambda: shutil.move(drills, rules / "drills")) == 2


# --- judging again ----------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Results of a clip without landmarks; the stand-in below judges it."""
    folder = tmp_path / "out"
    folder.mkdir()
    write_results(folder, take("甲.mp4", trunk_upright=State.FAIL))
    return folder


def write_results(folder: Path, *clips: ClipResult) -> None:
    (folder / "results.json").write_text(dump_results(Results(GENERATOR, RULES, clips)), "utf-8")


def by_a_look(options: RegradeOptions, listener: Listener) -> int:
    """Judges by one look at the rule file instead of by landmarks: wide bands pass."""
    rules = options.rules_folder or rules_dir()
    names = {r.id: r.clause for s in load_rule_sets(rules, MEASURES).values() for r in s.rules}
    wide = WIDE in (rules / "standing.yaml").read_text("utf-8")
    write_results(options.folder, take("甲.mp4", trunk_upright=State.PASS if wide else State.FAIL))
    listener.begin(1)
    listener.end(load_results(options.folder).clips, names, options.folder, False)
    return 0


def watched(out: Path, rules: Path, *steps: Callable[[], object], regrade: Regrade = by_a_look) -> int:
    return watch(RegradeOptions(out, rules), WatchConsole(), regrade, clock(steps))


def test_each_save_says_what_changed_since_the_last(out: Path, rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = rules / "standing.yaml"
    assert watched(out, rules, lambda: save(file, NARROW, WIDE), nothing, lambda: save(file, WIDE, NARROW), nothing) == 0
    said = capsys.readouterr().out
    first, second, third, end = said.split("Watching ")
    assert "no verdict changed" in first
    assert "Improved 1" in second
    assert "✗ 8.1° → ✓ 1.0°  stand.trunk_upright  " in second
    assert "Worse 1" in third
    assert end.splitlines()[-1] == "Stopped watching."


def test_a_typo_is_named_by_file_line_and_key_and_the_next_save_counts(out: Path, rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = rules / "standing.yaml"
    steps = (lambda: save(file, NARROW, f"bnads{NARROW[5:]}"), nothing, lambda: save(file, f"bnads{NARROW[5:]}", WIDE), nothing)
    assert watched(out, rules, *steps) == 0
    said = capsys.readouterr()
    assert "not judged again, the results are as before" in said.err
    assert "standing.yaml:" in said.err
    assert "bnads" in said.err
    assert "Improved 1" in said.out
    assert load_results(out).clips[0].people[0].clauses[0].state is State.PASS


def test_a_save_while_judging_is_not_missed(out: Path, rules: Path) -> None:
    count: list[int] = []

    def slow(options: RegradeOptions, listener: Listener) -> int:
        status = by_a_look(options, listener)
        if not count:
            save(rules / "standing.yaml", NARROW, WIDE)
        count.append(status)
        return status

    assert watched(out, rules, nothing, nothing, regrade=slow) == 0
    assert len(count) == 2
    assert load_results(out).clips[0].people[0].clauses[0].state is State.PASS


def test_a_report_that_is_open_elsewhere_does_not_end_it(out: Path, rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def locked(options: RegradeOptions, listener: Listener) -> int:
        by_a_look(options, listener)
        raise OutputError(Text("写不了 results.xlsx", "results.xlsx cannot be written (it is open)"))

    assert watched(out, rules, lambda: save(rules / "standing.yaml", NARROW, WIDE), nothing, regrade=locked) == 0
    said = capsys.readouterr()
    assert "results.xlsx cannot be written" in said.err
    assert "Improved 1" in said.out


def test_judging_that_was_stopped_ends_it(out: Path, rules: Path) -> None:
    assert watched(out, rules, nothing, nothing, regrade=lambda *_: STOPPED) == STOPPED


def test_ctrl_c_while_judging_is_passed_on(out: Path, rules: Path) -> None:
    def stop(*_: object) -> int:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        watched(out, rules, regrade=stop)


def test_a_folder_without_results_is_no_folder_to_watch(tmp_path: Path, rules: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        watched(tmp_path, rules)


def test_the_command_needs_results(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["regrade", str(tmp_path), "--watch"])
    assert done.exit_code == 2
    assert len(done.stderr.splitlines()) == 1


def read_until(process: subprocess.Popen[str], word: str) -> str:
    """The lines up to the one with ``word``; the process is killed when it does not come."""
    killer = Timer(300, process.kill)
    killer.start()
    lines: list[str] = []
    assert process.stdout is not None
    while not lines or (lines[-1] and word not in lines[-1]):
        lines.append(process.stdout.readline())
    killer.cancel()
    assert word in lines[-1], lines
    return "".join(lines)


def sleeps(pid: int) -> bool:
    """Whether a process of this machine waits for something; one that has work to do and no processor does not."""
    return Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()[0] == "S"


@pytest.mark.slow
@pytest.mark.model
def test_the_command_watches_until_ctrl_c(tmp_path: Path, rules: Path) -> None:
    out = tmp_path / "out"
    grade = ["grade", str(SAMPLE), "--drill", "standing", "--profile", "male", "--no-annotate", "--out", str(out)]
    assert CliRunner().invoke(main, grade).exit_code == 0
    command = [sys.executable, "-m", "posecoach.cli", "regrade", str(out), "--rules", str(rules), "--watch"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=hear_ctrl_c, encoding="utf-8"
    ) as process:
        before = read_until(process, "Watching")
        save(rules / "standing.yaml", NARROW, WIDE)
        after = read_until(process, "Watching")
        until(lambda: process.poll() is not None or sleeps(process.pid))
        process.send_signal(signal.SIGINT)
        rest, complained = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "no verdict changed" in before
    assert "Improved 1" in after
    assert "stand.trunk_upright" in after
    assert (rest, complained) == ("Stopped watching.\n", "")
    (graded,) = json.loads((out / "results.json").read_text("utf-8"))["clips"]
    assert {c["id"]: c["state"] for c in graded["people"][0]["clauses"]}["stand.trunk_upright"] == "pass"
