"""The drawing of a dense map in a browser: what shares a symbol, what is drawn, what is lit, how often."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import LARGE, PHONE, OpenPage
from tests.browser.test_map import overlaps, wait_for_symbols, wait_until_settled

Place = tuple[str, str, float, float, int]
"""Key, name, longitude, latitude, initiatives."""

COUNTRIES: tuple[Place, ...] = tuple(
    (f"p:{first}{second}", f"Pays {first}{second}", -120 + 27.0 * column, -30 + 9.0 * row, 20 + 7 * column + row)
    for column, first in enumerate("ABCDEFGHIJ")
    for row, second in enumerate("ABCDEFGH")
)
FRANCE: Place = ("z:FX", "Hexagone et Corse", 2.8, 46.9, 4000)
REUNION: Place = ("z:04", "La Réunion", 55.5, -21.1, 300)
RENNES: Place = ("c:35238", "Rennes", -1.68, 48.11, 13)
CESSON: Place = ("c:35051", "Cesson-Sévigné", -1.61, 48.12, 5)
MALI: Place = ("p:ML", "Mali", -3.5, 17.3, 16)


def answer(level: int, places: tuple[Place, ...], links: list[tuple[Place, Place, int]]) -> dict[str, Any]:
    """What the server answers for these places and links."""
    links = sorted(links, key=lambda link: -link[2])
    return {
        "level": level,
        "total": 4000,
        "countries": 80,
        "territories": 9,
        "flows_total": len(links),
        "flows_shown": len(links),
        "keys": [place[0] for place in places],
        "names": [place[1] for place in places],
        "lon": [place[2] for place in places],
        "lat": [place[3] for place in places],
        "counts": [place[4] for place in places],
        "degrees": [9 for _ in places],
        "flows": [number for one, other, count in links for number in (places.index(one), places.index(other), count)],
    }


WORLD = answer(
    0,
    (FRANCE, REUNION, *COUNTRIES),
    [(FRANCE, one, one[4]) for one in COUNTRIES] + [(REUNION, one, 3) for one in COUNTRIES[::4]],
)
CLOSE = answer(3, (RENNES, CESSON, MALI), [(RENNES, MALI, 13), (CESSON, MALI, 5)])


WITHOUT_OPENING = """
  document.addEventListener("readystatechange", () => document.querySelector("[data-opening]")?.remove());
"""
"""The map asks for its first links, rather than find them in its page."""


@pytest.fixture
def open_drawn(open_page: OpenPage) -> OpenPage:
    """Opens the map with an answer in the place of the server's, and waits until it is drawn."""

    def open_one(flows: dict[str, Any], address: str, size: tuple[int, int] = LARGE, **options: Any) -> Page:
        page = open_page("/vie-privee", size, **options)

        def give(route: Route) -> None:
            route.fulfill(body=json.dumps(flows), content_type="application/json")

        page.route("**/carte/flux*", give)
        page.add_init_script(WITHOUT_OPENING)
        page.goto(address)
        expect(page.locator("[data-map]")).to_have_attribute("data-ready", "true")
        wait_for_symbols(page, flows["keys"][0])
        wait_until_settled(page)
        return page

    return open_one


@pytest.mark.parametrize("size", [LARGE, PHONE], ids=["large", "phone"])
def test_the_world_has_one_ribbon_a_country_and_sixty_at_most(open_drawn: OpenPage, size: tuple[int, int]) -> None:
    page = open_drawn(WORLD, "/carte", size)
    drawn = page.evaluate("liens_liens.links.scene.ribbons.map(({ link }) => link.there.key)")
    assert 10 < len(drawn) <= 60
    assert len(set(drawn)) == len(drawn)
    symbols = page.evaluate("liens_liens.links.scene.symbols.map(({ x, y, r }) => [x, y, r])")
    for index, (x, y, r) in enumerate(symbols):
        for other_x, other_y, other_r in symbols[index + 1 :]:
            assert ((x - other_x) ** 2 + (y - other_y) ** 2) ** 0.5 > r + other_r
    expect(page.locator(".map-edge").first).to_be_visible()
    assert overlaps(page) == []


def test_a_country_lights_the_links_that_are_not_drawn_too_and_keeps_its_count(open_drawn: OpenPage) -> None:
    page = open_drawn(WORLD, "/carte")
    point = page.evaluate(
        """() => {
          const { left, top } = document.querySelector("#carte_liens").getBoundingClientRect();
          const { x, y } = liens_liens.links.scene.symbols.find(({ key }) => key === "z:04");
          return [x + left, y + top];
        }"""
    )
    page.mouse.move(*point)
    page.mouse.move(point[0] + 1, point[1])
    expect(page.locator(".map-canvas--dimmed")).to_have_count(1)
    expect(page.locator(".map-tooltip")).to_contain_text("300 initiatives, 9 territoires là-bas")
    lit = "liens_liens.links.litRibbons(liens_liens.links.lit.matches).map(({ link }) => link.here.key)"
    assert set(page.evaluate(lit)) == {"z:04"}


def test_communes_that_overlap_share_a_symbol_that_a_click_opens(open_drawn: OpenPage) -> None:
    page = open_drawn(CLOSE, "/carte?vue=7/48.1/-2.5")
    shared = "liens_liens.links.scene.symbols.filter(({ isHere }) => isHere).map(({ members }) => members.length)"
    assert page.evaluate(shared) == [2]
    point = page.evaluate(
        """() => {
          const { left, top } = document.querySelector("#carte_liens").getBoundingClientRect();
          const { x, y } = liens_liens.links.scene.symbols.find(({ key }) => key === "c:35238");
          return [x + left, y + top];
        }"""
    )
    page.mouse.move(*point)
    page.mouse.move(point[0] + 1, point[1])
    tooltip = page.locator(".map-tooltip")
    expect(tooltip).to_contain_text("Rennes et 1 autre")
    expect(tooltip).to_contain_text("Cesson-Sévigné : 5 initiatives")
    page.mouse.click(*point)
    page.wait_for_function("() => liens_liens.links.scene.symbols.filter(({ isHere }) => isHere).length === 2")
    expect(page).not_to_have_url("ici=")


def test_what_asks_to_be_drawn_again_is_drawn_once_a_frame(open_drawn: OpenPage) -> None:
    page = open_drawn(WORLD, "/carte")
    drawings = page.evaluate(
        """async () => {
          const { links } = liens_liens;
          const before = links.drawings;
          for (let i = 0; i < 20; i += 1) links.draw();
          await new Promise(requestAnimationFrame);
          return links.drawings - before;
        }"""
    )
    assert drawings == 1


def test_a_reader_who_asks_for_contrast_has_full_ribbons_and_rings(open_drawn: OpenPage) -> None:
    page = open_drawn(WORLD, "/carte", contrast="more")
    style = "getComputedStyle(document.documentElement).getPropertyValue(name).trim()"
    assert page.evaluate(f"['--map-ribbon-alpha', '--map-ring'].map((name) => {style})")[0] == "1"
    assert page.evaluate(f"((name) => {style})('--map-ring')") != ""


def test_a_drag_leaves_the_drawing_whole_where_it_stops(open_drawn: OpenPage) -> None:
    page = open_drawn(WORLD, "/carte")
    before = page.evaluate("liens_liens.links.scene.symbols.find(({ key }) => key === 'z:FX').x")
    page.locator("#carte_liens").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "x => { const { links } = liens_liens; return links.isSettled() "
        "&& links.scene.symbols.some((one) => one.key === 'z:FX' && one.x < x - 40); }",
        arg=before,
    )
    assert overlaps(page) == []
