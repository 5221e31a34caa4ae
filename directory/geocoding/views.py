"""Suggestions of places while somebody types."""

from typing import Final

from flask import Blueprint, Response, current_app, jsonify, request

from directory.core.errors import InvalidText
from directory.core.text import clean_text
from directory.reference.keys import Side
from directory.web.errors import problem

from .gazetteer import LONGEST_QUERY, Gazetteer
from .places import Place

blueprint = Blueprint("geocoding", __name__)

SIDES: Final = {"": None, "ici": Side.HERE, "labas": Side.THERE}
SHORTEST, LONGEST = 2, 80
DEFAULT_LIMIT, HIGHEST_LIMIT = 5, 10
ONE_DAY: Final = 86_400


@blueprint.get("/lieux/suggestions")
def suggestions() -> Response:
    """Answer the places whose name starts like ``q``, on the side ``cote``, at most ``limite``."""
    gazetteer: Gazetteer | None = current_app.extensions.get("gazetteer")
    side, limit = request.args.get("cote", ""), request.args.get("limite", str(DEFAULT_LIMIT))
    if side not in SIDES:
        return problem(400, "Le côté est « ici » ou « labas ».")
    if not (limit.isascii() and limit.isdecimal() and len(limit) < 3 and 1 <= int(limit) <= HIGHEST_LIMIT):
        return problem(400, f"La limite est un nombre de 1 à {HIGHEST_LIMIT}.")
    try:
        text = clean_text(request.args.get("q", ""), LONGEST_QUERY)
    except InvalidText as error:
        return problem(400, str(error))
    if gazetteer is None:
        return problem(503, "Le répertoire des lieux n’est pas disponible. Écrivez le lieu en toutes lettres.")
    found = gazetteer.suggest(text, int(limit), SIDES[side]) if SHORTEST <= len(text) <= LONGEST else []
    answer = jsonify([_shown(place) for place in found])
    answer.cache_control.public = True
    answer.cache_control.max_age = ONE_DAY
    return answer


def _shown(place: Place) -> dict[str, str | float | int | None]:
    return {
        "key": place.key,
        "label": place.label,
        "name": place.name,
        "context": place.context,
        "kind": place.kind,
        "lon": place.lon,
        "lat": place.lat,
        "population": place.population,
    }
