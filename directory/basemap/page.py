"""Folium as the scaffold of a map: it writes the container and the script that starts Leaflet; our layer draws.

Nothing of Folium's stock page is kept: its header forbids zooming (WCAG 1.4.4), loads jQuery and Bootstrap from four
other hosts and writes inline styles. `bundle` refuses whatever would bring them back. This is the only file that
imports folium.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import folium
from branca.element import MacroElement
from folium.elements import JSCSSMixin
from folium.template import Template
from folium.utilities import remove_empty
from markupsafe import Markup

LEAFLET_JS = "vendor/leaflet/leaflet.js"
LEAFLET_CSS = "vendor/leaflet/leaflet.css"


class ExternalAsset(RuntimeError):
    """A Folium element asked for another host, or for raw markup in the head of the page."""


class SiteMap(folium.Map):
    """`folium.Map` without tiles, header or other hosts; the same key always gives the same bytes.

    `center` is (longitude, latitude) in degrees, unlike Folium's own order.
    """

    # New lists: Folium's own are shared by the whole process and changed in place by add_js_link().
    default_js = [("leaflet", LEAFLET_JS)]  # noqa: RUF012  # declared so by Folium
    default_css = [("leaflet_css", LEAFLET_CSS)]  # noqa: RUF012  # the same
    _template = Template(
        """
        {% macro html(this, kwargs) %}
        <div id="{{ this.get_name() }}" class="map" role="region" tabindex="0"
             aria-label="{{ this.label|e }}" aria-describedby="{{ this.get_name() }}_help"></div>
        {% endmacro %}
        {% macro script(this, kwargs) %}{{ this.stock_script(kwargs) }}{% endmacro %}
        """
    )

    def __init__(self, key: str, label: str, *, center: tuple[float, float], zoom: int, **options: Any) -> None:
        self.key, self.label = key, label  # before super(): Folium asks get_name() while it builds the tree
        super().__init__(location=(center[1], center[0]), zoom_start=zoom, tiles=None, **options)
        # Folium hands these two to the tile layer only: without tiles they would be lost.
        self.options.update(remove_empty(min_zoom=options.get("min_zoom"), max_zoom=options.get("max_zoom")))

    def get_name(self) -> str:
        """The identifier of the container, and of the variable of the script."""
        return f"carte_{self.key}"

    def stock_script(self, kwargs: dict[str, Any]) -> str:
        """Folium's own script for the Leaflet map, so that its upgrades keep working."""
        return str(folium.Map._template.module.script(self, kwargs))


class LinksLayer(JSCSSMixin, MacroElement):
    """The layer of links: `window.LinksMap` of static/js/map/main.js, with its options in camel case.

    Options are addresses and numbers of the site, never people's text: Folium leaves keys unescaped.
    """

    default_js: list[tuple[str, str]] = []  # noqa: RUF012  # modules are listed by the template
    default_css = [("map_css", "css/map.css")]  # noqa: RUF012  # declared so by Folium
    _template = Template(
        """
        {% macro script(this, kwargs) %}
        window.{{ this.get_name() }} =
            new window.LinksMap({{ this._parent.get_name() }}, {{ this.options|tojavascript }});
        {% endmacro %}
        """
    )

    def __init__(self, key: str, **options: str | float) -> None:
        self.key = key
        super().__init__()  # type: ignore[no-untyped-call]  # branca's is untyped
        self.options = remove_empty(**options)

    def get_name(self) -> str:
        """The name of the layer in the page."""
        return f"liens_{self.key}"


@dataclass(frozen=True)
class MapBundle:
    """The parts of a map that a template places itself: addresses of files, the container, the script's text."""

    css: tuple[str, ...]
    js: tuple[str, ...]
    html: Markup
    script: str

    @property
    def version(self) -> str:
        """A short digest of the script, for its address."""
        return hashlib.sha256(self.script.encode()).hexdigest()[:10]


def bundle(site_map: folium.Map, address_of: Callable[[str], str]) -> MapBundle:
    """The parts of a Folium map; `address_of` turns a path under static/ into an address.

    Raises ExternalAsset when the tree wants another host or raw markup, so that an upgrade of Folium or a new plugin
    fails a test instead of telling visitors' addresses to a third party.
    """
    root: Any = site_map.get_root()  # a Figure, which branca declares as a plain element
    root.render()
    css: list[str] = []
    js: list[str] = []
    for name, element in root.header.to_dict()["children"].items():
        if name == "meta_http":
            continue
        if element["name"] not in {"JavascriptLink", "CssLink"}:
            raise ExternalAsset(f"raw markup in the head from {name!r}")
        if "//" in element["url"]:
            raise ExternalAsset(f"{name} comes from {element['url']}")
        (js if element["name"] == "JavascriptLink" else css).append(address_of(element["url"]))
    # The container's only variable part, its label, is escaped by the template above.
    return MapBundle(tuple(css), tuple(js), Markup(root.html.render()), root.script.render())  # noqa: S704
