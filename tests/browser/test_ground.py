"""The ground of the map in a browser: light from afar, finer from near, still there when a finer file fails."""

from __future__ import annotations

import re

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OpenPage

READY = "[data-map][data-ready=true]"
PLYMOUTH, BREST = (50.6, -4.2), (48.4, -4.0)
"""Latitude and longitude of a land there and of one here, in sight of each other."""

COLOUR = """
([lat, lon, zoom]) => {
  const size = 256 * 2 ** zoom;
  const sine = Math.sin((lat * Math.PI) / 180);
  const x = (lon / 360 + 0.5) * size, y = (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * size;
  const [latitude, longitude] = new URLSearchParams(location.search).get("vue").split("/").slice(1).map(Number);
  const box = document.querySelector(".leaflet-container").getBoundingClientRect();
  const s = Math.sin((latitude * Math.PI) / 180);
  const middle = [(longitude / 360 + 0.5) * size, (0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI)) * size];
  const at = [box.left + box.width / 2 + x - middle[0], box.top + box.height / 2 + y - middle[1]];
  for (const tile of document.querySelectorAll("canvas.leaflet-tile-loaded")) {
    const { left, top, width } = tile.getBoundingClientRect();
    const [dx, dy] = [at[0] - left, at[1] - top];
    if (dx < 0 || dy < 0 || dx >= width || dy >= width) continue;
    const ratio = tile.width / width;
    const point = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    point.drawImage(tile, Math.floor(dx * ratio), Math.floor(dy * ratio), 1, 1, 0, 0, 1, 1);
    return [...point.getImageData(0, 0, 1, 1).data].join(" ");
  }
  return "";
}
"""
LAND, FRANCE, SEA = "244 241 234 255", "255 255 255 255", "0 0 0 0"


def colour_at(page: Page, place: tuple[float, float], zoom: float) -> str:
    """What the outlines paint at a place, once their tile is there: red, green, blue, opacity."""
    for _ in range(300):
        found = str(page.evaluate(COLOUR, [*place, zoom]))
        if found:
            return found
        page.wait_for_timeout(100)
    raise AssertionError("the tile did not come")


def files_of(urls: list[str]) -> set[str]:
    """The outlines and names among what was asked for."""
    return {found[1] for url in urls if (found := re.search(r"/static/geo/([\w./]+)", url))}


def test_the_first_view_asks_for_the_light_world_alone(open_page: OpenPage) -> None:
    page = open_page("/vie-privee")
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    page.goto("/carte")
    expect(page.locator(READY)).to_be_attached(timeout=30_000)
    expect(page.locator("canvas.leaflet-tile-loaded").first).to_be_attached(timeout=30_000)
    page.wait_for_load_state("networkidle")
    assert files_of(asked) == {"far.topo.json", "labels.json"}


def test_from_near_each_country_is_drawn_by_its_own_file(open_page: OpenPage) -> None:
    page = open_page("/vie-privee")
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    page.goto("/carte?vue=7/49.5/-4")
    expect(page.locator(READY)).to_be_attached(timeout=30_000)
    assert colour_at(page, PLYMOUTH, 7) == LAND
    assert colour_at(page, BREST, 7) == FRANCE
    assert colour_at(page, (49.4, -4.5), 7) == SEA
    page.wait_for_load_state("networkidle")
    assert {"world.topo.json", "france.topo.json", "towns.json", "countries/GB.topo.json"} <= files_of(asked)
    assert "far.topo.json" not in files_of(asked)
    assert "countries/FR.topo.json" not in files_of(asked)


def test_a_finer_file_that_fails_leaves_the_coarser_land(open_page: OpenPage) -> None:
    page = open_page("/vie-privee")

    def fail(route: Route) -> None:
        route.fulfill(status=503, body="")

    page.context.route("**/geo/countries/**", fail)
    page.context.route("**/geo/towns.json*", fail)
    page.goto("/carte?vue=7/49.5/-4")
    expect(page.locator(READY)).to_be_attached(timeout=30_000)
    assert colour_at(page, PLYMOUTH, 7) == LAND
    assert colour_at(page, BREST, 7) == FRANCE


def test_without_the_light_world_the_finer_one_is_drawn(open_page: OpenPage) -> None:
    page = open_page("/vie-privee")
    page.context.route("**/geo/far.topo.json*", lambda route: route.fulfill(status=503, body=""))
    page.goto("/carte?vue=3/20/0")
    expect(page.locator(READY)).to_be_attached(timeout=30_000)
    assert colour_at(page, (20.0, 5.0), 3) == LAND
