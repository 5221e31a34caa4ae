"""Alembic's frame, for both databases. Spatial metadata first, foreign keys off while tables change, drift refused."""

from __future__ import annotations

import logging
from typing import Any

from alembic import context
from geoalchemy2 import alembic_helpers
from sqlalchemy import Engine

from directory import tables
from directory.core.database import UTCDateTime, make_engine, prepare_database

IGNORED_PREFIXES = (
    "initiative_fts",
    "organisation_fts",
    "geometry_columns",
    "spatial_ref_sys",
    "spatialite_history",
    "sqlite_",
    "views_geometry_columns",
    "virts_geometry_columns",
    "idx_",
    "data_licenses",
    "sql_statements_log",
    "KNN",
    "ElementaryGeometries",
    "SpatialIndex",
)
"""Tables of SpatiaLite and the shadow tables of full-text search: not ours to compare."""


def include_object(item: Any, name: str | None, kind: str, reflected: bool, compare_to: Any) -> bool:
    """Leave out what the engines keep for themselves."""
    if kind == "table" and reflected and name and name.startswith(IGNORED_PREFIXES):
        return False
    if kind == "index" and name and name.startswith(("ix_fts_", "ix_facts_")):
        return False  # written by hand, each dialect its own
    if kind == "column" and name == "narrowing":
        return False  # PostgreSQL's alone: see 20261122_search_words
    return bool(alembic_helpers.include_object(item, name, kind, reflected, compare_to))


def render_item(kind: str, item: Any, autogen_context: Any) -> Any:
    """A migration never imports the moving models."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return alembic_helpers.render_item(kind, item, autogen_context)


def run(engine: Engine) -> None:
    """Run the asked migrations, each in its own transaction, then check every foreign key on SQLite."""
    prepare_database(engine)
    with engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        context.configure(
            connection=connection,
            target_metadata=tables.METADATA,
            include_object=include_object,
            process_revision_directives=alembic_helpers.writer,
            render_item=render_item,
            compare_type=True,
            # True once BEGIN is ours; Alembic assumes otherwise and would leave half a migration behind.
            transactional_ddl=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        if connection.in_transaction():
            connection.commit()
        if is_sqlite:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"foreign keys broken by the migration: {broken[:5]}")


logging.getLogger("alembic").setLevel(logging.WARNING)
engine_of_migration = make_engine(context.config.attributes["url"], migrating=True)
try:
    run(engine_of_migration)
finally:
    engine_of_migration.dispose()
