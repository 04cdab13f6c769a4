"""What all pages of the report share: templates that escape, words and signs, where a clause comes from."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from posecoach import wording
from posecoach.judging.results import ClauseVerdict, ClipResult
from posecoach.reports.rows import ClauseNote
from posecoach.resources import web_dir
from posecoach.vocabulary import State, Text


def render(template: str, **context: Any) -> str:
    """A page from one of the templates; everything put in is escaped."""
    return _environment().get_template(template).render(context)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(web_dir() / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"wording": wording, "State": State, "both": _both, "w": _words, "t": _text, "tt": _svg_text}
    environment.globals |= {
        "seconds": Text("秒", "s"),
        "worst_words": Text("最差", "worst"),
        "best_words": Text("最好", "best"),
    }
    return environment


def _both(value: float, unit: str, error_95: float | None = None) -> Text:
    return Text(wording.format_value(value, unit, "zh", error_95), wording.format_value(value, unit, "en", error_95))


def _words(zh: str, en: str) -> Markup:
    """Both languages, of which the page shows one."""
    return _text(Text(zh, en))


@lru_cache(maxsize=2000)  # the same words stand on page after page
def _text(text: Text) -> Markup:
    if text.zh == text.en:
        return escape(str(text.zh))
    return Markup('<span class="zh" lang="zh-CN">{}</span><span class="en" lang="en">{}</span>').format(str(text.zh), str(text.en))


@lru_cache(maxsize=2000)
def _svg_text(text: Text) -> Markup:
    if text.zh == text.en:
        return escape(str(text.zh))
    return Markup('<tspan class="zh">{}</tspan><tspan class="en">{}</tspan>').format(str(text.zh), str(text.en))


def source_of(clause: ClauseVerdict, note: ClauseNote) -> Text:
    """Where a clause comes from; the material is never cited for what it does not say."""
    if clause.source == "custom":
        return Text("一般礼仪，不在培训材料中", "general manners, not in the training material")
    return Text(f"由 {clause.source} 引申", f"follows from {clause.source}") if note.is_derived else Text(clause.source, clause.source)


def documents_of(clips: Iterable[ClipResult]) -> list[tuple[str, Text]]:
    """The documents that are cited, with their words."""
    cited = {clause.source.split(" ")[0] for clip in clips for person in clip.people for clause in person.clauses}
    return [(code, words) for code, words in wording.SOURCES.items() if code in cited]
