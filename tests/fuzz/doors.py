"""The doors that files come in by, tried on damaged copies: ``python -m tests.fuzz.doors KIND``."""

from __future__ import annotations

import atexit
import json
import random
import shutil
import sys
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from posecoach.body.observed import Neutral
from posecoach.body.records import Track
from posecoach.errors import RulesError, SourceError
from posecoach.jobs.regrade import neutral_from_meta, neutral_to_meta
from posecoach.jobs.trainer import TrainerJobs
from posecoach.judging.comparing import compare
from posecoach.judging.results import ClipError, Results, Skipped
from posecoach.judging.sketch import Look
from posecoach.live.landmark_session import LandmarkSession
from posecoach.measures.catalogue import MEASURES
from posecoach.reports.results_csv import dump_csv
from posecoach.resources import rules_dir
from posecoach.rulebook.encodings import decode_text
from posecoach.rulebook.loading import parse_rule_set
from posecoach.sources.landmark_posts import LandmarksError
from posecoach.storage.calibrations import Calibration, CalibrationStore
from posecoach.storage.clip_records import ClipRecord, load_record, save_record
from posecoach.storage.landmark_files import load_blocks, load_meta, save_track
from posecoach.storage.results_json import dump_results, load_results
from posecoach.storage.roster import RosterEntry, check_roster, match_roster
from posecoach.storage.roster_files import dump_template
from posecoach.storage.row_roster import parse_row_roster
from posecoach.storage.tables import RosterError, table_of_bytes
from posecoach.vocabulary import Profile, Text
from tests.factories import STANDING, still, track_of
from tests.fuzz.odd import odd_json
from tests.landmark_posts import post_of
from tests.mutations import COUNT, mutations, try_all
from tests.reports.fakes import GENERATOR, RULES, clip
from tests.shipped import RULE_SETS
from tests.webapp.trainer_fakes import FakeWork

FULL = 5000
"""From this count on also slow doors are tried so often."""
RESULTS = Results(GENERATOR, RULES, (clip("a.mp4"),), (ClipError("b.mp4", Text("坏", "broken")),), (Skipped("~$a", "office_lock"),))


@dataclass(frozen=True)
class Door:
    """What comes in by it, and what takes it in; ``refusals`` are what that may raise. ``share`` of the count, for slow ones."""

    copies: Callable[[int], Iterator[bytes]]
    take: Callable[[bytes], object]
    refusals: tuple[type[Exception], ...]
    share: float = 1.0


# --- rosters and rules ------------------------------------------------------------------------------------------------------------------


_ROSTER = (
    'file,name,profile,drill,group,reference\r\n李娜*.mp4,余伟,female,standing,一班,a.jpg\r\n"b,c.mp4",石磊,,,,\r\n*.mp4,毛,,,二班,\r\n'
)
_ROW = "name,profile\n文亮,male\n石伟,\n"


def _rosters(count: int) -> Iterator[bytes]:
    texts = [text.encode(code) for text in (_ROSTER, _ROW) for code in ("utf-8-sig", "gbk", "utf-16")]
    return mutations([*texts, *_workbooks()], count)


def _workbooks() -> list[bytes]:
    """A roster as a workbook, and the same unpacked, so that what is damaged is the sheet and not the archive."""
    packed = dump_template([RosterEntry("李娜*.mp4", "余伟"), RosterEntry("b.mp4", "石磊", Profile.MALE)], {"auto": ("自动",)})
    room = BytesIO()
    with zipfile.ZipFile(BytesIO(packed)) as archive, zipfile.ZipFile(room, "w", zipfile.ZIP_STORED) as plain:
        for name in archive.namelist():
            plain.writestr(name, archive.read(name))
    return [packed, room.getvalue()]


def _take_roster(data: bytes) -> None:
    table = table_of_bytes(data, "r.csv")
    entries, problems = check_roster(table, {"auto": (), "standing": ("站姿",)})
    match_roster(entries, ["李娜-1.mp4", "b,c.mp4"])
    json.dumps([problem.words.zh for problem in problems]).encode()
    parse_row_roster(table)


