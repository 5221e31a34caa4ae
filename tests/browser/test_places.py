"""The small map of places in a browser, on a page of its own: what it loads, draws, and gives to its form."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import render_template_string
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from config import Environment, Settings
from directory import create_app
from directory.basemap.page import MapPoint, PlacesMap, places_map
from tests.browser.conftest import HOSTILE, LARGE, NARROW, PHONE, LiveServer, OpenPage

MORLAIX = MapPoint("here", "Morlaix", "placé sur le centre de la commune", -3.8279, 48.5778, "commune")
ANTSIRABE = MapPoint("there", "Antsirabe", "placé sur le centre de la localité", 47.0333, -19.8667, "commune")
SUVA = MapPoint("there", "Suva", "placé sur le centre de la localité", 178.4419, -18.1416, "commune")
NOUMEA = MapPoint("here", "Nouméa", "repère placé à la main", 166.4416, -22.2763)
PAPEETE = MapPoint("here", "Papeete", "placé sur le centre de la commune", -149.5667, -17.5334, "commune")
CHOICES = tuple(
    MapPoint("here", name, detail, lon, lat, "commune", mark=str(number), field=f"choix-{number}")
    for number, (name, detail, lon, lat) in enumerate(
        (
            ("Pleumeur-Bodou", "Côtes-d’Armor, près de Lannion", -3.5181, 48.7731),
            ("Pleumeur-Gautier", "Côtes-d’Armor, près de Paimpol", -3.1556, 48.8025),
            ("Plomeur", "Finistère, près de Pont-l’Abbé", -4.2842, 47.8408),
            ("Ploemeur", "Morbihan, près de Lorient", -3.4281, 47.7356),
        ),
        start=1,
    )
)
MAPS: dict[str, PlacesMap] = {
    "repere": places_map("here-0", "Carte du lieu d’ici", (MORLAIX,), movable=True),
    "choix": places_map("here-0", "Carte des communes proposées", CHOICES, movable=True),
    "vide": places_map("there-0", "Carte du lieu de là-bas", (), movable=True, side="there"),
    "relecture": places_map("lieux", "Carte des lieux", (MORLAIX, ANTSIRABE)),
    "pacifique": places_map("lieux", "Carte des lieux", (NOUMEA, SUVA, PAPEETE)),
    "hostile": places_map(
        "lieux",
        "Carte des lieux",
        [MapPoint("here", text, text, -4 + number / 3, 48 - number / 9) for number, text in enumerate(HOSTILE)],
    ),
}
PAGE = """
{% extends "layouts/page.html" %}
{% from "basemap/_places.html" import small_map %}
{% block title %}Essai{% endblock %}
{% block head %}<link rel="stylesheet" href="{{ asset('css/form.css') }}"><link rel="stylesheet" href="{{ asset('css/small-map.css') }}">{% endblock %}
{% block scripts %}<script type="module" src="{{ asset('js/places/open.js') }}"></script>{% endblock %}
{% block main %}<div class="section"><div class="page page--reading flow"><h1>Essai</h1>
{% if map.is_movable %}
<form class="flow">
  {% for point in map.points if point.field %}<p><label><input type="radio" name="choix" id="{{ point.field }}"> {{ point.mark }}. {{ point.name }}</label></p>{% endfor %}
  <label for="lat">Latitude</label> <input class="input" id="lat"> <label for="lon">Longitude</label> <input class="input" id="lon">
  <details><summary>Voir sur la carte</summary>{{ small_map(map, lon_field="lon", lat_field="lat", with_list=map.points | length > 0) }}</details>
</form>
{% else %}{{ small_map(map) }}{% endif %}
<p>Fin de la page.</p></div></div>{% endblock %}
"""


@pytest.fixture(scope="module")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """The site with one more page, which shows each of MAPS; it needs no database."""
    folder = tmp_path_factory.mktemp("places")
    settings = Settings(environment=Environment.TEST, instance=folder, database_url=f"sqlite:///{folder / 'none.sqlite'}")
    app = create_app(settings)
    app.add_url_rule("/essai/<name>", "essai", lambda name: render_template_string(PAGE, map=MAPS[name]))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield LiveServer(f"http://127.0.0.1:{server.port}")
    server.shutdown()


@pytest.fixture
def open_map(open_page: OpenPage) -> OpenPage:
    """Opens the page of a map, opens what hides it, waits for it."""

    def open_one(name: str, size: tuple[int, int] = LARGE, **options: Any) -> Page:
        page = open_page(f"/essai/{name}", size, **options)
        if page.locator("summary").count():
            page.locator("summary").click()
        page.locator(".places__stage").scroll_into_view_if_needed()
        expect(page.locator("[data-places]")).to_have_attribute("data-state", "ready")
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
    expect(page.locator("[data-places]")).to_have_attribute("data-state", "ready")
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
    expect(page.get_by_role("status")).to_have_text(re.compile(r"^Repère déplacé de [\d,]+ km vers le nord\.$"))
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
    expect(page.get_by_role("status")).to_have_text(re.compile("^Repère placé\u00a0: .*° nord, .*°"))
    page.get_by_role("button", name="Retirer le repère").click()
    assert fields(page) == ("", "")
    expect(page.locator(".places-mark--pin")).to_have_count(0)


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
    expect(page.get_by_role("status")).to_have_text(re.compile("^Repère placé\u00a0: depuis Pleumeur-Bodou, .* vers le sud-est"))


def test_both_ends_are_in_sight_and_named_with_the_short_way_across_the_pacific(open_map: OpenPage) -> None:
    for name in ("relecture", "pacifique"):
        page = open_map(name)
        stage = page.locator(".places__stage").bounding_box()
        assert stage is not None
        for mark in page.locator(".places-mark").all():
            box = mark.bounding_box()
            assert box is not None
            assert stage["x"] <= box["x"] and box["x"] + box["width"] <= stage["x"] + stage["width"]
            assert stage["y"] <= box["y"] and box["y"] + box["height"] <= stage["y"] + stage["height"]
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
        assert box["height"] >= 44 and box["width"] >= 44


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
