"""Reading the gazetteer's file: rows and names, one connection per thread."""

import json
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

from directory.reference.keys import Side

from .engine import open_read_only, sqlite_module
from .names import HERE, THERE, Names
from .places import PRECISION_ORDER, Kind, Precision

SIDE_BITS: Final = {Side.HERE: HERE, Side.THERE: THERE, None: HERE | THERE}
TOWN_KEY: Final = "v:"
_PRECISIONS: Final = list(Precision)
_KINDS: Final = list(Kind)
_COLUMNS: Final = "id, key, kind, name, title, country, division, parent, lat, lon, population, prior, precision"
#: SQLite allows more, but long statements are slow to prepare.
_CHUNK: Final = 800
T = TypeVar("T")


class Row(NamedTuple):
    """A place as stored: coordinates in degrees, ``prior`` from about 0.2 to 1.1, ``parent`` another row's id."""

    id: int
    key: str | None
    kind: Kind
    name: str
    title: str | None
    country: str
    division: str | None
    parent: int | None
    lat: float
    lon: float
    population: int
    prior: float
    precision: Precision

    @property
    def is_coarse(self) -> bool:
        """Return whether the point is coarser than the place is: the commune itself could not be placed."""
        return PRECISION_ORDER[self.precision] > PRECISION_ORDER[self.kind.precision]

    @property
    def is_here(self) -> bool:
        """Return whether the place is in France, overseas included."""
        return self.country == "FR"

    def is_on(self, side: Side | None) -> bool:
        """Return whether the place is on a side; every place is on no side in particular."""
        return side is None or self.is_here == (side is Side.HERE)


def _row(cells: tuple[Any, ...]) -> Row:
    identifier, key, kind, name, title, country, division, parent, lat, lon, population, prior, precision = cells
    sort = _KINDS[kind]
    if type(key) is int:
        key = f"{TOWN_KEY}{key}"
    precise = sort.precision if precision is None else _PRECISIONS[precision]
    return Row(
        identifier, key, sort, name, title, country, division, parent, lat / 1e4, lon / 1e4, population, prior / 1e3,
        precise,
    )  # fmt: skip


def chunks(items: Iterable[T]) -> Iterator[list[T]]:
    """Yield items by the hundred."""
    iterator = iter(items)
    while chunk := list(islice(iterator, _CHUNK)):
        yield chunk


class Store:
    """The tables of a gazetteer's file; raises ``sqlite3.Error`` where the file is missing or damaged."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()

    @property
    def connection(self) -> sqlite3.Connection:
        """Return the connection of this thread of this process: a forked server must not share its parent's."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None or self._local.process != os.getpid():
            connection = self._local.connection = open_read_only(self.path)
            self._local.process = os.getpid()
        return connection

    def _all(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        return self.connection.execute(statement, values).fetchall()

    def meta(self, name: str) -> str:
        """Return a value written at build time, or an empty string."""
        found = self._all("SELECT value FROM meta WHERE name = ?", name)
        return str(found[0][0]) if found else ""

    @cached_property
    def names(self) -> Names:
        """Return all the names: read once, about 0.1 s."""
        connection = open_read_only(self.path)
        try:
            return Names(dict(connection.execute("SELECT name, content FROM names").fetchall()))
        finally:
            connection.close()

    @cached_property
    def calibration(self) -> dict[str, Any]:
        """Return the weights and thresholds of the confidence."""
        content: dict[str, Any] = json.loads(self.meta("calibration"))
        return content

    @cached_property
    def shared_names(self) -> dict[str, list[str]]:
        """Return the ISO codes of the countries that share a bare name (« Congo »), by compact name."""
        content: dict[str, list[str]] = json.loads(self.meta("shared_names"))
        return content

    @cached_property
    def capitals(self) -> frozenset[int]:
        """Return the places that are capitals of countries."""
        return frozenset(json.loads(self.meta("capitals")))

    @cached_property
    def country_words(self) -> dict[str, str]:
        """Return the ISO code of each folded name of a country."""
        return dict(self._all("SELECT words, country FROM country_word"))

    @cached_property
    def countries(self) -> dict[str, Row]:
        """Return the row of each country outside France, by ISO code."""
        rows = self._all(f"SELECT {_COLUMNS} FROM place WHERE kind = {int(Kind.COUNTRY)}")
        return {row.country: row for row in map(_row, rows)}

    @cached_property
    def departements(self) -> dict[str, Row]:
        """Return the row of each département, by code."""
        rows = self._all(f"SELECT {_COLUMNS} FROM place WHERE kind = {int(Kind.DEPARTEMENT)}")
        return {row.division: row for row in map(_row, rows) if row.division}

    @cached_property
    def regions(self) -> dict[str, Row]:
        """Return the row of each région, by territory key."""
        rows = self._all(f"SELECT {_COLUMNS} FROM place WHERE kind = {int(Kind.REGION)}")
        return {row.key: row for row in map(_row, rows) if row.key}

    @cached_property
    def departement_parents(self) -> dict[str, tuple[str, str]]:
        """Return (code of the région or nothing, code of the zone) of each département."""
        parts = (item.split(":") for item in self.meta("departements").split())
        return {code: (region, zone) for code, region, zone in parts}

    def exact(self, key: str) -> list[tuple[int, int]]:
        """Return (place, quality of the name) of the places of that name."""
        name = self.names.find(key)
        return [] if name is None else self.names.bearers(name)

    def beginning(self, prefix: str, side: Side | None, limit: int = 40) -> list[tuple[int, int, int]]:
        """Return (place, quality, length of the name) of the likeliest places whose name starts with a prefix."""
        return self.names.beginning(prefix, SIDE_BITS[side], limit)

    def postcode(self, code: str) -> list[int]:
        """Return the communes and boroughs of a postcode."""
        return [place for (place,) in self._all("SELECT place FROM postcode WHERE code = ?", code)]

    def places(self, identifiers: Iterable[int]) -> dict[int, Row]:
        """Return rows by id."""
        found: dict[int, Row] = {}
        for chunk in chunks(identifiers):
            statement = f"SELECT {_COLUMNS} FROM place WHERE id IN ({','.join(map(str, chunk))})"
            for cells in self.connection.execute(statement):
                found[cells[0]] = _row(cells)
        return found

    def with_key(self, key: str) -> Row | None:
        """Return the place of a territory key."""
        number = key[len(TOWN_KEY) :] if key.startswith(TOWN_KEY) else ""
        stored = int(number) if number.isascii() and number.isdecimal() and len(number) < 16 else key
        rows = self._all(f"SELECT {_COLUMNS} FROM place WHERE key = ?", stored)
        return _row(rows[0]) if rows else None

    def in_cells(self, cells: Iterable[int]) -> list[Row]:
        """Return the towns and communes of half-degree cells."""
        found = []
        for chunk in chunks(cells):
            found += self._all(f"SELECT {_COLUMNS} FROM place WHERE cell IN ({','.join(map(str, chunk))})")
        return [_row(cells) for cells in found]

    def ancestors(self, row: Row) -> list[Row]:
        """Return the chain of parents of a row, nearest first."""
        chain: list[Row] = []
        parent = row.parent
        while parent is not None and len(chain) < 4:
            found = self.places([parent]).get(parent)
            if found is None:
                break
            chain.append(found)
            parent = found.parent
        return chain


def database_errors() -> tuple[type[Exception], ...]:
    """Return the errors that a missing or damaged file raises."""
    return (sqlite3.Error, sqlite_module().Error, OSError, ValueError, KeyError)