_TAGS = (
    *("!!timestamp x", "!!int ''", "!!float x", "!!binary '*'", "!!set {}", "!!python/object:os.system x", "!!omap x", ".nan", ".inf"),
    *("[" * 300, "0x" + "f" * 400, "1" * 400, "1" * 6000, "2024-01-01", "~", "{a: 1, a: 2}", "&a [*a]", "!!str 5", "!!bool maybe"),
    *("'\\x1b[2J'", "9:59:59", "!!null x", "!<x> y", "!!int 0b", "!!float .", "!!seq x", "!!map x", "? x", "!!pairs [a]", "1e999"),
)


def _rules(count: int) -> Iterator[bytes]:
    """Every other copy has a value of a strange kind in one line."""
    whole = (rules_dir() / "smile.yaml").read_bytes()
    dice = random.Random(2)
    for number, data in enumerate(mutations([whole], count)):
        lines = whole.split(b"\n")
        at = dice.choice([i for i, line in enumerate(lines) if b": " in line])
        lines[at] = lines[at].split(b": ")[0] + b": " + dice.choice(_TAGS).encode()
        yield b"\n".join(lines) if number % 2 else data


def _take_rules(data: bytes) -> None:
    text = decode_text(data)
    if text is not None:
        parse_rule_set(text, "smile.yaml", MEASURES)


# --- what posecoach itself wrote ----------------------------------------------------------------------------------------------------------


def _json_copies(value: Any) -> Callable[[int], Iterator[bytes]]:
    def copies(count: int) -> Iterator[bytes]:
        dice = random.Random(3)
        for number, data in enumerate(mutations([json.dumps(value, ensure_ascii=False).encode()], count)):
            yield odd_json(value, dice) if number % 2 else data

    return copies


def _take_results(data: bytes) -> None:
    file = Path(_folder()) / "results.json"
    file.write_bytes(data)
    results = load_results(file)
    dump_results(results)
    dump_csv(results)
    compare(RESULTS.clips, results.clips)


def _take_record(data: bytes) -> None:
    out = Path(_folder())
    (out / "clips").mkdir(exist_ok=True)
    (out / "clips" / "a-12345678.json").write_bytes(data)
    record = load_record(out, "a-12345678")
    if record is not None:
        save_record(out, "again", record)


def _take_calibration(data: bytes) -> None:
    store = CalibrationStore(Path(_folder()))
    store.save("0", Calibration())
    next((Path(_folder()) / "calibration").glob("*.json")).write_bytes(data)
    found = store.load("0")
    if found is not None:
        store.save("0", found)


def _take_job(data: bytes) -> None:
    (Path(_folder()) / "trainer.json").write_bytes(data)
    json.dumps(TrainerJobs(Path(_folder()), FakeWork()).snapshot()).encode()


def _record() -> Any:
    out = Path(_folder())
    save_record(out, "seed", ClipRecord("key", clip("a.mp4"), "一班", {"captions": [], "curves": {}}))
    return json.loads((out / "clips" / "seed.json").read_bytes())


_JOB = {
    "request": {"folder": "/a", "out": "/b", "drill": "auto", "profile": "male", "roster": None, "rules": None, "annotate": True}
    | {"blur_faces": False, "jobs": 2, "is_regrade": False},
    "state": "done",
    "took_s": 3.5,
    "error": {"zh": "坏", "en": "bad"},
    "total": 3,
    "done": 3,
    "outcomes": {"meets": 2},
    "failed": [{"path": "a.mp4", "zh": "坏", "en": "bad"}],
}
_CALIBRATION = {"camera": "0", **Calibration(2.5, Neutral(3.0, (0.1,) * 12), "2024-01-01T00:00:00+00:00").to_dict()}


def _landmarks(count: int) -> Iterator[bytes]:
    bare = track_of(still(STANDING, 0.3))
    track = replace(bare, face_px=np.full_like(bare.face_px, 5.0))
    file = Path(_folder()) / "seed.npz"
    save_track(file, track, {"fps": 10.0, "path": "a.mp4", **neutral_to_meta(Neutral(3.0, (0.1,) * 12))})
    seed = file.read_bytes()
    dice = random.Random(4)
    for number, data in enumerate(mutations([seed], count)):
        yield _odd_arrays(seed, dice) if number % 3 == 0 else data


