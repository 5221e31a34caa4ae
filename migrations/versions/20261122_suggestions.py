"""Suggestions as one types: organisations by the beginning of any word of their name, titles by their own beginning."""

from __future__ import annotations

from alembic import op

revision = "20261122_suggestions"
down_revision = "20261122_publics_and_needs"
branch_labels = None
depends_on = None

ON_SQLITE = (
    """CREATE VIRTUAL TABLE organisation_fts USING fts5(
        name_fold, content='organisation', content_rowid='id', tokenize='unicode61', prefix='2 3')""",
    """CREATE TRIGGER organisation_ai AFTER INSERT ON organisation BEGIN
        INSERT INTO organisation_fts(rowid, name_fold) VALUES (new.id, new.name_fold); END""",
    """CREATE TRIGGER organisation_ad AFTER DELETE ON organisation BEGIN
        INSERT INTO organisation_fts(organisation_fts, rowid, name_fold)
        VALUES ('delete', old.id, old.name_fold); END""",
    """CREATE TRIGGER organisation_au AFTER UPDATE OF name_fold ON organisation BEGIN
        INSERT INTO organisation_fts(organisation_fts, rowid, name_fold) VALUES ('delete', old.id, old.name_fold);
        INSERT INTO organisation_fts(rowid, name_fold) VALUES (new.id, new.name_fold); END""",
    "INSERT INTO organisation_fts(organisation_fts) VALUES ('rebuild')",
    "CREATE INDEX ix_fts_title ON initiative (title_fold)",
)
ON_POSTGRESQL = (
    "CREATE INDEX ix_fts_organisation ON organisation USING gin (to_tsvector('simple', translate(name_fold, '-/.@_:+&#', '         ')))",
    # The beginning of a name is a range of bytes: the order of words of a language would not do.
    'CREATE INDEX ix_fts_name ON organisation (name_fold COLLATE "C")',
    'CREATE INDEX ix_fts_title ON initiative (title_fold COLLATE "C")',
)


def is_sqlite() -> bool:
    """True on SpatiaLite: indexes of words are each engine's own."""
    return op.get_bind().dialect.name == "sqlite"


def upgrade() -> None:
    for statement in ON_SQLITE if is_sqlite() else ON_POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP INDEX ix_fts_title")
    if is_sqlite():
        for trigger in ("organisation_ai", "organisation_ad", "organisation_au"):
            op.execute(f"DROP TRIGGER {trigger}")
        op.execute("DROP TABLE organisation_fts")
    else:
        op.execute("DROP INDEX ix_fts_name")
        op.execute("DROP INDEX ix_fts_organisation")
