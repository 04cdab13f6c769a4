"""Who stands in a row from left to right, as the camera sees it: a table with a row for each person."""

from __future__ import annotations

from posecoach.row.places import RowEntry
from posecoach.storage.roster import HEADINGS, profile_of
from posecoach.storage.tables import Columns, RosterError, Table, records_of
from posecoach.vocabulary import Profile, Text

ROW_COLUMNS = Columns({name: HEADINGS[name] for name in ("name", "profile")}, ("name",))


def parse_row_roster(table: Table) -> tuple[RowEntry, ...]:
    """The people of a row in its order. Raises `RosterError` naming line and column."""
    if not table.rows:
        words = Text("名单是空的；列名用 姓名、性别", "the roster is empty; expected the columns name, profile")
        raise RosterError(words, table.source, 1)
    people = []
    for record in records_of(table, ROW_COLUMNS):
        if isinstance(record, RosterError):
            raise record
        people.append(RowEntry(record.cells.get("name"), profile_of(record, table.source) or Profile.UNSPECIFIED))
    return tuple(people)
