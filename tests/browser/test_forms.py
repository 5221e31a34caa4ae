"""What every form stands on, in a real browser: focus on the summary, links to the fields, nothing lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, PHONE, OpenPage

REGISTER = "/compte/inscription"
SIGN_IN = "/compte/connexion"
FIRST = "/proposer"
THEMES: list[dict[str, str]] = [
    {"color_scheme": "light"},
    {"color_scheme": "dark"},
    {"forced_colors": "active"},
]


def refused(page: Page) -> Page:
    """The same page, once it was sent empty by the keyboard alone."""
    page.locator("main form").first.evaluate("form => form.noValidate = true")
    page.locator("main form .input").first.focus()
    page.keyboard.press("Tab")
    button = page.locator("main form button[type=submit]").last
    for _ in range(20):
        if button.evaluate("button => button === document.activeElement"):
            break
        page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    return page


@pytest.mark.parametrize("address", [REGISTER, SIGN_IN, FIRST])
def test_the_focus_goes_to_the_summary_then_to_the_field(open_page: OpenPage, address: str) -> None:
    page = refused(open_page(address, PHONE))
    summary = page.locator(".message--error[data-focus]")
    expect(summary).to_be_focused()
    expect(summary).to_be_in_viewport()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[aria-invalid=true]").first).to_be_focused()


@pytest.mark.parametrize("theme", THEMES, ids=["light", "dark", "high contrast"])
@pytest.mark.parametrize("address", [REGISTER, SIGN_IN, FIRST])
def test_axe_finds_nothing_on_a_form_before_and_after_a_refusal(
    open_page: OpenPage, violations: Callable[[Page], list[str]], address: str, theme: dict[str, str]
) -> None:
    page = open_page(address, PHONE, **theme)
    assert violations(page) == []
    assert violations(refused(page)) == []


@pytest.mark.parametrize("address", [REGISTER, SIGN_IN, FIRST])
def test_a_refused_form_holds_in_a_narrow_screen_and_its_targets_are_large(open_page: OpenPage, address: str) -> None:
    page = refused(open_page(address, NARROW))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    small = page.locator("main form :is(.input, button, .choice)").evaluate_all(
        "found => found.map(one => one.getBoundingClientRect()).filter(box => box.width && box.height < 44).length"
    )
    assert small == 0


def test_a_page_whose_session_is_over_is_sent_again_by_one_button(
    open_page: OpenPage, violations: Callable[[Page], list[str]]
) -> None:
    page = open_page(FIRST, PHONE)
    page.get_by_role("textbox").first.fill("Nous trions des lunettes avec le collège d’à côté.")
    page.context.clear_cookies()
    page.locator("main form button[type=submit]").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Encore un clic")
    expect(page.get_by_text("Nous trions des lunettes")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Renvoyer").click()
    expect(page).not_to_have_url(FIRST)
    assert page.url.endswith("/lieux")


def test_a_double_click_sends_once(open_page: OpenPage) -> None:
    page = open_page(SIGN_IN, PHONE)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.get_by_label("Votre adresse électronique").fill("nom@exemple.org")
    page.get_by_label("Votre mot de passe").fill("une barque sans rame")
    page.locator("main form button[type=submit]").last.dblclick()
    expect(page.locator(".message--error")).to_be_visible()
    assert len(sent) == 1


def test_nobody_meets_the_field_of_robots(open_page: OpenPage) -> None:
    page = open_page(REGISTER, PHONE)
    trap = page.locator("input[name=site]")
    assert trap.evaluate("field => field.tabIndex") == -1
    box = page.locator(".trap").bounding_box()
    assert box is not None
    assert box["width"] <= 1
    assert page.get_by_role("textbox").count() == 1


@pytest.mark.parametrize("address", [REGISTER, SIGN_IN, FIRST])
def test_without_scripts_a_refusal_says_the_same(open_page: OpenPage, address: str) -> None:
    page = open_page(address, PHONE, java_script_enabled=False)
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator(".message--error")).to_be_visible()
    expect(page.locator(".message--error")).to_be_focused()
