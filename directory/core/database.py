"""One URL decides the database: SQLite with SpatiaLite, or PostgreSQL with PostGIS. Dialect words live here.

Every rule below answers a trap that was reproduced: silent NULL geometries, half-applied migrations,
writers that fail at once with "database is locked", indexes that are silently not used.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from geoalchemy2 import WKBElement, WKTElement
from numpy.typing import NDArray
from sqlalchemy import DateTime, Engine, MetaData, Table, create_engine, event, or_, text
from sqlalchemy.engine import Connection, Dialect, make_url
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.sql import sqltypes
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ColumnElement, FunctionElement
from sqlalchemy.types import TypeDecorator

from directory.core.geography import Box, check_point

SRID = 4326
BUSY_MS = 5000
READING_MS = 3000
"""Longest statement of a session that only reads: a person waits no longer for a slow database, and is told so."""
POOL_SECONDS = 3.0
STEPS_BETWEEN_LOOKS = 200_000
"""Steps of SQLite's machine between two looks at the clock: some milliseconds."""
WRITING_MS = 15_000
"""Longest statement of a session that may write, on PostgreSQL."""
IDLE_MS = 30_000
POSTGRES_OPTIONS = (
    "-c lock_timeout=5000 -c timezone=UTC "
    "-c jit=off"  # compiling a statement takes longer than any page may
)
NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""Every constraint has a name, so that a later migration can drop it on both databases."""


class Base(DeclarativeBase):
    """Parent of every table."""

    metadata = MetaData(naming_convention=NAMING)


class UTCDateTime(TypeDecorator[dt.datetime]):
    """An aware instant in UTC: SQLite forgets the zone, so it is put back; a naive value raises ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive instant refused")
        value = value.astimezone(dt.UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


def sqlite_module() -> Any:
    """The sqlite3 module that can load extensions: Debian's own, else pysqlite3."""
    import sqlite3

    if hasattr(sqlite3.Connection, "enable_load_extension"):
        return sqlite3
    import pysqlite3

    return pysqlite3


def make_engine(url: str, *, migrating: bool = False) -> Engine:
    """An engine for the URL; `migrating` lasts as long as it must, and switches SQLite's foreign keys off.

    With them, copying a table would delete its children. Waiting for a lock has its limit in both cases.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        # What a connection begins with is for pages: a page then asks nothing more before it reads.
        longest, idle = (0, 0) if migrating else (READING_MS, IDLE_MS)
        limits = f"-c statement_timeout={longest} -c idle_in_transaction_session_timeout={idle}"
        engine = create_engine(
            parsed,
            pool_pre_ping=True,
            pool_recycle=1800,
            pool_timeout=POOL_SECONDS,
            hide_parameters=True,  # a trace must not carry addresses of people
            connect_args={"connect_timeout": 3, "options": f"{limits} {POSTGRES_OPTIONS}"},
            execution_options={"migrating": migrating},
        )
        event.listen(engine, "begin", _begin_postgresql)
        return engine
    if os.environ.get("SPATIALITE_SECURITY", "").lower() == "relaxed":
        raise RuntimeError("SPATIALITE_SECURITY=relaxed lets SQL read files: refused")
    engine = create_engine(
        parsed,
        module=sqlite_module(),
        hide_parameters=True,
        pool_timeout=POOL_SECONDS,
        connect_args={"timeout": BUSY_MS / 1000, "check_same_thread": False},
    )
    event.listen(engine, "connect", lambda connection, _record: _prepare_sqlite(connection, migrating=migrating))
    event.listen(engine, "connect", _watch_clock)
    event.listen(engine, "before_cursor_execute", _set_deadline)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, *, migrating: bool) -> None:
    connection.isolation_level = None  # BEGIN is ours: see _begin_sqlite
    connection.enable_load_extension(True)
    try:
        connection.load_extension(os.environ.get("SPATIALITE_LIBRARY_PATH") or "mod_spatialite")
    except Exception as error:
        raise RuntimeError("mod_spatialite is missing: install the Debian package libsqlite3-mod-spatialite") from error
    finally:
        connection.enable_load_extension(False)  # never leave load_extension() callable from SQL
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={BUSY_MS}",
        "journal_mode=WAL",
        "synchronous=NORMAL",
        f"foreign_keys={'OFF' if migrating else 'ON'}",
        "trusted_schema=ON",  # SpatiaLite's triggers call its own functions
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that reads and then writes fails at once when another writer passed: take the lock first.
    mode = "DEFERRED" if connection.get_execution_options().get("readonly") else "IMMEDIATE"
    connection.exec_driver_sql(f"BEGIN {mode}")


def _begin_postgresql(connection: Connection) -> None:
    if not _keeps_first_limit(connection):
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = {WRITING_MS}")


def _keeps_first_limit(connection: Connection) -> bool:
    """Whether the limit of time that a connection began with is its own."""
    options = connection.get_execution_options()
    return bool(options.get("readonly") or options.get("migrating"))


def _watch_clock(connection: Any, record: Any) -> None:
    """SQLite has no statement_timeout: a statement looks at the clock itself, and stops with OperationalError."""
    info = record.info

    def is_late() -> bool:
        deadline = info.get("deadline")
        return deadline is not None and time.monotonic() > deadline

    connection.set_progress_handler(is_late, STEPS_BETWEEN_LOOKS)


def _set_deadline(connection: Connection, *_statement: Any) -> None:
    is_hurried = connection.get_execution_options().get("readonly") and not connection.info.get("patient")
    connection.info["deadline"] = time.monotonic() + READING_MS / 1000 if is_hurried else None


@contextmanager
def patient(session: Session) -> Iterator[None]:
    """Statements of the block may last: reading the whole corpus once is not a page that somebody waits for."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        # A cursor of the driver itself sets no deadline: the one of the last statement would stop it.
        connection.info["patient"], connection.info["deadline"] = True, None
        try:
            yield
        finally:
            del connection.info["patient"]
        return
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    yield
    # After an error the transaction is lost, and its settings with it.
    limit = "DEFAULT" if _keeps_first_limit(connection) else WRITING_MS
    connection.exec_driver_sql(f"SET LOCAL statement_timeout TO {limit}")


def claim_ids(session: Session, table: Table, number: int) -> range:
    """So many identifiers in a row that no other transaction will be given, for rows written in bulk.

    A database that numbers rows itself must be asked for each number: ten times slower than writing them.
    """
    if session.get_bind().dialect.name == "sqlite":  # the write lock is held: nobody else counts meanwhile
        asked = "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = :name), 0)"
        first = session.execute(text(asked), {"name": table.name}).scalar_one() + 1
        return range(first, first + number)
    session.execute(text(f'LOCK TABLE "{table.name}" IN SHARE ROW EXCLUSIVE MODE'))
    sequence = f"pg_get_serial_sequence('{table.name}', 'id')"
    last = session.execute(text(f"SELECT nextval({sequence})")).scalar_one() + number - 1
    session.execute(text(f"SELECT setval({sequence}, :last)"), {"last": last})
    return range(last - number + 1, last + 1)


def make_session_factory(engine: Engine, *, readonly: bool = False) -> sessionmaker[Session]:
    """Sessions that keep their objects after commit: reloading one would open a write lock on SQLite."""
    bind = engine.execution_options(readonly=True) if readonly else engine
    return sessionmaker(bind=bind, expire_on_commit=False)


def prepare_database(engine: Engine) -> None:
    """Spatial metadata or the spatial extension, once, before the first migration and outside any transaction."""
    if engine.dialect.name == "sqlite":
        raw = engine.raw_connection()
        try:
            cursor = raw.cursor()
            cursor.execute("SELECT CheckSpatialMetaData()")
            if _first(cursor) < 1:
                # The argument 1 makes it one transaction: without it, 194 seconds were seen instead of 0.04.
                cursor.execute("SELECT InitSpatialMetaData(1, 'WGS84')")
                if _first(cursor) != 1:
                    raise RuntimeError("SpatiaLite could not write its metadata")
        finally:
            raw.close()
        return
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS postgis")


def _first(cursor: Any) -> int:
    row = cursor.fetchone()
    return int(row[0]) if row else 0


def point(lon: float, lat: float) -> WKTElement:
    """The only way to make a geometry (lon, lat in degrees); raises ValueError off the globe.

    Both databases store POINT(200 95) and SpatiaLite turns a bad text into NULL, without a word.
    """
    lon, lat = check_point(lon, lat)
    return WKTElement(f"POINT({lon:.7f} {lat:.7f})", srid=SRID)


def coordinates(geometry: WKTElement | WKBElement) -> tuple[float, float]:
    """The (lon, lat) in degrees of a geometry that `point` made and no database has stored yet."""
    lon, lat = str(geometry.desc).removeprefix("POINT(").removesuffix(")").split()
    return float(lon), float(lat)


class in_range(FunctionElement[bool]):
    """in_range(Model.geom, west, south, east, north): the point lies in the box; served by the spatial index."""

    name = "in_range"
    type = sqltypes.Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> in_range:
        """Keep SQLAlchemy from appending "= 1" on SQLite, which would hide the index."""
        return self


@compiles(in_range, "sqlite")
def _range_on_sqlite(element: in_range, compiler: SQLCompiler, **kw: Any) -> str:
    column: Any = next(iter(element.clauses))
    geom, west, south, east, north = (compiler.process(clause, **kw) for clause in element.clauses)
    table = column.table.name
    # The R-tree rounds outwards to 32 bits: the exact coordinates are checked again.
    return (
        f"({table}.id IN (SELECT pkid FROM idx_{table}_{column.name} WHERE xmax >= {west} AND xmin <= {east} "
        f"AND ymax >= {south} AND ymin <= {north}) AND ST_X({geom}) BETWEEN {west} AND {east} "
        f"AND ST_Y({geom}) BETWEEN {south} AND {north})"
    )


@compiles(in_range, "postgresql")
def _range_on_postgresql(element: in_range, compiler: SQLCompiler, **kw: Any) -> str:
    geom, west, south, east, north = (compiler.process(clause, **kw) for clause in element.clauses)
    return (
        f"({geom} && ST_MakeEnvelope({west}, {south}, {east}, {north}, {SRID}) "
        f"AND ST_X({geom}) BETWEEN {west} AND {east} AND ST_Y({geom}) BETWEEN {south} AND {north})"
    )


def in_bbox(column: Any, box: Box) -> ColumnElement[bool]:
    """The point of `column` lies in the box, antimeridian included."""
    return or_(*(in_range(column, west, box.south, east, box.north) for west, east in box.ranges()))


class instant(FunctionElement[Any]):
    """instant(Model.at): what numpy reads as datetime64[us]; ISO text on SQLite, microseconds on PostgreSQL."""

    name = "instant"
    inherit_cache = True


@compiles(instant, "sqlite")
def _instant_on_sqlite(element: instant, compiler: SQLCompiler, **kw: Any) -> str:
    return compiler.process(element.clauses, **kw)


@compiles(instant, "postgresql")
def _instant_on_postgresql(element: instant, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST(extract(epoch FROM {compiler.process(element.clauses, **kw)}) * 1000000 AS bigint)"


class stored_point(FunctionElement[bytes]):
    """stored_point(Model.geom): the bytes that `points_of` reads; SpatiaLite's own X and Y cost five times more."""

    name = "stored_point"
    inherit_cache = True


@compiles(stored_point, "sqlite")
def _stored_on_sqlite(element: stored_point, compiler: SQLCompiler, **kw: Any) -> str:
    return compiler.process(element.clauses, **kw)


@compiles(stored_point, "postgresql")
def _stored_on_postgresql(element: stored_point, compiler: SQLCompiler, **kw: Any) -> str:
    return f"ST_AsBinary({compiler.process(element.clauses, **kw)}, 'NDR')"


class stored_point_in_hex(FunctionElement[str]):
    """stored_point_in_hex(Model.geom): the same in hexadecimal digits, which can stand in what `json_rows` gives."""

    name = "stored_point_in_hex"
    type = sqltypes.Text()
    inherit_cache = True


@compiles(stored_point_in_hex, "sqlite")
def _hex_on_sqlite(element: stored_point_in_hex, compiler: SQLCompiler, **kw: Any) -> str:
    return f"hex({compiler.process(element.clauses, **kw)})"


@compiles(stored_point_in_hex, "postgresql")
def _hex_on_postgresql(element: stored_point_in_hex, compiler: SQLCompiler, **kw: Any) -> str:
    return f"encode(ST_AsBinary({compiler.process(element.clauses, **kw)}, 'NDR'), 'hex')"


class json_rows(FunctionElement[str]):
    """json_rows(Child.a, Child.b): every row of a subquery as one JSON text, [[a, b], …], in no order.

    A parent is read with all its children in one statement: four of them cost five times more for one card.
    """

    name = "json_rows"
    type = sqltypes.Text()
    inherit_cache = True


@compiles(json_rows, "sqlite")
def _json_rows_on_sqlite(element: json_rows, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_group_array(json_array({compiler.process(element.clauses, **kw)}))"


@compiles(json_rows, "postgresql")
def _json_rows_on_postgresql(element: json_rows, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST(coalesce(json_agg(json_build_array({compiler.process(element.clauses, **kw)})), '[]') AS text)"


_X_AT = {60: 43, 21: 5}
"""Where X begins, by length: a SpatiaLite point (with its box), a WKB point. Both little-endian, Y follows."""


def points_of(stored: Sequence[bytes]) -> NDArray[np.float64]:
    """Longitudes and latitudes (degrees, one point a row) of what `stored_point` gave; raises ValueError otherwise."""
    if not stored:
        return np.zeros((0, 2))
    flat = np.frombuffer(b"".join(stored), dtype=np.uint8)
    first = _X_AT.get(len(stored[0]))
    if first is None or len(flat) != len(stored[0]) * len(stored):
        raise ValueError("not the bytes of points")
    return flat.reshape(len(stored), -1)[:, first : first + 16].copy().view("<f8")
