"""The organisations that a published initiative names, and what each takes part in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from directory.core.errors import BadFilter, InvalidText
from directory.core.text import clean_text
from directory.initiatives.actors import ActorsIndex, Choice, Listing, OrganisationLine, lines, organisation
from directory.initiatives.columns import Mask
from directory.initiatives.filters import TWINS_ONLY, Filters, chips
from directory.initiatives.index import Corpus
from directory.initiatives.portrait import newest
from directory.initiatives.public import cards
from directory.pages.parts.gathered import gather_selection
from directory.pages.parts.selection import Query, address
from directory.pages.parts.small_map import small_map_of
from directory.reference import wording
from directory.reference.keys import Level, Side
from directory.web.caching import public_answer
from directory.web.database import session
from directory.web.links import address_of

blueprint = Blueprint("organisations", __name__)

PER_PAGE = 60
MAX_QUERY = 100
MAX_CARDS = 6
MAX_PARTNERS = 12
MAX_NAMED = 4
_SIDES = {"ici": Side.HERE, "labas": Side.THERE}
_OWN = ("q", "cote", "page", "tri")
"""Names in addresses that mean the organisation here, as `acteur` does; the others choose its initiatives."""


@dataclass(frozen=True)
class Asked:
    """What an address asks for: words of the name, types, a side; and filters of the initiatives taken part in."""

    filters: Filters
    query: str
    types: tuple[str, ...]
    side: str

    def to_query(self, **changes: Any) -> Query:
        """The pairs of this choice; `changes` replaces attributes."""
        one = replace(self, **changes)
        own = [("q", one.query), ("cote", one.side)]
        return [
            *(pair for pair in own if pair[1]),
            *(("acteur", kind) for kind in one.types),
            *one.filters.to_query(),
        ]


@blueprint.get("/organisations")
def listing() -> ResponseReturnValue:
    """The organisations of a choice in alphabetical order, by pages; 400 for a choice that means nothing."""
    corpus = current_app.extensions["corpus"].current(session())
    asked = _asked(corpus)
    page = _page(request.args.get("page", "1"))

    def render() -> str:
        found = _index().listing(corpus, session(), _choice(session(), corpus, asked), page=page, per_page=PER_PAGE)
        if page > found.pages:
            raise BadFilter("page", f"Les pages vont de 1 à {found.pages}.")
        return render_template("pages/organisations.html", **_told(corpus, asked, found))

    return public_answer(corpus.version, render)


@blueprint.get("/organisations/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """One organisation and its initiatives; 404 when no published initiative names it any more."""
    corpus = current_app.extensions["corpus"].current(session())

    def render() -> str:
        line = organisation(corpus, session(), slug)
        return render_template("pages/organisation.html", organisation=line, **_shown(session(), corpus, line))

    return public_answer(corpus.version, render)


def _index() -> ActorsIndex:
    index: ActorsIndex = current_app.extensions["actors"]
    return index


def _asked(corpus: Corpus) -> Asked:
    """The choice of the address; raises BadFilter at the first value that means nothing."""
    given = request.args.items(multi=True)
    filters = Filters.parse(MultiDict((name, value) for name, value in given if name not in _OWN), corpus.known)
    side, words = request.args.get("cote", ""), request.args.get("q", "")
    if side and side not in _SIDES:
        raise BadFilter("cote", "Le côté s’écrit « ici » ou « labas ».")
    try:
        query = clean_text(words, MAX_QUERY)
    except InvalidText as error:
        raise BadFilter("q", error.message) from error
    return Asked(replace(filters, actor_types=(), page=1), query, filters.actor_types, side)


def _page(text: str) -> int:
    """The number of a page; raises BadFilter for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and int(text) >= 1):
        raise BadFilter("page", "Les pages sont numérotées à partir de 1.")
    return int(text)


def _choice(current: Session, corpus: Corpus, asked: Asked) -> Choice:
    mask = None if asked.filters.is_empty else corpus.select(current, asked.filters)
    return Choice(mask, _SIDES.get(asked.side), asked.types, asked.query)


