"""Rosters of a row."""

from __future__ import annotations

import pytest

from posecoach.row.places import RowEntry
from posecoach.storage.row_roster import parse_row_roster
from posecoach.storage.tables import RosterError, table_of_text
from posecoach.vocabulary import Profile


def test_people_in_row_order_from_excel() -> None:
    text = "\ufeffName,Profile\r\n 张伟 ,male\r\n李娜,female\r\n\r\n王强,\r\n"
    assert parse_row_roster(table_of_text(text, "row.csv")) == (
        RowEntry("张伟", Profile.MALE),
        RowEntry("李娜", Profile.FEMALE),
        RowEntry("王强"),
    )


def test_names_alone_are_enough_and_columns_come_in_any_order() -> None:
    assert parse_row_roster(table_of_text("name\n张伟\n", "row.csv")) == (RowEntry("张伟"),)
    assert parse_row_roster(table_of_text("profile,name\nmale,张伟\n", "row.csv")) == (RowEntry("张伟", Profile.MALE),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("", "row.csv:1: the roster is empty", id="nothing"),
        pytest.param("file,name\na.mp4,张伟\n", "row.csv:1: unknown column 'file'; expected name, profile", id="a roster of files"),
        pytest.param("name,profile\n张伟,man\n", "row.csv:2: profile: expected one of female, male, unspecified, got 'man'", id="profile"),
        pytest.param('name\n"张伟\n李娜\n', "row.csv: this is no CSV table", id="a quote that is not closed"),
        pytest.param("name\n张伟,male\n", "row.csv:2: expected no more cells than columns, got 'male' too", id="too many cells"),
    ],
)
def test_mistakes_name_the_place(text: str, message: str) -> None:
    with pytest.raises(RosterError, match=r"row\.csv") as error:
        parse_row_roster(table_of_text(text, "row.csv"))
    assert str(error.value).startswith(message)


def test_a_class_list_is_a_roster_as_an_office_writes_it() -> None:
    table = table_of_text("序号\t姓名\t性别\n1\t张伟\t男\n2\t李娜\t女\n", "一班")
    assert parse_row_roster(table) == (RowEntry("张伟", Profile.MALE), RowEntry("李娜", Profile.FEMALE))
