"""Words as a French public looks for them: families and exact words in one index, and the vocabulary of the corpus."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.orm import Session

from directory.core.text import words
from directory.initiatives.rebuilding import rewrite_all

revision = "20261122_search_words"
down_revision = "20261122_reports"
branch_labels = None
depends_on = None

TABLE_ON_SQLITE = (
    # Any text between spaces is a word here: cutting and folding are Python's. Only columns are kept of each word, not
    # its places: a third of the size, and phrases are looked for in the text of what holds all their words.
    """CREATE VIRTUAL TABLE initiative_fts USING fts5(
        heading, body, content='initiative_search', content_rowid='id', detail='column', columnsize=0,
        tokenize="ascii tokenchars '|='", prefix='2 3')"""
)
FORMER_TABLE_ON_SQLITE = """CREATE VIRTUAL TABLE initiative_fts USING fts5(
        heading, body, content='initiative_search', content_rowid='id', tokenize='unicode61', prefix='2 3')"""
INSERTED, DELETED = (
    "INSERT INTO initiative_fts(rowid, heading, body) VALUES (new.id, new.heading, new.body);",
    # 'delete' must be given the old values, or the index keeps stale hits without a word.
    """INSERT INTO initiative_fts(initiative_fts, rowid, heading, body)
        VALUES ('delete', old.id, old.heading, old.body);""",
)
TRIGGERS = {"ai": ("INSERT", INSERTED), "ad": ("DELETE", DELETED), "au": ("UPDATE", DELETED + INSERTED)}
INDEXES_ON_POSTGRESQL = {
    "ix_fts_heading": "array_to_tsvector(string_to_array(heading, ' '))",
    "ix_fts_all": "array_to_tsvector(string_to_array(heading || ' ' || body, ' '))",
}
NARROW_ON_POSTGRESQL = (
    # The index leads to rows of which only the number is wanted: texts that lie elsewhere make them seven times
    # quicker to go through. A row is only cut when it is longer than 2 kB, which a column of spaces, 30 bytes once
    # compressed, makes sure of.
    "ALTER TABLE initiative_search SET (toast_tuple_target = 128)",
    "ALTER TABLE initiative_search ALTER heading SET STORAGE EXTERNAL, ALTER body SET STORAGE EXTERNAL",
    "ALTER TABLE initiative_search ADD COLUMN narrowing text GENERATED ALWAYS AS (repeat(' ', 2100)) STORED",
)
WIDE_ON_POSTGRESQL = (
    "ALTER TABLE initiative_search DROP COLUMN IF EXISTS narrowing",
    "ALTER TABLE initiative_search RESET (toast_tuple_target)",
    "ALTER TABLE initiative_search ALTER heading SET STORAGE EXTENDED, ALTER body SET STORAGE EXTENDED",
)
FORMER_INDEXES_ON_POSTGRESQL = {
    "ix_fts_heading": "to_tsvector('simple', heading)",
    "ix_fts_all": "to_tsvector('simple', heading || ' ' || body)",
}


def is_sqlite() -> bool:
    """True on SpatiaLite: each engine has an index of words of its own."""
    return op.get_bind().dialect.name == "sqlite"


def upgrade() -> None:
    op.create_table(
        "search_word",
        sa.Column("word", sa.String(length=40, collation=None if is_sqlite() else "C"), nullable=False),
        sa.Column("sound", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_search_word")),
    )
    op.create_index(op.f("ix_search_word_sound"), "search_word", ["sound"])
    _drop_index()
    op.execute("DELETE FROM initiative_search")
    if is_sqlite():
        _index_on_sqlite(TABLE_ON_SQLITE)
    else:
        _run(NARROW_ON_POSTGRESQL)
    rewrite_all(op.get_bind())
    if not is_sqlite():
        _index_on_postgresql(INDEXES_ON_POSTGRESQL)


def downgrade() -> None:
    _drop_index()
    _forget_families()
    if is_sqlite():
        _index_on_sqlite(FORMER_TABLE_ON_SQLITE)
        op.execute("INSERT INTO initiative_fts(initiative_fts) VALUES ('rebuild')")
    else:
        _run(WIDE_ON_POSTGRESQL)
        _index_on_postgresql(FORMER_INDEXES_ON_POSTGRESQL)
    op.drop_index(op.f("ix_search_word_sound"), table_name="search_word")
    op.drop_table("search_word")


def _drop_index() -> None:
    if is_sqlite():
        for name in TRIGGERS:
            op.execute(f"DROP TRIGGER initiative_search_{name}")
        op.execute("DROP TABLE initiative_fts")
    else:
        for name in INDEXES_ON_POSTGRESQL:
            op.execute(f"DROP INDEX {name}")


def _run(statements: tuple[str, ...]) -> None:
    for statement in statements:
        op.execute(statement)


def _index_on_sqlite(table: str) -> None:
    op.execute(table)
    for name, (moment, body) in TRIGGERS.items():
        op.execute(f"CREATE TRIGGER initiative_search_{name} AFTER {moment} ON initiative_search BEGIN {body} END")


def _index_on_postgresql(indexes: dict[str, str]) -> None:
    for name, expression in indexes.items():
        op.execute(f"CREATE INDEX {name} ON initiative_search USING gin ({expression})")


def _forget_families() -> None:
    """The rows as they were: words alone, without what tells families and ends of texts."""
    rows = sa.table("initiative_search", sa.column("id"), sa.column("heading"), sa.column("body"))
    with Session(bind=op.get_bind()) as session:
        last = 0
        while batch := session.execute(sa.select(rows).where(rows.c.id > last).order_by(rows.c.id).limit(500)).all():
            last = batch[-1].id
            for row in batch:
                heading, body = (
                    " ".join(words(" ".join(term for term in text.split() if term[0] not in "|=")))
                    for text in (row.heading, row.body)
                )
                session.execute(rows.update().where(rows.c.id == row.id).values(heading=heading, body=body))
        session.flush()
