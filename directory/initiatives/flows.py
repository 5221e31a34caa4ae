"""Links gathered for the map: how many distinct initiatives join a territory here and a territory there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from directory.core.geography import Box
from directory.initiatives.columns import Columns, Rows, repeats
from directory.initiatives.ends import Ends, Flags, Whole
from directory.initiatives.filters import Filters
from directory.initiatives.published import Corpus

MAX_FLOWS = 320
MAX_NODES = 400
LEVELS = (("z", "p"), ("r", "p"), ("d", "a"), ("c", "v"))
"""Letter of the territories on each side, from the whole world to the ground: zone–country … commune–town."""
FIRST_LOCAL_LEVEL = 2
"""From this level on, links are those that touch the view, and an end outside it is drawn coarse."""
COARSE_LEVEL = 1
FINEST_LEVEL = 3
FEW = 20_000
"""Links below which sorting beats counting in a table of every couple."""
LARGEST_TABLE = 16_000_000
"""Couples counted in one table: 128 MB for a moment."""


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


@dataclass(frozen=True)
class FlowAnswer:
    """What the map draws. `flows` holds (index of the node here, index of the node there, distinct initiatives)."""

    level: int
    total: int
    countries: int
    territories: int
    nodes: tuple[Node, ...]
    flows: tuple[tuple[int, int, int], ...]
    flows_total: int

    def to_json(self) -> dict[str, Any]:
        """Columns rather than objects: three times shorter."""
        return {
            "level": self.level,
            "total": self.total,
            "countries": self.countries,
            "territories": self.territories,
            "flows_total": self.flows_total,
            "flows_shown": len(self.flows),
            "keys": [node.key for node in self.nodes],
            "names": [node.name for node in self.nodes],
            "lon": [round(node.lon, 4) for node in self.nodes],
            "lat": [round(node.lat, 4) for node in self.nodes],
            "counts": [node.count for node in self.nodes],
            "degrees": [node.degree for node in self.nodes],
            "flows": [value for flow in self.flows for value in flow],
        }


@dataclass(frozen=True)
class _Links:
    """The links to draw: their numbers, and the code of the territory at both ends of each."""

    number: Rows
    here: Whole
    there: Whole


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
        chosen &= seen[0][corpus.columns.here] | seen[1][corpus.columns.there]
    links = _ends(corpus, chosen, level, seen)
    found = _gather_ground(corpus, links, seen) if level == FINEST_LEVEL else _gather(corpus.columns, links)
    return _answer(corpus, level, (int(np.count_nonzero(mask)), *corpus.reach(mask)), links, found)


def _ends(corpus: Corpus, chosen: Flags, level: int, seen: tuple[Flags, Flags] | None) -> _Links:
    """The chosen links with the territories at both ends; one that is out of sight is coarse."""
    columns, codes = corpus.columns, []
    number = np.flatnonzero(chosen)
    for at, (side, places) in enumerate(((corpus.here, columns.here), (corpus.there, columns.there))):
        shown = side.at(level) if seen is None else np.where(seen[at], side.at(level), side.at(COARSE_LEVEL))
        codes.append(shown[places if len(number) == columns.links else places[number]])
    return _Links(number, codes[0], codes[1])


def _gather_ground(corpus: Corpus, links: _Links, seen: tuple[Flags, Flags] | None) -> _Couples:
    """Level 3 has too many couples for a table: those with both ends in sight were numbered once and for all."""
    columns = corpus.columns
    if len(links.number) <= FEW:
        return _gather(columns, links)
    if seen is None:
        return _numbered(corpus, links)
    # A place that is coarse itself may be the same territory as a far end: it is counted with them.
    is_near = np.ones(len(links.number), dtype=bool)
    for side, places, inside in ((corpus.here, columns.here, seen[0]), (corpus.there, columns.there, seen[1])):
        is_near &= (inside & (side.own != side.far))[places[links.number]]
    near, far = (
        _Links(links.number[chosen], links.here[chosen], links.there[chosen]) for chosen in (is_near, ~is_near)
    )
    parts = _numbered(corpus, near), _gather(columns, far)
    return _Couples(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("here", "there", "weight")))


def _numbered(corpus: Corpus, links: _Links) -> _Couples:
    columns = corpus.columns
    pair = columns.pair[links.number]
    weight = np.bincount(pair, minlength=len(columns.pair_link))
    several = _several(columns, links)
    weight -= np.bincount(repeats(columns.rows_of(links.number[several]), pair[several]), minlength=len(weight))
    found = np.flatnonzero(weight)
    one = columns.pair_link[found]
    return _Couples(corpus.here.own[columns.here[one]], corpus.there.own[columns.there[one]], weight[found])


def _several(columns: Columns, links: _Links) -> Rows:
    """Where the links of initiatives with several stand in `links`, those of one initiative together."""
    if len(links.number) == columns.links:
        return columns.several.astype(np.int64)
    place = np.full(columns.links, -1, dtype=np.int32)
    place[links.number] = np.arange(len(links.number), dtype=np.int32)
    found = place[columns.several]
    return found[found >= 0].astype(np.int64)


def _gather(columns: Columns, links: _Links) -> _Couples:
    """Couples counted in a table of all of them when it is small enough, else by sorting."""
    if not len(links.number):
        return _Couples(*(np.zeros(0, dtype=np.int64),) * 3)
    several = _several(columns, links)
    width = int(links.there.max()) + 1
    pair = links.here.astype(np.int64) * width + links.there
    again = repeats(columns.rows_of(links.number[several]), pair[several])
    size = (int(links.here.max()) + 1) * width
    if size <= max(LARGEST_TABLE // 16, 8 * len(pair)):
        weight = np.bincount(pair, minlength=size)
        weight -= np.bincount(again, minlength=size)
        code = np.flatnonzero(weight > 0)
        return _Couples(code // width, code % width, weight[code])
    if len(pair) > FEW:
        here, there = _compact(links.here), _compact(links.there)
        if len(here[1]) * len(there[1]) <= LARGEST_TABLE:
            dense = _gather(columns, _Links(links.number, here[0], there[0]))
            return _Couples(here[1][dense.here], there[1][dense.there], dense.weight)
    code, weight = np.unique(pair, return_counts=True)
    weight -= np.bincount(np.searchsorted(code, again), minlength=len(code))
    return _Couples(code // width, code % width, weight)


def _compact(codes: Whole) -> tuple[Rows, Rows]:
    """The codes numbered 0…m-1 in their order, and the code of each number."""
    is_used = np.zeros(int(codes.max()) + 1, dtype=bool)
    is_used[codes] = True
    return (np.cumsum(is_used) - 1)[codes], np.flatnonzero(is_used)


def _answer(corpus: Corpus, level: int, figures: tuple[int, int, int], links: _Links, found: _Couples) -> FlowAnswer:
    """The heaviest couples and the nodes that they use."""
    first = _heaviest(found.weight, MAX_FLOWS)
    couples = list(zip(*(column[first].tolist() for column in (found.here, found.there, found.weight)), strict=True))
    places = _within_limits(couples)
    nodes: dict[tuple[int, int], Node] = {}
    for at, (side, codes, ends) in enumerate(
        ((corpus.here, links.here, found.here), (corpus.there, links.there, found.there))
    ):
        counts = _distinct(corpus.columns, links, codes)
        degrees = np.bincount(ends, minlength=1)
        for place in places:
            if place[0] == at:
                nodes[place] = _node(side, place[1], int(counts[place[1]]), int(degrees[place[1]]))
    index = {place: number for number, place in enumerate(places)}
    drawn = ((index.get((0, here)), index.get((1, there)), weight) for here, there, weight in couples)
    lines = tuple((one, other, weight) for one, other, weight in drawn if one is not None and other is not None)
    return FlowAnswer(level, *figures, tuple(nodes[place] for place in places), lines, len(found.weight))


def _distinct(columns: Columns, links: _Links, codes: Whole) -> Rows:
    """Distinct initiatives of each territory at one end of the links."""
    several = _several(columns, links)
    counts = np.bincount(codes, minlength=1)
    return counts - np.bincount(repeats(columns.rows_of(links.number[several]), codes[several]), minlength=len(counts))


def _heaviest(weight: Rows, most: int) -> Rows:
    """Where the heaviest stand, in order; of equals, those that come first."""
    if len(weight) > most:
        number = np.bincount(weight)
        least = int(np.flatnonzero(np.cumsum(number[::-1])[::-1] >= most).max())
        above = np.flatnonzero(weight > least)
        equal = np.flatnonzero(weight == least)[: most - len(above)]
        chosen = np.sort(np.concatenate([above, equal]))
    else:
        chosen = np.arange(len(weight))
    return chosen[np.argsort(-weight[chosen], kind="stable")]


def _within_limits(couples: list[tuple[int, int, int]]) -> list[tuple[int, int]]:
    """The nodes (side, code) of the first couples, in their order, while they are few enough to draw."""
    used: dict[tuple[int, int], None] = {}
    for here, there, _ in couples:
        ends = ((0, here), (1, there))
        if len(used.keys() | set(ends)) > MAX_NODES:
            break
        used.update(dict.fromkeys(ends))
    return list(used)


def _node(side: Ends, code: int, count: int, degree: int) -> Node:
    return Node(side.territories.key(code), side.territories.names[code], *side.point(code), count, degree)
