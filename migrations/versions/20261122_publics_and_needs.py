"""With whom and for whom an initiative acts, and what it looks for: two lists, and what was chosen in them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_publics_and_needs"
down_revision = "20261122_found_by"
branch_labels = None
depends_on = None

LISTS = ("public_group", "need")
CHOSEN = ("publics", "needs")


def upgrade() -> None:
    for name in LISTS:
        op.create_table(
            name,
            sa.Column("id", sa.String(length=40), nullable=False),
            sa.Column("label", sa.String(length=200), nullable=False),
            sa.Column("position", sa.Integer(), nullable=False),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        )
    # Not in batch mode: it would copy the table, and with it lose what refers to it.
    for name in CHOSEN:
        op.add_column("initiative", sa.Column(name, sa.JSON(), server_default="[]", nullable=False))


def downgrade() -> None:
    for name in CHOSEN:
        op.drop_column("initiative", name)
    for name in LISTS:
        op.drop_table(name)
