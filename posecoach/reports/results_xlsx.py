"""`results.xlsx`, for trainers: a sheet of people against clauses, and a sheet of all verdicts to filter."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from posecoach import wording
from posecoach.judging.results import ClipResult
from posecoach.reports.results_csv import COLUMNS, csv_rows
from posecoach.reports.rows import Head, PersonEntries, clause_order
from posecoach.storage.tables import harmless
from posecoach.storage.whole_files import write_atomically
from posecoach.vocabulary import State, Text

_WIDTHS = {"path": 34, "correction_zh": 36, "correction_en": 36, "id": 28, "landmarks": 12, "annotated": 12, "source": 16}
_PEOPLE: tuple[tuple[Text, int], ...] = (
    (Text("姓名或文件", "Name or file"), 26),
    (Text("小组", "Group"), 12),
    (Text("片段数", "Clips"), 7),
    (Text("结论（最差）", "Outcome (worst)"), 14),
    (Text("平均得分", "Mean score"), 9),
    (Text("需改正项数", "To correct"), 10),
)
_COLOURS = {
    State.PASS: ("#E3F4E8", "#125C36"),
    State.WARN: ("#FCEFD6", "#7A4600"),
    State.FAIL: ("#F9D9D6", "#8E1B12"),
    State.UNJUDGED: ("#F2F3F5", "#5B646E"),
}
_NO_DAY = "1980-01-01"
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}


def write_xlsx(path: Path, head: Head, people: Sequence[PersonEntries], clips: Iterable[ClipResult]) -> None:
    """Write the workbook. Text is never taken for a formula or a link; the clips are gone through once.

    Raises `OutputError` when it cannot be written (on Windows: while Excel has it open).
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, _OPTIONS)
    formats = _Formats(book)
    _people_sheet(book.add_worksheet("总览 Overview"), formats, head, people)
    _verdict_sheet(book.add_worksheet("判定 Verdicts"), formats, clips)
    book.set_properties(
        {"title": "评分报告 · 仪态教练", "comments": head.generator, "created": datetime.fromisoformat(head.made or _NO_DAY)}
    )
    book.close()
    write_atomically(path, buffer.getvalue())


class _Formats:
    """The looks of cells."""

    def __init__(self, book: Any) -> None:
        font = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "vcenter"}
        self.head = book.add_format(font | {"bold": True, "text_wrap": True, "bg_color": "#E6EAEE", "bottom": 1})
        self.slanted = book.add_format(font | {"bold": True, "rotation": 60, "bg_color": "#E6EAEE", "bottom": 1, "border_color": "#C8CED4"})
        self.plain = book.add_format(font)
        self.score = book.add_format(font | {"num_format": "0"})
        self.states = {
            state: book.add_format(font | {"bg_color": fill, "font_color": ink, "align": "center", "border": 1, "border_color": "#FFFFFF"})
            for state, (fill, ink) in _COLOURS.items()
        }
        self.words = {state: book.add_format(font | {"bg_color": fill, "font_color": ink}) for state, (fill, ink) in _COLOURS.items()}


def _people_sheet(sheet: Any, formats: _Formats, head: Head, people: Sequence[PersonEntries]) -> None:
    """A row a person: who, how it went, and a column a clause with the worst verdict as a sign on a colour."""
    clauses = clause_order([row for person in people for row in person.rows], head)
    for column, (title, width) in enumerate(_PEOPLE):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, f"{title.zh}\n{title.en}", formats.head)
    sheet.set_column(len(_PEOPLE), len(_PEOPLE) + len(clauses), 5)
    for column, clause in enumerate(clauses, len(_PEOPLE)):
        words = head.label(clause)
        sheet.write_string(0, column, f"{words.zh}\n{words.en}", formats.slanted)
    sheet.set_row(0, 170)
    for row, person in enumerate(people, 1):
        _person_row(sheet, formats, row, person)
        for column, clause in enumerate(clauses, len(_PEOPLE)):
            state = person.worst(clause)
            if state is not None:
                sheet.write_string(row, column, wording.STATE_SIGNS[state], formats.states[state])
    _legend(sheet, formats, len(people) + 2)
    sheet.freeze_panes(1, 1)
    if people:
        sheet.autofilter(0, 0, len(people), len(_PEOPLE) + len(clauses) - 1)
    _print_on_a4(sheet)


def _person_row(sheet: Any, formats: _Formats, row: int, person: PersonEntries) -> None:
    outcome = wording.words_for(wording.OUTCOMES, person.outcome)
    state = wording.OUTCOME_STATES.get(person.outcome, State.UNJUDGED)
    sheet.write_string(row, 0, harmless(person.title.zh), formats.plain)
    sheet.write_string(row, 1, harmless(person.group or ""), formats.plain)
    sheet.write_number(row, 2, len(person.rows), formats.plain)
    sheet.write_string(row, 3, f"{wording.STATE_SIGNS[state]} {outcome.zh}", formats.words[state])
    if person.mean_score is not None:
        sheet.write_number(row, 4, person.mean_score, formats.score)
    sheet.write_number(row, 5, sum(len(r.having(State.FAIL)) for r in person.rows), formats.plain)


def _legend(sheet: Any, formats: _Formats, row: int) -> None:
    for i, (state, words) in enumerate(wording.STATES.items()):
        sheet.write_string(row + i, 0, f"{wording.STATE_SIGNS[state]} {words.zh} {words.en}", formats.words[state])


def _verdict_sheet(sheet: Any, formats: _Formats, clips: Iterable[ClipResult]) -> None:
    """The rows of `results.csv` with its columns, numbers as numbers, the state coloured."""
    for column, name in enumerate(COLUMNS):
        sheet.set_column(column, column, _WIDTHS.get(name, 10))
        sheet.write_string(0, column, name, formats.head)
    last = 0
    for last, cells in enumerate(_verdicts(clips), 1):
        look = formats.words[State[str(cells["state"]).upper()]]
        for column, name in enumerate(COLUMNS):
            _write(sheet, last, column, cells[name], look if name == "state" else formats.plain)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(last, 1), len(COLUMNS) - 1)
    _print_on_a4(sheet)


def _verdicts(clips: Iterable[ClipResult]) -> Iterator[dict[str, Any]]:
    for clip in clips:
        yield from csv_rows(clip)


def _write(sheet: Any, row: int, column: int, cell: Any, look: Any) -> None:
    """One cell; what is not known stays empty."""
    if isinstance(cell, (int, float)):
        sheet.write_number(row, column, cell, look)
    elif cell is not None:
        sheet.write_string(row, column, str(cell), look)


def _print_on_a4(sheet: Any) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
