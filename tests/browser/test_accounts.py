"""The pages of an account in a real browser: telephone, keyboard alone, no script, axe in every state."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from alembic import command
from flask import Flask
from passlib.totp import TOTP
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from config import Environment, Settings
from directory import create_app
from directory.accounts import credentials, operations
from directory.accounts.models import Account
from directory.accounts.queries import get_account
from tests.browser.conftest import LARGE, NARROW, PHONE, LiveServer, OpenPage, served
from tests.conftest import migration_config

PASSWORD = "trois chorales et un four"
SECRET = "Zk3-q9Xv7Lm2Tn8Rb5Wc1Yd6Hf4Jg0Ps"
NEW = "une barque sans rame ni voile"
PUBLIC = ("connexion", "connexion?suite=/relecture", "inscription", "mot-de-passe-oublie", "courriel", "adresse/faux")
PRIVATE = ("", "/sessions", "/mot-de-passe", "/adresse", "/code")
FORMS = ("connexion", "inscription", "mot-de-passe-oublie")


@dataclass
class AccountSite(LiveServer):
    """A site whose secret is known, so that a test makes the links that mails would carry."""

    app: Flask | None = None

    def link(self, make: Callable[[Session, Account], str], email: str) -> str:
        """What `make` gives for the account of an address."""
        assert self.app is not None
        with self.app.app_context(), self.app.extensions["sessions"]() as session:
            made = make(session, get_account(session, email))
            session.commit()
            return made


@pytest.fixture(scope="module")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AccountSite]:
    """People who can sign in, and one who never confirmed."""
    folder = tmp_path_factory.mktemp("accounts")
    url = f"sqlite:///{folder / 'accounts.sqlite'}"
    command.upgrade(migration_config(url), "head")
    app = create_app(Settings(environment=Environment.TEST, instance=folder, database_url=url, secret_key=SECRET))
    with app.app_context(), app.extensions["sessions"]() as session:
        for name in ("anne", "bob", "coralie", "dominique"):
            operations.give_first_password(session, operations.create(session, f"{name}@exemple.org"), PASSWORD)
        operations.create(session, "sans-mot@exemple.org")
        operations.register(session, "attend@exemple.org")
        session.commit()
    with served("tests.browser.serve", url, str(folder), SECRET, folder=folder) as address:
        yield AccountSite(address, {}, app)
    app.extensions["engine"].dispose()


def enter(page: Page, name: str, password: str = PASSWORD) -> None:
    """Sign in as somebody, by the form."""
    page.goto("/compte/connexion?suite=/compte")
    page.get_by_label("Votre adresse électronique").fill(f"{name}@exemple.org")
    page.get_by_label("Votre mot de passe", exact=True).fill(password)
    with page.expect_navigation():
        page.get_by_role("button", name="Me connecter").click()


@pytest.mark.parametrize("size", [LARGE, PHONE], ids=["large", "phone"])
def test_pages_for_everybody_have_no_known_obstacle_empty_or_refused(
    open_page: OpenPage, violations: Callable[[Page], list[str]], size: tuple[int, int]
) -> None:
    page = open_page("/compte/connexion", size)
    for path in PUBLIC:
        page.goto(f"/compte/{path}")
        assert violations(page) == [], path
    for path in FORMS:
        page.goto(f"/compte/{path}")
        page.locator("main form button[type=submit]").click()
        expect(page.get_by_role("alert")).to_be_focused()
        assert violations(page) == [], path


@pytest.mark.parametrize("size", [LARGE, PHONE], ids=["large", "phone"])
def test_pages_of_an_account_have_no_known_obstacle_empty_or_refused(
    open_page: OpenPage, violations: Callable[[Page], list[str]], size: tuple[int, int]
) -> None:
    page = open_page("/compte/connexion", size)
    enter(page, "anne")
    for path in PRIVATE:
        page.goto(f"/compte{path}")
        assert violations(page) == [], path
    for path in PRIVATE[2:]:
        page.goto(f"/compte{path}")
        page.locator("main form button[type=submit]").last.click()
        expect(page.get_by_role("alert")).to_be_focused()
        assert violations(page) == [], path


def test_pages_of_mailed_links_have_no_known_obstacle(
    open_page: OpenPage, violations: Callable[[Page], list[str]], live_server: AccountSite
) -> None:
    page = open_page("/compte/connexion", PHONE)
    paths = (
        "mot-de-passe/" + live_server.link(lambda _, account: credentials.reset_token(account), "anne@exemple.org"),
        "confirmer/"
        + live_server.link(lambda _, account: credentials.confirmation_token(account), "attend@exemple.org"),
        "adresse/" + live_server.link(_ask_address, "anne@exemple.org"),
    )
    for path in paths:
        page.goto(f"/compte/{path}")
        expect(page.get_by_role("alert")).to_have_count(0)
        assert violations(page) == [], path


def _ask_address(session: Session, account: Account) -> str:
    operations.ask_address(session, "anne.neuve@exemple.org", account=account)
    return credentials.change_token(account, "anne.neuve@exemple.org")


def test_nothing_scrolls_sideways_on_a_narrow_screen(open_page: OpenPage) -> None:
    page = open_page("/compte/connexion", NARROW)
    enter(page, "anne")
    for path in [f"/compte{path}" for path in PRIVATE] + [f"/compte/{path}" for path in PUBLIC[1:]]:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0], path


def test_one_signs_in_and_out_with_the_keyboard_alone(open_page: OpenPage) -> None:
    page = open_page("/compte/connexion", PHONE)
    page.get_by_label("Votre adresse électronique").focus()
    page.keyboard.type("bob@exemple.org")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/mon-espace$"))
    page.goto("/compte")
    page.get_by_role("button", name="Me déconnecter").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/$"))
    page.goto("/compte")
    expect(page.get_by_role("heading", level=1)).to_have_text("Se connecter")


def test_a_password_is_pasted_shown_and_hidden(open_page: OpenPage) -> None:
    page = open_page("/compte/connexion", permissions=["clipboard-read", "clipboard-write"])
    field = page.locator("#password")
    page.evaluate("text => navigator.clipboard.writeText(text)", PASSWORD)
    field.focus()
    page.keyboard.press("Control+V")
    expect(field).to_have_value(PASSWORD)
    page.get_by_role("button", name="Afficher le mot de passe").click()
    expect(field).to_have_attribute("type", "text")
    page.get_by_role("button", name="Cacher le mot de passe").click()
    expect(field).to_have_attribute("type", "password")


def test_without_scripts_a_mailed_link_leads_to_a_new_password(open_page: OpenPage, live_server: AccountSite) -> None:
    token = live_server.link(lambda _, account: credentials.reset_token(account), "coralie@exemple.org")
    page = open_page(f"/compte/mot-de-passe/{token}", PHONE, java_script_enabled=False)
    page.get_by_label("Votre nouveau mot de passe").fill("court")
    page.get_by_role("button", name="Garder ce mot de passe").click()
    expect(page.get_by_role("alert")).to_contain_text("il en faut au moins 14")
    page.get_by_label("Votre nouveau mot de passe").fill(NEW)
    page.get_by_role("button", name="Garder ce mot de passe").click()
    expect(page.get_by_role("status")).to_contain_text("Votre mot de passe est changé")


def test_my_other_session_is_seen_and_closed(open_page: OpenPage) -> None:
    here, elsewhere = open_page("/compte/connexion"), open_page("/compte/connexion", PHONE)
    enter(elsewhere, "bob")
    enter(here, "bob")
    here.goto("/compte/sessions")
    expect(here.get_by_text("celle-ci")).to_have_count(1)
    here.get_by_role("button", name="Fermer la session").first.click()
    expect(here.get_by_role("status")).to_contain_text("La session est fermée")
    elsewhere.goto("/compte")
    expect(elsewhere.get_by_role("heading", level=1)).to_have_text("Se connecter")


def test_a_code_is_set_up_then_asked_for(open_page: OpenPage, violations: Callable[[Page], list[str]]) -> None:
    page = open_page("/compte/connexion", PHONE)
    enter(page, "dominique")
    page.goto("/compte/code")
    key = page.locator(".account__key").inner_text()
    page.get_by_label("Votre code").fill(str(TOTP(key=key.replace("-", ""), format="base32").generate().token))
    page.get_by_label("Votre mot de passe actuel").fill(PASSWORD)
    page.get_by_role("button", name="Demander un code désormais").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Gardez ces codes de secours")
    assert violations(page) == []
    paper = page.locator(".account__codes code").all_inner_texts()
    page.goto("/compte/code")
    assert violations(page) == []
    other = open_page("/compte/connexion", PHONE)
    enter(other, "dominique")
    expect(other.get_by_role("heading", level=1)).to_have_text("Encore un code")
    assert violations(other) == []
    other.get_by_label("Votre code").fill("000000")
    other.get_by_role("button", name="Continuer").click()
    expect(other.get_by_role("alert")).to_be_focused()
    other.get_by_label("Votre code").fill(paper[0])
    other.get_by_role("button", name="Continuer").click()
    expect(other).to_have_url(re.compile(r"/compte$"))
