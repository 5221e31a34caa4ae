"""The links of chosen territories as a few places and what joins them: for share images and small maps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from directory.initiatives.filters import Filters
from directory.initiatives.flows import FlowAnswer, flows
from directory.initiatives.index import Corpus
from directory.pages.parts.shared import Chosen
from directory.reference.keys import Side, side_of

Link = tuple[int, int, int]
"""Number of the place here, number of the place there, distinct initiatives."""

MAX_LINKS = 60
FEW = 12
"""Up to so many initiatives, each town is shown; beyond, countries."""


@dataclass(frozen=True)
class Place:
    """A place to draw, in degrees, with its distinct initiatives; an area is known, or shown, as a whole only."""

    key: str
    name: str
    lon: float
    lat: float
    count: int
    is_area: bool = False

    @property
    def side(self) -> Side:
        """The side on which it lies."""
        return side_of(self.key)


@dataclass(frozen=True)
class Gathered:
    """Places and links to draw; `flows` is what they were counted from, by région and country."""

    places: tuple[Place, ...]
    links: tuple[Link, ...]
    flows: FlowAnswer


def gather(corpus: Corpus, session: Session, chosen: Sequence[Chosen]) -> Gathered:
    """What links a territory, or one on each side, or every territory when none is chosen.

    By town when they are few, else by région and country; the whole site, or a zone of France, by zone.
    """
    here = tuple(one.key for one in chosen if one.side is Side.HERE)
    there = tuple(one.key for one in chosen if one.side is Side.THERE)
    is_wide = all(one.key[0] == "z" for one in chosen)
    is_fine = any(one.key[0] in "cedav" for one in chosen)
    return _gathered(corpus, session, Filters(here=here, there=there), chosen, 0 if is_wide else 1, is_fine=is_fine)


def gather_selection(corpus: Corpus, session: Session, filters: Filters) -> Gathered:
    """The links of any selection, by town when they are few, else by région and country."""
    return _gathered(corpus, session, filters, (), 1, is_fine=True)


def _gathered(
    corpus: Corpus, session: Session, filters: Filters, chosen: Sequence[Chosen], level: int, *, is_fine: bool
) -> Gathered:
    counted = found = flows(corpus, session, filters, level=level)
    if counted.total <= FEW and is_fine:
        found = flows(corpus, session, filters, level=3)
    links = found.flows[:MAX_LINKS]
    used = sorted({number for link in links for number in link[:2]})
    renumbered = {number: at for at, number in enumerate(used)}
    places = _places(found, used, chosen)
    return Gathered(places, tuple((renumbered[a], renumbered[b], count) for a, b, count in links), counted)


def _places(found: FlowAnswer, used: Sequence[int], chosen: Sequence[Chosen]) -> tuple[Place, ...]:
    """The ends of the links; a territory finer than them stands where it is itself, under its own name."""
    nodes = (found.nodes[number] for number in used)
    places = [Place(node.key, node.name, node.lon, node.lat, node.count) for node in nodes]
    for one in chosen:
        if any(place.key == one.key for place in places):
            continue
        at = next((number for number, place in enumerate(places) if place.key in one.keys[1:]), None)
        if at is not None:
            places[at] = replace(places[at], key=one.key, name=one.name, lon=one.lon, lat=one.lat)
    return tuple(places)
