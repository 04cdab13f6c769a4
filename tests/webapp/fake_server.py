"""A stand-in for `posecoach serve` that plays made-up states over sample clips, so that the page can be worked on by itself.

`python -m tests.webapp.fake_server [port]`, then open the page; `POST /fake {"scene": "correction"}` changes what it plays. It offers
the addresses of docs/live.md on the loopback and knows nothing of cameras or judging.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from flask import Flask, Response, render_template, request

from posecoach.body.records import Drawing, Frame, Landmarks
from posecoach.drawing.painter import paint
from posecoach.drawing.text import TextPainter
from posecoach.estimators.mediapipe import MediaPipeEstimator
from posecoach.judging.scene import Mark, Scene
from posecoach.judging.sketch import Look, sketch_of
from posecoach.live.messages import topics_json
from posecoach.reports.poster import dump_picture
from posecoach.resources import font_path, web_dir
from posecoach.rulebook.schema import Rule
from posecoach.vocabulary import Posture, Profile, State, Text, View
from tests.shipped import RULE_SETS

CLIPS = Path(__file__).parents[2] / "sample_videos"
CLIP_OF = {
    "standing": "stand_ok_hands_front_f5_front.mp4",
    "morning_meeting": "meeting_ok_hands_behind_m5_front.mp4",
    "sitting": "sit_knees_apart_m4_front.mp4",
    "desk": "desk_ok_m4_front.mp4",
    "crouching": "crouch_ok_f4_side.mp4",
    "smile": "smile_open_f5_face.mp4",
}
VIEW_OF = {"crouching": "side_left"}
CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'"
SHOULDERS: dict[str, Any] = {"value": 8.1, "unit": "deg", "limits": [-3, 3], "drawing": {"kind": "tilt", "points": [[11], [12]]}}
TRUNK: dict[str, Any] = {"value": -1.2, "unit": "deg", "limits": [-3, 3], "drawing": {"kind": "lean", "points": [[23, 24], [11, 12]]}}
FEET: dict[str, Any] = {"value": 0.31, "unit": "sw", "limits": [None, 0.42], "drawing": {"kind": "gap", "points": [[27], [28]]}}


@dataclass
class Play:
    """What is played now."""

    scene: str = "correction"
    topic: str = "standing"
    profile: str = "female"
    check_from: float | None = None
    calibration: dict[str, Any] | None = None
    visitors: set[str] = field(default_factory=set)
    countdown_s: float = 3.0
    seconds: float = 20.0


play = Play()
began = time.monotonic()
app = Flask(__name__, template_folder=str(web_dir() / "templates"), static_folder=str(web_dir() / "static"))


@cache
def clip(name: str) -> list[tuple[npt.NDArray[np.uint8], Landmarks]]:
    """Every frame of a sample clip with its landmarks."""
    capture = cv2.VideoCapture(str(CLIPS / name))
    frames: list[tuple[npt.NDArray[np.uint8], Landmarks]] = []
    with MediaPipeEstimator() as estimator:
        while True:
            found, picture = capture.read()
            if not found:
                return frames
            image = np.ascontiguousarray(picture, np.uint8)
            frames.append((image, estimator.estimate(Frame(image, len(frames), 100.0 * len(frames) + 1, name))))


def clauses(topic: str) -> list[dict[str, Any]]:
    """Made-up verdicts on a topic's clauses for the scene that is played."""
    found = []
    for i, rule in enumerate(RULE_SETS[topic].for_profile(Profile(play.profile)).rules):
        found.append(
            {"id": rule.id, "reason": None, "value": None, "unit": "", "limits": None, "drawing": None, "correction": None, "advice": None}
        )
        found[-1] |= verdict(rule, i)
    return found


def verdict(rule: Rule, i: int) -> dict[str, Any]:
    if rule.never:
        return {
            "state": "unjudged",
            "reason": "never",
            "advice": {"zh": "请自查，或请同事帮忙看", "en": "Check it yourself, or ask a colleague to look"},
        }
    if rule.checks[0].views == ("side",) and VIEW_OF.get(play.topic, "front") == "front":
        return {
            "state": "unjudged",
            "reason": "view",
            "advice": {"zh": "侧身站，就能看到这几项", "en": "Turn sideways to have these judged"},
        }
    if rule.id.endswith(("feet_apart", "hands_back")) and play.topic == "standing":
        return {"state": "unjudged", "reason": "not_applicable"}
    name = rule.id.split(".")[1]
    shown = {"shoulders_level": SHOULDERS, "trunk_lateral": TRUNK, "legs_together": FEET}.get(name, {})
    bands = rule.checks[0].bands.pass_
    limits = [edge if np.isfinite(edge) else None for edge in (bands.low, bands.high)]
    unit = {"deg": "deg", "sw": "sw", "tl": "tl"}.get(rule.checks[0].measure.rsplit("_", 1)[-1], "")
    middle = next((edge for edge in limits if edge is not None), 0.0)
    made: dict[str, Any] = {"state": "pass", "value": middle * 0.8 + 0.03 * i, "unit": unit, "limits": limits} | shown
    is_fault = name == FAULTS.get(play.topic)
    if is_fault and play.scene in ("correction", "check"):
        correction = rule.correction.above if rule.correction else Text("", "")
        return made | {"state": "fail", "correction": {"zh": correction.zh, "en": correction.en}}
    if is_fault:
        made["value"] = 1.1 if unit == "deg" else made["value"]
    return made | ({"state": "warn"} if i in (1, 6) and play.scene not in ("good", "praise") else {})


