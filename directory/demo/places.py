"""Real places of invented sheets: communes and towns drawn by population, countries by how often France works there."""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.geocoding.lineage import place_of
from directory.geocoding.places import Kind, Place, Verdict
from directory.geocoding.store import Row, Store
from directory.initiatives.content import AnchorContent
from directory.initiatives.projection import PRECISIONS
from directory.initiatives.rules import Known
from directory.reference.keys import Level, Side, level_of
from directory.reference.models import ActorType, Goal, Need, PublicGroup, Sector, Territory, Vigilance

FILE = "demo/weights.yaml"
HERE_POWER, THERE_POWER = 0.7, 0.45
"""Powers of the population: twin villages count as well as big towns."""
TOWNS = 1500
"""Towns of one country that may be drawn, the largest ones."""
COARSE_HERE = {Level.EPCI: 0.07, Level.DEPARTEMENT: 0.03, Level.REGION: 0.02}
COARSE_THERE = {Level.DIVISION: 0.08, Level.COUNTRY: 0.04}
"""How often a place is told as a larger territory."""
NEAR = 0.7
"""How often an overseas territory works with its neighbours."""
_CHUNK = 20_000


@dataclass(frozen=True)
class Drawn:
    """Values with weights: `of` draws one."""

    values: Sequence[Any]
    sums: Sequence[float]

    @classmethod
    def by(cls, weights: Iterable[tuple[Any, float]]) -> Drawn:
        """From (value, weight) pairs."""
        pairs = list(weights)
        return cls([value for value, _ in pairs], list(accumulate(weight for _, weight in pairs)))

    def of(self, rng: random.Random) -> Any:
        """One of the values."""
        return self.values[bisect(self.sums, rng.random() * self.sums[-1])]


@dataclass
class Places:
    """The territories here and the towns there, with their weights; anchors are made when first drawn."""

    known: Known
    weights: Mapping[str, Any]
    parents: Mapping[str, tuple[str | None, str | None]]
    communes: Drawn
    by_home: Mapping[str, Drawn]
    towns: Mapping[str, Drawn]
    divisions: Mapping[str, tuple[str, ...]]
    store: Store
    countries: Drawn = field(init=False)
    neighbours: dict[str, Drawn] = field(init=False)
    _made: dict[str, AnchorContent] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.countries = Drawn.by(self.weights["countries"].items())
        self.neighbours = {zone: Drawn.by(weights.items()) for zone, weights in self.weights["neighbours"].items()}

    def here(self, rng: random.Random) -> AnchorContent:
        """A commune, or now and then what holds it."""
        return self._larger(rng, self._here(self.communes.of(rng)), COARSE_HERE)

    def near(self, rng: random.Random, first: AnchorContent) -> AnchorContent:
        """A further commune, of the same département where there is one."""
        pool = next((self.by_home[key] for key in first.keys if key in self.by_home), self.communes)
        return self._here(pool.of(rng))

    def country(self, rng: random.Random, first: AnchorContent) -> str:
        """The ISO code of the country linked with a place here."""
        close = self.neighbours.get(first.keys[-1])
        chosen: str = (close if close is not None and rng.random() < NEAR else self.countries).of(rng)
        return chosen

    def there(self, rng: random.Random, country: str) -> AnchorContent:
        """A town of a country, or now and then what holds it."""
        chance = rng.random()
        pool = self.towns.get(country)
        if pool is None or chance < COARSE_THERE[Level.COUNTRY]:
            return self._coarse((f"p:{country}",))
        divisions = self.divisions.get(country, ())
        if divisions and chance < COARSE_THERE[Level.COUNTRY] + COARSE_THERE[Level.DIVISION]:
            return self._coarse((rng.choice(divisions), f"p:{country}"))
        return self._town(pool.of(rng))

    def homes(self, anchor: AnchorContent) -> tuple[str, Drawn | None]:
        """The territory that tells namesakes apart (as the projection has it), with its communes."""
        home = next((key for key in anchor.keys if key[:2] == "d:"), anchor.keys[-1])
        return home, self.by_home.get(home)

    def _larger(self, rng: random.Random, anchor: AnchorContent, chances: Mapping[Level, float]) -> AnchorContent:
        chance = rng.random()
        for level, share in chances.items():
            if chance < share:
                at = next((at for at, key in enumerate(anchor.keys) if level_of(key) is level), None)
                return anchor if at is None else self._coarse(anchor.keys[at:])
            chance -= share
        return anchor

    def _here(self, key: str) -> AnchorContent:
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = self._coarse(lineage(key, self.parents))
        return made

    def _coarse(self, keys: tuple[str, ...]) -> AnchorContent:
        """A territory of the lists, at its centre, told by its own name."""
        key, names = keys[0], self.known.names
        side_holder = next((one for one in keys[1:] if one[0] in "drp"), "")
        lon, lat = self.known.centres[key]
        return AnchorContent(
            label=names[key],
            keys=keys,
            name=names[key],
            context=names.get(side_holder, "") if names.get(side_holder) != names[key] else "",
            lon=lon,
            lat=lat,
            precision=PRECISIONS[level_of(key)],
            verdict=str(Verdict.SURE),
        )

    def _town(self, row: Row) -> AnchorContent:
        made = self._made.get(row.key or "")
        if made is None:
            made = anchor_of(row, self.store, self.known)
            self._made[made.keys[0]] = made
        return made


