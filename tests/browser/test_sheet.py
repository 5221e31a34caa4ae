"""A sheet in a browser: whole on one page of paper however long it is, its code there, its files within reach."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from directory.initiatives.content import AnchorContent, OrganisationContent, PartnerContent, SourceContent
from directory.initiatives.rules import LIMITS, MAX_CARRIERS, MAX_HERE, MAX_PARTNERS, MAX_THERE
from directory.initiatives.vocabulary import Agreement, Origin
from tests.browser.conftest import LARGE, PHONE, LiveServer, OpenPage, made_site
from tests.factories import ANTSIRABE, MORLAIX, QUIMPER, make_initiative

WORDS = "Les élèves des deux écoles préparent ensemble une exposition sur l’eau des rivières. "
A4 = (688, 1024)
"""What print.css leaves between its margins, in CSS pixels."""
DPI = 96 / 25.4


def _text(length: int) -> str:
    """So many characters of sentences, in paragraphs of some lines."""
    return "\n\n".join([WORDS * 4] * (length // (len(WORDS) * 4) + 1))[:length].rstrip()


def _places(anchor: AnchorContent, number: int) -> tuple[AnchorContent, ...]:
    name = f"{anchor.name}, un lieu au nom si long qu’il ne tient pas sur une ligne"
    return tuple(replace(anchor, label=f"{name} {at}", lat=anchor.lat + at / 100) for at in range(number))


@pytest.fixture(scope="module")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A site with a short sheet, a middling one, the longest there may be, and one that a source tells."""
    with made_site(tmp_path_factory.mktemp("sheets"), _publish) as site:
        yield site


def _publish(session: Session) -> dict[str, str]:
    name, story = LIMITS["name"], LIMITS["story"]
    make_initiative(session, title="Mada-Breizh", here=(QUIMPER,), there=(ANTSIRABE,), needs=("benevoles", "conseil"))
    make_initiative(session, title="Moyenne", description=_text(1800), meeting=_text(500), change_here=_text(700))
    make_initiative(
        session,
        title=("La plus longue des fiches " * 9)[: LIMITS["title"]].strip(),
        summary=_text(LIMITS["summary"]).replace("\n\n", " "),
        description=_text(LIMITS["description"]),
        meeting=_text(story),
        change_here=_text(story),
        change_there=_text(story),
        here=_places(MORLAIX, MAX_HERE),
        there=_places(ANTSIRABE, MAX_THERE),
        carriers=tuple(OrganisationContent(f"{at} {'Association ' * 30}"[:name].strip()) for at in range(MAX_CARRIERS)),
        partners=tuple(
            PartnerContent(f"{at} {'Partenaire ' * 30}"[:name].strip(), agreement=Agreement.YES)
            for at in range(MAX_PARTNERS)
        ),
        goals=(1, 2, 3),
        publics=("enfants", "jeunes", "femmes", "aines", "diasporas"),
    )
    make_initiative(
        session,
        title="D’après une page",
        description="",
        partners=(),
        origin=Origin.PUBLIC_SOURCE,
        sources=(SourceContent("Page de l’association", "https://example.org/page"),),
    )
    return {}


ADDRESSES = (
    "/initiatives/mada-breizh",
    "/initiatives/moyenne",
    "/initiatives/la-plus-longue-des-fiches-la-plus-longue-des-fiches-la-plus-longue-des-fiches-la",
    "/initiatives/d-apres-une-page",
)
LONGEST = ADDRESSES[2]


def printed(page: Page) -> Page:
    """The page as paper shows it, its pictures there."""
    page.set_viewport_size({"width": A4[0], "height": A4[1]})
    page.emulate_media(media="print")
    code = page.locator(".sheet__qr")
    code.scroll_into_view_if_needed()
    expect(code).to_have_js_property("complete", True)
    page.wait_for_function("document.querySelector('.sheet__qr').naturalWidth > 0")
    page.evaluate("document.fonts.ready")
    return page


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_sheet_is_one_page_of_paper(open_page: OpenPage, address: str) -> None:
    document = open_page(address).pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", document)) == 1


@pytest.mark.parametrize("address", ADDRESSES)
def test_paper_cuts_no_line_and_loses_no_word_that_it_keeps(open_page: OpenPage, address: str) -> None:
    page = printed(open_page(address))
    told = page.locator(".sheet__story")
    if told.is_visible():
        width, room = told.evaluate("element => [element.scrollWidth, element.clientWidth]")
        assert width <= room + 1, "the story makes a third column"
    box = page.locator(".sheet__paper").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 271 * DPI
    for part in (".sheet__title", ".sentence", ".diptych", ".sheet__map .picture", ".sheet__actors", ".sheet__qr"):
        expect(page.locator(part).first).to_be_visible()
    expect(page.locator(".masthead")).to_be_hidden()
    expect(page.locator(".sheet__similar")).to_be_hidden()


def test_a_long_story_says_that_it_goes_on_and_where(open_page: OpenPage) -> None:
    page = printed(open_page(LONGEST))
    expect(page.locator(".sheet__address")).to_contain_text("La suite de ce récit est sur le site")
    expect(page.locator(".sheet__address")).to_contain_text("/initiatives/la-plus-longue")
    expect(page.locator(".sheet__story .paper-only").first).to_be_visible()


def test_a_screen_shows_the_whole_story_and_no_part_of_the_paper(open_page: OpenPage) -> None:
    page = open_page(LONGEST)
    expect(page.locator(".sheet__paper")).to_be_hidden()
    assert page.locator(".sheet__story .paper-only:visible").count() == 0
    shown = page.locator("#recit + div").inner_text()
    assert len(re.sub(r"\s", "", shown)) == len(re.sub(r"\s", "", _text(LIMITS["description"])))


@pytest.mark.parametrize("size", [LARGE, PHONE, (320, 640)])
@pytest.mark.parametrize("address", [ADDRESSES[0], LONGEST, f"{ADDRESSES[0]}/raconter"])
def test_a_sheet_has_no_known_obstacle_and_never_scrolls_sideways(
    open_page: OpenPage, violations: Callable[[Page], list[str]], address: str, size: tuple[int, int]
) -> None:
    page = open_page(address, size)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


@pytest.mark.parametrize("address", [ADDRESSES[0], f"{ADDRESSES[0]}/raconter"])
def test_in_the_dark_nothing_is_lost(
    open_page: OpenPage, violations: Callable[[Page], list[str]], address: str
) -> None:
    assert violations(open_page(address, color_scheme="dark")) == []


def test_the_keyboard_alone_brings_a_file(open_page: OpenPage) -> None:
    page = open_page(ADDRESSES[0], java_script_enabled=False)
    page.get_by_role("link", name="Racontez une fois").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Racontez une fois")
    mairie = page.locator(".reader", has_text="Une mairie").get_by_role("link", name="Word")
    mairie.focus()
    with page.expect_download() as waited:
        page.keyboard.press("Enter")
    assert waited.value.suggested_filename == "mada-breizh-mairie.docx"


def test_without_scripts_a_sheet_says_everything(open_page: OpenPage) -> None:
    page = open_page(ADDRESSES[0], java_script_enabled=False)
    for name in ("Fil d’Ariane",):
        expect(page.get_by_role("navigation", name=name)).to_be_visible()
    for heading in (
        "Qui fait quoi",
        "Ce qu’elle cherche en ce moment",
        "La dernière réponse de chaque bout",
        "Qui d’autre",
    ):
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
    expect(page.locator(".sheet__map .picture")).to_be_visible()
