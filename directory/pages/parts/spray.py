"""What leaves one place, as the strands of a spray: one disc or diamond, a strand to each place of the other side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from directory.core.geography import distance_km
from directory.geocoding.places import Place
from directory.initiatives.public import Card, PublicPlace
from directory.initiatives.published import Linked
from directory.pages.parts.selection import address
from directory.reference import wording
from directory.reference.keys import Level, Side

MAX_STRANDS = 12
MAX_COUNTRIES = 8


@dataclass(frozen=True)
class Strand:
    """One end: a place with its initiative, or a territory with how many initiatives it has and where they are."""

    key: str
    name: str
    detail: str
    card: Card | None = None
    is_repeated: bool = False
    words: str = ""
    href: str = ""


def told(place: Place, cards: Iterable[Card]) -> tuple[Strand, ...]:
    """One strand for each place of the other side, each initiative told once."""
    strands = []
    for card in cards:
        ends = card.there if place.side is Side.HERE else card.here
        for number, end in enumerate(ends):
            strands.append(Strand(end.key, end.name, _detail(place, end), card, is_repeated=number > 0))
    return tuple(strands[:MAX_STRANDS])


def gathered(place: Place, countries: Iterable[Linked]) -> tuple[Strand, ...]:
    """One strand for each of the first countries."""
    return tuple(
        Strand(
            one.key,
            one.name,
            "",
            words=wording.initiatives(one.initiatives).lower(),
            href=address("directory.listing", [("ici", place.key), ("pays", one.key[2:])]),
        )
        for one in list(countries)[:MAX_COUNTRIES]
    )


def _detail(place: Place, end: PublicPlace) -> str:
    """What holds the place, that it is protected, or how far it is when both ends are precise enough."""
    parts = [end.context] if end.context and end.context != end.name else []
    if end.is_withheld:
        parts.append("lieu protégé")
    elif {end.level, place.level} <= {Level.TOWN, Level.COMMUNE, Level.EPCI, Level.DEPARTEMENT}:
        parts.append(f"à {wording.distance(distance_km(place.lon, place.lat, end.lon, end.lat))}")
    return ", ".join(parts)
