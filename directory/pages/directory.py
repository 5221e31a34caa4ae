"""The directory: search, choices with counts, pages; the same selection as a table or as features."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import Any, AnyStr

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.core.errors import BadFilter
from directory.core.time import utcnow
from directory.exchange import features, table, workbook
from directory.initiatives.filters import Filters, chips
from directory.initiatives.index import Corpus
from directory.initiatives.public import Card
from directory.initiatives.results import BY_NUMBER, PER_PAGE, Results, Turn, chosen_ids, search, streamed
from directory.pages import selection
from directory.web.caching import public_answer
from directory.web.database import reader, session

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

blueprint = Blueprint("directory", __name__)


@blueprint.get("/initiatives")
def listing() -> ResponseReturnValue:
    """The list of a selection; 400 with the same page and an empty list when a filter means nothing."""
    corpus = current_app.extensions["corpus"].current(session())
    try:
        filters, turn = Filters.parse(request.args, corpus.known), Turn.parse(request.args)
        return public_answer(
            corpus.version,
            lambda: render_template("pages/directory.html", **_found(corpus, _page(corpus, filters, turn))),
        )
    except BadFilter as error:
        return render_template("pages/directory.html", **_refused(corpus, error.message)), 400


@blueprint.get("/initiatives.csv")
def csv() -> Response:
    """The selection as a table."""
    return _export(
        "csv", "text/csv; charset=utf-8", lambda corpus, filters, cards: table.parts(cards, address=_sheet())
    )


@blueprint.get("/initiatives.geojson")
def geojson() -> Response:
    """The selection as points and lines."""
    return _export(
        "geojson", "application/geo+json", lambda corpus, filters, cards: features.parts(cards, address=_sheet())
    )


@blueprint.get("/initiatives.xlsx")
def xlsx() -> Response:
    """The selection as a workbook."""
    return _export("xlsx", WORKBOOK, _workbook)


Parts = Iterator[list[Card]]


def _export(suffix: str, mimetype: str, write: Callable[[Corpus, Filters, Parts], Iterator[AnyStr]]) -> Response:
    """A file of the whole selection as it is read; a filter that means nothing answers a problem document."""
    corpus = current_app.extensions["corpus"].current(session())
    filters = Filters.parse(request.args, corpus.known)

    def render() -> Response:
        ids = chosen_ids(corpus, session(), filters)
        written = write(corpus, filters, streamed(corpus, reader(), ids))
        session().close()  # a stream may last: it reads by sessions of its own
        # The first part is read here: a database that fails is told as on any page.
        begun = [] if request.method == "HEAD" else list(islice(written, 1))
        response = Response(chain(begun, written), content_type=mimetype)
        name = f"initiatives-{utcnow().date().isoformat()}.{suffix}"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    return public_answer(corpus.version, render)


def _sheet() -> Callable[[Card], str]:
    """The addresses of sheets, known without the request that asked for them."""
    site: str = current_app.jinja_env.globals["settings_public"].public_url  # type: ignore[attr-defined]  # set by web.site
    before = site + url_for("sheet.show", slug="-").removesuffix("-")
    return lambda card: before + card.slug


def _workbook(corpus: Corpus, filters: Filters, cards: Parts) -> Iterator[bytes]:
    site: str = current_app.jinja_env.globals["settings_public"].public_url  # type: ignore[attr-defined]  # set by web.site
    told: list[tuple[str, table.Value]] = [
        ("Sélection", ", ".join(chip.label for chip in chips(filters, corpus.known)) or "toutes les initiatives"),
        ("Adresse de la liste", site + selection.address("directory.listing", filters.to_query(page=1))),
        ("Fichier fait le", utcnow().date()),
    ]
    return workbook.blocks(cards, address=_sheet(), told=told)


def _page(corpus: Corpus, filters: Filters, turn: Turn) -> Results:
    """The page asked for; raises BadFilter beyond the last one."""
    results = search(corpus, session(), filters, turn=turn)
    if turn == BY_NUMBER and filters.page > results.pages:
        raise BadFilter("page", f"Cette liste n’a pas de page {filters.page}.")
    return results


def _found(corpus: Corpus, results: Results) -> dict[str, Any]:
    """What the template shows of a selection."""
    filters = results.filters
    names = selection.names_of(corpus, session(), results)
    applied = selection.choices(filters, results.known, names)
    return {
        "results": results,
        "filters": filters,
        "title": "".join(part.text for part in selection.sentence(results, names)),
        "problem": "",
        "chips": [{"label": choice.label, "href": _list(choice.query_without)} for choice in applied],
        "kept": selection.kept(filters),
        "orders": [
            {"label": order.label, "href": _list(order.query), "is_chosen": order.is_chosen}
            for order in selection.orders(filters)
        ],
        "links": _links(results),
        "wider": [] if results.total else _wider(corpus, applied),
    }


def _wider(corpus: Corpus, applied: list[selection.Choice]) -> list[dict[str, Any]]:
    """How many initiatives a selection without any would have, were one of its choices taken off."""
    return [
        {
            "label": way.choice.label,
            "href": _list(way.choice.query_without),
            "words": way.words,
            "is_quoted": way.choice.facet == "q",
        }
        for way in selection.ways(corpus, session(), applied)
    ]


def _refused(corpus: Corpus, problem: str) -> dict[str, Any]:
    """The page without any initiative: never the whole list under a filter that was not understood."""
    found = _found(corpus, selection.refused(corpus.known))
    return found | {"problem": problem, "title": "Ce choix n’existe pas", "chips": []}


def _links(results: Results) -> dict[str, str]:
    """The addresses of the same selection elsewhere, and of the neighbouring pages."""
    filters = results.filters
    same = filters.to_query(page=1)
    return {
        "map": selection.address("map.show", filters.to_query(page=1, sort=None)),
        "csv": selection.address("directory.csv", same),
        "geojson": selection.address("directory.geojson", same),
        "previous": _previous(results),
        "next": _list(filters.to_query(page=results.page + 1) + Turn.onward(results.cards).to_query())
        if results.has_more
        else "",
    }


def _previous(results: Results) -> str:
    """The page before; the last one when the cards after which this one begins were the last."""
    if not results.first:
        return ""
    page = -(-results.first // PER_PAGE)
    return _list(results.filters.to_query(page=min(page, results.pages)) + Turn.back(results.cards).to_query())


def _list(query: selection.Query) -> str:
    return selection.address("directory.listing", query)
