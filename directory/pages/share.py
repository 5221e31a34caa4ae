"""Share images: what a link to the map or to a sheet shows where people talk about it."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from flask import Blueprint, Response, current_app, request
from sqlalchemy.orm import Session

from directory.core.errors import NotFound
from directory.core.time import utcnow
from directory.initiatives.index import Corpus
from directory.initiatives.public import Card, sheet
from directory.pages.parts.shared import Chosen, Site
from directory.reference.keys import Side, parse_key, side_of
from directory.reference.queries import ancestors, find_territory
from directory.web.caching import public_answer
from directory.web.database import session
from directory.web.limits import address, limiter
from directory.web.links import address_of

blueprint = Blueprint("share", __name__)

WORLD = "monde"
"""Stands for a key where every territory is meant."""
UNKNOWN = "Ce territoire n’est pas dans nos listes."
_SIDES = (("ici", "region", "departement"), ("labas", "pays"))
_LETTERS = {"region": "r:", "departement": "d:", "pays": "p:"}
_drawing = Lock()
"""One image at a time in each process: drawing takes about 20 MB."""


@blueprint.get("/carte/partage/<key>.png")
@blueprint.get("/carte/partage/<key>/<other>.png")
@limiter.limit("120 per minute", key_func=address)
def territory(key: str, other: str = "") -> Response:
    """The image of a territory, of one here with one there, or of the whole site; 404 for an unknown key."""
    keys = [key, other] if other else [key]
    chosen = [] if keys == [WORLD] else [_chosen(session(), one) for one in keys]
    if len(chosen) == 2 and [one.side for one in chosen] != [Side.HERE, Side.THERE]:
        raise NotFound(UNKNOWN)
    corpus = current_app.extensions["corpus"].current(session())
    return public_answer(corpus.version, lambda: _territory_image(corpus, chosen))


@blueprint.get("/initiatives/<slug>/partage.png")
@limiter.limit("120 per minute", key_func=address)
def initiative(slug: str) -> Response:
    """The image of one sheet; 404 and 410 as the sheet itself."""
    corpus = current_app.extensions["corpus"].current(session())
    card = sheet(corpus, session(), slug).card
    return public_answer(corpus.version, lambda: _initiative_image(card))


@blueprint.app_template_global("share_image_of")
def share_image_of(slug: str = "", here: str = "", there: str = "") -> str:
    """The absolute address of the image of a sheet, of territories, or of the whole site."""
    if slug:
        return address_of("share.initiative", slug=slug)
    if here and there:
        return address_of("share.territory", key=here, other=there)
    return address_of("share.territory", key=here or there or WORLD)


@blueprint.app_template_global("shared_ends")
def shared_ends() -> dict[str, str]:
    """The territory of each side that the address of the page chooses, when it chooses one: `here`, `there`."""
    found = {}
    for side, names in zip(("here", "there"), _SIDES, strict=True):
        keys = [_LETTERS.get(name, "") + value for name in names for value in request.args.getlist(name)]
        if len(keys) == 1 and _is_known(session(), keys[0], Side(side)):
            found[side] = keys[0]
    return found


def _is_known(current: Session, key: str, side: Side) -> bool:
    try:
        return _chosen(current, key).side is side
    except NotFound:
        return False


def _chosen(current: Session, key: str) -> Chosen:
    """The territory of a key, from the list of territories, else a town of the gazetteer; raises NotFound."""
    try:
        side_of(parse_key(key))
    except ValueError as error:
        raise NotFound(UNKNOWN) from error
    found = find_territory(current, key)
    if found is not None:
        return Chosen(ancestors(current, key), found.name, found.lon, found.lat)
    gazetteer = current_app.extensions["gazetteer"]
    place = gazetteer.place(key) if gazetteer is not None else None
    if place is None:
        raise NotFound(UNKNOWN)
    return Chosen(place.keys, place.name, place.lon, place.lat)


def _territory_image(corpus: Corpus, chosen: list[Chosen]) -> Response:
    from directory.pages.parts.posters import territory_poster  # noqa: PLC0415  # Pillow comes with the first image only

    with _drawing:
        return _png(territory_poster(corpus, session(), chosen, _site()))


def _initiative_image(card: Card) -> Response:
    from directory.pages.parts.posters import initiative_poster  # noqa: PLC0415  # the same

    with _drawing:
        return _png(initiative_poster(card, _site()))


def _site() -> Site:
    name = current_app.extensions["settings"].site_name
    return Site(Path(current_app.static_folder or ""), name, utcnow().date())


def _png(image: bytes) -> Response:
    return Response(image, mimetype="image/png")