def _told(corpus: Corpus, asked: Asked, found: Listing) -> dict[str, Any]:
    """What the template shows of a page of the list."""
    types = corpus.known.actor_types
    counted = sorted(found.types.items(), key=lambda pair: (-pair[1], types[pair[0]]))
    return {
        "found": found,
        "asked": asked,
        "title": _title(found.total, asked),
        "types": [(kind, types[kind], count, kind in asked.types) for kind, count in counted],
        "sides": [(name, found.sides[side], name == asked.side) for name, side in _SIDES.items()],
        "kept": asked.filters.to_query(),
        "chips": _chips(corpus, asked),
        "letters": [(letter, _list([*asked.to_query(), ("page", str(at))])) for letter, at in found.letters.items()],
        "previous": _list([*asked.to_query(), ("page", str(found.page - 1))]) if found.page > 1 else "",
        "next": _list([*asked.to_query(), ("page", str(found.page + 1))]) if found.page < found.pages else "",
        "is_chosen": bool(asked.to_query()),
    }


def _title(total: int, asked: Asked) -> str:
    if not total:
        return "Aucune organisation connue sous ce choix" if asked.to_query() else "Aucune organisation pour l’instant"
    plural = "s" if total > 1 else ""
    where = {"ici": "ici", "labas": "là-bas"}.get(asked.side, "ici et là-bas")
    named = f" dont le nom contient «\u00a0{asked.query}\u00a0»" if asked.query else ""
    return f"{wording.digits(total)} organisation{plural}, {where}{named}"


def _chips(corpus: Corpus, asked: Asked) -> list[tuple[str, str]]:
    """Every choice that can be taken off: its words, the address without it."""
    found = [
        (chip.label, _list([*replace(asked, filters=Filters()).to_query(), *chip.query_without]))
        for chip in chips(asked.filters, corpus.known)
    ]
    if asked.query:
        found.insert(0, (f"«\u00a0{asked.query}\u00a0»", _list(asked.to_query(query=""))))
    if asked.side:
        found.append((asked.side.replace("labas", "là-bas"), _list(asked.to_query(side=""))))
    for kind in asked.types:
        rest = tuple(other for other in asked.types if other != kind)
        found.append((corpus.known.actor_types[kind], _list(asked.to_query(types=rest))))
    return found


def _list(query: Query) -> str:
    return address("organisations.listing", query)


def _shown(current: Session, corpus: Corpus, line: OrganisationLine) -> dict[str, Any]:
    """What the template shows of one organisation."""
    filters = Filters(organisations=(line.slug,))
    mask = corpus.select(current, filters)
    is_twinned = not mask.any()  # only a public list of twin towns names it
    if is_twinned:
        filters = replace(filters, twins=TWINS_ONLY)
        mask = corpus.select(current, filters)
    level = Level.COUNTRY if line.side == Side.HERE else Level.REGION
    ends = [wording.named(one.key, one.name) for one in corpus.partners(mask, level)]
    years = corpus.years(mask)
    sectors = corpus.count(mask, "sectors")
    count = int(np.count_nonzero(mask))
    linked = f", avec {wording.listing(ends)}" if 0 < len(ends) <= MAX_NAMED else ""
    return {
        "count": count,
        "title": ("Jumelage relevé dans une liste publique" if is_twinned else wording.initiatives(count)) + linked,
        "ends_count": len(ends),
        "since": min(years, default=None),
        "sectors": [corpus.known.sectors[one] for one in sorted(sectors, key=lambda one: -sectors[one])],
        "cards": cards(corpus, current, corpus.ids[newest(corpus, mask, MAX_CARDS)]),
        "partners": _partners(current, corpus, line, mask),
        "small_map": small_map_of(gather_selection(corpus, current, filters), "organisation"),
        "list_href": address("directory.listing", filters.to_query()),
        "map_href": address("map.show", filters.to_query()),
        "json_ld": _described(line),
    }


def _partners(current: Session, corpus: Corpus, line: OrganisationLine, mask: Mask) -> list[OrganisationLine]:
    """The other organisations of its initiatives, those met most often first."""
    counts = _index().participations(current, corpus).counts(mask)
    found = np.flatnonzero(counts)
    found = found[np.argsort(-counts[found], kind="stable")][: MAX_PARTNERS + 1]
    others = lines(corpus.known, current, [(int(one), int(counts[one])) for one in found])
    return [one for one in others if one.slug != line.slug][:MAX_PARTNERS]


def _described(line: OrganisationLine) -> dict[str, Any]:
    """The organisation for search engines (schema.org): what the page shows, nothing more."""
    described: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Organization",
        "name": line.name,
        "mainEntityOfPage": address_of("organisations.show", slug=line.slug),
    }
    if line.website.startswith(("https://", "http://")):
        described["url"] = line.website
    if line.place:
        described["areaServed"] = line.place
    return described
