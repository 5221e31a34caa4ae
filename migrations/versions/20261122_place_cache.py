"""Online providers of places: what they answered, and whose turn it is to ask them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_place_cache"
down_revision = "20261122_sign_in"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "place_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("query", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("hits", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('found', 'none', 'down')", name=op.f("ck_place_answer_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_answer")),
        sa.UniqueConstraint("provider", "query", name="uq_place_answer_provider_query"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_place_answer_expires_at"), "place_answer", ["expires_at"], unique=False)
    op.create_table(
        "provider_turn",
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resumes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_provider_turn_failures")),
        sa.PrimaryKeyConstraint("provider", name=op.f("pk_provider_turn")),
    )


def downgrade() -> None:
    op.drop_table("provider_turn")
    op.drop_index(op.f("ix_place_answer_expires_at"), table_name="place_answer")
    op.drop_table("place_answer")
