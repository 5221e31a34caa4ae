"""Links gathered for the map: how many distinct initiatives join a territory here and a territory there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from directory.core.geography import Box
from directory.initiatives.columns import Rows, repeats
from directory.initiatives.ends import BY_LEVEL, Flags, Whole
from directory.initiatives.filters import Filters
from directory.initiatives.published import Corpus
from directory.initiatives.tallies import Tally

MAX_FLOWS = (600, 1000, 500, 500)
"""At each level: what the map needs to tell a far corner of the world, within 10 kB compressed."""
MAX_NODES = 400
DECIMALS = (2, 2, 3, 3)
"""Of a degree, at each level: a pixel of the nearest view."""
LEVELS = (("z", "p"), ("r", "p"), ("d", "a"), ("c", "v"))
"""Letter of the territories on each side, from the whole world to the ground: zone–country … commune–town."""
FIRST_LOCAL_LEVEL = 2
"""From this level on, links are those that touch the view, and an end outside it is drawn coarse."""
COARSE_LEVEL = 1
FINEST_LEVEL = 3
FEW = 20_000
"""Links below which sorting beats counting in a table of every couple."""
SMALL_TABLE = 1_000_000
"""Couples up to which their codes are used as they are."""
LARGEST_TABLE = 16_000_000
"""Couples counted in one table: 128 MB for a moment at most."""
SPARSE = 8
"""Couples for one link above which a table is not read through."""
_SCATTER = 2_654_435_761
"""Multiplied by numbers in a row, gives numbers in no order, always the same."""


@dataclass(frozen=True)
class Node:
    """A territory at one end of the links: its key, its name, where it is drawn (degrees), its distinct initiatives."""

    key: str
    name: str
    lon: float
    lat: float
    count: int
    degree: int
    """How many territories of the other side it is linked with."""
    is_area: bool = False
    """Links end here because nothing finer is told, withheld or not known: to draw as an area, not as a spot."""


@dataclass(frozen=True)
class FlowAnswer:
    """What the map draws, as columns: an object a node would take longer than counting."""

    level: int
    total: int
    countries: int
    territories: int
    keys: list[str]
    names: list[str]
    points: list[tuple[float, float]]
    """(lon, lat) in degrees of each node."""
    counts: list[int]
    degrees: list[int]
    areas: list[int]
    """The nodes (by index) to draw as areas: see `Node.is_area`."""
    flows: list[tuple[int, int, int]]
    """(index of the node here, index of the node there, distinct initiatives), the heaviest first."""
    flows_total: int

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """The nodes as objects, for who draws a few."""
        areas = set(self.areas)
        told = zip(self.keys, self.names, self.points, self.counts, self.degrees, strict=True)
        return tuple(
            Node(key, name, lon, lat, count, degree, at in areas)
            for at, (key, name, (lon, lat), count, degree) in enumerate(told)
        )

    def to_json(self) -> dict[str, Any]:
        """Columns rather than objects: three times shorter."""
        rounded = np.array(self.points, dtype=np.float64).reshape(-1, 2).round(DECIMALS[self.level])
        return {
            "level": self.level,
            "total": self.total,
            "countries": self.countries,
            "territories": self.territories,
            "flows_total": self.flows_total,
            "flows_shown": len(self.flows),
            "keys": self.keys,
            "names": self.names,
            "lon": rounded[:, 0].tolist(),
            "lat": rounded[:, 1].tolist(),
            "counts": self.counts,
            "degrees": self.degrees,
            "areas": self.areas,
            "flows": list(chain.from_iterable(self.flows)),
        }


@dataclass(frozen=True)
class _Links:
    """The links to draw: their numbers, and the code of the territory at both ends of each.

    `several` tells where those of the initiatives with several stand among them, those of one `row` together.
    """

    number: Rows
    here: Whole
    there: Whole
    several: Whole
    row: Whole

    def only(self, chosen: Flags) -> _Links:
        """Some of them."""
        several, row = _among(chosen, self.several, self.row)
        here, there = self.here.compress(chosen), self.there.compress(chosen)
        return _Links(self.number.compress(chosen), here, there, several, row)

    def distinct(self, codes: Whole, size: int) -> Rows:
        """How many distinct initiatives have each code (one a link, below size)."""
        counts = np.bincount(codes, minlength=size)
        np.subtract.at(counts, repeats(self.row, codes.take(self.several)), 1)
        return counts


@dataclass(frozen=True)
class _Couples:
    """Distinct (territory here, territory there), with how many distinct initiatives join them."""

    here: Rows
    there: Rows
    weight: Rows


def flows(corpus: Corpus, session: Session, filters: Filters, *, level: int, box: Box | None = None) -> FlowAnswer:
    """The links of a selection at a level (0 to 3); `box` is the view, used from level 2 on."""
    mask = corpus.select(session, filters)
    chosen = corpus.columns.links_of(mask)
    seen: tuple[Flags, Flags] | None = None
    if box is not None and level >= FIRST_LOCAL_LEVEL:
        seen = corpus.here.inside(box), corpus.there.inside(box)
        chosen &= seen[0].take(corpus.columns.here) | seen[1].take(corpus.columns.there)
    links = _ends(corpus, chosen, level, seen)
    found = _gather_ground(corpus, links, seen) if level == FINEST_LEVEL else _gather(links)
    tally = corpus.tally(mask)
    reach = corpus.columns.once(("reach", filters), lambda: corpus.reach(tally))  # the same in every view
    return _answer(corpus, level, tally, reach, links, found, is_whole=seen is None)


def _ends(corpus: Corpus, chosen: Flags, level: int, seen: tuple[Flags, Flags] | None) -> _Links:
    """The chosen links with the territories at both ends; one that is out of sight is coarse."""
    columns = corpus.columns
    number = np.flatnonzero(chosen)
    is_all = len(number) == columns.links
    codes = []
    for at, (side, places) in enumerate(((corpus.here, columns.here), (corpus.there, columns.there))):
        shown = side.at(level) if seen is None else np.where(seen[at], side.at(level), side.at(COARSE_LEVEL))
        codes.append(shown.take(places if is_all else places.take(number)))
    several, row = columns.several, columns.several_rows
    if not is_all:
        several, row = _among(chosen, several, row)
    return _Links(number, codes[0], codes[1], several, row)


def _among(chosen: Flags, places: Whole, rows: Whole) -> tuple[Whole, Whole]:
    """Of links told by their places, those that are chosen: their places among the chosen ones, and their rows."""
    kept = np.flatnonzero(chosen.take(places))
    place = np.cumsum(chosen, dtype=np.int32) - 1  # ten times faster than with the whole numbers of the machine
    return place.take(places.take(kept)), rows.take(kept)


def _gather_ground(corpus: Corpus, links: _Links, seen: tuple[Flags, Flags] | None) -> _Couples:
    """Level 3 has too many couples for a table: those with both ends in sight were numbered once and for all."""
    columns = corpus.columns
    if len(links.number) <= FEW:
        return _gather(links)
    if seen is None:
        return _numbered(corpus, links)
    # A place that is coarse itself may be the same territory as a far end: it is counted with them.
    is_near = np.ones(len(links.number), dtype=bool)
    for side, places, inside in ((corpus.here, columns.here, seen[0]), (corpus.there, columns.there, seen[1])):
        is_near &= (inside & (side.own != side.far)).take(places.take(links.number))
    far = links.only(~is_near)
    # Whichever end is out of sight, the other side of the table is short.
    is_wide = far.there < len(corpus.there.territories.lon)
    parts = _numbered(corpus, links.only(is_near)), _gather(far.only(is_wide)), _gather(far.only(~is_wide))
    return _Couples(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("here", "there", "weight")))


def _numbered(corpus: Corpus, links: _Links) -> _Couples:
    columns = corpus.columns
    weight = links.distinct(columns.pair.take(links.number), len(columns.pair_link))
    found = np.flatnonzero(weight)
    one = columns.pair_link[found]
    here, there = corpus.here.own[columns.here[one]], corpus.there.own[columns.there[one]]
    return _Couples(here.astype(np.int64), there.astype(np.int64), weight[found])  # narrow columns would overflow


def _gather(links: _Links) -> _Couples:
    """Couples counted in a table of all of them when it is small enough, else by sorting."""
    if not len(links.number):
        return _Couples(*(np.zeros(0, dtype=np.int64),) * 3)
    width = int(links.there.max()) + 1
    size = (int(links.here.max()) + 1) * width
    if size <= SMALL_TABLE:
        return _tabled(links.distinct(links.here * np.int64(width) + links.there, size), width)
    if len(links.number) > FEW:
        here, there = _compact(links.here), _compact(links.there)
        width, size = len(there[1]), len(here[1]) * len(there[1])
        if size <= LARGEST_TABLE:
            couple = here[0] * np.int64(width) + there[0]
            if size > SPARSE * len(couple):
                return _scattered(links, couple, size)
            found = _tabled(links.distinct(couple, size), width)
            return _Couples(here[1][found.here], there[1][found.there], found.weight)
    code, pair = np.unique(links.here.astype(np.int64) << 32 | links.there, return_inverse=True)
    return _Couples(code >> 32, code & 0xFFFFFFFF, links.distinct(pair, len(code)))


def _tabled(weight: Rows, width: int) -> _Couples:
    code = np.flatnonzero(weight > 0)
    here = code // width
    return _Couples(here, code - here * width, weight[code])


def _scattered(links: _Links, couple: Rows, size: int) -> _Couples:
    """The same when most of the table would be empty: it is touched where links are, and never read through."""
    one = _last_of_each(couple, size)
    weight = np.zeros(size, dtype=np.uint32)
    np.add.at(weight, couple, np.uint32(1))
    np.subtract.at(weight, repeats(links.row, couple.take(links.several)), np.uint32(1))
    return _Couples(
        links.here[one].astype(np.int64), links.there[one].astype(np.int64), weight[couple[one]].astype(np.int64)
    )


def _last_of_each(codes: Rows, size: int) -> Rows:
    """Where each distinct code stands for the last time. Its table is given back before another is asked for."""
    number = np.arange(len(codes), dtype=np.int32)
    last = np.empty(size, dtype=np.int32)
    last[codes] = number
    return np.flatnonzero(last.take(codes) == number)


def _compact(codes: Whole) -> tuple[Whole, Rows]:
    """The codes numbered 0…m-1 in their order, and the code of each number."""
    is_used = np.zeros(int(codes.max()) + 1, dtype=bool)
    is_used[codes] = True
    return (np.cumsum(is_used, dtype=np.int32) - 1).take(codes), np.flatnonzero(is_used)


def _answer(
    corpus: Corpus, level: int, tally: Tally, reach: tuple[int, int], links: _Links, found: _Couples, *, is_whole: bool
) -> FlowAnswer:
    """The heaviest couples and the nodes that they use; `is_whole` when every link of the selection is drawn."""
    first = _heaviest(found.weight, MAX_FLOWS[level])
    here, there = found.here[first], found.there[first]
    # Territories of both sides in one series: even here, odd there.
    used, place = _in_order(np.column_stack([here * 2, there * 2 + 1]).reshape(-1))
    told = np.empty((4, len(used)), dtype=object)  # keys, names, counts, degrees
    points, is_area = np.empty((len(used), 2)), np.zeros(len(used), dtype=bool)
    for at, (side, codes, ends) in enumerate(
        ((corpus.here, links.here, found.here), (corpus.there, links.there, found.there))
    ):
        numbers = np.flatnonzero(used % 2 == at)
        drawn = used[numbers] // 2
        told[0, numbers], told[1, numbers] = side.territories.keys_of(drawn), side.territories.names.of_each(drawn)
        counts = tally.territories(("here", "there")[at], BY_LEVEL[level]) if is_whole else links.distinct(codes, 1)
        told[2, numbers] = counts[drawn].tolist()
        told[3, numbers] = np.bincount(ends, minlength=1)[drawn].tolist()
        points[numbers] = side.points(drawn)
        is_area[numbers] = _areas(corpus, links, drawn, level=level, at=at)
    lines = np.column_stack([place.reshape(-1, 2), found.weight[first]])
    lines = lines[(lines[:, :2] >= 0).all(axis=1)]
    countries, territories = reach
    return FlowAnswer(
        level=level,
        total=int(np.count_nonzero(tally.mask)),
        countries=countries,
        territories=territories,
        keys=told[0].tolist(),
        names=told[1].tolist(),
        points=list(zip(*points.T.tolist(), strict=True)),
        counts=told[2].tolist(),
        degrees=told[3].tolist(),
        areas=np.flatnonzero(is_area).tolist(),
        flows=list(zip(*lines.T.tolist(), strict=True)),
        flows_total=len(found.weight),
    )


def _areas(corpus: Corpus, links: _Links, drawn: Rows, *, level: int, at: int) -> Flags:
    """Which territories drawn on one side (`at`: 0 here, 1 there) are those of a place coarser than the level.

    A place out of sight is told by its country or its région too: that alone makes no area of them.
    """
    side, places = ((corpus.here, corpus.columns.here), (corpus.there, corpus.columns.there))[at]
    keys = side.territories.keys
    is_wide = np.zeros(len(keys), dtype=bool)
    if level >= FIRST_LOCAL_LEVEL:
        is_wide[drawn] = keys[drawn].astype("S1") != LEVELS[level][at].encode()
    if not is_wide.any():
        return is_wide[drawn]
    is_met = np.zeros(side.size, dtype=bool)
    is_met[places.take(links.number)] = True
    found = np.zeros(len(keys), dtype=bool)
    found[side.own[is_met & is_wide[side.own]]] = True
    return found[drawn]


def _in_order(ends: Rows) -> tuple[Rows, Rows]:
    """The territories at the ends of couples, two by two, in the order they come, and the place of each end in it.

    Couples are taken while their territories are few enough to draw; a territory that is not has place -1.
    """
    codes, first, number = np.unique(ends, return_index=True, return_inverse=True)
    order = np.argsort(first)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    met = np.searchsorted(first[order], np.arange(2, len(ends) + 1, 2))  # territories met once each couple is taken
    drawn = int(met[met <= MAX_NODES].max(initial=0))
    place = place[number]
    return codes[order][:drawn], np.where(place < drawn, place, -1)


def _heaviest(weight: Rows, most: int) -> Rows:
    """Where the heaviest stand, in order; of equals, some of everywhere.

    In the order of their codes they would be those of the first départements only.
    """
    if len(weight) > most:
        number = np.bincount(weight)
        least = int(np.flatnonzero(np.cumsum(number[::-1])[::-1] >= most).max())
        above = np.flatnonzero(weight > least)
        equal = np.flatnonzero(weight == least)
        equal = equal[np.linspace(0, len(equal) - 1, most - len(above)).astype(np.int64)]
        chosen = np.sort(np.concatenate([above, equal]))
    else:
        chosen = np.arange(len(weight))
    scattered = chosen * _SCATTER % (1 << 32)
    return chosen[np.lexsort((scattered, -weight[chosen]))]
