"""People who agreed, their groups, their checks and what was done to them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the first tables."""
    _people()
    _checks()
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("person_id", sa.Integer),
        sa.Column("count", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_person_id", "audit", ["person_id"])
    op.create_table(
        "settings",
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("value", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_settings"),
    )


def _people() -> None:
    op.create_table(
        "groups",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_groups"),
        sa.UniqueConstraint("name", name="uq_groups_name"),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("group_id", sa.Integer, nullable=False),
        sa.Column("consented_at", sa.DateTime, nullable=False),
        sa.Column("consent_note", sa.String(500), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name="fk_people_group_id"),
        sa.UniqueConstraint("group_id", "name", name="uq_people_group_id_name"),
        sqlite_autoincrement=True,
    )


def _checks() -> None:
    op.create_table(
        "rules",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("file", sa.String(200), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rules"),
        sa.UniqueConstraint("file", "sha256", name="uq_rules_file_sha256"),
    )
    op.create_table(
        "clauses",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("code", sa.String(100), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_clauses"),
        sa.UniqueConstraint("code", name="uq_clauses_code"),
    )
    op.create_table(
        "checks",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("topic", sa.String(100), nullable=False),
        sa.Column("drill", sa.String(100), nullable=False),
        sa.Column("profile", sa.String(20), nullable=False),
        sa.Column("rules_id", sa.Integer, nullable=False),
        sa.Column("origin", sa.String(20), nullable=False),
        sa.Column("path", sa.String(1000)),
        sa.Column("seen_key", sa.String(64), nullable=False),
        sa.Column("done_at", sa.DateTime, nullable=False),
        sa.Column("recorded_at", sa.DateTime, nullable=False),
        sa.Column("score", sa.Double),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_checks"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_checks_person_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["rules_id"], ["rules.id"], name="fk_checks_rules_id"),
        sa.UniqueConstraint("person_id", "topic", "seen_key", name="uq_checks_person_id_topic_seen_key"),
        sa.CheckConstraint("score is null or (score >= 0 and score <= 100)", name="score_in_range"),
    )
    op.create_index("ix_checks_person_id_topic_done_at", "checks", ["person_id", "topic", "done_at"])
    op.create_index("ix_checks_done_at", "checks", ["done_at"])
    op.create_table(
        "clause_results",
        sa.Column("check_id", sa.Integer, nullable=False),
        sa.Column("clause_id", sa.Integer, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(20)),
        sa.Column("value", sa.Double),
        sa.Column("unit", sa.String(10), nullable=False),
        sa.Column("error_95", sa.Double),
        sa.Column("correction_zh", sa.String(500)),
        sa.Column("correction_en", sa.String(500)),
        sa.PrimaryKeyConstraint("check_id", "clause_id", name="pk_clause_results"),
        sa.ForeignKeyConstraint(["check_id"], ["checks.id"], name="fk_clause_results_check_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["clause_id"], ["clauses.id"], name="fk_clause_results_clause_id"),
        sqlite_with_rowid=False,
    )