LABELS = {rule.id: rule.clause for rules in RULE_SETS.values() for rule in rules.rules}
FAULTS = {
    "standing": "shoulders_level",
    "morning_meeting": "shoulders_level",
    "sitting": "knees",
    "desk": "head_level",
    "crouching": "trunk_upright",
    "smile": "present",
}
CAMERAS = {
    "lost": {
        "state": "lost",
        "zh": "摄像头断开了，请检查插头，接好后会自己恢复",
        "en": "The camera is gone. Check its plug, it comes back by itself",
    },
    "black": {"state": "black", "zh": "画面全黑，请打开镜头盖或开灯", "en": "The picture is black, open the shutter or turn on a light"},
}
PLACING = [
    ("person", True, "看到你了", "You are in view"),
    ("light", True, "光线够亮", "There is enough light"),
    ("distance", True, "距离合适", "The distance is right"),
    ("whole_body", False, "后退一步，让双脚进入画面", "Step back until your feet are in the picture"),
    ("view", False, "请正对镜头", "Face the camera"),
    ("tilt", True, "摄像头是正的", "The camera is level"),
]


def state() -> dict[str, Any]:
    """The state of docs/live.md."""
    judged = play.scene in ("correction", "praise", "good", "check", "nearly")
    verdicts = clauses(play.topic)
    if not judged:
        verdicts = [
            c | {"state": "unjudged", "reason": c["reason"] if c["reason"] == "never" else "not_applicable", "value": None}
            for c in verdicts
        ]
    fault = next((c for c in verdicts if c["state"] == "fail"), None)
    rule = next((r for r in RULE_SETS[play.topic].rules if r.id.endswith(FAULTS[play.topic])), None)
    praise = {"id": rule.id, "zh": rule.praise.zh, "en": rule.praise.en} if play.scene == "praise" and rule and rule.praise else None
    return {
        "t_ms": 1000 * (time.monotonic() - began),
        "topic": play.topic,
        "profile": play.profile,
        "camera": CAMERAS.get(play.scene, {"state": "ok", "zh": "", "en": ""}),
        "person": play.scene != "absent",
        "posture": "standing",
        "view": VIEW_OF.get(play.topic, "front"),
        "box": [0.4, 0.1, 0.6, 0.95] if play.scene != "absent" else None,
        "size_changed": None,
        "placement": {"ready": judged, "items": [{"id": i, "ok": ok or judged, "zh": zh, "en": en} for i, ok, zh, en in PLACING]},
        "correction": {"id": fault["id"], **fault["correction"], "since_ms": 0.0} if fault else None,
        "praise": praise,
        "score": (83.0 if fault else 96.0) if judged else None,
        "clauses": verdicts,
        "check": check(verdicts),
        "drill": None,
        "landmarks": None,
    }


