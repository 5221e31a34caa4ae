"""« Mon espace » and « Écrire à la structure » in a real browser: telephone, keyboard alone, no script, axe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Settings
from directory import create_app
from directory.accounts import operations as accounts
from directory.accounts.models import Account
from directory.contributions import memberships, operations
from directory.initiatives.vocabulary import Origin
from directory.networks import operations as networks
from directory.organisations.models import Organisation
from directory.reference import operations as reference
from directory.reviews.operations import decide
from directory.reviews.vocabulary import Decision
from tests.browser.conftest import LARGE, NARROW, PHONE, LiveServer, OpenPage, served
from tests.conftest import ROOT, migration_config
from tests.factories import ANTSIRABE, QUIMPER, make_account, make_content, make_review

PASSWORD = "trois chorales et un four"
PEOPLE = ("author", "newcomer", "curator", "phone", "silent")


@pytest.fixture(scope="module")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A site of its own, which these tests change: people who can sign in, and initiatives in every state."""
    folder = tmp_path_factory.mktemp("space")
    url = f"sqlite:///{folder / 'space.sqlite'}"
    command.upgrade(migration_config(url), "head")
    app = create_app(Settings(environment="test", instance=folder, database_url=url))  # type: ignore[arg-type]
    slugs = _fill(app)
    app.extensions["engine"].dispose()
    with served("tests.browser.serve", url, str(folder), folder=folder) as address:
        yield LiveServer(address, slugs)


def _fill(app: Flask) -> dict[str, str]:
    """Everybody and everything; `slugs` also holds the addresses of people and the numbers of initiatives."""
    with app.app_context(), app.extensions["sessions"]() as session:
        reference.load(session, Path(ROOT / "data"))
        networks.load(session, Path(ROOT / "data"))
        people = {name: make_account(session, curates=_curates(name)) for name in PEOPLE}
        for account in people.values():
            accounts.give_first_password(session, account, PASSWORD)
        told = {name: account.email for name, account in people.items()}
        for name in ("author", "phone", "silent"):
            told |= _write(session, people[name], people["curator"], name)
        source = make_review(session, make_content(title="D’après une page", origin=Origin.PUBLIC_SOURCE))
        decide(session, source, actor=people["curator"], decision=Decision.PUBLISH)
        told["source"] = source.revision.initiative.slug or ""
        session.commit()
    return told


def _curates(name: str) -> str | None:
    return "reseau-bretagne-solidaire" if name == "curator" else None


def _write(session: Session, author: Account, curator: Account, name: str) -> dict[str, str]:
    """A draft, a sheet that waits, one to mend, one published, and a request to join its structure."""
    operations.start(session, {"summary": "Nous jouons de la fanfare ensemble, chaque été."}, account=author)
    waiting = make_review(session, make_content(title="Chorales du large"), author=author)
    asked = make_review(session, make_content(title="Un jardin, deux écoles", here=(QUIMPER,)), author=author)
    decide(
        session,
        asked,
        actor=curator,
        decision=Decision.REQUEST_CHANGES,
        message="Depuis quand ?\nEt avec qui, là-bas ?",
    )
    published = make_review(session, make_content(title=f"Lunettes {name}", there=(ANTSIRABE,)), author=author)
    decide(session, published, actor=curator, decision=Decision.PUBLISH, message="Bienvenue !")
    organisation = session.scalars(select(Organisation).where(Organisation.side == "here")).first()
    assert organisation is not None
    memberships.ask(session, organisation, actor=author)
    return {
        f"{name}-waiting": str(waiting.revision.initiative_id),
        f"{name}-asked": str(asked.revision.initiative_id),
        f"{name}-published": str(published.revision.initiative_id),
        f"{name}-sheet": published.revision.initiative.slug or "",
        "organisation": organisation.slug,
    }


@pytest.fixture
def sign_in(open_page: OpenPage, live_server: LiveServer) -> Callable[..., Page]:
    """Opens a page as somebody who signs in by hand."""

    def signed(name: str, address: str = "/mon-espace", size: tuple[int, int] = PHONE, **options: Any) -> Page:
        page = open_page(f"/compte/connexion?suite={address}", size=size, **options)
        page.get_by_label("adresse", exact=False).first.fill(live_server.slugs[name])
        page.get_by_label("Mot de passe", exact=False).first.fill(PASSWORD)
        with page.expect_navigation():  # the address of the sign-in page ends like the page it leads to
            page.keyboard.press("Enter")
        assert page.url == live_server.url + address
        return page

    return signed


