"""The tools over the map: one's commune, where one is, full screen, a picture to keep."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import LARGE, PHONE, OpenPage

SIZES = pytest.mark.parametrize("size", [LARGE, PHONE], ids=["large", "phone"])


def open_nearby(page: Page) -> None:
    """Open the box of « Ma commune »; its script comes when asked for."""
    page.get_by_role("button", name="Ma commune").click()
    expect(page.get_by_role("combobox", name="Qu’est-ce qui relie ma commune au monde ?")).to_be_focused()


@SIZES
def test_a_commune_is_found_by_keyboard_alone_and_shown(open_map: OpenPage, size: tuple[int, int]) -> None:
    page = open_map(size=size)
    page.get_by_role("button", name="Ma commune").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-near-field]")).to_be_focused()
    page.keyboard.type("quimper")
    expect(page.locator("#carte-pres [role=option]").first).to_contain_text("Quimper")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"[?&]ici=c:29232"))
    expect(page.locator("[data-near-said]")).to_contain_text("à Quimper")
    page.keyboard.press("Escape")
    expect(page.locator("[data-near-box]")).to_be_hidden()
    expect(page.get_by_role("button", name="Ma commune")).to_be_focused()


def test_where_one_is_is_asked_on_a_press_only_and_told_roughly(open_map: OpenPage) -> None:
    page = open_map(geolocation={"latitude": 48.57812, "longitude": -3.83123}, permissions=["geolocation"])
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/carte/autour" in request.url else None)
    open_nearby(page)
    assert asked == []
    page.get_by_role("button", name="Autour de moi").click()
    expect(page).to_have_url(re.compile(r"[?&]ici=c:29151"))
    assert [url.rpartition("?")[2] for url in asked] == ["lon=-3.83&lat=48.58"]


def test_a_refusal_to_say_where_one_is_is_told_in_words(open_map: OpenPage) -> None:
    page = open_map(permissions=[])
    open_nearby(page)
    page.get_by_role("button", name="Autour de moi").click()
    expect(page.locator("[data-near-said]")).to_contain_text("Écrivez votre commune")


def test_someone_abroad_is_told_so(open_map: OpenPage) -> None:
    page = open_map(geolocation={"latitude": 14.69, "longitude": -17.44}, permissions=["geolocation"])
    open_nearby(page)
    page.get_by_role("button", name="Autour de moi").click()
    expect(page.locator("[data-near-said]")).to_contain_text("hors de France")


def test_the_map_fills_the_screen_and_comes_back(open_map: OpenPage) -> None:
    page = open_map()
    page.get_by_role("button", name="Plein écran").click()
    page.wait_for_function("() => document.fullscreenElement?.matches('.map-stage')")
    leave = page.get_by_role("button", name="Quitter le plein écran")
    expect(leave).to_have_attribute("aria-pressed", "true")
    leave.click()
    page.wait_for_function("() => document.fullscreenElement === null")
    expect(page.get_by_role("button", name="Plein écran")).to_be_visible()


@SIZES
def test_a_picture_of_the_view_is_kept_with_its_words(
    open_map: OpenPage, size: tuple[int, int], tmp_path: Path
) -> None:
    page = open_map(size=size)
    page.wait_for_function("() => document.querySelectorAll('.leaflet-tile-loaded').length > 2")
    stage = page.locator(".map-stage").bounding_box()
    assert stage is not None
    with page.expect_download() as download:
        page.get_by_role("button", name="Télécharger une image de la carte").click()
    assert re.fullmatch(r"ici-et-la-bas-\d{4}-\d\d-\d\d\.png", download.value.suggested_filename)
    download.value.save_as(tmp_path / "picture.png")
    with Image.open(tmp_path / "picture.png") as picture:
        assert picture.width == 2 * round(stage["width"]), "fine enough for paper"
        assert picture.height > 2 * (stage["height"] + 80), "the sentence, the legend and the sources have their room"
        colours = picture.convert("RGB").getcolors(picture.width * picture.height)
        assert colours is not None
        drawn = {colour for _, colour in colours}
    assert {(45, 82, 168), (139, 62, 18)} <= drawn, "discs, diamonds and the legend are in their colours"
    expect(page.locator("[data-tools-said]")).to_have_text("L’image de la carte est téléchargée.")


@SIZES
def test_the_open_box_has_no_known_obstacle(
    open_map: OpenPage, size: tuple[int, int], violations: Callable[[Page], list[str]]
) -> None:
    page = open_map(size=size)
    open_nearby(page)
    assert violations(page) == []
