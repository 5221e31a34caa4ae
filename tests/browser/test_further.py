"""Places in the form, with a provider on this machine: looking further, several in a field, softly asked; everywhere.

Each walk is done with and without scripts, on a phone and on a large screen.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic import command
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from directory.core.database import make_engine
from directory.networks import operations as networks
from directory.reference import operations as reference
from tests.browser.conftest import LARGE, PHONE, LiveServer, OpenPage, served
from tests.browser.test_propose import MAIN, begin
from tests.conftest import ROOT, migration_config

pytestmark = pytest.mark.skipif(not os.environ.get("DIRECTORY_GAZETTEER"), reason="the gazetteer was not built")

WAYS = [
    pytest.param(PHONE, True, id="phone"),
    pytest.param(PHONE, False, id="phone, no scripts"),
    pytest.param(LARGE, True, id="large"),
    pytest.param(LARGE, False, id="large, no scripts"),
]
SLOW = 20_000
"""Milliseconds for an answer that waits for its turn, on a machine that does other things."""


@pytest.fixture(scope="module")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A site of its own, that may look further."""
    folder: Path = tmp_path_factory.mktemp("further")
    url = f"sqlite:///{folder / 'live.sqlite'}"
    command.upgrade(migration_config(url), "head")
    engine = make_engine(url)
    with Session(engine) as session, session.begin():
        reference.load(session, ROOT / "data")
        networks.load(session, ROOT / "data")
    engine.dispose()
    with served("tests.browser.serve_further", url, str(folder), folder=folder) as address:
        yield LiveServer(address)


def places(open_page: OpenPage, size: tuple[int, int] = LARGE, *, scripts: bool = True) -> Page:
    """The step of places of a new draft."""
    page = open_page("/proposer", size, java_script_enabled=scripts)
    begin(page)
    return page


def type_in(page: Page, here: str, there: str) -> None:
    """Both ends, as somebody types them who chooses no suggestion."""
    page.locator("#here-0-typed").fill(here)
    page.locator("#there-0-typed").fill(there)
    page.locator("#there-0-typed").press("Escape")


def ask(page: Page, here: str, there: str) -> None:
    """Both ends, then « Continuer », for a page that comes back with something to say."""
    type_in(page, here, there)
    page.locator(MAIN).click()
    expect(page.locator(".message--asking").first).to_be_visible()


def look_further(page: Page, at: str = "there-0") -> None:
    page.locator(f"#{at} [data-further] button").click()


# Looking further


@pytest.mark.parametrize(("size", "scripts"), WAYS)
def test_a_village_that_no_package_knows_is_found_further_and_chosen(
    open_page: OpenPage, size: tuple[int, int], scripts: bool
) -> None:
    page = places(open_page, size, scripts=scripts)
    ask(page, "Morlaix", "Konna (Mali)")
    look_further(page)
    found = page.get_by_role("radio", name=re.compile("Konna"))
    expect(found).to_be_visible(timeout=SLOW)
    expect(page.locator("#there-0")).to_contain_text("Photon, d’après OpenStreetMap)")
    expect(page.locator("#there-0")).to_contain_text("Un lieu trouvé en ligne.")
    expect(page.locator("#here-0-typed")).to_have_value("Morlaix")
    found.check()
    page.locator(MAIN).click()
    page.wait_for_url("**/structure")
    page.goto(page.url.replace("structure", "lieux"))
    expect(page.locator("#there-0-compris")).to_contain_text("Konna, Mopti, Mali")
    expect(page.locator("#there-0-compris")).to_contain_text("trouvé en ligne (Photon, d’après OpenStreetMap)")


def test_looking_further_before_going_on_adds_choices_under_the_field(open_page: OpenPage) -> None:
    page = places(open_page, PHONE)
    button = page.locator("#there-0 [data-further] button")
    expect(button).to_be_hidden()
    type_in(page, "Morlaix", "Konna, cercle de Mopti")
    expect(button).to_be_visible()
    button.click()
    expect(page.get_by_role("radio", name=re.compile("Konna"))).to_be_visible(timeout=SLOW)
    page.locator("#there-0-typed").press_sequentially("x")
    expect(page.get_by_role("radio", name=re.compile("Konna"))).to_have_count(0)  # found for other words


def test_the_last_line_of_the_suggestions_leads_further_by_the_keyboard(open_page: OpenPage) -> None:
    page = places(open_page)
    page.locator("#there-0-typed").press_sequentially("Kaye")
    expect(page.get_by_role("option").last).to_contain_text("Pas dans la liste ?")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator("#there-0 [data-further] button")).to_be_focused()
    expect(page.locator("#there-0 [role=listbox]")).to_be_hidden()
    expect(page.locator("#there-0 summary").first).to_have_text("Placer le repère")
    assert page.url.endswith("/lieux")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_provider_that_does_not_answer_is_said_and_the_form_goes_on(open_page: OpenPage, scripts: bool) -> None:
    page = places(open_page, PHONE, scripts=scripts)
    ask(page, "Morlaix", "Panne, Mali")
    look_further(page)
    expect(page.locator("#there-0")).to_contain_text("La recherche en ligne ne répond pas", timeout=SLOW)
    page.get_by_role("radio", name=re.compile("Mali")).first.check()
    page.locator(MAIN).click()
    page.wait_for_url("**/structure")


def test_a_lost_network_is_said_too(open_page: OpenPage) -> None:
    page = places(open_page, PHONE)
    type_in(page, "Morlaix", "Konna (Mali)")
    page.context.set_offline(True)
    look_further(page)
    expect(page.locator("#there-0 .further__said")).to_contain_text("ne répond pas")
    page.context.set_offline(False)


# Several places in one field


