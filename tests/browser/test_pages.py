"""Every public page in a browser: accessible, whole at 320 px, usable by keyboard and without scripts, harmless."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import HOSTILE, LARGE, MORE_HOSTILE, NARROW, PHONE, LiveServer, OpenPage

PAGES = (
    "/",
    "/?cle=c:29232",
    "/?cle=r:53",
    "/?cle=c:29199",
    "/?lieu=Saint-Denis",
    "/?lieu=xyzzyq",
    "/?cle=zzz",
    "/initiatives",
    "/initiatives?region=53&pays=MG",
    "/initiatives?q=zzzz&region=53",
    "/initiatives?secteur=zzz",
    "/initiatives/mada-breizh",
    "/initiatives/deux-rives",
    "/initiatives/un-lien-protege",
    "/initiatives/two-shores",
    "/organisations",
    "/organisations/les-amis-du-monde",
    "/organisations?q=zzzz&cote=ici",
    "/territoires",
    "/territoires/c:29232",
    "/territoires/r:53",
    "/territoires/p:MG",
    "/territoires/c:29199",
    "/reseaux",
    "/reseaux/reseau-bretagne-solidaire",
    "/mentions-legales",
    "/vie-privee",
    "/accessibilite",
    "/cette-page-n-existe-pas",
)


@pytest.mark.parametrize("size", [LARGE, PHONE], ids=["large", "phone"])
@pytest.mark.parametrize("address", PAGES)
def test_a_page_has_no_known_obstacle(
    open_page: OpenPage, violations: Callable[[Page], list[str]], address: str, size: tuple[int, int]
) -> None:
    assert violations(open_page(address, size)) == []


@pytest.mark.parametrize(
    "address", ["/", "/?cle=c:29232", "/initiatives", "/initiatives/deux-rives", "/territoires/r:53"]
)
def test_the_dark_theme_has_no_known_obstacle(
    open_page: OpenPage, violations: Callable[[Page], list[str]], address: str
) -> None:
    assert violations(open_page(address, color_scheme="dark")) == []


@pytest.mark.parametrize("address", PAGES)
def test_nothing_scrolls_sideways_on_a_narrow_screen(open_page: OpenPage, address: str) -> None:
    page = open_page(address, NARROW)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]


def test_a_hostile_text_never_runs_and_never_breaks_the_layout(open_page: OpenPage, live_server: LiveServer) -> None:
    assert len({*HOSTILE, *MORE_HOSTILE}) >= 100
    addresses = ["/", "/initiatives", "/initiatives?page=1&tri=titre", "/organisations", "/carte", "/carte?tri=titre"]
    addresses += [f"/initiatives/{live_server.slugs[f'hostile-{number}']}" for number in range(len(HOSTILE))]
    page = open_page("/", NARROW)
    for address in addresses:
        page.goto(address)
        assert page.evaluate("window.pwned") is None, address
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0], address
    page.goto(f"/initiatives/{live_server.slugs['hostile-0']}")
    expect(page.get_by_role("heading", level=1)).to_have_text(HOSTILE[0])


def test_hostile_words_typed_in_a_field_come_back_as_text(open_page: OpenPage) -> None:
    page = open_page("/")
    for text in HOSTILE[:8]:
        page.get_by_label("Votre commune, département ou région").fill(text)
        page.get_by_role("button", name="Voir les liens").click()
        assert page.evaluate("window.pwned") is None
        assert page.get_by_label("Votre commune, département ou région").input_value() == text[:80]


def test_the_keyboard_reaches_the_question_first(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Aller au contenu")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_attribute("name", "lieu")


def test_the_menu_opens_by_keyboard_on_a_phone(open_page: OpenPage) -> None:
    page = open_page("/", PHONE)
    menu = page.get_by_role("navigation", name="Principale")
    expect(menu).to_be_hidden()
    page.get_by_role("button", name="Menu").focus()
    page.keyboard.press("Enter")
    expect(menu).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Carte")
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()


def test_suggestions_are_chosen_by_keyboard(open_page: OpenPage) -> None:
    page = open_page("/")
    field = page.get_by_role("combobox", name="Votre commune, département ou région")
    field.press_sequentially("Quimp", delay=20)
    options = page.get_by_role("option")
    expect(options.first).to_contain_text("Quimper")
    expect(field).to_have_attribute("aria-expanded", "true")
    assert field.get_attribute("aria-activedescendant") is None  # nothing is chosen in advance
    field.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    field.press("Enter")
    page.wait_for_url("**/?cle=c%3A29232")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Quimper")


def test_suggestions_close_and_leave_what_was_typed(open_page: OpenPage) -> None:
    page = open_page("/")
    field = page.get_by_role("combobox", name="Votre commune, département ou région")
    field.press_sequentially("Quimp", delay=20)
    expect(page.get_by_role("listbox")).to_be_visible()
    field.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    assert field.input_value() == "Quimp"


@pytest.mark.parametrize("size", [LARGE, PHONE], ids=["large", "phone"])
def test_everything_works_without_scripts(open_page: OpenPage, size: tuple[int, int]) -> None:
    page = open_page("/", size, java_script_enabled=False)
    page.get_by_label("Votre commune, département ou région").fill("Quimper")
    page.get_by_role("button", name="Voir les liens").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("relient Quimper")
    if size == PHONE:
        page.get_by_role("button", name="Menu").click()
    page.get_by_role("navigation", name="Principale").get_by_role("link", name="Initiatives").click()
    if size == PHONE:
        page.get_by_text("Choisir", exact=True).click()
    page.get_by_label("Chercher un lieu, un mot, une structure").fill("rives")
    page.get_by_role("button", name="Chercher", exact=True).click()
    page.get_by_role("link", name="Deux rives").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Deux rives")


def test_no_cookie_is_set_and_nothing_is_stored(page: Page) -> None:
    page.goto("/initiatives")
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_targets_are_large_enough_for_a_finger(open_page: OpenPage) -> None:
    page = open_page("/", PHONE)
    small = page.evaluate(
        """[...document.querySelectorAll('button, .button, input, .onward, .nav a')]
        .filter(e => e.offsetParent && e.getBoundingClientRect().height < 44).map(e => e.outerHTML.slice(0, 80))"""
    )
    assert small == []
