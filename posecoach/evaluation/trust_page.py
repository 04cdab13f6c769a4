"""`docs/trust.md`: how well posecoach knows when it does not know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from posecoach.errors import OutputError
from posecoach.evaluation.report import percent

Figures = Mapping[str, Any]

_HEAD = """# When posecoach does not know

Made by `posecoach evaluate --docs`; do not edit. How it counts, and the label formats: [evaluate.md](evaluate.md); how often the verdicts
are right: [accuracy.md](accuracy.md).
"""


def write_trust_page(figures: Figures, path: Path) -> Path:
    """Write the page; its plots are those of accuracy.md. Raises `OutputError`."""
    try:
        path.write_text(trust_page(figures), "utf-8")
    except OSError as error:
        raise OutputError.at(path, error) from error
    return path


def trust_page(figures: Figures) -> str:
    """The page."""
    text = _HEAD
    if figures.get("skeletons"):
        text += "\n".join(["", *_skeletons(figures["skeletons"])])
    if figures.get("wrong_verdicts"):
        text += "\n".join(["", *_wrong_verdicts(figures["wrong_verdicts"])])
    if figures.get("intervals"):
        text += "\n".join(["", *_intervals(figures["intervals"])])
    return text.rstrip() + "\n"


def _skeletons(found: Figures) -> list[str]:
    right, area = found["right"], _area(found["roc_area"])
    rows = [(how, one["count"], one["count"] - one["trusted"], _area(one["roc_area"])) for how, one in found["wrong"].items()]
    return [
        "## Is the skeleton on the body?",
        "",
        f"Pictures of one person each from sources that nothing was fitted on ({', '.join(found['sources'])}), whole and spoilt. Of "
        f"{right['count']} skeletons in whole pictures {right['trusted']} are trusted. A skeleton in a spoilt picture counts as wrong, "
        "also where it lies on the body: a body that lies in the picture, or without a head, shall not be judged either. Where no "
        "skeleton was found there is nothing to tell.",
        "",
        f"ROC area of the score over all: **{area}**.",
        "",
        "| spoilt by being | skeletons found | not trusted | ROC area |",
        "| --- | --- | --- | --- |",
        *(f"| {how} | {count} | {doubted} | {area} |" for how, count, doubted, area in rows),
        "",
        "![ROC curve of the skeleton score](img/skeleton-roc.svg)",
        "",
        "Wrong and yet trusted; what is judged on such skeletons is counted below:",
        "",
        *(f"- {one}" for one in found["wrongly_trusted"]),
        *([] if found["wrongly_trusted"] else ["- none"]),
        "",
    ]


def _wrong_verdicts(found: Figures) -> list[str]:
    rows = _counted(found["spoilt"], ("skeletons", "pass", "fail", "off", "off_pass", "off_fail"))
    clauses = _counted(found["clauses"], ("pass", "fail", "off_pass", "off_fail"))
    return [
        "## Verdicts on skeletons of spoilt pictures",
        "",
        "All sources, also those the score was fitted on. Each skeleton was judged by every topic asked for by name, in the form for "
        "women; clauses that several topics share are counted in each. `off`: plainly not on the body, its trunk further than half a "
        "trunk's length from where it lay in the whole picture; the "
        "others lie on a body that is turned or cut. None should be judged. Counted by "
        "`posecoach evaluate docs/accuracy.yaml --docs docs/accuracy.md`.",
        "",
        "| spoilt by being | skeletons | clauses passed | failed | of them off | passed | failed |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        *rows,
        "",
        "| clause | passed | failed | passed, skeleton off | failed, skeleton off |",
        "| --- | --- | --- | --- | --- |",
        *clauses,
        "",
    ]


def _counted(counts: Mapping[str, Mapping[str, int]], columns: Sequence[str]) -> list[str]:
    return [f"| {name} | {' | '.join(str(one.get(column, 0)) for column in columns)} |" for name, one in counts.items()]


def _intervals(found: Figures) -> list[str]:
    rows = [
        f"| `{name}` | {percent(one['inside'])} | {one['half_width']:.2f} | {one['mae']:.2f} | {_times(one['over_needed'])} |"
        for name, one in found["measures"].items()
    ]
    return [
        "## Plus-minus: is the truth inside?",
        "",
        f"Rendered people that nothing was fitted on ({', '.join(found['people'])}); medians over a clip against the exact truth, in the "
        "measure's unit. Intervals were fitted on other rendered people; the truth of real ones nobody knows. "
        "`needed`: half the width over what a normal distribution of the same mean error needs.",
        "",
        f"Expected calibration error over all: **{found['expected_calibration_error']:.3f}** (the interval shrunk to claim less; "
        "the table is of the whole interval).",
        "",
        "| measure | inside the 95 % interval | half width, mean | mean absolute error | needed |",
        "| --- | --- | --- | --- | --- |",
        *rows,
        "",
        "![Claimed against found coverage](img/calibration.svg)",
        "",
    ]


def _times(ratio: float | None) -> str:
    return "-" if ratio is None else f"{ratio:.1f}"


def _area(area: float | None) -> str:
    return "-" if area is None else f"{area:.3f}"
