"""Images of the host of raster tiles, when the settings name one: on the pages with a map, and on them alone."""

from __future__ import annotations

from flask import Response, current_app, g

from config import Settings
from directory.web.headers import showing_tiles


def has_map() -> None:
    """Say that the page of this request shows a map: it may show the images of the host of the tiles."""
    g.has_map = True


def let_tiles_in(response: Response) -> Response:
    """Open the policy of a page that shows a map to the host of the tiles, if there is one."""
    settings: Settings = current_app.extensions["settings"]
    return showing_tiles(response, settings.tiles_origin) if settings.tiles_origin and g.get("has_map") else response