@pytest.mark.parametrize(("size", "scripts"), WAYS)
def test_two_places_in_a_field_become_two_lines(open_page: OpenPage, size: tuple[int, int], scripts: bool) -> None:
    page = places(open_page, size, scripts=scripts)
    ask(page, "Brest et Quimper", "Syrie / Liban")
    expect(page.get_by_role("status").filter(has_text="compris quatre lieux")).to_contain_text(
        re.compile(r"Nous avons compris quatre lieux\s: Brest, Quimper, Syrie et Liban\.")
    )
    expect(page.locator("#there-1-typed")).to_have_value("Liban")
    expect(page.locator("#here-1-compris")).to_contain_text("Quimper, Finistère")
    page.locator(MAIN).click()
    page.wait_for_url("**/structure")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_each_doubtful_place_of_a_list_is_chosen_apart(open_page: OpenPage, scripts: bool) -> None:
    page = places(open_page, PHONE, scripts=scripts)
    ask(page, "Saint-Pierre-et-Miquelon", "Kayes et Ségou")
    expect(page.locator("#here-1-typed")).to_have_count(0)
    for at, name in (("there-0", "Kayes"), ("there-1", "Ségou")):
        page.locator(f"#{at}").get_by_role("radio", name=re.compile(f"{name} Région de {name}, Mali")).check()
    page.locator(MAIN).click()
    page.wait_for_url("**/structure")


# Softly asked, precisely told


@pytest.mark.parametrize(("size", "scripts"), WAYS)
def test_look_alikes_are_a_question_and_not_an_error(open_page: OpenPage, size: tuple[int, int], scripts: bool) -> None:
    page = places(open_page, size, scripts=scripts)
    ask(page, "pleumeur", "Bamako, Mali")
    expect(page.locator(".message--error, .field--error, [aria-invalid]")).to_have_count(0)
    asked = page.locator(".message--asking")
    expect(asked).to_have_attribute("role", "alert")
    if scripts:
        expect(asked).to_be_focused()
    expect(page.get_by_role("group", name="Lequel")).to_contain_text(re.compile("Quatre lieux ressemblent"))
    expect(page).to_have_title(re.compile("À préciser"))
    page.locator(MAIN).click()  # nothing is sent on without a choice
    expect(page.locator(".message--asking")).to_be_visible()
    assert page.url.endswith("/lieux")


def test_what_is_wrong_stays_red_beside_what_is_asked(open_page: OpenPage) -> None:
    page = places(open_page)
    page.locator("#here-0-typed").fill("pleumeur")
    page.locator("#here-0-typed").press("Escape")
    page.locator(MAIN).click()
    expect(page.locator(".message--error")).to_be_focused()
    expect(page.locator(".message--error")).to_contain_text("Dites où, là-bas")
    expect(page.locator(".message--asking")).to_contain_text("pleumeur")
    expect(page.locator(".field--error")).to_have_count(1)


@pytest.mark.parametrize("typed", ["pleumeur-bodou", "PLEUMEUR BODOU", "Pleumeur   Bodou", "pleumeur bôdou"])
def test_accents_and_case_are_as_one_likes(open_page: OpenPage, typed: str) -> None:
    page = places(open_page, PHONE)
    page.locator("#here-0-typed").press_sequentially(typed)
    first = page.get_by_role("option").first
    expect(first).to_contain_text("Pleumeur-Bodou")
    expect(first).to_contain_text(re.compile(r"commune, Côtes-d’Armor · 3.\d{3} habitants"))


def test_a_finger_chooses_a_suggestion(open_page: OpenPage) -> None:
    page = open_page("/proposer", PHONE, has_touch=True, is_mobile=True)
    begin(page)
    page.locator("#there-0-typed").tap()
    page.locator("#there-0-typed").press_sequentially("segou")
    option = page.get_by_role("option").filter(has_text="ville, Région de Ségou, Mali")
    expect(option).to_be_visible()
    height = option.evaluate("element => element.getBoundingClientRect().height")
    assert height >= 44
    option.tap()
    expect(page.locator("#there-0-compris")).to_contain_text("Ségou, Région de Ségou, Mali")
    expect(page.locator("#there-0-typed")).to_have_value("Ségou")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_place_of_no_list_is_put_by_its_pin(open_page: OpenPage, scripts: bool) -> None:
    page = places(open_page, PHONE, scripts=scripts)
    ask(page, "Morlaix", "Ouonck, Sénégal")
    page.get_by_label("Aucune de ces propositions").check()
    line = page.locator("#there-0")
    line.locator("summary").first.click()
    line.get_by_label("Latitude").fill("12.9")
    line.get_by_label("Longitude").fill("-16.05")
    page.locator(MAIN).click()
    page.wait_for_url("**/structure")
    page.goto(page.url.replace("structure", "lieux"))
    expect(page.locator("#there-0-compris")).to_contain_text("repère placé à la main")
    expect(page.locator("#here-0-compris")).to_contain_text("placé sur le centre de la commune")


@pytest.mark.parametrize("size", [LARGE, PHONE], ids=["large", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_state_of_the_places_has_a_known_obstacle(
    open_page: OpenPage, violations: Callable[[Page], list[str]], size: tuple[int, int], scheme: str
) -> None:
    page = open_page("/proposer", size, color_scheme=scheme)
    begin(page)
    page.locator("#there-0-typed").press_sequentially("Kaye")
    expect(page.get_by_role("option").last).to_be_visible()
    found = {"suggestions": violations(page)}
    ask(page, "Brest et Quimper", "Konna (Mali)")
    found["asked"] = violations(page)
    look_further(page)
    expect(page.get_by_role("radio", name=re.compile("Konna"))).to_be_visible(timeout=SLOW)
    found["found further"] = violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert {state: faults for state, faults in found.items() if faults} == {}
