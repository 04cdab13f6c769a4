"""`posecoach records account`: who may see records from other machines."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from posecoach.cli import accounts_words as said
from posecoach.cli.commands import Group, option
from posecoach.cli.door import tell
from posecoach.cli.language import spoken
from posecoach.cli.records_door import number_of, show_table, who, with_records
from posecoach.cli.words import filled
from posecoach.errors import PosecoachError

if TYPE_CHECKING:
    from posecoach.history.database import Records
    from posecoach.history.passwords import Hash

ROLES = ("staff", "trainer", "admin")


@click.group("account", cls=Group, help=said.ACCOUNT)
def account() -> None:
    pass


@account.command(help=said.ADD)
@click.argument("name")
@option("--role", type=click.Choice(ROLES), required=True, help=said.ROLE_OF)
@option("--person", help=said.PERSON)
@option("--group", "groups", multiple=True, help=said.GROUP)
@with_records()
def add(found: Records, /, name: str, role: str, person: str | None, groups: tuple[str, ...]) -> None:
    from posecoach.history.accounts import NewAccount, Role, add_account

    whose = person or (name if role == "staff" else None)
    own_group = groups[0] if role == "staff" and groups else None
    number = None if whose is None else number_of(found, whose, own_group)
    new = NewAccount(name, Role(role), _password(name), number, groups)
    with found.writing() as session:
        add_account(session, new, who=who())
    tell(filled(said.ADDED, name=name, role=spoken(said.ROLES[role])))


@account.command("list", help=said.LIST)
@with_records()
def list_accounts(found: Records, /) -> None:
    from posecoach.history.accounts import accounts

    with found.reading() as session:
        listed = accounts(session)
    rows = [
        (
            item.account.name,
            spoken(said.ROLES[item.account.role.value]),
            item.person or "–",
            "、".join(item.groups) or "–",
            spoken(said.IS_DISABLED) if item.account.is_disabled else "",
        )
        for item in listed
    ]
    show_table((said.ACCOUNT_NAME, said.ROLE_NAME, said.PERSON_NAME, said.GROUPS, said.STATE), rows)


@account.command(help=said.PASSWORD)
@click.argument("name")
@with_records()
def password(found: Records, /, name: str) -> None:
    from posecoach.history.accounts import set_password

    number = _number(found, name)
    new = _password(name)
    with found.writing() as session:
        set_password(session, number, new, who=who())
    tell(filled(said.CHANGED, name=name))


@account.command(help=said.DISABLE)
@click.argument("name")
@with_records()
def disable(found: Records, /, name: str) -> None:
    _set_disabled(found, name, is_disabled=True)
    tell(filled(said.DISABLED, name=name))


@account.command(help=said.ENABLE)
@click.argument("name")
@with_records()
def enable(found: Records, /, name: str) -> None:
    _set_disabled(found, name, is_disabled=False)
    tell(filled(said.ENABLED, name=name))


@account.command(help=said.ROLE)
@click.argument("name")
@click.argument("role", type=click.Choice(ROLES))
@option("--group", "groups", multiple=True, help=said.GROUP)
@with_records()
def role(found: Records, /, name: str, role: str, groups: tuple[str, ...]) -> None:
    from posecoach.history.accounts import Role, set_role

    number = _number(found, name)
    with found.writing() as session:
        set_role(session, number, Role(role), groups, who=who())
    tell(filled(said.NOW, name=name, role=spoken(said.ROLES[role])))


def _number(found: Records, name: str) -> int:
    from posecoach.history.accounts import find_account

    with found.reading() as session:
        return find_account(session, name).id


def _set_disabled(found: Records, name: str, *, is_disabled: bool) -> None:
    from posecoach.history.accounts import set_disabled

    number = _number(found, name)
    with found.writing() as session:
        set_disabled(session, number, is_disabled=is_disabled, who=who())


def _password(name: str) -> Hash:
    """A new password, asked for twice at a terminal, else the first line of standard input. Raises `PosecoachError`."""
    from posecoach.history.passwords import hashed

    if sys.stdin.isatty():
        given = click.prompt(spoken(said.ASK), hide_input=True, confirmation_prompt=True)
    else:
        given = sys.stdin.readline().rstrip("\r\n")
    if not given:
        raise PosecoachError(said.NO_PASSWORD)
    return hashed(given, name)
