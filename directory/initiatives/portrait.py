"""The portrait of a territory on either side: what links it to the other one, with whom, in what, since when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from directory.core.errors import NotFound
from directory.core.geography import distance_km
from directory.geocoding.places import Place, Precision
from directory.initiatives.actors import ActorsIndex, OrganisationLine, Participations, lines
from directory.initiatives.columns import Mask, Rows
from directory.initiatives.ends import Ends, Flags
from directory.initiatives.index import Corpus
from directory.initiatives.public import Card, PublicPlace, cards
from directory.initiatives.published import Linked
from directory.initiatives.tallies import Tally
from directory.initiatives.territories import Codes
from directory.initiatives.vocabulary import Role
from directory.reference.keys import Level, Side, level_of, parse_key, side_of
from directory.reference.queries import ancestors, find_territory

Degrees = NDArray[np.float64]
UNKNOWN = "Ce territoire n’est pas dans nos listes."
LEVEL_WORDS: Mapping[Level, str] = {
    Level.COMMUNE: "commune",
    Level.EPCI: "intercommunalité",
    Level.DEPARTEMENT: "département",
    Level.REGION: "région",
    Level.ZONE: "territoire",
    Level.TOWN: "ville ou village",
    Level.DIVISION: "région",
    Level.COUNTRY: "pays",
}
LEVELS: Mapping[Side, tuple[Level, ...]] = {
    Side.HERE: (Level.ZONE, Level.REGION, Level.DEPARTEMENT, Level.EPCI, Level.COMMUNE),
    Side.THERE: (Level.COUNTRY, Level.DIVISION, Level.TOWN),
}
"""The levels of each side, coarse before fine."""
COLUMNS = {
    Level.COMMUNE: "own",
    Level.EPCI: "epci",
    Level.DEPARTEMENT: "middle",
    Level.REGION: "far",
    Level.ZONE: "wide",
    Level.TOWN: "own",
    Level.DIVISION: "middle",
    Level.COUNTRY: "far",
}
"""Where Ends keeps the territories of each level."""
LETTERS = {
    Level.COMMUNE: b"c",
    Level.EPCI: b"e",
    Level.DEPARTEMENT: b"d",
    Level.REGION: b"r",
    Level.ZONE: b"z",
    Level.TOWN: b"v",
    Level.DIVISION: b"a",
    Level.COUNTRY: b"p",
}
FINE = frozenset({Level.COMMUNE, Level.EPCI, Level.DIVISION, Level.TOWN})
MAX_FINE = 24
MAX_NEIGHBOURS = 8
FEWEST = 4
AROUND_KM: Mapping[Level, float] = {Level.COMMUNE: 60.0, Level.EPCI: 120.0, Level.TOWN: 200.0}
"""How far a neighbour may be, beyond the nearest four."""
MAX_CARDS = 6
MAX_ACTORS = 8


class Places(Protocol):
    """What is asked of the gazetteer."""

    def place(self, key: str) -> Place | None:
        """The place of a territory key."""


@dataclass(frozen=True)
class Count:
    """A value of a list with its distinct initiatives."""

    value: str
    label: str
    initiatives: int


@dataclass(frozen=True)
class Neighbour:
    """A territory of the same level that has links: how far its middle is, and how many distinct initiatives."""

    key: str
    name: str
    km: float
    initiatives: int


@dataclass(frozen=True)
class Several:
    """Territories of one level: how many there are, and the most linked of them."""

    total: int
    first: tuple[Linked, ...]


@dataclass(frozen=True)
class Portrait:
    """What the published initiatives tell of one territory; every count is of distinct initiatives.

    `partners` are the territories of the other side by level, coarse first; `inside` those that it holds and that have
    links of their own. `years` holds those that say when they began.
    """

    place: Place
    initiatives: int
    partners: Mapping[Level, Several]
    inside: Mapping[Level, Several]
    sectors: tuple[Count, ...]
    stages: tuple[Count, ...]
    years: Mapping[int, int]
    neighbours: tuple[Neighbour, ...]
    cards: tuple[Card, ...]
    actors: Mapping[Side, Sequence[OrganisationLine]]
    """The carriers here and the partners there that most of its initiatives name."""

    @property
    def side(self) -> Side:
        """The side on which the territory lies."""
        return self.place.side

    @property
    def undated(self) -> int:
        """How many initiatives do not say when they began."""
        return self.initiatives - sum(self.years.values())


def locate(corpus: Corpus, session: Session, places: Places | None, key: str) -> Place:
    """The territory of a key, from the reference lists, else the gazetteer, else the initiatives; raises NotFound."""
    try:
        parse_key(key)
    except ValueError as error:
        raise NotFound(UNKNOWN) from error
    found = _listed(session, key) or (places.place(key) if places is not None else None) or _met(corpus, key)
    if found is None:
        raise NotFound(UNKNOWN)
    return found


def _listed(session: Session, key: str) -> Place | None:
    territory = find_territory(session, key)
    if territory is None:
        return None
    keys = ancestors(session, key)
    above = find_territory(session, territory.parent_key) if territory.parent_key else None
    context = above.name if above is not None and above.name != territory.name and above.key[0] != "z" else ""
    country = "FR" if territory.side is Side.HERE else territory.country
    kind, precision = LEVEL_WORDS[territory.level], Precision.COMMUNE
    return Place(keys, kind, territory.name, context, territory.lon, territory.lat, precision, country)


def _met(corpus: Corpus, key: str) -> Place | None:
    """A territory there that only an initiative knows, where it shows it."""
    ends = _ends(corpus, side_of(key))
    code = ends.territories.code(key)
    if code is None or code not in ends.own:
        return None
    at = int(np.argmax(ends.own == code))
    chain = dict.fromkeys(int(getattr(ends, name)[at]) for name in ("own", "middle", "far", "wide"))
    keys, names = zip(*ends.territories.told(np.array(list(chain))), strict=True)
    lon, lat = ends.points(np.array([code]))[0].tolist()
    return Place(keys, LEVEL_WORDS[level_of(key)], names[0], names[-1], lon, lat, Precision.COMMUNE, keys[-1][2:])


def portrait(corpus: Corpus, session: Session, place: Place, actors: ActorsIndex) -> Portrait:
    """What links a territory to the other side; without any initiative, what is around it."""
    mask = corpus.lying_in((place.key,))
    count, tally = int(np.count_nonzero(mask)), corpus.tally(mask)
    other = Side.THERE if place.side is Side.HERE else Side.HERE
    return Portrait(
        place=place,
        initiatives=count,
        partners={level: _several(corpus, tally, level) for level in LEVELS[other]} if count else {},
        inside=_inside(corpus, tally, place) if count else {},
        sectors=_counts(corpus.count(mask, "sectors"), corpus.known.sectors),
        stages=_counts(corpus.count(mask, "stages"), corpus.known.stages),
        years=corpus.years(mask),
        neighbours=neighbours(corpus, place),
        cards=tuple(cards(corpus, session, corpus.ids[newest(corpus, mask, MAX_CARDS)])),
        actors=_actors(corpus, session, mask, actors.participations(session, corpus)) if count else {},
    )


def _actors(
    corpus: Corpus, session: Session, mask: Mask, taking_part: Participations
) -> dict[Side, list[OrganisationLine]]:
    roles = {Side.HERE: Role.CARRIER, Side.THERE: Role.PARTNER}
    found = {side: taking_part.most_present(mask, role, MAX_ACTORS) for side, role in roles.items()}
    both = lines(corpus.known, session, [one for counted in found.values() for one in counted])
    carriers = len(found[Side.HERE])
    return {Side.HERE: both[:carriers], Side.THERE: both[carriers:]}


def newest(corpus: Corpus, mask: Mask, most: int) -> Rows:
    """The first rows of a selection, the last published first."""
    return corpus.newest[mask[corpus.newest]][:most]


def _counts(found: Mapping[str, int], labels: Mapping[str, str]) -> tuple[Count, ...]:
    counted = (Count(value, labels.get(value, value), count) for value, count in found.items())
    return tuple(sorted(counted, key=lambda one: (-one.initiatives, one.label)))


def _inside(corpus: Corpus, tally: Tally, place: Place) -> dict[Level, Several]:
    """The finer territories that it holds, of those at which its initiatives end."""
    ends = _ends(corpus, place.side)
    within = ends.lying_in((place.key,))
    found = {
        level: _several(corpus, tally, level, _told(ends, getattr(ends, COLUMNS[level])[within]))
        for level in _finer(place.level)
    }
    return {level: several for level, several in found.items() if several.total}


def _several(corpus: Corpus, tally: Tally, level: Level, held: Flags | None = None) -> Several:
    """The territories of a level that have links, among those held when they are given; of the fine ones, the first."""
    side = next(side for side, levels in LEVELS.items() if level in levels)
    table = _ends(corpus, side).territories
    counts = tally.territories(side.value, COLUMNS[level])
    found = np.flatnonzero(counts)
    found = found[table.keys[found].astype("S1") == LETTERS[level]]
    found = found if held is None else found[held[found]]
    order = np.argsort(-counts[found], kind="stable")[: MAX_FINE if level in FINE else None]
    told = zip(table.told(found[order]), counts[found[order]].tolist(), strict=True)
    return Several(len(found), tuple(Linked(key, name, count) for (key, name), count in told))


def _told(ends: Ends, codes: Codes) -> Flags:
    """Whether each territory of a side is among the codes (-1 is none)."""
    told = np.zeros(len(ends.territories.keys), dtype=bool)
    told[codes[codes >= 0]] = True
    return told


def _finer(level: Level) -> Iterable[Level]:
    levels = next(levels for levels in LEVELS.values() if level in levels)
    return levels[levels.index(level) + 1 :]


def neighbours(corpus: Corpus, place: Place, *, most: int = MAX_NEIGHBOURS) -> tuple[Neighbour, ...]:
    """The nearest territories of the same level that have links, by the distance between their middles."""
    ends = _ends(corpus, place.side)
    counts = corpus.tally(corpus.citizens).territories(place.side.value, COLUMNS[place.level])
    codes = np.flatnonzero(counts)
    keys = ends.territories.keys[codes]
    codes = codes[(keys.astype("S1") == LETTERS[place.level]) & (keys != place.key.encode())]
    if not len(codes):
        return ()
    points = ends.points(codes)
    nearest = _smallest(-_closeness(points, place.lon, place.lat), most)
    told = zip(ends.territories.told(codes[nearest]), points[nearest].tolist(), codes[nearest].tolist(), strict=True)
    found = [
        Neighbour(key, name, distance_km(place.lon, place.lat, lon, lat), int(counts[code]))
        for (key, name), (lon, lat), code in told
    ]
    reach = max(AROUND_KM.get(place.level, np.inf), found[min(FEWEST, len(found)) - 1].km)
    return tuple(one for one in found if one.km <= reach)


def closest(
    corpus: Corpus, session: Session, place: Place, *, without: Mask, most: int
) -> list[tuple[Card, PublicPlace, float]]:
    """The initiatives whose end on the side of a place is nearest to it, with that end and its distance (km)."""
    side = place.side
    km = _ends(corpus, side).kilometres(place.lon, place.lat)
    of_links = km[corpus.columns.here if side is Side.HERE else corpus.columns.there]
    best = of_links[: corpus.size].copy()
    np.minimum.at(best, corpus.columns.extra_row, of_links[corpus.size :])
    best[without | ~corpus.citizens] = np.inf
    rows = _smallest(best, most)
    found = []
    for card in cards(corpus, session, corpus.ids[rows[np.isfinite(best[rows])]]):
        ends = card.here if side is Side.HERE else card.there
        far, end = min(((distance_km(place.lon, place.lat, one.lon, one.lat), one) for one in ends), key=_first)
        found.append((card, end, far))
    return found


def _smallest(values: Degrees, most: int) -> Rows:
    """Where the smallest stand, in order; of equals, the first."""
    if len(values) > most:
        few = np.flatnonzero(values <= np.partition(values, most - 1)[most - 1])
        return few[np.argsort(values[few], kind="stable")][:most]
    return np.argsort(values, kind="stable")


def _first(pair: tuple[float, PublicPlace]) -> float:
    return pair[0]


def _closeness(points: Degrees, lon: float, lat: float) -> Degrees:
    """The cosine of the angle between points (lon, lat in degrees) and one: larger is nearer."""
    lons, lats = np.radians(points[:, 0] - lon), np.radians(points[:, 1])
    middle = np.radians(lat)
    found: Degrees = np.sin(lats) * np.sin(middle) + np.cos(lats) * np.cos(middle) * np.cos(lons)
    return found


def _ends(corpus: Corpus, side: Side) -> Ends:
    return corpus.here if side is Side.HERE else corpus.there
