"""The map: its page, the links behind it, the list beside it. One selection, written in the address."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.basemap.page import LinksLayer, MapBundle, SiteMap, bundle
from directory.core.errors import BadFilter, NotFound
from directory.initiatives.filters import Filters, chips
from directory.initiatives.flows import LEVELS, flows
from directory.initiatives.index import Corpus
from directory.initiatives.public import Card, PublicPlace, Results, search
from directory.pages import selection
from directory.web.assets import asset, family
from directory.web.caching import public_answer
from directory.web.database import session

blueprint = Blueprint("map", __name__)

CENTER = (12.0, 20.0)
"""Longitude and latitude shown first, in degrees."""
DEFAULT_LEVEL = "1"
MODULES = "js/map"
ENTRY = "main.js"
WORKER = "tiles.worker.js"
TOPOJSON = "vendor/topojson-client/topojson-client.min.js"
GEOJSON_VT = "vendor/geojson-vt/geojson-vt.js"
"""Loaded by the worker that cuts the base map into tiles, not by the page."""
LATER = ("diptych", "nearby", "picture", "svg-image")
"""Beginnings of the names of modules that are fetched when somebody asks for what they do."""
CARRIED = ("ici", "labas", "vue")
"""What the script of the page keeps up to date in its forms and links."""


@blueprint.get("/carte")
def show() -> ResponseReturnValue:
    """The map page; its list is there without script too. 400 with an empty list when a filter means nothing."""
    corpus = _corpus()
    try:
        filters = Filters.parse(request.args, corpus.known)
        return public_answer(corpus.version, lambda: _page(corpus, search(corpus, session(), filters), ""))
    except BadFilter as error:
        nothing = Results(Filters(), corpus.known, total=0, page=1, pages=1, cards=(), facets={})
        return _page(corpus, nothing, error.message), 400


@blueprint.get("/carte/flux")
def flows_json() -> Response:
    """The links of a selection at a level; `bbox` is the view, not a filter."""
    corpus = _corpus()
    filters = Filters.parse(request.args, corpus.known)
    level = request.args.get("niveau") or DEFAULT_LEVEL
    if level not in {str(number) for number in range(len(LEVELS))}:
        raise BadFilter("niveau", "Le niveau de la carte va de 0 à 3.")
    chosen = replace(filters, bbox=None)
    return public_answer(
        corpus.version,
        lambda: flows(corpus, session(), chosen, level=int(level), box=filters.bbox).to_json(),
    )


@blueprint.get("/carte/liste")
def listing() -> Response:
    """The list of a selection, with the sentence that says it."""
    corpus = _corpus()
    filters = Filters.parse(request.args, corpus.known)
    return public_answer(corpus.version, lambda: _listing(search(corpus, session(), filters)))


@blueprint.get("/carte/<version>.js")
def script(version: str) -> Response:
    """The script that Folium writes; its address changes with its text, so that it is kept for good."""
    parts = scaffold()
    if version != parts.version:
        raise NotFound("Cette version de la carte n’existe plus. Rechargez la page.")
    response = make_response(parts.script)
    response.headers["Content-Type"] = "text/javascript; charset=utf-8"
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@cache
def scaffold() -> MapBundle:
    """The Folium map of this page; the same for every visitor, made once a process."""
    site_map = SiteMap(
        "liens",
        "Carte des liens entre ici et là-bas",
        center=CENTER,
        zoom=2,
        min_zoom=1,
        max_zoom=11,
        zoom_control=False,
        world_copy_jump=True,
        zoom_snap=0.25,
    )
    LinksLayer(
        "liens",
        flows_url=url_for("map.flows_json"),
        list_url=url_for("map.listing"),
        around_url=url_for("nearby.around"),
        world_url=asset("geo/world.topo.json"),
        france_url=asset("geo/france.topo.json"),
        labels_url=asset("geo/labels.json"),
        towns_url=asset("geo/towns.json"),
        countries_url=family("geo/countries", "XX.topo.json"),
        worker_url=asset(f"{MODULES}/{WORKER}"),
        topojson_url=asset(TOPOJSON),
        geojson_vt_url=asset(GEOJSON_VT),
    ).add_to(site_map)
    return bundle(site_map, asset)


@cache
def _modules() -> tuple[str, ...]:
    """Addresses of the modules that the script of the page imports, to fetch them all at once; as it names them."""
    folder = Path(current_app.static_folder or "") / MODULES
    names = sorted(path.name for path in folder.glob("*.js") if not path.name.startswith((ENTRY, WORKER, *LATER)))
    return tuple(url_for("static", filename=f"{MODULES}/{name}") for name in names)


def _corpus() -> Corpus:
    corpus: Corpus = current_app.extensions["corpus"].current(session())
    return corpus


def _page(corpus: Corpus, results: Results, problem: str) -> str:
    parts = scaffold()
    query = results.filters.to_query(page=1, sort=None)
    return render_template(
        "pages/map.html",
        bundle=parts,
        modules=_modules(),
        script_url=url_for("map.script", version=parts.version),
        listing=_listing(results),
        chips=[
            {"facet": chip.facet, "label": chip.label, "href": _address("map.show", chip.query_without)}
            for chip in chips(results.filters, results.known)
        ],
        selected=_selected(results),
        kept=[pair for pair in query if pair[0] not in ("q", "bbox", *CARRIED)],
        words=results.filters.q,
        facets=results.facets,
        problem=problem,
        directory_url=_address("directory.listing", query),
    )


def _selected(results: Results) -> list[dict[str, str]]:
    """The territories of the selection, each with its name: the list of links knows them only once it is drawn."""
    keys = (*results.filters.here, *results.filters.there)
    ends = [end for card in results.cards for end in (*card.here, *card.there)]
    names = {**results.known.territories, **{end.key: end.name for end in ends}}
    return [{"key": key, "name": names[key]} for key in keys if key in names]


def _address(endpoint: str, query: selection.Query) -> str:
    return f"{url_for(endpoint)}?{urlencode(query)}" if query else url_for(endpoint)


def _listing(results: Results) -> dict[str, Any]:
    return {
        "total": results.total,
        "page": results.page,
        "pages": results.pages,
        "sentence": _sentence(results),
        "items": [_item(card) for card in results.cards],
    }


def _sentence(results: Results) -> str:
    """One sentence, one number of initiatives: what the map shows."""
    if results.filters.bbox and not results.total:
        return "Aucune initiative connue dans cette partie de la carte"
    return selection.title(results)


def _item(card: Card) -> dict[str, Any]:
    return {
        "slug": card.slug,
        "url": url_for("sheet.show", slug=card.slug),
        "title": card.title,
        "summary": card.summary,
        "language": card.language,
        "here": _end(card.here[0]),
        "there": _end(card.there[0]),
        "more_here": len(card.here) - 1,
        "more_there": len(card.there) - 1,
        "carrier": card.carriers[0].name if card.carriers else "",
        "sector": card.main_sector,
        "stage": card.stage,
        "since": card.since_year,
        "withheld": any(place.is_withheld for place in (*card.here, *card.there)),
    }


def _end(place: PublicPlace) -> dict[str, Any]:
    return {
        "name": place.name,
        "context": place.context,
        "key": place.key,
        "keys": list(place.keys),
        "lon": round(place.lon, 4),
        "lat": round(place.lat, 4),
    }
