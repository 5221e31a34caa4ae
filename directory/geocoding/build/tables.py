"""Writing a draft down as the tables that answer queries."""

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from directory.geocoding.places import SETTLEMENTS, Kind, Precision

from .draft import Draft

#: A place's key is a text, but for towns there, whose key is their GeoNames number.
SCHEMA: Final = """
CREATE TABLE place(id INTEGER PRIMARY KEY, key, kind INT, name TEXT, title TEXT, country TEXT, division TEXT,
  parent INT, lat INT, lon INT, population INT, prior INT, precision INT, cell INT);
CREATE TABLE postcode(code TEXT, place INT, PRIMARY KEY(code, place)) WITHOUT ROWID;
CREATE TABLE country_word(words TEXT PRIMARY KEY, country TEXT) WITHOUT ROWID;
CREATE TABLE names(name TEXT PRIMARY KEY, content BLOB);
CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
"""
INDEXES: Final = """
CREATE INDEX place_cell ON place(cell) WHERE cell IS NOT NULL;
CREATE UNIQUE INDEX place_key ON place(key) WHERE key IS NOT NULL;
CREATE INDEX place_kind ON place(kind) WHERE kind BETWEEN 5 AND 9;
ANALYZE;
"""
PRECISIONS: Final = list(Precision)
TOWN_KEY: Final = "v:"


def cell(lat: float, lon: float) -> int:
    """Return the number of the half-degree cell of a point in degrees."""
    return int((lat + 90) * 2) * 1000 + int((lon + 180) * 2)


def stored_key(key: str | None) -> str | int | None:
    """Return a territory key as stored."""
    return int(key[2:]) if key is not None and key.startswith(TOWN_KEY) else key


def place_rows(draft: Draft) -> Iterator[tuple[object, ...]]:
    """Yield the rows of table ``place``: coordinates in 1/10 000 degree, prior in thousandths."""
    for index, entry in enumerate(draft.entries):
        is_coarser = entry.precision is not None and entry.precision is not entry.kind.precision
        coarse = PRECISIONS.index(entry.precision) if is_coarser and entry.precision else None
        has_cell = entry.kind in (Kind.TOWN, Kind.COMMUNE)
        yield (
            index, stored_key(entry.key), int(entry.kind), entry.name, entry.title, entry.country, entry.division,
            entry.parent, round(entry.lat * 1e4), round(entry.lon * 1e4), entry.population, round(entry.prior * 1000),
            coarse, cell(entry.lat, entry.lon) if has_cell else None,
        )  # fmt: skip


def insert(connection: sqlite3.Connection, table: str, rows: Iterator[tuple[object, ...]], *, width: int) -> None:
    """Insert rows by the ten thousand."""
    statement = f"INSERT OR IGNORE INTO {table} VALUES({','.join('?' * width)})"
    while chunk := list(islice(rows, 10_000)):
        connection.executemany(statement, chunk)


def write_tables(connection: sqlite3.Connection, draft: Draft, columns: Iterable[tuple[str, bytes]]) -> None:
    """Write a draft and the columns of its names into an empty file."""
    connection.executescript(SCHEMA)
    insert(connection, "names", iter(columns), width=2)
    insert(connection, "place", place_rows(draft), width=14)
    insert(connection, "postcode", iter(sorted(set(draft.postcodes))), width=2)
    insert(connection, "country_word", iter(sorted(draft.country_words.items())), width=2)
    draft.meta["places"] = str(len(draft.entries))
    draft.meta["settlements"] = str(sum(entry.kind in SETTLEMENTS for entry in draft.entries))
    insert(connection, "meta", iter(sorted(draft.meta.items())), width=2)
    connection.commit()
    connection.executescript(INDEXES)
    connection.commit()
