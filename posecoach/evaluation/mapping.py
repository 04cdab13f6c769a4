"""The mapping file: which label tells about which clause."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from posecoach.errors import SourceError
from posecoach.storage.plain_json import DAMAGE
from posecoach.vocabulary import Text

SHIPPED = Path(__file__).with_name("mapping.yaml")

_UNREADABLE: tuple[type[Exception], ...] = (*DAMAGE, yaml.YAMLError)


@dataclass(frozen=True, slots=True)
class Column:
    """What a column of a label file tells: about ``clause`` (and ``worse_of``, when given: the worse of both counts)."""

    column: str
    clause: str
    worse_of: str | None
    drill: str | None
    postures: tuple[str, ...]
    views: tuple[str, ...]
    yes: tuple[str, ...]
    no: tuple[str, ...]

    def applies(self, posture: str, view: str) -> bool:
        """Whether the column says something about somebody in this posture, seen from there."""
        return (not self.postures or posture in self.postures) and (not self.views or view in self.views)


@dataclass(frozen=True, slots=True)
class Truth:
    """Which quantity of a rendered clip is the truth of a measure, from which views and of which topics (none: of any)."""

    quantity: str
    views: tuple[str, ...]
    topics: tuple[str, ...] = ()

    def is_of(self, view: str, topic: str) -> bool:
        """Whether a clip of this topic, seen from there, tells it."""
        return view in self.views and (not self.topics or topic in self.topics)


@dataclass(frozen=True, slots=True)
class Labelling:
    """A mapping file: ``rendered`` as in the file, the ``columns`` of photos and the leg clauses."""

    rendered: Mapping[str, Any]
    columns: tuple[Column, ...]
    leg_clauses: frozenset[str]

    @property
    def truths(self) -> dict[str, Truth]:
        """By measure what it is held against."""
        return {measure: Truth(quantity, *map(tuple, where)) for measure, (quantity, *where) in self.rendered["values"].items()}

    def without(self, measures: Container[str]) -> Labelling:
        """The same without the truths of these measures."""
        values = {measure: truth for measure, truth in self.rendered["values"].items() if measure not in measures}
        return replace(self, rendered={**self.rendered, "values": values})

    def shown_from(self, view: str, clause: str) -> bool:
        """Whether a view can show a clause."""
        return clause in self.rendered["shown_from"].get(view, ())


def load_mapping(path: Path | None = None) -> Labelling:
    """The mapping in ``path``, or the shipped one. Raises `SourceError`."""
    path = path or SHIPPED
    try:
        data = yaml.safe_load(path.read_text("utf-8"))
        return Labelling(data["rendered"], tuple(_column(item) for item in data["photos"]), frozenset(data["leg_clauses"]))
    except _UNREADABLE as error:
        why = " ".join(str(error).split())[:120]
        raise SourceError(
            Text(f"{path} 不是对应表（{why}）；见 docs/evaluate.md", f"{path}: not a mapping file ({why}); see docs/evaluate.md")
        ) from error


def _column(item: Mapping[str, Any]) -> Column:
    return Column(
        column=item["column"],
        clause=item["clause"],
        worse_of=item.get("with"),
        drill=item.get("drill"),
        postures=tuple(item.get("postures", ())),
        views=tuple(item.get("views", ())),
        yes=tuple(item.get("yes", ("yes",))),
        no=tuple(item.get("no", ("no",))),
    )
