"""« Autour de moi » and « ma commune » on the map: the territory here to show, from a point or from a key."""

from __future__ import annotations

import math
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request

from directory.core.errors import BadFilter, NotFound
from directory.geocoding.gazetteer import Gazetteer
from directory.geocoding.places import Place
from directory.initiatives.filters import Filters
from directory.initiatives.index import Corpus
from directory.initiatives.results import figures
from directory.pages.parts.answer import NO_PLACES, place_of_key
from directory.reference import wording
from directory.reference.keys import Side
from directory.web.caching import public_answer
from directory.web.database import session
from directory.web.errors import problem

blueprint = Blueprint("nearby", __name__)

NEIGHBOURS = 12
"""Towns looked at around a point: near a border the nearest may be abroad."""
FAR_KM = 60.0
"""Beyond this distance of every commune here, a point is not in France."""


@blueprint.get("/carte/autour")
def around() -> Response:
    """The territories here that hold a commune (`cle`) or a point (`lon`, `lat` in degrees), each with its initiatives.

    JSON {"name", "key", "total", "sentence"}: the finest territory that has initiatives, from the commune to the
    région, and a sentence about it. A point is never kept: neither by the browser nor, rounded by the page, by us.
    """
    gazetteer: Gazetteer | None = current_app.extensions["gazetteer"]
    corpus: Corpus = current_app.extensions["corpus"].current(session())
    if "cle" in request.args:
        place = place_of_key(session(), corpus, gazetteer, request.args["cle"])
        if place is None:
            raise BadFilter("cle", "Ce territoire n’est pas dans nos listes.")
        return public_answer(corpus.version, lambda: jsonify(_told(corpus, place)))
    lon, lat = _degrees("lon", 180), _degrees("lat", 90)
    if gazetteer is None:
        return problem(503, NO_PLACES)
    near = next((one for one in gazetteer.nearest(lon, lat, NEIGHBOURS, FAR_KM) if one.side is Side.HERE), None)
    if near is None:
        raise NotFound("Vous semblez être hors de France. Écrivez une commune ou un territoire d’ici.")
    answer = jsonify(_told(corpus, near))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _degrees(name: str, most: int) -> float:
    try:
        value = float(request.args.get(name, "")[:24])
    except ValueError:
        value = math.nan
    if not abs(value) <= most:
        raise BadFilter(name, "Un point s’écrit en degrés : lon de -180 à 180, lat de -90 à 90.")
    return value


def _told(corpus: Corpus, place: Place) -> dict[str, Any]:
    """The finest territory with initiatives; the place itself when none has any."""
    for key in place.keys:
        total = figures(corpus, session(), Filters(here=(key,))).initiatives
        if total:
            name = place.name if key == place.key else corpus.known.territories.get(key, key)
            return {"key": key, "name": name, "total": total, "sentence": _sentence(place, key, name, total)}
    nothing = (
        f"Aucune initiative connue {wording.within(place.key, place.name)}, ni autour. Vous en connaissez une\u00a0?"
    )
    return {"key": place.key, "name": place.name, "total": 0, "sentence": nothing}


def _sentence(place: Place, key: str, name: str, total: int) -> str:
    if key == place.key:
        return f"{wording.initiatives(total)} {wording.within(key, name)}."
    nothing = f"Aucune initiative connue {wording.within(place.key, place.name)}"
    return f"{nothing}\u00a0; {wording.initiatives(total).lower()} {wording.within(key, name)}."
