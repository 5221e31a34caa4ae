"""A selection as GeoJSON (RFC 7946): a point for each place, a line for each link, as precise as may be shown."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from directory.exchange.table import CREDIT, LICENCE, ORIGINS
from directory.initiatives.public import Card, PublicPlace

DECIMALS = 5
"""About a metre; no position is known better."""
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def parts(cards: Iterable[Sequence[Card]], *, address: Callable[[Card], str]) -> Iterator[str]:
    """The collection, a text for each part of the cards; `address` gives a sheet's URL. Harmless inside a page, too."""
    head = {"type": "FeatureCollection", "licence": LICENCE, "credit": CREDIT, "features": []}
    before = _harmless(_written(head)).removesuffix("]}")
    for part in cards:
        features = [feature for card in part for feature in _features(card, address(card))]
        if features:
            yield before + _harmless(",\n".join(features))
            before = ",\n"
    yield ("" if before == ",\n" else before) + "]}"


def _written(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _harmless(text: str) -> str:
    for sign, escape in _ESCAPES.items():
        text = text.replace(sign, escape)
    return text


def _features(card: Card, address: str) -> list[str]:
    """The places then the links of a card; its own facts are written once and repeated as they are."""
    facts = _written(_facts(card, address))
    points = [
        _feature(f"{card.slug}/{place.side}/{number}", _point(place), {"objet": "lieu", **_place(place)}, facts)
        for places in (card.here, card.there)
        for number, place in enumerate(places)
    ]
    lines = [
        _feature(
            f"{card.slug}/lien/{number}",
            _line(here, there),
            {"objet": "lien", "ici": here.name, "ici_cle": here.key, "labas": there.name, "labas_cle": there.key},
            facts,
        )
        for number, (here, there) in enumerate(card.links)
    ]
    return points + lines


def _feature(identifier: str, geometry: dict[str, Any] | None, own: dict[str, Any], facts: str) -> str:
    feature = _written({"type": "Feature", "id": identifier, "geometry": geometry, "properties": own})
    return f"{feature.removesuffix('}}')},{facts.removeprefix('{')}}}"


def _facts(card: Card, address: str) -> dict[str, Any]:
    return {
        "initiative": card.slug,
        "adresse": address,
        "titre": card.title,
        "resume": card.summary,
        "langue": card.language,
        "structures": [carrier.name for carrier in card.carriers],
        "domaines": list(card.sectors),
        "ou_en_est_on": card.stage,
        "depuis": card.since_year,
        "origine": ORIGINS[card.origin],
        "publics": list(card.publics),
        "besoins": list(card.needs),
        "mise_a_jour_le": card.updated_on.isoformat(),
    }


def _place(place: PublicPlace) -> dict[str, Any]:
    return {
        "cote": "ici" if place.side == "here" else "labas",
        "nom": place.name,
        "contexte": place.context,
        "cle": place.key,
        "echelon": str(place.level),
        "precision": str(place.precision),
        "lieu_protege": place.is_withheld,
    }


def _point(place: PublicPlace) -> dict[str, Any] | None:
    """Unlocated (RFC 7946, 3.2) where the position is not ours to give."""
    if not place.is_open:
        return None
    return {"type": "Point", "coordinates": _position(place.lon, place.lat)}


def _position(lon: float, lat: float) -> list[float]:
    return [round(lon, DECIMALS), round(lat, DECIMALS)]


def _line(here: PublicPlace, there: PublicPlace) -> dict[str, Any] | None:
    """A straight line; one that is shorter across the antimeridian is cut there (RFC 7946, 3.1.9)."""
    if not (here.is_open and there.is_open):
        return None
    start, end = _position(here.lon, here.lat), _position(there.lon, there.lat)
    if abs(end[0] - start[0]) <= 180:
        return {"type": "LineString", "coordinates": [start, end]}
    edge = 180.0 if start[0] > 0 else -180.0
    beyond = end[0] + (360 if edge > 0 else -360)
    share = (edge - start[0]) / (beyond - start[0])
    lat = round(start[1] + share * (end[1] - start[1]), DECIMALS)
    parts = [[start, [edge, lat]], [[-edge, lat], end]]
    return {"type": "MultiLineString", "coordinates": parts}
