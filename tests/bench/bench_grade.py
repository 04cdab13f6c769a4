# ruff: noqa: T201
"""`posecoach grade` beside a bare loop over MediaPipe's models and beside the usual script: what everything else costs, and what it saves.

    python -m tests.bench.bench_grade [--rounds N] [--clips FOLDER] [--write]     prints the page; --write: into docs/benchmarks.md

About ten minutes on two quiet cores.

All run on the same clips (`tests/bench/bench_clips.py`), in turns. The bare loop decodes, takes the frames that grading takes, finds the
body with the PoseLandmarker in VIDEO mode, with its models as they come, and the face with FaceMesh (irises included) on a head crop of
the same size; it keeps nothing. A second one runs the landmark model that grading runs, which draws no silhouette.
The usual script runs Holistic on every frame, draws the landmarks and writes the video. Each loads its models anew for every clip, since
a following model must not follow from one clip into the next. `grade` is the whole command; its start-up is measured apart and left out of
frames/s, but not of the processor's time.
"""

from __future__ import annotations

import argparse
import datetime
import importlib
import multiprocessing
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import av

from posecoach.jobs.batch import BatchOptions, grade_all
from posecoach.jobs.clips import DEFAULT_FPS
from posecoach.jobs.regrade_batch import RegradeOptions, regrade_all
from posecoach.judging.results import ClipResult, Results, Skipped
from posecoach.resources import rules_dir
from posecoach.runners.processes import Job, LocalRunner, OnProgress, run_all, usable_cores
from posecoach.storage.landmark_files import load_meta, save_track
from posecoach.storage.results_json import dump_results, load_results
from posecoach.storage.roster import Matched
from posecoach.vocabulary import Text
from tests.bench.bench_clips import FPS, SECONDS, make_clips
from tests.bench.bench_loops import bare_loop, bare_loop_as_used_here, usual_script
from tests.tracks import load_track

REPORT = Path(__file__).parents[2] / "docs" / "benchmarks.md"
REGRADED_FRAMES = 100_000
USUAL_CLIPS = 2
"""The usual script is slow: it gets so many of the clips, one of each size."""
HELP_RUNS = 5


@dataclass(frozen=True)
class Timing:
    """Frames analysed, the seconds they took, and those of all processors together."""

    frames: int
    seconds: float
    cpu_s: float = 0.0

    @property
    def rate(self) -> float:
        """Frames a second."""
        return self.frames / self.seconds

    @property
    def cpu_ms(self) -> float:
        """Processor time of a frame."""
        return 1000 * self.cpu_s / self.frames


class Quiet:
    """A listener that counts."""

    def __init__(self) -> None:
        self.frames = 0

    def begin(self, count: int) -> None:
        """Nothing."""

    def roster_matched(self, matched: Matched) -> None:
        """Nothing."""

    def clip_begun(self, path: str) -> None:
        """Nothing."""

    def frames_done(self, path: str, done: int, total: int) -> None:
        """Nothing."""

    def clip_done(self, clip: ClipResult) -> None:
        """So many more."""
        self.frames += clip.frames_analysed

    def kept(self, unchanged: Sequence[ClipResult], count: int) -> None:
        """Their frames are not judged."""

    def clip_failed(self, path: str, why: Text) -> None:
        """No clip may fail."""
        raise AssertionError(f"{path}: {why.en}")

    def passed_over(self, skipped: Sequence[Skipped]) -> None:
        """Nothing."""

    def end(self, *_: object) -> None:
        """Nothing."""


def timed(job: Callable[[], int]) -> Timing:
    """The frames a job says it did, and how long it took."""
    start, cpu_s = time.perf_counter(), _cpu_s()
    frames = job()
    return Timing(frames, time.perf_counter() - start, _cpu_s() - cpu_s)


def _cpu_s() -> float:
    """Processor time of this process and of those it has started and ended."""
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


# --- side by side -------------------------------------------------------------------------------------------------------------------------


