"""What a new gazetteer must hold before it replaces the old one."""

from collections import Counter
from pathlib import Path
from typing import Final

from directory.geocoding.gazetteer import open_gazetteer
from directory.geocoding.places import Kind
from directory.reference.keys import Side

from .draft import Draft


class BuildError(Exception):
    """The new file misses something; the message says what."""


#: The fewest places of each kind; the communes, the boroughs and the regions are known to the last one.
FEWEST: Final = {
    Kind.TOWN: 215_000, Kind.COMMUNE: 34_969, Kind.FORMER_COMMUNE: 1_900, Kind.BOROUGH: 45, Kind.EPCI: 1_265,
    Kind.DEPARTEMENT: 109, Kind.REGION: 18, Kind.DIVISION: 4_000, Kind.SUBDIVISION: 27_000, Kind.COUNTRY: 230,
    Kind.LANDSCAPE: 20, Kind.ZONE: 14,
}  # fmt: skip
FEWEST_POSTCODES: Final = 6_300
#: A query and the key of the place that must come first.
SENTINELS: Final = (
    ("Paris", "c:75056"), ("Morlaix", "c:29151"), ("Rennes", "c:35238"), ("Saint-Denis", "c:97411"),
    ("L'Haÿ-les-Roses", "c:94038"), ("Papeete", "c:98735"), ("Nouméa", "c:98818"), ("Rennes Métropole", "e:243500139"),
    ("Finistère", "d:29"), ("Mayotte", "r:06"), ("Nouvelle-Calédonie", "d:988"), ("Bretagne", "r:53"),
    ("La Réunion", "r:04"), ("PACA", "r:93"), ("Bamako", "v:2460596"), ("Tananarive", "v:1070940"),
    ("Alep", "v:170063"), ("Hanoï", "v:1581130"), ("Saïgon", "v:1566083"), ("Port-au-Prince", "v:3718426"),
    ("Ouagadougou", "v:2357048"), ("Région de Kayes", "a:ML.03"), ("région de Ségou", "a:ML.05"), ("Mali", "p:ML"),
    ("RDC", "p:CD"), ("Birmanie", "p:MM"), ("Palestine", "p:PS"), ("Équateur", "p:EC"), ("Côte d'Ivoire", "p:CI"),
    ("Madagascar", "p:MG"),
)  # fmt: skip


def counts(draft: Draft) -> dict[str, int]:
    """Return how many places of each kind, postcodes and French names of places abroad a draft holds."""
    kinds = Counter(entry.kind for entry in draft.entries)
    found = {kind.name.lower(): kinds[kind] for kind in Kind}
    found["postcode"] = len({code for code, _ in draft.postcodes})
    return found


def check_counts(draft: Draft) -> None:
    """Raise ``BuildError`` when there are fewer places of a kind than there must be, or one lies nowhere."""
    found = counts(draft)
    fewest = {kind.name.lower(): number for kind, number in FEWEST.items()} | {"postcode": FEWEST_POSTCODES}
    missing = [f"{name}: {found[name]} < {number}" for name, number in fewest.items() if found[name] < number]
    if missing:
        raise BuildError("too few places: " + ", ".join(missing))
    nowhere = [e.name for e in draft.entries if not (-90 <= e.lat <= 90 and -180 <= e.lon <= 180 and (e.lat or e.lon))]
    if nowhere:
        raise BuildError("places that lie nowhere: " + ", ".join(nowhere[:10]))


def check_answers(path: Path) -> int:
    """Raise ``BuildError`` when a well-known query does not lead to its place; return how many were asked."""
    gazetteer = open_gazetteer(path)
    if gazetteer is None:
        raise BuildError("unreadable file")
    wrong = []
    for query, key in SENTINELS:
        first = next(iter(gazetteer.find(query, side=Side.HERE if key[0] in "cedrz" else Side.THERE)), None)
        if first is None or first.key != key:
            wrong.append(f"{query} → {first.key if first else 'nothing'}, not {key}")
    if wrong:
        raise BuildError("queries that lead elsewhere: " + ", ".join(wrong))
    return len(SENTINELS)
