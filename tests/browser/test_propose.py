"""`/proposer` in a browser: by the keyboard alone, without scripts, without network; light, and open to everybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import LARGE, NARROW, PHONE, LiveServer, OpenPage

SENTENCE = "Deux écoles s’écrivent et se rendent visite."
HEAVIEST = 60_000
"""Bytes of a page with all it needs, compressed, at the first visit."""
MAIN = ".question__foot .button"
REQUIRED = ("summary", "here", "there", "carrier", "email", "main_sector", "stage", "title")
"""What must be answered, the name being proposed: eight answers on six screens."""


def press_on(page: Page, selector: str) -> None:
    """Walk by the Tab key to a control."""
    for _ in range(120):
        if page.evaluate("selector => document.activeElement?.matches(selector) ?? false", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {selector}")


def write(page: Page, selector: str, text: str) -> None:
    press_on(page, selector)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)


def go_on(page: Page, address: str) -> None:
    press_on(page, MAIN)
    page.keyboard.press("Enter")
    page.wait_for_url(address)


def begin(page: Page, sentence: str = SENTENCE) -> None:
    """Question 1, the quick way."""
    page.goto("/proposer")
    page.get_by_label("Votre phrase").fill(sentence)
    page.locator(MAIN).click()
    page.wait_for_url("**/lieux")


def fill_to_the_end(page: Page, email: str = "a.riou@exemple.org") -> None:
    """The nine other questions, the quick way: from the places to « Relire »."""
    page.locator("#here-0-typed").fill("Morlaix")
    page.locator("#there-0-typed").fill("Bamako, Mali")
    page.locator(MAIN).click()
    page.wait_for_url("**/structure")
    page.get_by_label("Nom de la structure ou du collectif").fill("Les Amis du lycée")
    page.get_by_label("Votre adresse électronique").fill(email)
    page.locator(MAIN).click()
    page.wait_for_url("**/partenaire")
    page.get_by_label("Éducation", exact=True).check()
    page.locator(MAIN).click()
    page.wait_for_url("**/histoire")
    page.get_by_label("C’est en cours").check()
    page.locator(MAIN).click()
    page.wait_for_url("**/relire")


def test_ten_questions_are_answered_by_the_keyboard_alone_on_a_phone(open_page: OpenPage) -> None:
    page = open_page("/proposer", PHONE)
    write(page, "#summary", SENTENCE)
    go_on(page, "**/lieux")
    # A suggestion is chosen by the arrows; the other name is read by the server.
    press_on(page, "#here-0-typed")
    page.keyboard.type("Morlai", delay=20)
    expect(page.get_by_role("option").first).to_contain_text("Morlaix")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#here-0-compris")).to_contain_text("Finistère")
    assert page.url.endswith("/lieux"), "Enter on a suggestion chooses it and sends nothing"
    write(page, "#there-0-typed", "Saint-Louis")
    page.keyboard.press("Escape")
    press_on(page, MAIN)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the summary leads to the choice
    press_on(page, "[name='there-0-choice']")
    page.keyboard.press("Space")
    go_on(page, "**/structure")
    write(page, "#carrier", "Les Amis du Vakinankaratra")
    write(page, "#email", "a.riou@exemple.org")
    go_on(page, "**/partenaire")
    write(page, "[name='partners-0-name']", "Lycée Rova")
    press_on(page, "[name='main_sector']")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    go_on(page, "**/histoire")
    write(page, "#since_year", "2015")
    press_on(page, "[name='stage']")
    page.keyboard.press("Space")
    go_on(page, "**/relire")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Relisez")
    expect(page.locator(".preview")).to_contain_text("Sénégal")
    go_on(page, "**/recu")
    expect(page.get_by_role("heading", level=1)).to_have_text("Il reste un geste")
    assert page.evaluate("Object.keys(localStorage)") == []


def test_ten_questions_are_answered_without_scripts(open_page: OpenPage) -> None:
    page = open_page("/proposer", PHONE, java_script_enabled=False)
    page.get_by_label("Votre phrase").fill(SENTENCE)
    page.locator(MAIN).click()
    page.locator("#here-0-typed").fill("pleumeur")
    page.locator("#there-0-typed").fill("Mayotte")
    page.locator(MAIN).click()
    page.get_by_label("1. Pleumeur-Bodou").check()
    page.locator("#there-0-typed").fill("Bamako, Mali")
    page.locator(".end--here").get_by_role("button", name="Ajouter un autre lieu").click()
    page.locator("#here-1-typed").fill("Quimper")
    page.locator(MAIN).click()
    page.get_by_label("Nom de la structure ou du collectif").fill("Les Amis du lycée")
    page.get_by_label("Votre adresse électronique").fill("a.riou@exemple.org")
    page.locator(MAIN).click()
    page.get_by_label("Santé", exact=True).check()
    page.locator(MAIN).click()
    page.get_by_label("C’est en cours").check()
    page.locator(MAIN).click()
    expect(page.locator(".review-list")).to_contain_text("Pleumeur-Bodou")
    expect(page.locator(".review-list")).to_contain_text("Quimper")
    page.get_by_role("button", name="Envoyer au réseau").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Il reste un geste")


def test_enter_in_a_field_goes_on(open_page: OpenPage) -> None:
    page = open_page("/proposer")
    begin(page)
    page.locator("#here-0-typed").fill("Morlaix")
    page.locator("#there-0-typed").fill("Bamako, Mali")
    page.locator("#there-0-typed").press("Enter")
    page.wait_for_url("**/structure")
    expect(page.get_by_label("Nom de la structure ou du collectif")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_double_click_makes_one_initiative(open_page: OpenPage, scripts: bool) -> None:
    page = open_page("/proposer", java_script_enabled=scripts)
    page.get_by_label("Votre phrase").fill(SENTENCE)
    page.locator(MAIN).dblclick()
    page.wait_for_url("**/lieux")
    page.goto("/proposer")
    expect(page.locator(".held__list > li")).to_have_count(1)


def test_the_back_button_and_sending_again_keep_one_draft(open_page: OpenPage) -> None:
    page = open_page("/proposer")
    begin(page)
    page.go_back()
    page.get_by_label("Votre phrase").fill("Deux chorales.")
    page.locator(MAIN).click()
    page.wait_for_url("**/lieux")
    page.goto("/proposer")
    assert page.locator(".held__words").all_text_contents()[0] == "Deux chorales."


# What is typed stays


def test_a_closed_tab_loses_nothing(open_page: OpenPage, live_server: LiveServer) -> None:
    page = open_page("/proposer")
    begin(page)
    page.goto(page.url.replace("lieux", "structure"))
    address = page.url
    page.get_by_label("Nom de la structure ou du collectif").press_sequentially("Les Amis du soir")
    page.wait_for_timeout(500)
    page.close(run_before_unload=False)
    again = page.context.new_page()
    again.goto(address)
    expect(again.get_by_label("Nom de la structure ou du collectif")).to_have_value("Les Amis du soir")
    expect(again.locator("[data-kept]")).to_contain_text("est revenu")


def test_a_lost_network_keeps_what_is_typed_and_sends_it_when_it_comes_back(open_page: OpenPage) -> None:
    page = open_page("/proposer")
    begin(page)
    page.goto(page.url.replace("lieux", "structure"))
    page.context.set_offline(True)
    page.get_by_label("Nom de la structure ou du collectif").fill("Les Amis du tunnel")
    page.get_by_label("Votre adresse électronique").fill("b.riou@exemple.org")
    page.locator(MAIN).click()
    expect(page.locator("[data-kept]")).to_contain_text("Pas de réseau")
    assert page.url.endswith("/structure")
    page.wait_for_timeout(1100)  # a second press within a second is taken for a double click
    page.context.set_offline(False)
    page.wait_for_url("**/partenaire")
    page.goto(page.url.replace("partenaire", "structure"))
    expect(page.get_by_label("Nom de la structure ou du collectif")).to_have_value("Les Amis du tunnel")
    assert page.evaluate("Object.keys(localStorage)") == []


def test_what_this_device_keeps_can_be_erased_and_is_erased_in_time(open_page: OpenPage) -> None:
    page = open_page("/proposer")
    begin(page)
    page.goto(page.url.replace("lieux", "structure"))
    field = page.get_by_label("Nom de la structure ou du collectif")
    field.press_sequentially("Les Amis du bar")
    page.wait_for_timeout(500)
    page.reload()
    page.get_by_role("button", name="Effacer ce brouillon de cet appareil").click()
    assert page.evaluate("Object.keys(localStorage)") == []
    field.press_sequentially(" encore")
    page.goto("/proposer")  # leaving keeps too
    assert len(page.evaluate("Object.keys(localStorage)")) == 1
    page.evaluate(
        """() => { for (const key of Object.keys(localStorage)) {
            const entry = JSON.parse(localStorage[key]); entry.at -= 8 * 24 * 3600e3;
            localStorage[key] = JSON.stringify(entry); } }"""
    )
    page.reload()
    assert page.evaluate("Object.keys(localStorage)") == []


# Light, and open to everybody


def weight(page: Page, address: str) -> int:
    """Bytes that the network carries for a page opened for the first time."""
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    client.send("Network.setCacheDisabled", {"cacheDisabled": True})
    carried = 0

    def add(event: dict[str, Any]) -> None:
        nonlocal carried
        carried += int(event["encodedDataLength"])

    client.on("Network.loadingFinished", add)
    page.goto(address, wait_until="networkidle")
    client.detach()
    return carried


def test_no_screen_weighs_more_than_sixty_kilobytes(open_page: OpenPage) -> None:
    page = open_page("/proposer")
    begin(page)
    base = page.url.removesuffix("/lieux")
    fill_to_the_end(page)
    weights = {"/proposer": weight(page, "/proposer")}
    for slug in ("ensemble", "lieux", "structure", "partenaire", "histoire", "relire"):
        weights[slug] = weight(page, f"{base}/{slug}")
    assert {slug: bytes for slug, bytes in weights.items() if bytes > HEAVIEST} == {}


@pytest.mark.parametrize("size", [LARGE, PHONE], ids=["large", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_state_has_a_known_obstacle(
    open_page: OpenPage, violations: Callable[[Page], list[str]], size: tuple[int, int], scheme: str
) -> None:
    page = open_page("/proposer", size, color_scheme=scheme)
    found = {"empty": violations(page)}
    page.locator(MAIN).click()
    found["error"] = violations(page)
    begin(page)
    found["places"] = violations(page)
    page.locator("#here-0-typed").fill("pleumeur")
    page.locator("#there-0-typed").fill("Mayotte")
    page.locator(MAIN).click()
    found["choice"] = violations(page)
    base = page.url.removesuffix("/lieux")
    for slug in ("structure", "partenaire", "histoire"):
        page.goto(f"{base}/{slug}")
        found[slug] = violations(page)
        page.locator(MAIN).click()
        found[f"{slug}, error"] = violations(page)
    page.goto(f"{base}/relire")
    found["relire, missing"] = violations(page)
    page.goto(f"{base}/lieux")
    fill_to_the_end(page)
    page.get_by_text("Voir la fiche entière").click()
    found["relire"] = violations(page)
    page.locator(MAIN).click()
    page.wait_for_url("**/recu")
    found["sent"] = violations(page)
    page.goto("/proposer/lien/perime")
    found["expired"] = violations(page)
    page.goto("/proposer?garde=1")
    found["kept"] = violations(page)
    assert {state: faults for state, faults in found.items() if faults} == {}


def test_nothing_scrolls_sideways_on_a_narrow_screen(open_page: OpenPage) -> None:
    page = open_page("/proposer", NARROW)
    begin(page, "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch" * 4)
    fill_to_the_end(page)
    page.get_by_text("Voir la fiche entière").click()
    base = page.url.removesuffix("/relire")
    for slug in ("relire", "ensemble", "lieux", "structure", "partenaire", "histoire"):
        if slug != "relire":
            page.goto(f"{base}/{slug}")
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0], slug


def test_targets_are_large_enough_for_a_finger(open_page: OpenPage) -> None:
    page = open_page("/proposer", PHONE)
    begin(page)
    base = page.url.removesuffix("/lieux")
    for slug in ("lieux", "structure", "partenaire", "histoire", "relire"):
        page.goto(f"{base}/{slug}")
        small = page.evaluate(
            """[...document.querySelectorAll('main button, main .input, main .choice, main summary, main .onward')]
            .filter(e => e.offsetParent && !e.matches('.visually-hidden') && e.getBoundingClientRect().height < 44)
            .map(e => e.outerHTML.slice(0, 80))"""
        )
        assert small == [], slug


def test_public_pages_stay_without_cookie(open_page: OpenPage) -> None:
    page = open_page("/")
    context: BrowserContext = page.context
    page.goto("/initiatives")
    assert context.cookies() == []
    begin(page)
    assert {cookie["name"] for cookie in context.cookies()} == {"brouillon", "session"}
