"""A selection as CSV (RFC 4180): one initiative a line, commas, UTF-8 with its mark so that spreadsheets read it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable

from directory.initiatives.public import Card, PublicPlace

FORMULA_STARTS = frozenset("=+-@\t\r\n\ufeff＝＋－＠")
"""A cell beginning so would be run by a spreadsheet; full-width forms are read as the plain ones by some."""
LICENCE = "Licence Ouverte 2.0"
CREDIT = "Ici & Là-bas ; lieux : GeoNames (CC BY 4.0), INSEE"

COLUMNS = (
    "identifiant",
    "adresse",
    "titre",
    "resume",
    "langue",
    "structures",
    "types_acteur",
    "domaine_principal",
    "domaines",
    "ou_en_est_on",
    "ou_en_est_on_annee",
    "depuis",
    "ici",
    "ici_contexte",
    "ici_cle",
    "ici_echelon",
    "ici_longitude",
    "ici_latitude",
    "ici_lieu_protege",
    "ici_autres_lieux",
    "labas",
    "labas_contexte",
    "labas_cle",
    "labas_echelon",
    "labas_longitude",
    "labas_latitude",
    "labas_lieu_protege",
    "labas_autres_lieux",
    "origine",
    "publiee_le",
    "mise_a_jour_le",
    "licence",
    "credit",
)
ORIGINS = {
    "carrier": "structure",
    "public_source": "source publique, non validée par la structure",
    "twin_towns": "liste de jumelages, pas une initiative citoyenne",
}


def write(cards: Iterable[Card], *, address: Callable[[Card], str]) -> str:
    """The table of these cards, its mark and its heading first; `address` gives the URL of a sheet."""
    buffer = io.StringIO()
    buffer.write("\ufeff")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for card in cards:
        writer.writerow(_cells(card, address(card)))
    return buffer.getvalue()


def inert(text: str) -> str:
    """The text, preceded by an apostrophe where a spreadsheet would take it for a formula."""
    beginning = text.lstrip(" \u00a0\u202f")[:1]
    return f"'{text}" if beginning in FORMULA_STARTS and beginning else text


def _cells(card: Card, address: str) -> list[str | int | float]:
    texts = [
        card.slug,
        address,
        card.title,
        card.summary,
        card.language,
        " | ".join(carrier.name for carrier in card.carriers),
        " | ".join(dict.fromkeys(carrier.actor_type for carrier in card.carriers if carrier.actor_type)),
        card.main_sector,
        " | ".join(card.sectors),
        card.stage,
    ]
    return [
        *(inert(text) for text in texts),
        card.stage_on or "",
        card.since_year or "",
        *_end(card.here),
        *_end(card.there),
        ORIGINS[card.origin],
        card.published_on.isoformat(),
        card.updated_on.isoformat(),
        LICENCE,
        CREDIT,
    ]


def _end(places: tuple[PublicPlace, ...]) -> list[str | float]:
    """The main place of a side, as it may be shown, then the names of the others."""
    place = places[0]
    return [
        inert(place.name),
        inert(place.context),
        place.key,
        str(place.level),
        round(place.lon, 5) if place.is_open else "",
        round(place.lat, 5) if place.is_open else "",
        "oui" if place.is_withheld else "non",
        inert(" | ".join(other.name for other in places[1:])),
    ]
