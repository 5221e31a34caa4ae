"""From « Raconter une initiative » to the sheet on the map, through the mails: the real server, the real worker.

Once by the keyboard alone on a phone, once without scripts. Nothing is stubbed: gunicorn serves, the worker writes the
mails in the outbox, each link is followed as it was mailed, limits and the traps for robots are on.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE
from tests.serving import CURATOR, PASSWORD, Site, new_site

READ_SECONDS = 3.2
"""What somebody takes at least to read the first page: robots are quicker."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site and its worker, running."""
    with new_site(tmp_path_factory.mktemp("path")) as site:
        site.start("server")
        site.start("worker")
        yield site


def reach(page: Page, selector: str) -> None:
    """Walk by the Tab key to a control."""
    for _ in range(150):
        if page.evaluate("selector => document.activeElement?.matches(selector) ?? false", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {selector}")


def write(page: Page, selector: str, text: str) -> None:
    """Walk to a field and type."""
    reach(page, selector)
    page.keyboard.type(text)


def press(page: Page, selector: str) -> None:
    """Walk to a button and press it; the next page is there when this returns."""
    reach(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def tick(page: Page, selector: str) -> None:
    """Walk to a radio group and take the option that is reached."""
    reach(page, selector)
    page.keyboard.press("Space")


NEXT = ".question__foot .button"


def tell(page: Page, name: str, address: str) -> int:
    """Answer the ten questions by the keyboard; returns how many screens were seen, the last one being « Relire »."""
    page.goto("/proposer")
    page.wait_for_timeout(READ_SECONDS * 1000)
    write(page, "#summary", "Deux lycées s’écrivent et se rendent visite.")
    press(page, NEXT)
    write(page, "#here-0-typed", "Morlaix")
    page.keyboard.press("Escape")
    write(page, "#there-0-typed", "Bamako, Mali")
    page.keyboard.press("Escape")
    press(page, NEXT)
    write(page, "#carrier", "Les Amis du lycée")
    write(page, "#email", address)
    press(page, NEXT)
    write(page, "[name='partners-0-name']", "Lycée Askia")
    tick(page, "[name='partners-0-agreement']")
    tick(page, "[name='main_sector']")
    press(page, NEXT)
    write(page, "#since_year", "2015")
    tick(page, "[name='stage']")
    reach(page, "#title")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(name)
    press(page, NEXT)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Relisez")
    return 6


@pytest.mark.timeout(300)
@pytest.mark.parametrize("scripts", [True, False], ids=["keyboard alone", "without scripts"])
def test_an_association_tells_a_network_publishes_a_citizen_finds(browser: Browser, site: Site, scripts: bool) -> None:
    name = "Deux lycées" if scripts else "Deux lycées sans script"
    author = f"a.riou{1 if scripts else 2}@exemple.org"
    options = {
        "base_url": site.url,
        "viewport": {"width": PHONE[0], "height": PHONE[1]},
        "locale": "fr-FR",
        "java_script_enabled": scripts,
    }
    here, desk, anybody = (browser.new_context(**options) for _ in range(3))  # type: ignore[arg-type]
    for context in (here, desk, anybody):
        context.set_default_timeout(40_000)
    page = here.new_page()

    assert tell(page, name, author) == 6
    press(page, NEXT)
    expect(page.get_by_role("heading", level=1)).to_have_text("Il reste un geste")
    elsewhere = browser.new_context(**options).new_page()  # type: ignore[arg-type]  # another device
    elsewhere.goto(site.mail(author, "onfirme"))
    press(elsewhere, "main button[type=submit]")
    expect(elsewhere.locator("main")).to_contain_text("Réseau Bretagne Solidaire")
    elsewhere.goto("/mon-espace")
    expect(elsewhere.locator("main")).to_contain_text(name)

    curator = desk.new_page()
    curator.goto(site.mail(CURATOR, f"« {name} »"))
    write(curator, "#email", CURATOR)
    write(curator, "#password", PASSWORD)
    press(curator, "main form button[type=submit]")
    expect(curator.get_by_role("heading", level=1)).to_contain_text(name)
    expect(curator.locator("main")).to_contain_text("sous vigilance")
    press(curator, "[name=decision][value=publier]")
    expect(curator.get_by_role("status")).to_contain_text("La fiche est en ligne")

    page.goto(site.mail(author, "en ligne"))
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.locator("main")).to_contain_text("Morlaix")
    expect(page.locator("main")).to_contain_text("Mali")
    expect(page.locator("main")).not_to_contain_text("Bamako")

    citizen = anybody.new_page()
    citizen.goto("/carte?ici=c:29151")
    expect(citizen.get_by_role("link", name=name, exact=True, include_hidden=True)).to_be_attached()
    for context in (here, desk, anybody, elsewhere.context):
        context.close()