def press(page: Page, words: str) -> None:
    """Reach a link or a button by the Tab key alone, and press Enter on it."""
    for _ in range(60):
        page.keyboard.press("Tab")
        found = page.evaluate("(document.activeElement.innerText || '').trim()")
        if found.startswith(words):
            break
    else:
        raise AssertionError(f"« {words} » is not reached by the keyboard")
    with page.expect_navigation():
        page.keyboard.press("Enter")


def overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def test_no_page_breaks_a_rule_of_accessibility_or_the_width_of_a_telephone(
    sign_in: Callable[..., Page], live_server: LiveServer, violations: Callable[[Page], list[str]]
) -> None:
    known = live_server.slugs
    of_author = [f"/mon-espace/initiatives/{known[f'author-{state}']}" for state in ("waiting", "asked", "published")]
    addresses = {
        "author": ["/mon-espace", "/mon-espace?fait=supprime", *of_author, f"{of_author[2]}/retirer"],
        "newcomer": ["/mon-espace", f"/mon-espace/rattachement/{known['organisation']}"],
        "curator": ["/mon-espace", f"/mon-espace/rattachement/{known['organisation']}"],
    }
    for name, asked in addresses.items():
        page = sign_in(name)
        for address in asked:
            for size in (PHONE, LARGE, NARROW):
                page.set_viewport_size({"width": size[0], "height": size[1]})
                page.goto(address)
                assert overflow(page) <= 0, (address, size)
            assert violations(page) == [], address


def test_the_questions_before_an_end_are_accessible(
    sign_in: Callable[..., Page], violations: Callable[[Page], list[str]]
) -> None:
    page = sign_in("silent")
    page.get_by_role("link", name="Supprimer").click()
    assert violations(page) == []
    assert overflow(page) <= 0
    page.get_by_role("link", name="Le garder").click()
    curator = sign_in("curator")
    curator.get_by_role("link", name="Refuser").first.click()
    assert violations(curator) == []
    assert overflow(curator) <= 0


def test_writing_to_a_structure_is_accessible_in_every_state(
    open_page: OpenPage, live_server: LiveServer, violations: Callable[[Page], list[str]]
) -> None:
    for slug in (live_server.slugs["silent-sheet"], live_server.slugs["source"]):
        page = open_page(f"/initiatives/{slug}", size=PHONE)
        page.get_by_role("link", name="Écrire à la structure").click()
        assert violations(page) == []
        assert overflow(page) <= 0
        page.get_by_role("button", name="Envoyer le message").click()
        expect(page.get_by_role("alert")).to_be_focused()
        assert violations(page) == []
        page.get_by_label("Votre nom").fill("Awa Diallo")
        page.get_by_label("Votre adresse électronique").fill("awa@example.org")
        page.get_by_label("Votre message").fill("Bonjour,\nnous cherchons un collège jumeau.")
        page.get_by_role("button", name="Envoyer le message").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Votre message est en route")
        assert violations(page) == []


def test_a_whole_visit_is_done_with_the_keyboard_alone(sign_in: Callable[..., Page]) -> None:
    page = sign_in("phone")
    expect(page.get_by_role("heading", level=1)).to_have_text("Une fiche attend votre réponse")
    press(page, "Corriger et renvoyer")
    page.wait_for_url("**/relire")
    page.goto("/mon-espace")
    press(page, "Chorales du large")
    press(page, "Reprendre l’envoi")
    expect(page.get_by_role("status")).to_contain_text("L’envoi est repris")
    page.goto("/mon-espace")
    press(page, "Lunettes phone")
    press(page, "Retirer de la publication")
    press(page, "Retirer la fiche")
    expect(page.get_by_role("status")).to_contain_text("La fiche est retirée")


def test_everything_is_done_without_a_script(sign_in: Callable[..., Page], live_server: LiveServer) -> None:
    page = sign_in("author", java_script_enabled=False)
    page.get_by_role("link", name="Supprimer").click()
    page.get_by_role("button", name="Supprimer le brouillon").click()
    expect(page.get_by_role("status")).to_contain_text("Le brouillon est supprimé.")
    page.get_by_role("link", name="Lunettes author").click()
    page.get_by_role("button", name="Proposer un changement").click()
    page.wait_for_url("**/relire")
    curator = sign_in(
        "curator", f"/mon-espace/rattachement/{live_server.slugs['organisation']}", java_script_enabled=False
    )
    curator.get_by_role("button", name=f"Accorder : {live_server.slugs['author']}").click()
    expect(curator.get_by_role("status")).to_contain_text("Le rattachement est accordé")
