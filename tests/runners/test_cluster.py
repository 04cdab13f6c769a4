"""Grading on a Dask cluster: a real scheduler and real worker processes on this machine, some of which are killed."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from threading import Event as Flag
from typing import Any

import cv2
import numpy as np
import pytest
from click.testing import CliRunner

import posecoach
from posecoach.cli.main import main
from posecoach.errors import ClusterError, SourceError, WorkerError
from posecoach.jobs.batch import BatchOptions, grade_all
from posecoach.jobs.listener import STOPPED
from posecoach.jobs.tools import USUAL, Tools
from posecoach.judging.results import ClipResult, Skipped
from posecoach.runners import cluster as cluster_module
from posecoach.runners.cluster import ClusterRunner
from posecoach.runners.processes import Done, Event, Failed, Progress
from posecoach.storage.roster import Matched
from posecoach.vocabulary import Text
from tests.clusters import CHINESE, Cluster, DiesOnce, cluster, die, die_once, go_on, scheduler, workers
from tests.fake_estimator import FakeEstimator, here
from tests.odd_media import even_times, write_video
from tests.runners.errands import complain, double, ends, hang, job, stumble
from tests.waiting import until

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "sample_videos"
CLIP = "smile_none_m4_face.mp4"
NAMES = (CHINESE, "b.mp4", "c.mp4", "d.mp4")
SIZE = (160, 120)

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that has other work too starts workers late."""
    monkeypatch.setattr(cluster_module, "_CONNECT_S", 60.0)
    monkeypatch.setattr(cluster_module, "_WORKERS_S", 60.0)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Two workers; a job is given up with the second worker it loses."""
    with cluster(tmp_path_factory.mktemp("cluster"), allowed_failures=1) as found:
        yield found


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler without workers."""
    with scheduler(tmp_path_factory.mktemp("bare")) as found:
        yield found


@pytest.fixture
def runner(shared: Cluster, tmp_path: Path) -> Iterator[ClusterRunner]:
    with ClusterRunner(shared.address, tmp_path) as entered:
        yield entered


# --- jobs ---------------------------------------------------------------------------------------------------------------------------------


def test_jobs_return_what_they_return_and_raise_what_they_raise(runner: ClusterRunner) -> None:
    last = ends(runner, [job("double", double, 21), job("complain", complain), job("stumble", stumble)])
    assert last["double"] == Done("double", 42)
    complained, stumbled = last["complain"], last["stumble"]
    assert isinstance(complained, Failed)
    assert isinstance(complained.error, SourceError)
    assert str(complained.error) == "not a video: a.mp4"
    assert isinstance(stumbled, Failed)
    assert isinstance(stumbled.error, WorkerError)
    assert "ZeroDivisionError: nothing to divide by" in str(stumbled.error)


def test_it_is_heard_how_far_a_job_is(runner: ClusterRunner) -> None:
    runner.submit(job("double", double, 3))
    heard: list[Event] = []

    def hear() -> bool:
        heard.extend(runner.events(0.1))
        return Done("double", 6) in heard

    until(hear)
    assert Progress("double", 3, 10) in heard


def test_as_many_jobs_are_worth_handing_in_as_there_are_threads(runner: ClusterRunner) -> None:
    until(lambda: runner.events(0.1) or runner.capacity == 2)


def test_a_job_whose_worker_dies_is_done_by_another(runner: ClusterRunner, tmp_path: Path) -> None:
    last = ends(runner, [job("scarred", die_once, tmp_path / "scar"), job("other", double, 1)])
    assert (tmp_path / "scar").exists()
    assert last == {"scarred": Done("scarred", "survived"), "other": Done("other", 2)}


def test_a_job_that_kills_its_workers_fails_alone(runner: ClusterRunner) -> None:
    last = ends(runner, [job("die", die), *(job(str(i), double, i) for i in range(4))])
    died = last.pop("die")
    assert isinstance(died, Failed)
    assert isinstance(died.error, WorkerError)
    assert str(died.error) == "2 workers died one after the other while they worked on it"
    assert last == {str(i): Done(str(i), 2 * i) for i in range(4)}


def test_a_job_that_hangs_costs_itself_only(runner: ClusterRunner) -> None:
    last = ends(runner, [job("hang", hang, limit_s=1), *(job(str(i), double, i) for i in range(4))])
    hung = last.pop("hang")
    assert isinstance(hung, Failed)
    assert str(hung.error) == "took longer than the 1 s allowed"
    assert last == {str(i): Done(str(i), 2 * i) for i in range(4)}
    until(lambda: runner.events(0.1) or runner.capacity == 2)
    assert ends(runner, [job("a", double, 1), job("b", double, 2)]) == {"a": Done("a", 2), "b": Done("b", 4)}


