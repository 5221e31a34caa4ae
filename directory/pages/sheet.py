"""The sheet of one initiative, told from both ends; and the QR code of its address, for its printed page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from directory.basemap.page import MapPoint, PlacesMap, places_map
from directory.exchange import linked_data
from directory.initiatives.actors import ActorsIndex
from directory.initiatives.index import Corpus
from directory.initiatives.public import Card, PublicPlace, Sheet, sheet
from directory.initiatives.similar import beside
from directory.pages.parts import printed
from directory.pages.parts.picture import draw
from directory.reference import wording
from directory.reference.keys import Level, code_of
from directory.reports.public import replies
from directory.web.caching import public_answer
from directory.web.database import session
from directory.web.limits import address as client_address
from directory.web.limits import limiter
from directory.web.links import address_of

blueprint = Blueprint("sheet", __name__)

MAX_SIMILAR = 4
MAP_RATIO = 1.5
"""Width over height of the small map, and of the picture in its place; as static/css/small-map.css has it."""
AREAS = ("departement", "region", "country")
"""Precisions of an end that is the middle of a whole territory."""


@blueprint.get("/initiatives/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """One sheet: 404 when it never was public, 410 when it was withdrawn."""
    corpus = current_app.extensions["corpus"].current(session())

    def render() -> str:
        found = sheet(corpus, session(), slug)
        return render_template("pages/sheet.html", sheet=found, **_told(session(), corpus, found))

    return public_answer(corpus.version, render)


@blueprint.get("/initiatives/<slug>/qr.svg")
@limiter.limit("120 per minute", key_func=client_address)
def code(slug: str) -> Response:
    """The QR code of a sheet's address; 404 and 410 as the sheet itself."""
    corpus = current_app.extensions["corpus"].current(session())

    def render() -> Response:
        found = sheet(corpus, session(), slug)
        return Response(printed.qr(address_of("sheet.show", slug=found.card.slug)), mimetype="image/svg+xml")

    return public_answer(corpus.version, render)


def _told(current: Session, corpus: Corpus, found: Sheet) -> dict[str, Any]:
    """What the template shows beside the sheet's own fields."""
    card = found.card
    actors: ActorsIndex = current_app.extensions["actors"]
    around = beside(corpus, actors.participations(current, corpus), current, found, MAX_SIMILAR)
    return {
        "card": card,
        "trail": _trail(corpus, card),
        "missing": missing(found),
        "printed": printed.story(found),
        "replies": replies(current, card.slug),
        "address": address_of("sheet.show", slug=card.slug),
        "elsewhere": around.elsewhere,
        "similar": around.similar,
        "drawn": draw(
            (((here.lon, here.lat), (there.lon, there.lat)) for here, there in card.links),
            ratio=MAP_RATIO,
            areas=[(end.lon, end.lat) for end in (*card.here, *card.there) if end.precision in AREAS],
        ),
        "places": _map(card),
        "json_ld": linked_data.describe(found, address_of("sheet.show", slug=card.slug)),
    }


def _map(card: Card) -> PlacesMap:
    """The small map of the places as they are shown; what is a whole territory wears a ring."""
    points = []
    for end in (*card.here, *card.there):
        precision = end.precision if end.precision in AREAS else "point"
        points.append(MapPoint(end.side.value, end.name, end.context, round(end.lon, 4), round(end.lat, 4), precision))
    return places_map("fiche", "Les lieux de cette initiative, sur une carte", points)


def _trail(corpus: Corpus, card: Card) -> list[tuple[str, str]]:
    """The way to the sheet: the directory, narrowed to its région here, then to its country there."""
    here, there = card.here[0], card.there[0]
    region = next((key for key in here.keys if key[0] in "rz"), here.key)
    country = there.keys[-1]
    chosen: dict[str, Any] = {"region": code_of(region)} if region[0] == "r" else {"ici": region}
    listing = "directory.listing"
    return [
        ("Initiatives", url_for(listing)),
        (wording.short(region, _name(corpus, region, here)), url_for(listing, **chosen)),
        (_name(corpus, country, there), url_for(listing, **chosen, pays=code_of(country))),
    ]


def missing(found: Sheet) -> list[str]:
    """What the sheet does not say yet, as sentences that blame nobody."""
    card, there = found.card, found.card.there[0]
    said = {
        "Personne n’a encore raconté ce que l’on y fait, au-delà du résumé.": not found.description,
        "La date de début n’est pas connue.": card.since_year is None,
        "Le lieu de là-bas n’est connu qu’à l’échelle du pays.": there.level == Level.COUNTRY and not there.is_withheld,
        "Le domaine et les objectifs ont été choisis par le site, d’après la source.": card.is_sector_by_site,
        "Ce que cela change, ici et là-bas, n’est pas encore dit.": not (found.change_here or found.change_there),
    }
    return [words for words, is_missing in said.items() if is_missing]


def _name(corpus: Corpus, key: str, end: PublicPlace) -> str:
    """The name of a territory, a town there being known by the end itself."""
    return corpus.known.territories.get(key) or end.name
