"""Writing a draft down as the tables that answer queries."""

import heapq
import sqlite3
import zlib
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from typing import Final

from directory.geocoding.places import SETTLEMENTS, Kind, Precision
from directory.geocoding.spelling import sound

from .draft import Draft

SCHEMA: Final = """
CREATE TABLE place(id INTEGER PRIMARY KEY, key TEXT, kind INT, name TEXT, title TEXT, country TEXT, division TEXT,
  parent INT, lat INT, lon INT, population INT, prior INT, precision INT, cell INT);
CREATE TABLE spelling(id INTEGER PRIMARY KEY, k TEXT, sides INT);
CREATE TABLE alias(spelling INT, place INT, quality INT, PRIMARY KEY(spelling, place)) WITHOUT ROWID;
CREATE TABLE postcode(code TEXT, place INT, PRIMARY KEY(code, place)) WITHOUT ROWID;
CREATE TABLE country_word(words TEXT PRIMARY KEY, country TEXT) WITHOUT ROWID;
CREATE TABLE popular(prefix TEXT, sides INT, places TEXT, PRIMARY KEY(prefix, sides)) WITHOUT ROWID;
CREATE TABLE sound(sound INT, spelling INT, PRIMARY KEY(sound, spelling)) WITHOUT ROWID;
CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE VIRTUAL TABLE trigram USING fts5(k, tokenize='trigram', detail=none, columnsize=0, content='');
"""
INDEXES: Final = """
CREATE UNIQUE INDEX spelling_k ON spelling(k);
CREATE INDEX place_cell ON place(cell) WHERE cell IS NOT NULL;
CREATE UNIQUE INDEX place_key ON place(key) WHERE key IS NOT NULL;
CREATE INDEX place_country ON place(country) WHERE kind = 9;
INSERT INTO trigram(trigram) VALUES('optimize');
ANALYZE;
"""
HERE, THERE = 1, 2
#: A prefix shared by more names than this gets its best places computed in advance.
POPULAR_FROM: Final = 250
POPULAR_KEPT: Final = 30
LONGEST_POPULAR: Final = 11
PRECISIONS: Final = list(Precision)


def cell(lat: float, lon: float) -> int:
    """Return the number of the half-degree cell of a point in degrees."""
    return int((lat + 90) * 2) * 1000 + int((lon + 180) * 2)


def place_rows(draft: Draft) -> Iterator[tuple[object, ...]]:
    """Yield the rows of table ``place``: coordinates in 1/10 000 degree, prior in thousandths."""
    for index, entry in enumerate(draft.entries):
        is_coarser = entry.precision is not None and entry.precision is not entry.kind.precision
        coarse = PRECISIONS.index(entry.precision) if is_coarser and entry.precision else None
        has_cell = entry.kind in (Kind.TOWN, Kind.COMMUNE)
        yield (
            index, entry.key, int(entry.kind), entry.name, entry.title, entry.country, entry.division, entry.parent,
            round(entry.lat * 1e4), round(entry.lon * 1e4), entry.population, round(entry.prior * 1000), coarse,
            cell(entry.lat, entry.lon) if has_cell else None,
        )  # fmt: skip


def by_spelling(draft: Draft) -> dict[str, list[tuple[int, int]]]:
    """Return the places of each key, sorted by key, as (place, quality)."""
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for index, names in enumerate(draft.names):
        for key, quality in names.items():
            found[key].append((index, quality))
    return {key: found[key] for key in sorted(found)}


def sides(draft: Draft, places: list[tuple[int, int]]) -> int:
    """Return the sides on which a key has places, as bits."""
    bits = 0
    for place, _ in places:
        bits |= HERE if draft.entries[place].country == "FR" else THERE
    return bits


def sound_rows(spellings: dict[str, int]) -> Iterator[tuple[int, int]]:
    """Yield (checksum of the phonetic key, spelling) for the names long enough to have one."""
    for key, spelling in spellings.items():
        if len(key) >= 4 and len(heard := sound(key)) >= 3:
            yield zlib.crc32(heard.encode()), spelling


def popular_rows(draft: Draft, inverted: dict[str, list[tuple[int, int]]]) -> Iterator[tuple[str, int, str]]:
    """Yield the best places of each prefix that many names share, for each side: what makes suggestions instant."""
    counts: dict[str, int] = defaultdict(int)
    for key, places in inverted.items():
        for length in range(1, min(len(key), LONGEST_POPULAR) + 1):
            counts[key[:length]] += len(places)
    best: dict[tuple[str, int], dict[int, float]] = defaultdict(dict)
    for key, places in inverted.items():
        prefixes = [key[:n] for n in range(1, min(len(key), LONGEST_POPULAR) + 1) if counts[key[:n]] > POPULAR_FROM]
        for place, quality in places:
            entry = draft.entries[place]
            side = HERE if entry.country == "FR" else THERE
            score = entry.prior + 0.1 * (quality - 10)
            for prefix in prefixes:
                scores = best[prefix, side]
                if scores.get(place, -9.0) < score:
                    scores[place] = score
    for (prefix, side), scores in best.items():
        yield prefix, side, " ".join(map(str, heapq.nlargest(POPULAR_KEPT, scores, key=scores.__getitem__)))


def insert(connection: sqlite3.Connection, table: str, rows: Iterator[tuple[object, ...]], *, width: int) -> None:
    """Insert rows by the ten thousand."""
    statement = f"INSERT OR IGNORE INTO {table} VALUES({','.join('?' * width)})"
    while chunk := list(islice(rows, 10_000)):
        connection.executemany(statement, chunk)


def write_tables(connection: sqlite3.Connection, draft: Draft) -> None:
    """Write a draft into an empty file."""
    connection.executescript(SCHEMA)
    inverted = by_spelling(draft)
    spellings = {key: index for index, key in enumerate(inverted, 1)}
    insert(connection, "place", place_rows(draft), width=14)
    rows = ((spellings[key], key, sides(draft, places)) for key, places in inverted.items())
    insert(connection, "spelling", rows, width=3)
    aliases = ((spellings[key], place, quality) for key, places in inverted.items() for place, quality in places)
    insert(connection, "alias", aliases, width=3)
    insert(connection, "postcode", iter(sorted(set(draft.postcodes))), width=2)
    insert(connection, "country_word", iter(sorted(draft.country_words.items())), width=2)
    insert(connection, "trigram(rowid, k)", ((spellings[key], key) for key in inverted if len(key) >= 3), width=2)
    insert(connection, "sound", iter(sorted(sound_rows(spellings))), width=2)
    insert(connection, "popular", popular_rows(draft, inverted), width=3)
    draft.meta["places"], draft.meta["names"] = str(len(draft.entries)), str(len(inverted))
    settlements = sum(entry.kind in SETTLEMENTS for entry in draft.entries)
    draft.meta["settlements"] = str(settlements)
    insert(connection, "meta", iter(sorted(draft.meta.items())), width=2)
    connection.commit()
    connection.executescript(INDEXES)
    connection.commit()
