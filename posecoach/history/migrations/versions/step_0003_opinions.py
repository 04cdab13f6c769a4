"""What people say of a check beside the machine; names and rule files are found by an index."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables and indexes."""
    op.create_table(
        "opinions",
        sa.Column("check_id", sa.Integer, nullable=False),
        sa.Column("clause_id", sa.Integer, nullable=False),
        sa.Column("rater", sa.String(200), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("said_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("check_id", "clause_id", "rater", name="pk_opinions"),
        sa.ForeignKeyConstraint(["check_id"], ["checks.id"], name="fk_opinions_check_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["clause_id"], ["clauses.id"], name="fk_opinions_clause_id"),
    )
    op.create_table(
        "comments",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("check_id", sa.Integer, nullable=False),
        sa.Column("rater", sa.String(200), nullable=False),
        sa.Column("text", sa.String(1000), nullable=False),
        sa.Column("said_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_comments"),
        sa.ForeignKeyConstraint(["check_id"], ["checks.id"], name="fk_comments_check_id", ondelete="CASCADE"),
    )
    op.create_index("ix_comments_check_id", "comments", ["check_id"])
    op.create_index("ix_people_name", "people", ["name"])
    op.create_index("ix_checks_rules_id_done_at", "checks", ["rules_id", "done_at"])
