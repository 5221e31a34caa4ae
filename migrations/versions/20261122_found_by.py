"""Who gave the position of a place: those of OpenStreetMap's services stay out of open exports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_found_by"
down_revision = "20261122_place_cache"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in batch mode: it would copy the table and lose its geometry.
    op.add_column("anchor", sa.Column("found_by", sa.String(length=20), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("anchor", "found_by")
