"""Every test of the records runs on SQLite and on a real PostgreSQL that the session starts for itself."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from posecoach.history.database import Records

NUMBERS = count(1)


class Cluster:
    """A PostgreSQL of its own in a folder, reached by a socket there and by no port."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.programs, self.folder = programs, folder

    def run(self, program: str, *arguments: str) -> None:
        """Run one of its programs; it refuses to work for root."""
        user = "postgres" if os.geteuid() == 0 else None
        command = [str(self.programs / program), *arguments]
        subprocess.run(command, check=True, capture_output=True, cwd=self.folder, user=user)

    def start(self) -> None:
        """Make it and wait until it answers."""
        self.run("initdb", "-D", str(self.folder / "data"), "-U", "tester", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")
        options = f"-c listen_addresses= -c unix_socket_directories={self.folder} -c fsync=off"
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-l", str(self.folder / "log"), "-o", options, "-w", "start")

    def stop(self) -> None:
        """End it."""
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop")

    def new_database(self) -> str:
        """The address of an empty database."""
        name = f"records{next(NUMBERS)}"
        self.run("createdb", "-h", str(self.folder), "-U", "tester", name)
        return f"postgresql://tester@/{name}?host={self.folder}"


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A running PostgreSQL; skipped where none is installed (Debian: apt install postgresql)."""
    programs = next((p.parent for p in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)), None)
    found = shutil.which("initdb")
    if programs is None and found is None:
        pytest.skip("needs PostgreSQL (Debian: apt install postgresql)")
    folder = Path("/tmp") / f"posecoach-pg-{os.getpid()}"  # the path of a socket may have 107 characters
    folder.mkdir(mode=0o755)
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    cluster = Cluster(programs or Path(str(found)).parent, folder)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def new_address(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Gives the address of another empty database each time."""
    if request.param == "sqlite":
        return lambda: str(tmp_path / f"records{next(NUMBERS)}.db")
    cluster: Cluster = request.getfixturevalue("postgres")
    return cluster.new_database


@pytest.fixture
def address(new_address: Callable[[], str]) -> str:
    """The address of an empty database."""
    return new_address()


@pytest.fixture
def records(address: str, tmp_path: Path) -> Iterator[Records]:
    """Empty records."""
    opened = Records.open(tmp_path, address)
    yield opened
    opened.close()
