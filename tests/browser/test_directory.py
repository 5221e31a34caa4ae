"""The directory in a browser: words found are marked, choices work by keyboard and without scripts, all fits."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LARGE, NARROW, PHONE, OpenPage

STATES = (
    "/initiatives?q=%C3%A9coles",
    "/initiatives?q=ecolles",
    "/initiatives?q=script&tri=titre",
    "/initiatives?ici=c:29185",
    "/initiatives?depuis=9999&pays=MG",
    "/initiatives?pays=EC&secteur=education&etat=en-cours",
    "/initiatives?apres=mada-breizh",
    "/initiatives?page=1000000000",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", STATES)
def test_a_state_of_the_list_has_no_known_obstacle(
    open_page: OpenPage, violations: Callable[[Page], list[str]], address: str, scheme: str
) -> None:
    size = LARGE if scheme == "light" else PHONE
    assert violations(open_page(address, size, color_scheme=scheme)) == []


@pytest.mark.parametrize("address", STATES)
def test_nothing_overflows_on_a_narrow_screen_nor_with_text_twice_as_large(open_page: OpenPage, address: str) -> None:
    page = open_page(address, NARROW)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]
    page.set_viewport_size({"width": 640, "height": 640})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 640


def test_the_words_found_are_marked_as_text(open_page: OpenPage) -> None:
    page = open_page("/initiatives?q=%C3%A9coles")
    expect(page.locator(".card mark").first).to_have_text("écoles")
    hostile = open_page("/initiatives?q=script")
    expect(hostile.locator(".card__title mark").first).to_have_text("script")
    assert hostile.evaluate("window.pwned") is None


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "no scripts"])
def test_one_searches_chooses_and_takes_off(open_page: OpenPage, has_scripts: bool) -> None:
    page = open_page("/initiatives", java_script_enabled=has_scripts)
    page.get_by_role("searchbox").or_(page.get_by_role("combobox")).first.fill("Mada-Breizh")
    page.get_by_role("button", name="Chercher", exact=True).click()
    expect(page.locator("h1")).to_have_text("Une initiative parle de « Mada-Breizh »")
    page.get_by_label("Madagascar").check()
    page.get_by_role("button", name="Montrer ces initiatives").click()
    expect(page.get_by_role("list", name="Choix en cours").get_by_role("listitem")).to_have_count(3)
    page.get_by_role("link", name="Madagascar : retirer ce choix").click()
    expect(page.get_by_label("Madagascar")).not_to_be_checked()


def test_one_changes_the_order_with_the_keyboard_alone(open_page: OpenPage) -> None:
    page = open_page("/initiatives")
    page.locator(".sort > summary").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="De A à Z")).to_be_visible()
    page.get_by_role("link", name="De A à Z").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".sort > summary")).to_contain_text("De A à Z.")


def test_the_address_to_keep_is_that_of_the_search(open_page: OpenPage) -> None:
    page = open_page("/initiatives?pays=MG&page=1&utm=x", java_script_enabled=False)
    kept = page.get_by_label("Garder cette recherche").input_value()
    assert kept.endswith("/initiatives?pays=MG")


def test_a_year_that_means_nothing_is_told_at_its_field(open_page: OpenPage) -> None:
    page = open_page("/initiatives?depuis=0000&pays=MG", PHONE)
    field = page.get_by_label("Commencées à partir de l’année")
    expect(field).to_be_visible()
    expect(field).to_have_value("0000")
    expect(field).to_have_accessible_description("« 0000 » n’est pas une année de début : écrivez par exemple 2015.")
    page.get_by_role("link", name="Garder les autres choix").click()
    expect(page.locator("h1")).to_contain_text("Madagascar")
