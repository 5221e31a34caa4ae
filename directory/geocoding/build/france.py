"""France, overseas included: communes, their former ones and boroughs, localities overseas."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from directory.core.geography import distance_km
from directory.geocoding.places import Kind, Precision
from directory.geocoding.spelling import compact
from directory.reference.keys import Level, make_key

from .draft import Draft, Entry, prior
from .sources import read_csv
from .towns import Locality

#: A locality belongs to the nearest commune of its archipelago within this distance (km).
FARTHEST_COMMUNE: Final = 60.0
_ARTICLE: Final = re.compile(r"^(?:Les |Le |La |L['’])(.+)$")
_BOROUGH: Final = re.compile(r"(\w+) (\d+)")


@dataclass
class France:
    """What has been added so far: indexes of the communes, their EPCI, populations of the départements, by code."""

    communes: dict[str, int] = field(default_factory=dict)
    epci_of: dict[str, str] = field(default_factory=dict)
    populations: dict[str, int] = field(default_factory=lambda: defaultdict(int))


def entry(
    kind: Kind,
    name: str,
    point: tuple[float, float],
    population: int,
    bonus: float,
    *,
    key: str | None,
    division: str | None,
    precision: Precision | None = None,
) -> Entry:
    """Return an entry of France; ``point`` is (latitude, longitude) in degrees."""
    weight = prior(population, bonus)
    return Entry(kind, name, "FR", *point, population, weight, key=key, division=division, precision=precision)


def add_with_article(draft: Draft, place: Entry) -> int:
    """Add a commune under its name, with and without its article; return its index."""
    index = draft.add(place, place.name)
    if (matched := _ARTICLE.match(place.name)) is not None:
        draft.name(index, matched[1], 9)
    return index


def add_communes(draft: Draft, territories: Path, folder: Path) -> France:
    """Add the communes and their postcodes."""
    france = France()
    centres = {row["insee"]: row for row in read_csv(folder / "communes_centres.csv")}
    for row in read_csv(territories / "communes.csv"):
        code, departement, population = row["code"], row["departement"], int(row["population"] or 0)
        centre = centres[code]
        commune = entry(
            Kind.COMMUNE,
            row["name"],
            (float(centre["lat"]), float(centre["lon"])),
            population,
            0.0,
            key=make_key(Level.COMMUNE, code),
            division=departement,
            precision=Precision.DEPARTEMENT if centre["precision"] != "commune" else None,
        )
        index = france.communes[code] = add_with_article(draft, commune)
        draft.postcodes.extend((postcode, index) for postcode in row["postcodes"].split())
        france.populations[departement] += population
        if row["epci"]:
            france.epci_of[code] = row["epci"]
    return france


def borough_names(name: str) -> Iterable[str]:
    """Return the ways of writing a borough: « Paris 20 », « Paris 20e arrondissement »…"""
    matched = _BOROUGH.match(name)
    if matched is None:
        return
    town, number = matched[1], matched[2]
    for ending in ("", "e", "ème", " arrondissement", "e arrondissement", "ème arrondissement", "ème arrdt"):
        yield f"{town} {number}{ending}"
    if number == "1":
        yield f"{town} 1er"


def add_former_communes(draft: Draft, france: France, folder: Path) -> None:
    """Add the former communes and the boroughs: they have their own point, and the keys of their commune."""
    for row in read_csv(folder / "former_communes.csv"):
        host = france.communes.get(row["commune"])
        if host is None:
            continue
        is_borough = row["kind"] == "borough"
        former = entry(
            Kind.BOROUGH if is_borough else Kind.FORMER_COMMUNE,
            row["name"],
            (float(row["lat"]), float(row["lon"])),
            int(row["population"] or 0),
            0.0 if is_borough else -0.06,
            key=None,
            division=draft.entries[host].division,
        )
        former.parent = host
        index = add_with_article(draft, former)
        for name in borough_names(row["name"]) if is_borough else ():
            draft.name(index, name, 10)
        draft.postcodes.extend((postcode, index) for postcode in row["postcodes"].split())


def add_localities(draft: Draft, france: France, localities: list[Locality], zones: dict[str, str]) -> None:
    """Add the localities of the overseas collectivities that are not communes; ``zones``: zone → département."""
    communes: dict[str | None, list[Entry]] = defaultdict(list)
    index_of = {id(draft.entries[index]): index for index in france.communes.values()}
    for index in france.communes.values():
        communes[draft.entries[index].division].append(draft.entries[index])
    for locality in localities:
        division = zones[locality.territory]
        if any(compact(commune.name) == compact(locality.name) for commune in communes[division]):
            continue

        def distance(commune: Entry, locality: Locality = locality) -> float:
            return distance_km(locality.lon, locality.lat, commune.lon, commune.lat)

        nearest = min(communes[division], key=distance)
        place = entry(
            Kind.TOWN, locality.name, (locality.lat, locality.lon), locality.population, 0.0,
            key=None, division=division,
        )  # fmt: skip
        place.parent = index_of[id(nearest)] if distance(nearest) < FARTHEST_COMMUNE else None
        draft.add(place, locality.name)
