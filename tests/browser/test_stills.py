"""Still pictures and what takes their place: the sheet, the answer of the home page, the map without script."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LARGE, NARROW, PHONE, LiveServer, OpenPage

SIZES = pytest.mark.parametrize("size", [LARGE, PHONE], ids=["large", "phone"])
ANSWER = "/?cle=c:29232"
LOW = (390, 320)
"""A telephone on its side, or a keyboard open: the map stands far below."""


def sheet(live_server: LiveServer, name: str) -> str:
    """The address of a sheet of the tests."""
    return f"/initiatives/{live_server.slugs[name]}"


def drawn(page: Page) -> Page:
    """The page, once its small map took the place of the still picture."""
    page.locator(".places__stage").scroll_into_view_if_needed()
    expect(page.locator("[data-places]")).to_have_attribute("data-drawn", "", timeout=30_000)
    return page


def box_of(page: Page, selector: str) -> dict[str, float]:
    """The box of an element in the page, to the pixel."""
    box = page.locator(selector).bounding_box()
    assert box is not None
    scrolled = page.evaluate("scrollY")
    return {"x": round(box["x"]), "y": round(box["y"] + scrolled), "w": round(box["width"]), "h": round(box["height"])}


@SIZES
@pytest.mark.parametrize("name", ["many", ANSWER])
def test_the_map_takes_the_very_place_of_its_still_picture(
    open_page: OpenPage, live_server: LiveServer, name: str, size: tuple[int, int]
) -> None:
    address = name if name == ANSWER else sheet(live_server, name)
    still = open_page(address, size, java_script_enabled=False)
    expect(still.locator(".places__still svg")).to_be_visible()
    expect(still.locator(".places__stage > .map")).to_be_hidden()
    page = drawn(open_page(address, size))
    expect(page.locator(".places__stage > .map")).to_be_visible()
    if name == "many":
        expect(page.locator(".places-mark")).to_have_count(5)
    assert box_of(page, ".places__stage") == box_of(still, ".places__stage")
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_a_sheet_asks_for_its_map_only_when_it_comes_into_sight(open_page: OpenPage, live_server: LiveServer) -> None:
    page = open_page("/vie-privee", LOW)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(sheet(live_server, "many"))
    page.wait_for_load_state("networkidle")
    assert box_of(page, ".places__stage")["y"] > 2 * LOW[1]
    heavy = re.compile(r"leaflet|topojson|places/main|/geo/|/carte/lieux/")
    assert not [url for url in asked if heavy.search(url)]
    drawn(page)
    assert [url for url in asked if heavy.search(url)]


def test_the_keyboard_moves_and_zooms_the_map_of_a_sheet(open_page: OpenPage, live_server: LiveServer) -> None:
    page = drawn(open_page(sheet(live_server, "plain")))
    page.locator("#carte_fiche").focus()
    zoom, west = page.evaluate("[carte_fiche.getZoom(), carte_fiche.getCenter().lng]")
    page.keyboard.press("+")
    page.wait_for_function("zoom => carte_fiche.getZoom() > zoom", arg=zoom)
    page.keyboard.press("ArrowRight")
    page.wait_for_function("west => carte_fiche.getCenter().lng > west", arg=west)
    page.keyboard.press("Tab")
    expect(page.locator(".places .leaflet-control-zoom-in")).to_be_focused()


def test_one_finger_turns_the_page_and_two_move_the_map(open_page: OpenPage, live_server: LiveServer) -> None:
    page = drawn(open_page(sheet(live_server, "plain"), PHONE, has_touch=True, is_mobile=True))
    client = page.context.new_cdp_session(page)
    center = page.evaluate("[carte_fiche.getCenter().lat, carte_fiche.getZoom()]")
    box = page.locator(".places__stage").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def drag(apart: list[tuple[float, float]]) -> None:
        """Every finger goes up by 60 pixels, in steps."""
        for step in range(7):
            points = [{"x": x + dx, "y": y + dy - 10 * step, "id": at} for at, (dx, dy) in enumerate(apart)]
            kind = "touchMove" if step else "touchStart"
            client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    drag([(0, 0)])
    assert page.evaluate("[carte_fiche.getCenter().lat, carte_fiche.getZoom()]") == center
    drag([(-40, 0), (40, 0)])
    page.wait_for_function("lat => carte_fiche.getCenter().lat !== lat", arg=center[0])


def test_a_protected_place_is_a_ring_around_its_country(open_page: OpenPage, live_server: LiveServer) -> None:
    page = open_page(sheet(live_server, "protected"))
    told = page.locator("[data-places]").get_attribute("data-places") or ""
    assert "Mali" in told
    assert "gou" not in told
    assert "13.43" not in told
    assert "-6.2" not in told
    drawn(page)
    expect(page.locator(".places-mark--there.places-mark--wide")).to_have_count(1)
    expect(page.locator(".places-mark--here.places-mark--wide")).to_have_count(0)


def test_a_map_that_cannot_come_leaves_the_still_picture(
    open_page: OpenPage, live_server: LiveServer, watch: Any
) -> None:
    page = open_page("/vie-privee")
    page.route("**/leaflet.js*", lambda route: route.abort())
    page.goto(sheet(live_server, "plain"))
    page.locator(".places__stage").scroll_into_view_if_needed()
    expect(page.locator("[data-places]")).to_have_attribute("data-state", "failed", timeout=30_000)
    expect(page.locator(".places__still svg")).to_be_visible()
    watch.faults.clear()


@pytest.mark.parametrize(
    ("name", "scheme"), [("many", "light"), ("hostile-0", "light"), ("protected", "dark"), (ANSWER, "light")]
)
def test_a_sheet_and_an_answer_have_no_known_obstacle_with_their_map(
    open_page: OpenPage, live_server: LiveServer, violations: Callable[[Page], list[str]], name: str, scheme: str
) -> None:
    address = name if name == ANSWER else sheet(live_server, name)
    page = drawn(open_page(address, PHONE, color_scheme=scheme))
    assert violations(page) == []
    assert page.evaluate("window.pwned") is None


@pytest.mark.parametrize("size", [LARGE, PHONE, NARROW], ids=["large", "phone", "narrow"])
def test_without_script_the_map_page_is_a_still_map_and_its_list(open_page: OpenPage, size: tuple[int, int]) -> None:
    page = open_page("/carte", size, java_script_enabled=False)
    expect(page.locator(".world__map:visible")).to_have_count(1)
    expect(page.locator(".map-items .map-item").first).to_be_visible()
    expect(page.locator(".map-stage")).to_be_hidden()
    names = page.locator(".world__map:visible text")
    assert names.count() >= 2
    for name in names.all():
        box = name.bounding_box()
        assert box is not None
        assert box["height"] >= 12 * 1.2, "no name under 12 pixels"
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= size[0]
    page.locator(".world__words summary").click()
    page.locator(".world__words a").first.click()
    expect(page).to_have_url(re.compile(r"/carte\?ici=.*&labas="))
    expect(page.locator(".world__map:visible")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_with_script_nothing_of_the_still_map_is_asked_for(open_page: OpenPage) -> None:
    page = open_page("/vie-privee")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/carte")
    expect(page.locator("[data-map]")).to_have_attribute("data-ready", "true")
    assert not [url for url in asked if "world.svg" in url or "map-still" in url]
    expect(page.locator(".world")).to_have_count(0)
