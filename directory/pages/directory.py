"""The directory: search, choices with counts, pages; the same selection as a table or as features."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, AnyStr

from flask import Blueprint, Response, current_app, get_template_attribute, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from config import Settings
from directory.core.errors import BadFilter
from directory.core.time import utcnow
from directory.exchange import features, table, workbook
from directory.geocoding.gazetteer import Gazetteer
from directory.initiatives.analysis import parse
from directory.initiatives.filters import TWINS_ONLY, Filters, KnownValues, chips
from directory.initiatives.index import Corpus
from directory.initiatives.public import Card, PublicPlace
from directory.initiatives.results import (
    BY_NUMBER,
    PER_PAGE,
    Results,
    Turn,
    around,
    choice_of,
    chosen_ids,
    origins,
    search,
    stories,
    streamed,
)
from directory.initiatives.search import did_you_mean
from directory.pages.parts import excerpt, selection
from directory.reference import wording
from directory.web.caching import public_answer
from directory.web.database import reader, session
from directory.web.limits import address, limiter
from directory.web.streaming import sent_as_written

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Counted = tuple[str, str, str, bool]
"""A value of a facet: its name in addresses, its words, its count in figures, whether it is chosen."""
GROUPS = (
    ("region", "Ici, la région", 6),
    ("departement", "Ici, le département", 5),
    ("pays", "Là-bas, le pays", 8),
    ("secteur", "Domaine d’intervention", 8),
    ("etat", "Où en est-on", 5),
    ("public", "Avec qui, pour qui", 5),
    ("besoin", "Ce que l’initiative cherche", 5),
    ("acteur", "Type d’acteur", 5),
    ("odd", "Objectif de développement durable", 5),
    ("reseau", "Réseau qui relit", 5),
)
"""The facets of the form: their name in addresses, their question, how many values are shown at once."""

blueprint = Blueprint("directory", __name__)


@blueprint.get("/initiatives")
def listing() -> ResponseReturnValue:
    """The list of a selection; 400 with the same page and an empty list when a filter means nothing."""
    corpus = current_app.extensions["corpus"].current(session())

    def render() -> str:
        filters, turn = Filters.parse(request.args, corpus.known), Turn.parse(request.args)
        return render_template("pages/directory.html", **_found(corpus, _page(corpus, filters, turn), turn))

    try:
        return public_answer(corpus.version, render)
    except BadFilter as error:
        return render_template("pages/directory.html", **_refused(corpus, error)), 400


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
@limiter.limit("10 per minute", key_func=address)  # everything in a workbook takes seconds of processor
def xlsx() -> Response:
    """The selection as a workbook."""
    return _export("xlsx", WORKBOOK, _workbook)


Parts = Iterator[list[Card]]


def _export(suffix: str, mimetype: str, write: Callable[[Corpus, Filters, Parts], Iterator[AnyStr]]) -> Response:
    """A file of the whole selection as it is read; a filter that means nothing answers a problem document."""
    corpus = current_app.extensions["corpus"].current(session())

    def render() -> Response:
        filters = Filters.parse(request.args, corpus.known)
        ids = chosen_ids(corpus, session(), filters)
        session().close()  # a stream may last: it reads by sessions of its own
        return sent_as_written(
            write(corpus, filters, streamed(corpus, reader(), ids)),
            content_type=mimetype,
            name=f"initiatives-{utcnow().date().isoformat()}.{suffix}",
            shrinks=mimetype != WORKBOOK,
        )

    return public_answer(corpus.version, render)


def _site() -> str:
    """The address of the site, as it is configured."""
    settings: Settings = current_app.extensions["settings"]
    return settings.public_url


def _sheet() -> Callable[[Card], str]:
    """The addresses of sheets, known without the request that asked for them."""
    before = _site() + url_for("sheet.show", slug="-").removesuffix("-")
    return lambda card: before + card.slug


def _workbook(corpus: Corpus, filters: Filters, cards: Parts) -> Iterator[bytes]:
    told: list[tuple[str, table.Value]] = [
        ("Sélection", ", ".join(chip.label for chip in chips(filters, corpus.known)) or "toutes les initiatives"),
        ("Adresse de la liste", _site() + _list(filters.to_query(page=1))),
        ("Fichier fait le", utcnow().date()),
    ]
    return workbook.blocks(cards, address=_sheet(), told=told)


def _page(corpus: Corpus, filters: Filters, turn: Turn) -> Results:
    """The page asked for; raises BadFilter beyond the last one."""
    results = search(corpus, session(), filters, turn=turn)
    if turn == BY_NUMBER and filters.page > results.pages:
        raise BadFilter("page", f"Cette liste n’a pas de page {filters.page}.")
    return results


def _found(corpus: Corpus, results: Results, turn: Turn = BY_NUMBER) -> dict[str, Any]:
    """What the template shows of a selection."""
    filters = results.filters
    names = selection.names_of(corpus, session(), results)
    applied = selection.choices(filters, results.known, names)
    return {
        "results": results,
        "items": _items(results),
        "filters": filters,
        "typed": {"q": filters.q, "depuis": str(filters.since or "")},
        "title": "".join(part.text for part in selection.sentence(results, names)),
        "problem": None,
        "is_turned": turn != BY_NUMBER,
        "panel": _panel(corpus, results),
        "counted": wording.counted(results.total),
        "twins": int(corpus.columns.twins.sum()) if filters.is_empty else 0,
        "twins_href": _list([("jumelages", TWINS_ONLY)]),
        "chips": [{"label": choice.label, "href": _list(choice.query_without)} for choice in applied],
        "kept": selection.kept(filters),
        "orders": [
            {"label": order.label, "href": _list(order.query), "is_chosen": order.is_chosen}
            for order in selection.orders(filters, results.known)
        ],
        "links": _links(results),
        "empty": {} if results.total else _empty(corpus, filters, applied, names),
    }


def _items(results: Results) -> list[tuple[Card, excerpt.Told | None]]:
    """Each card, with what it shows of the words searched; where it does not show them all, an extract does."""
    if not results.filters.q:
        return [(card, None) for card in results.cards]
    query = parse(results.filters.q)
    told = [excerpt.told(card, query) for card in results.cards]
    wanting = [one for one, shown in zip(results.ids, told, strict=True) if shown.lacking.wanted]
    read = stories(session(), wanting)
    return [
        (card, _completed(card, shown, read.get(one, ""), results.known) if shown.lacking.wanted else shown)
        for one, card, shown in zip(results.ids, results.cards, told, strict=True)
    ]


def _completed(card: Card, shown: excerpt.Told, story: str, known: KnownValues) -> excerpt.Told:
    """With what the card does not show: in its story, else among the territories where one of its places lies."""
    extract = excerpt.around(story, shown.lacking)
    if extract:
        return replace(shown, extract=extract)
    places = (excerpt.whole(_lying(end, known), shown.lacking) for end in (*card.here, *card.there))
    return replace(shown, place=next(filter(None, places), []))


def _lying(end: PublicPlace, known: KnownValues) -> str:
    """Where a place lies: « Locronan (Quimper Bretagne Occidentale, Finistère, Bretagne). »."""
    wider = [name for key in end.keys[1:] if key[0] != "z" and (name := known.territories.get(key))]
    return f"{end.name} ({', '.join(wider)})." if wider else ""


def _panel(corpus: Corpus, results: Results) -> str:
    """The facets of the form as the page shows them, drawn once for all the pages and orders of a selection."""

    def draw() -> str:
        drawn: str = get_template_attribute("pages/_facets.html", "facets")(_groups(results))
        return drawn

    return corpus.columns.once(("panel", choice_of(results.filters)), draw) if results.facets else ""


def _groups(results: Results) -> list[tuple[str, str, list[Counted], list[Counted]]]:
    """Name, question, values shown and values behind « Voir »: what is chosen first, then the most frequent."""
    groups = []
    for name, words, few in GROUPS:
        facets = sorted(results.facets.get(name, ()), key=lambda facet: not facet.is_chosen)
        shown = max(few, sum(facet.is_chosen for facet in facets))
        if len(facets) == shown + 1:
            shown += 1
        values = [(one.value, one.label, wording.digits(one.count), one.is_chosen) for one in facets]
        if values:
            groups.append((name, words, values[:shown], values[shown:]))
    return groups


def _empty(
    corpus: Corpus, filters: Filters, applied: list[selection.Choice], names: Mapping[str, str]
) -> dict[str, Any]:
    """What helps where nothing was found: another spelling, what is around, what taking a choice off would give."""
    spelt = did_you_mean(session(), filters.q) if filters.q else ""
    about, near = _around(corpus, filters, names)
    return {
        "spelt": spelt,
        "spelt_href": _list(filters.to_query(q=spelt, page=1)) if spelt else "",
        "around": about,
        "near": near,
        "ways": [
            {
                "label": way.choice.label,
                "href": _list(way.choice.query_without),
                "words": way.words,
                "is_quoted": way.choice.facet == "q",
            }
            for way in selection.ways(corpus, session(), applied)
            if way.count
        ],
    }


def _around(corpus: Corpus, filters: Filters, names: Mapping[str, str]) -> tuple[str, list[tuple[Card, str]]]:
    """« de Plouescat », and the nearest initiatives with their distance, where one place alone was chosen."""
    keys = origins(filters)
    if len(keys) != 1 or filters.bbox is not None:
        return "", []
    gazetteer: Gazetteer | None = current_app.extensions["gazetteer"]
    place = gazetteer.place(keys[0]) if gazetteer is not None else None
    name = names.get(keys[0]) or corpus.known.territories.get(keys[0]) or (place.name if place else "")
    centre = corpus.centre(keys[0]) or ((place.lon, place.lat) if place else None)
    if centre is None or not name:
        return "", []
    near = around(corpus, session(), filters, centre)
    return wording.of(keys[0], name), [
        (card, f"à {wording.distance(km)}" if km >= 1 else "tout près") for card, km in near
    ]


def _refused(corpus: Corpus, error: BadFilter) -> dict[str, Any]:
    """The page without any initiative: never the whole list under a filter that was not understood."""
    found = _found(corpus, selection.refused(corpus.known))
    typed = {name: "".join(filter(str.isprintable, request.args.get(name, "")[:200])) for name in ("q", "depuis")}
    problem = {"words": error.message, "field": error.name, "without": _without(corpus, error.name)}
    return found | {"problem": problem, "title": "Ce choix n’existe pas", "chips": [], "typed": typed}


def _without(corpus: Corpus, name: str) -> str:
    """The address of the same list without the choice that means nothing, when the rest means something."""
    rest = MultiDict(pair for pair in request.args.items(multi=True) if pair[0] not in {name, "apres", "avant"})
    try:
        query = Filters.parse(rest, corpus.known).to_query(page=1)
    except BadFilter:
        return ""
    return _list(query) if query else ""


def _links(results: Results) -> dict[str, str]:
    """The addresses of the same selection elsewhere, and of the neighbouring pages."""
    filters = results.filters
    same = filters.to_query(page=1)
    onward = filters.to_query(page=results.page + 1) + Turn.onward(results.cards).to_query()
    return {
        "map": selection.address("map.show", filters.to_query(page=1, sort=None)),
        "csv": selection.address("directory.csv", same),
        "xlsx": selection.address("directory.xlsx", same),
        "geojson": selection.address("directory.geojson", same),
        "atom": selection.address("syndication.feed", filters.to_query(page=1, sort=None)),
        "kept": _site() + _list(same),
        "previous": _previous(results),
        "next": _list(onward) if results.has_more else "",
    }


def _previous(results: Results) -> str:
    """The page before; the last one when the cards after which this one begins were the last."""
    if not results.first:
        return ""
    page = min(-(-results.first // PER_PAGE), results.pages)
    return _list(results.filters.to_query(page=page) + Turn.back(results.cards).to_query())


def _list(query: selection.Query) -> str:
    return selection.address("directory.listing", query)
