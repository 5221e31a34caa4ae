"""The small map of places in a browser, on a page of its own: what it loads, draws, and gives to its form."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import HOSTILE, LARGE, NARROW, PHONE, LiveServer, OpenPage, served


@pytest.fixture(scope="module")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """The site with one more page for each small map."""
    folder = tmp_path_factory.mktemp("places")
    with served("tests.browser.serve_places", str(folder), folder=folder) as address:
        yield LiveServer(address)


@pytest.fixture
def open_map(open_page: OpenPage) -> OpenPage:
    """Opens the page of a map, opens what hides it, waits for it."""

    def open_one(name: str, size: tuple[int, int] = LARGE, **options: Any) -> Page:
        page = open_page(f"/essai/{name}", size, **options)
        if page.locator("summary").count():
            page.locator("summary").click()
        page.locator(".places__stage").scroll_into_view_if_needed()
        expect(page.locator("[data-places]")).to_have_attribute("data-state", "ready", timeout=30_000)
        return page

    return open_one


def fields(page: Page) -> tuple[str, str]:
    """Longitude and latitude as the form would send them."""
    return page.locator("#lon").input_value(), page.locator("#lat").input_value()


def middle(page: Page, selector: str) -> tuple[float, float]:
    """The middle of an element, in pixels of the view."""
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_nothing_of_the_map_is_asked_for_before_it_is_opened(open_page: OpenPage) -> None:
    page = open_page("/vie-privee")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/essai/repere")
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if re.search(r"leaflet|topojson|places/main|/map/|/geo/|/carte/", url)]
    page.locator("summary").click()
    expect(page.locator("[data-places]")).to_have_attribute("data-state", "ready", timeout=30_000)
    assert [url for url in asked if "leaflet.js" in url]
    assert [url for url in asked if "/carte/lieux/here-0.js?v=" in url]


def test_the_arrows_move_the_pin_and_the_form_receives_where_it_is(open_map: OpenPage) -> None:
    page = open_map("repere")
    assert fields(page) == ("", "")  # looking changes nothing
    page.locator(".places-mark--pin").focus()
    page.keyboard.press("ArrowLeft")
    lon, lat = fields(page)
    assert re.fullmatch(r"-3\.\d{5}", lon)
    assert lat == "48.57780"
    assert -3.90 < float(lon) < -3.8279
    page.keyboard.press("Shift+ArrowUp")
    assert float(fields(page)[1]) > 48.60
    page.keyboard.press("Shift+ArrowUp")
    expect(page.get_by_role("status")).to_have_text(re.compile(r"^Repère déplacé de [\d,]+.km vers le nord\.$"))
    expect(page.locator(".places-mark--pin")).to_be_focused()


def test_escape_brings_the_pin_back_where_it_was_taken_and_a_button_to_the_centre(open_map: OpenPage) -> None:
    page = open_map("repere")
    back = page.get_by_role("button", name="Remettre au centre")
    expect(back).to_be_hidden()
    page.locator(".places-mark--pin").focus()
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Enter")
    chosen = fields(page)
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Escape")
    assert fields(page) == chosen
    back.click()
    assert fields(page) == ("-3.82790", "48.57780")
    expect(page.get_by_role("status")).to_have_text("Repère au centre\u00a0: Morlaix.")
    expect(back).to_be_hidden()
    expect(page.locator(".places-mark--pin")).to_be_focused()


def test_the_pin_is_dragged_with_a_mouse(open_map: OpenPage) -> None:
    page = open_map("repere")
    x, y = middle(page, ".places-mark--pin")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 30, y + 10, steps=4)
    page.mouse.move(x + 60, y + 10, steps=4)
    page.mouse.up()
    lon, lat = map(float, fields(page))
    assert lon > -3.8
    assert lat < 48.5778
    expect(page.get_by_role("status")).to_have_text(re.compile(r"^Repère déplacé de .* vers l’est\.$"))


def test_a_tap_on_the_map_moves_nothing_unless_the_pin_was_taken(open_map: OpenPage) -> None:
    page = open_map("repere", PHONE, has_touch=True, is_mobile=True)
    x, y = middle(page, ".places-mark--pin")
    page.touchscreen.tap(x - 90, y + 40)
    page.wait_for_timeout(300)
    assert fields(page) == ("", "")
    page.touchscreen.tap(x, y)
    expect(page.get_by_role("status")).to_have_text(re.compile("^Repère pris"))
    page.touchscreen.tap(x - 90, y + 40)
    expect(page.locator("#lon")).not_to_have_value("")
    lon, lat = map(float, fields(page))
    assert (lon < -3.8279, lat < 48.5778) == (True, True)


def test_a_finger_that_turns_the_page_moves_neither_the_map_nor_the_pin(open_map: OpenPage) -> None:
    page = open_map("repere", PHONE, has_touch=True, is_mobile=True)
    before = page.evaluate("String(carte_here_0.getCenter())")
    x, y = middle(page, ".places-mark--pin")
    client = page.context.new_cdp_session(page)
    start = {"x": x - 100, "y": y + 60}
    client.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [start]})
    for step in range(1, 6):
        point = {"x": start["x"], "y": start["y"] - 20 * step}
        client.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert page.evaluate("String(carte_here_0.getCenter())") == before
    assert fields(page) == ("", "")
    touch = page.evaluate("getComputedStyle(document.querySelector('#carte_here_0')).touchAction")
    assert touch == "pan-x pan-y"


def test_a_finger_drags_the_pin(open_map: OpenPage) -> None:
    page = open_map("repere", PHONE, has_touch=True, is_mobile=True)
    x, y = middle(page, ".places-mark--pin")
    client = page.context.new_cdp_session(page)
    client.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 6):
        point = {"x": x - 12 * step, "y": y}
        client.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(page.locator("#lon")).not_to_have_value("")
    assert float(fields(page)[0]) < -3.85
    expect(page.get_by_role("status")).to_have_text(re.compile(r"^Repère déplacé de .* vers l’ouest\.$"))


def test_a_tap_places_a_pin_when_there_is_none_and_a_button_takes_it_off(open_map: OpenPage) -> None:
    page = open_map("vide", PHONE, has_touch=True, is_mobile=True)
    expect(page.locator(".places-mark--pin")).to_have_count(0)
    x, y = middle(page, ".places__stage")
    page.touchscreen.tap(x, y)
    expect(page.locator(".places-mark--pin")).to_be_focused()
    lon, lat = fields(page)
    assert re.fullmatch(r"-?\d+\.\d{5}", lon)
    assert re.fullmatch(r"-?\d+\.\d{5}", lat)
    expect(page.get_by_role("status")).to_have_text(re.compile("^Repère placé.: .*° nord, .*°"))
    page.get_by_role("button", name="Retirer le repère").click()
    assert fields(page) == ("", "")
    expect(page.locator(".places-mark--pin")).to_have_count(0)


def test_enter_on_the_map_places_a_pin_in_its_middle(open_map: OpenPage) -> None:
    page = open_map("vide")
    expect(page.get_by_text("Touchez l’endroit où vous agissez")).to_be_visible()
    page.locator("#carte_there_0").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".places-mark--pin")).to_be_focused()
    expect(page.get_by_text("Faites glisser le repère.")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Repère posé.")
    assert all(fields(page))


def test_the_pin_follows_what_is_typed_in_the_form(open_map: OpenPage) -> None:
    page = open_map("repere")
    page.locator("#lat").fill("48.3")
    page.locator("#lon").fill("-4.1")
    at = page.evaluate("(({ lat, lon }) => [lon, lat])(lieux_here_0.pin.at)")
    assert at == [-4.1, 48.3]
    assert fields(page) == ("-4.1", "48.3")
    expect(page.get_by_role("status")).to_have_text(re.compile("vers le sud-ouest"))


def test_choices_wear_their_numbers_and_a_click_on_one_chooses_it(open_map: OpenPage) -> None:
    page = open_map("choix")
    expect(page.locator(".places-mark__number")).to_have_text(["1", "2", "3", "4"])
    page.mouse.click(*middle(page, ".places-mark >> nth=2"))
    expect(page.locator("#choix-3")).to_be_checked()
    expect(page.locator(".places-mark--chosen")).to_have_text("3")
    assert fields(page) == ("", "")
    page.locator("#choix-1").check()
    expect(page.locator(".places-mark--chosen")).to_have_text("1")
    x, y = middle(page, ".places-mark >> nth=0")
    page.mouse.click(x + 60, y + 60)
    expect(page.get_by_role("status")).to_have_text(re.compile("^Repère placé.: depuis Pleumeur-.*, .* vers le sud"))


def test_both_ends_are_in_sight_and_named_with_the_short_way_across_the_pacific(open_map: OpenPage) -> None:
    for name in ("relecture", "pacifique"):
        page = open_map(name)
        stage = page.locator(".places__stage").bounding_box()
        assert stage is not None
        for mark in page.locator(".places-mark").all():
            box = mark.bounding_box()
            assert box is not None
            assert 0 <= box["x"] - stage["x"] <= stage["width"] - box["width"]
            assert 0 <= box["y"] - stage["y"] <= stage["height"] - box["height"]
        words = page.locator(".places__list").inner_text()
        assert "placé sur le centre" in words
    assert page.evaluate("carte_lieux.getZoom()") > 2  # not the whole world


@pytest.mark.parametrize("size", [LARGE, PHONE, NARROW], ids=["large", "phone", "narrow"])
@pytest.mark.parametrize("name", ["repere", "choix", "vide", "relecture"])
def test_a_small_map_has_no_known_obstacle(
    open_map: OpenPage, violations: Callable[[Page], list[str]], name: str, size: tuple[int, int]
) -> None:
    page = open_map(name, size)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    for target in page.locator(".places button:visible, .places a.leaflet-control-zoom-in, .places-mark--pin").all():
        box = target.bounding_box()
        assert box is not None
        assert min(box["height"], box["width"]) >= 44


def test_the_dark_small_map_has_no_known_obstacle(open_map: OpenPage, violations: Callable[[Page], list[str]]) -> None:
    assert violations(open_map("choix", color_scheme="dark")) == []


def test_hostile_names_stay_text(open_map: OpenPage) -> None:
    page = open_map("hostile")
    assert page.evaluate("window.pwned") is None
    expect(page.locator(".places__list")).to_contain_text(HOSTILE[0])


def test_a_map_that_cannot_come_says_so_and_the_form_stays(open_page: OpenPage, watch: Any) -> None:
    page = open_page("/vie-privee")
    page.route("**/leaflet.js*", lambda route: route.abort())
    page.goto("/essai/repere")
    page.locator("summary").click()
    expect(page.get_by_text("La carte n’a pas pu s’afficher.")).to_be_visible()
    expect(page.locator(".places__stage")).to_be_hidden()
    expect(page.locator("#lat")).to_be_visible()
    watch.faults.clear()


def test_without_scripts_the_places_are_said_in_words(open_page: OpenPage) -> None:
    page = open_page("/essai/relecture", java_script_enabled=False)
    expect(page.locator(".places__list")).to_contain_text("Ici : Morlaix")
    expect(page.locator(".places__stage")).to_be_hidden()
