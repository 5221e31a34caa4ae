"""Suggestions of places while somebody types, and online ones when somebody asks for more."""

from hashlib import sha256
from typing import Any, Final

from flask import Blueprint, Response, current_app, jsonify, request

from directory.core.errors import InvalidText
from directory.core.text import clean_text
from directory.reference.keys import Side
from directory.web.database import session
from directory.web.errors import problem
from directory.web.limits import limiter

from .gazetteer import LONGEST_QUERY, Gazetteer
from .operations import look_further
from .places import Place
from .providers import Proposal, asked_for

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
    build = current_app.extensions.get("build", "")
    tag = sha256(repr((build, gazetteer.version, text, side, limit)).encode()).hexdigest()[:20]
    if request.if_none_match.contains_weak(tag):
        return _kept(Response(status=304), tag)
    found = gazetteer.suggest(text, int(limit), SIDES[side]) if SHORTEST <= len(text) <= LONGEST else []
    return _kept(jsonify([_shown(place) for place in found]), tag)


def _kept(answer: Response, tag: str) -> Response:
    """An answer that a browser keeps for a day, then asks about again."""
    answer.set_etag(tag, weak=True)
    answer.cache_control.public = True
    answer.cache_control.max_age = ONE_DAY
    return answer


@blueprint.post("/lieux/chercher-plus-loin")
@limiter.limit("20 per minute")
def further() -> Response:
    """Ask the online providers for a place that a person did not find; what is embedded stands in any case."""
    content = request.get_json(silent=True) if request.is_json else None
    if not isinstance(content, dict):
        return problem(415, 'La demande est un objet JSON : {"q": …, "cote": …}.')
    side = {name: side for name, side in SIDES.items() if side}.get(str(content.get("cote", "")))
    if side is None:
        return problem(400, "Le côté est « ici » ou « labas ».")
    try:
        text = clean_text(str(content.get("q", "")), LONGEST_QUERY)
    except InvalidText as error:
        return problem(400, str(error))
    gazetteer: Gazetteer | None = current_app.extensions.get("gazetteer")
    known = gazetteer.find(text, side=side) if gazetteer is not None else []
    providers = asked_for(current_app.extensions.get("place_providers", ()), side)
    found = look_further(session(), providers, text, gazetteer)
    answer = jsonify(
        state=found.state,
        message=found.message,
        places=[_proposed(one) for one in found.proposals],
        embedded=[_shown(place) for place in known],
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _proposed(one: Proposal) -> dict[str, Any]:
    """A place found online as the page shows it, with the keys of what holds it, whose data it is and its number."""
    verdict = one.place.verdict.value if one.place.verdict else None
    told = {"keys": list(one.place.keys), "precision": one.place.precision.value, "verdict": verdict}
    return {**_shown(one.place), **told, "choice": one.choice, "credit": one.credit}


def _shown(place: Place) -> dict[str, str | float | int | None]:
    # Of a region abroad only the towns are counted: far fewer people than live there.
    is_counted = place.side is Side.HERE or place.kind in ("ville", "pays")
    return {
        "key": place.key,
        "label": place.label,
        "name": place.name,
        "context": place.context,
        "kind": place.kind,
        "lon": place.lon,
        "lat": place.lat,
        "population": place.population if is_counted else None,
    }
