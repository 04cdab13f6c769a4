"""Grading talks to nobody: it opens no network socket, and keeps the chatter of its libraries to itself."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CLIP = ROOT / "sample_videos" / "stand_ok_hands_front_f5_front.mp4"

pytestmark = [pytest.mark.model, pytest.mark.slow]


TRACED = ("strace", "-f", "-qq", "-e", "trace=network", "-o")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where it is graded and, with strace here, what it asked of the network is noted."""
    return tmp_path_factory.mktemp("silence")


@pytest.fixture(scope="module")
def graded(folder: Path) -> subprocess.CompletedProcess[str]:
    trace = [*TRACED, str(folder / "trace")] if shutil.which("strace") else []
    command = [*trace, sys.executable, "-m", "posecoach.cli", "grade", str(CLIP), "--drill", "standing", "--out", str(folder / "out")]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
def test_grading_opens_no_network_socket(graded: subprocess.CompletedProcess[str], folder: Path) -> None:
    assert graded.returncode == 0, graded.stderr
    calls = (folder / "trace").read_text("utf-8", "replace")
    assert not re.findall(r".*AF_INET6?\b.*", calls)
    assert list((folder / "out" / "annotated").iterdir())


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
def test_the_trace_would_show_a_network_socket(tmp_path: Path) -> None:
    """Without this, a trace that sees nothing at all would look like silence."""
    trace = tmp_path / "trace"
    opened = "import socket; socket.socket().close()"
    subprocess.run([*TRACED, str(trace), sys.executable, "-c", opened], check=True, timeout=60)
    assert "AF_INET" in trace.read_text("utf-8", "replace")


def test_the_error_stream_holds_nothing_but_our_own_line(graded: subprocess.CompletedProcess[str]) -> None:
    assert graded.returncode == 0
    assert [line.split(":")[0] for line in graded.stderr.splitlines()] == [f"graded {CLIP.name}"], graded.stderr
