"""What a new gazetteer must hold before it replaces the old one."""

import sqlite3
from collections import Counter
from pathlib import Path
from typing import Final

from directory.geocoding.engine import open_read_only
from directory.geocoding.places import Kind
from directory.geocoding.spelling import compact

from .draft import Draft


class BuildError(Exception):
    """The new file misses something; the message says what."""


#: The fewest places of each kind.
FEWEST: Final = {
    Kind.TOWN: 215_000, Kind.COMMUNE: 34_900, Kind.FORMER_COMMUNE: 1_900, Kind.BOROUGH: 45, Kind.EPCI: 1_250,
    Kind.DEPARTEMENT: 108, Kind.REGION: 18, Kind.DIVISION: 3_500, Kind.SUBDIVISION: 8_000, Kind.COUNTRY: 230,
    Kind.LANDSCAPE: 20, Kind.ZONE: 14,
}  # fmt: skip
#: A name and the key of a place that must be found under it.
SENTINELS: Final = (
    ("Paris", "c:75056"), ("Morlaix", "c:29151"), ("Rennes", "c:35238"), ("Saint-Denis", "c:97411"),
    ("L'Haÿ-les-Roses", "c:94038"), ("Papeete", "c:98735"), ("Nouméa", "c:98818"), ("Rennes Métropole", "e:243500139"),
    ("Finistère", "d:29"), ("Mayotte", "d:976"), ("Nouvelle-Calédonie", "d:988"), ("Bretagne", "r:53"),
    ("La Réunion", "r:04"), ("PACA", "r:93"), ("Bamako", "v:2460596"), ("Tananarive", "v:1070940"),
    ("Alep", "v:170063"), ("Hanoï", "v:1581130"), ("Saïgon", "v:1566083"), ("Port-au-Prince", "v:3718426"),
    ("Ouagadougou", "v:2357048"), ("Région de Kayes", "a:ML.03"), ("Ségou", "a:ML.05"), ("Mali", "p:ML"),
    ("RDC", "p:CD"), ("Birmanie", "p:MM"), ("Palestine", "p:PS"), ("Équateur", "p:EC"), ("Côte d'Ivoire", "p:CI"),
    ("Madagascar", "p:MG"),
)  # fmt: skip


def check_counts(draft: Draft) -> None:
    """Raise ``BuildError`` when there are fewer places of a kind than there must be."""
    counts = Counter(entry.kind for entry in draft.entries)
    missing = [f"{kind.name}: {counts[kind]} < {fewest}" for kind, fewest in FEWEST.items() if counts[kind] < fewest]
    if missing:
        raise BuildError("too few places: " + ", ".join(missing))


def check_sentinels(path: Path) -> None:
    """Raise ``BuildError`` when a well-known name does not lead to its place, or the file cannot be read."""
    statement = (
        "SELECT 1 FROM spelling s JOIN alias a ON a.spelling = s.id JOIN place p ON p.id = a.place"
        " WHERE s.k = ? AND p.key = ?"
    )
    try:
        connection = open_read_only(path)
        missing = [
            f"{name} → {key}"
            for name, key in SENTINELS
            if not connection.execute(statement, (compact(name), key)).fetchone()
        ]
        connection.close()
    except sqlite3.Error as error:
        raise BuildError(f"unreadable file: {error}") from error
    if missing:
        raise BuildError("names that lead nowhere: " + ", ".join(missing))
