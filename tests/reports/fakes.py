"""Made-up results for the report tests."""

from __future__ import annotations

from collections.abc import Sequence

from posecoach.body.records import Segment
from posecoach.judging.charts import Caption, Charts, ClauseChart, Curve, CurveLine, Extreme, Run, Zone
from posecoach.judging.results import ClauseVerdict, ClipError, ClipResult, Event, PersonResult, RuleFileUsed
from posecoach.reports.report import Report
from posecoach.reports.rows import Head, ReportClip
from posecoach.vocabulary import Posture, Profile, Reason, State, Text, View

GENERATOR = "posecoach 0.1.0"
RULES = (RuleFileUsed("standing.yaml", "a" * 64),)
NAMES = {"stand.shoulders_level": Text("肩平", "Shoulders level"), "stand.head_up": Text("抬头", "Head up")}
HEAD = Head(GENERATOR, RULES, NAMES, {})


def clause(id_: str, state: State, value: float | None = 8.1, reason: Reason = Reason.NONE, said: Text | None = None) -> ClauseVerdict:
    unjudged = state is State.UNJUDGED
    return ClauseVerdict(
        id=id_,
        state=state,
        reason=reason,
        value=None if unjudged else value,
        unit="deg",
        judged_share=0.0 if unjudged else 0.98,
        pass_share=None if unjudged else 0.1,
        worst_s=None if unjudged else 2.4,
        correction=said,
        source="T1 站姿",
    )


def person(id_: int = 1, name: str | None = None, score: float | None = 83.3) -> PersonResult:
    return PersonResult(
        id=id_,
        name=name,
        score=score,
        outcome="improve",
        segments=(Segment(0.0, 3.2, Posture.STANDING, View.FRONT), Segment(3.2, 8.0, Posture.TRANSITION, View.SIDE_LEFT)),
        clauses=(
            clause("stand.shoulders_level", State.FAIL, said=Text("右肩低了，请把两肩放平", "Level your shoulders")),
            clause("stand.head_up", State.PASS, 3.0),
            clause("stand.centred", State.WARN, 0.12),
            clause("stand.trunk_upright", State.UNJUDGED, reason=Reason.VIEW),
            clause("stand.abdomen_in", State.UNJUDGED, reason=Reason.NEVER),
        ),
        events=(Event("bow", 1.0, 2.5, {"bow_depth_deg": 29.5}),),
    )


def clip(path: str = "drill.mp4", *people: PersonResult, kind: str = "video", annotated: str | None = "annotated/drill.mp4") -> ClipResult:
    return ClipResult(
        path=path,
        kind=kind,
        warnings=("damaged",),
        duration_s=8.0,
        fps=12.0,
        frames_analysed=96,
        drill="auto",
        profile=Profile.FEMALE,
        landmarks="landmarks/drill.npz",
        annotated=annotated,
        people=people or (person(),),
    )


def charts() -> Charts:
    """Of `person`: the shoulders fail from 1 s on and are not measured from 5 to 6 s."""
    zones = (Zone(None, 3.0, State.PASS), Zone(3.0, 6.0, State.WARN), Zone(6.0, None, State.FAIL))
    lines = (CurveLine((0.0, 1.0, 2.4, 5.0), (2.0, 7.0, 11.0, 8.0)), CurveLine((6.0, 8.0), (8.0, 7.5)))
    curve = Curve("shoulder_tilt_deg", "deg", lines, zones, Extreme(2.4, 11.0, State.FAIL), Extreme(0.0, 2.0, State.PASS))
    runs = (
        Run(0.0, 1.0, State.PASS, Reason.NONE),
        Run(1.0, 5.0, State.FAIL, Reason.NONE),
        Run(5.0, 6.0, State.UNJUDGED, Reason.OCCLUDED),
        Run(6.0, 8.0, State.FAIL, Reason.NONE),
    )
    said = Caption(1.0, 5.0, State.FAIL, Text("右肩低了，请把两肩放平", "Level your shoulders"))
    return Charts(8.0, (ClauseChart("stand.shoulders_level", runs, (curve,)),), (said,))


def report(items: Sequence[ReportClip], *errors: ClipError) -> Report:
    """A report on clips in memory."""
    return Report(HEAD, tuple(items), errors, {item.clip_id: item.charts for item in items}.get)
