"""The desk in a real browser: telephone, keyboard alone, no script, axe in every state, a look that nothing leaks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from alembic import command
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Environment, Settings
from directory import create_app
from directory.accounts import operations as accounts
from directory.accounts.models import Account
from directory.contributions import operations as contributions
from directory.contributions.permissions import Holder
from directory.initiatives.content import OrganisationContent, PartnerContent
from directory.initiatives.models import Revision
from directory.initiatives.vocabulary import Agreement
from directory.networks import operations as networks
from directory.reference import operations as reference
from directory.reviews.models import Review
from tests.browser.conftest import HOSTILE, LARGE, NARROW, PHONE, LiveServer, OpenPage, served
from tests.conftest import ROOT, migration_config
from tests.factories import (
    ANTSIRABE,
    BORDEAUX,
    MORLAIX,
    QUIMPER,
    SEGOU,
    make_account,
    make_content,
    make_initiative,
    make_review,
)

PASSWORD = "trois chorales et un four"
SECRET = "Zk3-q9Xv7Lm2Tn8Rb5Wc1Yd6Hf4Jg0Ps"
BRETAGNE, AQUITAINE, NATIONAL = "reseau-bretagne-solidaire", "so-cooperation", "file-nationale"


@pytest.fixture(scope="module")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """What waits for a curator of Bretagne; another who has nothing to read; reviews by their name."""
    folder = tmp_path_factory.mktemp("desk")
    url = f"sqlite:///{folder / 'desk.sqlite'}"
    command.upgrade(migration_config(url), "head")
    app = create_app(Settings(environment=Environment.TEST, instance=folder, database_url=url, secret_key=SECRET))
    with app.app_context(), app.extensions["sessions"]() as session:
        reference.load(session, ROOT / "data")
        networks.load(session, ROOT / "data")
        session.commit()
        numbers = {name: str(review.id) for name, review in _send(session).items()}
        for network in (BRETAGNE, NATIONAL):
            curator = make_account(session, curates=network)
            curator.email = f"{network}@exemple.org"
            accounts.give_first_password(session, curator, PASSWORD)
        session.commit()
    app.extensions["engine"].dispose()
    with served("tests.browser.serve", url, str(folder), SECRET, folder=folder) as address:
        yield LiveServer(address, numbers)


def _send(session: Session) -> dict[str, Review]:
    optique = (OrganisationContent("Les lunettes de Pleumeur", "association"),)
    pleumeur = make_content(
        title="Les lunettes de Pleumeur",
        summary="Des lunettes réparées ici servent là-bas, et l’atelier s’y apprend.",
        carriers=optique,
        there=(ANTSIRABE,),
        partners=(PartnerContent("Atelier d’optique", agreement=Agreement.NOT_ASKED),),
        since_year=None,
    )
    published, other = (
        make_initiative(session, title=title, there=(ANTSIRABE,), carriers=optique)
        for title in ("Saint-Brieuc et Antsirabe", "Une chorale d’ici et de là-bas")
    )
    hostile = make_content(
        title=HOSTILE[1],
        summary=HOSTILE[0],
        carriers=(OrganisationContent(HOSTILE[2]),),
        here=(replace(MORLAIX, label=HOSTILE[3], verdict="probable"),),
        partners=(PartnerContent(HOSTILE[7], agreement=Agreement.YES),),
    )
    return {
        "first": make_review(session, pleumeur),
        "asked": make_review(session, replace(pleumeur, title="Une autre paire")),
        "declined": make_review(session, make_content(title="Un séjour", here=(QUIMPER,))),
        "watched": make_review(session, make_content(title="Chorales", summary="On chante.", there=(SEGOU,))),
        "shared": make_review(session, make_content(title="Deux ports", here=(QUIMPER, BORDEAUX))),
        "hostile": make_review(session, hostile),
        "change": _change(session, published.id),
        "compared": _change(session, other.id),
        "kept": make_review(session, make_content(title="Le four", here=(QUIMPER,))),
    }


def _change(session: Session, initiative_id: int) -> Review:
    revision = session.scalars(select(Revision).where(Revision.initiative_id == initiative_id)).one()
    author = session.get_one(Account, revision.author_id)
    draft = contributions.propose_change(session, revision.initiative, actor=author)
    answers = {"summary": "Deux villes s’écrivent et se rendent visite chaque année.", "since_year": "2011"}
    contributions.save(session, draft, answers, holder=Holder(author), counter=draft.counter)
    review = contributions.send(session, draft, holder=Holder(author))
    assert review is not None
    return review


def enter(page: Page, network: str = BRETAGNE) -> None:
    """Sign in as the curator of a network, by the form, on the way to the desk."""
    page.goto("/relecture")
    page.get_by_label("Votre adresse électronique").fill(f"{network}@exemple.org")
    page.get_by_label("Votre mot de passe", exact=True).fill(PASSWORD)
    with page.expect_navigation():  # the address of the sign-in page ends like the page it leads to
        page.get_by_role("button", name="Me connecter").click()


@pytest.mark.timeout(300)  # axe reads each page whole
@pytest.mark.parametrize("size", [LARGE, PHONE], ids=["large", "phone"])
def test_no_known_obstacle_on_a_review_in_any_state(
    open_page: OpenPage, violations: Callable[[Page], list[str]], live_server: LiveServer, size: tuple[int, int]
) -> None:
    page = open_page("/", size)
    enter(page)
    for name in ("watched", "compared", "hostile"):
        unfold(page, f"/relecture/{live_server.slugs[name]}")
        assert violations(page) == [], name
    page.goto(f"/relecture/{live_server.slugs['kept']}")
    page.get_by_text("Demander des changements").click()
    page.get_by_role("button", name="Envoyer la demande").click()
    expect(page.get_by_role("alert")).to_be_focused()
    assert violations(page) == []


@pytest.mark.timeout(300)  # the same
@pytest.mark.parametrize("size", [LARGE, PHONE], ids=["large", "phone"])
def test_no_known_obstacle_on_a_queue_full_or_empty(
    open_page: OpenPage, violations: Callable[[Page], list[str]], size: tuple[int, int]
) -> None:
    page, empty = open_page("/", size), open_page("/", size)
    enter(page)
    assert violations(page) == []
    enter(empty, NATIONAL)
    expect(empty.get_by_role("heading", level=1)).to_have_text("Aucune fiche n’attend votre relecture")
    for tab in ("a-relire", "pour-information", "relues"):
        empty.goto(f"/relecture?file={tab}")
        assert violations(empty) == [], tab


def test_nothing_scrolls_sideways_on_a_narrow_screen(open_page: OpenPage, live_server: LiveServer) -> None:
    page = open_page("/", NARROW)
    enter(page)
    for path in ("/relecture", *(f"/relecture/{number}" for number in live_server.slugs.values())):
        unfold(page, path)
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0], path


def test_a_curator_asks_for_changes_on_a_phone_by_keyboard_alone(open_page: OpenPage, live_server: LiveServer) -> None:
    page = open_page("/", PHONE)
    enter(page)
    reach(page, "Une autre paire")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/relecture/{live_server.slugs['asked']}")
    reach(page, "Demander des changements")
    page.keyboard.press("Enter")
    reach(page, "Depuis quand ce lien existe-t-il, même à peu près ?")
    page.keyboard.press("Space")
    reach(page, "Envoyer la demande")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Votre demande est partie.")
    page.goto(f"/relecture/{live_server.slugs['asked']}")
    expect(page.get_by_role("main")).to_contain_text("– Depuis quand ce lien existe-t-il, même à peu près ?")


def test_a_curator_publishes_and_declines_without_script(open_page: OpenPage, live_server: LiveServer) -> None:
    page = open_page("/", PHONE, java_script_enabled=False)
    enter(page)
    page.get_by_role("link", name="Les lunettes de Pleumeur").click()
    expect(page.get_by_role("main")).to_contain_text("Montré comme «")
    page.get_by_text("Voir la fiche comme elle sera").click()
    expect(page.get_by_label("La fiche comme elle sera")).to_be_visible()
    page.get_by_role("button", name="Publier cette fiche").click()
    expect(page.get_by_role("status")).to_contain_text("La fiche est en ligne.")
    page.goto(f"/relecture/{live_server.slugs['declined']}")
    page.get_by_text("Ne pas retenir").click()
    page.get_by_role("button", name="Ne pas publier, et le dire").click()
    expect(page.get_by_role("alert")).to_contain_text("Dites pourquoi, en une phrase")
    page.get_by_label("Un mot à la structure").fill("Nous n’y avons pas trouvé de lien.")
    page.get_by_text("Ne pas retenir").click()
    page.get_by_role("button", name="Ne pas publier, et le dire").click()
    expect(page.get_by_role("status")).to_contain_text("La structure reçoit votre réponse")


def test_two_curators_on_the_same_review_and_the_second_keeps_their_words(
    open_page: OpenPage, live_server: LiveServer
) -> None:
    first, second = open_page("/", LARGE), open_page("/", PHONE)
    for one in (first, second):
        enter(one)
        one.goto(f"/relecture/{live_server.slugs['change']}")
    first.get_by_role("button", name="Publier ces changements").click()
    expect(first.get_by_role("status")).to_be_visible()
    second.get_by_label("Un mot à la structure").fill("Un long message.")
    second.get_by_role("button", name="Publier ces changements").click()
    expect(second.get_by_role("alert")).to_contain_text("Réseau Bretagne Solidaire a publié cette version le")
    expect(second.get_by_label("Votre message")).to_have_value("Un long message.")


def test_hostile_words_stay_words(open_page: OpenPage, live_server: LiveServer) -> None:
    page = open_page("/")
    enter(page)
    for path in ("/relecture", f"/relecture/{live_server.slugs['hostile']}"):
        unfold(page, path)
        page.locator(".places, .queue").first.scroll_into_view_if_needed()
        page.wait_for_timeout(300)
        assert page.evaluate("window.pwned") is None


def unfold(page: Page, path: str) -> None:
    """Go to a page and open everything in it."""
    page.goto(path)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")


def reach(page: Page, name: str) -> None:
    """Press Tab until what has the focus carries a name."""
    told = "document.activeElement.labels?.[0]?.innerText ?? document.activeElement.innerText ?? ''"
    for _ in range(80):
        page.keyboard.press("Tab")
        if name in page.evaluate(told).replace("\u00a0", " "):
            return
    pytest.fail(f"the keyboard does not reach « {name} »")
