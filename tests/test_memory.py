"""Memory stays flat however long a clip is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.odd_media import Image, even_times, numbered, write_video

ROOT = Path(__file__).parents[1]
FPS = 1

pytestmark = pytest.mark.slow


def peak_mb(clip: Path, out: Path, *more: str) -> float:
    """Peak memory of a whole grading job in a process of its own."""
    job = ["grade", str(clip), "--out", str(out), "--fps", str(FPS), "--drill", "standing", *more]
    command = [sys.executable, "-m", "tests.fake_estimator", *job]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    assert (out / "results.json").is_file()
    return int(done.stdout.splitlines()[-1]) / 1024


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak from /proc")
@pytest.mark.parametrize(("size_wh", "option"), [((640, 480), "--no-annotate"), ((160, 120), "--annotate")], ids=["large", "annotated"])
def test_ten_minutes_need_no_more_memory_than_ten_seconds(size_wh: tuple[int, int], option: str, tmp_path: Path) -> None:
    def draw(index: int, size_wh: tuple[int, int]) -> Image:
        return numbered(index % 40, size_wh)

    short = write_video(tmp_path / "short.mp4", even_times(10 * FPS, FPS), size_wh, draw)
    long = write_video(tmp_path / "long.mp4", even_times(600 * FPS, FPS), size_wh, draw)
    short_mb, long_mb = peak_mb(short, tmp_path / "a", option), peak_mb(long, tmp_path / "b", option)
    assert long_mb - short_mb < 60, (short_mb, long_mb)
