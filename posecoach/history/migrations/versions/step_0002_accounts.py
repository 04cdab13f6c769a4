"""Accounts of those who may see records from other machines."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make room for accounts, and for the groups that trainers train."""
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("person_id", sa.Integer),
        sa.Column("password_hash", sa.String(300), nullable=False),
        sa.Column("must_change", sa.Boolean, nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("disabled_at", sa.DateTime),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_accounts_person_id", ondelete="CASCADE"),
        sa.UniqueConstraint("name", name="uq_accounts_name"),
        sa.UniqueConstraint("person_id", name="uq_accounts_person_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "account_groups",
        sa.Column("account_id", sa.Integer, nullable=False),
        sa.Column("group_id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "group_id", name="pk_account_groups"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_account_groups_account_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name="fk_account_groups_group_id", ondelete="CASCADE"),
    )
