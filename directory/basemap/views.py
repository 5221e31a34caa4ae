"""The script of the small maps, and what their template needs of it."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, make_response, request

from directory.basemap.page import COUNTRIES, MapBundle, Tiles, is_key, places_bundle
from directory.core.errors import NotFound
from directory.web.assets import Assets, family, module
from directory.web.caching import public_answer
from directory.web.tiles import has_map, let_tiles_in

blueprint = Blueprint("basemap", __name__)
blueprint.after_app_request(let_tiles_in)


@blueprint.get("/carte/lieux/<key>.js")
def places_script(key: str) -> Response:
    """The script that Folium writes for a small map; kept for good at the address of its version."""
    if not is_key(key):
        raise NotFound("Cette carte n’existe pas.")
    parts = _parts(key)
    if request.args.get("v") != parts.version:
        return public_answer(parts.version, lambda: _script(parts))
    response = _script(parts)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _script(parts: MapBundle) -> Response:
    response = make_response(parts.script)
    response.headers["Content-Type"] = "text/javascript; charset=utf-8"
    return response


@blueprint.app_template_global("places_parts")
def places_parts(key: str) -> MapBundle:
    """The parts of the small map of a key, for basemap/_places.html."""
    has_map()
    assets: Assets = current_app.extensions["assets"]
    return assets.recent(("places", key), lambda: _parts(key))


def _parts(key: str) -> MapBundle:
    return places_bundle(key, _address_of, Tiles.of(current_app.extensions["settings"]))


def _address_of(path: str) -> str:
    """The address of a file, of what is served for a module, or of a family of files."""
    folder, _, pattern = COUNTRIES.rpartition("/")
    return family(folder, pattern) if path == COUNTRIES else module(path)