def test_leaving_ends_what_still_runs(shared: Cluster, tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    with ClusterRunner(shared.address, tmp_path) as left:
        left.submit(job("long", go_on, 600.0, begun))
        until(begun.exists)
    with ClusterRunner(shared.address, tmp_path) as again:
        last = ends(again, [job(str(i), double, i) for i in range(4)])
        until(lambda: not any(again._client.processing().values()))
    assert len(last) == 4
    assert sorted(path.name for path in tmp_path.iterdir()) == ["begun"]


# --- a cluster that cannot be used --------------------------------------------------------------------------------------------------------


def one_line(arguments: Sequence[str]) -> str:
    """The only line of a command that ends with status 2."""
    done = CliRunner().invoke(main, ["grade", *arguments])
    assert done.exit_code == 2, done.output
    (line,) = done.stderr.splitlines()
    return line


def asked(address: str, out: Path) -> list[str]:
    return [str(SAMPLES / CLIP), "--out", str(out), "--no-annotate", "--cluster", address]


def test_without_the_extra_it_is_said_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    line = one_line(asked("tcp://127.0.0.1:1", tmp_path))
    assert "--cluster needs Dask" in line
    assert "requirements-cluster.lock" in line
    assert "posecoach[cluster]" in line


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense://a:1"])
def test_where_no_scheduler_answers_it_is_said_how_to_start_one(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "_CONNECT_S", 1.0)
    line = one_line(asked(address, tmp_path))
    assert f"no Dask scheduler answers at {address}" in line
    assert "dask scheduler" in line


def test_where_there_are_no_workers_it_is_said_how_to_start_some(bare: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "_WORKERS_S", 1.0)
    line = one_line(asked(bare.address, tmp_path / "out"))
    assert f"no worker at {bare.address}; start some with: dask worker {bare.address} --nworkers 4 --nthreads 1" in line


def test_a_worker_of_another_version_is_not_used(shared: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posecoach, "__version__", "9.9.9")
    line = one_line(asked(shared.address, tmp_path))
    assert re.search(r"the worker tcp://127.0.0.1:\d+ has posecoach 0\.\d\S*, this machine 9.9.9; install the same version", line)


def test_a_worker_that_does_not_see_the_output_folder_is_named(shared: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "write_text", lambda *_: 0)  # as if it were written to a disk of this machine alone
    line = one_line(asked(shared.address, tmp_path))
    assert re.search(r"the worker tcp://127.0.0.1:\d+ does not see ", line)
    assert str(tmp_path) in line
    assert "share under the same path" in line


@pytest.mark.parametrize("size", [None, 3])
def test_a_worker_that_sees_another_clip_is_named(
    size: int | None, runner: ClusterRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = tmp_path / "clip.mp4"
    if size is not None:
        clip.write_bytes(b"x" * size)
    inner = vars(cluster_module)["_order"]
    monkeypatch.setattr(cluster_module, "_order", lambda *arguments: replace(inner(*arguments), files=((clip, 7),)))
    runner.submit(job("double", double, 1))
    with pytest.raises(ClusterError, match=rf"the worker \S+ does not see {re.escape(str(clip))} as this machine does"):
        until(lambda: runner.events(0.1))


def test_jobs_are_counted_by_workers(tmp_path: Path) -> None:
    assert "--jobs is for this machine" in CliRunner().invoke(main, ["grade", "a.mp4", "--cluster", "tcp://x:1", "--jobs", "2"]).stderr


def test_a_cluster_that_loses_its_last_worker_ends_it_with_a_line(bare: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with ExitStack() as stack:
        with workers(tmp_path, bare.address, 1):
            entered = stack.enter_context(ClusterRunner(bare.address, tmp_path))
        monkeypatch.setattr(cluster_module, "_WORKERS_S", 1.0)
        with pytest.raises(ClusterError, match="has lost its last worker; start workers and go on with --resume"):
            until(lambda: entered.events(0.1) and False)


# --- grading ------------------------------------------------------------------------------------------------------------------------------


class Ear:
    """Hears a grading; may do something when frames are done."""

    def __init__(self) -> None:
        self.on_frames: Callable[[], object] = list
        self.graded: list[str] = []
        self.failed: list[str] = []
        self.frames: list[tuple[str, int]] = []

    def begin(self, count: int) -> None:
        """So many inputs."""

    def roster_matched(self, matched: Matched) -> None:
        """Nothing."""

    def clip_begun(self, path: str) -> None:
        """Nothing."""

    def frames_done(self, path: str, done: int, total: int) -> None:
        self.frames.append((path, done))
        self.on_frames()

    def clip_done(self, clip: ClipResult) -> None:
        self.graded.append(clip.path)

    def clip_failed(self, path: str, why: Text) -> None:
        self.failed.append(f"{path}: {why.en}")

    def passed_over(self, skipped: Sequence[Skipped]) -> None:
        """Nothing."""

    def end(self, clips: Sequence[ClipResult], names: Mapping[str, Text], out: Path | None, stopped: bool) -> None:
        """All written."""


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four short clips, one of them with a Chinese name, and a broken one; beside them a picture for the neutral face."""
    folder = tmp_path_factory.mktemp("训练 clips")
    for name in NAMES:
        write_video(folder / name, even_times(24, 12), SIZE)
    (folder / "broken.mp4").write_bytes(b"no video")
    folder.with_name("neutral.png").write_bytes(cv2.imencode(".png", np.full((480, 320, 3), 90, np.uint8))[1].tobytes())
    return folder


def options(clips: Path, out: Path, **more: Any) -> BatchOptions:
    return BatchOptions(paths=(str(clips),), out=out, drill="standing", reference=str(clips.with_name("neutral.png")), **more)


def grade_here(asked: BatchOptions, estimator: Any = USUAL.estimator) -> int:
    """Grade without a cluster, in this process."""
    return grade_all(asked, Ear(), tools=Tools(estimator, here))


@pytest.fixture(scope="module")
def local(clips: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same clips graded on this machine without a cluster."""
    out = tmp_path_factory.mktemp("local")
    assert grade_here(options(clips, out), FakeEstimator) == 1
    return out


def there(estimator: Any, cluster: Cluster, out: Path) -> Tools:
    """Work on the cluster."""
    return Tools(estimator, lambda _count: ClusterRunner(cluster.address, out))


def contents(out: Path) -> dict[str, bytes]:
    """All that is graded: results and landmarks; annotated copies by name, since encoders need not repeat themselves."""
    files = {path.relative_to(out).as_posix(): path for path in out.rglob("*") if path.is_file()}
    return {name: path.read_bytes() if path.suffix in (".json", ".csv", ".npz") else b"" for name, path in files.items()}


def test_a_worker_killed_half_way_changes_nothing_in_the_results(
    clips: Path, local: Path, shared: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    scar = tmp_path / "scar"
    ear = Ear()
    assert grade_all(options(clips, Path("out")), ear, tools=there(partial(DiesOnce, scar), shared, Path("out"))) == 1
    assert not Path("/proc", scar.read_text()).exists()
    done = [frames for name, frames in ear.frames if name == CHINESE]
    assert any(later <= earlier for earlier, later in pairwise(done)), "it was not begun anew"
    assert sorted(ear.graded) == sorted(NAMES)
    assert [line.split(":")[0] for line in ear.failed] == ["broken.mp4"]
    assert contents(tmp_path / "out") == contents(local)


def test_a_stopped_grading_is_resumed_where_it_was(clips: Path, local: Path, shared: Cluster, tmp_path: Path) -> None:
    out = tmp_path / "out"
    tools = there(partial(FakeEstimator, 0.2), shared, out)
    first, stop = Ear(), Flag()
    first.on_frames = lambda: stop.set() if first.graded else None
    assert grade_all(options(clips, out), first, stop, tools) == STOPPED
    assert 1 <= len(first.graded) < len(NAMES)
    second = Ear()
    assert grade_all(options(clips, out, resume=True), second, tools=tools) == 1
    assert sorted(second.graded) == sorted(NAMES)
    assert not {path for path, _ in second.frames} & set(first.graded), "what was finished was graded again"
    assert contents(out) == contents(local)


@pytest.mark.model
@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
def test_nothing_but_the_scheduler_is_contacted_and_the_models_find_the_same(shared: Cluster, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    strace = ["strace", "-f", "-qq", "-e", "trace=network", "-o", str(trace)]
    command = [*strace, sys.executable, "-m", "posecoach.cli", "grade", *asked(shared.address, tmp_path / "out")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == [f"graded {CLIP}"]
    calls = trace.read_text("utf-8", "replace")
    port = shared.address.rsplit(":", 1)[1]
    contacted = set(re.findall(r"(?:connect|sendto|sendmsg)\(.*?(AF_INET6?.*?)\}", calls))
    assert contacted == {f'AF_INET, sin_port=htons({port}), sin_addr=inet_addr("127.0.0.1")'}
    assert not re.search(r"\blisten\(", calls)
    assert grade_here(BatchOptions(paths=(str(SAMPLES / CLIP),), out=tmp_path / "local", annotate=False)) == 0
    assert contents(tmp_path / "out") == contents(tmp_path / "local")


# --- the end: what comes after this has no cluster any more -------------------------------------------------------------------------------


def test_a_scheduler_that_is_lost_ends_it_with_a_line(shared: Cluster, tmp_path: Path) -> None:
    with ClusterRunner(shared.address, tmp_path) as entered:
        entered.submit(job("long", go_on, 600.0, tmp_path / "begun"))
        until((tmp_path / "begun").exists)
        shared.scheduler.kill()
        with pytest.raises(
            ClusterError, match=f"the Dask scheduler at {shared.address} is gone .*; start it again and go on with --resume"
        ):
            until(lambda: entered.events(0.1) and False)
