"""Folium as the scaffold of a map: it writes the container and the script that starts Leaflet; our layer draws.

Nothing of Folium's stock page is kept: its header forbids zooming (WCAG 1.4.4), loads jQuery and Bootstrap from four
other hosts and writes inline styles. `bundle` refuses whatever would bring them back, and any other host than that of
the tiles a site has chosen. This is the only file that imports folium.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import folium
from branca.element import MacroElement
from folium.elements import JSCSSMixin
from folium.template import Template, tojavascript
from folium.utilities import remove_empty
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup, escape

from config import Settings

LEAFLET_JS = "vendor/leaflet/leaflet.js"
LEAFLET_CSS = "vendor/leaflet/leaflet.css"
COLOURS_CSS = "css/map-colours.css"
COUNTRIES = "geo/countries/XX.topo.json"
"""The finer outlines of one country, whose two letters the script puts in the place of XX."""
_KEY = re.compile(r"[a-z][a-z0-9-]{0,23}", re.ASCII)


_INLINE = re.compile(r"<\s*(?:style|script|link)\b|\bstyle\s*=", re.IGNORECASE)
_LOADING = re.compile(r"\b(?:src|srcset|href|data|action|poster|on\w+)\s*=", re.IGNORECASE)
_ELSEWHERE = re.compile(r"(?<!\w)(?:[a-z][a-z0-9+.-]*:)?(?:/|\\u002f|\\/){2}[\w.\[-]+", re.IGNORECASE)


class ExternalAsset(RuntimeError):
    """A Folium element asked for another host, for an inline style or script, or for raw markup in the page's head."""


@dataclass(frozen=True)
class Tiles:
    """Raster tiles of another host instead of our outlines: an address with {z}, {x} and {y}, and whom to name."""

    url: str
    credit: str
    """Plain text, for people."""
    credit_url: str = ""
    """Where the credit leads."""

    @property
    def attribution(self) -> str:
        """The credit as Leaflet wants it, in HTML."""
        if not self.credit_url:
            return str(escape(self.credit))
        return str(Markup('<a href="{}" rel="noreferrer">{}</a>').format(self.credit_url, self.credit))

    @classmethod
    def of(cls, settings: Settings) -> Tiles | None:
        """The tiles that the settings name, or None where our outlines are the map."""
        if not settings.tiles_url:
            return None
        credit, separator, address = settings.tiles_attribution.strip().rpartition(" https://")
        return cls(settings.tiles_url, credit or address, f"https://{address}" if separator else "")


