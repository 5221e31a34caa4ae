"""What a worker reads of every sheet when it begins stands beside the stories, not behind them: SQLite alone.

A column that follows a long text is reached through all the pages of that text: 100,000 sheets were 600 MB to go
through for 15. PostgreSQL keeps long texts apart by itself.
"""

from __future__ import annotations

from alembic import op

revision = "20261122_facts"
down_revision = "20261122_search_words"
branch_labels = None
depends_on = None

ON_SQLITE = """CREATE INDEX ix_facts_initiative ON initiative (
    state, id, since_year, stage, network_id, published_at, title_fold, publics, needs, origin)"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(ON_SQLITE)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP INDEX ix_facts_initiative")
