"""What `docs/accuracy.md` says of movements: events found in time, numbers measured, and events told where there were none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Figures = Mapping[str, Any]
_FIVE_MIN = 5.0


def movements(figures: Figures) -> Iterator[str]:
    """The lines of both sections; nothing of an evaluation without movements or films."""
    if figures["moves"]:
        yield from _events(figures["moves"])
    if figures["quiet"]:
        yield from _quiet(figures["quiet"])


def _events(moves: Figures) -> Iterator[str]:
    yield from ("## Movements: events and numbers", "", EVENTS_NOTE, "")
    yield "| set | event | true | found | missed | false | recall | precision |"
    yield f"|{' --- |' * 8}"
    for dataset, one in moves.items():
        sums = {key: sum(counts[key] for counts in one["events"].values()) for key in ("found", "missed", "false")}
        for kind, counts in (*one["events"].items(), ("all", sums)):
            yield f"| {dataset} | {kind} | {' | '.join(_row(counts))} |"
    yield ""
    for dataset, one in moves.items():
        for name, told in one["numbers"].items():
            yield f"{dataset}, `{name}`: {told['count']} clips, mean absolute error {told['mae']:.1f}, mean error {told['bias']:+.1f}."
            yield ""
        if one["steps"] and one["steps"]["boundaries"]:
            yield _steps(dataset, one["steps"])
            yield ""


def _steps(dataset: str, steps: Figures) -> str:
    """What is said of the steps of the window drill."""
    far = "" if steps["largest_s"] is None else f" (mean distance {steps['mean_s']:.2f} s, largest {steps['largest_s']:.2f} s)"
    return (
        f"{dataset}, steps of the drill `window`: {steps['near']} of {steps['boundaries']} begin within 0.5 s of the true beginning{far}, "
        f"{steps['missed']} not found; faults in the step they were made in: {steps['faults_given']}, not told there: "
        f"{steps['faults_not_given']}, told in another step: {steps['faults_elsewhere']}."
    )


EVENTS_NOTE = (
    "An event is found when it begins and ends within 0.3 s of the true one, or lies round the true moment where only that is known. "
    "The cuts of the rules and of what finds events were set in sight of the set `moves`; the notes in `docs/accuracy.yaml` say which "
    "sets are new, and which were seen before something was mended."
)


def _row(counts: Mapping[str, int]) -> Iterator[str]:
    found, missed, false = counts["found"], counts["missed"], counts["false"]
    yield from (str(found + missed), str(found), str(missed), str(false), _share(found, found + missed), _share(found, found + false))


def _share(hits: int, count: int) -> str:
    return f"{100 * hits / count:.0f} %" if count else "-"


def _quiet(quiet: Figures) -> Iterator[str]:
    kinds = list(next(iter(quiet.values()))["false"])
    yield from ("## Events where there are none", "", QUIET_NOTE, "")
    yield f"| set | minutes | there, and told | {' | '.join(kinds)} | in five minutes |"
    yield f"|{' --- |' * (len(kinds) + 4)}"
    for name, one in (*quiet.items(), ("all", _all(quiet, kinds))):
        count, minutes = sum(one["false"].values()), one["minutes"]
        rate = f"{_FIVE_MIN * count / minutes:.1f}" if minutes else "-"
        yield f"| {name} | {minutes:.1f} | {one['true']} | {' | '.join(str(one['false'][kind]) for kind in kinds)} | {rate} |"
    yield ""


QUIET_NOTE = (
    "Events of all kinds at once, looked for in films in which nobody practises them: made-up people who scratch themselves, talk with "
    "their hands, turn to a colleague, take and hand over papers, look at a watch (`everyday`), who hold postures, and films of real "
    "people. *There, and told*: what was plainly to be seen (people who walk, sit down or get up), named in `docs/accuracy.yaml`. By "
    "kind: events told that were none."
)


def _all(quiet: Figures, kinds: list[str]) -> dict[str, Any]:
    return {
        "minutes": sum(one["minutes"] for one in quiet.values()),
        "true": sum(one["true"] for one in quiet.values()),
        "false": {kind: sum(one["false"][kind] for one in quiet.values()) for kind in kinds},
    }
