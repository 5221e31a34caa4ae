"""Reports about sheets, the decisions on them, the replies published under sheets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_reports"
down_revision = "20261122_suggestions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_report()
    _create_report_decision()
    _create_published_reply()


def _create_report() -> None:
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("revision_number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("part", sa.String(length=12), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("signature", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contest", sa.Text(), nullable=False),
        sa.Column("contested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('inaccurate', 'danger', 'unlawful', 'other', 'reply')", name=op.f("ck_report_kind")
        ),
        sa.CheckConstraint("state IN ('waiting', 'decided', 'contested', 'closed')", name=op.f("ck_report_state")),
        sa.CheckConstraint(
            "(contested_at IS NOT NULL) = (state IN ('contested', 'closed'))", name=op.f("ck_report_contested_once")
        ),
        sa.ForeignKeyConstraint(["initiative_id"], ["initiative.id"], name=op.f("fk_report_initiative_id_initiative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("reference", name=op.f("uq_report_reference")),
        sa.UniqueConstraint("digest", name=op.f("uq_report_digest")),
        sqlite_autoincrement=True,
    )
    for column in ("initiative_id", "email", "state"):
        op.create_index(op.f(f"ix_report_{column}"), "report", [column])


def _create_report_decision() -> None:
    op.create_table(
        "report_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("round IN (1, 2)", name=op.f("ck_report_decision_round")),
        sa.CheckConstraint(
            "outcome IN ('unchanged', 'corrected', 'withdrawn', 'reply_published')",
            name=op.f("ck_report_decision_outcome"),
        ),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_report_decision_is_explained")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_report_decision_report_id_report"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["account.id"],
            name=op.f("fk_report_decision_decided_by_id_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_decision")),
        sa.UniqueConstraint("report_id", "round", name="uq_report_decision_report_round"),
        sqlite_autoincrement=True,
    )


def _create_published_reply() -> None:
    op.create_table(
        "published_reply",
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("signature", sa.String(length=120), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_published_reply_report_id_report"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiative.id"],
            name=op.f("fk_published_reply_initiative_id_initiative"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_published_reply")),
    )
    op.create_index(op.f("ix_published_reply_initiative_id"), "published_reply", ["initiative_id"])


def downgrade() -> None:
    for table in ("published_reply", "report_decision", "report"):
        op.drop_table(table)
