"""Where links end: the distinct places of one side as columns, each with its point and its territory at every level.

A place is a shown point with its territories. Initiatives in one commune nearly always share one: a link keeps two
numbers, and what a filter or a box tests is done once a place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from directory.core.geography import EARTH_RADIUS_KM, Box
from directory.initiatives.territories import Codes, Territories

Flags = NDArray[np.bool_]
Whole = NDArray[Any]
"""A column of integers of whatever width holds its values."""

DEGREE = 10_000_000
"""Points are whole numbers of 1e-7 degree, as `core.geography.check_point` rounds them: exact, in 32 bits."""
_RANKS = {letter: rank for letters in ("cedrz", "vap") for rank, letter in enumerate(letters)}
_AT_LEAST = {"here": "zrdc", "there": "ppav"}
PLACE = ("own", "middle", "far", "wide", "epci")
"""The columns of a place that hold territories, finest first."""
BY_LEVEL = ("wide", "far", "middle", "own")
"""The column of each level of the map."""
_COLUMN_OF = dict(zip("cedrzvap", ("own", "epci", "middle", "far", "wide", "own", "middle", "far"), strict=True))
_SLACK = 1e-4
"""Of a unit: what a product of doubles may be off, far below one unit."""


@dataclass(frozen=True)
class Ends:
    """The places of one side, sorted, and the table of its territories.

    `own` is the territory shown, `middle` … `wide` those of the coarser levels of the map (département, région, zone;
    division, country, country); a place coarser than a level keeps its own there. `epci` is -1 where there is none.
    """

    territories: Territories
    own: Whole
    middle: Whole
    far: Whole
    wide: Whole
    epci: Whole
    lon: Whole
    lat: Whole
    is_spot: Flags
    """The real place at which its territory is drawn: the nearest to the middle of the links that end there."""

    @property
    def size(self) -> int:
        """How many places there are."""
        return len(self.own)

    def at(self, level: int) -> Whole:
        """The territory of each place at a level of the map: 0 the world … 3 the ground."""
        column: Whole = getattr(self, BY_LEVEL[level])
        return column

    def column(self, letter: str) -> Whole:
        """The territory of each place at the level of a letter; an end coarser than it keeps its own there."""
        column: Whole = getattr(self, _COLUMN_OF[letter])
        return column

    def inside(self, box: Box) -> Flags:
        """The places in a box."""
        within = np.zeros(self.size, dtype=bool)
        for west, east in box.ranges():
            within |= (self.lon >= _at_least(west)) & (self.lon <= _at_most(east))
        return within & (self.lat >= _at_least(box.south)) & (self.lat <= _at_most(box.north))

    def lying_in(self, keys: Iterable[str]) -> Flags:
        """The places in one of the territories."""
        found = np.zeros(self.size, dtype=bool)
        for key in keys:
            code = self.territories.code(key)
            if code is not None:
                found |= self.column(key[0]) == code
        return found

    def kilometres(self, lon: float, lat: float) -> NDArray[np.float64]:
        """Great-circle distance of each place from a point in degrees (haversine, as `core.geography.distance_km`)."""
        lons, lats = np.radians(self.lon / DEGREE), np.radians(self.lat / DEGREE)
        phi = np.radians(lat)
        half = np.sin((lats - phi) / 2) ** 2
        half += np.cos(phi) * np.cos(lats) * np.sin((lons - np.radians(lon)) / 2) ** 2
        kilometres: NDArray[np.float64] = 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(1.0, np.sqrt(half)))
        return kilometres

    def points(self, codes: Codes) -> NDArray[np.float64]:
        """Where territories are drawn, (lon, lat) in degrees: at a centre; communes and towns, at a real place."""
        centred = codes < len(self.territories.lon)
        coarse = codes[centred]
        found = np.zeros((len(codes), 2))
        found[centred] = np.column_stack([self.territories.lon[coarse], self.territories.lat[coarse]])
        fine = codes[~centred]
        spots = np.flatnonzero(self.is_spot)
        at = np.searchsorted(self.own[spots], fine)
        at = spots[np.minimum(at, len(spots) - 1)] if len(fine) else at
        for lost in np.flatnonzero(self.own[at] != fine):  # coarse, and in no list any more: a place that lies in it
            at[lost] = np.argmax(np.logical_or.reduce([getattr(self, name) == fine[lost] for name in PLACE]))
        found[~centred] = np.column_stack([self.lon[at], self.lat[at]]) / DEGREE
        return found

    @property
    def nbytes(self) -> int:
        """Size in memory, with the table of territories."""
        return self.territories.nbytes + sum(column.nbytes for column in self.columns().values())

    def columns(self) -> dict[str, Whole]:
        """The columns by name."""
        return {item.name: getattr(self, item.name) for item in fields(self)[1:]}


@lru_cache(maxsize=256)
def layout(letters: str, side: str) -> tuple[int, int, int, int, int]:
    """Where own, middle, far, wide and epci stand in a chain of keys with these letters; -1 for no EPCI."""
    at_least = (_RANKS[letter] for letter in reversed(_AT_LEAST[side]))
    own, middle, far, wide = (
        next((at for at, letter in enumerate(letters) if _RANKS[letter] >= rank), len(letters) - 1) for rank in at_least
    )
    return own, middle, far, wide, letters.find("e")


def gathered(territories: Territories, columns: dict[str, Whole], uses: Whole) -> tuple[Ends, Codes]:
    """Places as they come → those that are used, once each and sorted, and the new number of each (-1 when unused).

    `columns` are those of Ends but `is_spot`; `uses` tells how many links end at each place.
    """
    order = np.lexsort([columns[name] for name in _SORTED_BY])
    order = order[uses[order] > 0]
    ordered = {name: column[order] for name, column in columns.items()}
    is_first = np.ones(len(order), dtype=bool)
    if len(order):
        is_first[1:] = np.logical_or.reduce([column[1:] != column[:-1] for column in ordered.values()])
    number = np.full(len(uses), -1, dtype=np.int64)
    number[order] = np.cumsum(is_first) - 1
    places = {name: column[is_first] for name, column in ordered.items()}
    weights = np.bincount(number[order], weights=uses[order], minlength=int(is_first.sum()))
    kept, codes = _pruned(territories, places)
    for name in PLACE:
        places[name] = _narrow(np.where(places[name] < 0, -1, codes[places[name]]))
    is_spot = _spots(places["own"], places["lon"], places["lat"], weights)
    return Ends(territories=kept, is_spot=is_spot, **places), number


_SORTED_BY = ("epci", "wide", "far", "middle", "lat", "lon", "own")
"""Last is first: by territory, then by point."""


def recoded(ends: Ends, territories: Territories) -> dict[str, Whole]:
    """The columns of places under the codes of a table that holds all their territories."""
    codes = ends.territories.codes_in(territories)
    columns = {name: column for name, column in ends.columns().items() if name != "is_spot"}
    return columns | {name: np.where(columns[name] < 0, -1, codes[columns[name]]) for name in PLACE}


def _pruned(territories: Territories, places: dict[str, Whole]) -> tuple[Territories, Codes]:
    """The table without the towns that no place uses any more, and the new code of each old one."""
    used = np.zeros(len(territories.keys), dtype=bool)
    used[: territories.listed] = True
    for name in PLACE:
        used[places[name][places[name] >= 0]] = True
    return territories.without_unused(used), np.cumsum(used) - 1


def _spots(own: Whole, lon: Whole, lat: Whole, weights: Whole) -> Flags:
    """Of the places of each territory (they are sorted by it), the one nearest to their weighted mean."""
    if not len(own):
        return np.zeros(0, dtype=bool)
    starts = np.flatnonzero(np.diff(own, prepend=-1))
    run = np.cumsum(np.diff(own, prepend=own[0]) != 0)
    total = np.add.reduceat(weights, starts)
    middle = [np.add.reduceat(column * weights, starts) / total for column in (lon, lat)]
    shrink = np.cos(np.radians(middle[1] / DEGREE))[run]
    gap = ((lon - middle[0][run]) * shrink) ** 2 + (lat - middle[1][run]) ** 2
    best = np.lexsort([gap, run])[starts]
    spots = np.zeros(len(own), dtype=bool)
    spots[best] = True
    return spots


def _narrow(column: Codes) -> Whole:
    """The column in 16 bits when they hold it, else in 32."""
    return column.astype(np.int16 if column.max(initial=0) < 1 << 15 else np.int32)


def _at_least(degrees: float) -> int:
    return int(np.ceil(degrees * DEGREE - _SLACK))


def _at_most(degrees: float) -> int:
    return int(np.floor(degrees * DEGREE + _SLACK))
