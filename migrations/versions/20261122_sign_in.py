"""Signing in: codes for the day the telephone is lost, the address asked for, the one left."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_sign_in"
down_revision = "20261122_doors_to_write"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account", sa.Column("mf_recovery_codes", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("account", sa.Column("former_email", sa.String(length=254), nullable=True))
    op.add_column("account", sa.Column("pending_email", sa.String(length=254), nullable=True))


def downgrade() -> None:
    op.drop_column("account", "pending_email")
    op.drop_column("account", "former_email")
    op.drop_column("account", "mf_recovery_codes")