def in_fresh_process(job: Callable[[Sequence[Path]], int], clips: Sequence[Path]) -> Timing:
    """The job in a fresh process, its models warm: as a worker has it."""
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_in_process, args=(job, clips, theirs))
    process.start()
    timing: Timing = ours.recv()
    process.join()
    return timing


def _in_process(job: Callable[[Sequence[Path]], int], clips: Sequence[Path], pipe: Any) -> None:
    bare_loop([])
    pipe.send(timed(lambda: job(clips)))


# --- grading ----------------------------------------------------------------------------------------------------------------------------


def grade(clips: Sequence[Path], out: Path, **settings: Any) -> int:
    """The whole command; returns the number of frames."""
    listener = Quiet()
    grade_all(BatchOptions(paths=tuple(map(str, clips)), out=out, **{"annotate": False, **settings}), listener)
    return listener.frames


def start_up_s(clip: Path) -> float:
    """Seconds from nothing to the first frame analysed, with two jobs, beside what the clip itself takes."""
    first = []

    class First(Quiet):
        def frames_done(self, path: str, done: int, total: int) -> None:
            first.append(time.perf_counter())

    with tempfile.TemporaryDirectory() as out:
        start = time.perf_counter()
        grade_all(BatchOptions(paths=(str(clip),), out=Path(out), annotate=False, jobs=2), First())
    return first[0] - start


def agreement(clips: Sequence[Path], base: Path, folder: Path) -> tuple[int, list[str]]:
    """How many pairs of clip and clause there are, and those that the usual rate (in ``base``) tells differently from every frame."""
    grade(clips, folder, fps=60.0)
    usual, full = ({(c.path, v.id): v.state.word for c in load_results(out).clips for v in c.people[0].clauses} for out in (base, folder))
    pairs = sorted(usual.keys() & full.keys())
    differ = [
        f"{path} {clause}: {usual[path, clause]}, but {full[path, clause]}"
        for path, clause in pairs
        if usual[path, clause] != full[path, clause]
    ]
    return len(pairs), differ


@dataclass(frozen=True)
class Again:
    """Judging the same stored frames again: all of them; with the rules of one topic changed, of which so many frames were judged; and with
    nothing changed. All timings are of all frames.
    """

    all: Timing
    topic: Timing
    topic_frames: int
    nothing: Timing


def regrade(graded: Path, folder: Path) -> Again:
    """Judge `REGRADED_FRAMES` stored frames, copies of what was graded; where processes are started, that is left out."""
    earlier = load_results(graded)
    (folder / "landmarks").mkdir(parents=True)
    clips: list[ClipResult] = []
    frames = 0
    while frames < REGRADED_FRAMES:
        clip = earlier.clips[len(clips) % len(earlier.clips)]
        name = f"landmarks/{len(clips):04d}-{len(clips):08x}.npz"
        save_track(folder / name, load_track(graded / str(clip.landmarks))[0], load_meta(graded / str(clip.landmarks)))
        clips.append(replace(clip, path=f"{len(clips):04d}.mp4", landmarks=name, annotated=None))
        frames += clip.frames_analysed
    (folder / "results.json").write_text(dump_results(Results(earlier.generator, earlier.rules, tuple(clips))), "utf-8")
    start_s = _processes_start_s()
    everything, judged = _regraded(RegradeOptions(folder, all_again=True), frames)
    assert judged == frames
    nothing, judged = _regraded(RegradeOptions(folder), frames)
    assert judged == 0
    results = load_results(folder)
    for clip in results.clips:
        before = earlier.clips[int(clip.path[:4]) % len(earlier.clips)]
        assert clip.people == before.people, f"{clip.path}: regrading says something else than grading {before.path}"
    topics = {clip.path: _topic_of(earlier.clips[int(clip.path[:4]) % len(earlier.clips)].path) for clip in results.clips}
    _regraded(RegradeOptions(folder, drills=topics), frames)
    rules = shutil.copytree(rules_dir(), folder.with_name("rules"))
    with (rules / "standing.yaml").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    topic, judged = _regraded(RegradeOptions(folder, rules), frames)
    return Again(_without(start_s, everything), _without(start_s, topic), judged, nothing)


