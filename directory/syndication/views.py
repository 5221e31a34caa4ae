"""Feeds of what was last published: any selection of the directory, or one territory."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, request

from directory.initiatives.columns import Mask
from directory.initiatives.filters import Filters, chips
from directory.initiatives.index import Corpus
from directory.initiatives.portrait import locate
from directory.reference import wording
from directory.reference.keys import Side
from directory.syndication.queries import changed_at, last_published
from directory.web.caching import public_answer
from directory.web.database import session
from directory.web.links import address_of

blueprint = Blueprint("syndication", __name__)


@blueprint.get("/initiatives.atom")
def feed() -> Response:
    """The selection, the last published first; a filter that means nothing answers a problem document."""
    corpus = current_app.extensions["corpus"].current(session())
    filters = Filters.parse(request.args, corpus.known)

    def render() -> Response:
        query = urlencode(filters.to_query(page=1, sort=None), safe=":,")
        chosen = ", ".join(chip.label for chip in chips(filters, corpus.known))
        return _answer(
            corpus,
            corpus.select(session(), filters),
            title=f"Initiatives\u00a0: {chosen}" if chosen else "Toutes les initiatives",
            addresses=tuple(
                address_of(endpoint) + (f"?{query}" if query else "")
                for endpoint in ("syndication.feed", "directory.listing")
            ),
        )

    return public_answer(corpus.version, render)


@blueprint.get("/territoires/<key>.atom")
def territory(key: str) -> Response:
    """What was last published from a territory here, or towards one there; 404 as its portrait."""
    corpus = current_app.extensions["corpus"].current(session())

    def render() -> Response:
        place = locate(corpus, session(), current_app.extensions["gazetteer"], key)
        other = "le monde" if place.side is Side.HERE else "la France"
        return _answer(
            corpus,
            corpus.lying_in((key,)),
            title=f"{wording.short(key, place.name)} et {other}",
            addresses=(address_of("syndication.territory", key=key), address_of("territories.show", key=key)),
        )

    return public_answer(corpus.version, render)


def _answer(corpus: Corpus, mask: Mask, *, title: str, addresses: tuple[str, ...]) -> Response:
    """The feed of a selection; `addresses` are its own and that of the page that shows the same."""
    from directory.syndication.atom import MIMETYPE, Entry, Feed, write  # noqa: PLC0415  # lxml comes with a feed only

    settings = current_app.extensions["settings"]
    entries = [
        Entry(card, address_of("sheet.show", slug=card.slug), first, last)
        for card, first, last in last_published(corpus, session(), mask)
    ]
    address, page = addresses
    written = write(
        Feed(
            title=f"{title} · {settings.site_name}",
            subtitle="Les dernières fiches publiées.",
            address=address,
            page=page,
            author=settings.site_name,
            icon=address_of("static", filename="images/mark.svg"),
            changed_at=changed_at(session()),
            entries=entries,
        )
    )
    return Response(written, content_type=MIMETYPE)
