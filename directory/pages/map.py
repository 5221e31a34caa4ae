"""The map: its page, the links behind it, the list beside it. One selection, written in the address."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, current_app, jsonify, make_response, render_template, request, url_for

from directory.basemap.page import LinksLayer, MapBundle, RasterTiles, SiteMap, Tiles, bundle
from directory.core.errors import BadFilter, NotFound
from directory.initiatives.filters import Filters
from directory.initiatives.flows import LEVELS, FlowAnswer, flows
from directory.initiatives.index import Corpus
from directory.initiatives.results import Results, search
from directory.pages.parts import listing as listing_of
from directory.pages.parts import selection
from directory.pages.parts.opening import opening
from directory.pages.parts.world import World, draw_world, is_chosen
from directory.web.assets import asset, family, imported, module, styles
from directory.web.caching import public_answer
from directory.web.database import session
from directory.web.headers import framable
from directory.web.tiles import has_map

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
LATER = ("diptych", "facet", "filters", "nearby", "picture", "svg-image")
"""Beginnings of the names of modules that are fetched when somebody asks for what they do."""
SHEETS = ("css/map-tools.css", "css/map-diptych.css")
"""After those that Folium names."""
CARRIED = ("ici", "labas", "vue")
"""What the script of the page keeps up to date in its forms and links."""


@blueprint.get("/carte")
def show() -> Response:
    """The map page; its list is there without script too. 400 with an empty list when a filter means nothing."""
    return _answer("layouts/page.html")


@blueprint.get("/integrer/carte")
def framed() -> Response:
    """The map under its sentence, to be framed by another site."""
    return framable(_answer("layouts/framed.html"))


def _answer(layout: str) -> Response:
    corpus = _corpus()
    try:
        filters = Filters.parse(request.args, corpus.known)
        return public_answer(corpus.version, lambda: _page(corpus, _found(corpus, filters), layout))
    except BadFilter as error:
        refused = selection.refused(corpus.known)
        return make_response(_page(corpus, refused, layout, problem=error.message), 400)


@blueprint.get("/carte/flux")
def flows_json() -> Response:
    """The links of a selection at a level; `bbox` is the view, not a filter."""
    corpus = _corpus()
    filters = Filters.parse(request.args, corpus.known)
    level = request.args.get("niveau") or DEFAULT_LEVEL
    if level not in {str(number) for number in range(len(LEVELS))}:
        raise BadFilter("niveau", "Le niveau de la carte va de 0 à 3.")
    chosen = replace(filters, bbox=None)

    def answer() -> Response:
        told = flows(corpus, session(), chosen, level=int(level), box=filters.bbox).to_json()
        return current_app.response_class(
            json.dumps(told, ensure_ascii=False, separators=(",", ":")), mimetype="application/json"
        )

    return public_answer(corpus.version, answer)


@blueprint.get("/carte/liste")
def listing() -> Response:
    """The list of a selection, with the sentence that says it; `facettes=1` adds every facet with its counts."""
    corpus = _corpus()
    filters = Filters.parse(request.args, corpus.known)
    has_facets = request.args.get("facettes") == "1"
    return public_answer(
        corpus.version,
        lambda: jsonify(listing_of.of(corpus, session(), _found(corpus, filters), has_facets=has_facets)),
    )


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


def scaffold() -> MapBundle:
    """The Folium map of this page; the same for every visitor, made once a process."""
    return _scaffold(Tiles.of(current_app.extensions["settings"]))


@cache
def _scaffold(tiles: Tiles | None) -> MapBundle:
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
    if tiles:
        RasterTiles("liens", tiles).add_to(site_map)
    LinksLayer(
        "liens",
        flows_url=url_for("map.flows_json"),
        list_url=url_for("map.listing"),
        around_url=url_for("nearby.around"),
        world_url=asset("geo/world.topo.json"),
        far_url=asset("geo/far.topo.json"),
        france_url=asset("geo/france.topo.json"),
        labels_url=asset("geo/labels.json"),
        towns_url=asset("geo/towns.json"),
        countries_url=family("geo/countries", "XX.topo.json"),
        worker_url=module(f"{MODULES}/{WORKER}"),
        topojson_url=asset(TOPOJSON),
        geojson_vt_url=asset(GEOJSON_VT),
    ).add_to(site_map)
    parts = bundle(site_map, str, tiles)
    return replace(parts, css=styles(*parts.css, *SHEETS), js=tuple(asset(path) for path in parts.js))


@cache
def _modules() -> tuple[str, ...]:
    """Addresses of the modules that the script of the page imports, to fetch them all at once; as it names them."""
    bundled = imported(f"{MODULES}/{ENTRY}")
    if bundled is not None:
        return bundled
    folder = Path(current_app.static_folder or "") / MODULES
    names = sorted(path.name for path in folder.glob("*.js") if not path.name.startswith((ENTRY, WORKER, *LATER)))
    return tuple(url_for("static", filename=f"{MODULES}/{name}") for name in names)


def _corpus() -> Corpus:
    corpus: Corpus = current_app.extensions["corpus"].current(session())
    return corpus


def _found(corpus: Corpus, filters: Filters) -> Results:
    """The page asked for; raises BadFilter beyond the last one."""
    results = search(corpus, session(), filters)
    if filters.page > results.pages:
        raise BadFilter("page", f"Cette liste n’a pas de page {filters.page}.")
    return results


def _opening(corpus: Corpus, filters: Filters) -> FlowAnswer | None:
    """What the map draws first; None where its address says where to look, on which the answer depends."""
    return None if "vue" in request.args or filters.bbox else opening(corpus, session(), filters)


def _world(corpus: Corpus, filters: Filters, first: FlowAnswer | None) -> World:
    """The main flows of a selection, for who has no script."""
    chosen = is_chosen(filters)
    level = 1 if chosen else 0
    known = first if first and first.level == level else flows(corpus, session(), filters, level=level)
    return draw_world(known, is_shaded=chosen)


def _page(corpus: Corpus, results: Results, layout: str, *, problem: str = "") -> str:
    has_map()
    parts = scaffold()
    filters = results.filters
    listed = listing_of.of(corpus, session(), results, has_facets=True)
    query = filters.to_query(page=1, sort=None)
    first = None if problem else _opening(corpus, filters)
    return render_template(
        "pages/map.html",
        layout=layout,
        whole_url=selection.address("map.show", query),
        whole_words="la carte et sa liste",
        bundle=parts,
        modules=_modules(),
        script_url=url_for("map.script", version=parts.version),
        listing=listed,
        kept=[pair for pair in query if pair[0] not in ("q", "bbox", *CARRIED)],
        words=filters.q,
        problem=problem,
        world=World((), ()) if problem else _world(corpus, filters, first),
        opening=first.to_json() if first else None,
        same={
            "list": selection.address("directory.listing", query),
            "csv": selection.address("directory.csv", query),
            "geojson": selection.address("directory.geojson", query),
            "embed": selection.address("embed.show", query),
        },
        pages={
            "previous": _neighbour(results, -1) if results.page > 1 else "",
            "next": _neighbour(results, 1) if results.page < results.pages else "",
        },
    )


def _neighbour(results: Results, step: int) -> str:
    return selection.address("map.show", results.filters.to_query(page=results.page + step, sort=None))
