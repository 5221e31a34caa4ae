"""PostgreSQL always asks its index for words: it thought that reading and cutting every text costs less.

Its own functions count for one step, however long the text: where a word was held by half of 12,000 sheets, all were
read (0.5 s) instead of the index (1.3 ms). A function of the house says what it costs; and how many sheets hold a word
is not told, or what nearly all of them hold would be looked for in every text (2.3 s for 100,000).
"""

from __future__ import annotations

from alembic import op

revision = "20261122_terms"
down_revision = "20261122_facts"
branch_labels = None
depends_on = None

# Not in SQL: such a function would be put in the place of its name, and its cost forgotten.
FUNCTION = """CREATE FUNCTION search_terms(indexed text) RETURNS tsvector
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10000
    AS $$ BEGIN RETURN array_to_tsvector(string_to_array(indexed, ' ')); END $$"""
INDEXES = {"ix_fts_heading": "search_terms(heading)", "ix_fts_all": "search_terms(heading || ' ' || body)"}
FORMER_INDEXES = {
    "ix_fts_heading": "array_to_tsvector(string_to_array(heading, ' '))",
    "ix_fts_all": "array_to_tsvector(string_to_array(heading || ' ' || body, ' '))",
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(FUNCTION)
        _index(INDEXES)
        for name in INDEXES:
            op.execute(f"ALTER INDEX {name} ALTER COLUMN 1 SET STATISTICS 0")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _index(FORMER_INDEXES)
        op.execute("DROP FUNCTION search_terms(text)")


def _index(indexes: dict[str, str]) -> None:
    for name, words in indexes.items():
        op.execute(f"DROP INDEX {name}")
        op.execute(f"CREATE INDEX {name} ON initiative_search USING gin ({words})")
