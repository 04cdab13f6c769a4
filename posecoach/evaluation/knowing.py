"""What `docs/accuracy.md` says, source by source, of how well posecoach knows what it does not know: calibration, risk against coverage,
the score of skeletons, and verdicts that are plainly wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from posecoach.evaluation.plots import Points, scatter

Figures = Mapping[str, Any]
WRONG = {True: "fail", False: "pass"}
"""The verdict that is plainly wrong, by whether the clause is met."""


def knowing(figures: Figures) -> Iterator[str]:
    """The lines of the page."""
    if figures["intervals"]:
        yield from _calibration(figures["intervals"])
    yield from _risk(figures["risk_coverage"])
    if figures["skeletons"]:
        yield from _skeletons(figures["skeletons"])
    yield from _wrong(figures["outcomes"], figures["explained"])


def plots(figures: Figures) -> Iterator[tuple[str, str]]:
    """The plots by file name."""
    if figures["intervals"]:
        yield "calibration.svg", _calibration_plot(figures["intervals"]["sets"])
    curves = {name: one["curve"] for name, one in figures["risk_coverage"].items() if one}
    if curves:
        series = [Points(name, *_columns(curve)) for name, curve in curves.items()]
        yield "risk-coverage.svg", scatter("Wrong verdicts among the surest", "share of all labelled clauses", "share wrong", series)
    if figures["skeletons"]:
        series = [Points(name, *_columns(one["roc"])) for name, one in figures["skeletons"]["datasets"].items() if one["roc"]]
        yield "skeleton-roc.svg", scatter("Skeletons trusted", "share of the wrong ones", "share of the right ones", series)


def _columns(points: Sequence[Sequence[float]]) -> tuple[list[float], list[float]]:
    return [x for x, _ in points], [y for _, y in points]


def _calibration_plot(sets: Figures) -> str:
    claims = _columns(next(iter(sets.values()))["calibration"])[0]
    series = [Points(name, *_columns(one["calibration"])) for name, one in sets.items()]
    return scatter("Truths inside the interval", "claimed share", "found share", [*series, Points("as claimed", claims, claims)])


def _calibration(found: Figures) -> Iterator[str]:
    yield from ("## Plus-minus: claimed and found", "")
    fitted_on, people = (", ".join(found[key]) for key in ("fitted_on", "people"))
    yield (
        f"Only rendered people have exact truths. Intervals were fitted on some of them ({fitted_on}) and are measured here on others "
        f"({people}). By measure: "
        "[trust.md](trust.md). Of real people nothing is known but their labels: their intervals are those of rendered ones."
    )
    yield ""
    claims = [claim for claim, _ in found["calibration"]]
    yield f"| set | values | expected calibration error | {' | '.join(f'{claim:.0%}' for claim in claims)} |"
    yield f"|{' --- |' * (len(claims) + 3)}"
    for name, one in found["sets"].items():
        shares = " | ".join(f"{share:.0%}" for _, share in one["calibration"])
        yield f"| {name} | {one['values']} | {one['expected_calibration_error']:.3f} | {shares} |"
    yield from ("", "![Claimed against found coverage](img/calibration.svg)", "")


def _risk(found: Figures) -> Iterator[str]:
    judged = {name: one for name, one in found.items() if one}
    if not judged:
        return
    yield from ("## Risk against coverage", "")
    yield (
        "The share of wrong verdicts among the surest clauses, by how many of all labelled clauses these are. A verdict is the surer the "
        "further its value lies from the middle of the warn band, in widths of that band; it is wrong where the label is on the other "
        "side. A dash: fewer were judged."
    )
    shares = [share for share, _ in next(iter(judged.values()))["risk"]]
    yield ""
    yield f"| set | labelled | judged | {' | '.join(f'surest {share:.0%}' for share in shares)} | all judged |"
    yield f"|{' --- |' * (len(shares) + 4)}"
    for name, one in judged.items():
        risks = " | ".join("-" if risk is None else f"{risk:.1%}" for _, risk in one["risk"])
        labelled, count, wrong = (one[key] for key in ("labelled", "judged", "wrong"))
        yield f"| {name} | {labelled} | {count} | {risks} | {wrong}/{count} {wrong / count:.1%} |"
    yield from ("", "![Risk against coverage](img/risk-coverage.svg)", "")


def _skeletons(found: Figures) -> Iterator[str]:
    yield from ("## Is the skeleton on the body?", "")
    yield (
        "The score of skeletons on whole pictures of real people (right) against spoilt ones (wrong), of sources it was not fitted on "
        f"({', '.join(found['sources'])}); how pictures are spoilt, and what is judged all the same: [trust.md](trust.md)."
    )
    yield from ("", "| set | right | wrong | ROC area |", "| --- | --- | --- | --- |")
    for name, one in found["datasets"].items():
        yield f"| {name} | {one['right']} | {one['wrong']} | {_area(one['roc_area'])} |"
    right, wrong = (sum(one[kind] for one in found["datasets"].values()) for kind in ("right", "wrong"))
    yield f"| all | {right} | {wrong} | {_area(found['roc_area'])} |"
    yield from ("", "![ROC curve of the skeleton score](img/skeleton-roc.svg)", "")


def _area(area: float | None) -> str:
    return "-" if area is None else f"{area:.3f}"


def _wrong(outcomes: Sequence[Figures], explained: Mapping[str, str]) -> Iterator[str]:
    if not outcomes:
        return
    yield from ("## Plainly wrong verdicts", "")
    yield (
        "By source: clauses labelled and judged; of those met, how many fail; of those not met, how many pass. Photos were labelled by one "
        "rater, by eye; a few labels will be debatable. A rendered fault touches several clauses; they count where none of them is found."
    )
    yield from ("", "| set / source | labelled | judged | met and judged | of these fail | not met and judged | of these pass |")
    yield f"|{' --- |' * 7}"
    gross: list[Figures] = []
    found = {(one["source"], one["case"]) for one in outcomes if not one["is_met"] and one["state"] in ("warn", "fail")}
    for source in sorted({(one["dataset"], one["source"]) for one in outcomes}):
        own = [one for one in outcomes if (one["dataset"], one["source"]) == source]
        judged = [one for one in own if one["state"] != "unjudged"]
        is_rendered = source[0] == source[1]
        wrong = [one for one in judged if one["state"] == WRONG[one["is_met"]]]
        wrong = [one for one in wrong if one["is_met"] or not is_rendered or (one["source"], one["case"]) not in found]
        gross += wrong
        counts = [str(sum(one["is_met"] is met for one in group)) for met in (True, False) for group in (judged, wrong)]
        yield f"| {' / '.join(dict.fromkeys(source))} | {len(own)} | {len(judged)} | {' | '.join(counts)} |"
    yield ""
    for one in sorted(gross, key=lambda one: (one["dataset"], one["case"], one["rule_id"])):
        why = explained.get(f"{one['case']} {one['rule_id'].split('.', 1)[-1]}", "not looked into yet.")
        yield f"- {one['dataset']}, {one['case']}: `{one['rule_id']}` {one['state']}, {'met' if one['is_met'] else 'not met'}: {why}"
    yield ""
