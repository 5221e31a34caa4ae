"""What the search box proposes while somebody types, as JSON for static/js/search-box.js and the map."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request, url_for

from directory.core.errors import BadFilter, InvalidText
from directory.core.text import clean_text, fold
from directory.geocoding.gazetteer import Gazetteer
from directory.initiatives.filters import MAX_QUERY
from directory.initiatives.index import Corpus
from directory.initiatives.names import typed
from directory.initiatives.suggestions import MOST, Kind, Suggester, Suggestion
from directory.reference import wording
from directory.reference.keys import Side
from directory.web.caching import public_answer
from directory.web.database import session

blueprint = Blueprint("suggestions", __name__)

DEFAULT_LIMIT = 8
NOTHING_KNOWN = "aucune initiative connue"
_WORD = re.compile(r"[^\W_]+")


@blueprint.get("/suggestions")
def show() -> Response:
    """JSON {"suggestions": [{kind, label, marked, detail, side, href, query}]} for the words `q`, at most `limite`.

    `marked` holds the pieces of the label, each with whether it was typed; `query` the filters that the suggestion
    sets, null for an initiative. A problem of status 400 when `q` cannot be read or `limite` is no number from 1 to 20.
    """
    limit = request.args.get("limite", str(DEFAULT_LIMIT))
    if not (limit.isascii() and limit.isdecimal() and len(limit) < 3 and 1 <= int(limit) <= MOST):
        raise BadFilter("limite", f"La limite est un nombre de 1 à {MOST}.")
    try:
        asked = clean_text(request.args.get("q", ""), MAX_QUERY)
    except InvalidText as error:
        raise BadFilter("q", error.message) from error
    places: Gazetteer | None = current_app.extensions["gazetteer"]
    corpus: Corpus = current_app.extensions["corpus"].current(session())
    suggester: Suggester = current_app.extensions["suggester"]

    def render() -> Response:
        found = suggester.suggest(corpus, session(), places, asked, limit=int(limit))
        return jsonify(suggestions=[_shown(one, typed(asked).split()) for one in found])

    return public_answer(f"{corpus.version} {places.version if places else ''}", render)


def _shown(one: Suggestion, names: list[str]) -> dict[str, Any]:
    label = _label(one)
    return {
        "kind": one.kind.value,
        "label": label,
        "marked": marked(label, names),
        "detail": _detail(one),
        "ends": one.ends,
        "side": one.side,
        "href": _address(one),
        "query": _query(one),
    }


def _label(one: Suggestion) -> str:
    """The name; for a commune without any initiative, what one can do: look around it."""
    if one.wider is not None and one.side == Side.HERE.value:
        return f"Voir ce qui est autour {wording.of(one.value, one.label)}"
    return one.label


def _detail(one: Suggestion) -> str:
    """« commune, Finistère · 12 initiatives »."""
    if one.kind is Kind.INITIATIVE:
        return ""
    said = [one.context] if one.context else []
    if one.count:
        said.append(wording.initiatives(one.count).lower())
    elif one.wider is None:
        said.append(NOTHING_KNOWN)
    else:
        around = f"{wording.counted(one.wider.count)} {wording.within(one.wider.key, one.wider.name)}"
        said.append(f"{NOTHING_KNOWN}\u00a0; {around}")
    return " · ".join(said)


def _query(one: Suggestion) -> dict[str, str] | None:
    """The filters that the suggestion sets; for a place without any initiative, those of what is around it."""
    match one.kind:
        case Kind.PLACE | Kind.COUNTRY:
            key = one.wider.key if one.wider is not None else one.value
            return {"ici" if one.side == Side.HERE.value else "labas": key}
        case Kind.SECTOR:
            return {"secteur": one.value}
        case Kind.ORGANISATION:
            return {"organisation": one.value}
        case Kind.NETWORK:
            return {"reseau": one.value}
        case _:
            return None


def _address(one: Suggestion) -> str:
    match one.kind:
        case Kind.PLACE | Kind.COUNTRY:
            return url_for("territories.show", key=one.value)
        case Kind.ORGANISATION:
            return url_for("organisations.show", slug=one.value)
        case Kind.NETWORK:
            return url_for("networks.show", slug=one.value)
        case Kind.INITIATIVE:
            return url_for("sheet.show", slug=one.value)
        case _:
            return url_for("directory.listing", secteur=one.value)


def marked(label: str, names: list[str]) -> list[tuple[str, bool]]:
    """The pieces of a label, with whether each is the beginning of a word that was typed (folded)."""
    pieces: list[tuple[str, bool]] = []
    end = 0
    for word in _WORD.finditer(label):
        letters = max((_typed_letters(word.group(), name) for name in names), default=0)
        if letters:
            pieces += [(label[end : word.start()], False), (word.group()[:letters], True)]
            end = word.start() + letters
    return [piece for piece in [*pieces, (label[end:], False)] if piece[0]]


def _typed_letters(word: str, name: str) -> int:
    """How many letters of a word a folded beginning covers: « œ » is two of them; 0 when it does not begin so."""
    if not _folded(word).startswith(name):
        return 0
    return next(count for count in range(1, len(word) + 1) if _folded(word[:count]).startswith(name))


@lru_cache(maxsize=1 << 14)
def _folded(word: str) -> str:
    return fold(word)
