"""The map in a browser: what one sees, selects, reads without it, and comes back to."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import LARGE, NARROW, PHONE, OpenPage

SIZES = pytest.mark.parametrize("size", [LARGE, PHONE], ids=["large", "phone"])


def scene(page: Page) -> dict[str, Any]:
    """Symbols and ribbons as they are drawn, in pixels of the page."""
    result: dict[str, Any] = page.evaluate(
        """() => {
          const box = document.querySelector("#carte_liens").getBoundingClientRect();
          const { symbols, ribbons } = window.liens_liens.links.scene;
          const at = ({ x, y }) => ({ x: x + box.left, y: y + box.top });
          const middle = ({ x0, y0, x1, y1, x2, y2, x3, y3 }) =>
            at({ x: (x0 + 3 * x1 + 3 * x2 + x3) / 8, y: (y0 + 3 * y1 + 3 * y2 + y3) / 8 });
          return {
            symbols: Object.fromEntries(symbols.map((one) => [one.key, { ...at(one), r: one.r, name: one.name }])),
            ribbons: ribbons.map((one) => ({
              here: one.here.node.key, there: one.there.node.key, from: at(one.here), to: at(one.there),
              middle: middle(one.curve),
            })),
          };
        }"""
    )
    return result


def wait_for_symbols(page: Page, *keys: str) -> None:
    """Wait until these territories are drawn: their flows come after the page, and after each choice."""
    page.wait_for_function(
        "keys => keys.every((key) => liens_liens.links.scene.symbols.some((symbol) => symbol.key === key))",
        arg=list(keys),
    )


def wait_until_settled(page: Page) -> None:
    """Wait until what is seen is final: nothing to draw, every typeface there, badges laid out for the controls."""
    page.wait_for_function("() => liens_liens.links.isSettled()")


def click_symbol(page: Page, key: str) -> None:
    """Click where a territory is drawn."""
    wait_for_symbols(page, key)
    wait_until_settled(page)
    symbol = scene(page)["symbols"][key]
    page.mouse.click(symbol["x"], symbol["y"])


def test_every_region_and_country_with_a_link_is_drawn_apart_from_the_others(open_map: OpenPage) -> None:
    page = open_map()
    expect(page.get_by_role("heading", level=1)).to_contain_text("initiatives relient la France")
    wait_for_symbols(page, "r:53", "r:04", "p:MG", "p:EC", "p:ML")
    drawn = list(scene(page)["symbols"].values())
    for index, one in enumerate(drawn):
        for other in drawn[index + 1 :]:
            apart = ((one["x"] - other["x"]) ** 2 + (one["y"] - other["y"]) ** 2) ** 0.5
            assert apart > one["r"] + other["r"], (one["name"], other["name"])


def test_the_base_map_is_painted(open_map: OpenPage) -> None:
    page = open_map()
    # Read from a copy made to be read: reading the tiles themselves again and again is warned against.
    painted = """() => [...document.querySelectorAll("canvas.leaflet-tile-loaded")].some((tile) => {
      const copy = new OffscreenCanvas(256, 256).getContext("2d", { willReadFrequently: true });
      copy.drawImage(tile, 0, 0, 256, 256);
      return new Set(new Uint32Array(copy.getImageData(0, 0, 256, 256).data.buffer)).size > 2;
    })"""
    page.wait_for_function(painted)
    assert page.evaluate(painted)


def test_a_country_is_selected_by_a_click_and_left_with_escape(open_map: OpenPage) -> None:
    page = open_map()
    click_symbol(page, "p:MG")
    expect(page).to_have_url(re.compile(r"[?&]labas=p:MG"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Madagascar")
    expect(page.locator("[data-panel=selection]")).to_contain_text("Madagascar")
    expect(page.locator(".map-item")).to_have_count(2)
    page.keyboard.press("Escape")
    expect(page).not_to_have_url(re.compile("labas="))
    expect(page.locator("[data-panel=selection]")).to_be_hidden()
    expect(page.locator(".map-item").nth(2)).to_be_attached()


def test_a_link_is_selected_by_a_click_on_its_ribbon(open_map: OpenPage) -> None:
    page = open_map()
    wait_for_symbols(page, "r:53", "p:MG")
    wait_until_settled(page)
    ribbon = next(one for one in scene(page)["ribbons"] if one["there"] == "p:MG" and one["here"] == "r:53")
    page.mouse.click(ribbon["middle"]["x"], ribbon["middle"]["y"])
    expect(page).to_have_url(re.compile(r"ici=r:53&labas=p:MG"))
    expect(page.locator(".map-item")).to_have_count(1)
    expect(page.get_by_role("link", name="Mada-Breizh", exact=True)).to_be_visible()
    # The communes of the link are drawn once its own flows have arrived.
    page.wait_for_function("() => liens_liens.links.scene.symbols.some(({ key }) => key.startsWith('c:'))")


def test_a_click_on_the_sea_clears_the_selection(open_map: OpenPage) -> None:
    page = open_map("/carte?labas=p:MG")
    wait_for_symbols(page, "p:MG")
    wait_until_settled(page)
    box = page.locator("#carte_liens").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 20, box["y"] + 300)
    expect(page).not_to_have_url(re.compile("labas="))


def test_the_address_restores_the_selection_the_filters_and_the_view(open_map: OpenPage) -> None:
    page = open_map("/carte?secteur=education&labas=p:MG&vue=5/-19/47")
    expect(page.locator("[data-panel=selection]")).to_contain_text("Madagascar")
    zoom, lat = page.evaluate("[carte_liens.getZoom(), carte_liens.getCenter().lat]")
    assert (zoom, round(lat)) == (5, -19)


def test_back_and_forward_follow_the_selections(open_map: OpenPage) -> None:
    page = open_map()
    click_symbol(page, "p:MG")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Madagascar")
    page.go_back()
    expect(page.locator("[data-panel=selection]")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("à Madagascar.")
    page.go_forward()
    expect(page.locator("[data-panel=selection]")).to_contain_text("Madagascar")


def test_links_are_read_and_chosen_by_keyboard_alone(open_map: OpenPage) -> None:
    page = open_map()
    page.get_by_role("tab", name="Initiatives").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Liens")).to_be_focused()
    first = page.locator(".map-link").first
    expect(first).to_be_visible()
    page.keyboard.press("Tab")
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"ici=r:53&labas=p:EC"))
    expect(page.get_by_role("heading", name="Bretagne et Équateur, deux cartes")).to_be_focused(timeout=30_000)
    expect(page.locator("[data-panel=live]")).to_contain_text("relient la Bretagne à l’Équateur")
    page.get_by_role("link", name="Équateur : retirer ce choix").press("Enter")
    expect(page).not_to_have_url(re.compile("labas="))
    expect(page.get_by_role("heading", level=1)).to_be_focused()


def test_a_line_of_the_list_lights_its_link(open_map: OpenPage) -> None:
    page = open_map()
    wait_until_settled(page)
    page.get_by_role("link", name="Mada-Breizh", exact=True).hover()
    expect(page.locator(".map-canvas--dimmed")).to_have_count(1)


def test_a_link_across_the_pacific_goes_the_short_way(open_map: OpenPage) -> None:
    page = open_map("/carte?labas=p:FJ")
    wait_for_symbols(page, "p:FJ")
    ribbons = [one for one in scene(page)["ribbons"] if one["there"] == "p:FJ"]
    width = page.evaluate("256 * 2 ** carte_liens.getZoom()")
    assert ribbons
    assert all(abs(one["from"]["x"] - one["to"]["x"]) <= width / 2 for one in ribbons)


def test_towns_and_communes_are_shown_close_by(open_map: OpenPage) -> None:
    page = open_map("/carte?vue=8/48.2/-3.5")
    wait_for_symbols(page, "c:29232", "c:29151")
    assert {"c:29232", "c:29151"} <= set(scene(page)["symbols"])


def test_what_leaves_the_view_is_told_at_its_edge_and_leads_there(open_map: OpenPage) -> None:
    page = open_map("/carte?vue=6/47/2")
    wait_until_settled(page)
    badge = page.locator(".map-edge", has_text="Madagascar")
    expect(badge).to_have_accessible_name(re.compile("Madagascar 1 initiative, vers le sud"))
    badge.focus()
    expect(page.locator(".map-canvas--dimmed")).to_have_count(1)
    badge.press("Enter")
    expect(page).to_have_url(re.compile("labas=p:MG"))
    expect(page.locator(".map-edge")).to_have_count(0)


def overlaps(page: Page) -> list[list[str]]:
    """Badges that cover another badge or a control, once the map is settled: both are read at the same instant."""
    found = page.wait_for_function(
        """() => {
          if (!liens_liens.links.isSettled()) return null;
          const boxes = (name) => [...document.querySelectorAll(name)]
            .map((one) => [one.textContent, one.getBoundingClientRect()]).filter(([, box]) => box.width);
          const badges = boxes(".map-edge");
          const others = boxes("[data-obstacle], .leaflet-control");
          const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
          return badges.flatMap(([name, box], i) => [...badges.slice(i + 1), ...others]
            .filter(([, other]) => meet(box, other)).map(([other]) => [name, other]));
        }"""
    )
    result: list[list[str]] = found.json_value()
    return result


def test_badges_and_controls_do_not_cover_each_other(open_map: OpenPage) -> None:
    for size in (LARGE, PHONE):
        page = open_map("/carte?vue=5.5/47/2", size)
        expect(page.locator(".map-edge").first).to_be_visible()
        assert overlaps(page) == []


def test_badges_are_laid_out_again_when_what_covers_the_map_changes(open_map: OpenPage) -> None:
    page = open_map("/carte?vue=5.5/47/2")
    expect(page.locator(".map-edge").first).to_be_visible()
    wait_until_settled(page)
    drawn = page.locator("#carte_liens").get_attribute("data-drawn")
    page.evaluate("() => document.querySelector('.map-legend').append(' Le réseau relie tout le monde.'.repeat(9))")
    expect(page.locator("#carte_liens")).not_to_have_attribute("data-drawn", drawn or "")
    assert overlaps(page) == []


def come_late(route: Route) -> None:
    """Hold a file back for a while."""
    time.sleep(0.3)
    route.continue_()


def test_typefaces_that_come_late_on_a_slow_machine_do_not_push_badges_over_controls(open_page: OpenPage) -> None:
    for size in (LARGE, PHONE):
        page = open_page("/vie-privee", size)
        page.route("**/*.woff2*", come_late)
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
        page.goto("/carte?vue=5.5/47/2")
        expect(page.locator("[data-map]")).to_have_attribute("data-ready", "true", timeout=30_000)
        expect(page.locator(".map-edge").first).to_be_visible()
        assert overlaps(page) == []


def test_the_sheet_leaves_both_ends_of_a_selection_in_sight(open_map: OpenPage) -> None:
    page = open_map("/carte?labas=p:EC", PHONE)
    page.locator("[data-sheet-handle]").click()
    in_sight = """() => {
          const top = document.querySelector("[data-sheet]").getBoundingClientRect().top;
          const stage = document.querySelector("#carte_liens").getBoundingClientRect().top;
          const { symbols } = liens_liens.links.scene;
          return symbols.length > 0 && symbols.every(({ y }) => stage + y < top);
        }"""
    page.wait_for_function(in_sight)
    assert page.evaluate(in_sight)


def test_the_sheet_of_a_phone_has_three_stops_and_a_handle(open_map: OpenPage) -> None:
    page = open_map("/carte", PHONE)
    panel, handle = page.locator("[data-sheet]"), page.locator("[data-sheet-handle]")
    heights = []
    for stop in ("0", "1", "2"):
        expect(panel).to_have_attribute("data-stop", stop)
        heights.append(
            page.evaluate("innerHeight - document.querySelector('[data-sheet]').getBoundingClientRect().top")
        )
        handle.focus()
        page.keyboard.press("Enter")
    expect(panel).to_have_attribute("data-stop", "0")
    assert heights[0] < 200 < heights[1] < heights[2] <= PHONE[1]
    box = handle.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert page.evaluate("document.documentElement.scrollHeight") <= PHONE[1]


def test_a_failed_request_is_told_and_the_list_stays(open_page: OpenPage) -> None:
    page = open_page("/vie-privee")
    page.route("**/carte/flux*", lambda route: route.abort())
    page.goto("/carte?vue=5/47/2")  # the first links of the world come with the page
    expect(page.get_by_role("alert")).to_contain_text("La carte n’a pas pu être mise à jour")
    assert page.locator(".map-item").count() > 0


@SIZES
def test_without_scripts_there_is_a_list_and_the_way_to_all_of_it(open_page: OpenPage, size: tuple[int, int]) -> None:
    page = open_page("/carte?pays=MG", size, java_script_enabled=False)
    expect(page.get_by_role("link", name="Mada-Breizh", exact=True)).to_be_visible()
    carried = page.get_by_role("navigation", name="Emporter cette sélection")
    expect(carried.get_by_role("link", name="Liste")).to_have_attribute("href", re.compile("^/initiatives"))
    expect(page.locator("#carte_liens")).to_be_hidden()


@SIZES
@pytest.mark.parametrize("address", ["/carte", "/carte?vue=6/47/2", "/carte?ici=r:53&labas=p:MG", "/carte?secteur=zzz"])
def test_the_map_page_has_no_known_obstacle(
    open_page: OpenPage, violations: Callable[[Page], list[str]], address: str, size: tuple[int, int]
) -> None:
    page = open_page(address, size)
    if size == PHONE:
        page.locator("[data-sheet-handle]").click()
    assert violations(page) == []


def test_the_dark_map_has_no_known_obstacle(open_map: OpenPage, violations: Callable[[Page], list[str]]) -> None:
    assert violations(open_map("/carte?labas=p:MG", color_scheme="dark")) == []


def test_a_hostile_text_never_runs_on_the_map(open_map: OpenPage) -> None:
    page = open_map("/carte", NARROW)
    page.locator("[data-sheet-handle]").click()
    page.get_by_role("tab", name="Liens").click()
    assert page.evaluate("window.pwned") is None
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]
    targets = page.locator(".map-app button:visible:not(.map-edge), .map-app select:visible")
    assert all((box or {"height": 0})["height"] >= 44 for box in (one.bounding_box() for one in targets.all()))