def _regraded(options: RegradeOptions, frames: int) -> tuple[Timing, int]:
    """How long it took, told of all ``frames``, and how many of them were judged."""
    listener = Quiet()
    return timed(lambda: regrade_all(options, listener) or frames), listener.frames


def _without(start_s: float, timing: Timing) -> Timing:
    return replace(timing, seconds=timing.seconds - start_s)


def _topic_of(name: str) -> str:
    """The topic that a clip of the bench shows."""
    return next((topic for part, topic in (("stand", "standing"), ("sit", "sitting")) if name.startswith(part)), "crouching")


def _processes_start_s() -> float:
    """Seconds until worker processes that judge have started."""

    def empty() -> int:
        with LocalRunner(usable_cores()) as runner:
            jobs = (Job(i, judge_nothing, (), 60.0) for i in range(usable_cores()))
            return len(list(run_all(runner, jobs)))

    return timed(empty).seconds


def judge_nothing(_report: OnProgress) -> str:
    """What a job that judges needs to have loaded."""
    return importlib.import_module("posecoach.jobs.batch").__name__


def help_s() -> float:
    """Seconds until `posecoach --help` has ended."""
    command = [sys.executable, "-m", "posecoach.cli", "--help"]
    return statistics.median(timed(lambda: subprocess.call(command, stdout=subprocess.DEVNULL)).seconds for _ in range(HELP_RUNS))


def peak_mb(clips: Sequence[Path], jobs: int) -> float:
    """The most memory that an annotated grading and its worker processes hold together; what they share counts once."""
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "-m", "posecoach.cli", "grade", *map(str, clips), "--out", out, "--jobs", str(jobs)]
        peak = 0.0
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            while process.poll() is None:
                peak = max(peak, sum(_memory_mb(pid) for pid in (process.pid, *_children(process.pid))))
                time.sleep(0.1)
    return peak


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]
    except OSError:
        return []