def check(verdicts: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Counting down, judging, done."""
    if play.check_from is None:
        return None
    passed = time.monotonic() - play.check_from
    if passed < play.countdown_s:
        return {"phase": "countdown", "left_s": play.countdown_s - passed, "result": None}
    if passed < play.countdown_s + play.seconds:
        return {"phase": "judging", "left_s": play.countdown_s + play.seconds - passed, "result": None}
    rows = [
        c
        | {
            "judged_share": 0.98,
            "pass_share": {"pass": 0.96, "warn": 0.55, "fail": 0.1}.get(c["state"]),
            "worst_s": 2.4,
            "source": "T1 站姿",
        }
        for c in verdicts
    ]
    failed = [c["id"] for c in rows if c["state"] == "fail"]
    rule = next((r for r in RULE_SETS[play.topic].rules if failed and r.id == failed[0] and r.correction), None)
    first = [{"id": rule.id, "limits": [-3, 3], **asdict(rule.correction.above)}] if rule and rule.correction else []
    score, outcome = (83.0, "improve") if failed else (96.0, "meets")
    result = {"score": score, "outcome": outcome, "clauses": rows, "practise_first": first, "warnings": []}
    return {"phase": "done", "left_s": 0.0, "result": result}


def scene_of(landmarks: Landmarks, verdicts: list[dict[str, Any]]) -> Scene:
    marks = tuple(
        Mark(
            LABELS.get(c["id"], Text(c["id"], c["id"])),
            State[c["state"].upper()],
            c["value"],
            c["unit"],
            c["limits"],
            drawing_of(c["drawing"]),
            None,
        )
        for c in verdicts
        if c["drawing"]
    )
    return Scene(landmarks, Posture.STANDING, View.FRONT, marks, None)


def drawing_of(raw: dict[str, Any]) -> Drawing:
    return Drawing(raw["kind"], tuple(tuple(group) for group in raw["points"]))


def look_of(language: str | None) -> Look:
    return Look(is_mirrored=True, language="en" if language == "en" else "zh")


def jpegs(language: str) -> Iterator[bytes]:
    text = TextPainter(font_path())
    while True:
        frames = clip(CLIP_OF[play.topic])
        image, landmarks = frames[int(10 * (time.monotonic() - began)) % len(frames)]
        picture = np.ascontiguousarray(image[:, ::-1])
        if play.scene in ("correction", "praise", "good", "check", "nearly"):
            paint(picture, sketch_of(scene_of(landmarks, clauses(play.topic)), look_of(language)).shapes, text)
        picture = np.zeros_like(picture) if play.scene == "black" else picture
        yield b"--frame\r\nContent-Type: image/jpeg\r\n\r\n" + cv2.imencode(".jpg", picture)[1].tobytes() + b"\r\n"
        time.sleep(0.1)


def events() -> Iterator[str]:
    while play.scene != "down":
        yield f"event: state\ndata: {json.dumps(state(), ensure_ascii=False)}\n\n"
        time.sleep(0.2)


@app.after_request
def harden(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = CSP
    return response


@app.get("/")
def page() -> str:
    return render_template("live.html")


@app.route("/login", methods=["GET", "POST"])
def login() -> str:
    return render_template("login.html", error="wrong" if request.method == "POST" else None)


@app.get("/api/topics")
def topics() -> dict[str, Any]:
    return topics_json(RULE_SETS)


@app.get("/api/pictures/<rule_id>/<word>.svg")
def picture(rule_id: str, word: str) -> Response:
    found = next(one for one in RULE_SETS.values() if any(rule.id == rule_id for rule in one.rules))
    return Response(dump_picture(found, rule_id, is_right=word == "right"), mimetype="image/svg+xml")


@app.get("/api/status")
def status() -> dict[str, Any]:
    camera = {"name": "0", "state": "ok", "fps": 24.8, "captured": 1200, "dropped": 31, "reconnected": 1}
    return {
        "camera": camera,
        "viewers": 1,
        "visitors": len(play.visitors),
        "visitor_limit": 3,
        "uptime_s": 50.2,
        "inference_ms": 27.0,
        "rss_mb": 512,
    }


@app.get("/stream.mjpg")
def stream() -> Response:
    return Response(jpegs(request.args.get("lang", "zh")), mimetype="multipart/x-mixed-replace; boundary=frame")


@app.get("/api/events")
def event_stream() -> Response:
    return Response(events(), mimetype="text/event-stream")


@app.post("/api/session")
def session() -> dict[str, Any]:
    asked = request.get_json()
    play.topic, play.profile = asked.get("topic", play.topic), asked.get("profile", play.profile)
    return {}


@app.post("/api/check")
@app.post("/api/visitor/<visitor>/check")
def start_check(visitor: str = "") -> dict[str, Any]:
    play.check_from = time.monotonic()
    return {}


@app.delete("/api/check")
@app.delete("/api/visitor/<visitor>/check")
def drop_check(visitor: str = "") -> dict[str, Any]:
    play.check_from = None
    return {}


@app.post("/api/visitor")
def visit() -> tuple[dict[str, Any], int]:
    if play.scene == "full":
        return {"error": "busy", "limit": 3}, 503
    play.visitors.add(f"v{len(play.visitors)}")
    return {"id": f"v{len(play.visitors) - 1}", "max_side": 640}, 200


@app.post("/api/visitor/<visitor>/frame")
def frame(visitor: str) -> dict[str, Any]:
    play.topic, play.profile = request.args["topic"], request.args["profile"]
    image = cv2.imdecode(np.frombuffer(request.get_data(), np.uint8), cv2.IMREAD_COLOR)
    height, width = image.shape[:2]
    frames = clip(CLIP_OF[play.topic])
    landmarks = frames[len(frames) // 2][1]
    scale = np.array([width / landmarks.size_wh[0], height / landmarks.size_wh[1]])
    placed = replace(landmarks, pose_px=landmarks.pose_px * scale, face_px=landmarks.face_px * scale, size_wh=(width, height))
    return state() | {"sketch": sketch_of(scene_of(placed, clauses(play.topic)), look_of(request.args.get("lang"))).to_dict()}


@app.delete("/api/visitor/<visitor>")
def end_visit(visitor: str) -> dict[str, Any]:
    play.visitors.discard(visitor)
    return {}


@app.route("/api/calibration", methods=["GET", "POST", "DELETE"])
def calibration() -> dict[str, Any]:
    if request.method == "POST":
        time.sleep(request.get_json()["seconds"])
        play.calibration = {"made": "2026-11-22T09:30:00", "roll_deg": request.get_json()["roll_deg"], "neutral": True}
    if request.method == "DELETE":
        play.calibration = None
    return {"calibration": play.calibration}


@app.post("/fake")
def change() -> dict[str, Any]:
    for name, value in request.get_json().items():
        setattr(play, name, value)
    return {}


if __name__ == "__main__":
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    app.run("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 8765, threaded=True)