def anchor_of(row: Row, store: Store, known: Known) -> AnchorContent:
    """A row of the gazetteer as an anchor."""
    return anchor_of_place(place_of(row, store).judged(Verdict.SURE, 1.0), known)


def anchor_of_place(place: Place, known: Known) -> AnchorContent:
    """A place of the gazetteer as an anchor; divisions that the lists do not hold are left out of its keys."""
    return AnchorContent(
        label=place.name,
        keys=tuple(key for key in place.keys if key[0] == "v" or key in known.names),
        name=place.name,
        context=place.context,
        lon=place.lon,
        lat=place.lat,
        precision=place.precision.value,
        verdict=str(place.verdict or Verdict.SURE),
    )


def lineage(key: str, parents: Mapping[str, tuple[str | None, str | None]]) -> tuple[str, ...]:
    """The keys that hold a territory here, finest first, itself included."""
    keys = [key]
    parent, epci = parents[key]
    if epci:
        keys.append(epci)
    while parent:
        keys.append(parent)
        parent = parents[parent][0]
    return tuple(keys)


def read_known(session: Session) -> Known:
    """Every list, with the centre and the name of every territory."""
    rows = session.execute(select(Territory.key, Territory.lon, Territory.lat, Territory.name)).all()
    return Known(
        sectors=frozenset(session.scalars(select(Sector.id))),
        goals=frozenset(session.scalars(select(Goal.number))),
        actor_types=frozenset(session.scalars(select(ActorType.id))),
        vigilance=frozenset(session.scalars(select(Vigilance.country))),
        publics=frozenset(session.scalars(select(PublicGroup.id))),
        needs=frozenset(session.scalars(select(Need.id))),
        centres={key: (lon, lat) for key, lon, lat, _ in rows},
        names={key: name for key, _, _, name in rows},
    )


def read(session: Session, gazetteer: Path, data_dir: Path) -> Places:
    """The territories of the database and the towns of the gazetteer's file, ready to be drawn."""
    weights = yaml.safe_load((data_dir / FILE).read_text("utf-8"))
    rows = session.execute(
        select(Territory.key, Territory.level, Territory.parent_key, Territory.epci_key, Territory.population)
        .where(Territory.side == Side.HERE)
        .order_by(Territory.key)
    ).all()
    parents = {row.key: (row.parent_key, row.epci_key) for row in rows}
    divisions: dict[str, list[str]] = {}
    for key in session.scalars(select(Territory.key).where(Territory.level == Level.DIVISION).order_by(Territory.key)):
        divisions.setdefault(key[2:4], []).append(key)
    chosen = {**weights["countries"], **{code: 0 for near in weights["neighbours"].values() for code in near}}
    factors = {f"r:{code}": factor for code, factor in weights["regions"].items()}
    factors |= {f"z:{code}": factor for code, factor in weights["zones"].items()}
    communes = [
        (row.key, _weight(lineage(row.key, parents), row.population or 0, factors))
        for row in rows
        if row.level == Level.COMMUNE
    ]
    by_home: dict[str, list[tuple[str, float]]] = {}
    for key, weight in communes:
        by_home.setdefault(next((one for one in lineage(key, parents) if one[0] == "d"), ""), []).append((key, weight))
    store = Store(gazetteer)
    return Places(
        known=read_known(session),
        weights=weights,
        parents=parents,
        communes=Drawn.by(communes),
        by_home={home: Drawn.by(pairs) for home, pairs in by_home.items() if home},
        towns=_towns(store, frozenset(chosen)),
        divisions={country: tuple(keys) for country, keys in divisions.items()},
        store=store,
    )


def _weight(keys: tuple[str, ...], population: int, factors: Mapping[str, float]) -> float:
    factor = next((factors[key] for key in keys if key in factors), 0.2)
    return float(factor * max(population, 50) ** HERE_POWER)


def _towns(store: Store, countries: frozenset[str]) -> dict[str, Drawn]:
    """The largest towns of each country, in an order that does not depend on the file's."""
    found: dict[str, list[Row]] = {}
    size = int(store.meta("places"))
    for start in range(0, size, _CHUNK):
        for row in store.places(range(start, min(size, start + _CHUNK))).values():
            if row.kind is Kind.TOWN and row.key and row.country in countries:
                found.setdefault(row.country, []).append(row)
    towns = {}
    for country, rows in found.items():
        largest = sorted(rows, key=lambda row: (-row.population, row.key or ""))[:TOWNS]
        towns[country] = Drawn.by((row, max(row.population, 300) ** THERE_POWER) for row in largest)
    return towns
