"""The territories of France above the commune: EPCI, départements, régions, zones."""

import re
from pathlib import Path
from typing import Final

from directory.geocoding.places import Kind
from directory.reference.keys import Level, make_key

from .draft import Draft
from .france import France, entry
from .sources import read_csv
from .supplements import Supplements

_EPCI_TITLES: Final = {
    "Communauté de communes": ("Com com", "Comcom", "CC"),
    "Communauté d'agglomération": ("Agglomération", "CA", "Agglo"),
    "Communauté urbaine": ("CU",),
    "Établissement public territorial": ("EPT",),
}
_EPCI_TITLE: Final = re.compile(r"^(Communauté de communes|Communauté d['’]agglomération|Communauté urbaine)\s+")
_MAINLAND_NAMES: Final = ("France hexagonale", "France métropolitaine", "Hexagone", "France")
_LINK: Final = re.compile(r"^(?:de la |de l['’]|des |du |de |d['’])")
_COUNTRYSIDE: Final = re.compile(r"^(?:Pays|Grand) ?(?:de la |de l['’]|des |du |de |d['’])?")


def point(row: dict[str, str]) -> tuple[float, float]:
    """Return the (latitude, longitude) of a row in degrees."""
    return float(row["lat"]), float(row["lon"])


def name_epci(draft: Draft, index: int, title: str, core: str) -> None:
    """Let a group of communes be found as « CC du Pays de Gex », « Pays de Gex », « Gex » or « agglo de … »."""
    bare = _LINK.sub("", core)
    draft.name(index, bare, 9)
    draft.name(index, _COUNTRYSIDE.sub("", bare), 6)
    for word in (title, *_EPCI_TITLES[title]) if title else ("Métropole",):
        draft.name(index, f"{word} {core}", 10)
        draft.name(index, f"{word} {bare}", 8)


def add_epcis(draft: Draft, france: France, territories: Path, supplements: Supplements) -> None:
    """Add the groups of communes under their long, short and usual names, and hang their communes under them."""
    index_of: dict[str, int] = {}
    for row in read_csv(territories / "epcis.csv"):
        siren, name = row["siren"], row["name"]
        group = entry(
            Kind.EPCI, name, point(row), int(row["population"] or 0), -0.10,
            key=make_key(Level.EPCI, siren), division=row["departement"],
        )  # fmt: skip
        index = index_of[siren] = draft.add(group, name)
        titled = _EPCI_TITLE.match(name)
        name_epci(draft, index, titled[1].replace("’", "'") if titled else "", _EPCI_TITLE.sub("", name))
        for alias in supplements.epci_aliases.get(siren, []):
            draft.name(index, alias, 10)
    for code, siren in france.epci_of.items():
        draft.entries[france.communes[code]].parent = index_of.get(siren)


def add_territorial_establishments(draft: Draft, france: France, folder: Path) -> None:
    """Add the parts of the Métropole du Grand Paris: they have a name and a point, and the keys of the métropole."""
    for row in read_csv(folder / "ept.csv"):
        members = [draft.entries[france.communes[code]] for code in row["communes"].split() if code in france.communes]
        weights = [max(member.population, 100) ** 0.5 for member in members]
        lat = sum(member.lat * weight for member, weight in zip(members, weights, strict=True)) / sum(weights)
        lon = sum(member.lon * weight for member, weight in zip(members, weights, strict=True)) / sum(weights)
        population = sum(member.population for member in members)
        group = entry(
            Kind.EPCI, row["name"], (lat, lon), population, -0.10, key=None, division=members[0].division,
        )  # fmt: skip
        group.parent = members[0].parent
        index = draft.add(group, row["name"])
        name_epci(draft, index, "Établissement public territorial", row["name"])


def add_departements(draft: Draft, france: France, territories: Path, supplements: Supplements) -> None:
    """Add the départements, found by number too, and note the région and the zone of each."""
    ancestors = []
    for row in read_csv(territories / "departements.csv"):
        code = row["code"]
        population = france.populations[code]
        departement = entry(
            Kind.DEPARTEMENT, row["name"], point(row), population, -0.08,
            key=make_key(Level.DEPARTEMENT, code), division=code,
        )  # fmt: skip
        index = draft.add(departement, row["name"], f"département {row['name']}")
        draft.name(index, code, 9)
        for alias in supplements.departement_aliases.get(code, []):
            draft.name(index, alias, 10)
        ancestors.append(f"{code}:{row['region']}:{row['zone']}")
    draft.meta["departements"] = " ".join(ancestors)


def _populations(draft: Draft, holders: dict[str, str]) -> dict[str, int]:
    """The inhabitants of what holds the départements, by code; `holders` gives it for each département."""
    found: dict[str, int] = {}
    for place in draft.entries:
        if place.kind is Kind.DEPARTEMENT and place.division:
            holder = holders[place.division]
            found[holder] = found.get(holder, 0) + place.population
    return found


def add_regions(draft: Draft, territories: Path, supplements: Supplements) -> None:
    """Add the régions, with the names of the former ones."""
    populations = _populations(draft, dict(item.split(":")[:2] for item in draft.meta["departements"].split()))
    for row in read_csv(territories / "regions.csv"):
        code = row["code"]
        region_entry = entry(
            Kind.REGION, row["name"], point(row), populations.get(code, 0), -0.06,
            key=make_key(Level.REGION, code), division=None,
        )  # fmt: skip
        index = draft.add(region_entry, row["name"])
        for alias in supplements.region_aliases.get(code, []):
            draft.name(index, alias, 10)


def add_zones(draft: Draft, territories: Path) -> None:
    """Add the zones: only the hexagone is found by name, the others being régions or collectivities of that name."""
    zones = {code: zone for code, _, zone in (item.split(":") for item in draft.meta["departements"].split())}
    populations = _populations(draft, zones)
    for row in read_csv(territories / "zones.csv"):
        code = row["code"]
        zone_entry = entry(
            Kind.ZONE, row["name"], point(row), populations.get(code, 0), -0.2,
            key=make_key(Level.ZONE, code), division=None,
        )  # fmt: skip
        index = draft.add(zone_entry)
        for name in (row["name"], *_MAINLAND_NAMES) if code == "FX" else ():
            draft.name(index, name, 10)
