"""The scaffold of maps: nothing from elsewhere, nothing inline, the same bytes each time."""

from __future__ import annotations

import folium
import folium.plugins
import pytest

from directory.basemap.page import ExternalAsset, LinksLayer, MapBundle, SiteMap, bundle


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
