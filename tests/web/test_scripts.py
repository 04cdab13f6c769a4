"""The pages' scripts: their own unit tests, and that they ask only for names there are. Both by Deno, a tool of development only."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SCRIPTS = sorted((HERE.parents[1] / "web" / "static").rglob("*.js"))
UNKNOWN = re.compile(r"^TS(?:2304|2305|2307|2552|2554|2724) .*\n(?:.*\n)*?.*at file:.*$", re.MULTILINE)
"""A name, a file or an export that is not there, or a wrong number of arguments."""


def deno(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Deno without the network; what it keeps lies in ``folder``."""
    quiet = {"NO_COLOR": "1", "DENO_NO_UPDATE_CHECK": "1", "DENO_DIR": str(folder)}
    program = shutil.which("deno", path=str(Path(sys.executable).parent))
    assert program, "Deno is missing: make setup installs it"
    return subprocess.run(
        [program, *arguments], cwd=HERE.parents[1], env=os.environ | quiet, capture_output=True, text=True, encoding="utf-8"
    )


@pytest.mark.parametrize("path", sorted(HERE.glob("*_test.js")), ids=lambda path: path.stem)
def test_unit_tests(path: Path, tmp_path: Path) -> None:
    ended = deno(tmp_path, "test", "--no-check", "--no-remote", "--allow-read=tests", str(path))
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert re.search(r"ok \| [1-9]\d* passed \| 0 failed", ended.stdout), ended.stdout


def test_every_name_a_script_asks_for_is_there(tmp_path: Path) -> None:
    assert UNKNOWN.findall(deno(tmp_path, "check", "--no-remote", *map(str, SCRIPTS)).stderr) == []


def test_a_name_that_is_not_there_is_found(tmp_path: Path) -> None:
    script = tmp_path / "wrong.js"
    script.write_text("console.log(noSuchName);\n", "utf-8")
    assert len(UNKNOWN.findall(deno(tmp_path / "kept", "check", "--config", "deno.json", str(script)).stderr)) == 1
