"""The sheet of one initiative, told from both ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from directory.basemap.page import MapPoint, PlacesMap, places_map
from directory.exchange import linked_data
from directory.initiatives.filters import Filters
from directory.initiatives.index import Corpus
from directory.initiatives.public import Card, PublicPlace, Sheet, cards, sheet
from directory.pages.picture import draw
from directory.reference import wording
from directory.reference.keys import Level
from directory.web.caching import public_answer
from directory.web.database import session

blueprint = Blueprint("sheet", __name__)

MAX_OTHERS = 4
MAP_RATIO = 1.5
"""Width over height of the small map, and of the picture in its place; as static/css/small-map.css has it."""
AREAS = ("departement", "region", "country")
"""Precisions of an end that is the middle of a whole territory."""
LEVEL_WORDS = {
    Level.COMMUNE: "commune",
    Level.EPCI: "intercommunalité",
    Level.DEPARTEMENT: "département",
    Level.REGION: "région",
    Level.ZONE: "territoire",
    Level.TOWN: "ville ou village",
    Level.DIVISION: "région",
    Level.COUNTRY: "pays",
}


@dataclass(frozen=True)
class Other:
    """Another initiative, and what it shares with the sheet."""

    card: Card
    words: str


@blueprint.get("/initiatives/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """One sheet: 404 when it never was public, 410 when it was withdrawn."""
    corpus = current_app.extensions["corpus"].current(session())
    found = sheet(corpus, session(), slug)
    return public_answer(
        corpus.version, lambda: render_template("pages/sheet.html", sheet=found, **_told(session(), corpus, found))
    )


def _told(current: Session, corpus: Corpus, found: Sheet) -> dict[str, Any]:
    """What the template shows beside the sheet's own fields."""
    card = found.card
    here, there = card.here[0], card.there[0]
    address = url_for("sheet.show", slug=card.slug)
    site = current_app.jinja_env.globals["settings_public"].public_url  # type: ignore[attr-defined]  # set by web.site
    return {
        "card": card,
        "missing": missing(found),
        "level_words": LEVEL_WORDS,
        "others": _others(current, corpus, card),
        "around": _around(current, corpus, here, there),
        "drawn": draw(
            (((here.lon, here.lat), (there.lon, there.lat)) for here, there in card.links),
            ratio=MAP_RATIO,
            areas=[(end.lon, end.lat) for end in (*card.here, *card.there) if end.precision in AREAS],
        ),
        "places": _map(card),
        "json_ld": linked_data.describe(found, site + address),
    }


def _map(card: Card) -> PlacesMap:
    """The small map of the places as they are shown; what is a whole territory wears a ring."""
    points = []
    for end in (*card.here, *card.there):
        precision = end.precision if end.precision in AREAS else "point"
        points.append(MapPoint(end.side.value, end.name, end.context, round(end.lon, 4), round(end.lat, 4), precision))
    return places_map("fiche", "Les lieux de cette initiative, sur une carte", points)


def _around(current: Session, corpus: Corpus, here: PublicPlace, there: PublicPlace) -> list[dict[str, str]]:
    """Lists of links around the two ends, where they hold more than this sheet."""
    area = next((key for key in here.keys if key[0] in "drz"), here.key)
    country = there.keys[-1]
    around = (
        ("labas", country, f"avec {wording.named(country, _name(corpus, country, there))}"),
        ("ici", area, wording.of(area, _name(corpus, area, here))),
    )
    return [
        {"name": name, "key": key, "words": words} for name, key, words in around if corpus.lying_in((key,)).sum() > 1
    ]


def missing(found: Sheet) -> list[str]:
    """What the sheet does not say yet, as sentences that blame nobody."""
    card = found.card
    said = {
        "Personne n’a encore raconté ce que l’on y fait, au-delà du résumé.": not found.description,
        "La date de début n’est pas connue.": card.since_year is None,
        "Le partenaire de là-bas n’est pas nommé.": not found.partners,
        "Le lieu de là-bas n’est connu, ou montré, qu’à l’échelle du pays.": card.there[0].level == Level.COUNTRY,
        "Le domaine et les objectifs ont été choisis par le site, d’après la source.": card.is_sector_by_site,
        "Ce que cela change, ici et là-bas, n’est pas encore dit.": not (found.change_here or found.change_there),
    }
    return [words for words, is_missing in said.items() if is_missing]


def _others(current: Session, corpus: Corpus, card: Card) -> list[Other]:
    """Other initiatives at the same place there, else around it, else at the same place here."""
    keys = [(key, Filters(there=(key,))) for key in card.there[0].keys]
    keys += [(key, Filters(here=(key,))) for key in card.here[0].keys[:1]]
    for key, filters in keys:
        ids = corpus.ids[corpus.select(current, filters)]
        others = [one for one in cards(corpus, current, ids[: MAX_OTHERS + 1]) if one.slug != card.slug]
        if others:
            end = card.there[0] if filters.there else card.here[0]
            words = f"aussi {wording.within(key, _name(corpus, key, end))}"
            return [Other(one, words) for one in others[:MAX_OTHERS]]
    return []


def _name(corpus: Corpus, key: str, end: PublicPlace) -> str:
    """The name of a territory, a town there being known by the end itself."""
    return corpus.known.territories.get(key) or end.name
