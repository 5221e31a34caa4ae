"""A still scene of links: where symbols, ribbons and names lie on a sheet of pixels, whoever draws it.

The grammar of the map: discs here, diamonds there of equal area, ribbons as wide as they count, the busiest named
first, no name over another nor over a symbol, none cut.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from directory.reference.keys import Side, side_of
from directory.stills.ribbons import Cubic, Strand, bundled, point_at

Box = tuple[float, float, float, float]
Measure = Callable[[str], float]
"""The width of a text, in pixels."""

DIAMOND = math.sqrt(math.pi / 2)
"""Half diagonal of a diamond with the area of a disc of radius 1."""
GAP = 2.5
"""Pixels left between two symbols."""
PASSES = 60
EDGE = 5.0
"""Widths of the ribbons of one symbol, together, in its radii: the better part of the way round it."""
CROWD = 12


@dataclass(frozen=True)
class Spot:
    """A territory to draw: its key, its name, its place on the sheet in pixels, its weight."""

    key: str
    name: str
    x: float
    y: float
    count: int
    is_area: bool = False
    """Whether the place is only known, or shown, as a whole territory."""


@dataclass(frozen=True)
class Sizes:
    """How large things are on a sheet, in pixels: symbols (radius of a disc), ribbons, the lines of the names."""

    smallest: float
    largest: float
    thinnest: float
    widest: float
    line: float
    names: int
    reference: int = 40
    """Below this count, the busiest symbol is not drawn as the largest."""


@dataclass(frozen=True)
class Symbol:
    """A disc (here) or a diamond (there): its centre and the radius of a disc of its area."""

    spot: Spot
    is_here: bool
    x: float
    y: float
    r: float

    @property
    def reach(self) -> float:
        """From the centre to the farthest ink."""
        return self.r if self.is_here else self.r * DIAMOND


@dataclass(frozen=True)
class Ribbon:
    """One link: its curve from here to there, its width, how many initiatives it stands for."""

    curve: Cubic
    width: float
    count: int


@dataclass(frozen=True)
class Name:
    """The name of a symbol: the left end of the middle of its line."""

    text: str
    is_here: bool
    x: float
    y: float
    key: str


@dataclass(frozen=True)
class Scene:
    """What is drawn on a sheet; the first symbol is the busiest."""

    symbols: tuple[Symbol, ...]
    ribbons: tuple[Ribbon, ...]
    names: tuple[Name, ...]


def compose(
    spots: Sequence[Spot],
    links: Sequence[tuple[int, int, int]],
    *,
    size: tuple[float, float],
    sizes: Sizes,
    measure: Measure,
) -> Scene:
    """The scene of `links` (number of the spot here, of the spot there, weight) on a sheet of a size."""
    symbols = _spread([_symbol(spot, sizes, spots) for spot in spots])
    widths = _widths(links, symbols, sizes)
    strands = [Strand(here, there, width, count) for (here, there, count), width in zip(links, widths, strict=True)]
    curves = bundled([(one.x, one.y) for one in symbols], strands) if strands else []
    ribbons = tuple(Ribbon(curve, one.width, one.count) for curve, one in zip(curves, strands, strict=True))
    busiest = tuple(sorted(symbols, key=lambda one: -one.spot.count))
    return Scene(busiest, ribbons, tuple(_names(busiest, ribbons, size, sizes, measure)))


def _symbol(spot: Spot, sizes: Sizes, spots: Sequence[Spot]) -> Symbol:
    most = max(sizes.reference, *(one.count for one in spots))
    radius = max(sizes.smallest, sizes.largest * math.sqrt(spot.count / most))
    return Symbol(spot, side_of(spot.key) is Side.HERE, spot.x, spot.y, radius)


def _widths(links: Sequence[tuple[int, int, int]], symbols: Sequence[Symbol], sizes: Sizes) -> list[float]:
    """Linear, so that a ribbon twice as wide stands for twice as many; thin ones are kept visible.

    All are thinner where those of one symbol would otherwise not leave from its edge.
    """
    most = max((count for *_, count in links), default=1)
    widest = [sizes.widest * count / max(most, sizes.reference / 4) for *_, count in links]
    roots: dict[int, float] = defaultdict(float)
    for (here, there, _), width in zip(links, widest, strict=True):
        roots[here] += width
        roots[there] += width
    fits = [EDGE * symbols[number].r / total for number, total in roots.items() if total > EDGE * symbols[number].r]
    is_crowd = len(links) > CROWD and bool(fits)
    thinnest = sizes.thinnest / 2 if is_crowd else sizes.thinnest
    factor = min(fits) if is_crowd else 1.0
    return [max(thinnest, width * factor) for width in widest]


def _spread(symbols: list[Symbol]) -> list[Symbol]:
    """Push overlapping symbols apart, the larger moving less: two territories never share a symbol."""
    places = [[one.x, one.y] for one in symbols]
    bulk = [one.r if one.is_here else one.r * DIAMOND * 0.86 for one in symbols]
    for _ in range(PASSES):
        moved = False
        for i in range(len(symbols)):
            for j in range(i + 1, len(symbols)):
                moved = _push(places[i], places[j], bulk[i] + bulk[j] + GAP, (bulk[i], bulk[j]), i + j) or moved
        if not moved:
            break
    return [replace(one, x=x, y=y) for one, (x, y) in zip(symbols, places, strict=True)]


def _push(one: list[float], other: list[float], wanted: float, bulk: tuple[float, float], seed: int) -> bool:
    dx, dy = other[0] - one[0], other[1] - one[1]
    if abs(dx) >= wanted or abs(dy) >= wanted:
        return False
    apart = math.hypot(dx, dy)
    if apart >= wanted - 0.01:
        return False
    if apart < 0.01:  # the same point: any direction, but always the same one
        dx, dy, apart = math.cos(seed), math.sin(seed), 1.0
    step, share = (wanted - apart) / apart, bulk[1] / (bulk[0] + bulk[1])
    one[0], one[1] = one[0] - dx * step * share, one[1] - dy * step * share
    other[0], other[1] = other[0] + dx * step * (1 - share), other[1] + dy * step * (1 - share)
    return True


def _names(
    busiest: Sequence[Symbol], ribbons: Sequence[Ribbon], size: tuple[float, float], sizes: Sizes, measure: Measure
) -> list[Name]:
    """Names beside their symbols, while there is room and until there are enough; off the ribbons where they can."""
    taken = [_box(one) for one in busiest]
    crossed = [box for ribbon in ribbons for box in _along(ribbon)]
    names: list[Name] = []
    for at, symbol in enumerate(busiest):
        if len(names) >= sizes.names:
            break
        if not symbol.spot.name:
            continue
        others = taken[:at] + taken[at + 1 :]
        beside = _beside(symbol, measure(symbol.spot.name), sizes.line)
        free = [box for box in beside if _is_free(box, size, others)]
        spot = next((box for box in free if _is_free(box, size, crossed)), free[0] if free else None)
        if spot is not None:
            taken.append(spot)
            names.append(Name(symbol.spot.name, symbol.is_here, spot[0], (spot[1] + spot[3]) / 2, symbol.spot.key))
    return names


def _along(ribbon: Ribbon) -> list[Box]:
    """Small boxes on a ribbon."""
    half = ribbon.width / 2
    points = (point_at(ribbon.curve, step / 24) for step in range(1, 24))
    return [(x - half, y - half, x + half, y + half) for x, y in points]


def _box(symbol: Symbol) -> Box:
    reach = symbol.reach
    return symbol.x - reach, symbol.y - reach, symbol.x + reach, symbol.y + reach


def _beside(symbol: Symbol, width: float, line: float) -> list[Box]:
    """Where the name of a symbol may lie, the best first."""
    x, y, reach, gap = symbol.x, symbol.y, symbol.reach, line * 0.3
    corner = reach * 0.72 + gap * 0.4
    lefts = [
        (x + reach + gap, y - line / 2),
        (x - reach - gap - width, y - line / 2),
        (x - width / 2, y - reach - line - 1),
        (x - width / 2, y + reach + 1),
        (x + corner, y - corner - line),
        (x - corner - width, y - corner - line),
        (x + corner, y + corner),
        (x - corner - width, y + corner),
    ]
    return [(left, top, left + width, top + line) for left, top in lefts]


def _is_free(box: Box, size: tuple[float, float], taken: Sequence[Box]) -> bool:
    left, top, right, bottom = box
    if left < 6 or top < 4 or right > size[0] - 6 or bottom > size[1] - 4:
        return False
    return not any(left < one[2] and right > one[0] and top < one[3] and bottom > one[1] for one in taken)
