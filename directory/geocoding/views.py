"""Suggestions of places while somebody types, and online ones when somebody asks for more."""

from hashlib import sha256
from time import monotonic, sleep
from typing import Any, Final

from flask import Blueprint, Response, current_app, jsonify, request
from sqlalchemy.orm import Session

from directory.core.errors import InvalidText
from directory.core.text import clean_text
from directory.reference.keys import Side
from directory.web.database import session
from directory.web.errors import problem
from directory.web.limits import limiter

from .gazetteer import LONGEST_QUERY, Gazetteer
from .operations import Turn, recall, remember, take_turn
from .places import Place
from .providers import Hit, Provider, State

blueprint = Blueprint("geocoding", __name__)

SIDES: Final = {"": None, "ici": Side.HERE, "labas": Side.THERE}
SHORTEST, LONGEST = 2, 80
DEFAULT_LIMIT, HIGHEST_LIMIT = 5, 10
ONE_DAY: Final = 86_400
#: Seconds a person waits for a turn that another one has, and in all before no further provider is asked.
LONGEST_WAIT, LONGEST_ALL = 2.5, 5.0
SAID: Final = {
    "found": "Choisissez le lieu s’il y est, ou placez le repère.",
    "none": "Rien trouvé plus loin. Placez le repère, ou gardez la région ou le pays.",
    "down": "La recherche en ligne ne répond pas. Ce que le répertoire connaît reste valable, ou placez le repère.",
    "busy": "La recherche en ligne est occupée. Réessayez dans quelques secondes, ou placez le repère.",
    "off": "Ce site ne cherche pas en ligne. Placez le repère, ou gardez la région ou le pays.",
}


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
    providers = [p for p in current_app.extensions.get("place_providers", ()) if p.side is side]
    state, hits = _ask_all(session(), providers, text) if len(text) >= SHORTEST else ("none", [])
    places = [shown for hit in hits if (shown := _proposed(hit, text, gazetteer)) is not None]
    state = "none" if state == "found" and not places else state
    answer = jsonify(state=state, message=SAID[state], places=places, embedded=[_shown(place) for place in known])
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _ask_all(db: Session, providers: list[Provider], text: str) -> tuple[str, list[Hit]]:
    """Ask each provider until one proposes something; how it ended is the best of what happened."""
    states, start = ["off"] if not providers else [], monotonic()
    for provider in providers:
        state, hits = _ask(db, provider, text)
        states.append(state)
        if hits or monotonic() - start > LONGEST_ALL:
            return state, hits
    return min(states, key=list(SAID).index), []


def _ask(db: Session, provider: Provider, text: str) -> tuple[str, list[Hit]]:
    """Answer from the cache, else wait for a turn and ask."""
    if (kept := recall(db, provider.name, text)) is not None:
        return kept[0].value, kept[1]
    start = monotonic()
    while (turn := take_turn(db, provider.name)) is not Turn.YES:
        db.commit()
        if turn is Turn.PAUSED:
            return State.DOWN.value, []
        if monotonic() - start > LONGEST_WAIT:
            return "busy", []
        sleep(0.2)
    # The turn is seen by the other workers at once, and no transaction stays open while the network is waited for.
    db.commit()
    state, hits = provider.ask(text)
    remember(db, provider.name, text, state, hits)
    return state.value, hits


def _proposed(hit: Hit, text: str, gazetteer: Gazetteer | None) -> dict[str, Any] | None:
    """A hit as the page shows it, with the keys of what holds it; nothing when it is in another country."""
    if gazetteer is None:
        return None
    told = gazetteer.country_named(text)
    keys = gazetteer.keys_around(hit.lon, hit.lat, hit.country, hit.insee)
    if not keys or (told is not None and told != hit.country):
        return None
    label = f"{hit.name} ({hit.context})" if hit.context else hit.name
    return {
        "key": keys[0],
        "keys": list(keys),
        "label": label,
        "name": hit.name,
        "context": hit.context,
        "kind": "lieu trouvé en ligne",
        "lon": hit.lon,
        "lat": hit.lat,
        "population": None,
        "precision": "point",
        "verdict": "probable",
    }


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
