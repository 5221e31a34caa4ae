"""Twin towns of a public list, as records that say what they are: two places are twinned, and nothing more is known."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy.orm import Session

from directory.accounts import operations as accounts
from directory.accounts.queries import find_account
from directory.core.errors import Conflict, Invalid, Problem
from directory.core.geography import distance_km
from directory.core.time import utcnow
from directory.demo import mark, places
from directory.demo.bulk import Publisher, Told, publish
from directory.geocoding.gazetteer import Gazetteer
from directory.geocoding.places import Place, Verdict
from directory.initiatives.content import InitiativeContent, OrganisationContent, SourceContent
from directory.initiatives.rules import Known, check, shown_as, shown_key
from directory.initiatives.vocabulary import LinkNature, Origin, Stage
from directory.reference import wording
from directory.reference.keys import Level, Side

VERSION = "twin-towns"
AUTHOR = f"jumelages@{mark.DOMAIN}"
SOURCE = SourceContent(
    "Wikidata, propriété « jumelage » (P190), lue en juillet 2017, domaine public (CC0)",
    "https://www.wikidata.org/wiki/Property:P190",
)
READ_IN = 2017
DESCRIPTION = (
    "Cette fiche n’est pas celle d’une initiative citoyenne. Elle vient d’une liste publique de jumelages, tirée de"
    f" Wikidata en juillet {READ_IN} et laissée dans le domaine public (CC0).\n"
    "La liste dit que deux communes sont jumelées : ni qui fait vivre ce lien, ni depuis quand, ni s’il vit encore."
)
SECTOR = "culture-patrimoine"
"""A list of twin towns tells no field of action: the sheet says that the site chose it."""
COLUMNS = frozenset(
    ("commune_ici", "code_insee", "departement", "partenaire_labas", "pays_labas_iso2", "pays_labas", "remarques")
)
FAR_KM = 60
"""A town farther than this from the point of the list may be a namesake."""
BATCH = 500
_ACCEPTED = frozenset({Verdict.SURE, Verdict.PROBABLE})
_DOUBTED = "plusieurs pays"

Row = dict[str, str]


class LeftOut(Exception):
    """Why a row of the list becomes no record."""


@dataclass(frozen=True)
class Report:
    """How many links were published, and how many were left out, by reason."""

    published: int
    left_out: dict[str, int]


def load(session: Session, gazetteer: Gazetteer, path: Path, *, is_production: bool) -> Report | None:
    """Publish the links of a CSV file of twin towns, marked as such; None when the same file is already there.

    Called from the command line only. Raises Forbidden in production, Conflict where real people or sheets are or
    where another list is, Invalid when the file lacks a column.
    """
    mark.keep_apart(session, is_production=is_production)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if mark.found(session, VERSION) == digest:
        return None
    if find_account(session, AUTHOR) is not None:
        raise Conflict("Une autre liste de jumelages est déjà là : recommencez sur une base neuve.")
    rows = _read(path)
    known = places.read_known(session)
    publisher = Publisher.open(session, known, author_id=accounts.create(session, AUTHOR).id)
    told, left_out = _tell(rows, gazetteer, known)
    for start in range(0, len(told), BATCH):
        publish(session, [publisher.project(one) for one in told[start : start + BATCH]])
    mark.put(session, VERSION, digest)
    return Report(len(told), left_out)


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        missing = COLUMNS - set(reader.fieldnames or ())
        if missing:
            raise Invalid([Problem("twin_towns", f"Colonnes absentes du fichier : {', '.join(sorted(missing))}.")])
        return list(reader)


def _tell(rows: Sequence[Row], gazetteer: Gazetteer, known: Known) -> tuple[list[Told], dict[str, int]]:
    """The records of the list, each pair of places once, and what was left out."""
    told: dict[tuple[str, str], Told] = {}
    reasons: Counter[str] = Counter()
    now = utcnow()
    for row in rows:
        try:
            content = _content(row, gazetteer, known)
            pair = (content.here[0].keys[0], content.there[0].keys[0])
            if pair in told:
                raise LeftOut("deux fois dans la liste")
        except LeftOut as reason:
            reasons[str(reason)] += 1
        else:
            told[pair] = Told(content, now, now)
    return list(told.values()), dict(reasons.most_common())


def _content(row: Row, gazetteer: Gazetteer, known: Known) -> InitiativeContent:
    """The record of a link; raises LeftOut when a place is not found for sure, or is another."""
    if _DOUBTED in row["remarques"]:
        raise LeftOut("pays incertain dans la source")
    here, there = (
        places.anchor_of_place(_here(row, gazetteer), known),
        places.anchor_of_place(_there(row, gazetteer), known),
    )
    commune = wording.plain(f"Commune {wording.of(here.keys[0], here.name)}")
    content = InitiativeContent(
        title=here.name,
        summary=here.name,
        carriers=(OrganisationContent(commune, "commune"),),
        here=(here,),
        there=(there,),
        main_sector=SECTOR,
        stage=Stage.ONGOING,
        stage_on=READ_IN,
        nature=LinkNature.TWINNING,
        origin=Origin.TWIN_TOWNS,
        is_sector_by_site=True,
        sources=(SOURCE,),
    )
    # A place that may not be shown is not named by the words either.
    shown = shown_key(there, shown_as(content, there, known, curator_agrees=False))
    country = known.names[there.keys[-1]]
    if shown == there.keys[0]:
        name, where = there.name, f"{there.name} ({country})"
    else:
        name = known.names[shown]
        where = wording.plain(f"une commune {wording.of(shown, name)}")
    content = replace(
        content,
        title=f"Jumelage {here.name} – {name}",
        summary=f"{here.name} est jumelée avec {where}, selon une liste lue en juillet {READ_IN}.",
        description=DESCRIPTION,
    )
    if check(content, known, today=utcnow().date()):
        raise LeftOut("un nom du pays ne peut pas être montré")
    return content


def _here(row: Row, gazetteer: Gazetteer) -> Place:
    """The commune of today: by its code, else by its name."""
    place = gazetteer.place(f"c:{row['code_insee']}") if row["code_insee"] else None
    if place is not None:
        return place
    words = f"{row['commune_ici']} ({row['departement']})" if row["departement"] else row["commune_ici"]
    place = _sure(gazetteer.find(words, side=Side.HERE, limit=1), "ici")
    if place.level is not Level.COMMUNE:
        raise LeftOut("ici : pas une commune")
    return place


def _there(row: Row, gazetteer: Gazetteer) -> Place:
    """The town by its name and its country, not far from where the list has it."""
    if row["pays_labas_iso2"] in ("", "FR"):
        raise LeftOut("là-bas : en France, ou sans pays")
    found = gazetteer.find(f"{row['partenaire_labas']} ({row['pays_labas']})", side=Side.THERE, limit=1)
    place = _sure(found, "là-bas")
    if place.country != row["pays_labas_iso2"]:
        raise LeftOut("là-bas : dans un autre pays")
    lon, lat = row.get("lon_labas"), row.get("lat_labas")
    if lon and lat and distance_km(place.lon, place.lat, float(lon), float(lat)) > FAR_KM:
        raise LeftOut(f"là-bas : à plus de {FAR_KM} km du point de la source")
    return place


def _sure(found: Sequence[Place], side: str) -> Place:
    if not found:
        raise LeftOut(f"{side} : lieu non trouvé")
    if found[0].verdict not in _ACCEPTED:
        raise LeftOut(f"{side} : réponse « {found[0].verdict} »")
    return found[0]


def lines(report: Report) -> Iterator[str]:
    """What the command says of a load."""
    yield f"Jumelages : {report.published} fiches publiées, marquées comme telles."
    for reason, count in report.left_out.items():
        yield f"  laissés de côté, {reason} : {count}"
