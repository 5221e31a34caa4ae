"""The published corpus at one version: any selection and every count in a few milliseconds, always exact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from directory.initiatives.columns import Columns, Mask, Rows, count_bits, count_values
from directory.initiatives.ends import Ends, Whole
from directory.initiatives.filters import Filters, KnownValues
from directory.initiatives.loading import NO_YEAR, STAGES, Lists
from directory.initiatives.models import Participation
from directory.initiatives.postings import Kept
from directory.initiatives.search import find
from directory.initiatives.tallies import Tally
from directory.initiatives.territories import HERE, THERE, Territories
from directory.initiatives.vocabulary import STAGE_SLUGS
from directory.organisations.models import Organisation
from directory.reference.keys import Level

TERRITORY_FACETS = {"countries": "p:", "regions": "r:", "departements": "d:"}
"""Attributes of Filters that are territories, with the letter of their keys."""
_FACET_LEVELS = {"countries": Level.COUNTRY, "regions": Level.REGION, "departements": Level.DEPARTEMENT}
_COLUMNS = {
    Level.COMMUNE: ("here", "own", "c:"),
    Level.EPCI: ("here", "epci", "e:"),
    Level.DEPARTEMENT: ("here", "middle", "d:"),
    Level.REGION: ("here", "far", "r:"),
    Level.ZONE: ("here", "wide", "z:"),
    Level.TOWN: ("there", "own", "v:"),
    Level.DIVISION: ("there", "middle", "a:"),
    Level.COUNTRY: ("there", "far", "p:"),
}
"""Where the territories of a level stand: side, column of its places, letter of their keys."""
_BITS = {"sectors": "sectors", "goals": "goals", "actor_types": "actors", "publics": "publics", "needs": "needs"}
"""Attributes of Filters whose values are bits, with their column."""
_STAGE_CODES = {STAGE_SLUGS[stage]: code for code, stage in enumerate(STAGES)}


class PublicOrganisations(Mapping[str, str]):
    """Names by slug of the organisations that a published initiative names, looked up as they are asked for."""

    _public = exists().where(Participation.organisation_id == Organisation.id)

    def __init__(self, session: Session) -> None:
        self._session = session

    def __getitem__(self, slug: str) -> str:
        name = self._session.scalar(select(Organisation.name).where(Organisation.slug == slug, self._public))
        if name is None:
            raise KeyError(slug)
        return name

    def __iter__(self) -> Iterator[str]:
        return iter(self._session.scalars(select(Organisation.slug).where(self._public)).all())

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Linked(NamedTuple):
    """A territory at one end of some initiatives, and how many distinct ones end there."""

    key: str
    name: str
    initiatives: int


@dataclass(frozen=True)
class Selection:
    """The rows that each choice of some filters holds, by attribute; together they narrow."""

    size: int
    parts: Mapping[str, Mask]
    heading: Mask | None = None
    """Rows whose title or places hold the words searched; None when there are none."""

    def mask(self, *, without: str = "") -> Mask:
        """The rows that every choice holds; `without` ignores one attribute, for the counts of its own facet."""
        mask = np.ones(self.size, dtype=bool)
        for attribute, part in self.parts.items():
            if attribute != without:
                mask &= part
        return mask


@dataclass(frozen=True)
class Corpus:
    """Everything published at one version; never changed once built, so that threads share it."""

    version: int
    lists: Lists
    columns: Columns
    here: Ends
    there: Ends
    kept: Kept
    """What this process remembers of frequent words."""
    networks: Mapping[int, str]
    """Slugs by identifier."""
    known: KnownValues

    @property
    def size(self) -> int:
        """How many initiatives are published."""
        return self.columns.size

    @property
    def ids(self) -> Rows:
        """Identifiers by row."""
        return self.columns.ids

    @property
    def newest(self) -> Rows:
        """Rows, the last published first."""
        return self.columns.newest

    @property
    def alphabetical(self) -> Rows:
        """Rows by title."""
        return self.columns.alphabetical

    @property
    def nbytes(self) -> int:
        """Size in memory of every column and of the tables of territories, names included."""
        return self.columns.nbytes + self.here.nbytes + self.there.nbytes

    def select(self, session: Session, filters: Filters, *, without: str = "") -> Mask:
        """The rows that a selection holds; `without` ignores one attribute, for the counts of its own facet."""
        return self.choose(session, filters).mask(without=without)

    def choose(self, session: Session, filters: Filters) -> Selection:
        """Each choice of the filters by itself: words and organisations ask the database, the rest does not."""
        parts = self._facets(filters) | self._places(filters)
        if filters.twins or self.columns.twins.any():
            parts["twins"] = self.columns.twins if filters.twins else self.citizens
        if filters.organisations:
            parts["organisations"] = np.isin(self.ids, _named(session, filters.organisations))
        if not filters.q:
            return Selection(self.size, parts)
        found = find(session, filters.q, self.kept if self.kept.version == self.version else None)
        parts["q"] = self._holding(found.ids)
        return Selection(self.size, parts, self._holding(found.heading))

    def _holding(self, ids: Rows) -> Mask:
        """The rows of some identifiers; those of no row are ignored."""
        own = self.columns.ids
        last = int(own[-1]) if len(own) else 0
        is_wanted = np.zeros(last + 1, dtype=bool)
        is_wanted[ids[ids <= last]] = True
        return is_wanted[own]

    def _facets(self, filters: Filters) -> dict[str, Mask]:
        columns = self.columns
        parts: dict[str, Mask] = {}
        for attribute in _BITS:
            if wanted := getattr(filters, attribute):
                parts[attribute] = (self._bits(attribute) & self._wanted_bits(attribute, wanted)) != 0
        if filters.stages:
            parts["stages"] = np.isin(columns.stage, [_STAGE_CODES[one] for one in filters.stages])
        if filters.networks:
            chosen = [number for number, slug in self.networks.items() if slug in filters.networks]
            parts["networks"] = np.isin(columns.network, chosen)
        if filters.since is not None:
            parts["since"] = columns.since >= filters.since
        return parts

    def _places(self, filters: Filters) -> dict[str, Mask]:
        parts: dict[str, Mask] = {}
        for attribute, letter in TERRITORY_FACETS.items():
            if wanted := getattr(filters, attribute):
                parts[attribute] = self._lying_in(letter + value for value in wanted)
        for attribute in ("here", "there"):
            if wanted := getattr(filters, attribute):
                parts[attribute] = self._lying_in(wanted)
        if filters.bbox is not None:
            inside = self.here.inside(filters.bbox), self.there.inside(filters.bbox)
            parts["bbox"] = self.columns.rows_ending(*inside)
        return parts

    @property
    def citizens(self) -> Mask:
        """Every row but the twin towns of public lists: what « all the initiatives » means."""
        rows: Mask = ~self.columns.twins
        return rows

    def lying_in(self, keys: Iterable[str]) -> Mask:
        """The initiatives with an end in one of the territories; no twin towns."""
        return self._lying_in(keys) & self.citizens

    def _lying_in(self, keys: Iterable[str]) -> Mask:
        wanted = list(keys)
        sides = [[key for key in wanted if key[0] in letters] for letters in (HERE, THERE)]
        here, there = (
            side.lying_in(chosen) if chosen else None
            for side, chosen in zip((self.here, self.there), sides, strict=True)
        )
        return self.columns.rows_ending(here, there)

    def counts(self, session: Session, filters: Filters, attribute: str) -> dict[str, int]:
        """How many initiatives each value of a facet would give, the facet's own choice being ignored."""
        return self.count(self.select(session, filters, without=attribute), attribute)

    def count(self, mask: Mask, attribute: str) -> dict[str, int]:
        """How many selected rows have each value of a facet; values without any are left out."""
        return self._count(self.tally(mask), attribute)

    def _count(self, tally: Tally, attribute: str) -> dict[str, int]:
        columns, mask = self.columns, tally.mask
        if attribute in TERRITORY_FACETS:
            return self._count_territories(tally, attribute)
        if attribute == "stages":
            return _told(count_values(columns.stage, mask, len(STAGES)), list(_STAGE_CODES))
        if attribute == "networks":
            found = count_values(columns.network, mask, max(self.networks, default=0) + 1)
            return {self.networks[int(number)]: int(found[number]) for number in np.flatnonzero(found)}
        values = self._values(attribute)
        return _told(count_bits(self._bits(attribute), mask, len(values)), values)

    def _count_territories(self, tally: Tally, attribute: str) -> dict[str, int]:
        name, column, letter = _COLUMNS[_FACET_LEVELS[attribute]]
        side: Ends = getattr(self, name)
        found = tally.territories(name, column)
        first, last = side.territories.ranges[letter[0]]
        counts = {code: int(found[code]) for code in (first + np.flatnonzero(found[first:last])).tolist()}
        beyond = side.territories.listed + np.flatnonzero(found[side.territories.listed :])
        told = counts | {code: int(found[code]) for code in beyond.tolist()}  # a territory that left the lists
        named = {side.territories.key(code): count for code, count in told.items()}
        return {key.removeprefix(letter): count for key, count in named.items() if key.startswith(letter)}

    def facets(self, selection: Selection, attributes: Iterable[str]) -> dict[str, dict[str, int]]:
        """The counts of several facets at once, the choice of each being ignored in its own."""
        everything = self.tally(selection.mask())
        return {
            attribute: self._count(
                self.tally(selection.mask(without=attribute)) if attribute in selection.parts else everything, attribute
            )
            for attribute in attributes
        }

    def tally(self, mask: Mask) -> Tally:
        """The counts of selected rows by territory."""
        return Tally(self.columns, self.here, self.there, mask)

    def partners(self, mask: Mask, level: Level) -> list[Linked]:
        """The territories of a level at which selected rows end, with their distinct rows, most linked first.

        The level tells the side. An end told by a larger territory only (a whole country) is in none of its towns.
        """
        side, column, letter = _COLUMNS[level]
        found = self.tally(mask).territories(side, column)
        used = np.flatnonzero(found)
        territories: Territories = getattr(self, side).territories
        told = zip(territories.told(used), found[used].tolist(), strict=True)
        linked = [Linked(key, label, count) for (key, label), count in told if key.startswith(letter)]
        return sorted(linked, key=lambda one: (-one.initiatives, one.key))

    def years(self, mask: Mask) -> dict[int, int]:
        """How many selected rows began in each year, the earliest first; those that do not say are left out."""
        years, found = np.unique(self.columns.since[mask], return_counts=True)
        return {int(year): int(count) for year, count in zip(years, found, strict=True) if year != NO_YEAR}

    def reach(self, selected: Mask | Tally) -> tuple[int, int]:
        """Distinct countries there, and distinct territories shown here, of the selected rows."""
        tally = selected if isinstance(selected, Tally) else self.tally(selected)
        territories = _distinct(self.here.own[tally.reached("here")])
        countries = _distinct(self.there.far[tally.reached("there")])
        keys = self.there.territories.keys[countries]
        return int(np.count_nonzero(keys.astype("S2") == b"p:")), len(territories)

    def kilometres(self, lon: float, lat: float) -> NDArray[np.float64]:
        """Of each row, the distance of its nearest end from a point in degrees."""
        here, there = self.here.kilometres(lon, lat), self.there.kilometres(lon, lat)
        nearest = np.minimum(here[self.columns.here], there[self.columns.there])
        rows: NDArray[np.float64] = nearest[: self.size].copy()
        np.minimum.at(rows, self.columns.extra_row, nearest[self.size :])
        return rows

    def centre(self, key: str) -> tuple[float, float] | None:
        """Where a territory is drawn, (lon, lat) in degrees, when the lists or an initiative know it."""
        for letters, side in ((HERE, self.here), (THERE, self.there)):
            code = side.territories.code(key) if key[0] in letters else None
            if code is not None and (side.territories.centre(code) or np.any(side.own == code)):
                lon, lat = side.points(np.array([code]))[0].tolist()
                return lon, lat
        return None

    def _values(self, attribute: str) -> list[str]:
        return [str(value) for value in getattr(self.lists, attribute)]

    def _bits(self, attribute: str) -> Whole:
        column: Whole = getattr(self.columns, _BITS[attribute])
        return column

    def _wanted_bits(self, attribute: str, wanted: Iterable[str]) -> Whole:
        chosen = set(wanted)
        bits = sum(1 << bit for bit, value in enumerate(self._values(attribute)) if value in chosen)
        return np.array(bits, dtype=self._bits(attribute).dtype)


def _told(found: Rows, values: list[str]) -> dict[str, int]:
    return {values[code]: int(found[code]) for code in np.flatnonzero(found)}


def _distinct(codes: Whole) -> Rows:
    """The codes, once each and in order."""
    found = np.zeros(int(codes.max(initial=-1)) + 1, dtype=bool)
    found[codes] = True
    return np.flatnonzero(found)


def _named(session: Session, slugs: Iterable[str]) -> list[int]:
    """The initiatives that name one of the organisations."""
    owners = select(Participation.initiative_id).join(Organisation, Organisation.id == Participation.organisation_id)
    return list(session.scalars(owners.where(Organisation.slug.in_(slugs))))
