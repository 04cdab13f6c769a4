"""What a person sees in the terminal, whatever clips and people are called."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.table import Table

from posecoach.cli.terminal import Console, rich_console
from posecoach.cli.terminal_row import FrameProgress
from posecoach.vocabulary import Text

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
