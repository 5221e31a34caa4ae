"""Beside the map: what one chooses, takes off, reads and carries away, by click, by keyboard and on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import LARGE, PHONE, OpenPage

SIZES = pytest.mark.parametrize("size", [LARGE, PHONE], ids=["large", "phone"])


class Held:
    """Requests kept waiting until they are let go."""

    def __init__(self, page: Page, pattern: str) -> None:
        self.routes: list[Route] = []
        self.is_open = False
        page.route(pattern, self._take)

    def _take(self, route: Route) -> None:
        if self.is_open:
            route.continue_()
        else:
            self.routes.append(route)

    def let_go(self) -> None:
        """Answer those that wait, and those to come."""
        self.is_open = True
        for route in self.routes:
            route.continue_()


def heading(page: Page) -> Locator:
    """The sentence."""
    return page.get_by_role("heading", level=1)


def filters(page: Page) -> Locator:
    """The panel of filters."""
    return page.get_by_role("dialog", name="Filtrer")


def open_filters(page: Page) -> Locator:
    """Open the panel of filters and wait for its counts."""
    page.get_by_role("button", name="Filtrer").click()
    expect(filters(page).get_by_role("checkbox").first).to_be_visible()
    return filters(page)


@SIZES
def test_filters_are_chosen_counted_and_taken_off_without_leaving_the_page(
    open_map: OpenPage, size: tuple[int, int]
) -> None:
    page = open_map("/carte", size)
    page.evaluate("window.isSamePage = true")
    panel = open_filters(page)
    panel.get_by_role("checkbox", name="Équateur").check()
    expect(page).to_have_url(re.compile(r"\?pays=EC$"))
    expect(heading(page)).to_contain_text("à l’Équateur")
    # A facet ignores its own choice: another country can still be added.
    expect(panel.get_by_role("checkbox", name="Madagascar")).to_be_visible()
    panel.get_by_role("button", name=re.compile("^Voir l")).click()
    expect(panel).to_be_hidden()
    expect(page.get_by_role("button", name="Filtrer 1")).to_be_focused()
    if size == PHONE:
        page.locator("[data-sheet-handle]").click()
    page.get_by_role("link", name="Équateur : retirer ce choix").click()
    expect(page).to_have_url(re.compile("/carte$"))
    expect(heading(page)).to_be_focused()
    expect(heading(page)).not_to_contain_text("à l’Équateur.")
    assert page.evaluate("window.isSamePage")


def test_a_long_list_of_choices_is_searched_without_accents(open_map: OpenPage) -> None:
    page = open_map()
    panel = open_filters(page)
    panel.get_by_text("Type d’acteur").click()
    expect(panel.get_by_role("checkbox", name="Association loi 1901")).to_be_visible()
    panel.evaluate(
        """(dialog) => {
          const field = [...dialog.querySelectorAll(".facet__find")][1];
          field.hidden = false;
          field.value = "equa";
          field.dispatchEvent(new Event("input"));
        }"""
    )
    expect(panel.get_by_role("checkbox", name="Équateur")).to_be_visible()
    expect(panel.get_by_role("checkbox", name="Madagascar")).to_be_hidden()


def test_filters_are_opened_chosen_and_left_by_keyboard_alone(open_map: OpenPage) -> None:
    page = open_map()
    page.locator("#carte-q").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Filtrer")).to_be_focused()
    page.keyboard.press("Enter")
    expect(filters(page).get_by_role("heading", name="Filtrer")).to_be_focused()
    first = filters(page).get_by_role("checkbox").first
    expect(first).to_be_visible()
    for _ in range(3):  # the button that closes, the name of the first facet, its first choice
        page.keyboard.press("Tab")
    expect(first).to_be_focused()
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile("secteur=education"))
    expect(first).to_be_focused()
    expect(page.locator("[data-panel=live]")).to_contain_text("en éducation")
    page.keyboard.press("Escape")
    expect(filters(page)).to_be_hidden()
    expect(page.get_by_role("button", name="Filtrer 1")).to_be_focused()
    assert not page.evaluate("document.querySelector('[data-search]').inert")


def test_on_a_phone_the_focus_stays_in_the_filters(open_map: OpenPage) -> None:
    page = open_map("/carte", PHONE)
    panel = open_filters(page)
    assert panel.evaluate("dialog => dialog.matches(':modal')")
    box = panel.bounding_box()
    assert box is not None
    assert (round(box["width"]), round(box["height"])) == PHONE
    for key in ("Tab", "Shift+Tab"):
        for _ in range(30):
            page.keyboard.press(key)
            # The focus may pass by the browser's own controls, never by what is behind.
            assert panel.evaluate(
                "dialog => document.activeElement === document.body || dialog.contains(document.activeElement)"
            )
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(page.get_by_role("button", name="Filtrer")).to_be_focused()


def test_back_forward_and_reload_restore_filters_words_and_list(open_map: OpenPage) -> None:
    page = open_map()
    field = page.locator("#carte-q")
    field.fill("Mada-Breizh")
    expect(page).to_have_url(re.compile(r"\?q=Mada-Breizh$"))
    expect(page.locator(".map-item")).to_have_count(1)
    open_filters(page).get_by_role("checkbox", name=re.compile("^Éducation \\d")).check()
    expect(page).to_have_url(re.compile("secteur=education"))
    page.go_back()
    expect(page).to_have_url(re.compile(r"\?q=Mada-Breizh$"))
    expect(filters(page).get_by_role("checkbox", name=re.compile("^Éducation \\d"))).not_to_be_checked()
    page.go_back()
    expect(page).to_have_url(re.compile("/carte$"))
    expect(field).to_have_value("")
    expect(page.locator(".map-item").nth(2)).to_be_attached()
    page.go_forward()
    expect(field).to_have_value("Mada-Breizh")
    expect(page.locator(".map-item")).to_have_count(1)
    page.reload()
    expect(page.locator("[data-map]")).to_have_attribute("data-ready", "true")
    expect(field).to_have_value("Mada-Breizh")
    expect(page.get_by_role("link", name="« Mada-Breizh » : retirer ce choix")).to_be_visible()


def test_everything_chosen_is_cleared_at_once_and_comes_back_with_one_step(open_map: OpenPage) -> None:
    page = open_map("/carte?secteur=education&labas=p:MG")
    page.get_by_role("link", name="Tout effacer").click()
    expect(page).not_to_have_url(re.compile("secteur|labas"))
    expect(page.locator("[data-panel=selection]")).to_be_hidden()
    page.go_back()
    expect(page).to_have_url(re.compile(r"secteur=education&labas=p:MG"))
    expect(page.locator("[data-panel=selection]")).to_contain_text("Madagascar")


def test_the_list_is_limited_to_the_visible_part_or_not(open_map: OpenPage) -> None:
    page = open_map("/carte?vue=5/47/2")
    limit = page.get_by_role("checkbox", name="Limiter à la zone visible")
    expect(limit).not_to_be_checked()
    limit.check()
    expect(page).to_have_url(re.compile("bbox="))
    expect(heading(page)).to_contain_text("dans la partie visible de la carte")
    expect(page.get_by_role("link", name="CSV")).to_have_attribute("href", re.compile("bbox="))
    # Said once: by the box, not by a chip too.
    expect(page.get_by_role("link", name="zone de la carte : retirer ce choix")).to_have_count(0)
    limit.uncheck()
    expect(page).not_to_have_url(re.compile("bbox="))
    expect(heading(page)).not_to_contain_text("partie visible")


def test_a_selection_is_listed_whole(open_map: OpenPage) -> None:
    page = open_map("/carte?labas=p:MG&vue=5/-19/47")
    expect(page.get_by_role("checkbox", name="Limiter à la zone visible")).to_be_hidden()


@SIZES
def test_nothing_found_says_what_would_widen(open_map: OpenPage, size: tuple[int, int]) -> None:
    page = open_map("/carte?ici=r:75&labas=p:FJ&secteur=sante", size)
    expect(heading(page)).to_contain_text("Aucune initiative connue entre la Nouvelle-Aquitaine et les Fidji")
    page.get_by_role("link", name="Retirer « Santé »").click()
    expect(page).not_to_have_url(re.compile("secteur="))
    expect(page.get_by_text("peut-être que personne n’en a encore raconté")).to_be_hidden()
    expect(heading(page)).to_be_focused()


def test_the_same_selection_elsewhere_follows_the_choices(open_map: OpenPage) -> None:
    page = open_map("/carte?secteur=education")
    page.get_by_role("tab", name="Liens").click()
    page.get_by_role("button", name=re.compile("^Bretagne et Madagascar")).click()
    expect(page).to_have_url(re.compile("labas=p:MG"))
    same = "?secteur=education&ici=r:53&labas=p:MG"
    for name, address in (("Liste", ""), ("CSV", ".csv"), ("GeoJSON", ".geojson")):
        link = page.get_by_role("navigation", name="Emporter").get_by_role("link", name=name, exact=True)
        expect(link).to_have_attribute("href", f"/initiatives{address}{same}")
    expect(page.get_by_role("link", name="Intégrer")).to_have_attribute("href", f"/integrer{same}")


def test_the_address_is_shown_where_it_cannot_be_copied(open_map: OpenPage) -> None:
    page = open_map("/carte?labas=p:MG")
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('refused')); }")
    page.get_by_role("button", name="Partager").click()
    shown = page.get_by_role("textbox", name="Adresse de cette carte")
    expect(shown).to_be_focused()
    expect(shown).to_have_value(page.url)


def test_links_are_a_table_whose_rows_select(open_map: OpenPage) -> None:
    page = open_map()
    initiatives = page.get_by_role("tab", name="Initiatives")
    initiatives.focus()
    page.keyboard.press("End")
    expect(page.get_by_role("tab", name="Liens")).to_be_focused()
    page.keyboard.press("Home")
    expect(initiatives).to_be_focused()
    page.keyboard.press("ArrowLeft")
    table = page.get_by_role("table")
    expect(table).to_have_accessible_name(re.compile("liens"))
    expect(table.get_by_role("columnheader")).to_have_text(["Ici", "Là-bas", "Initiatives"])
    row = table.get_by_role("button", name="Bretagne et Madagascar : 1 initiative", exact=True)
    row.focus()
    expect(page.locator(".map-canvas--dimmed")).to_have_count(1)
    table.get_by_role("cell", name="Madagascar").first.click()
    expect(page).to_have_url(re.compile("labas=p:MG"))


def test_an_initiative_is_shown_on_the_map_between_its_ends(open_map: OpenPage) -> None:
    page = open_map()
    page.get_by_role("link", name="Voir sur la carte : Mada-Breizh").press("Enter")
    expect(page).to_have_url(re.compile(r"ici=c:29232&labas=v:1069166"))
    expect(heading(page)).to_have_text("Une initiative relie Quimper à Antsirabe.")
    expect(page.locator(".map-item")).to_have_count(1)


def test_the_list_is_reached_past_the_map(open_map: OpenPage) -> None:
    page = open_map("/carte", PHONE)
    skip = page.get_by_role("link", name="Aller à la liste des initiatives")
    skip.focus()
    skip.press("Enter")
    expect(page.locator("[data-sheet]")).to_have_attribute("data-stop", "1")
    expect(page.get_by_role("tab", name="Initiatives")).to_be_focused()


def test_a_list_that_does_not_come_is_told_and_asked_again(open_map: OpenPage) -> None:
    page = open_map()
    page.route("**/carte/liste*", lambda route: route.abort())
    page.locator("#carte-q").fill("Mada-Breizh")
    alert = page.get_by_role("alert").filter(has_text="La liste n’a pas pu être mise à jour")
    expect(alert).to_be_visible()
    page.unroute("**/carte/liste*")
    page.get_by_role("button", name="Réessayer").click()
    expect(page.locator(".map-item")).to_have_count(1)
    expect(alert).to_be_hidden()


def test_links_that_are_late_are_told_while_the_list_goes_on(open_page: OpenPage) -> None:
    page = open_page("/vie-privee")
    held = Held(page, "**/carte/flux*")
    page.goto("/carte?vue=3/20/12")  # the first links of the world come with the page
    expect(page.get_by_role("alert")).to_contain_text("La carte met du temps à répondre")
    page.locator("#carte-q").fill("Mada-Breizh")
    expect(page.locator(".map-item")).to_have_count(1)
    held.let_go()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_an_answer_that_comes_late_does_not_replace_the_last_choice(open_map: OpenPage) -> None:
    page = open_map()
    first = heading(page).inner_text()
    held = Held(page, "**/carte/liste*")
    page.locator("#carte-q").fill("Mada-Breizh")
    expect(page).to_have_url(re.compile("q=Mada"))
    page.wait_for_function("() => document.querySelector('[data-panel=items]').ariaBusy === 'true'")
    page.locator("#carte-q").fill("")
    expect(page).not_to_have_url(re.compile("q=Mada"))
    held.let_go()
    expect(page.locator("[data-panel=items]")).not_to_have_attribute("aria-busy", "true")
    expect(heading(page)).to_have_text(first)
    assert page.locator(".map-item").count() > 2


def test_the_sheet_of_a_phone_follows_the_finger_and_settles(open_map: OpenPage) -> None:
    page = open_map("/carte", PHONE)
    panel = page.locator("[data-sheet]")
    top = "() => document.querySelector('[data-sheet]').getBoundingClientRect().top"
    start = page.evaluate(top)
    page.mouse.move(195, start + 12)
    page.mouse.down()
    page.mouse.move(195, start - 100, steps=4)
    page.wait_for_function(f"start => Math.abs(({top})() - (start - 112)) <= 2", arg=start)
    page.mouse.move(195, start - 200, steps=4)
    page.wait_for_function(f"start => Math.abs(({top})() - (start - 212)) <= 2", arg=start)
    page.mouse.up()
    expect(panel).to_have_attribute("data-stop", "1")
    page.wait_for_function(f"() => Math.abs(innerHeight - ({top})() - 0.46 * (innerHeight - 65)) < 30")


def test_the_field_of_a_phone_rises_above_its_keyboard(open_map: OpenPage) -> None:
    page = open_map("/carte", PHONE)
    page.locator("#carte-q").click()
    expect(page.locator("[data-sheet]")).to_have_attribute("data-stop", "2")
    page.wait_for_function("() => document.querySelector('#carte-q').getBoundingClientRect().bottom < innerHeight / 2")


@SIZES
def test_nothing_jumps_while_the_page_arrives(open_page: OpenPage, size: tuple[int, int]) -> None:
    page = open_page("/vie-privee", size)
    page.add_init_script(
        """window.jumps = [];
        const told = ({ value, sources }) => [value, sources.map(({ node }) => node?.className)];
        new PerformanceObserver((list) => window.jumps.push(...list.getEntries().map(told)))
          .observe({ type: "layout-shift", buffered: true });"""
    )
    page.goto("/carte?secteur=education")
    expect(page.locator("[data-map]")).to_have_attribute("data-ready", "true")
    page.evaluate("document.fonts.ready")
    jumps = page.evaluate("window.jumps")
    assert sum(value for value, _ in jumps) < 0.05, jumps


@SIZES
def test_without_scripts_one_searches_filters_and_turns_the_pages(open_page: OpenPage, size: tuple[int, int]) -> None:
    page = open_page("/carte", size, java_script_enabled=False)
    page.locator("summary", has_text="Filtrer").click()
    page.get_by_label("Là-bas, le pays").select_option("MG")
    page.get_by_role("button", name="Appliquer ces filtres").click()
    expect(page).to_have_url(re.compile("pays=MG"))
    expect(page.locator(".map-item")).to_have_count(2)
    page.locator("#carte-q").fill("Mada-Breizh")
    page.get_by_role("button", name="Chercher").click()
    expect(page).to_have_url(re.compile("q=Mada-Breizh.*pays=MG"))
    page.get_by_role("link", name="Madagascar : retirer ce choix").click()
    expect(page).to_have_url(re.compile(r"\?q=Mada-Breizh$"))
    assert page.locator("html").bounding_box() is not None


@SIZES
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_filters_have_no_known_obstacle(
    open_map: OpenPage, violations: Callable[[Page], list[str]], size: tuple[int, int], scheme: str
) -> None:
    page = open_map("/carte?labas=p:MG&etat=en-cours", size, color_scheme=scheme)
    open_filters(page)
    assert violations(page) == []


@SIZES
def test_the_table_and_the_empty_list_have_no_known_obstacle(
    open_map: OpenPage, violations: Callable[[Page], list[str]], size: tuple[int, int]
) -> None:
    page = open_map("/carte?ici=r:04&labas=p:FJ", size)
    assert violations(page) == []
    page.get_by_role("link", name="Tout revoir").click()
    expect(heading(page)).to_contain_text("relient la France")
    if size == PHONE:
        page.locator("[data-sheet-handle]").click()
    page.get_by_role("tab", name="Liens").click()
    expect(page.get_by_role("table")).to_be_visible()
    assert violations(page) == []
