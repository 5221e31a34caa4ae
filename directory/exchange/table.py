"""A selection as CSV (RFC 4180): one initiative a line, commas, UTF-8 with its mark so that spreadsheets read it."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from directory.initiatives.public import Card, PublicPlace

Value = str | int | float | dt.date | None

_FORMULA = re.compile("[ \u00a0\u202f]*[=+\\-@\t\r\n\ufeff＝＋－＠]")
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
    "publics",
    "besoins",
)
ORIGINS = {
    "carrier": "structure",
    "public_source": "source publique, non validée par la structure",
    "twin_towns": "liste de jumelages, pas une initiative citoyenne",
}


def parts(cards: Iterable[Sequence[Card]], *, address: Callable[[Card], str]) -> Iterator[str]:
    """The table, a text for each part of the cards, its mark and its heading first; `address` gives a sheet's URL."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow(COLUMNS)
    for part in cards:
        writer.writerows([_cell(value) for value in record(card, address(card))] for card in part)
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def inert(text: str) -> str:
    """The text, preceded by an apostrophe where a spreadsheet would take it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def _cell(value: Value) -> str | int | float:
    if isinstance(value, str):
        return inert(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return "" if value is None else value


def record(card: Card, address: str) -> tuple[Value, ...]:
    """What COLUMNS name of a card: texts as they are, to be made inert where a spreadsheet could run them."""
    return (
        card.slug,
        address,
        card.title,
        card.summary,
        card.language,
        _joined(carrier.name for carrier in card.carriers),
        _joined(dict.fromkeys(carrier.actor_type for carrier in card.carriers if carrier.actor_type)),
        card.main_sector,
        _joined(card.sectors),
        card.stage,
        card.stage_on,
        card.since_year,
        *_end(card.here),
        *_end(card.there),
        ORIGINS[card.origin],
        card.published_on,
        card.updated_on,
        LICENCE,
        CREDIT,
        _joined(card.publics),
        _joined(card.needs),
    )


def _joined(words: Iterable[str]) -> str:
    return " | ".join(words)


def _end(places: tuple[PublicPlace, ...]) -> tuple[Value, ...]:
    """The main place of a side, as it may be shown, then the names of the others."""
    place = places[0]
    return (
        place.name,
        place.context,
        place.key,
        str(place.level),
        round(place.lon, 5) if place.is_open else None,
        round(place.lat, 5) if place.is_open else None,
        "oui" if place.is_withheld else "non",
        _joined(other.name for other in places[1:]),
    )