class SiteMap(folium.Map):
    """`folium.Map` without tiles, header or other hosts; the same key always gives the same bytes.

    `center` is (longitude, latitude) in degrees, unlike Folium's own order. Without a label, the element of the
    page whose id is the container's followed by "_label" names the map.
    """

    # New lists: Folium's own are shared by the whole process and changed in place by add_js_link().
    default_js = [("leaflet", LEAFLET_JS)]  # noqa: RUF012  # declared so by Folium
    default_css = [("leaflet_css", LEAFLET_CSS)]  # noqa: RUF012  # the same
    _template = Template(
        """
        {% macro html(this, kwargs) %}
        <div id="{{ this.get_name() }}" class="map" role="region" tabindex="0"
             {% if this.label %}aria-label="{{ this.label|e }}"{% else %}aria-labelledby="{{ this.get_name() }}_label"
             {%- endif %} aria-describedby="{{ this.get_name() }}_help"></div>
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


class RasterTiles(folium.TileLayer):
    """`folium.TileLayer` under a name that does not change, so that two renders are the same bytes.

    Tiles are asked for without cookies (`crossOrigin`), which also lets a visitor keep a picture of the map.
    """

    def __init__(self, key: str, tiles: Tiles) -> None:
        self.key, self.source = key, tiles
        super().__init__(tiles=tiles.url, attr=tiles.attribution, name="fond", cross_origin=True)

    def get_name(self) -> str:
        """The name of the layer in the page."""
        return f"fond_{self.key}"


class LinksLayer(JSCSSMixin, MacroElement):
    """The layer of links: `window.LinksMap` of static/js/map/main.js, with its options in camel case.

    Options are addresses and numbers of the site, never people's text: Folium leaves keys unescaped.
    """

    default_js: list[tuple[str, str]] = []  # noqa: RUF012  # modules are listed by the template
    default_css = [("colours_css", COLOURS_CSS), ("map_css", "css/map.css")]  # noqa: RUF012  # declared so by Folium
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


class PlacesLayer(JSCSSMixin, MacroElement):
    """The few places of a small map: `window.PlacesMap` of static/js/places/main.js.

    The places themselves are not here: they are in the page, so that the script is the same for everybody.
    """

    default_js: list[tuple[str, str]] = []  # noqa: RUF012  # modules are listed by the template
    default_css = [("colours_css", COLOURS_CSS), ("small_map_css", "css/small-map.css")]  # noqa: RUF012  # the same
    _template = Template(
        """
        {% macro script(this, kwargs) %}
        window.{{ this.get_name() }} =
            new window.PlacesMap({{ this._parent.get_name() }}, {{ this.options|tojavascript }});
        {% endmacro %}
        """
    )

    def __init__(self, name: str, addresses: Mapping[str, str]) -> None:
        self.name = name
        super().__init__()  # type: ignore[no-untyped-call]  # branca's is untyped
        self.options = remove_empty(**addresses)

    def get_name(self) -> str:
        """The name of the layer in the page."""
        return f"lieux_{self.name}"


@dataclass(frozen=True)
class MapPoint:
    """One place of a small map. `side` is "here" or "there"; `detail` is French, for people."""

    side: str
    name: str
    detail: str
    lon: float
    lat: float
    precision: str = "point"
    """Of the vocabulary of the gazetteer: anything but "point" is the middle of a territory, and drawn so."""
    mark: str = ""
    """What is written in the disc or the diamond: the number of a choice, or nothing."""
    field: str = ""
    """The id of the radio that chooses this place: a tap on its mark checks it."""


@dataclass(frozen=True)
class PlacesMap:
    """A small map as the template basemap/_places.html writes it."""

    key: str
    label: str
    points: tuple[MapPoint, ...]
    is_movable: bool
    side: str
    center: tuple[float, float] | None
    links: tuple[tuple[int, int, int], ...] = ()
    """Ribbons: the number of a point here, of a point there, how many initiatives they join."""

    @property
    def data(self) -> dict[str, Any]:
        """What the script reads in the page."""
        return {
            "points": [asdict(point) for point in self.points],
            "movable": self.is_movable,
            "side": self.side,
            "center": self.center,
            "links": self.links,
        }


def places_map(
    key: str,
    label: str,
    points: Sequence[MapPoint],
    *,
    movable: bool = False,
    side: str = "here",
    center: tuple[float, float] | None = None,
    links: Sequence[tuple[int, int, int]] = (),
) -> PlacesMap:
    """A small map of a few places; `key` tells it from the others of the page ("here-0"), `label` names it aloud.

    On a movable map the point without a mark is the pin; without any, a tap places one, on `side`. `center` is where
    « Remettre au centre » brings the pin back, (longitude, latitude) in degrees: by default where it is drawn first.
    Without `links`, a map that is not movable joins its points as an initiative does.
    """
    if not _KEY.fullmatch(key):
        raise ValueError(f"{key!r} does not name a map")
    return PlacesMap(
        key, label, tuple(points), movable, side, center, tuple(links) or (() if movable else star(points))
    )


def star(points: Sequence[MapPoint]) -> tuple[tuple[int, int, int], ...]:
    """Every end there with the first here, every further end here with the first there."""
    here = [at for at, point in enumerate(points) if point.side == "here"]
    there = [at for at, point in enumerate(points) if point.side != "here"]
    if not here or not there:
        return ()
    return (*((here[0], at, 1) for at in there), *((at, there[0], 1) for at in here[1:]))


def is_key(key: str) -> bool:
    """Whether a small map may have this key."""
    return _KEY.fullmatch(key) is not None


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


def bundle(site_map: folium.Map, address_of: Callable[[str], str], tiles: Tiles | None = None) -> MapBundle:
    """The parts of a Folium map; `address_of` turns a path under static/ into an address.

    Raises ExternalAsset when the tree wants another host than that of `tiles`, an inline style or raw markup, so that
    an upgrade of Folium or a new plugin fails a test instead of telling visitors' addresses to a third party.
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
    html, script = root.html.render(), root.script.render()
    # Values of attributes are left out: they are people's words, escaped by the template above.
    bare = re.sub(r'"[^"]*"', '""', html)
    _refuse(_INLINE, bare)
    _refuse(_LOADING, bare)
    _refuse_foreign(script, tiles)
    return MapBundle(tuple(css), tuple(js), Markup(html), script)  # noqa: S704  # ours, checked above


def _refuse_foreign(script: str, tiles: Tiles | None) -> None:
    """Raise ExternalAsset for a script that writes a style or names another host than that of the tiles."""
    for known in (tiles.url, tiles.attribution) if tiles else ():
        # As Folium writes them: by the filter of Jinja, or by its own.
        for written in (str(htmlsafe_json_dumps(known)), str(tojavascript(known))):
            script = script.replace(written, '""')
    _refuse(_INLINE, script)
    _refuse(_ELSEWHERE, script)


def _refuse(pattern: re.Pattern[str], text: str) -> None:
    if found := pattern.search(text):
        raise ExternalAsset(f"inline markup or another host: {found[0]!r}")


def places_bundle(key: str, address_of: Callable[[str], str], tiles: Tiles | None = None) -> MapBundle:
    """The parts of the small map of a key, whatever its places."""
    files = {
        "world_url": "geo/world.topo.json",
        "far_url": "geo/far.topo.json",
        "countries_url": COUNTRIES,
        "france_url": "geo/france.topo.json",
        "labels_url": "geo/labels.json",
        "towns_url": "geo/towns.json",
        "worker_url": "js/map/tiles.worker.js",
        "topojson_url": "vendor/topojson-client/topojson-client.min.js",
        "geojson_vt_url": "vendor/geojson-vt/geojson-vt.js",
    }
    used = (*files.values(), LEAFLET_JS, LEAFLET_CSS, COLOURS_CSS, "css/small-map.css")
    return _places_bundle(key, tuple(files), tuple((path, address_of(path)) for path in used), tiles)


@lru_cache(maxsize=64)
def _places_bundle(
    key: str, names: tuple[str, ...], addresses: tuple[tuple[str, str], ...], tiles: Tiles | None
) -> MapBundle:
    name = key.replace("-", "_")
    site_map = SiteMap(
        name,
        "",
        center=(2.5, 46.5),
        zoom=5,
        min_zoom=1,
        max_zoom=11,
        zoom_control=False,
        zoom_snap=0.25,
        # Its canvas is drawn again at each zoom; a wheel turns the page, not the map.
        zoom_animation=False,
        scroll_wheel_zoom=False,
        double_click_zoom=False,
    )
    if tiles:
        RasterTiles(name, tiles).add_to(site_map)
    PlacesLayer(name, dict(zip(names, (address for _, address in addresses), strict=False))).add_to(site_map)
    return bundle(site_map, dict(addresses).__getitem__, tiles)
