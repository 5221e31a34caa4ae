"""The search box: by keyboard, by finger, read aloud, on the directory and on the map; and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import LARGE, PHONE, OpenPage

SIZES = pytest.mark.parametrize("size", [LARGE, PHONE], ids=["large", "phone"])
LABEL = re.compile("^Chercher un lieu")


def box(page: Page) -> Locator:
    """The field, once its script has come: it is a combobox then."""
    return page.get_by_role("combobox", name=LABEL)


def options(page: Page) -> Locator:
    """What is proposed under the field of the directory or of the map."""
    return page.get_by_role("listbox", name="Propositions").get_by_role("option")


def test_a_place_is_chosen_by_the_keyboard_alone(open_page: OpenPage) -> None:
    page = open_page("/initiatives")
    field = box(page)
    field.press_sequentially("quimp")
    expect(options(page).first).to_contain_text("Quimper")
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(field).not_to_have_attribute("aria-activedescendant", re.compile("."))
    field.press("ArrowDown")
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    chosen = options(page).first.get_attribute("id")
    assert chosen
    expect(field).to_have_attribute("aria-activedescendant", chosen)
    field.press("Enter")
    page.wait_for_url("**/territoires/c:29232")


def test_what_is_proposed_stands_under_headings_and_is_counted_aloud(open_page: OpenPage) -> None:
    page = open_page("/initiatives")
    box(page).press_sequentially("quimp")
    listed = page.get_by_role("listbox", name="Propositions")
    place = listed.get_by_role("group", name="Lieux").get_by_role("option").first
    expect(place).to_contain_text("commune, Finistère")
    expect(place.locator("mark").first).to_have_text("Quimp")
    number = options(page).count()
    status = page.locator("[data-search-box] [role=status]")
    expect(status).to_have_text(re.compile(f"^{number} propositions?, à parcourir avec les flèches$"))
    assert box(page).get_attribute("aria-controls") == listed.get_attribute("id")


def test_enter_without_choosing_searches_the_words(open_page: OpenPage) -> None:
    page = open_page("/initiatives")
    box(page).press_sequentially("deux rives")
    expect(options(page).first).to_be_visible()
    box(page).press("Enter")
    page.wait_for_url("**/initiatives?*q=deux+rives*")
    expect(page.get_by_role("link", name="Deux rives").first).to_be_visible()


def test_escape_closes_the_list_and_an_arrow_opens_it_again(open_page: OpenPage) -> None:
    page = open_page("/initiatives")
    field = box(page)
    field.press_sequentially("quimp")
    expect(options(page).first).to_be_visible()
    field.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_value("quimp")
    field.press("ArrowDown")
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    field.press("ArrowUp")
    expect(field).not_to_have_attribute("aria-activedescendant", re.compile("."))
    field.press("Tab")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_a_finger_opens_a_sheet(open_page: OpenPage) -> None:
    page = open_page("/initiatives", PHONE, has_touch=True)
    box(page).tap()
    page.keyboard.type("mada-b")
    line = options(page).filter(has_text="Mada-Breizh")
    expect(line.first).to_contain_text("Antsirabe")
    height = line.first.bounding_box()
    assert height is not None
    assert height["height"] >= 44
    line.first.tap()
    page.wait_for_url("**/initiatives/mada-breizh")


def test_names_that_try_to_be_code_stay_text(open_page: OpenPage) -> None:
    page = open_page("/initiatives")
    box(page).press_sequentially("script")
    expect(options(page).filter(has_text="<script>window.pwned=1</script>").first).to_be_visible()
    assert page.evaluate("window.pwned") is None
    assert page.locator("[data-search-box] script, [data-search-box] img").count() == 0


@SIZES
def test_without_scripts_the_field_is_a_plain_search(open_page: OpenPage, size: tuple[int, int]) -> None:
    page = open_page("/initiatives", size, java_script_enabled=False)
    field = page.get_by_role("searchbox", name=LABEL)
    field.fill("Mada-Breizh")
    field.press("Enter")
    page.wait_for_url("**/initiatives?*q=Mada-Breizh*")
    expect(page.get_by_role("link", name="Mada-Breizh").first).to_be_visible()


@SIZES
def test_an_open_list_has_no_known_obstacle(
    open_page: OpenPage, open_map: OpenPage, size: tuple[int, int], violations: Callable[[Page], list[str]]
) -> None:
    for page in (open_page("/initiatives", size), open_map(size=size)):
        box(page).press_sequentially("quimp")
        box(page).press("ArrowDown")
        expect(options(page).first).to_be_visible()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_on_the_map_a_country_is_selected_without_leaving_the_page(open_map: OpenPage) -> None:
    page = open_map()
    field = box(page)
    field.press_sequentially("madag")
    expect(options(page).first).to_contain_text("Madagascar")
    field.press("ArrowDown")
    field.press("Enter")
    expect(page).to_have_url(re.compile(r"/carte\?.*labas=p:MG"))
    expect(page).not_to_have_url(re.compile(r"[?&]q="))
    expect(field).to_have_value("")
    expect(page.locator("[data-panel=selection] .chip")).to_contain_text("Madagascar")
    expect(page.locator("[data-panel=sentence]")).to_contain_text("Madagascar")


def test_on_the_map_a_sector_becomes_a_filter(open_map: OpenPage) -> None:
    page = open_map()
    field = box(page)
    field.press_sequentially("éduc")
    options(page).filter(has_text="Éducation").first.click()
    expect(page).to_have_url(re.compile(r"/carte\?.*secteur=education"))
    expect(page).not_to_have_url(re.compile(r"[?&]q="))
    expect(page.locator("[data-panel=chips] .chip")).to_contain_text("Éducation")


def test_on_the_map_what_is_chosen_at_both_ends_is_a_link(open_map: OpenPage) -> None:
    page = open_map("/carte?ici=c:29232")
    box(page).press_sequentially("madag")
    options(page).filter(has_text="Madagascar").first.click()
    expect(page).to_have_url(re.compile(r"ici=c:29232&labas=p:MG"))


def test_my_commune_knows_what_holds_a_name_and_says_when_it_knows_none(open_map: OpenPage) -> None:
    page = open_map()
    page.get_by_role("button", name="Ma commune").click()
    field = page.get_by_role("combobox", name="Qu’est-ce qui relie ma commune au monde ?")
    expect(field).to_be_focused()
    field.press_sequentially("Saint-Denis de La Réunion")
    expect(page.locator("#carte-pres [role=option]").first).to_contain_text("La Réunion")
    field.fill("zzzyx")
    said = page.locator("#carte-pres .combobox [role=status], #carte-pres [data-suggestions] [role=status]")
    expect(said).to_contain_text("Aucun lieu d’ici ne porte ce nom.")
    expect(said).to_be_visible()
    field.press("Escape")
    expect(said).to_have_text("")
    expect(field).to_be_visible()