def _odd_arrays(seed: bytes, dice: random.Random) -> bytes:
    """The file with one of its arrays of another shape, kind or content."""
    with np.load(BytesIO(seed)) as stored:
        arrays = dict(stored)
    name = dice.choice(list(arrays))
    array = arrays[name]
    ways: tuple[Callable[[], Any], ...] = (
        lambda: array[..., None],
        lambda: array.astype("U10"),
        lambda: np.zeros((0,)),
        lambda: np.asarray(dice.choice(["{", '{"neutral_pitch_deg": "x"}', "5", '{"a": NaN}', '{"neutral_pitch_deg": 1e999}', "[" * 3000])),
        lambda: np.full(array.shape, np.inf),
        lambda: np.full(array.shape, -1),
        lambda: np.full(array.shape, 2**62),
        lambda: array.astype(np.complex64) if array.dtype.kind in "fi" else array,
        lambda: np.asarray([None], object),
    )
    arrays[name] = dice.choice(ways)()
    room = BytesIO()
    np.savez(room, **arrays)
    return room.getvalue()


def _take_landmarks(data: bytes) -> None:
    file = Path(_folder()) / "a.npz"
    file.write_bytes(data)
    for block in load_blocks(file):
        assert np.isfinite(block.t_ms).all()
        assert not np.isinf(block.pose_px).any()
    neutral_from_meta(load_meta(file))


def _posts(count: int) -> Iterator[bytes]:
    """Damaged posts, and every other time one that is whole and shows nothing that a body can do."""
    bare = track_of(still(STANDING, 0.3))
    track = replace(bare, face_px=np.random.default_rng(5).uniform(90, 120, bare.face_px.shape))
    dice = np.random.default_rng(6)
    for number, data in enumerate(mutations([post_of(track)], count)):
        yield post_of(_impossible(track, dice)) if number % 2 else data


def _impossible(track: Track, dice: np.random.Generator) -> Track:
    """Some of the numbers replaced by others that are allowed: all the same, none, the largest."""
    arrays: dict[str, Any] = {}
    for name, most in {"pose_px": 2500.0, "pose_world_m": 10.0, "pose_visibility": 1.0, "face_px": 2500.0}.items():
        array = np.array(getattr(track, name))
        chosen = dice.random(array.shape) < dice.choice([0.0, 0.1, 1.0])
        least = 0.0 if name == "pose_visibility" else -most
        array[chosen] = dice.choice([0.0, most, least, dice.uniform(least, most)])
        arrays[name] = array
    return replace(track, **arrays)


def _take_post(data: bytes) -> None:
    session = LandmarkSession(RULE_SETS)
    session.choose(list(RULE_SETS)[sum(data) % len(RULE_SETS)], None)
    judge = session._judge
    judge._is_ready, judge._last_ok_ms = True, np.inf  # as if somebody had stood there rightly before
    with np.errstate(all="ignore"):
        state = session.see(data, Look(True, "zh", 20.0), 0.0, 100)
    json.dumps(json.loads(state), allow_nan=False)


_ROOM = tempfile.mkdtemp()
atexit.register(shutil.rmtree, _ROOM, ignore_errors=True)


def _folder() -> str:
    return _ROOM


DOORS: dict[str, Door] = {
    "roster": Door(_rosters, _take_roster, (RosterError,)),
    "rules": Door(_rules, _take_rules, (RulesError,), share=0.1),
    "results": Door(_json_copies(json.loads(dump_results(RESULTS))), _take_results, (SourceError,)),
    "record": Door(_json_copies(_record()), _take_record, ()),
    "calibration": Door(_json_copies(_CALIBRATION), _take_calibration, ()),
    "job": Door(_json_copies(_JOB), _take_job, ()),
    "landmarks": Door(_landmarks, _take_landmarks, (SourceError,)),
    "post": Door(_posts, _take_post, (LandmarksError,), share=0.2),
}


def main(kind: str) -> None:
    """Takes in the damaged copies of a kind; whatever else than a refusal comes out ends it."""
    warnings.simplefilter("error")
    door = DOORS[kind]
    count = COUNT if COUNT >= FULL else round(COUNT * door.share)
    try_all(kind, door.copies(count), door.take, door.refusals)


if __name__ == "__main__":
    main(sys.argv[1])
