"""What a person sees in the terminal, whatever clips and people are called."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.table import Table

from posecoach.cli.terminal import Console, rich_console
from posecoach.cli.terminal_row import FrameProgress
from posecoach.judging.results import ClauseVerdict, ClipResult, PersonResult
from posecoach.vocabulary import Profile, Reason, State, Text
from posecoach.wording import Language

NAME = "王丽[red][/b] :smile:"


def test_names_are_shown_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    table = Table(NAME, title=f"{NAME}.mp4")
    table.add_row(f"1 {NAME}")
    rich_console().print(table)
    rich_console(stderr=True).print(f"2 {NAME}")
    told = capsys.readouterr()
    assert f"{NAME}.mp4" in told.out
    assert f"1 {NAME}" in told.out
    assert f"2 {NAME}" in told.err


def test_progress_shows_them_too(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    with FrameProgress(f"row {NAME}") as progress:
        progress.frame_done(1, 2)
    console = Console()
    console.begin(1)
    console.frames_done(f"clip {NAME}", 1, 2)
    console.clip_failed(f"clip {NAME}", Text("坏了", "is broken"))
    console.end([], {}, tmp_path, False)
    told = capsys.readouterr().err
    assert f"row {NAME}" in told
    assert f"failed clip {NAME}: is broken" in told


@pytest.mark.parametrize(
    ("code", "told_of_both"),
    [
        ("zh", ("✗ 需改正", "! 接近", "-0.56 ± 0.12 肩宽", "请把两脚往中间收一点", "未判断，这个角度看不到：stand.head_up")),
        (
            "en",
            (
                "✗ To correct",
                "! Close",
                "-0.56 ± 0.12 SW",
                "→ Bring your feet",
                "Not judged. This camera angle cannot show it: stand.head_up",
            ),
        ),
    ],
)
def test_a_table_stays_whole_in_a_narrow_terminal(
    code: Language, told_of_both: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("posecoach.cli.terminal._PLAIN_WIDTH", 80)
    monkeypatch.setattr("posecoach.cli.language._Terminal.language", code)
    correction = Text("请把两脚往中间收一点，让身体的重心落在两脚中间", "Bring your feet together a little")
    wide = ClauseVerdict("stand.feet_apart", State.FAIL, Reason.NONE, -0.56, "sw", 1.0, 0.0, 0.5, correction, "T1", 0.12)
    lean = ClauseVerdict("stand.trunk_lateral", State.WARN, Reason.NONE, -12.3, "deg", 1.0, 0.0, 0.5, None, "T1", 2.8)
    unseen = ClauseVerdict("stand.head_up", State.UNJUDGED, Reason.VIEW, None, "deg", 0.0, None, None, None, "T1")
    person = PersonResult(1, None, 50.0, "improve", (), (wide, lean, unseen))
    clip = ClipResult("a.mp4", "video", (), 1.0, 10.0, 10, "standing", Profile.UNSPECIFIED, None, None, (person,))
    Console().end([clip], {"stand.trunk_lateral": Text("直腰（从正面看不歪）", "Trunk upright, seen from the front")}, tmp_path, False)
    told = capsys.readouterr().out
    for whole in (*told_of_both, "-12.3 ± 2.8°", "stand.trunk_lateral"):
        assert whole in told
    assert max(cell_len(line) for line in told.splitlines() if line.startswith("│")) <= 80