def _memory_mb(pid: int) -> float:
    """Its resident pages, each divided by how many processes share it."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


def repeated(clip: Path, times: int, path: Path) -> Path:
    """A clip so many times as long, without coding it again."""
    with av.open(str(path), "w") as out:
        stream, offset = None, 0
        for _ in range(times):
            with av.open(str(clip)) as container:
                video = container.streams.video[0]
                stream = stream or out.add_stream_from_template(video)
                last = 0
                for packet in container.demux(video):
                    if packet.dts is None or packet.pts is None:
                        continue
                    last = max(last, packet.pts + (packet.duration or 0))
                    packet.pts, packet.dts, packet.stream = packet.pts + offset, packet.dts + offset, stream
                    out.mux(packet)
                offset += last
    return path


# --- the report -------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Speeds:
    """One timing a round of each."""

    bare_1: list[Timing]
    bare_2: list[Timing]
    slim_1: list[Timing]
    grade_1: list[Timing]
    grade_2: list[Timing]
    drawn_2: list[Timing]
    usual: list[Timing]


def measure(clips: Sequence[Path], rounds: int, folder: Path, start_s: float) -> Speeds:
    """All speeds, in turns."""
    speeds = Speeds([], [], [], [], [], [], [])

    def graded(name: str, **settings: Any) -> Timing:
        timing = timed(lambda: grade(clips, folder / name, **settings))
        return replace(timing, seconds=timing.seconds - start_s)

    def both() -> Timing:
        with ThreadPoolExecutor(2) as pool:
            halves = list(pool.map(lambda half: in_fresh_process(bare_loop, half), (clips[::2], clips[1::2])))
        return Timing(sum(t.frames for t in halves), max(t.seconds for t in halves), sum(t.cpu_s for t in halves))

    turns: list[tuple[list[Timing], Callable[[], Timing]]] = [
        (speeds.bare_1, lambda: in_fresh_process(bare_loop, clips)),
        (speeds.grade_2, lambda: graded("plain", jobs=2)),
        (speeds.bare_2, both),
        (speeds.slim_1, lambda: in_fresh_process(bare_loop_as_used_here, clips)),
        (speeds.grade_1, lambda: graded("one", jobs=1)),
        (speeds.drawn_2, lambda: graded("drawn", jobs=2, annotate=True)),
        (speeds.usual, lambda: in_fresh_process(usual_script, clips[:USUAL_CLIPS])),
    ]
    for i in range(rounds):
        for timings, job in turns if i % 2 == 0 else turns[::-1]:
            timings.append(job())
            print(f"round {i + 1}: {timings[-1].frames} frames, {timings[-1].rate:.1f} frames/s", flush=True)
    return speeds


def middle(timings: Sequence[Timing]) -> float:
    """Median of the rates."""
    return statistics.median(t.rate for t in timings)


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--clips", type=Path, help="where the clips are kept from run to run")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        clips = make_clips(arguments.clips or folder)
        start_s = statistics.median(start_up_s(clips[0]) for _ in range(2))
        print(f"start-up {start_s:.1f} s", flush=True)
        speeds = measure(clips, arguments.rounds, folder, start_s)
        pairs, differ = agreement(clips, folder / "plain", folder / "full")
        print(f"{len(differ)} of {pairs} pairs differ", *differ, sep="\n", flush=True)
        again = regrade(folder / "plain", folder / "many")
        print(*(f"regrade {t.rate:.0f} frames/s" for t in (again.all, again.topic, again.nothing)), sep="\n", flush=True)
        long = repeated(clips[1], 20, folder / "long.mp4")
        one, two, ten = f"one clip of {SECONDS} s", f"two clips of {SECONDS} s", "one of 10 min"
        works = ((one, clips[1:2], 1), (one, clips[1:2], 2), (two, clips[1:4:2], 2), (ten, [long], 1), (ten, [long], 2))
        memory = [(name, jobs, peak_mb(graded, jobs)) for name, graded, jobs in works]
        text = report(clips, Figures(speeds, start_s, help_s(), pairs, differ, again, memory))
    print(text)
    if arguments.write:
        REPORT.write_text(text, "utf-8")


@dataclass(frozen=True)
class Figures:
    """All that was measured."""

    speeds: Speeds
    start_s: float
    help_s: float
    pairs: int
    differ: list[str]
    again: Again
    memory: list[tuple[str, int, float]]


def report(clips: Sequence[Path], figures: Figures) -> str:
    """The page."""
    speeds, again, pairs = figures.speeds, figures.again, figures.pairs
    bare, pair, one, two, drawn = map(middle, (speeds.bare_1, speeds.bare_2, speeds.grade_1, speeds.grade_2, speeds.drawn_2))
    an_hour = {t: 3600 * middle(getattr(speeds, t)) / SECONDS / rate for t, rate in (("grade_2", 10), ("drawn_2", 10), ("usual", FPS))}
    same = pairs - len(figures.differ)
    memory = "\n".join(f"| {name} | {jobs} | {mb:.0f} MB |" for name, jobs, mb in figures.memory)
    short, short_of_2, two_of_2, ten, ten_of_2 = (mb for _, _, mb in figures.memory)
    return f"""# Benchmarks

Written by `make bench ARGS=--write` (`tests/bench/bench_grade.py`, which says what is compared). The models take most of the time; the
figure to watch is how many frames of film are done in the time in which two bare loops side by side do one.

