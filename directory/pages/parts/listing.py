"""The list beside the map, as values for its template and its script: the sentence, the initiatives, the choices."""

from __future__ import annotations

from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from directory.initiatives.index import Corpus
from directory.initiatives.public import Card, PublicPlace
from directory.initiatives.results import Results
from directory.initiatives.vocabulary import Origin
from directory.pages.parts import selection
from directory.reference import wording


def of(corpus: Corpus, session: Session, results: Results, *, has_facets: bool = False) -> dict[str, Any]:
    """One page of a selection; its counts are of distinct initiatives, at every facet too when they are asked for."""
    names = selection.names_of(corpus, session, results)
    applied = selection.choices(results.filters, results.known, names)
    told = selection.sentence(results, names)
    listed = {
        "total": results.total,
        "page": results.page,
        "pages": results.pages,
        "sentence": "".join(part.text for part in told),
        "parts": [[part.text, part.mark] for part in told],
        "subject": selection.subject(results),
        "items": [_item(card, _wanted(results)) for card in results.cards],
        "chips": [_chip(one) for one in applied],
        "wider": [] if results.total else _wider(corpus, session, applied),
    }
    return listed | ({"facets": _facets(results)} if has_facets else {})


def _chip(choice: selection.Choice) -> dict[str, str]:
    label = "un lieu de là-bas" if choice.label == choice.value and choice.facet == "labas" else choice.label
    if choice.facet == "ici":
        label = wording.short(choice.value, label)
    return {
        "facet": choice.facet,
        "value": choice.value,
        "label": label,
        "href": selection.address("map.show", choice.query_without),
    }


def _wider(corpus: Corpus, session: Session, applied: list[selection.Choice]) -> list[dict[str, Any]]:
    return [_chip(way.choice) | {"words": way.words} for way in selection.ways(corpus, session, applied)]


def _facets(results: Results) -> dict[str, list[dict[str, Any]]]:
    """The values of each facet that give something, or were chosen."""
    return {
        name: [
            {"value": one.value, "label": one.label, "count": one.count, "chosen": one.is_chosen}
            for one in values
            if one.count or one.is_chosen
        ]
        for name, values in results.facets.items()
    }


def _wanted(results: Results) -> set[str]:
    """The names of the sectors that were chosen."""
    return {results.known.sectors[key] for key in results.filters.sectors}


def _item(card: Card, wanted: set[str]) -> dict[str, Any]:
    sectors = (card.main_sector, *card.sectors)
    return {
        "slug": card.slug,
        "url": url_for("sheet.show", slug=card.slug),
        "title": card.title,
        "summary": card.summary,
        "language": card.language,
        "here": _end(card.here[0]),
        "there": _end(card.there[0]),
        "more_here": len(card.here) - 1,
        "more_there": len(card.there) - 1,
        "carrier": card.carriers[0].name if card.carriers else "",
        "sector": next((name for name in sectors if name in wanted), card.main_sector),
        "stage": card.stage,
        "since": card.since_year,
        "is_twinning": card.origin == Origin.TWIN_TOWNS,
        "withheld": any(place.is_withheld for place in (*card.here, *card.there)),
    }


def _end(place: PublicPlace) -> dict[str, Any]:
    return {
        "name": place.name,
        "context": place.context,
        "key": place.key,
        "keys": list(place.keys),
        "lon": round(place.lon, 4),
        "lat": round(place.lat, 4),
    }
