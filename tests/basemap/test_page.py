"""The scaffold of maps: nothing from elsewhere, nothing inline, the same bytes each time."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import folium
import folium.plugins
import pytest
from branca.element import Element
from flask import Flask

from directory.basemap.page import (
    ExternalAsset,
    LinksLayer,
    MapBundle,
    MapPoint,
    RasterTiles,
    SiteMap,
    Tiles,
    bundle,
    is_key,
    places_bundle,
    places_map,
)
from directory.basemap.views import places_parts
from tests.browser.conftest import HOSTILE


def make_map(label: str = "Carte") -> SiteMap:
    """A map with its layer."""
    site_map = SiteMap("essai", label, center=(2.0, 46.0), zoom=3, min_zoom=2, max_zoom=11)
    LinksLayer("essai", flows_url="/carte/flux").add_to(site_map)
    return site_map


def make_bundle(label: str = "Carte") -> MapBundle:
    """Its parts, with addresses under /static/."""
    return bundle(make_map(label), lambda path: f"/static/{path}")


def test_a_map_asks_nothing_of_another_host_and_writes_nothing_inline() -> None:
    parts = make_bundle()
    everything = repr(parts)
    assert "//" not in everything
    for trace in ("<style", "style=", "<script", "jquery", "bootstrap", "cdn"):
        assert trace not in everything.lower()
    assert all(address.startswith("/static/") for address in (*parts.css, *parts.js))


def test_the_script_starts_leaflet_then_our_layer_with_camel_case_options() -> None:
    script = make_bundle().script
    assert script.index("L.map(") < script.index("new window.LinksMap(carte_essai")
    assert '"minZoom": 2' in script
    assert '"flowsUrl": "/carte/flux"' in script
    assert "center: [46.0, 2.0]" in script


def test_two_renders_are_the_same_bytes_so_that_they_can_be_cached() -> None:
    assert make_bundle() == make_bundle()
    assert make_bundle().version == make_bundle().version


def test_a_hostile_label_stays_text() -> None:
    html = str(make_bundle('"><img src=x onerror=alert(1)>').html)
    assert "<img" not in html
    assert "&lt;img" in html


def test_a_stock_folium_map_is_refused() -> None:
    with pytest.raises(ExternalAsset):
        bundle(folium.Map(tiles=None), str)


def test_a_plugin_that_calls_another_host_is_refused() -> None:
    site_map = make_map()
    folium.plugins.MarkerCluster().add_to(site_map)  # type: ignore[no-untyped-call]
    with pytest.raises(ExternalAsset, match="comes from"):
        bundle(site_map, str)


def test_the_script_of_a_small_map_is_the_same_whatever_its_places() -> None:
    parts = places_bundle("here-0", lambda path: f"/static/{path}")
    assert parts == places_bundle("here-0", lambda path: f"/static/{path}")
    assert parts.script.index("L.map(") < parts.script.index("new window.PlacesMap(carte_here_0")
    assert parts.version != places_bundle("there-0", lambda path: f"/static/{path}").version


def test_a_small_map_asks_nothing_of_another_host_and_writes_nothing_inline() -> None:
    everything = repr(places_bundle("lieux", lambda path: f"/static/{path}"))
    assert "//" not in everything
    for trace in ("<style", "style=", "<script", "jquery", "bootstrap", "cdn"):
        assert trace not in everything.lower()


@pytest.mark.parametrize("key", ["", "Here", "a b", "a';alert(1)//", "é", "0a", "a" * 25])
def test_a_key_that_could_not_name_a_script_is_refused(key: str) -> None:
    assert not is_key(key)
    with pytest.raises(ValueError, match="does not name a map"):
        places_map(key, "Carte", ())


TILES = Tiles("https://tuiles.example/{z}/{x}/{y}.png", "© Les <b>cartes</b>", "https://cartes.example/droits")


def make_raster_bundle(tiles: Tiles = TILES, allowed: Tiles | None = TILES) -> MapBundle:
    """The parts of a map over tiles of another host, where some tiles are allowed."""
    site_map = SiteMap("essai", "Carte", center=(2.0, 46.0), zoom=3)
    RasterTiles("essai", tiles).add_to(site_map)
    LinksLayer("essai", flows_url="/carte/flux").add_to(site_map)
    return bundle(site_map, str, allowed)


def test_tiles_of_the_chosen_host_are_under_the_links_and_named() -> None:
    script = make_raster_bundle().script
    assert script.index("L.map(") < script.index("L.tileLayer(") < script.index("new window.LinksMap(")
    assert '"https://tuiles.example/{z}/{x}/{y}.png"' in script
    assert '"crossOrigin": true' in script
    assert "cartes.example/droits" in script
    assert "<b>" not in script
    assert "&lt;b&gt;" in script.replace("\\u0026", "&")
    assert make_raster_bundle() == make_raster_bundle()


def test_tiles_of_any_other_host_are_refused() -> None:
    other = Tiles("https://ailleurs.example/{z}/{x}/{y}.png", "© Les cartes")
    for allowed in (None, TILES):
        with pytest.raises(ExternalAsset, match="another host"):
            make_raster_bundle(other, allowed)


@pytest.mark.parametrize(
    "element",
    [
        folium.TileLayer(),
        folium.TileLayer("https://tuiles.example/{z}/{x}/{y}.jpg", attr="x"),
        folium.WmsTileLayer("https://tuiles.example/wms", layers="x"),
        folium.raster_layers.ImageOverlay("https://ailleurs.example/x.png", [[0, 0], [1, 1]]),
        folium.Marker((0, 0), icon=folium.DivIcon(html='<b style="color: red">x</b>')),
        folium.Marker((0, 0), popup=folium.Popup("<style>b{}</style>")),
        folium.Marker((0, 0), icon=folium.CustomIcon("https://ailleurs.example/x.png")),
        Element("<p style='color:red'>x</p>"),
        Element("<img src=/x.png>"),
        Element('<script>alert("x")</script>'),
        folium.plugins.Fullscreen(),  # type: ignore[no-untyped-call]  # folium's is untyped
        folium.plugins.HeatMap([[0.0, 0.0]]),  # type: ignore[no-untyped-call]  # the same
        folium.GeoJson({"type": "FeatureCollection", "features": []}),
        folium.LayerControl(),
    ],
    ids=lambda element: type(element).__name__,
)
def test_an_element_that_would_fetch_or_style_is_refused_and_the_others_do_no_harm(element: Element) -> None:
    site_map = make_map()
    is_page = type(element) is Element
    (site_map.get_root().html if is_page else site_map).add_child(element)  # type: ignore[attr-defined]
    if isinstance(element, folium.GeoJson | folium.LayerControl):  # draw with Leaflet alone
        assert "//" not in bundle(site_map, str, TILES).script
        return
    with pytest.raises(ExternalAsset):
        bundle(site_map, str, TILES)


class Reader(HTMLParser):
    """What a browser would find in a page: elements, attributes, text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: dict[str, str] = {}
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One more element."""
        self.tags.add(tag)
        self.attributes |= {name: value or "" for name, value in attrs}

    def handle_data(self, data: str) -> None:
        """One more piece of text."""
        self.text += data


def test_hostile_names_of_places_stay_text_in_the_page(app: Flask) -> None:
    source = '{% from "basemap/_places.html" import small_map %}{{ small_map(map, lon_field="lon", lat_field="lat") }}'
    for text in HOSTILE:
        drawn = places_map("here-0", text, [MapPoint("here", text, text, -3.8, 48.5)], movable=True)
        with app.test_request_context():
            found = Reader(app.jinja_env.from_string(source).render(map=drawn))
        assert found.tags == {"div", "span", "p", "button", "ul", "li", "bdi", "small"}
        assert not [name for name in found.attributes if name.startswith("on") or name == "style"]
        assert json.loads(found.attributes["data-places"])["points"][0]["name"] == text
        assert found.text.count(text) == 3


def test_the_script_is_kept_for_good_at_its_version_only(app: Flask) -> None:
    with app.test_request_context():
        version = places_parts("here-0").version
    client = app.test_client()
    assert "immutable" in client.get(f"/carte/lieux/here-0.js?v={version}").headers["Cache-Control"]
    old = client.get("/carte/lieux/here-0.js?v=0000000000")
    assert "immutable" not in old.headers["Cache-Control"]
    again = client.get("/carte/lieux/here-0.js?v=0000000000", headers={"If-None-Match": old.headers["ETag"]})
    assert (old.status_code, again.status_code) == (200, 304)
    assert client.get("/carte/lieux/Nimporte.js").status_code == 404