| on {usable_cores()} cores | frames/s | of two bare loops | processor ms a frame | clips of {SECONDS} s an hour |
| --- | ---: | ---: | ---: | ---: |
{_line("bare loop, one process", speeds.bare_1, pair)} |
{_line("bare loop, two processes side by side", speeds.bare_2, pair)} |
{_line("bare loop, one process, without the silhouette", speeds.slim_1, pair)} |
{_line("`posecoach grade --no-annotate --jobs 1`", speeds.grade_1, pair)} |
{_line("`posecoach grade --no-annotate --jobs 2`", speeds.grade_2, pair)} {an_hour["grade_2"]:.0f} |
{_line("`posecoach grade --jobs 2`, with annotated copies and stills", speeds.drawn_2, pair)} {an_hour["drawn_2"]:.0f} |
{_line(f"usual script: Holistic on all {FPS} frames/s, drawn, written", speeds.usual, pair)} {an_hour["usual"]:.0f} |

- With 2 jobs **{two / pair:.2f}** times two bare loops (1.6 are asked for), with annotated copies **{drawn / pair:.2f}** times (1.2 are
  asked for): where nothing moves the models are asked twice a second, and the landmark model of the pose draws no silhouette. With 1 job
  {one / bare:.2f} of one bare loop, {one / middle(speeds.slim_1):.2f} of one without the silhouette.
- **{an_hour["grade_2"] / an_hour["usual"]:.1f}** times the clips an hour of the usual script (10 are asked for), and
  {an_hour["drawn_2"] / an_hour["usual"]:.1f} times with annotated copies.
- Verdicts at {DEFAULT_FPS:.0f} frames/s agree with those at all {FPS} in {same} of {pairs} pairs of clip and clause
  (**{100 * same / pairs:.1f} %**; 98 are asked for).{"".join(f"{chr(10)}  - {line} at all frames" for line in figures.differ)}
- Regrading {again.all.frames} stored frames with all reports, by as many processes as cores, **everything judged again**:
  {again.all.rate:.0f} frames/s, **{again.all.rate / two:.0f}** times as fast as grading with 2 jobs (1000 are asked for); its verdicts
  were the same.
  - The rule file of one topic changed, each clip asked for by a topic: {again.topic_frames} of the frames judged again, all reports
    written. {again.topic.rate / two:.0f} times, with the frames that were not judged counted in. Clips left to the posture (`auto`) depend
    on all topics, and would all be judged again.
  - Nothing changed: {again.nothing.rate / two:.0f} times, which is not the speed of judging. No frame was judged and no report written,
    but every file compared with what was noted of it.
- `posecoach --help` takes **{figures.help_s:.2f}** s (0.3 are asked for). From nothing to the first frame with 2 jobs:
  {figures.start_s:.1f} s, left out of frames/s.

| annotated grading, all processes together | jobs | peak |
| --- | ---: | ---: |
{memory}

Ten minutes need **{ten / short:.2f}** times the memory of {SECONDS} s with 1 job (1.25 are asked for).
With 2 jobs {ten_of_2 / short_of_2:.2f} times, and {ten_of_2 / two_of_2:.2f} times that of two clips: each job is a process with
models of its own; a clip of less than four minutes has one of them at work, a longer one as many as there are.

{_what_on(clips)}; {len(speeds.bare_1)} rounds in turns, medians; {datetime.date.today()}.
"""


def _line(name: str, timings: Sequence[Timing], pair: float) -> str:
    rate = middle(timings)
    return f"| {name} | {rate:.1f} | {rate / pair:.2f} | {statistics.median(t.cpu_ms for t in timings):.1f} |"


def _what_on(clips: Sequence[Path]) -> str:
    names = ", ".join(sorted({clip.stem.rsplit("_", 1)[0] for clip in clips}))
    versions = ", ".join(f"{name} {version(name)}" for name in ("mediapipe", "numpy", "av", "opencv-contrib-python-headless"))
    size_mb = sum(clip.stat().st_size for clip in clips) / 1e6
    return f"""{len(clips)} clips of {SECONDS} s at {FPS} frames/s, {size_mb:.0f} MB, half in 720p and half in 1080p, made of {names}.
{processor_name()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}, {versions}"""


def processor_name() -> str:
    """The processor's name where Linux tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown processor"
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown processor")


if __name__ == "__main__":
    main()
